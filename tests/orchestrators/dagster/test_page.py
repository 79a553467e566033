"""The code of docs/dagster.md runs, and its checks judge a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.testing import DqopsServer

from orchestrators.pages import run_page
from orchestrators.seeds import seed
from orchestrators.support import submitted

if TYPE_CHECKING:
    import pytest


def test_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks run for the asset; the one that DQOps does not know fails."""
    monkeypatch.setenv("DQOPS_API_KEY", "the-key")
    shop = seed("warehouse", ["orders"])
    with DqopsServer(shop, require_login=True, api_key="the-key") as server:
        definitions = run_page("dagster.md", {"https://dqops.example.com": server.url})["defs"]
        job = definitions.resolve_implicit_global_asset_job_def()
        result = job.execute_in_process()
        assert {"finished": 1} == submitted(server)
    assert {"dqops": True, "daily_row_count": True, "email_daily_nulls_percent": False} == {
        each.check_name: each.passed for each in result.get_asset_check_evaluations()
    }
