"""Detailed results of checks, as the six `*_results` operations return them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ..http.wire import compact, instant, local_date_time
from .check_results import NO_GROUPING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime, tzinfo

    from .check_results import CheckResult

__all__ = [
    "TIME_GRADIENTS",
    "View",
    "by_execution",
    "check_result_lists",
    "result_entry",
    "results_by_check",
]

# What the server uses if the caller does not say.
_MAX_RESULTS_PER_CHECK = 100
# How many months with results are looked at, unless the caller says from when to when.
_RECENT_MONTHS = 3
#: The time gradients by the time scales of checks.
TIME_GRADIENTS = {"daily": "day", "monthly": "month", None: "month"}
_MOST_RECENT_PER_GROUP = "most_recent_per_group"


@dataclass(frozen=True)
class View:
    """What a request for stored results is about.

    Attributes:
        provider: The kind of the table's data source.
        parameters: The query parameters.
        now: The local time.
        zone: The configured time zone.
    """

    provider: str
    parameters: Mapping[str, Any]
    now: datetime
    zone: tzinfo


@dataclass(frozen=True)
class ResultsOfCheck:
    """The results of one check that are shown.

    Attributes:
        check_hash: What identifies the check.
        data_groups: The names of all data groups that it has results for.
        results: The results, newest first; not empty.
    """

    check_hash: int
    data_groups: list[str]
    results: list[CheckResult]

    @property
    def newest(self) -> CheckResult:
        """The first of the results."""
        return self.results[0]

    def head(self) -> dict[str, Any]:
        """Give what all lists of results begin with.

        Returns:
            The properties.
        """
        return {
            "checkHash": self.check_hash,
            "checkCategory": self.newest.category,
            "checkName": self.newest.check_name,
            "checkDisplayName": self.newest.check_name,
            "checkType": self.newest.check_type,
            "dataGroup": self.newest.data_group,
        }


def by_severity(result: CheckResult) -> tuple[Any, ...]:
    """Order check results: the newest period comes last, and in it the worst result."""
    return (result.period, result.severity)


def by_execution(result: CheckResult) -> tuple[Any, ...]:
    """Order what has no severity: what was executed last comes last."""
    return (result.executed_at, result.period)


def results_by_check(
    results: Iterable[CheckResult],
    parameters: Mapping[str, Any],
    order: Callable[[CheckResult], Any] = by_severity,
) -> list[ResultsOfCheck]:
    """Group results by their checks, and choose those that are shown.

    Args:
        results: The results of one table or column, of one check type and time scale.
        parameters: The query parameters.
        order: Gives what results are sorted by; they are shown in the opposite order.

    Returns:
        The checks that have results, each with those of the data group that comes first. Without
        `monthStart` and `monthEnd` the three newest months count that have any.
    """
    found = list(_selected(results, parameters))
    groups: dict[int, set[str]] = {}
    for result in found:
        groups.setdefault(result.check_hash, set()).add(result.data_group)
    data_group = parameters.get("dataGroup")
    if data_group:
        found = [result for result in found if result.data_group == data_group]
    found.sort(key=order, reverse=True)
    limit = max(parameters.get("maxResultsPerCheck", _MAX_RESULTS_PER_CHECK), 1)
    by_check: dict[int, list[CheckResult]] = {}
    for result in found:
        shown = by_check.setdefault(result.check_hash, [])
        is_other_group = bool(shown) and shown[0].data_group != result.data_group
        if len(shown) < limit and not is_other_group:
            shown.append(result)
    return [
        ResultsOfCheck(check_hash, sorted(groups[check_hash], key=_group_order), shown)
        for check_hash, shown in by_check.items()
    ]


def check_result_lists(results: Iterable[CheckResult], view: View) -> list[dict[str, Any]]:
    """List results by their checks (`CheckResultsListModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        view: What the request is about.

    Returns:
        One JSON object for each check that has results, its newest results first; or one for each
        of its data groups, with the newest result alone.
    """
    rated = [result for result in results if not result.is_execution_error]
    if view.parameters.get("loadMode") == _MOST_RECENT_PER_GROUP:
        return [
            {**check.head(), "checkResultEntries": [result_entry(check.newest, view.provider)]}
            for check in _newest_of_groups(rated, view.parameters)
        ]
    return [
        {
            **check.head(),
            "dataGroups": check.data_groups,
            "checkResultEntries": [result_entry(result, view.provider) for result in check.results],
        }
        for check in results_by_check(rated, view.parameters)
    ]


def _newest_of_groups(
    results: Iterable[CheckResult], parameters: Mapping[str, Any]
) -> Iterator[ResultsOfCheck]:
    """Find the newest result of each check and data group."""
    data_group = parameters.get("dataGroup")
    limit = max(parameters.get("maxResultsPerCheck", _MAX_RESULTS_PER_CHECK), 1)
    newest: dict[int, dict[str, CheckResult]] = {}
    for result in sorted(_selected(results, parameters), key=by_severity, reverse=True):
        if not data_group or result.data_group == data_group:
            groups = newest.setdefault(result.check_hash, {})
            if len(groups) < limit:
                groups.setdefault(result.data_group, result)
    for check_hash, groups in newest.items():
        for name, result in groups.items():
            yield ResultsOfCheck(check_hash, [name], [result])


def _selected(
    results: Iterable[CheckResult], parameters: Mapping[str, Any]
) -> Iterator[CheckResult]:
    """Find what the query parameters select, but for the data group."""
    start = _month(parameters.get("monthStart"))
    end = _month(parameters.get("monthEnd"))
    in_months = [
        result
        for result in results
        if (start is None or _month_of(result) >= start)
        and (end is None or _month_of(result) <= end)
    ]
    months = sorted({_month_of(result) for result in in_months})
    if start is None or end is None:
        months = months[-_RECENT_MONTHS:]
    category, _, comparison = parameters.get("category", "").partition("/")
    wanted = {
        "check_name": parameters.get("checkName"),
        "category": category,
        "table_comparison": comparison or parameters.get("tableComparison"),
    }
    for result in in_months:
        if _month_of(result) in months and all(
            getattr(result, name) == value for name, value in wanted.items() if value
        ):
            yield result


def _month_of(result: CheckResult) -> tuple[int, int]:
    return (result.period.year, result.period.month)


def _month(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    day = date.fromisoformat(text)
    return (day.year, day.month)


def _group_order(name: str) -> tuple[bool, str]:
    return (name != NO_GROUPING, name)


def result_entry(result: CheckResult, provider: str) -> dict[str, Any]:
    """Give one result (`CheckResultEntryModel`).

    Args:
        result: The result.
        provider: The kind of the table's data source.

    Returns:
        The JSON object.
    """
    return compact(
        {
            "id": result.id,
            "checkHash": result.check_hash,
            "checkCategory": result.category,
            "checkName": result.check_name,
            "checkDisplayName": result.check_name,
            "checkType": result.check_type,
            "actualValue": result.actual_value,
            "expectedValue": result.expected_value,
            **result.bounds,
            "severity": result.severity,
            "columnName": result.column,
            "dataGroup": result.data_group,
            "durationMs": result.duration_ms,
            "executedAt": instant(result.executed_at),
            "timeGradient": TIME_GRADIENTS[result.time_scale],
            "timePeriod": local_date_time(result.period),
            "includeInKpi": True,
            "includeInSla": False,
            "provider": provider,
            "qualityDimension": result.quality_dimension,
            "sensorName": result.sensor_name,
            "tableComparison": result.table_comparison,
            "updatedAt": None if result.updated_at is None else instant(result.updated_at),
        }
    )
