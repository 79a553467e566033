"""How many data quality issues a table has by day, column and check."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .selection import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .stored_results import CheckResult

__all__ = ["is_in_histogram", "issue_histogram"]

_BY_SEVERITY = {1: "warnings", 2: "errors", 3: "fatals"}
# The real server stands for a table-level check with this name among the columns.
_TABLE_LEVEL = "(table)"
_FLAGS = {
    "hasProfilingIssues": ("profiling", None),
    "hasDailyMonitoringIssues": ("monitoring", "daily"),
    "hasMonthlyMonitoringIssues": ("monitoring", "monthly"),
    "hasDailyPartitionedIssues": ("partitioned", "daily"),
    "hasMonthlyPartitionedIssues": ("partitioned", "monthly"),
}


def issue_histogram(
    results: Iterable[CheckResult], parameters: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Count issues (`IssueHistogramModel`): results of severity 1 to 3.

    Args:
        results: The stored results of a table and its columns.
        parameters: The query parameters.
        now: The time (UTC) from which `days` is counted.

    Returns:
        The JSON object; days in order, columns and checks with the most issues first.
    """
    issues = [
        result
        for result in results
        if result.severity in _BY_SEVERITY and is_in_histogram(result, parameters, now)
    ]
    days: dict[str, dict[str, int]] = {}
    for result in sorted(issues, key=lambda result: result.executed_at):
        day = days.setdefault(
            result.executed_at.date().isoformat(),
            {"warnings": 0, "errors": 0, "fatals": 0, "totalCount": 0},
        )
        day[_BY_SEVERITY[result.severity]] += 1
        day["totalCount"] += 1
    found = {(result.check_type, result.time_scale) for result in issues}
    return {
        **{name: kind in found for name, kind in _FLAGS.items()},
        "days": days,
        "columns": dict(Counter(result.column or _TABLE_LEVEL for result in issues).most_common()),
        "checks": dict(Counter(result.check_name for result in issues).most_common()),
    }


def is_in_histogram(result: CheckResult, parameters: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether query parameters select a result.

    Args:
        result: The result.
        parameters: The query parameters.
        now: The time (UTC) from which `days` is counted.

    Returns:
        Whether it counts.
    """
    day = result.executed_at.date()
    if "executedSince" in parameters and day < date.fromisoformat(parameters["executedSince"]):
        return False
    if "date" in parameters and day != date.fromisoformat(parameters["date"]):
        return False
    if "days" in parameters and day < _days_before(now.date(), parameters["days"]):
        return False
    compared = {
        "column": result.column or _TABLE_LEVEL,
        "check": result.check_name,
        "checkType": result.check_type,
    }
    for name, value in compared.items():
        if name in parameters and parameters[name] != value:
            return False
    pattern = parameters.get("filter")
    texts = (result.check_name, result.category, result.column, result.data_group)
    return pattern is None or any(matches(pattern, text) for text in texts)


def _days_before(day: date, days: int) -> date:
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return date.min if days > 0 else date.max
