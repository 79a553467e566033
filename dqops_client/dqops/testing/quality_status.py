"""The data quality status of a table, and the outcome of a run of its checks."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .selection import latest_results
from .stored_results import EXECUTION_ERROR, SEVERITIES
from .wire import compact, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .seeds import Connection, Table
    from .stored_results import CheckResult

__all__ = ["run_checks_result", "sum_of_runs", "table_status"]

_COUNTS = ("valid_results", "warnings", "errors", "fatals", "execution_errors")
# Which check types count if the caller does not say.
_TYPES_BY_DEFAULT = {"profiling": False, "monitoring": True, "partitioned": True}


def table_status(
    connection: Connection,
    table: Table,
    results: Iterable[CheckResult],
    parameters: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Summarize a table (`TableCurrentDataQualityStatusModel`).

    Args:
        connection: The table's connection.
        table: The table.
        results: The stored results of the table and its columns.
        parameters: The query parameters. Without `months` results of every age count.
        now: The time (UTC) from which `months` is counted.

    Returns:
        The JSON object.
    """
    selected = [result for result in results if _counts(result, parameters, now)]
    of_table = [result for result in selected if result.column is None]
    columns = sorted({result.column for result in selected if result.column is not None})
    row_counts = [
        result.actual_value
        for result in sorted(of_table, key=_executed_at)
        if result.check_name.endswith("row_count")
        and result.check_type != "partitioned"
        and result.actual_value is not None
    ]
    return compact(
        {
            "connection_name": connection.name,
            "schema_name": table.schema,
            "table_name": table.name,
            "total_row_count": int(row_counts[-1]) if row_counts else None,
            **_summary(selected),
            "checks": _by_check(of_table),
            "columns": {
                name: _column_status([result for result in selected if result.column == name])
                for name in columns
            },
            "dimensions": _by_dimension(selected),
            "table_exist": True,
        }
    )


def run_checks_result(executed: int, results: Iterable[CheckResult]) -> dict[str, Any]:
    """Say what a run of checks finds (`RunChecksResult`).

    Args:
        executed: How many checks it executes.
        results: The results that are new, and the execution errors.

    Returns:
        The JSON object. A warning counts as valid as well.
    """
    severities = [result.severity for result in results]
    counts = Counter(severities)
    return {
        "highest_severity": _highest(severities),
        "executed_checks": executed,
        "valid_results": counts[0] + counts[1],
        **{name: counts[severity] for severity, name in enumerate(_COUNTS) if severity},
    }


def sum_of_runs(runs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up the outcomes of runs on several tables.

    Args:
        runs: `RunChecksResult` objects.

    Returns:
        One `RunChecksResult` for all.
    """
    parts = list(runs)
    severities = (SEVERITIES.index(part["highest_severity"]) for part in parts)
    return {
        "highest_severity": _highest(severities),
        **{name: sum(part[name] for part in parts) for name in ("executed_checks", *_COUNTS)},
    }


def _highest(severities: Iterable[int]) -> str:
    """Name the highest severity; nothing at all is valid, and execution errors are none."""
    return SEVERITIES[max((each for each in severities if each != EXECUTION_ERROR), default=0)]


def _counts(result: CheckResult, parameters: Mapping[str, Any], now: datetime) -> bool:
    if not parameters.get(result.check_type, _TYPES_BY_DEFAULT[result.check_type]):
        return False
    compared = {
        "checkTimeScale": result.time_scale,
        "dataGroup": result.data_group,
        "checkName": result.check_name,
        "category": result.category,
        "tableComparison": result.table_comparison,
        "qualityDimension": result.quality_dimension,
    }
    for name, value in compared.items():
        if name in parameters and parameters[name] != value:
            return False
    if "since" in parameters and result.executed_at < _local(parameters["since"]):
        return False
    if "months" in parameters:
        # The current month and as many before it as asked for.
        age = (now.year - result.period.year) * 12 + now.month - result.period.month
        return bool(age <= parameters["months"])
    return True


def _local(text: str) -> datetime:
    """Read a local time; the time zone of the simulated server is UTC."""
    whole, _, fraction = text.partition(".")
    moment = datetime.fromisoformat(whole).replace(tzinfo=UTC)
    return moment.replace(microsecond=int(f"{fraction:0<6}"[:6]))


def _column_status(results: list[CheckResult]) -> dict[str, Any]:
    return {
        **_summary(results),
        "checks": _by_check(results),
        "dimensions": _by_dimension(results),
    }


def _summary(results: list[CheckResult]) -> dict[str, Any]:
    """Give what statuses of tables, columns and dimensions have in common."""
    counts = _counted(results)
    rated = len(results) - counts["execution_errors"]
    passed = counts["valid_results"] + counts["warnings"]  # a warning is no failure for the KPI
    return compact(
        {
            "current_severity": _severity_name(_rule_severities(latest_results(results))),
            "highest_historical_severity": _severity_name(_rule_severities(results)),
            "last_check_executed_at": _last_executed_at(results),
            "executed_checks": len(results),
            **counts,
            "data_quality_kpi": 100.0 * passed / rated if rated else None,
        }
    )


def _by_check(results: list[CheckResult]) -> dict[str, Any]:
    return _grouped(results, lambda result: result.check_name, _check_status)


def _by_dimension(results: list[CheckResult]) -> dict[str, Any]:
    def status(group: list[CheckResult]) -> dict[str, Any]:
        return {"dimension": group[0].quality_dimension, **_summary(group)}

    return _grouped(results, lambda result: result.quality_dimension, status)


def _grouped(
    results: list[CheckResult],
    key: Callable[[CheckResult], str],
    status: Callable[[list[CheckResult]], dict[str, Any]],
) -> dict[str, Any]:
    groups: dict[str, list[CheckResult]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return {name: status(groups[name]) for name in sorted(groups)}


def _check_status(results: list[CheckResult]) -> dict[str, Any]:
    newest = max(results, key=_executed_at)
    current = max(result.severity for result in latest_results(results))
    return compact(
        {
            "current_severity": SEVERITIES[current],
            "highest_historical_severity": _severity_name(_rule_severities(results)),
            "last_executed_at": _last_executed_at(results),
            "column_name": newest.column,
            "check_type": newest.check_type,
            "time_scale": newest.time_scale,
            "category": newest.category,
            "quality_dimension": newest.quality_dimension,
            "executed_checks": len(results),
            **_counted(results),
        }
    )


def _counted(results: Iterable[CheckResult]) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(_COUNTS, 0)
    for result in results:
        counts[_COUNTS[result.severity]] += 1
    return counts


def _rule_severities(results: Iterable[CheckResult]) -> list[int]:
    return [result.severity for result in results if not result.is_execution_error]


def _severity_name(severities: list[int]) -> str | None:
    return SEVERITIES[max(severities)] if severities else None


def _executed_at(result: CheckResult) -> datetime:
    return result.executed_at


def _last_executed_at(results: list[CheckResult]) -> str | None:
    return instant(max(result.executed_at for result in results)) if results else None
