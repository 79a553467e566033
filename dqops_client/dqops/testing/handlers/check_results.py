"""The operations that show stored check results, in all their forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..http.downloads import download
from ..http.messages import Response
from ..results.check_results import CHECK_TYPES
from ..results.histogram import issue_histogram
from ..results.lists import View, check_result_lists
from ..results.quality_status import TableStatus, status_filter
from ..results.views import (
    error_lists,
    error_sample_lists,
    error_samples_file,
    overviews,
    sensor_readout_lists,
)
from ..zones import instant_of, month_before

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..results.check_results import CheckResult
    from ..seeds.seed import Connection, Table
    from .call import Call, Handler

    Lists = Callable[[list[CheckResult], View], list[dict[str, Any]]]

__all__ = ["HANDLERS"]

# Three names of operations that follow no rule, as the API has them.
_COLUMN_DOWNLOADS = {
    "profiling": "get_column_profiling_error_samples_download",
    "monitoring": "get_monitoring_profiling_error_samples_download",
    "partitioned": "get_partitioned_profiling_error_samples_download",
}


def _listing(
    check_type: str, lists: Lists, *, of_column: bool, of_readouts: bool = False
) -> Handler:
    """Make the handler of an operation that lists results or sensor readouts in some form."""

    def handler(call: Call) -> Response:
        found = _results(call, check_type, of_column=of_column, of_readouts=of_readouts)
        if found is None:
            return Response.of_json(404, [])
        view, results = found
        return Response.of_json(200, lists(results, view))

    return handler


def _downloading(check_type: str, *, of_column: bool) -> Handler:
    """Make the handler of an operation that writes error samples into a file."""

    def handler(call: Call) -> Response:
        found = _results(call, check_type, of_column=of_column)
        if found is None:
            return Response(404)
        view, results = found
        parts = [call.parameters[f"{part}Name"] for part in ("connection", "schema", "table")]
        if of_column:
            parts.append(call.parameters["columnName"])
        lists = error_sample_lists(results, view)
        check = f"_{lists[0]['checkCategory']}_{lists[0]['checkName']}" if lists else ""
        now = call.account.clock.now().astimezone(call.account.settings.zone)
        name = f"Error_samples_{'.'.join(parts)}{check}_{now:%Y-%m-%d_%H:%M:%S}.csv"
        content = error_samples_file(results, view)
        return download(content.encode(), "text/csv", name, is_quoted=False)

    return handler


def _results(
    call: Call, check_type: str, *, of_column: bool, of_readouts: bool = False
) -> tuple[View, list[CheckResult]] | None:
    """Find what is stored of a check type and time scale; None if table or column is unknown."""
    column = call.parameters["columnName"] if of_column else None
    found = _table(call)
    if found is None or (column is not None and found[1].column(column) is None):
        return None
    connection, _ = found
    time_scale = call.parameters.get("timeScale")
    stored = call.state.stored
    kept = stored.readouts_of if of_readouts else stored.of_table
    results = [
        result
        for result in kept(call.table_key)
        if (result.check_type, result.time_scale) == (check_type, time_scale)
        and result.column == column
    ]
    parameters = call.parameters
    zone = call.state.settings.zone
    return View(connection.provider, parameters, call.state.local_now, zone), results


def _get_table_data_quality_status(call: Call) -> Response:
    if _table(call) is None:
        return Response(404)
    state = call.state
    counts = status_filter(call.parameters, state.clock.now(), state.settings.zone)
    status = TableStatus(filter(counts, state.stored.of_table(call.table_key)))
    return Response.of_json(200, status.model(call.table_key, state.name))


def _get_table_issues_histogram(call: Call) -> Response:
    if _table(call) is None:
        return Response(404)
    results = call.state.stored.of_table(call.table_key)
    now, zone = call.state.local_now, call.state.settings.zone
    first = call.parameters.get("executedSince")
    since = instant_of(month_before(now) if first is None else _local_day(first), zone)
    executed = [result for result in results if result.executed_at >= since]
    return Response.of_json(200, issue_histogram(executed, call.parameters, now, zone))


def _local_day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _table(call: Call) -> tuple[Connection, Table] | None:
    connection = call.state.connection(call.parameters["connectionName"])
    table = call.state.table(*call.table_key)
    return None if connection is None or table is None else (connection, table)


_FORMS: Mapping[str, Lists] = {
    "checks_overview": overviews,
    "checks_results": check_result_lists,
    "error_samples": error_sample_lists,
    "errors": error_lists,
    "sensor_readouts": sensor_readout_lists,
}

HANDLERS: Mapping[str, Handler] = {
    **{
        f"get_{target}_{check_type}_{form}": _listing(
            check_type,
            lists,
            of_column=target == "column",
            of_readouts=form == "sensor_readouts",
        )
        for form, lists in _FORMS.items()
        for check_type in CHECK_TYPES
        for target in ("table", "column")
    },
    **{
        f"get_table_{check_type}_error_samples_download": _downloading(check_type, of_column=False)
        for check_type in CHECK_TYPES
    },
    **{
        name: _downloading(check_type, of_column=True)
        for check_type, name in _COLUMN_DOWNLOADS.items()
    },
    "get_table_data_quality_status": _get_table_data_quality_status,
    "get_table_issues_histogram": _get_table_issues_histogram,
}
