"""A DAG for each scenario of `test_processes.py`, each with a server of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator

RETRIED: dict[str, Any] = {"retries": 1, "retry_delay": timedelta(seconds=1)}

#: The arguments of the task, by the name of the scenario.
SCENARIOS: dict[str, dict[str, Any]] = {
    "success": {},
    "success_deferred": {"deferrable": True},
    "gate_failed": RETRIED,
    "gate_retried": {**RETRIED, "retry_on_bad_data": True},
    "job_failed": RETRIED,
    "server_down": {},
    "server_down_deferred": {"deferrable": True},
    "wrong_key": {},
    "marked_failed": RETRIED,
    "marked_failed_deferred": {**RETRIED, "deferrable": True},
    "triggerer_restarted": {"deferrable": True},
    "worker_killed": RETRIED,
    "execution_timeout": {"execution_timeout": timedelta(seconds=4)},
    "execution_timeout_deferred": {
        "execution_timeout": timedelta(seconds=4),
        "deferrable": True,
    },
    "cleared": {"deferrable": True},
}

for name, options in SCENARIOS.items():
    with DAG(dag_id=name, schedule=None, catchup=False) as dag:
        DqopsRunChecksOperator(
            task_id="gate",
            conn_id=name,
            connection="shop",
            full_table_name="public.{{ params.table }}",
            fail_at_severity="error",
            params={"table": "orders"},
            **options,
        )
    globals()[name] = dag
