"""Reads tables: whole, or as a stream of record batches."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from .._runtime.declare.operation import check_client
from ..client.api.columns import get_columns_statistics
from ..client.api.connections import get_all_connections
from ..client.errors import InvalidRequest, NotFound
from ..client.models import IncidentSortOrder, SortDirection
from ..jobs.judging.criteria import refuse_options
from ..jobs.judging.selection import matches
from .arrow import pa
from .fetching import Pool
from .planning import Plan, tables_of, with_group
from .reading import Request, Rows, array_of, batch_of, from_models, read
from .schemas import FRAMES, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, timedelta
    from typing import TypedDict, Unpack

    from ..client import AuthenticatedClient, Client
    from ..client.models import CheckSearchFilters
    from .planning import Key
    from .schemas import Frame, FrameName

    class FrameOptions(TypedDict, total=False):
        """The keywords of all functions."""

        since: date | timedelta | None
        until: date | timedelta | None
        max_results_per_check: int | None
        max_concurrent: int


__all__ = [
    "check_results",
    "column_profiles",
    "error_samples",
    "errors",
    "incidents",
    "schema",
    "sensor_readouts",
    "stream",
    "table_statuses",
]

# Small batches are put together until they have so many rows.
_ROWS = 16_384
_INCIDENTS_A_PAGE = 200
_OF_PLAN = frozenset({"since", "until", "max_results_per_check"})


def check_results(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read the results of checks: values, thresholds and severities.

    Args:
        client: The client to send requests with.
        filters: Which tables and checks are meant; None for all.
        **options: `since` and `until`, the first and the last day of the periods that results are
            about, each a `date`, a `datetime` with a time zone, whose day counts, or a `timedelta`
            for how long ago: by default the month before and this one.
            `max_results_per_check`: that many of the newest, instead of all. `max_concurrent`: how
            many requests may be under way at the same time, 8 by default.

    Returns:
        A `pyarrow.Table` with the columns of `schema("check_results")`; with no rows if there are
        none.

    Raises:
        InvalidRequest: An argument cannot be used; nothing was sent.
        NothingSelected: The filters select no table: a name may be mistyped.
        ClientError: Something could not be read.
    """
    return stream(client, "check_results", filters, **options).read_all()


