"""Basic statistics of tables and columns: there are some once a job has collected them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.messages import Response
from ..http.wire import compact, instant, local_date_time, stable_hash
from ..results.check_results import in_milliseconds
from ..zones import local_time
from .metadata_models import access, has_any_checks, job_templates, physical_name
from .resources import COLUMN, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_ACTIONS = ("can_collect_statistics",)
_ROWS = 1000
# Category and collector, sensor, data type and result; no data are read.
_OF_COLUMN: tuple[tuple[str, str, str, str, Any], ...] = (
    ("nulls", "not_nulls_percent", "column/nulls/not_null_percent", "float", 100.0),
    ("nulls", "not_nulls_count", "column/nulls/not_null_count", "integer", _ROWS),
    ("nulls", "nulls_percent", "column/nulls/null_percent", "float", 0.0),
    ("nulls", "nulls_count", "column/nulls/null_count", "integer", 0),
)


def _get_table_statistics(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    columns = spec.get("columns") or {}
    of_table = (
        ("volume", "row_count", "table/volume/row_count", "integer", _ROWS),
        ("schema", "column_count", "table/schema/column_count", "integer", len(columns)),
    )
    collected = [
        moment for (key, _), moment in call.state.statistics.items() if key == call.table_key
    ]
    template = _template(call)
    model = {
        "connection_name": call.table_key[0],
        "table": physical_name(call.table_key),
        "statistics": _metrics(call, max(collected), of_table) if collected else [],
        "collect_table_statistics_job_template": {**template, "target": "table"},
        "collect_table_and_column_statistics_job_template": template,
        **access(call.caller, _ACTIONS),
    }
    return Response.of_json(200, model)


def _get_columns_statistics(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    model = {
        "connection_name": call.table_key[0],
        "table": physical_name(call.table_key),
        "column_statistics": [
            _column_statistics(call, name, column)
            for name, column in (spec.get("columns") or {}).items()
        ],
        "collect_column_statistics_job_template": _template(call),
        **access(call.caller, _ACTIONS),
    }
    return Response.of_json(200, model)


def _get_column_statistics(call: Call) -> Response:
    spec = COLUMN.find(call)
    if spec is None:
        return Response(404)
    return Response.of_json(200, _column_statistics(call, call.parameters["columnName"], spec))


def _column_statistics(call: Call, name: str, spec: Document) -> dict[str, Any]:
    collected = call.state.statistics.get((call.table_key, name))
    return compact(
        {
            "connection_name": call.table_key[0],
            "table": physical_name(call.table_key),
            "column_name": name,
            "column_hash": stable_hash(*call.table_key, name),
            "disabled": spec.get("disabled") or None,
            "has_any_configured_checks": has_any_checks([spec]) or None,
            "type_snapshot": spec.get("type_snapshot"),
            "statistics": [] if collected is None else _metrics(call, collected, _OF_COLUMN),
            "collect_column_statistics_job_template": _template(call, name),
            **access(call.caller, _ACTIONS),
        }
    )


def _metrics(
    call: Call, moment: Any, collectors: tuple[tuple[str, str, str, str, Any], ...]
) -> list[dict[str, Any]]:
    """Show what was collected (`StatisticsMetricModel`)."""
    moment = in_milliseconds(moment)
    local = local_time(moment, call.state.settings.zone)
    return [
        {
            "category": category,
            "collector": collector,
            "sensorName": sensor,
            "resultDataType": data_type,
            "result": result,
            "collectedAt": local_date_time(local),
            "executedAt": instant(moment),
        }
        for category, collector, sensor, data_type, result in collectors
    ]


def _template(call: Call, column: str | None = None) -> dict[str, Any]:
    """Give what selects the statistics for a job."""
    connection, schema, table = call.table_key
    templates = job_templates(connection, f"{schema}.{table}", column)
    template: dict[str, Any] = templates["collect_statistics_job_template"]
    return template


HANDLERS: Mapping[str, Handler] = {
    "get_column_statistics": _get_column_statistics,
    "get_columns_statistics": _get_columns_statistics,
    "get_table_statistics": _get_table_statistics,
}
