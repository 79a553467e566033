"""Run checks as a job, and wait for its end."""

from typing import TYPE_CHECKING

from dqops.client import AuthenticatedClient, Retries
from dqops.client.api.jobs import run_checks, wait_for_job
from dqops.client.models import CheckSearchFilters, CheckType, RunChecksParameters
from dqops.client.types import Unset

client = AuthenticatedClient(
    base_url="http://localhost:8888/",
    token="the API key",
    raise_on_unexpected_status=True,
    retries=Retries(max_attempts=5),
)
filters = CheckSearchFilters(
    connection="warehouse",
    full_table_name="public.orders",
    check_type=CheckType.MONITORING,
    enabled=True,
)
with client as opened:
    started = run_checks.sync(
        client=opened, json_body=RunChecksParameters(check_search_filters=filters), wait=False
    )
    assert started is not None
    job_id = started.job_id.job_id
    ended = wait_for_job.sync(str(job_id), client=opened, wait_timeout=30)
    assert ended is not None
    print(ended.job_type, ended.status)
    job = run_checks.sync(
        client=opened,
        json_body=RunChecksParameters(check_search_filters=filters),
        wait=True,
        wait_timeout=30,
    )
    if job is None or isinstance(job.result, Unset):
        raise SystemExit("still running")
    print(job.result.highest_severity, isinstance(job.result.executed_checks, int))

if TYPE_CHECKING:
    reveal_type(started)
    reveal_type(job_id)
    reveal_type(job.result.highest_severity)
