"""DQOps in Apache Airflow: operators, a sensor, a connection type (extra `airflow`).

    from dqops.airflow.run_checks.dqops_run_monitoring_checks_operator import (
        DqopsRunMonitoringChecksOperator,
    )

    DqopsRunMonitoringChecksOperator(
        task_id="orders_are_good",
        conn_id="dqops_default",
        connection="warehouse",
        full_table_name="public.orders",
        fail_at_severity="error",
    )

Import paths, names and parameters are those of the official package.
"""
