"""A program such as somebody writes on the first day: no cast, no assertion, no `type: ignore`.

tests/client/test_new_user.py runs it; `make types` reads it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003  # as a beginner writes it
from typing import Any

from dqops import DQOps, jobs
from dqops.checks import get_checks, set_check
from dqops.client.errors import NotFound
from dqops.client.models import (
    CheckSearchFilters,
    ImportTablesQueueJobParameters,
    RunChecksParameters,
)

TABLES = ["public.customers", "public.orders"]


def nightly(url: str, api_key: str, folder: Path) -> list[dict[str, Any]]:
    """Import tables, set checks, run them, and give what is wrong."""
    warehouse = CheckSearchFilters(connection="warehouse")
    with DQOps(url, api_key=api_key, timeout=60) as dq:
        print("healthy:", dq.healthcheck.is_healthy() == "OK")
        names = [table.removeprefix("public.") for table in TABLES]
        wanted = ImportTablesQueueJobParameters(
            connection_name="warehouse", schema_name="public", table_names=names
        )
        jobs.import_tables(dq, wanted, timeout=timedelta(minutes=10))
        for name in names:
            set_check(dq, f"warehouse.public.{name}", "daily_row_count", error={"min_count": 10})
            print(name, sorted(get_checks(dq, f"warehouse.public.{name}")))

        started = dq.jobs.run_checks(
            json_body=RunChecksParameters(check_search_filters=warehouse), wait=False
        )
        job = dq.jobs.get(str(started.job_id.job_id))
        print("submitted:", job.job_type, job.status, job.job_id.created_at.isoformat())
        requests = [
            jobs.RUN_CHECKS.request(CheckSearchFilters(full_table_name=table)) for table in TABLES
        ]
        with jobs.as_completed(dq, requests, max_concurrent=5, total_timeout=600) as done:
            for request, outcome in done:
                if isinstance(outcome, Exception):
                    print(request.label, "failed:", outcome)
                else:
                    print(request.label, outcome.highest_severity, outcome.duration)

        try:
            jobs.gate(dq, warehouse, at_least="error").raise_if_failed()
        except jobs.QualityGateFailed as error:
            for failure in error.failures:
                print(failure.table, failure.check, failure.severity, failure.link)
        try:
            table = dq.tables.get("warehouse", "public", "orders")
            print(table.connection_name.upper(), table.can_edit, table.spec.labels)
        except NotFound as error:
            print(error)
        for incident in dq.incidents.iterate("warehouse", months=2, open_=True):
            print(incident.incident_id.upper(), incident.highest_severity, incident.status)
        with dq.environment.stream_download_logs() as download:
            print(download.save_to(folder))
        return jobs.failures(dq, warehouse, since=timedelta(days=1)).to_records()
