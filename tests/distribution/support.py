"""What the tests of built wheels share."""

from __future__ import annotations

import shutil
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Protocol

from packaging.requirements import Requirement


class Run(Protocol):
    """Runs a command and gives what it prints, or fails with it."""

    def __call__(self, *command: str | Path, folder: Path, search_path: str = "") -> str:
        """Run a command in a folder, with a PYTHONPATH."""
        ...


def copied_project(example: Path, folder: Path) -> Path:
    """Copy an example, so that nothing of the repository is beside it.

    Args:
        example: The folder of the example.
        folder: Where to put it.

    Returns:
        The folder of the copy.
    """
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    return Path(shutil.copytree(example, folder / example.name, ignore=ignored))


def environment_of(run: Run, project: Path, folder: Path, *wheels: Path, wanted: str) -> Path:
    """Install a project into an empty environment, with what it asks for.

    What it asks for is in the environment of the tests already; no network is needed.

    Args:
        run: Runs commands.
        project: The folder of the project.
        folder: An empty folder for the environment.
        wheels: What is installed, too.
        wanted: The project as a requirement, with its extras.

    Returns:
        The interpreter of the environment.
    """
    venv.create(folder, symlinks=True)
    inside = folder / "bin" / "python"
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir")
    run(*build, folder, project, folder=folder)
    (built,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", inside, "--quiet", "install")
    # Python compiles what the project imports, which is little of what there is.
    run(*pip, "--no-compile", "--no-deps", "--no-index", *wheels, built, folder=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    for needed in _dependencies(wanted, packages):
        for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
            if not (packages / name).exists():
                (packages / name).symlink_to(Path(str(needed.locate_file(name))))
    return inside


def _dependencies(wanted: str, packages: Path) -> list[Distribution]:
    """Follow what a distribution asks for, from those in a folder to those of this environment."""
    found: dict[str, Distribution] = {}
    pending, seen = [Requirement(wanted)], set()
    while pending:
        requirement = pending.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = requirement.name
        installed = next(iter(Distribution.discover(name=name, path=[str(packages)])), None)
        found[name] = installed or distribution(name)
        for line in found[name].requires or ():
            each = Requirement(line)
            extras = requirement.extras or {""}
            if each.marker is None or any(each.marker.evaluate({"extra": it}) for it in extras):
                pending.append(each)
    return list(found.values())
