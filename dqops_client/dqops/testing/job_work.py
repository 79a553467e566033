"""The kinds of jobs that callers can start, and what each of them does.

Jobs that work on several tables start one child job for each, as the real server does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .job_queue import Job, JobKind
from .quality_status import run_checks_result, sum_of_runs
from .selection import latest_results, matches, select_results, select_tables
from .wire import compact, local_date_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from .seeds import CheckResult, Connection, Table
    from .state import State

__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "RUN_CHECKS",
    "collect_error_samples",
    "collect_statistics",
    "delete_stored_data",
    "import_tables",
    "run_checks",
    "synchronize_folders",
]

COLLECT_ERROR_SAMPLES = JobKind(
    "collect_error_samples", "collectErrorSamplesParameters", "error_sampler_result"
)
RUN_CHECKS = JobKind("run_checks", "runChecksParameters", "run_checks_result")
_COLLECT_ERROR_SAMPLES_ON_TABLE = JobKind(
    "collect_error_samples_on_table", "collectErrorSamplesOnTableParameters", "error_sampler_result"
)
_COLLECT_STATISTICS = JobKind(
    "collect_statistics", "collectStatisticsParameters", "collect_statistics_result"
)
_COLLECT_STATISTICS_ON_TABLE = JobKind(
    "collect_statistics_on_table",
    "collectStatisticsOnTableParameters",
    "collect_statistics_result",
)
_DELETE_STORED_DATA = JobKind("delete_stored_data", "deleteStoredDataParameters")
_IMPORT_TABLES = JobKind("import_tables", "importTableParameters")
_RUN_CHECKS_ON_TABLE = JobKind(
    "run_checks_on_table", "runChecksOnTableParameters", "run_checks_result"
)
_SYNCHRONIZE_FOLDERS = JobKind(
    "synchronize_multiple_folders", "synchronizeMultipleFoldersParameters"
)


def run_checks(state: State, body: Mapping[str, Any], business_key: str | None) -> Job:
    """Start a job that runs checks.

    Args:
        state: The server's state.
        body: `RunChecksParameters`.
        business_key: The caller's key for the job.

    Returns:
        The queued job.

    Raises:
        RefusedRequestError: A filter is set that the simulator knows nothing about (501).
    """
    filters = body.get("check_search_filters") or {}

    def on_table(connection: Connection, table: Table) -> dict[str, Any]:
        return run_checks_result(select_results(state, connection, table, filters))

    return _submit_for_tables(
        state, RUN_CHECKS, _RUN_CHECKS_ON_TABLE, body, filters, on_table, sum_of_runs, business_key
    )


def collect_error_samples(state: State, body: Mapping[str, Any], business_key: str | None) -> Job:
    """Start a job that collects error samples: five for each failed check.

    Args:
        state: The server's state.
        body: `CollectErrorSamplesParameters`.
        business_key: The caller's key for the job.

    Returns:
        The queued job.

    Raises:
        RefusedRequestError: A filter is set that the simulator knows nothing about (501).
    """
    filters = body.get("check_search_filters") or {}

    def on_table(connection: Connection, table: Table) -> dict[str, Any]:
        latest = latest_results(select_results(state, connection, table, filters))
        columns = {result.column for result in latest if result.column is not None}
        failed = [result for result in latest if 0 < result.severity < 4]
        return {
            "executed_error_samplers": len(failed),
            "columns_analyzed": len(columns),
            "columns_successfully_analyzed": len(columns),
            "total_error_samplers_failed": 0,
            "total_error_samples_collected": 5 * len(failed),
        }

    return _submit_for_tables(
        state,
        COLLECT_ERROR_SAMPLES,
        _COLLECT_ERROR_SAMPLES_ON_TABLE,
        body,
        filters,
        on_table,
        _sums,
        business_key,
    )


def collect_statistics(
    state: State, body: Mapping[str, Any], business_key: str | None, **options: Any
) -> Job:
    """Start a job that collects statistics: four values for each column.

    Args:
        state: The server's state.
        body: `StatisticsCollectorSearchFilters`.
        business_key: The caller's key for the job.
        options: Further properties of `CollectStatisticsQueueJobParameters`; None leaves one out.

    Returns:
        The queued job.

    Raises:
        RefusedRequestError: A filter is set that the simulator knows nothing about (501).
    """
    parameters = compact({"statistics_collector_search_filters": body, **options})
    patterns = body.get("columnNames") or ["*"]

    def on_table(_connection: Connection, table: Table) -> dict[str, Any]:
        columns = [
            column
            for column in table.columns
            if any(matches(pattern, column.name) for pattern in patterns)
        ]
        return {
            "executed_statistics_collectors": 4 * len(columns),
            "columns_analyzed": len(columns),
            "columns_successfully_analyzed": len(columns),
            "total_collectors_failed": 0,
            "total_collected_results": 4 * len(columns),
        }

    return _submit_for_tables(
        state,
        _COLLECT_STATISTICS,
        _COLLECT_STATISTICS_ON_TABLE,
        parameters,
        body,
        on_table,
        _sums,
        business_key,
    )


def delete_stored_data(state: State, body: Mapping[str, Any], business_key: str | None) -> Job:
    """Start a job that deletes stored check results, if the body says so.

    Args:
        state: The server's state.
        body: `DeleteStoredDataQueueJobParameters`.
        business_key: The caller's key for the job.

    Returns:
        The queued job.
    """

    def work() -> dict[str, Any]:
        partitions: dict[str, dict[str, Any]] = {}
        if body.get("deleteCheckResults"):
            for result in state.delete_check_results(lambda result: _is_deleted(result, body)):
                name = (
                    f"check_results/c={result.connection}/t={result.schema}.{result.table}"
                    f"/m={result.period:%Y-%m}-01"
                )
                empty = {"rowsAffectedCount": 0, "partitionDeleted": False}
                partitions.setdefault(name, empty)["rowsAffectedCount"] += 1
        return {"partitionResults": partitions}

    return state.queue.submit(_DELETE_STORED_DATA, body, work, business_key=business_key)


def import_tables(state: State, body: Mapping[str, Any], business_key: str | None) -> Job:
    """Start a job that imports tables that only the data source knows.

    Args:
        state: The server's state.
        body: `ImportTablesQueueJobParameters`.
        business_key: The caller's key for the job.

    Returns:
        The queued job; it fails if the connection is unknown.
    """

    def work() -> dict[str, Any]:
        name = body.get("connectionName")
        if name is None or state.connection(name) is None:
            raise LookupError(f"Connection {name!r} was not found.")
        names = body.get("tableNames")
        found = [
            (connection, table)
            for connection, table in state.tables(imported=False)
            if connection.name == name
            and body.get("schemaName") in (None, table.schema)
            and body.get("tableNameContains", "") in table.name
            and (names is None or table.name in names)
        ][: body.get("tablesImportLimit")]
        for connection, table in found:
            state.import_table(connection, table)
        return {"source_table_specs": [_table_specification(table) for _, table in found]}

    return state.queue.submit(_IMPORT_TABLES, body, work, business_key=business_key)


def synchronize_folders(state: State, body: Mapping[str, Any], business_key: str | None) -> Job:
    """Start a job that synchronizes folders; it changes nothing and has no result.

    Args:
        state: The server's state.
        body: `SynchronizeMultipleFoldersDqoQueueJobParameters`.
        business_key: The caller's key for the job.

    Returns:
        The queued job.
    """
    return state.queue.submit(_SYNCHRONIZE_FOLDERS, body, lambda: None, business_key=business_key)


def _submit_for_tables(
    state: State,
    kind: JobKind,
    kind_on_table: JobKind,
    parameters: Mapping[str, Any],
    filters: Mapping[str, Any],
    on_table: Callable[[Connection, Table], dict[str, Any]],
    total: Callable[[list[Mapping[str, Any]]], dict[str, Any]],
    business_key: str | None,
) -> Job:
    """Start a job that starts a child for each table and adds up the children's results."""
    select_tables(state, filters)  # refuses filters that it does not know before a job is there
    jobs: list[Job] = []

    def start_children(job: Job, moment: datetime) -> None:
        for connection, table in select_tables(state, filters):
            state.queue.start_child(
                job,
                kind_on_table,
                {
                    "connection": connection.name,
                    "table": {"schema_name": table.schema, "table_name": table.name},
                    **{name: parameters[name] for name in parameters if name != kind.result},
                },
                _bound(on_table, connection, table),
                moment,
            )

    def work() -> dict[str, Any]:
        return total([child.result for child in jobs[0].children if child.result is not None])

    job = state.queue.submit(
        kind, parameters, work, business_key=business_key, on_start=start_children
    )
    jobs.append(job)
    return job


