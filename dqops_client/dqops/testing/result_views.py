"""What else is read off stored check results: readouts, errors, error samples and overviews."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from .check_result_lists import TIME_GRADIENTS, results_by_check
from .stored_results import SEVERITIES
from .wire import compact, instant, local_date_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .stored_results import CheckResult

__all__ = [
    "error_lists",
    "error_sample_lists",
    "error_samples_file",
    "overviews",
    "sensor_readout_lists",
]

# What the server uses if the caller does not say.
_OVERVIEW_RESULTS = 5
_CSV_HEADER = (
    "Sample Index",
    "Collected at",
    "Result",
    "Result data type",
    "Data grouping",
    *(f"ID Column {number}" for number in range(1, 6)),
    "Id",
)


def sensor_readout_lists(
    results: Iterable[CheckResult], provider: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List what sensors measured (`SensorReadoutsListModel`).

    Args:
        results: The measurements of one table or column, of one check type and time scale.
        provider: The kind of the table's data source.
        parameters: The query parameters.

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
                            **_common(result, provider),
                            "id": result.id,
                            "checkName": result.check_name,
                            "checkDisplayName": result.check_name,
                            "actualValue": result.actual_value,
                            "expectedValue": result.expected_value,
                            "timePeriod": local_date_time(result.period),
                            # Empty where there is none, other than in results.
                            "tableComparison": result.table_comparison or "",
                        }
                    )
                    for result in check.results
                ],
            }
        )
        for check in results_by_check(results, parameters)
    ]


def error_lists(
    results: Iterable[CheckResult], provider: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List why checks could not run (`ErrorsListModel`): the results of severity 4.

    Args:
        results: The results of one table or column, of one check type and time scale.
        provider: The kind of the table's data source.
        parameters: The query parameters.

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
                        **_common(result, provider),
                        "sensorName": result.sensor_name,
                        "timePeriod": local_date_time(result.period),
                        "readoutId": result.id,
                        "errorMessage": result.error_message or "The sensor failed.",
                        "errorSource": "sensor",
                        "errorTimestamp": local_date_time(result.executed_at),
                    }
                )
                for result in check.results
            ],
        }
        for check in results_by_check(failed, parameters)
    ]


def error_sample_lists(
    results: Iterable[CheckResult], provider: str, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """List values that failed checks (`ErrorSamplesListModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        provider: The kind of the table's data source.
        parameters: The query parameters.

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
                        **_common(result, provider),
                        "id": _sample_id(result, index),
                        "result": sample,
                        "resultDataType": _data_type(sample),
                        "collectedAt": local_date_time(result.executed_at),
                        "sampleIndex": index,
                        "sensorName": result.sensor_name,
                    }
                )
                for result in check.results
                for index, sample in enumerate(result.samples, 1)
            ],
        }
        for check in results_by_check(_sampled(results), parameters)
    ]


def error_samples_file(results: Iterable[CheckResult], parameters: Mapping[str, Any]) -> str:
    """Write values that failed checks as a CSV file.

    Args:
        results: The results of one table or column, of one check type and time scale.
        parameters: The query parameters.

    Returns:
        The file's content; empty if there are none.
    """
    rows = [
        (
            index,
            local_date_time(result.executed_at),
            sample,
            _data_type(sample).upper(),
            result.data_group,
            *[""] * 5,
            _sample_id(result, index),
        )
        for check in results_by_check(_sampled(results), parameters)
        for result in check.results
        for index, sample in enumerate(result.samples, 1)
    ]
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_CSV_HEADER, *rows])
    return text.getvalue()


def overviews(
    results: Iterable[CheckResult], parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Give the newest results of each check side by side (`CheckResultsOverviewDataModel`).

    Args:
        results: The results of one table or column, of one check type and time scale.
        parameters: The query parameters.

    Returns:
        One JSON object for each check; the oldest result comes first.
    """
    count = parameters.get("resultsCount", _OVERVIEW_RESULTS)
    models: list[dict[str, Any]] = []
    for check in results_by_check(results, parameters, count):
        shown = check.results[::-1]
        models.append(
            compact(
                {
                    "checkHash": check.check_hash,
                    "checkCategory": check.newest.category,
                    "checkName": check.newest.check_name,
                    "comparisonName": check.newest.table_comparison,
                    "timePeriods": [local_date_time(result.period) for result in shown],
                    "timePeriodsUtc": [instant(result.period) for result in shown],
                    "executedAtTimestamps": [instant(result.executed_at) for result in shown],
                    "timePeriodDisplayTexts": [_period_text(result) for result in shown],
                    "statuses": [SEVERITIES[result.severity] for result in shown],
                    "dataGroups": [result.data_group for result in shown],
                    "results": [result.actual_value for result in shown],
                }
            )
        )
    return models


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


def _period_text(result: CheckResult) -> str:
    form = "%Y-%m" if result.time_scale != "daily" else "%Y-%m-%d"
    return f"{result.period.strftime(form)} UTC"
