"""Tasks that run checks and judge tables."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.artifacts import acreate_table_artifact
from prefect.context import FlowRunContext, TaskRunContext
from prefect.logging import get_run_logger
from prefect.states import get_state_exception

from dqops.client.models import CheckSearchFilters
from dqops.jobs import aio
from dqops.jobs.job import unique_business_key
from dqops.jobs.orchestrating import logical_key, short_verdict

from .credentials import DqopsCredentials  # noqa: TC001 - Prefect reads the annotations

if TYPE_CHECKING:
    from dqops.jobs import Verdict
    from dqops.jobs.submission import IfExists

__all__ = ["assert_table_status", "run_checks"]

# How many failures an artifact has.
_ROWS = 200
_COLUMNS = ("table", "column", "check", "severity", "actual_value", "lower_bound", "upper_bound")

# Guards the counters of calls: tasks that are submitted run in threads.
_counting = threading.Lock()


async def _is_technical(task: Any, run: Any, state: Any) -> bool:  # noqa: ARG001 - its signature
    """Retry technical trouble only: data does not get better by running a task again."""
    error: Any = get_state_exception(state)  # in a coroutine it is one
    return not isinstance(await error, aio.QualityGateFailed)


@task(name="dqops run checks", retry_condition_fn=_is_technical)
async def run_checks(
    credentials: DqopsCredentials,
    connection: str,
    full_table_name: str,
    *,
    check_type: str | None = None,
    time_scale: str | None = None,
    check_name: str | None = None,
    fail_at_severity: str = "error",
    criteria: dict[str, Any] | None = None,
    business_key: str | None = None,
    timeout: float = 3600.0,
) -> dict[str, Any]:
    """Run checks, and fail if the data is not good now.

    A retry takes up the job that an attempt before has left, and so does a flow run that is run
    again; where the flow run is cancelled, so is the job. What is wrong becomes an artifact of the
    flow run.

    Args:
        credentials: The server.
        connection: The connection in DQOps; a pattern such as `prod_*`.
        full_table_name: Schema and table, such as `public.orders` or `public.*`.
        check_type: `profiling`, `monitoring` or `partitioned`; None for all.
        time_scale: `daily` or `monthly`; None for both.
        check_name: The check; None for all.
        fail_at_severity: The lowest severity that is too bad.
        criteria: Further keywords of `dqops.jobs.Criteria`.
        business_key: A business key of your own for the job.
        timeout: Seconds for the job, and for judging.

    Returns:
        The verdict as JSON of a few kilobytes.

    Raises:
        QualityGateFailed: The data is not good, or not known to be; that is not retried.
        ClientError: As with `dqops.jobs.aio.gate`.
    """
    filters = CheckSearchFilters(
        connection=connection,
        full_table_name=full_table_name,
        **_given(check_type=check_type, time_scale=time_scale, check_name=check_name),
    )
    key, if_exists = _job(connection, full_table_name, check_type, time_scale, check_name)
    async with credentials.get_client() as client:
        verdict = await aio.gate(
            client,
            filters,
            fail_at_severity,
            business_key=business_key or key,
            if_exists=if_exists,
            cancel_on_interrupt=True,
            timeout=timeout,
            **(criteria or {}),
        )
    return await _told(verdict, connection, full_table_name)


@task(name="dqops assert table status", retry_condition_fn=_is_technical)
async def assert_table_status(
    credentials: DqopsCredentials,
    connection: str,
    full_table_name: str,
    *,
    check_type: str | None = None,
    check_name: str | None = None,
    fail_at_severity: str = "error",
    criteria: dict[str, Any] | None = None,
    timeout: float = 600.0,
) -> dict[str, Any]:
    """Fail if the checks of tables, as they were last run, say that the data is not good.

    Args:
        credentials: The server.
        connection: The connection in DQOps.
        full_table_name: Schema and table, such as `public.orders` or `public.*`.
        check_type: `profiling`, `monitoring` or `partitioned`; None for all.
        check_name: The check; None for all.
        fail_at_severity: The lowest severity that is too bad.
        criteria: Further keywords of `dqops.jobs.Criteria`, such as `max_age`.
        timeout: Seconds for judging.

    Returns:
        The verdict as JSON of a few kilobytes.

    Raises:
        QualityGateFailed: The data is not good, or not known to be; that is not retried.
        ClientError: As with `dqops.jobs.aio.judge`.
    """
    filters = CheckSearchFilters(
        connection=connection,
        full_table_name=full_table_name,
        **_given(check_type=check_type, check_name=check_name),
    )
    async with credentials.get_client() as client:
        verdict = await aio.judge(
            client, filters, fail_at_severity, timeout=timeout, **(criteria or {})
        )
    return await _told(verdict, connection, full_table_name)


def _job(*selected: str | None) -> tuple[str, IfExists]:
    """Name the job of a task run, and say what to do about one that is there already.

    Prefect gives a flow run that is run again its former identity, but its tasks new ones. So the
    key is made of the flow run, what is selected, and how many such calls the flow has made. What
    runs is taken up; what has ended is taken up by a retry of the task only, and else run anew.
    """
    context = TaskRunContext.get()
    if context is None:  # the function of the task, called by itself
        return unique_business_key(aio.RUN_CHECKS), "raise"
    run = context.task_run
    parts = [*(each or "" for each in selected), str(run.flow_run_id or run.id)]
    number = _number(repr(parts), str(run.id))
    key = logical_key("prefect", *parts, f"call{number}" if number > 1 else "")
    return key, "attach" if run.run_count > 1 else "rerun"


def _number(call: str, task_run: str) -> int:
    """Count the calls of a kind that the flow has made; a retry of one is not another one."""
    flow = FlowRunContext.get()
    if flow is None:
        return 1
    # Prefect's own counters, which live as long as one attempt at the flow run.
    counters = flow.task_run_dynamic_keys
    with _counting:
        if task_run not in counters:
            counters[task_run] = counters[call] = int(counters.get(call, 0)) + 1
        return int(counters[task_run])


async def _told(verdict: Verdict, connection: str, full_table_name: str) -> dict[str, Any]:
    """Log the verdict, keep what is wrong as an artifact, and stop on bad data."""
    if TaskRunContext.get() is not None:
        get_run_logger().info(str(verdict))
        rows = [
            {**{name: each.to_dict()[name] for name in _COLUMNS}, "link": each.link}
            for each in verdict.failures[:_ROWS]
        ]
        name = re.sub(r"[^a-z0-9]+", "-", f"dqops-{connection}-{full_table_name}".lower())
        await acreate_table_artifact(rows, key=name.strip("-"), description=str(verdict))
    verdict.raise_if_failed()
    return short_verdict(verdict)


def _given(**filters: str | None) -> dict[str, Any]:
    """Leave out the filters that are not given."""
    return {name: value for name, value in filters.items() if value}
