"""The example `pipeline_gate`: a project of its own, which has only what it asks for."""

from __future__ import annotations

import shutil
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "pipeline_gate"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the example, so that nothing of the repository is beside it."""
    folder = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    return Path(shutil.copytree(EXAMPLE, folder / "pipeline_gate", ignore=ignored))


@pytest.fixture(scope="module")
def python(run: Run, wheel: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example and our wheel into an empty environment, with what they ask for.

    What they ask for is there already, in the environment of the tests; no network is needed.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    inside = folder / "bin" / "python"
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir")
    run(*build, folder, project, folder=folder)
    (example,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", inside, "--quiet", "install")
    # Python compiles what the example imports, which is little of what there is.
    run(*pip, "--no-compile", "--no-deps", "--no-index", wheel, example, folder=folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    for needed in dependencies("pipeline-gate[testing]", packages):
        for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
            if not (packages / name).exists():
                (packages / name).symlink_to(Path(str(needed.locate_file(name))))
    return inside


def dependencies(wanted: str, packages: Path) -> list[Distribution]:
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


def test_example_passes_its_tests_with_what_it_asks_for(
    run: Run, python: Path, project: Path
) -> None:
    """The wheel, its extra `testing`, and nothing else: fixtures and marker are there."""
    printed = run(python, "-m", "pytest", "-p", "no:cacheprovider", folder=project)
    assert "14 passed" in printed


def test_example_is_a_command(run: Run, python: Path, project: Path) -> None:
    """Installing it gives the command that its pyproject.toml names."""
    printed = run(python.with_name("pipeline-gate"), "--help", folder=project)
    assert "Stop a pipeline when the data is not good." in printed
