"""The deletion of stored data: results, execution errors, error samples, incidents, statistics."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..http.errors import RefusedRequestError
from ..http.wire import local_date_time
from ..patterns import matches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..results.check_results import CheckResult
    from .data import DomainData

__all__ = ["check_deletion", "delete_stored_data"]


def check_deletion(body: Mapping[str, Any]) -> None:
    """Refuse what the simulator cannot delete.

    Args:
        body: `DeleteStoredDataQueueJobParameters`.

    Raises:
        RefusedRequestError: The configuration of checks is to be deleted as well (501).
    """
    if body.get("deleteChecksConfiguration"):
        raise RefusedRequestError(501, "The simulator cannot delete the configuration of checks.")


def delete_stored_data(state: DomainData, body: Mapping[str, Any]) -> dict[str, Any]:
    """Delete the kinds of data that are flagged, of what is selected.

    Args:
        state: The server's state.
        body: `DeleteStoredDataQueueJobParameters`.

    Returns:
        `DeleteStoredDataResult`: how many rows each partition has lost.
    """
    rows: Counter[str] = Counter()

    def left_of(result: CheckResult) -> CheckResult | None:
        if not _is_selected(result, body):
            return result
        if result.samples and body.get("deleteErrorSamples"):
            rows[_partition("error_samples", result)] += len(result.samples)
            result = replace(result, samples=())
        kind, flag = (
            ("errors", "deleteErrors")
            if result.is_execution_error
            else ("check_results", "deleteCheckResults")
        )
        if not body.get(flag):
            return result
        rows[_partition(kind, result)] += 1
        return None

    def is_deleted(measured: CheckResult) -> bool:
        is_selected = _is_selected(measured, body)
        rows[_partition("sensor_readouts", measured)] += is_selected
        return is_selected

    state.stored.change(left_of)
    if body.get("deleteSensorReadouts"):
        state.stored.delete_readouts(is_deleted)
    if body.get("deleteIncidents"):
        _delete_incidents(state, body)
    if body.get("deleteStatistics"):
        _delete_statistics(state, body)
    return {
        "partitionResults": {
            name: {"rowsAffectedCount": count, "partitionDeleted": False}
            for name, count in rows.items()
            if count
        }
    }


def _partition(kind: str, result: CheckResult) -> str:
    """Name the file in which the real server keeps a row."""
    table = f"{result.schema}.{result.table}"
    return f"{kind}/c={result.connection}/t={table}/m={result.period:%Y-%m}-01"


def _delete_incidents(state: DomainData, body: Mapping[str, Any]) -> None:
    status = body.get("incidentStatusName")
    for incident in list(state.incidents.values()):
        full_name = f"{incident.schema}.{incident.table}"
        if status in (None, incident.status) and _is_of(body, incident.connection, full_name):
            del state.incidents[incident.incident_id]


def _delete_statistics(state: DomainData, body: Mapping[str, Any]) -> None:
    columns = body.get("columnNames")
    for (connection, schema, table), column in list(state.statistics):
        is_named = not columns or column in columns
        if is_named and _is_of(body, connection, f"{schema}.{table}"):
            del state.statistics[(connection, schema, table), column]


def _is_of(body: Mapping[str, Any], connection: str, full_name: str) -> bool:
    return matches(body.get("connection"), connection) and matches(
        body.get("fullTableName"), full_name
    )


def _is_selected(result: CheckResult, body: Mapping[str, Any]) -> bool:
    patterns = {
        "checkCategory": result.category,
        "tableComparisonName": result.table_comparison,
        "checkName": result.check_name,
        "checkType": result.check_type,
        "sensorName": result.sensor_name,
        "dataGroupTag": result.data_group,
        "qualityDimension": result.quality_dimension,
        "timeGradient": "day" if result.time_scale == "daily" else "month",
    }
    if not _is_of(body, result.connection, f"{result.schema}.{result.table}"):
        return False
    if not all(matches(body.get(name), text) for name, text in patterns.items()):
        return False
    columns = body.get("columnNames")
    if columns and result.column not in columns:
        return False
    day = local_date_time(result.period)[:10]  # ISO dates sort like strings
    return bool(body.get("dateStart", "") <= day <= body.get("dateEnd", "9999-12-31"))
