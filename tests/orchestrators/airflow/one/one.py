"""A DAG whose tasks wait in the worker and are deferred; run as a program, it tests itself."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.providers.common.compat.sdk import DAG
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator
from dqops.airflow.sensors import DqopsTableStatusSensor
from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)

with DAG("one", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC)) as dag:
    worker = DqopsRunChecksOperator(
        task_id="worker",
        connection="shop",
        full_table_name="public.{{ params.table }}",
        params={"table": "orders"},
    )
    deferred = DqopsRunChecksOperator(
        task_id="deferred", connection="shop", full_table_name="public.items", deferrable=True
    )
    good = DqopsTableStatusSensor(
        task_id="good", connection="shop", full_table_name="public.items", deferrable=True
    )
    status = DqopsAssertTableStatusOperator(
        connection_name="shop", schema_name="public", table_name="orders", task_id="status"
    )
    worker >> deferred >> good >> status

if __name__ == "__main__":
    run = dag.test()
    for task in run.get_task_instances():
        print(f"{task.task_id} became {task.state}")
