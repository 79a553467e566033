"""Runs a DAG with `dag.test()`, as people do at their desks, in an Airflow of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime

from dqops.testing import DqopsServer

from orchestrators.seeds import SHOP
from orchestrators.support import submitted

home = tempfile.mkdtemp(prefix="airflow-dag-")
os.environ |= {
    "AIRFLOW_HOME": home,
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": home,
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
}
server = DqopsServer(SHOP, job_duration=2.0, require_login=True, api_key="the-key").start()
os.environ["AIRFLOW_CONN_DQOPS_DEFAULT"] = json.dumps(
    {"conn_type": "dqops", "host": server.url, "password": "the-key", "extra": {"timeout": 30}}
)
subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, timeout=300)

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
    states = {str(each.task_id): str(each.state) for each in run.get_task_instances()}
    server.stop()
    assert dict.fromkeys(("worker", "deferred", "good", "status"), "success") == states, states
    assert {"finished": 2} == submitted(server)
    from airflow import __version__

    print(f"all tasks of the DAG succeeded in Airflow {__version__}")
