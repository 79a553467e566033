"""What people write with the official operators, and the mistakes that they make."""

from __future__ import annotations

import os
from typing import Any

from airflow.sdk import DAG
from dqops.airflow.collect_statistics.dqops_collect_statistics_operator import (
    DqopsCollectStatisticsOperator,
)
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator
from dqops.airflow.run_checks.dqops_run_monitoring_checks_operator import (
    DqopsRunMonitoringChecksOperator,
)
from dqops.airflow.table_import.dqops_table_import_operator import DqopsTableImportOperator
from dqops.airflow.table_status.dqops_assert_monitoring_table_status_operator import (
    DqopsAssertMonitoringTableStatusOperator,
)
from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)
from dqops.airflow.wait_for_job.dqops_wait_for_job_operator import DqopsWaitForJobOperator
from dqops.client.models.rule_severity_level import RuleSeverityLevel

server: dict[str, Any] = {"base_url": os.environ["DQOPS_URL"]}
limit: dict[str, Any] = {**server, "fail_at_severity": RuleSeverityLevel.ERROR}
shop: dict[str, Any] = {**limit, "connection": "shop"}
files: dict[str, Any] = {**limit, "connection_name": "shop", "schema_name": "files"}

with DAG("official", schedule=None) as dag:
    DqopsRunMonitoringChecksOperator(task_id="bad_data", full_table_name="files.orders.csv", **shop)
    DqopsRunMonitoringChecksOperator(
        task_id="bad_data_again", full_table_name="files.orders.csv", **shop
    )
    DqopsRunMonitoringChecksOperator(
        task_id="good_data", full_table_name="files.customers.csv", **shop
    )
    DqopsRunMonitoringChecksOperator(
        task_id="mistyped_table", full_table_name="files.ordres.csv", **shop
    )
    DqopsRunMonitoringChecksOperator(
        task_id="template",
        full_table_name="{{ params.table }}",
        params={"table": "files.customers.csv"},
        **shop,
    )
    DqopsRunChecksOperator(
        task_id="short_wait", connection="shop", wait_timeout=1, fail_on_timeout=False, **server
    )
    DqopsCollectStatisticsOperator(
        task_id="statistics", connection="shop", full_table_name="files.customers.csv", **server
    )
    DqopsTableImportOperator(
        task_id="import",
        connection_name="shop",
        schema_name="files",
        table_names=["customers.csv"],
        **server,
    )
    DqopsWaitForJobOperator(
        task_id="wait_for_statistics", task_id_to_wait_for="statistics", **server
    )
    DqopsWaitForJobOperator(task_id="wait_for_import", task_id_to_wait_for="import", **server)
    DqopsAssertTableStatusOperator(task_id="status_of_bad_data", table_name="orders.csv", **files)
    DqopsAssertMonitoringTableStatusOperator(
        task_id="status_of_good_data", table_name="customers.csv", **files
    )
    DqopsAssertMonitoringTableStatusOperator(
        task_id="status_of_mistyped_table", table_name="ordres.csv", **files
    )