def _bound(
    on_table: Callable[[Connection, Table], dict[str, Any]], connection: Connection, table: Table
) -> Callable[[], dict[str, Any]]:
    return lambda: on_table(connection, table)


def _sums(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: sum(part[name] for part in parts) for name in names}


def _is_deleted(result: CheckResult, body: Mapping[str, Any]) -> bool:
    patterns = {
        "connection": result.connection,
        "fullTableName": f"{result.schema}.{result.table}",
        "checkCategory": result.category,
        "tableComparisonName": result.table_comparison,
        "checkName": result.check_name,
        "checkType": result.check_type,
        "sensorName": result.sensor_name,
        "dataGroupTag": result.data_group,
        "qualityDimension": result.quality_dimension,
        "timeGradient": "day" if result.time_scale == "daily" else "month",
    }
    if not all(matches(body.get(name), text) for name, text in patterns.items()):
        return False
    columns = body.get("columnNames")
    if columns and result.column not in columns:
        return False
    day = local_date_time(result.period)[:10]  # ISO dates sort like text
    return bool(body.get("dateStart", "") <= day <= body.get("dateEnd", "9999-12-31"))


def _table_specification(table: Table) -> dict[str, Any]:
    return {
        "columns": {
            column.name: {
                "type_snapshot": {"column_type": column.data_type, "nullable": column.nullable}
            }
            for column in table.columns
        }
    }
