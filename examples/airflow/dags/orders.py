"""Checks the tables of a shop, one after the other and many at once."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from dqops.airflow.run_checks.dqops_run_monitoring_checks_operator import (
    DqopsRunMonitoringChecksOperator,
)
from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)

# Checks of the example that cannot run, as of a database that is away, do not stop it.
CRITERIA = {"allow_execution_errors": True}

with DAG("orders", schedule=None, catchup=False, params={"connection": "warehouse"}) as dag:
    run_checks = DqopsRunMonitoringChecksOperator.partial(
        task_id="run_checks",
        connection="{{ params.connection }}",
        fail_at_severity="fatal",
        criteria=CRITERIA,
        deferrable=True,
        map_index_template="{{ task.full_table_name }}",
    ).expand(full_table_name=["public.orders", "public.customers"])

    orders_are_good = DqopsAssertTableStatusOperator(
        task_id="orders_are_good",
        connection_name="{{ params.connection }}",
        schema_name="public",
        table_name="orders",
        fail_at_severity="fatal",
        criteria=CRITERIA,
        trigger_rule="all_done",
    )

    # Stands for what is only to happen with good data.
    publish = EmptyOperator(task_id="publish")

    run_checks >> orders_are_good >> publish

if __name__ == "__main__":
    dag.test()
