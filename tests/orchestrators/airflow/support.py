"""What the tests of `dqops.airflow` share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import airflow

if TYPE_CHECKING:
    from datetime import datetime

    import pytest


def connect(monkeypatch: pytest.MonkeyPatch, name: str = "dqops_test", **fields: Any) -> str:
    """Define an Airflow connection, and give its name."""
    value = json.dumps({"conn_type": "dqops", **fields})
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", value)
    return name


class TaskInstance:
    """What operators use of a task instance; XComs are JSON, as in Airflow."""

    def __init__(
        self,
        *,
        run_id: str = "run-1",
        map_index: int = -1,
        try_number: int = 1,
        max_tries: int = 0,
    ) -> None:
        self.dag_id, self.task_id, self.run_id = "dag", "task", run_id
        self.map_index = map_index
        self.try_number = try_number
        self.max_tries = max_tries
        self.start_date: datetime | None = None
        self.xcoms: dict[str, Any] = {}
        self.upstream: dict[str, dict[str, Any]] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        """Keep an XCom."""
        self.xcoms[key] = json.loads(json.dumps(value))

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        """Give an XCom of another task."""
        return self.upstream.get(task_ids, {}).get(key)


def run(operator: Any, ti: TaskInstance | None = None) -> Any:
    """Execute an operator as a worker does."""
    if airflow.__version__.startswith("2."):
        from airflow.models.baseoperator import ExecutorSafeguard

        # It knows only the thread that has imported it.
        vars(ExecutorSafeguard._sentinel).setdefault("callers", {})
    return operator.execute({"ti": ti or TaskInstance()})
