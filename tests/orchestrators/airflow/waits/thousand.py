"""A DAG of a thousand mapped tasks, whose pool has no slot: they are made, and never run."""

from __future__ import annotations

from airflow.sdk import DAG
from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator

TABLES = 1000

with DAG("thousand", schedule=None, catchup=False) as dag:
    DqopsRunChecksOperator.partial(
        task_id="gate", connection="shop", deferrable=True, pool="nobody"
    ).expand(full_table_name=[f"public.t{number}" for number in range(TABLES)])
