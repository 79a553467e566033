"""Detailed results of checks, as the six `*_results` operations return them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from .stored_results import NO_GROUPING
from .wire import compact, instant, local_date_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .stored_results import CheckResult

__all__ = ["TIME_GRADIENTS", "check_result_lists", "result_entry", "results_by_check"]

# What the server uses if the caller does not say.
_MAX_RESULTS_PER_CHECK = 100
#: The time gradients by the time scales of checks.
TIME_GRADIENTS = {"daily": "day", "monthly": "month", None: "month"}
_MOST_RECENT_PER_GROUP = "most_recent_per_group"


@dataclass(frozen=True)
class ResultsOfCheck:
    """The results of one check that are shown.

    Attributes:
        check_hash: What identifies the check.
        data_groups: The names of all data groups that it has results for.
        results: The results, newest first; not empty unless there is a limit of 0.
        newest: The newest one.
    """

    check_hash: int
    data_groups: list[str]
    results: list[CheckResult]
    newest: CheckResult

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


def results_by_check(
    results: Iterable[CheckResult], parameters: Mapping[str, Any], limit: int | None = None
) -> list[ResultsOfCheck]:
    """Group results by their checks, and choose those that are shown.

    Args:
        results: The results of one table or column, of one check type and time scale.
        parameters: The query parameters.
        limit: How many results of each check are shown; None for what the parameters say.

    Returns:
        The checks that have results; the check with the newest result comes first. Without
        `monthStart` and `monthEnd` results of every age are found.
    """
    found = [result for result in results if _is_selected(result, parameters)]
    groups: dict[int, set[str]] = {}
    for result in found:
        groups.setdefault(result.check_hash, set()).add(result.data_group)
    data_group = parameters.get("dataGroup")
    if data_group is not None:
        found = [result for result in found if result.data_group == data_group]
    # Stable sorts: newest first, then the latest period, then the worst severity.
    found.sort(key=lambda result: (result.executed_at, result.period, result.severity))
    by_check: dict[int, list[CheckResult]] = {}
    for result in reversed(found):
        by_check.setdefault(result.check_hash, []).append(result)
    default: int = parameters.get("maxResultsPerCheck", _MAX_RESULTS_PER_CHECK)
    shown = max(default if limit is None else limit, 0)
    return [
        ResultsOfCheck(
            check_hash,
            sorted(groups[check_hash], key=_group_order),
            _chosen(results_of_check, parameters.get("loadMode"))[:shown],
            results_of_check[0],
        )
        for check_hash, results_of_check in by_check.items()
    ]


def check_result_lists(
    results: Iterable[CheckResult], provider: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List results by their checks (`CheckResultsListModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        provider: The kind of the table's data source.
        parameters: The query parameters.

    Returns:
        One JSON object for each check that has results; its newest results come first.
    """
    return [
        {
            **check.head(),
            "dataGroups": check.data_groups,
            "checkResultEntries": [result_entry(result, provider) for result in check.results],
        }
        for check in results_by_check(results, parameters)
    ]


def _is_selected(result: CheckResult, parameters: Mapping[str, Any]) -> bool:
    compared = {
        "checkName": result.check_name,
        "category": result.category,
        "tableComparison": result.table_comparison,
    }
    for name, value in compared.items():
        if name in parameters and parameters[name] != value:
            return False
    month = (result.period.year, result.period.month)
    start = _month(parameters.get("monthStart"))
    end = _month(parameters.get("monthEnd"))
    return (start is None or month >= start) and (end is None or month <= end)


def _month(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    day = date.fromisoformat(text)
    return (day.year, day.month)


def _chosen(results: list[CheckResult], mode: str | None) -> list[CheckResult]:
    """Choose the results of a check that are listed; the newest come first."""
    if mode != _MOST_RECENT_PER_GROUP:
        return [result for result in results if result.data_group == results[0].data_group]
    newest: dict[str, CheckResult] = {}
    for result in results:
        newest.setdefault(result.data_group, result)
    return list(newest.values())


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
