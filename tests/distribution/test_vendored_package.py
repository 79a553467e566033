"""The example `mosparo`: a generated package with a runtime of its own, without ours."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.targets import load_targets
from support.types import cache_of_mypy

from .support import copied_project, environment_of

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

    from .support import Run

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = load_targets()["mosparo"]
EXAMPLE = TARGET.package.parent

REPORT = {"service": "mosparo", "healthy": True, "databaseStatus": "connected", "error": None}

PROGRAM = """
import importlib.util, json, logging, os, sys

records = []
class Keep(logging.Handler):
    def emit(self, record):
        records.append(record)

logger = logging.getLogger("mosparo_client")
logger.addHandler(Keep())
logger.setLevel(logging.DEBUG)

from mosparo_client import AuthenticatedClient, errors
from mosparo_client.api.health import check_health

client = AuthenticatedClient.from_env()
with client:
    report = check_health.sync(client=client)
try:
    AuthenticatedClient.from_env(environ={})
except errors.InvalidRequest as error:
    refusal = str(error)
print(json.dumps({
    "report": report.to_dict(),
    "client": repr(client),
    "modules": [each.__module__ for each in (
        AuthenticatedClient, errors.NotFound, errors.ConnectionFailure, type(report)
    )],
    "logged": [[record.name, sorted(
        name for name in vars(record) if name.startswith("mosparo_")
    )] for record in records],
    "refusal": refusal,
    "others": [name for name in sys.modules if "dqops" in name],
    "is_importable": importlib.util.find_spec("dqops") is not None,
}))
"""

TYPED = """
from mosparo_client import AuthenticatedClient, Client, Retries, errors
from mosparo_client.api.health import check_health
from mosparo_client.models import HealthReport

with Client("http://localhost:8080", timeout=5, retries=Retries(max_attempts=2)) as client:
    report: HealthReport | None = check_health.sync(client=client)
    view: Client = client.with_options(deadline=3)
try:
    check_health.sync(client=AuthenticatedClient("http://localhost:8080", "key", prefix=""))
except errors.NotFound as error:
    status: int = error.status_code
check_health.sync(client=3)  # type: ignore[arg-type]
Client("http://localhost:8080", headers=3)  # type: ignore[arg-type]
"""


@pytest.fixture(scope="module")
def python(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example alone, with what it asks for."""
    project = copied_project(EXAMPLE, tmp_path_factory.mktemp("project"))
    folder = tmp_path_factory.mktemp("environment")
    return environment_of(run, project, folder, wanted="mosparo-client")


def test_call_without_our_distribution(
    run: Run, python: Path, httpserver: HTTPServer, tmp_path: Path
) -> None:
    """A call works, under names of the package's own, where `dqops` cannot be imported."""
    httpserver.expect_request("/api/v1/health/check").respond_with_json(REPORT)
    key = tmp_path / "key"
    key.write_text("secret-7Kq2\n")
    program = f"""
import os
os.environ["MOSPARO_URL"] = {httpserver.url_for("")!r}
os.environ["MOSPARO_API_KEY_FILE"] = {str(key)!r}
os.environ["MOSPARO_TIMEOUT"] = "7"
{PROGRAM}
"""
    printed: dict[str, Any] = json.loads(run(python, "-c", program, folder=tmp_path))
    assert REPORT == printed["report"]
    assert "timeout=Timeout(timeout=7.0)" in printed["client"]
    assert [
        "mosparo_client.client",
        "mosparo_client.errors",
        "mosparo_client.errors",
        "mosparo_client.models.health_report",
    ] == printed["modules"]
    (logged,) = printed["logged"]
    assert "mosparo_client" == logged[0]
    assert "mosparo_operation" in logged[1]
    assert "the environment variable MOSPARO_URL is not set" in printed["refusal"]
    assert ([], False) == (printed["others"], printed["is_importable"])
    ((request, _),) = httpserver.log
    assert request.headers["User-Agent"].startswith("mosparo-client/0.1.0 python/3.")
    assert "Bearer secret-7Kq2" == request.headers["Authorization"]


def test_environment_holds_what_the_package_asks_for(run: Run, python: Path) -> None:
    """Pip lists the package, httpx, attrs and python-dateutil with what they need, and not ours."""
    pip = (sys.executable, "-m", "pip", "--python", python, "list", "--format", "json")
    listed = {each["name"] for each in json.loads(run(*pip, folder=python.parent))}
    assert {"mosparo-client", "httpx", "attrs", "python-dateutil"} <= listed
    assert [] == [name for name in listed if "dqops" in name]
    assert len(listed) < 15


def test_types_of_the_installed_package(
    run: Run, python: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Mypy in strict mode accepts what users write, and refuses what is wrong."""
    sample = tmp_path / "sample.py"
    sample.write_text(TYPED)
    cache = cache_of_mypy(pytestconfig, "vendored")
    mypy = (sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache)
    printed = run(*mypy, "--python-executable", python, sample, folder=tmp_path)
    assert "Success: no issues found" in printed


def test_copy_does_not_name_our_package() -> None:
    """Nothing in the package says where its runtime comes from."""
    files = [path for path in EXAMPLE.rglob("*.py") if "__pycache__" not in path.parts]
    assert len(files) > 70
    assert [] == [path.name for path in files if "dqops" in path.read_text().lower()]


def test_requirements_are_those_of_the_runtime() -> None:
    """The example asks for the same distributions as our own package does."""
    ours, theirs = (
        tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        for folder in (REPOSITORY, EXAMPLE)
    )
    for name in ("dependencies", "requires-python"):
        assert ours[name] == theirs[name]
    for extra, required in theirs["optional-dependencies"].items():
        assert ours["optional-dependencies"][extra] == required
