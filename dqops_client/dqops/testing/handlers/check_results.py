"""The operations of the group `check_results`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..check_result_lists import check_result_lists
from ..histogram import issue_histogram
from ..messages import Answer
from ..quality_status import table_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..seeds import Connection, Table
    from .call import Call, Handler

__all__ = ["HANDLERS"]


def _results(check_type: str, *, of_column: bool) -> Handler:
    """Make the handler of one of the six operations that list results."""

    def handler(call: Call) -> Answer:
        column = call.parameters["columnName"] if of_column else None
        found = _table(call)
        if found is None or (column is not None and found[1].column(column) is None):
            return Answer.of_json(404, [])
        connection, table = found
        time_scale = call.parameters.get("timeScale")
        results = [
            result
            for result in call.state.results_of(connection.name, table.schema, table.name)
            if (result.check_type, result.time_scale) == (check_type, time_scale)
            and result.column == column
        ]
        return Answer.of_json(
            200, check_result_lists(results, connection.provider, call.parameters)
        )

    return handler


def _get_table_data_quality_status(call: Call) -> Answer:
    found = _table(call)
    if found is None:
        return Answer(404)
    connection, table = found
    results = call.state.results_of(connection.name, table.schema, table.name)
    now = call.state.clock.now()
    return Answer.of_json(200, table_status(connection, table, results, call.parameters, now))


def _get_table_issues_histogram(call: Call) -> Answer:
    found = _table(call)
    if found is None:
        return Answer(404)
    connection, table = found
    results = call.state.results_of(connection.name, table.schema, table.name)
    return Answer.of_json(200, issue_histogram(results, call.parameters, call.state.clock.now()))


def _table(call: Call) -> tuple[Connection, Table] | None:
    connection = call.state.connection(call.parameters["connectionName"])
    if connection is None:
        return None
    table = call.state.table(
        connection.name, call.parameters["schemaName"], call.parameters["tableName"]
    )
    return None if table is None else (connection, table)


HANDLERS: Mapping[str, Handler] = {
    "get_column_monitoring_checks_results": _results("monitoring", of_column=True),
    "get_column_partitioned_checks_results": _results("partitioned", of_column=True),
    "get_column_profiling_checks_results": _results("profiling", of_column=True),
    "get_table_data_quality_status": _get_table_data_quality_status,
    "get_table_issues_histogram": _get_table_issues_histogram,
    "get_table_monitoring_checks_results": _results("monitoring", of_column=False),
    "get_table_partitioned_checks_results": _results("partitioned", of_column=False),
    "get_table_profiling_checks_results": _results("profiling", of_column=False),
}
