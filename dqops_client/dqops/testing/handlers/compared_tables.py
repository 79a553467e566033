"""Comparisons of tables with what is compared: the checks that a configuration stands for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ..documents import part_of, with_part
from ..http.messages import Response
from ..http.wire import compact, instant
from ..results.check_results import EXECUTION_ERROR
from .comparisons import comparison_document
from .metadata_models import access, physical_name
from .resources import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..documents import Document
    from ..results.check_results import CheckResult
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_NAME = "table_comparison_configuration_name"
# What is compared of a table and of its columns: the properties of the API, and the checks.
_TABLE_MEASURES = {"compare_row_count": "row_count", "compare_column_count": "column_count"}
_COLUMN_MEASURES = {
    f"compare_{measure}": measure
    for measure in ("sum", "min", "max", "mean", "null_count", "not_null_count")
}
_SEVERITIES = ("warning", "error", "fatal")
# What the real server offers for the next measure.
_DEFAULT_THRESHOLDS = {"error_difference_percent": 1.0}


class _Kind(NamedTuple):
    """Checks of a type and time scale.

    Args:
        suffix: How the operations on them end.
        check_type: The type.
        time_scale: The time scale; None for profiling.
        place: Where they stand in the specification of a table or column.
        prefix: How their names begin.
    """

    suffix: str
    check_type: str
    time_scale: str | None
    place: tuple[str, ...]
    prefix: str

    def check(self, measure: str) -> str:
        """Name the check that compares something."""
        return f"{self.prefix}_{measure}_match"


_KINDS = (
    _Kind("profiling", "profiling", None, ("profiling_checks",), "profile"),
    *(
        _Kind(
            f"{check_type}_{scale}",
            check_type,
            scale,
            (f"{check_type}_checks", scale),
            scale if check_type == "monitoring" else f"{scale}_partition",
        )
        for check_type in ("monitoring", "partitioned")
        for scale in ("daily", "monthly")
    ),
)


def _create(kind: _Kind, call: Call) -> Response:
    table = TABLE.find(call)
    name = call.body.get(_NAME)
    if not name:
        return Response(406)
    if table is None:
        return Response(404)
    if name in (table.get("table_comparisons") or {}):
        return Response(409)
    return _store(kind, call, table, name, 201)


def _update(kind: _Kind, call: Call) -> Response:
    table = TABLE.find(call)
    name = call.parameters["tableComparisonConfigurationName"]
    if table is None or name not in (table.get("table_comparisons") or {}):
        return Response(404)
    return _store(kind, call, table, name, 204)


def _get(kind: _Kind, call: Call) -> Response:
    table = TABLE.find(call)
    name = call.parameters["tableComparisonConfigurationName"]
    document = part_of(table or {}, ("table_comparisons", name))
    if table is None or document is None:
        return Response(404)
    return Response.of_json(200, _model(kind, call, table, name, document))


def _store(kind: _Kind, call: Call, table: Document, name: str, status: int) -> Response:
    """Keep the configuration, and its checks where all checks are."""
    configuration = {
        **comparison_document(call.body),
        **compact({"check_type": kind.check_type, "time_scale": kind.time_scale}),
    }
    place = (*kind.place, "comparisons", name)
    table = with_part(table, ("table_comparisons", name), configuration)
    table = with_part(table, place, _checks(kind, call.body, _TABLE_MEASURES) or None)
    for column in call.body.get("columns") or ():
        compared = column.get("compared_column_name")
        if compared in (table.get("columns") or {}):
            checks = _checks(kind, column, _COLUMN_MEASURES)
            if checks:
                checks["reference_column"] = column.get("reference_column_name")
            table = with_part(table, ("columns", compared, *place), compact(checks) or None)
    TABLE.store(call, table)
    return Response(status)


def _checks(kind: _Kind, model: Document, measures: Mapping[str, str]) -> dict[str, Any]:
    """Make the checks of thresholds."""
    checks: dict[str, Any] = {}
    for name, measure in measures.items():
        if name in model:
            thresholds = model[name]
            checks[kind.check(measure)] = {
                severity: {"max_diff_percent": thresholds[f"{severity}_difference_percent"]}
                for severity in _SEVERITIES
                if f"{severity}_difference_percent" in thresholds
            }
    return checks


def _thresholds(kind: _Kind, checks: Document, measures: Mapping[str, str]) -> dict[str, Any]:
    """Read the thresholds of checks."""
    return {
        name: {
            f"{severity}_difference_percent": check[severity]["max_diff_percent"]
            for severity in _SEVERITIES
            if severity in check
        }
        for name, measure in measures.items()
        if (check := checks.get(kind.check(measure))) is not None
    }


def _model(
    kind: _Kind, call: Call, table: Document, name: str, document: Document
) -> dict[str, Any]:
    connection, schema, table_name = call.table_key
    reference = (
        "",
        document.get("reference_table_schema_name") or "",
        document.get("reference_table_name") or "",
    )
    place = (*kind.place, "comparisons", name)
    columns = []
    for column, spec in (table.get("columns") or {}).items():
        checks = part_of(spec, place) or {}
        pair = {
            "compared_column_name": column,
            "reference_column_name": checks.get("reference_column", column),
        }
        columns.append({**pair, **_thresholds(kind, checks, _COLUMN_MEASURES)})
    selected = {"connection": connection, "fullTableName": f"{schema}.{table_name}"}
    comparison = {"checkCategory": "comparisons", "tableComparisonName": name}
    gradient = {"daily": "day", "monthly": "month"}.get(kind.time_scale or "")
    actions = access(call.caller, ["can_edit", "can_run_checks", "can_delete_data"])
    return compact(
        {
            _NAME: name,
            "compared_connection": connection,
            "compared_table": physical_name(call.table_key),
            "reference_connection": document.get("reference_table_connection_name"),
            "reference_table": physical_name(reference),
            "compared_table_filter": document.get("compared_table_filter"),
            "reference_table_filter": document.get("reference_table_filter"),
            "grouping_columns": document.get("grouping_columns") or [],
            "default_compare_thresholds": _DEFAULT_THRESHOLDS,
            **_thresholds(kind, part_of(table, place) or {}, _TABLE_MEASURES),
            "supports_compare_column_count": kind.check_type != "partitioned",
            "columns": columns,
            "compare_table_run_checks_job_template": compact(
                {
                    **selected,
                    "enabled": True,
                    "checkType": kind.check_type,
                    "timeScale": kind.time_scale,
                    **comparison,
                }
            ),
            "compare_table_clean_data_job_template": compact(
                {
                    **selected,
                    "deleteErrors": True,
                    "deleteStatistics": False,
                    "deleteCheckResults": True,
                    "deleteSensorReadouts": True,
                    "deleteErrorSamples": True,
                    "deleteIncidents": False,
                    "deleteChecksConfiguration": False,
                    **comparison,
                    "checkType": kind.check_type,
                    "timeGradient": gradient,
                }
            ),
            "can_edit": actions["can_edit"],
            "can_run_compare_checks": actions["can_run_checks"],
            "can_delete_data": actions["can_delete_data"],
        }
    )


def _get_results(check_type: str, call: Call) -> Response:
    """Count the newest results of a comparison's checks; there may be none of either."""
    if TABLE.find(call) is None:
        return Response(404)
    name = call.parameters["tableComparisonConfigurationName"]
    scale = call.parameters.get("timeScale")
    results = [
        result
        for result in call.state.results_of(*call.table_key)
        if (result.check_type, result.table_comparison) == (check_type, name)
        and scale in (None, result.time_scale)
    ]
    columns = dict.fromkeys(result.column for result in results if result.column is not None)
    return Response.of_json(
        200,
        {
            "table_comparison_results": _counts(each for each in results if each.column is None),
            "column_comparison_results": {
                column: {
                    "column_name": column,
                    "column_comparison_results": _counts(
                        each for each in results if each.column == column
                    ),
                }
                for column in columns
            },
        },
    )


