"""The code of docs/airflow.md runs, and its task judges a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops import jobs
from dqops.testing import DqopsServer

from orchestrators.airflow.support import connect, run
from orchestrators.pages import run_page
from orchestrators.seeds import seed
from orchestrators.support import submitted

if TYPE_CHECKING:
    import pytest


def test_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DAG has the task that the page tells of, and the criteria are those of a gate."""
    with DqopsServer(seed("warehouse", ["orders"]), job_mode="immediate") as server:
        connect(monkeypatch, "dqops_default", host=server.url)
        names = run_page("airflow.md", {"orders()\n": "found = orders()\n"})
        (task,) = names["found"].tasks
        assert (True, 2) == (task.deferrable, task.retries)
        assert run(task)["verdict"]["passed"]
        assert {"finished": 1} == submitted(server)
    jobs.Criteria(**names["criteria"])
