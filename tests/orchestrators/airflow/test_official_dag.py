"""A DAG that was written for the official operators, task by task."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from dqops.testing import DqopsServer

from orchestrators.support import submitted

if TYPE_CHECKING:
    import pytest

NAMES = ("orders.csv", "customers.csv")
SEED = {
    "connections": [
        {"name": "shop", "tables": [{"schema": "files", "name": name} for name in NAMES]}
    ],
    "default_policies": False,
    "check_results": [
        {
            "connection": "shop",
            "schema": "files",
            "table": name,
            "check_name": "daily_row_count",
            "category": "volume",
            "severity": "valid",
            "executed_at": "-2h",
        }
        for name in NAMES
    ],
}

EXPECTED = {
    "bad_data": "DqopsGateFailedException: the data is not good",
    "bad_data_again": "DqopsGateFailedException: the data is not good",
    "good_data": "success: status finished",
    "mistyped_table": "DqopsGateFailedException: the data is not good: 0 checks of 0 tables",
    "template": "success: status finished",
    "short_wait": "success: status running",
    "statistics": "success: status finished",
    "import": "success: status finished",
    "wait_for_statistics": "success: status finished",
    "wait_for_import": "success: status finished",
    "status_of_bad_data": "DqopsGateFailedException: the data is not good",
    "status_of_good_data": "success: current_severity valid, executed_checks 1",
    "status_of_mistyped_table": "DqopsGateFailedException: the data is not good: 0 checks",
}


def test_official_dag(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs unchanged; bad data fails each time, and so does what selects nothing."""
    with DqopsServer(SEED, job_duration=1.5) as server:
        server.next_outcome("error", table="files.orders.csv")
        monkeypatch.setenv("DQOPS_URL", server.url)
        came = importlib.import_module("orchestrators.airflow.official.run").run()
        assert sum(submitted(server).values()) == 8
    assert list(EXPECTED) == list(came)
    for name, told in EXPECTED.items():
        assert came[name].startswith(told), (name, came[name])