def _counts(results: Iterable[CheckResult]) -> dict[str, Any]:
    """Count results by their checks, the newest of each data group."""
    newest: dict[str, dict[str, CheckResult]] = {}
    for result in sorted(results, key=lambda each: (each.check_name, each.executed_at)):
        newest.setdefault(result.check_name, {})[result.data_group] = result
    return {check: _count(check, list(groups.values())) for check, groups in newest.items()}


def _count(check: str, results: list[CheckResult]) -> dict[str, Any]:
    severities = [result.severity for result in results]
    differing = [each.data_group for each in results if 0 < each.severity < EXECUTION_ERROR]
    return compact(
        {
            "check_name": check,
            "executed_at": instant(max(result.executed_at for result in results)),
            "valid_results": severities.count(0),
            "warnings": severities.count(1),
            "errors": severities.count(2),
            "fatals": severities.count(3),
            "execution_errors": severities.count(EXECUTION_ERROR),
            "not_matching_data_groups": differing or None,
        }
    )


HANDLERS: Mapping[str, Handler] = {
    **{f"create_table_comparison_{kind.suffix}": partial(_create, kind) for kind in _KINDS},
    **{f"update_table_comparison_{kind.suffix}": partial(_update, kind) for kind in _KINDS},
    **{f"get_table_comparison_{kind.suffix}": partial(_get, kind) for kind in _KINDS},
    **{
        f"get_table_comparison_{check_type}_results": partial(_get_results, check_type)
        for check_type in ("profiling", "monitoring", "partitioned")
    },
}
