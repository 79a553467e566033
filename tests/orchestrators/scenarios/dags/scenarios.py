"""A DAG for each scenario, waiting in the worker and in the triggerer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator

GOOD, BAD, LONG = "files.customers.csv", "files.orders.csv", "files.big*"
RETRIED: dict[str, Any] = {"retries": 1, "retry_delay": timedelta(seconds=8)}

_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "good data": (GOOD, {}),
    "bad data": (BAD, RETRIED),
    "bad data, retried": (BAD, {**RETRIED, "retry_on_bad_data": True}),
    "wrong key": (GOOD, {"conn_id": "wrong"}),
    "job failed, retried": (GOOD, RETRIED),
    "server unreachable": (LONG, {"conn_id": "proxy"}),
    "server restarted": (LONG, {}),
    "server restarted, retried": (LONG, RETRIED),
    "took too long": (LONG, {"execution_timeout": timedelta(seconds=5)}),
    "ended by a user": (LONG, {}),
    "run again by a user": (GOOD, {}),
    "process killed, retried": (LONG, RETRIED),
    "triggerer restarted": (LONG, {}),
}

#: The DAG, the table and the arguments of the task, by scenario and whether the triggerer waits.
SCENARIOS: dict[tuple[str, bool], tuple[str, str, dict[str, Any]]] = {
    (name, deferred): (
        name.replace(",", "").replace(" ", "_") + ("_deferred" if deferred else ""),
        table,
        {**options, "deferrable": deferred},
    )
    for name, (table, options) in _OPTIONS.items()
    for deferred in (False, True)
    if name != ("process killed, retried" if deferred else "triggerer restarted")
}

for dag_id, selected, arguments in SCENARIOS.values():
    with DAG(dag_id, schedule=None, catchup=False) as dag:
        DqopsRunChecksOperator(
            task_id="gate",
            connection="shop",
            full_table_name=selected,
            fail_at_severity="error",
            criteria={"allow_execution_errors": True},
            **{"conn_id": "good", **arguments},
        )
    globals()[dag_id] = dag
