"""Code as users write it; type checkers read it, nobody runs it.

`make types` checks it against the source tree, tests/distribution against the built wheel. A
comment `type: ignore` marks what must be refused: mypy reports one that is not needed.
"""

from __future__ import annotations

import datetime
import logging

import httpx
from dqops import AsyncDQOps, DQOps, client
from dqops.client import AuthenticatedClient, Client, errors, models
from dqops.client.api.check_results import (
    get_table_data_quality_status,
    get_table_profiling_checks_results,
)
from dqops.client.api.connections import get_all_connections
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import cancel_job, is_cron_scheduler_running, run_checks
from dqops.client.models import (
    CheckSearchFilters,
    CheckTimeScale,
    ColumnSpec,
    CommentSpec,
    RuleSeverityLevel,
    RunChecksParameters,
    RunChecksQueueJobResult,
    TableListModel,
    TableModel,
    TableSpec,
    TableSpecColumns,
)
from dqops.client.types import UNSET, Response, Unset


def health() -> str | None:
    """Ask as the README does."""
    dqops_client = client.Client("http://localhost:8888/", raise_on_unexpected_status=True)
    return is_healthy.sync(client=dqops_client)


def run(some_client: Client | AuthenticatedClient) -> RuleSeverityLevel | None:
    """Read a result, step by step, through everything that may be absent."""
    result = run_checks.sync(
        client=some_client,
        json_body=RunChecksParameters(check_search_filters=CheckSearchFilters(connection="a")),
        wait=True,
        wait_timeout=60,
    )
    if result is None or isinstance(result.result, Unset):
        return None
    severity = result.result.highest_severity
    return None if isinstance(severity, Unset) else severity


def detailed(some_client: AuthenticatedClient) -> int:
    """Read the whole response."""
    response: Response[RunChecksQueueJobResult] = run_checks.sync_detailed(
        client=some_client, json_body=RunChecksParameters()
    )
    parsed: RunChecksQueueJobResult | None = response.parsed
    logging.info("%s %s", response.status_code.phrase, parsed)
    return response.status_code.value


async def asynchronous(some_client: Client) -> list[str]:
    """Await results; a list is a list of models."""
    async with some_client as open_client:
        connections = await get_all_connections.asyncio(client=open_client)
        running = await is_cron_scheduler_running.asyncio(client=open_client)
        assert running is None or isinstance(running, bool)
    return [connection.connection_name for connection in connections or []]


def dates(some_client: Client) -> list[datetime.datetime]:
    """Pass dates and enumerations, read points in time."""
    found = get_table_profiling_checks_results.sync(
        "connection",
        "schema",
        "table",
        client=some_client,
        month_start=datetime.date(2026, 11, 1),
        check_name=None,
    )
    status = get_table_data_quality_status.sync(
        "connection", "schema", "table", client=some_client, check_time_scale=CheckTimeScale.DAILY
    )
    assert status is None or isinstance(status.table_name, (str, Unset))
    entries = [entry for item in found or [] for entry in item.check_result_entries]
    return [entry.executed_at for entry in entries]


def table() -> dict[str, object]:
    """Build a table specification; maps are mutable mappings."""
    columns = TableSpecColumns()
    columns["id"] = ColumnSpec(labels=["key"], disabled=False)
    for name, column in columns.items():
        logging.info("%s %s", name, column.labels)
    spec = TableSpec(columns=columns, priority=1)
    spec.stage = UNSET
    return TableSpec.from_dict(spec.to_dict()).to_dict()


def failures(some_client: AuthenticatedClient) -> str:
    """Catch what can go wrong."""
    try:
        cancel_job.sync("job", client=some_client.with_timeout(httpx.Timeout(5.0)))
    except errors.NotFound as error:
        return f"{error.operation} {error.method} {error.url} {error.status_code}"
    except errors.UnexpectedStatus as error:
        return error.content.decode()
    except errors.DecodeError as error:
        return error.field_path
    except httpx.TransportError as error:
        return str(error)
    return ""


def objects() -> int:
    """Call operations as methods, read what is always sent, and write strings."""
    with DQOps("http://localhost:8888/", api_key="key", timeout=5) as dq:
        started = dq.jobs.run_checks(
            json_body=RunChecksParameters(execution_target="only_sensors"), wait=False, deadline=60
        )
        number: int = started.job_id.job_id
        for incident in dq.incidents.iterate("c", direction="desc", limit=10):
            logging.info("%s %s", incident.incident_id.upper(), incident.status.value)
        for each in dq.tables.list("c", "s"):
            logging.info("%s.%s", each.connection_name.upper(), each.target.table_name.upper())
        raw: Response[list[TableListModel]] = dq.with_raw_response.tables.list("c", "s")
        parsed: list[TableListModel] | None = raw.parsed
        len(raw.parsed)  # type: ignore[arg-type]  # None where the server sent no body
        logging.info("%s %s %s", raw.status_code, parsed, dq.healthcheck.is_healthy().upper())
        comments: list[CommentSpec] | None = dq.tables.get_table_comments("c", "s", "t")
        spec = TableSpec(columns={"id": ColumnSpec()})
        spec.columns = {"id": ColumnSpec()}
        columns: TableSpecColumns | Unset = spec.columns
        scale: CheckTimeScale | Unset = CheckSearchFilters(time_scale="daily").time_scale
        logging.info("%s %s %s", comments, columns, scale)
        result = started.result
        return number if isinstance(result, Unset) else result.executed_checks + result.errors


async def awaited() -> TableModel:
    """The same object to be awaited."""
    async with AsyncDQOps() as dq:
        async for table in dq.tables.iterate("c", "s"):
            logging.info("%s", table.can_edit)
        return await dq.tables.get("c", "s", "t", retries=None)


def refused(some_client: Client) -> None:
    """What a type checker must not let pass."""
    is_healthy.sync(some_client, some_client)  # type: ignore[call-arg]  # pyright: ignore
    run_checks.sync(client=some_client)  # type: ignore[call-arg]  # pyright: ignore
    CheckSearchFilters(connection=1)  # type: ignore[arg-type]  # pyright: ignore
    models.NoSuchModel  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
    dq = DQOps()
    dq.jobs.run_checks()  # type: ignore[call-arg]  # pyright: ignore
    dq.jobs.run_checks(json_body=1)  # type: ignore[arg-type]  # pyright: ignore
    dq.tables.get("c", "s", "t", tmeout=1)  # type: ignore[call-arg]  # pyright: ignore
    dq.tables.gett  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
    CheckSearchFilters(time_scale="dayly")  # type: ignore[arg-type]  # pyright: ignore
    text: str = UNSET  # type: ignore[assignment]  # pyright: ignore
    logging.info(text)
