"""Test the built wheel, not the source tree, under every supported Python that is installed.

    python -m maintenance.test_pythons [3.11 3.13 ...]

For each version an environment is made below `.venvs/`, with the wheel, its extra `testing` and the
locked test tools; then the tests that generate nothing run in it. A version that is not installed
is skipped with a message.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
TESTS = (
    "tests/cli",
    "tests/client",
    "tests/frames",
    "tests/health",
    "tests/integrations",
    "tests/reports",
    "tests/simulator",
)


def find_python(version: str) -> Path | None:
    """Find an interpreter.

    Args:
        version: Major and minor version, such as `3.12`.

    Returns:
        Its path, or None where it is not installed.
    """
    candidates = [shutil.which(f"python{version}")]
    pyenv = os.environ.get("PYENV_ROOT")
    if pyenv:
        # The commands that pyenv puts on the path refuse to run versions that are not activated.
        candidates += map(str, sorted(Path(pyenv, "versions").glob(f"{version}.*/bin/python")))
    for candidate in candidates:
        if candidate is None:
            continue
        question = "import sys; print('%d.%d' % sys.version_info[:2])"
        completed = subprocess.run(  # noqa: S603  # a fixed command
            [candidate, "-c", question], capture_output=True, text=True, check=False
        )
        if completed.returncode == 0 and completed.stdout.strip() == version:
            return Path(candidate)
    return None


def build_wheel(folder: Path) -> Path:
    """Build the wheel.

    Args:
        folder: Where to put it; what is in it is removed first.

    Returns:
        The path of the wheel.
    """
    shutil.rmtree(folder, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_under(version: str, python: Path, wheel: Path) -> None:
    """Install the wheel into an environment of its own and run the tests there.

    Args:
        version: Major and minor version.
        python: The interpreter.
        wheel: The built wheel.
    """
    environment = REPOSITORY / ".venvs" / version
    requirements = REPOSITORY / "requirements" / "testing.txt"
    inside = str(environment / "bin" / "python")
    install = [inside, "-m", "pip", "install", "--quiet"]
    stamp = environment / ".installed"
    if not stamp.exists() or stamp.stat().st_mtime < requirements.stat().st_mtime:
        _run(str(python), "-m", "venv", "--clear", str(environment))
        _run(*install, "--require-hashes", "--requirement", str(requirements))
        stamp.touch()
    _run(*install, "--no-deps", "--force-reinstall", str(wheel))
    options = ["-q", "-p", "no:cacheprovider", "--numprocesses=3", "--dist=worksteal"]
    _run(inside, "-m", "pytest", *options, *TESTS)


def _run(*command: str) -> None:
    subprocess.run(command, cwd=REPOSITORY, check=True)  # noqa: S603  # our own commands


def main(versions: list[str]) -> int:
    """Test under several versions.

    Args:
        versions: Major and minor versions; all supported ones by default.

    Returns:
        0 where every version that is installed passed.
    """
    wheel = build_wheel(REPOSITORY / "build" / "wheel")
    failed = []
    for version in versions or VERSIONS:
        python = find_python(version)
        if python is None:
            print(f"Python {version}: skipped, it is not installed", flush=True)
            continue
        start = time.perf_counter()
        print(f"Python {version}: testing {wheel.name}", flush=True)
        try:
            test_under(version, python, wheel)
        except subprocess.CalledProcessError as error:
            print(f"Python {version}: {error}", flush=True)
            failed.append(version)
        else:
            seconds = time.perf_counter() - start
            print(f"Python {version}: passed in {seconds:.0f} s", flush=True)
    if failed:
        print(f"failed under Python {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
