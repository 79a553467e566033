"""Every block of Python, shell and YAML on pages that are written by hand is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops import DQOps, jobs
from dqops.client import AuthenticatedClient
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer

from docs.blocks import DOCS, REPOSITORY, Runner, blocks_of, unfenced_shell

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {path.name: path for path in (*sorted(DOCS.glob("*.md")), REPOSITORY / "README.md")}
RUN = {"bash", "python", "yaml"}
#: Whose Python needs more than a server, and is run by another test.
ELSEWHERE = {
    "README.md": "tests/distribution/test_readme.py",
    "health.md": "tests/integrations/test_healthchecks_guide.py",
    "healthchecks.md": "tests/integrations/test_healthchecks_guide.py",
    "own-api.md": "tests/distribution/test_own_api.py",
    "testing.md": "tests/distribution/test_testing_guide.py",
}
WITH_BLOCKS = [
    name for name, path in PAGES.items() if RUN & {block.language for block in blocks_of(path)}
]


@pytest.mark.parametrize("name", PAGES)
def test_shell_is_fenced(name: str) -> None:
    """A command that is only indented would not be run."""
    assert [] == unfenced_shell(PAGES[name])


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


def test_what_is_run_elsewhere_is_there() -> None:
    """The tests that are said to run the rest exist."""
    assert all((REPOSITORY / path).is_file() for path in ELSEWHERE.values())
