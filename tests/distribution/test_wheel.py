"""The built wheel holds what users need, and nothing else."""

from __future__ import annotations

import sys
import sysconfig
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from support.types import cache_of_mypy

if TYPE_CHECKING:
    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
USER_CODE = REPOSITORY / "tests" / "typing" / "user_code.py"


@pytest.fixture(scope="module")
def site_packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel into an environment of its own, as an installation does."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    (folder,) = environment.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # What the package depends on is in the environment of the tests.
    (folder / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


@pytest.fixture(scope="module")
def python(site_packages: Path) -> Path:
    """Give the interpreter of that environment."""
    return site_packages.parents[2] / "bin" / "python"


def test_wheel_holds_the_package_its_types_and_the_specification(wheel: Path) -> None:
    """The wheel has code, py.typed and the bundle, and neither pipeline nor tests."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    wanted = {
        "dqops/__init__.py",
        "dqops/py.typed",
        "dqops/client/api/healthcheck/is_healthy.py",
        "dqops/client/models/table_spec.py",
        "dqops/testing/dqops.bundle.json",
    }
    assert wanted - set(names) == set()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dqops"}
    assert [name for name in names if "__pycache__" in name] == []


def test_metadata(wheel: Path) -> None:
    """The distribution has a licence, keywords, links, and an extra for everything."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        found = message_from_bytes(archive.read(name))
    assert "Apache-2.0" == found["License-Expression"]
    assert "data quality" in found["Keywords"]
    assert any(link.startswith("DQOps, https://") for link in found.get_all("Project-URL", []))
    extras = found.get_all("Provides-Extra", [])
    needed: dict[str, set[str]] = {extra: set() for extra in extras}
    for requirement in map(Requirement, found.get_all("Requires-Dist", [])):
        for extra in extras:
            if requirement.marker is not None and requirement.marker.evaluate({"extra": extra}):
                needed[extra].add(f"{requirement.name}{requirement.specifier}")
    orchestrators = {"airflow", "dagster", "prefect"}
    others = [needed[extra] for extra in needed if extra not in orchestrators]
    assert needed["all"] == set().union(*others)


def test_wheel_requires_three_distributions(wheel: Path) -> None:
    """What every user has to trust, directly, is httpx, attrs and python-dateutil."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    required = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    always = [each.name for each in required if each.marker is None]
    assert ["attrs", "httpx", "python-dateutil"] == sorted(always)
    others = [str(each.marker) for each in required if each.marker is not None]
    assert [marker for marker in others if "extra ==" not in marker] == []


def test_operation_can_be_imported_from_the_wheel(
    run: Run, site_packages: Path, tmp_path: Path
) -> None:
    """An operation comes from the wheel, not from the source tree."""
    program = (
        "import dqops, sys; from dqops.client.api.healthcheck import is_healthy; "
        "print(dqops.__file__)"
    )
    printed = run(sys.executable, "-c", program, folder=tmp_path, search_path=str(site_packages))
    assert Path(printed) == site_packages / "dqops" / "__init__.py"


def test_mypy_accepts_user_code_against_the_wheel(
    run: Run, python: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """`mypy --strict` is content with the sample of user code."""
    sample = tmp_path / "user_code.py"
    sample.write_text(USER_CODE.read_text())
    cache = cache_of_mypy(pytestconfig, "wheel")
    options = ("--strict", "--python-executable", python, "--cache-dir", cache)
    printed = run(sys.executable, "-m", "mypy", *options, sample, folder=tmp_path)
    assert printed == "Success: no issues found in 1 source file"


def test_pyright_accepts_user_code_against_the_wheel(
    run: Run, python: Path, tmp_path: Path
) -> None:
    """basedpyright, in pyright's own standard mode, is content with the sample of user code."""
    sample = tmp_path / "user_code.py"
    sample.write_text(USER_CODE.read_text())
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}')
    printed = run(
        sys.executable,
        "-m",
        "basedpyright",
        "--level",
        "error",
        "--pythonpath",
        python,
        sample,
        folder=tmp_path,
    )
    assert printed == "0 errors, 0 warnings, 0 notes"
