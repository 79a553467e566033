"""Throw-away environments below `.venvs/`, one for each of the programs that are compared.

They are apart because the official client and ours own the same import name, and because what is
installed beside a package can change how fast it is: ours uses orjson where it finds it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENTS = REPOSITORY / ".venvs"
BUNDLE = REPOSITORY / "openapi" / "dqops.bundle.yaml"
PEERS = Path(__file__).resolve().parent / "peers"

_HERE = Path(__file__).resolve().parent
_REQUIREMENTS = _HERE / "requirements.txt"
_OFFICIAL_REQUIREMENTS = _HERE / "requirements-official.txt"
# Where the default output of openapi-python-client lands; it is the same for every Python.
_DEFAULT_CLIENT = ENVIRONMENTS / "bench-default-client" / "default_client"
_WHEELS = ENVIRONMENTS / "bench-wheel"

_CLIENT_DEPENDENCIES = ("attrs", "httpx", "python-dateutil")
_PACKAGES: dict[str, tuple[str, ...]] = {
    "ours": _CLIENT_DEPENDENCIES,
    "ours-with-extras": (*_CLIENT_DEPENDENCIES, "aiohttp", "orjson"),
    # Whose calls are compared with those of the libraries that carry them.
    "ours-with-transports": (*_CLIENT_DEPENDENCIES, "aiohttp", "httpx2"),
    "official": _CLIENT_DEPENDENCIES,
    # orjson is used only where a benchmark asks for it: the generated code itself does not.
    "default-client": (*_CLIENT_DEPENDENCIES, "orjson"),
    "raw": ("aiohttp", "httpx", "msgspec"),
    "plot": ("matplotlib",),
}


@dataclass(frozen=True)
class Environments:
    """The prepared environments of one version of Python.

    Attributes:
        version: Major and minor version, such as `3.12`.
        full_version: The version, such as `3.12.1`.
        folder: Where the environments are.
    """

    version: str
    full_version: str
    folder: Path

    def python(self, name: str) -> str:
        """Give the path of an environment's interpreter.

        Args:
            name: The environment's name.

        Returns:
            The path.
        """
        return str(self.folder / name / "bin" / "python")


def prepare(python: str) -> Environments:
    """Create what is missing or out of date; where nothing is, this takes no time.

    Args:
        python: The interpreter to measure with.

    Returns:
        The environments.
    """
    question = "import sys; print(sys._base_executable, *sys.version_info[:3], sep=chr(10))"
    base, *version = _output(python, "-I", "-c", question).splitlines()
    short = ".".join(version[:2])
    environments = Environments(short, ".".join(version), ENVIRONMENTS / f"bench-{short}")
    for name, packages in _PACKAGES.items():
        _prepare_environment(environments, base, name, packages)
    _prepare_default_client(environments)
    _prepare_ours(environments)
    return environments


def _prepare_environment(
    environments: Environments, python: str, name: str, packages: tuple[str, ...]
) -> None:
    folder = environments.folder / name
    digest = _digest([_REQUIREMENTS, _OFFICIAL_REQUIREMENTS], python, *packages)
    if _is_fresh(folder, digest):
        return
    print(f"preparing the environment {folder.relative_to(REPOSITORY)}", file=sys.stderr)
    # Not made by uv, which would add a hook that runs whenever the interpreter starts.
    _run(python, "-m", "venv", "--clear", "--without-pip", str(folder))
    _install(environments.python(name), "--constraint", str(_REQUIREMENTS), *packages)
    if name == "official":
        requirements = ("--no-deps", "--require-hashes", "--requirement")
        _install(environments.python(name), *requirements, str(_OFFICIAL_REQUIREMENTS))
    _mark_fresh(folder, digest)


def _prepare_default_client(environments: Environments) -> None:
    """Generate a client from our specification with openapi-python-client's own templates."""
    digest = _digest([BUNDLE, REPOSITORY / "requirements" / "development.txt"])
    if not _is_fresh(_DEFAULT_CLIENT.parent, digest):
        print("generating openapi-python-client's default client", file=sys.stderr)
        shutil.rmtree(_DEFAULT_CLIENT.parent, ignore_errors=True)
        _DEFAULT_CLIENT.parent.mkdir(parents=True)
        generate_default_client(_DEFAULT_CLIENT)
        _mark_fresh(_DEFAULT_CLIENT.parent, digest)
    _install_folder(environments, "default-client", _DEFAULT_CLIENT, digest)


def generate_default_client(package: Path) -> None:
    """Run openapi-python-client as it comes on our bundled specification.

    Args:
        package: The folder to write; it must not exist.
    """
    tools = Path(sys.executable).parent
    subprocess.run(  # noqa: S603  # a fixed command
        [
            str(tools / "openapi-python-client"),
            *("generate", "--path", str(BUNDLE), "--meta", "none", "--output-path", str(package)),
        ],
        check=True,
        capture_output=True,
        # It runs ruff by its name.
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
    )


def _install_folder(environments: Environments, name: str, package: Path, digest: str) -> None:
    library = Path(_output(environments.python(name), "-I", "-c", _SITE_PACKAGES))
    stamp = library / f"{package.name}.digest"
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(library / package.name, ignore_errors=True)
    shutil.copytree(package, library / package.name)
    _run(environments.python(name), "-m", "compileall", "-q", str(library / package.name))
    stamp.write_text(digest)


_SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"


def _prepare_ours(environments: Environments) -> None:
    """Install the built wheel, which is what users get, wherever the sources have changed."""
    # Without the hidden folders that a regeneration has while it runs.
    package = REPOSITORY / "dqops_client" / "dqops"
    sources = [*package.glob("*.py"), *package.glob("[!.]*/**/*.py")]
    digest = _digest([*sorted(sources), REPOSITORY / "pyproject.toml", BUNDLE])
    if not _is_fresh(_WHEELS, digest):
        shutil.rmtree(_WHEELS, ignore_errors=True)
        _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(_WHEELS))
        _mark_fresh(_WHEELS, digest)
    (wheel,) = _WHEELS.glob("*.whl")
    for name in ("ours", "ours-with-extras", "ours-with-transports"):
        stamp = environments.folder / name / ".wheel"
        if stamp.exists() and stamp.read_text() == digest:
            continue
        _install(environments.python(name), "--no-deps", "--reinstall", str(wheel))
        stamp.write_text(digest)


def _install(python: str, *arguments: str) -> None:
    _run(
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode"),
        *("--python", python, *arguments),
    )


def _digest(files: Iterable[Path], *texts: str) -> str:
    found = hashlib.sha256()
    for part in _parts(files, texts):
        found.update(hashlib.sha256(part).digest())
    return found.hexdigest()


def _parts(files: Iterable[Path], texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode()
    for file in files:
        yield str(file.relative_to(REPOSITORY)).encode()
        yield file.read_bytes()


def _is_fresh(folder: Path, digest: str) -> bool:
    stamp = folder / ".digest"
    return stamp.exists() and stamp.read_text() == digest


def _mark_fresh(folder: Path, digest: str) -> None:
    (folder / ".digest").write_text(digest)


def _output(*command: str) -> str:
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return answer.stdout.strip()


def _run(*command: str) -> None:
    # What the tools print is of interest only where they fail.
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY)  # noqa: S603
    except subprocess.CalledProcessError as error:
        print(error.stdout, error.stderr, sep="\n", file=sys.stderr)
        raise