def sensor_readouts(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read what checks have measured, without thresholds; arguments as of `check_results`.

    Returns:
        A `pyarrow.Table` with the columns of `schema("sensor_readouts")`.
    """
    return stream(client, "sensor_readouts", filters, **options).read_all()


def errors(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read why checks failed technically; arguments as of `check_results`.

    Returns:
        A `pyarrow.Table` with the columns of `schema("errors")`.
    """
    return stream(client, "errors", filters, **options).read_all()


def error_samples(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read samples of values that checks found to be wrong; arguments as of `check_results`.

    DQOps 1.13.2 gives back none of those that it has collected for monitoring checks.

    Returns:
        A `pyarrow.Table` with the columns of `schema("error_samples")`.
    """
    return stream(client, "error_samples", filters, **options).read_all()


def table_statuses(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read the current status of tables; arguments as of `check_results`.

    The months from `since` on are looked at; `until` has no effect, and of the filters only those
    of tables and the type of checks have one.

    Returns:
        A `pyarrow.Table` with the columns of `schema("table_statuses")`.
    """
    return stream(client, "table_statuses", filters, **options).read_all()


def incidents(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read incidents of whatever state; arguments as of `check_results`.

    The months from `since` on are looked at; `until` has no effect.

    Returns:
        A `pyarrow.Table` with the columns of `schema("incidents")`.
    """
    return stream(client, "incidents", filters, **options).read_all()


def column_profiles(
    client: AuthenticatedClient | Client,
    filters: CheckSearchFilters | None = None,
    **options: Unpack[FrameOptions],
) -> Any:
    """Read the statistics of columns that were last collected; arguments as of `check_results`.

    Days have no effect, and of the filters only those of tables and columns have one.

    Returns:
        A `pyarrow.Table` with the columns of `schema("column_profiles")`.
    """
    return stream(client, "column_profiles", filters, **options).read_all()


def schema(name: FrameName) -> Any:
    """Tell which columns a table has.

    Args:
        name: The name of the function that reads it.

    Returns:
        A `pyarrow.Schema`; the metadata of each field says what is in it (`description`).
    """
    return _frame(name).schema


def stream(
    client: AuthenticatedClient | Client,
    name: FrameName,
    filters: CheckSearchFilters | None = None,
    *,
    max_concurrent: int = 8,
    **options: Any,
) -> Any:
    """Read a table batch by batch, for what does not fit into memory.

    No more is read than is asked for, and a few responses ahead.

    Args:
        client: The client to send requests with.
        name: The name of the function that reads the table as a whole.
        filters: Which tables and checks are meant; None for all.
        max_concurrent: How many requests may be under way at the same time.
        **options: The other keywords of that function.

    Returns:
        A `pyarrow.RecordBatchReader`. Reading it raises what the function would raise.

    Raises:
        InvalidRequest: An argument cannot be used; nothing was sent.
    """
    frame = _frame(name)
    check_client(name, client)
    if wrong := options.keys() - _OF_PLAN:
        refuse_options(name, wrong, {*_OF_PLAN, "filters", "max_concurrent"})
    if not isinstance(max_concurrent, int) or max_concurrent < 1:
        raise InvalidRequest(f"max_concurrent must be >= 1, got {max_concurrent!r}")
    plan = Plan(filters, **options)
    batches = _joined(frame, _batches(client._raising(), frame, plan, max_concurrent))
    return pa.RecordBatchReader.from_batches(frame.schema, batches)


def _frame(name: str) -> Frame:
    if name not in tuple(FRAMES):  # also where it has no hash
        raise InvalidRequest(f"a table must be one of {', '.join(sorted(FRAMES))}, got {name!r}")
    return FRAMES[name]


def _batches(
    client: AuthenticatedClient | Client, frame: Frame, plan: Plan, limit: int
) -> Iterator[Any]:
    pool = Pool(limit)
    with pool.closing():
        if frame.name == "incidents":
            is_empty = True
            connections = _connections(client, plan)
            for pages in pool.map(partial(_incidents, client, frame, plan), connections):
                is_empty = is_empty and not any(batch.num_rows for batch in pages)
                yield from pages
            if is_empty:
                next(tables_of(client, plan), None)  # raises where a name may be mistyped
            return
        tables = tables_of(client, plan)
        if frame.name == "table_statuses":
            yield from pool.map(partial(_status, client, frame, plan), tables)
        elif frame.name == "column_profiles":
            yield from pool.map(partial(_profiles, client, frame, plan), tables)
        else:
            yield from _results(client, frame, plan, pool, tables)


def _results(
    client: AuthenticatedClient | Client,
    frame: Frame,
    plan: Plan,
    pool: Pool,
    tables: Iterable[Key],
) -> Iterator[Any]:
    """Read what checks have stored, of each table where its status says that there is some."""
    there: set[str] = set()
    planned = pool.map(partial(plan.requests, client, frame.name, there), tables)
    requests = (request for each in planned for request in each)
    is_empty = True
    reading = partial(_read, client, frame)
    for request, rows in pool.map(reading, requests):
        is_empty = False
        if not rows.groups:
            yield plan.selected(rows.batch)
            continue
        # The response holds one group of each check, and not the same one of all.
        by_group = (with_group(request, group) for group in rows.groups)
        for _, found in pool.map(reading, by_group):
            yield plan.selected(found.batch)
    if is_empty:
        plan.warn_of_names(there)


def _read(
    client: AuthenticatedClient | Client, frame: Frame, request: Request
) -> tuple[Request, Rows]:
    try:
        rows = read(client, frame, request)
    except NotFound:
        # The table or the column was deleted meanwhile.
        rows = Rows(batch_of(frame, {}, 0, request.told), 0)
    if "data_group" in request.arguments:
        rows = Rows(rows.batch, rows.items)
    return request, rows


def _status(client: AuthenticatedClient | Client, frame: Frame, plan: Plan, key: Key) -> Any:
    status = plan.status(client, key)
    return from_models(frame, [] if status is None else [status], _told(key)).batch


def _profiles(client: AuthenticatedClient | Client, frame: Frame, plan: Plan, key: Key) -> Any:
    try:
        found = get_columns_statistics.sync(*key, client=client)
    except NotFound:
        found = None
    columns = [
        column
        for column in (found and found.column_statistics) or ()
        if matches(plan.selection.column, column.column_name or None)
    ]
    statistics = [_statistics(column) for column in columns]
    arrays = {
        column.name: array_of(
            column, [each.get(column.source or column.name) for each in statistics]
        )
        for column in frame.columns
        if column.name not in _told(key)
    }
    return batch_of(frame, arrays, len(columns), _told(key))


def _statistics(column: Any) -> dict[str, Any]:
    """Collect what is known of a column, by the names of the collectors."""
    kind = column.type_snapshot
    found: dict[str, Any] = {
        "column": column.column_name,
        "data_type": kind and kind.column_type,
        "nullable": kind.nullable if kind else None,
    }
    samples: list[tuple[int, str]] = []
    for metric in column.statistics or ():
        if metric.executed_at:
            collected = found.get("collected_at") or metric.executed_at
            found["collected_at"] = max(collected, metric.executed_at)
        if metric.collector == "column_samples":
            samples.append((metric.sample_index or 0, str(metric.result)))
        elif metric.collector:
            is_number = metric.collector in NUMBERS
            found[metric.collector] = _number(metric.result) if is_number else metric.result
    found["column_samples"] = [text for _, text in sorted(samples)] or None
    return found


def _number(value: Any) -> float | None:
    """Read a number; the server sends some as strings."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _connections(client: AuthenticatedClient | Client, plan: Plan) -> Iterator[str]:
    for connection in get_all_connections.sync(client=client) or ():
        name = connection.connection_name or ""
        if matches(plan.selection.connection, name):
            yield name


def _incidents(
    client: AuthenticatedClient | Client, frame: Frame, plan: Plan, connection: str
) -> list[Any]:
    batches = []
    for page in count(1):
        request = Request(
            operation="incidents/find_recent_incidents_on_connection",
            path=(connection,),
            arguments={
                "months": plan.months,
                "open_": True,
                "acknowledged": True,
                "resolved": True,
                "muted": True,
                "page": page,
                "limit": _INCIDENTS_A_PAGE,
                # Oldest first, so that new ones do not move what comes on the next page.
                "order": IncidentSortOrder.FIRSTSEEN,
                "direction": SortDirection.ASC,
            },
            told={},
        )
        _, rows = _read(client, frame, request)
        batches.append(plan.selected(rows.batch))
        if rows.items < _INCIDENTS_A_PAGE:
            break
    return batches


def _told(key: Key) -> dict[str, str]:
    return dict(zip(("connection", "schema", "table"), key, strict=True))


def _joined(frame: Frame, batches: Iterable[Any]) -> Iterator[Any]:
    """Put small batches together: some tables make one of a single row."""
    waiting: list[Any] = []
    size = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        waiting.append(batch)
        size += batch.num_rows
        if size >= _ROWS:
            yield from _as_one(frame, waiting)
            waiting, size = [], 0
    if waiting:
        yield from _as_one(frame, waiting)


def _as_one(frame: Frame, batches: list[Any]) -> Iterator[Any]:
    yield from pa.Table.from_batches(batches, frame.schema).combine_chunks().to_batches()
