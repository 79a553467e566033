"""The example `pipeline_gate`: a project of its own, which has only what it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .support import copied_project, environment_of

if TYPE_CHECKING:
    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "pipeline_gate"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the example, so that nothing of the repository is beside it."""
    return copied_project(EXAMPLE, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def python(run: Run, wheel: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example and our wheel into an empty environment, with what they ask for."""
    folder = tmp_path_factory.mktemp("environment")
    return environment_of(run, project, folder, wheel, wanted="pipeline-gate[testing]")


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
