"""Test the built wheel, not the source tree, under every supported Python that is installed.

    python -m maintenance.test_pythons [--lowest] [--wheel FILE] [3.11 3.13 ...]

For each version an environment is made below `.venvs/`, with the wheel, its extras and the locked
test tools; then the tests that generate nothing run in it. A version that is not installed is
skipped with a message. With `--lowest`, all that `pyproject.toml` names is the oldest version that
it allows, which `requirements/lowest.txt` lists.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    candidates = [shutil.which(f"python{version}"), sys.executable]
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


def test_under(version: str, python: Path, wheel: Path, requirements: Path) -> None:
    """Install the wheel into an environment of its own and run the tests there.

    Args:
        version: Major and minor version.
        python: The interpreter.
        wheel: The built wheel.
        requirements: What else is installed, with exact versions and hashes.
    """
    suffix = "" if requirements.stem == "testing" else f"-{requirements.stem}"
    environment = REPOSITORY / ".venvs" / f"{version}{suffix}"
    inside = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = [inside, "-m", "pip", "install", "--quiet"]
    stamp = environment / ".installed"
    if not stamp.exists() or stamp.stat().st_mtime < requirements.stat().st_mtime:
        _run(str(python), "-m", "venv", "--clear", str(environment))
        _run(*install, "--require-hashes", "--requirement", str(requirements))
        stamp.touch()
    _run(*install, "--no-deps", "--force-reinstall", str(wheel))
    # The wheel asks for nothing that these versions are not.
    _run(inside, "-m", "pip", "check")
    options = ["-q", "-p", "no:cacheprovider", "--numprocesses=3", "--dist=worksteal"]
    _run(inside, "-m", "pytest", *options, *TESTS)
    print(f"Python {version}: {', '.join(_versions(inside))}", flush=True)


def _versions(python: str) -> list[str]:
    """List the versions of what `pyproject.toml` names, as an environment has them."""
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    named = {re.split(r"[^\w-]", each)[0] for group in groups for each in group}
    listing = [python, "-m", "pip", "list", "--format=json"]
    found = subprocess.run(listing, capture_output=True, text=True, check=True)  # noqa: S603
    return [
        f"{each['name']} {each['version']}"
        for each in json.loads(found.stdout)
        if each["name"].lower() in named - {"dqops-client"}
    ]


def _run(*command: str) -> None:
    subprocess.run(command, cwd=REPOSITORY, check=True)  # noqa: S603  # our own commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Test under several versions.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where every version that is installed passed.
    """
    parser = argparse.ArgumentParser(prog="maintenance.test_pythons")
    parser.add_argument(
        "versions", nargs="*", default=VERSIONS, help="such as 3.12; all by default"
    )
    parser.add_argument("--lowest", action="store_true", help="the oldest versions of dependencies")
    parser.add_argument("--wheel", type=Path, help="the wheel; by default it is built")
    options = parser.parse_args(arguments)
    requirements = REPOSITORY / "requirements" / ("lowest.txt" if options.lowest else "testing.txt")
    wheel = options.wheel or build_wheel(REPOSITORY / "build" / "wheel")
    failed = []
    for version in options.versions:
        python = find_python(version)
        if python is None:
            print(f"Python {version}: skipped, it is not installed", flush=True)
            continue
        start = time.perf_counter()
        print(f"Python {version}: testing {wheel.name} with {requirements.name}", flush=True)
        try:
            test_under(version, python, wheel, requirements)
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
    sys.exit(main())
