"""What else is read off stored check results: readouts, errors, error samples and overviews."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ..http.wire import compact, instant, local_date_time
from ..zones import instant_of, local_time, months_between
from .check_results import EXECUTION_ERROR, SEVERITIES
from .lists import TIME_GRADIENTS, by_execution, results_by_check

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from .check_results import CheckResult
    from .lists import View

__all__ = [
    "error_lists",
    "error_sample_lists",
    "error_samples_file",
    "overviews",
    "sensor_readout_lists",
]

# What the server uses if the caller does not say.
_OVERVIEW_RESULTS = 5
_OVERVIEW_MONTHS = 2
# Categories whose sensors ask the data source for its metadata.
_WITHOUT_QUERY = frozenset({"availability", "schema"})
_CSV_HEADER = (
    "Sample Index",
    "Collected at",
    "Result",
    "Result data type",
    "Data grouping",
    *(f"ID Column {number}" for number in range(1, 6)),
    "Id",
)


def sensor_readout_lists(results: Iterable[CheckResult], view: View) -> list[dict[str, Any]]:
    """List what sensors measured (`SensorReadoutsListModel`).

    Args:
        results: The measurements of one table or column, of one check type and time scale.
        view: What the request is about.

    Returns:
        One JSON object for each check.
    """
    return [
        compact(
            {
                **check.head(),
                "dataGroupNames": check.data_groups,
                "sensorReadoutEntries": [
                    compact(
                        {
                            **_common(result, view.provider),
                            "id": result.id,
                            "checkName": result.check_name,
                            "checkDisplayName": result.check_name,
                            "actualValue": result.actual_value,
                            # What a rule expects is not known to a sensor; another table is.
                            "expectedValue": result.expected_value
                            if result.table_comparison
                            else None,
                            "timePeriod": local_date_time(result.period),
                            # Empty where there is none, other than in results.
                            "tableComparison": result.table_comparison or "",
                        }
                    )
                    for result in check.results
                ],
            }
        )
        for check in results_by_check(results, view.parameters, by_execution)
    ]


def error_lists(results: Iterable[CheckResult], view: View) -> list[dict[str, Any]]:
    """List why checks could not run (`ErrorsListModel`): the results of severity 4.

    Args:
        results: The results of one table or column, of one check type and time scale.
        view: What the request is about.

    Returns:
        One JSON object for each check that has errors.
    """
    failed = [result for result in results if result.is_execution_error]
    return [
        {
            **check.head(),
            "dataGroupsNames": check.data_groups,
            "errorEntries": [
                compact(
                    {
                        **_common(result, view.provider),
                        "sensorName": result.sensor_name,
                        "timePeriod": local_date_time(result.period),
                        "tableComparison": result.table_comparison or "",
                        "readoutId": result.id,
                        "errorMessage": result.error_message or "The sensor failed.",
                        "errorSource": "sensor",
                        "errorTimestamp": local_date_time(
                            local_time(result.executed_at, view.zone)
                        ),
                    }
                )
                for result in check.results
            ],
        }
        for check in results_by_check(failed, view.parameters, by_execution)
    ]


def error_sample_lists(results: Iterable[CheckResult], view: View) -> list[dict[str, Any]]:
    """List values that failed checks (`ErrorSamplesListModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        view: What the request is about.

    Returns:
        One JSON object for each check that has samples.
    """
    return [
        {
            **check.head(),
            "dataGroupsNames": check.data_groups,
            "errorSamplesEntries": [
                compact(
                    {
                        **_common(result, view.provider),
                        "durationMs": None,
                        "timeGradient": "millisecond",
                        "id": _sample_id(result, index),
                        "result": sample,
                        "resultDataType": _data_type(sample),
                        "collectedAt": local_date_time(local_time(result.executed_at, view.zone)),
                        "sampleIndex": index,
                        "sensorName": result.sensor_name,
                    }
                )
                for result in check.results
                for index, sample in enumerate(result.samples, 1)
            ],
        }
        for check in results_by_check(_sampled(results), view.parameters, by_execution)
    ]


def error_samples_file(results: Iterable[CheckResult], view: View) -> str:
    """Write values that failed checks as a CSV file.

    Args:
        results: The results of one table or column, of one check type and time scale.
        view: What the request is about.

    Returns:
        The file's content; empty if there are none.
    """
    rows = [
        (
            index,
            local_date_time(local_time(result.executed_at, view.zone)),
            sample,
            _data_type(sample).upper(),
            result.data_group,
            *[""] * 5,
            _sample_id(result, index),
        )
        for check in results_by_check(_sampled(results), view.parameters, by_execution)
        for result in check.results
        for index, sample in enumerate(result.samples, 1)
    ]
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_CSV_HEADER, *rows])
    return text.getvalue()


def overviews(results: Iterable[CheckResult], view: View) -> list[dict[str, Any]]:
    """Give the newest results of each check side by side (`CheckResultsOverviewDataModel`).

    Args:
        results: The results and execution errors of one table or column, of one check type and time
            scale.
        view: What the request is about; this month and the one before it count.

    Returns:
        One JSON object for each check; the oldest period comes first, and there is one result for
        each, the worst one.
    """
    count = max(view.parameters.get("resultsCount", _OVERVIEW_RESULTS), 1)
    category, name = view.parameters.get("category"), view.parameters.get("checkName")
    by_check: dict[int, dict[datetime, CheckResult]] = {}
    for result in results:
        if category not in (None, "", result.category) or name not in (None, "", result.check_name):
            continue
        if 0 <= months_between(result.period, view.now) < _OVERVIEW_MONTHS:
            shown = by_check.setdefault(result.check_hash, {})
            known = shown.get(result.period)
            # An execution error takes no other's place.
            if known is None or known.severity < result.severity < EXECUTION_ERROR:
                shown[result.period] = result
    return [
        _overview([shown[period] for period in sorted(shown)[-count:]], view.zone)
        for shown in by_check.values()
    ]


def _overview(shown: list[CheckResult], zone: tzinfo) -> dict[str, Any]:
    check = shown[0]
    return compact(
        {
            "checkHash": check.check_hash,
            "checkCategory": check.category,
            "checkName": check.check_name,
            "comparisonName": check.table_comparison,
            "timePeriods": [local_date_time(result.period) for result in shown],
            "timePeriodsUtc": [instant(_period_in_utc(result, zone)) for result in shown],
            "executedAtTimestamps": [instant(result.executed_at) for result in shown],
            "timePeriodDisplayTexts": [_period_text(result, zone) for result in shown],
            "statuses": [SEVERITIES[result.severity] for result in shown],
            "dataGroups": [result.data_group for result in shown],
            "results": [result.actual_value for result in shown],
        }
    )


def _common(result: CheckResult, provider: str) -> dict[str, Any]:
    return {
        "columnName": result.column,
        "dataGroup": result.data_group,
        "checkType": result.check_type,
        "durationMs": result.duration_ms,
        "executedAt": instant(result.executed_at),
        "timeGradient": TIME_GRADIENTS[result.time_scale],
        "provider": provider,
        "qualityDimension": result.quality_dimension,
        "tableComparison": result.table_comparison,
    }


def _sampled(results: Iterable[CheckResult]) -> list[CheckResult]:
    return [result for result in results if result.samples]


def _sample_id(result: CheckResult, index: int) -> str:
    return f"{result.id}-{index}"


def _data_type(sample: Any) -> str:
    if isinstance(sample, bool):
        return "boolean"
    if isinstance(sample, int):
        return "integer"
    if isinstance(sample, float):
        return "float"
    return "null" if sample is None else "string"


def _period_in_utc(result: CheckResult, zone: tzinfo) -> datetime:
    """Tell when a period began; sensors without a query take the local time for it."""
    if result.category in _WITHOUT_QUERY:
        return result.period
    return instant_of(result.period, zone)


def _period_text(result: CheckResult, zone: tzinfo) -> str:
    offset = int((result.period - _period_in_utc(result, zone)).total_seconds()) // 60
    sign = "-" if offset < 0 else "+"
    hours, minutes = divmod(abs(offset), 60)
    if result.time_scale == "monthly":
        zone_text = f"{sign}{hours:02d}" + (f"{minutes:02d}" if minutes else "")
        return f"{result.period:%Y-%m} {zone_text if offset else 'UTC'}"
    zone_text = f"{sign}{hours:02d}:{minutes:02d}" if offset else " UTC"
    form = "%Y-%m-%d" if result.time_scale == "daily" else "%Y-%m-%d %H:%M:%S"
    return f"{result.period.strftime(form)}{zone_text}"
