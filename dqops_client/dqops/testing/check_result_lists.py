"""Detailed results of checks, as the six `*_results` operations return them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from .seeds import NO_GROUPING
from .wire import compact, instant, local_date_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .seeds import CheckResult

__all__ = ["check_result_lists"]

# What the server uses if the caller does not say.
_MAX_RESULTS_PER_CHECK = 100
_GRADIENTS = {"daily": "day", "monthly": "month", None: "month"}
_MOST_RECENT_PER_GROUP = "most_recent_per_group"


def check_result_lists(
    results: Iterable[CheckResult], provider: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Group results by their checks (`CheckResultsListModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        provider: The kind of the table's data source.
        parameters: The query parameters.

    Returns:
        One JSON object for each check that has results; its newest results come first. The check
        with the newest result comes first. Without `monthStart` and `monthEnd` results of every
        age are found.
    """
    found = [result for result in results if _is_selected(result, parameters)]
    groups: dict[int, list[str]] = {}
    for result in found:
        groups.setdefault(result.check_hash, []).append(result.data_group)
    data_group = parameters.get("dataGroup")
    if data_group is not None:
        found = [result for result in found if result.data_group == data_group]
    # Stable sorts: newest first, then the latest period, then the worst severity.
    found.sort(key=lambda result: (result.executed_at, result.period, result.severity))
    by_check: dict[int, list[CheckResult]] = {}
    for result in reversed(found):
        by_check.setdefault(result.check_hash, []).append(result)
    limit = parameters.get("maxResultsPerCheck", _MAX_RESULTS_PER_CHECK)
    lists: list[dict[str, Any]] = []
    for check_hash, results_of_check in by_check.items():
        chosen = _chosen(results_of_check, parameters.get("loadMode"))
        first = results_of_check[0]
        lists.append(
            {
                "checkHash": check_hash,
                "checkCategory": first.category,
                "checkName": first.check_name,
                "checkDisplayName": first.check_name,
                "checkType": first.check_type,
                "dataGroups": sorted(set(groups[check_hash]), key=_group_order),
                "dataGroup": first.data_group,
                "checkResultEntries": [
                    _entry(result, provider) for result in chosen[: max(limit, 0)]
                ],
            }
        )
    return lists


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


def _entry(result: CheckResult, provider: str) -> dict[str, Any]:
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
            "timeGradient": _GRADIENTS[result.time_scale],
            "timePeriod": local_date_time(result.period),
            "includeInKpi": True,
            "includeInSla": False,
            "provider": provider,
            "qualityDimension": result.quality_dimension,
            "sensorName": result.sensor_name,
            "tableComparison": result.table_comparison,
            "updatedAt": instant(result.executed_at),
        }
    )
