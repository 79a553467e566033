"""What jobs do when they start and when they end, each by its kind and parameters alone.

Jobs that work on several tables start one child job for each, as the real server does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.deletion import delete_stored_data
from ..domain.selection import latest_results, select_results, select_tables
from ..patterns import matches
from ..results.quality_status import run_checks_result, sum_of_runs
from . import kinds
from .check_runs import run_checks_on_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ..domain.data import DomainData
    from ..seeds.seed import Connection, Table
    from .records import Job, JobKind

    Work = Callable[[DomainData, Job, datetime], "dict[str, Any] | None"]

__all__ = ["JobWork", "filters_of"]

_ON_TABLE: Mapping[JobKind, JobKind] = {
    kinds.COLLECT_ERROR_SAMPLES: kinds.COLLECT_ERROR_SAMPLES_ON_TABLE,
    kinds.COLLECT_STATISTICS: kinds.COLLECT_STATISTICS_ON_TABLE,
    kinds.RUN_CHECKS: kinds.RUN_CHECKS_ON_TABLE,
}

# What the real server allows with the free licence.
_JOBS_PER_CONNECTION = 2

# The providers that read files. The others look for tables in what a database lists.
_FILES = ("duckdb",)
_FAILED = "com.dqops.utils.exceptions.DqoRuntimeException"


class FailedJobError(RuntimeError):
    """What makes a job fail, in the two wordings of the real server.

    Args:
        message: What those are told who wait for the job.
        kind: The Java exception, whose name comes first in the job's error message.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.error_message = f"{kind}: {message}"


class JobWork:
    """Does the work of the jobs of a data domain, for its queue.

    Args:
        domain: What the jobs work on.
    """

    def __init__(self, domain: DomainData) -> None:
        self._domain = domain

    def children_of(self, job: Job) -> Iterator[tuple[JobKind, dict[str, Any]]]:
        """Tell which jobs do the work of a job, one for each table that its filters select.

        Args:
            job: A job that has just started to run.

        Yields:
            Kind and parameters of each.
        """
        kind = _ON_TABLE.get(job.kind)
        if kind is None:
            return
        inherited = {key: value for key, value in job.parameters.items() if key != job.kind.result}
        for connection, table in select_tables(self._domain, filters_of(job.parameters)):
            names = {
                "connection": connection.name,
                "table": {"schema_name": table.schema, "table_name": table.name},
            }
            limit = {"max_jobs_per_connection": _JOBS_PER_CONNECTION}
            yield kind, {**names, **limit, **inherited}

    def finish_job(
        self, job: Job, children: Sequence[Job], moment: datetime
    ) -> dict[str, Any] | None:
        """Do the work of a job.

        Args:
            job: A job that ends now.
            children: The jobs that have done its work.
            moment: When (UTC).

        Returns:
            The result in JSON; None if there is none.

        Raises:
            LookupError: Something that the job needs does not exist.
            RuntimeError: A test has said that this run fails, or a child job has failed.
        """
        add_up = _TOTALS.get(job.kind)
        if add_up is None:
            return _WORK[job.kind](self._domain, job, moment)
        for child in children:
            if child.status == "failed":
                raise RuntimeError(child.error_message)
        return add_up([child.result for child in children if child.result is not None])


