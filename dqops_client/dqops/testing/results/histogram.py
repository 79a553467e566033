"""How many data quality issues a table has by day, column and check."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..patterns import matches
from ..zones import instant_of, local_time
from .lists import TIME_GRADIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from .check_results import CheckResult

__all__ = ["is_in_histogram", "issue_histogram"]

_BY_SEVERITY = {1: "warnings", 2: "errors", 3: "fatals"}
_COUNTS = ("warnings", "errors", "fatals", "totalCount")
# What stands for checks of the whole table among the names of columns, and in questions.
_TABLE_LEVEL = ""
_ASKED_FOR = "(table)"
_LONGEST = 10
_FLAGS = {
    "hasProfilingIssues": ("profiling", None),
    "hasDailyMonitoringIssues": ("monitoring", "daily"),
    "hasMonthlyMonitoringIssues": ("monitoring", "monthly"),
    "hasDailyPartitionedIssues": ("partitioned", "daily"),
    "hasMonthlyPartitionedIssues": ("partitioned", "monthly"),
}


def issue_histogram(
    results: Iterable[CheckResult], parameters: Mapping[str, Any], now: datetime, zone: tzinfo
) -> dict[str, Any]:
    """Count issues (`IssueHistogramModel`): results of severity 1 to 3.

    Args:
        results: The stored results of a table and its columns.
        parameters: The query parameters.
        now: The local time, from which `days` is counted.
        zone: The configured time zone.

    Returns:
        The JSON object: issues by the days of their periods, in order and without gaps, and by the
        columns and checks that have the most. A filter for one of the three does not narrow its own
        list.
    """
    days: dict[date, Counter[str]] = {}
    columns: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    found: set[tuple[str, str | None]] = set()
    for result in results:
        if result.severity not in _BY_SEVERITY or not _counts(result, parameters, now, zone):
            continue
        day = result.period.date()
        is_day = parameters.get("date") in (None, day.isoformat())
        is_column = parameters.get("column") in (None, "", _column_of(result))
        is_check = parameters.get("check") in (None, "", result.check_name)
        if is_column and is_check:
            counts = days.setdefault(day, Counter())
            counts.update((_BY_SEVERITY[result.severity], "totalCount"))
        columns[_column_of(result)] += is_day and is_check
        checks[result.check_name] += is_day and is_column
        found.add((result.check_type, result.time_scale))
    return {
        **{name: kind in found for name, kind in _FLAGS.items()},
        "days": _without_gaps(days),
        "columns": _most_common(columns),
        "checks": _most_common(checks),
    }


def is_in_histogram(
    result: CheckResult, parameters: Mapping[str, Any], now: datetime, zone: tzinfo
) -> bool:
    """Tell whether query parameters select a result.

    Args:
        result: The result.
        parameters: The query parameters.
        now: The local time, from which `days` is counted.
        zone: The configured time zone.

    Returns:
        Whether it is one of those of the day, column and check that are asked for.
    """
    day = local_time(result.executed_at, zone).date().isoformat()
    return (
        _counts(result, parameters, now, zone)
        and parameters.get("date") in (None, day)
        and parameters.get("column") in (None, "", result.column or _ASKED_FOR)
        and parameters.get("check") in (None, "", result.check_name)
    )


def _counts(
    result: CheckResult, parameters: Mapping[str, Any], now: datetime, zone: tzinfo
) -> bool:
    check_type = parameters.get("checkType")
    is_type = result.check_type == check_type if check_type else result.check_type != "profiling"
    if not is_type:
        return False
    if "days" in parameters:
        first = _days_before(now, parameters["days"])
        if first is None or result.executed_at < instant_of(first, zone):
            return False
    texts = (
        result.check_name,
        result.column,
        result.data_group,
        TIME_GRADIENTS[result.time_scale],
        result.quality_dimension,
        result.category,
        result.check_type,
        result.sensor_name,
    )
    # Several filters, divided by spaces, must all match.
    return all(
        any(matches(pattern, text) for text in texts)
        for pattern in parameters.get("filter", "").split()
    )


def _column_of(result: CheckResult) -> str:
    return result.column or _TABLE_LEVEL


def _without_gaps(days: Mapping[date, Counter[str]]) -> dict[str, dict[str, int]]:
    if not days:
        return {}
    first, last = min(days), max(days)
    shown = (first + timedelta(days=number) for number in range((last - first).days + 1))
    nothing: Counter[str] = Counter()
    return {
        day.isoformat(): {name: days.get(day, nothing)[name] for name in _COUNTS} for day in shown
    }


def _most_common(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in counts.most_common(_LONGEST) if count}


def _days_before(now: datetime, days: int) -> datetime | None:
    """Give the beginning of a day; None for one that is after all."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return today - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=now.tzinfo) if days > 0 else None
