"""Which check results and tables the filters of a request select."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.errors import RefusedRequestError
from ..patterns import has_labels, matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..checks.active import ActiveCheck
    from ..results.check_results import CheckResult, TableKey
    from ..seeds.seed import Connection, Table
    from .data import DomainData

__all__ = ["latest_results", "select_checks", "select_results", "select_tables"]

# What the simulated state knows nothing about. Ignoring such a filter would select too much.
_UNKNOWN_FILTERS = ("checkHierarchyIdsModels", "collectorsHierarchyIdsModels")


def select_tables(state: DomainData, filters: Mapping[str, Any]) -> list[tuple[Connection, Table]]:
    """Find the tables that search filters select by connection, table and labels.

    Only the labels of the table itself select something to run, and all are needed. Tags restrict
    nothing, as on DQOps since 1.3.

    Args:
        state: Where to look.
        filters: `CheckSearchFilters` or `StatisticsCollectorSearchFilters`.

    Returns:
        The tables with their connections.

    Raises:
        RefusedRequestError: A filter is set that the simulator knows nothing about (501).
    """
    for name in _UNKNOWN_FILTERS:
        if filters.get(name):
            raise RefusedRequestError(501, f"The simulator cannot select by {name!r} yet.")
    return [
        (connection, table)
        for connection, table in state.tables()
        if matches(filters.get("connection"), connection.name)
        and matches(filters.get("fullTableName"), table.full_name)
        and has_labels(filters.get("labels"), table.labels)
    ]


def select_results(
    state: DomainData, connection: Connection, table: Table, filters: Mapping[str, Any]
) -> list[CheckResult]:
    """Find the results of a table that search filters select.

    Args:
        state: Where to look.
        connection: The table's connection.
        table: A table that `select_tables` found.
        filters: `CheckSearchFilters`.

    Returns:
        The results; with `maxResults`, those of so many checks of the table.
    """
    if filters.get("enabled") is False:
        return []  # every check of the simulated state is enabled
    conditions = _conditions(filters, table)
    results = state.results_of(connection.name, table.schema, table.name)
    found = [result for result in results if all(is_met(result) for is_met in conditions)]
    limit = filters.get("maxResults")
    if limit is None:
        return found
    checks = list(dict.fromkeys(result.check_hash for result in found))[: max(limit, 0)]
    return [result for result in found if result.check_hash in checks]


def select_checks(
    state: DomainData, key: TableKey, table: Table, filters: Mapping[str, Any]
) -> list[tuple[ActiveCheck, CheckResult]]:
    """Find the active checks of a table that search filters select.

    Args:
        state: Where to look.
        key: The table's names.
        table: A table that `select_tables` found.
        filters: `CheckSearchFilters`.

    Returns:
        The checks, each with its newest result; with one that has never been stored if there is
        none. With `maxResults`, there are not more.
    """
    if filters.get("enabled") is False:
        return []  # disabled checks are not active
    known: dict[int, CheckResult] = {}
    for result in state.stored.of_table(key):
        before = known.get(result.check_hash)
        if before is None or before.executed_at <= result.executed_at:
            known[result.check_hash] = result
    conditions = _conditions(filters, table)
    found: list[tuple[ActiveCheck, CheckResult]] = []
    for check in state.active_checks(key):
        template = check.first_result(key)
        template = known.get(template.check_hash, template)
        if all(is_met(template) for is_met in conditions):
            found.append((check, template))
    limit = filters.get("maxResults")
    return found if limit is None else found[: max(limit, 0)]


def latest_results(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Keep what counts now: the newest result of each check and data group.

    Args:
        results: Results of one table.

    Returns:
        The newest results; for partitioned checks the newest of each period.
    """
    latest: dict[tuple[Any, ...], CheckResult] = {}
    for result in results:
        period = result.period if result.check_type == "partitioned" else None
        key = (result.check_hash, result.data_group, period)
        known = latest.get(key)
        if known is None or _age(result) >= _age(known):
            latest[key] = result
    return list(latest.values())


def _age(result: CheckResult) -> tuple[Any, ...]:
    return (result.executed_at, result.period)


def _conditions(filters: Mapping[str, Any], table: Table) -> list[Callable[[CheckResult], bool]]:
    """Make a condition of each filter that is set."""
    # For each filter, the property of the result that it compares; `*` is allowed in all.
    compared: dict[str, Callable[[CheckResult], str | None]] = {
        "column": lambda result: result.column,
        "checkTarget": lambda result: "table" if result.column is None else "column",
        "checkType": lambda result: result.check_type,
        "timeScale": lambda result: result.time_scale,
        "checkCategory": lambda result: result.category,
        "qualityDimension": lambda result: result.quality_dimension,
        "tableComparisonName": lambda result: result.table_comparison,
        "checkName": lambda result: result.check_name,
        "sensorName": lambda result: result.sensor_name,
        "columnDataType": lambda result: _data_type(table, result),
    }
    conditions: list[Callable[[CheckResult], bool]] = []
    for name, read in compared.items():
        pattern = filters.get(name)
        if name == "checkTarget" and pattern == "column" and not filters.get("column"):
            continue  # the server runs the checks of the table, too
        if pattern:
            conditions.append(_condition(pattern, read))
    nullable = filters.get("columnNullable")
    if nullable is not None:
        conditions.append(lambda result: _is_nullable(table, result) is nullable)
    return conditions


def _condition(
    pattern: str, read: Callable[[CheckResult], str | None]
) -> Callable[[CheckResult], bool]:
    return lambda result: matches(pattern, read(result))


def _data_type(table: Table, result: CheckResult) -> str | None:
    column = None if result.column is None else table.column(result.column)
    return None if column is None else column.data_type


def _is_nullable(table: Table, result: CheckResult) -> bool | None:
    column = None if result.column is None else table.column(result.column)
    return None if column is None else column.nullable