def filters_of(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the search filters of a job.

    Args:
        parameters: The job's parameters.

    Returns:
        `CheckSearchFilters` or `StatisticsCollectorSearchFilters`.
    """
    for name in ("check_search_filters", "statistics_collector_search_filters"):
        filters: Mapping[str, Any] | None = parameters.get(name)
        if filters:
            return filters
    return {}


def _run_checks_on_table(state: DomainData, job: Job, moment: datetime) -> dict[str, Any]:
    found = _table_of(state, job)
    if found is None:
        return run_checks_result(0, [])
    connection, table = found
    filters = filters_of(job.parameters)
    return run_checks_on_table(state, connection, table, job.parameters, filters, moment)


def _collect_error_samples_on_table(state: DomainData, job: Job, _: datetime) -> dict[str, Any]:
    found = _table_of(state, job)
    results = [] if found is None else select_results(state, *found, filters_of(job.parameters))
    latest = latest_results(results)
    columns = {result.column for result in latest if result.column is not None}
    failed = [result for result in latest if result.is_issue]
    return {
        "executed_error_samplers": len(failed),
        "columns_analyzed": len(columns),
        "columns_successfully_analyzed": len(columns),
        "total_error_samplers_failed": 0,
        "total_error_samples_collected": sum(len(result.samples) or 5 for result in failed),
    }


def _collect_statistics_on_table(state: DomainData, job: Job, moment: datetime) -> dict[str, Any]:
    found = _table_of(state, job)
    patterns = filters_of(job.parameters).get("columnNames") or ["*"]
    columns = [
        column
        for column in (() if found is None else found[1].columns)
        if any(matches(pattern, column.name) for pattern in patterns)
    ]
    if found is not None:
        connection, table = found
        key = (connection.name, table.schema, table.name)
        state.statistics |= {(key, column.name): moment for column in columns}
    return {
        "executed_statistics_collectors": 4 * len(columns),
        "columns_analyzed": len(columns),
        "columns_successfully_analyzed": len(columns),
        "total_collectors_failed": 0,
        "total_collected_results": 4 * len(columns),
    }


def _delete_stored_data(state: DomainData, job: Job, _: datetime) -> dict[str, Any]:
    return delete_stored_data(state, job.parameters)


def _import_tables(state: DomainData, job: Job, __: datetime) -> dict[str, Any]:
    body = job.parameters
    name = body.get("connectionName")
    if name is None or state.connection(name) is None:
        raise LookupError(f"Connection {name!r} was not found.")
    names = body.get("tableNames")
    if names is None:
        message = 'the list "tableNames" is null, and the import needs it'
        raise FailedJobError(message, "java.lang.NullPointerException")
    schema, part = body.get("schemaName") or "*", body.get("tableNameContains") or ""
    names = [each for each in names if part in each]
    if state.catalog.connections[name].get("provider_type") in _FILES:
        _check_files(state, name, schema, names)
    found = [
        table
        for connection, table in state.tables(imported=False)
        if connection.name == name and _is_in(schema, table.schema) and table.name in names
    ][: body.get("tablesImportLimit")]
    for table in found:
        state.catalog.import_table((name, table.schema, table.name))
    specs = [state.catalog.tables[name, table.schema, table.name] for table in found]
    return {"source_table_specs": specs}


def _is_in(pattern: str, schema: str) -> bool:
    return matches(pattern, schema) if "*" in pattern else pattern == schema


def _check_files(state: DomainData, connection: str, schema: str, names: Iterable[str]) -> None:
    """Fail as reading a file does that there is not; every schema has to have every table."""
    catalog = state.catalog
    known = {key for key in (*catalog.tables, *catalog.remote_tables) if key[0] == connection}
    schemas = dict.fromkeys(key[1] for key in known if _is_in(schema, key[1]))
    if not schemas and "*" not in schema:
        message = f"there is no folder for the schema {schema!r}"
        raise FailedJobError(message, f"{_FAILED}: java.lang.IndexOutOfBoundsException")
    for each in schemas:
        for name in names:
            if (connection, each, name) not in known:
                message = f"there is no file for the table '{each}.{name}'"
                kind = "com.dqops.connectors.jdbc.JdbcQueryFailedException"
                raise FailedJobError(message, f"{_FAILED}: {kind}")


def _synchronize_folders(state: DomainData, job: Job, _: datetime) -> None:
    """Change nothing; there are no folders, and without a key for the cloud there is no way."""
    folders = [name for name, value in job.parameters.items() if value is True]
    if not state.settings.cloud_paired and set(folders) & set(kinds.FOLDERS):
        kind = "com.dqops.core.dqocloud.apikey.DqoCloudInvalidKeyException"
        raise FailedJobError(
            f"{kind}: there is no valid key for DQOps Cloud, or synchronizing is switched off",
            "com.dqops.core.jobqueue.exceptions.DqoQueueJobExecutionException",
        )


def _sums(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: sum(part[name] for part in parts) for name in names}


def _table_of(state: DomainData, job: Job) -> tuple[Connection, Table] | None:
    """Find the table of a child job; it may be gone by now."""
    name = job.parameters["connection"]
    place = job.parameters["table"]
    connection = state.connection(name)
    table = state.table(name, place["schema_name"], place["table_name"])
    return None if connection is None or table is None else (connection, table)


_WORK: Mapping[JobKind, Work] = {
    kinds.COLLECT_ERROR_SAMPLES_ON_TABLE: _collect_error_samples_on_table,
    kinds.COLLECT_STATISTICS_ON_TABLE: _collect_statistics_on_table,
    kinds.DELETE_STORED_DATA: _delete_stored_data,
    kinds.IMPORT_TABLES: _import_tables,
    kinds.RUN_CHECKS_ON_TABLE: _run_checks_on_table,
    kinds.SYNCHRONIZE_FOLDERS: _synchronize_folders,
}

# What becomes of the results of the children, where they do all the work.
_TOTALS: Mapping[JobKind, Callable[[list[Mapping[str, Any]]], dict[str, Any]]] = {
    kinds.COLLECT_ERROR_SAMPLES: _sums,
    kinds.COLLECT_STATISTICS: _sums,
    kinds.RUN_CHECKS: sum_of_runs,
}
