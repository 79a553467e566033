"""Runs the DAG task by task as a worker does, and prints what came of each, as rows of a table.

    DQOPS_URL=... PYTHONPATH=tests python -m orchestrators.airflow.official.run

For the official operators, in an environment with Airflow and `dqops` 1.13.1: its wheel lacks
`dqops/airflow`, so copy that folder from the repository of DQOps into the package.
"""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-official-"))
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "True"

from orchestrators.airflow.official.dag import dag

_TOLD = ("status", "current_severity", "executed_checks", "highest_severity")


class _TaskInstance:
    """What operators use of a task instance."""

    dag_id, run_id, map_index, max_tries, start_date = "official", "run-1", -1, 0, None

    def __init__(self, task_id: str, xcoms: dict[tuple[str, str], Any]) -> None:
        self.task_id = task_id
        self._xcoms = xcoms

    def xcom_push(self, key: str, value: Any) -> None:
        self._xcoms[self.task_id, key] = json.loads(json.dumps(value, default=str))

    def xcom_pull(self, task_ids: str, key: str = "return_value", **_: Any) -> Any:
        return self._xcoms.get((task_ids, key))


def run() -> dict[str, str]:
    """Run all tasks, and tell of each what came of it."""
    xcoms: dict[tuple[str, str], Any] = {}
    came: dict[str, str] = {}
    for task in dag.tasks:
        ti = _TaskInstance(task.task_id, xcoms)
        params = {name: task.params[name] for name in task.params}
        context: Any = {"ti": ti, "task_instance": ti, "task": task, "params": params}
        try:
            task.render_template_fields(context)
            value = task.execute(context) or {}
            ti.xcom_push("return_value", value)
            seen = {**value, **(value.get("result") or {})}
            told = ", ".join(f"{name} {seen[name]}" for name in _TOLD if name in seen)
            came[task.task_id] = f"success: {told}"
        except Exception as error:
            came[task.task_id] = f"{type(error).__name__}: {str(error)[:150]}"
    return came


if __name__ == "__main__":
    for name, told in run().items():
        print(f"| {name} | {told} |")
