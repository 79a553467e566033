"""Every block of Python, shell and YAML on pages that are written by hand is run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from docsite.reference import MODULES, reference_page_of, reference_pages
from dqops import DQOps, DqopsWarning, jobs
from dqops.client import AuthenticatedClient, Client
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer, SimulatedDqops

from docs.blocks import DOCS, REPOSITORY, Runner, blocks_of, unfenced_shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS = [REPOSITORY / name for name in ("CONTRIBUTING.md", "README.md", "SECURITY.md")]
PAGES = {path.name: path for path in (*sorted(DOCS.glob("*.md")), *_OTHERS)}
RUN = {"bash", "python", "yaml"}
#: Whose Python needs more than a server, and is run by another test.
ELSEWHERE = {
    "airflow.md": "tests/orchestrators/airflow",
    "dagster.md": "tests/orchestrators/dagster",
    "health.md": "tests/integrations/test_healthchecks_guide.py",
    "healthchecks.md": "tests/integrations/test_healthchecks_guide.py",
    "own-api.md": "tests/distribution/test_own_api.py",
    "prefect.md": "tests/orchestrators/prefect",
    "testing.md": "tests/distribution/test_testing_guide.py",
}
WITH_BLOCKS = [
    name for name, path in PAGES.items() if RUN & {block.language for block in blocks_of(path)}
]


@pytest.mark.parametrize("name", PAGES)
def test_shell_is_fenced(name: str) -> None:
    """A command that is only indented would not be run."""
    assert [] == unfenced_shell(PAGES[name])


@pytest.fixture
def logging_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a page sets about logging."""
    monkeypatch.setattr(logging.root, "handlers", [*logging.root.handlers])
    logger = logging.getLogger("dqops.client")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.mark.usefixtures("logging_kept")
@pytest.mark.filterwarnings("ignore:.*goes over the network:UserWarning")
@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_blocks(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block runs, but for the URL and the key as it stands, and prints what the page says."""
    monkeypatch.chdir(tmp_path)
    for variable in ("DQOPS_API_KEY", "DQOPS_API_KEY_FILE", "DQOPS_DATA_DOMAIN", "DQOPS_URL"):
        monkeypatch.delenv(variable, raising=False)
    with (
        DqopsServer(job_duration=0.01) as server,
        AuthenticatedClient(server.url, server.api_key, raise_on_unexpected_status=True) as client,
        DQOps(server.url, api_key=server.api_key) as dq,
    ):
        filters = CheckSearchFilters(connection="warehouse")
        names: dict[str, Any] = {
            "CheckSearchFilters": CheckSearchFilters,
            "__name__": "page",
            "client": client,
            "dq": dq,
            "filters": filters,
            "jobs": jobs,
            "requests": [jobs.RUN_CHECKS.request(filters)],
            "tables": ["public.orders", "public.customers"],
        }
        runner = Runner(server.url, server.api_key, names, tmp_path)
        for block in blocks_of(PAGES[name]):
            is_elsewhere = block.language == "python" and name in ELSEWHERE
            if block.language in RUN and not block.reason and not is_elsewhere:
                runner.run(block)


SHOP = {
    "connections": [
        {
            "name": "warehouse",
            "tables": [{"schema": "public", "name": "orders", "columns": [{"name": "order_id"}]}],
        }
    ]
}


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    """The pages of the reference."""
    return dict(reference_pages())


@pytest.mark.parametrize("module", [name for name in MODULES if "healthchecks" not in name])
def test_examples_of_docstrings(
    module: str, reference: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The examples in docstrings of public modules run, too.

    Those of Healthchecks.io are in docs/healthchecks.md as well.
    """
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text(reference[reference_page_of(module)], encoding="utf-8")
    with (
        DqopsServer(SHOP, job_duration=0.01) as server,
        AuthenticatedClient(server.url, server.api_key, raise_on_unexpected_status=True) as client,
    ):
        filters = CheckSearchFilters(connection="warehouse")
        jobs.run(client, jobs.RUN_CHECKS.request(filters, business_key="nightly"))
        names = {
            "CheckSearchFilters": CheckSearchFilters,
            "Client": Client,
            "SimulatedDqops": SimulatedDqops,
            "aio": jobs.aio,
            "__name__": "page",
            "client": client,
            "duckdb": pytest.importorskip("duckdb"),
            "filters": filters,
            "jobs": jobs,
            "polars": pytest.importorskip("polars"),
            "requests": [jobs.RUN_CHECKS.request(filters)],
        }
        runner = Runner(server.url, server.api_key, names, tmp_path)
        for block in blocks_of(page):
            # A signature has no body, and so is no program.
            is_signature = block.code.startswith(("def ", "class ", "async def "))
            if block.language in RUN and not is_signature:
                runner.run(block)


@pytest.mark.parametrize("name", ["errors.md", "object.md", "older-servers.md"])
def test_warnings_are_named_as_python_prints_them(name: str) -> None:
    """Who reads the name of the class in a terminal finds it beside the one to import."""
    text = (DOCS / name).read_text()
    assert "`dqops.DqopsWarning`" in text
    assert f"`{DqopsWarning.__name__}`" in text


def test_what_is_run_elsewhere_is_there() -> None:
    """The tests that are said to run the rest exist."""
    assert all((REPOSITORY / path).exists() for path in ELSEWHERE.values())
