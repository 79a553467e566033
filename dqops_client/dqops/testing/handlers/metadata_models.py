"""Connections, tables and columns as the API lists them, computed from their documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..documents import part_of
from ..http.wire import compact, stable_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..documents import Document
    from ..results.check_results import TableKey
    from ..roles import User

__all__ = [
    "CONNECTION_BASICS",
    "access",
    "column_basic_model",
    "column_list_model",
    "connection_model",
    "has_any_checks",
    "has_checks",
    "job_templates",
    "physical_name",
    "table_basic_model",
    "table_list_model",
]

_CHECK_TYPE_TEMPLATES = {
    "run_profiling_checks_job_template": "profiling",
    "run_monitoring_checks_job_template": "monitoring",
    "run_partition_checks_job_template": "partitioned",
}
_DELETE_FLAGS = {
    "deleteErrors": True,
    "deleteStatistics": True,
    "deleteCheckResults": True,
    "deleteSensorReadouts": True,
    "deleteErrorSamples": True,
    "deleteIncidents": True,
    "deleteChecksConfiguration": False,
}
_ALL_ACTIONS = {
    "can_edit": "EDIT",
    "can_collect_statistics": "OPERATE",
    "can_run_checks": "OPERATE",
    "can_delete_data": "OPERATE",
}
#: What `ConnectionModel` takes over from `ConnectionSpec`, besides the provider's parameters.
CONNECTION_BASICS = (
    "parallel_jobs_limit",
    "schedule_on_instance",
    "provider_type",
    "advanced_properties",
)
_TABLE_BASICS = ("stage", "filter", "priority", "owner", "file_format")
_TABLE_LISTED = ("labels", "stage", "filter")
_COLUMN_BASICS = ("labels", "sql_expression", "type_snapshot")


def access(caller: User, actions: Iterable[str] = tuple(_ALL_ACTIONS)) -> dict[str, bool]:
    """Tell what a user may do with something.

    Args:
        caller: The user.
        actions: Which properties to give, such as `can_edit`.

    Returns:
        The properties.
    """
    return {action: _ALL_ACTIONS[action] in caller.permissions for action in actions}


def job_templates(
    connection: str, table: str | None = None, column: str | None = None
) -> dict[str, Any]:
    """Give the job parameters that select a connection, schema, table or column.

    Args:
        connection: The connection's name.
        table: The table as `schema.table`, or a pattern; None for all.
        column: The column's name; None for all.

    Returns:
        The properties that end with `_job_template`.
    """
    target = compact({"connection": connection, "fullTableName": table, "column": column})
    everything = {**target, "enabled": True}
    columns = None if column is None else [column]
    named = compact({"connection": connection, "fullTableName": table, "columnNames": columns})
    collected = {"connection": connection, **({} if table is None else {"fullTableName": table})}
    return {
        "run_checks_job_template": everything,
        **{
            name: {**everything, "checkType": check_type}
            for name, check_type in _CHECK_TYPE_TEMPLATES.items()
        },
        "collect_statistics_job_template": {
            **collected,
            "enabled": True,
            "columnNames": columns or [],
        },
        "data_clean_job_template": {**named, **_DELETE_FLAGS},
    }


def connection_model(name: str, spec: Document, caller: User) -> dict[str, Any]:
    """Give a connection (`ConnectionModel`).

    Args:
        name: Its name.
        spec: Its `ConnectionSpec`.
        caller: Who asks.

    Returns:
        The JSON object.
    """
    provider = spec.get("provider_type") or ""
    return compact(
        {
            "connection_name": name,
            "connection_hash": stable_hash(name),
            **{part: spec.get(part) for part in CONNECTION_BASICS},
            "advanced_properties": spec.get("advanced_properties") or {},
            provider: spec.get(provider),
            **job_templates(name),
            **access(caller),
        }
    )


def table_list_model(
    key: TableKey, spec: Document, caller: User, status: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Give a table as lists show it (`TableListModel`).

    Args:
        key: Its names.
        spec: Its `TableSpec`.
        caller: Who asks.
        status: Its data quality status; None to leave it out.

    Returns:
        The JSON object.
    """
    columns: Iterable[Document] = (spec.get("columns") or {}).values()
    templates = job_templates(key[0], f"{key[1]}.{key[2]}")
    del templates["data_clean_job_template"]
    return compact(
        {
            **_table_model(key, spec, _TABLE_LISTED),
            "data_quality_status": status,
            **_configured([spec, *columns]),
            **templates,
            **access(caller),
        }
    )


def table_basic_model(key: TableKey, spec: Document, caller: User) -> dict[str, Any]:
    """Give a table without its columns and checks (`TableListModel`).

    Args:
        key: Its names.
        spec: Its `TableSpec`.
        caller: Who asks.

    Returns:
        The JSON object.
    """
    templates = job_templates(key[0], f"{key[1]}.{key[2]}")
    del templates["collect_statistics_job_template"]
    return compact({**_table_model(key, spec, _TABLE_BASICS), **templates, **access(caller)})


def _table_model(key: TableKey, spec: Document, parts: Iterable[str]) -> dict[str, Any]:
    has_partition = part_of(spec, ("timestamp_columns", "partition_by_column")) is not None
    return {
        "connection_name": key[0],
        "table_hash": stable_hash(*key),
        "target": physical_name(key),
        **{part: spec.get(part) for part in parts},
        "disabled": spec.get("disabled") or None,
        "do_not_collect_error_samples_in_profiling": bool(
            spec.get("do_not_collect_error_samples_in_profiling")
        ),
        "always_collect_error_samples_in_monitoring": bool(
            spec.get("always_collect_error_samples_in_monitoring")
        ),
        "profiling_checks_result_truncation": part_of(
            spec, ("profiling_checks", "result_truncation")
        ),
        "partitioning_configuration_missing": None if has_partition else True,
        "advanced_properties": spec.get("advanced_properties") or {},
    }


def column_list_model(
    key: TableKey,
    name: str,
    spec: Document,
    caller: User,
    status: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a column without its checks (`ColumnListModel`).

    Args:
        key: The names of its table.
        name: Its name.
        spec: Its `ColumnSpec`.
        caller: Who asks.
        status: Its data quality status; None to leave it out.

    Returns:
        The JSON object.
    """
    return compact(
        {
            **column_basic_model(key, name, spec, caller),
            "data_quality_status": status,
            **_configured([spec]),
            **job_templates(key[0], f"{key[1]}.{key[2]}", name),
        }
    )


def column_basic_model(key: TableKey, name: str, spec: Document, caller: User) -> dict[str, Any]:
    """Give a column without its checks and without jobs on it (`ColumnListModel`).

    Args:
        key: The names of its table.
        name: Its name.
        spec: Its `ColumnSpec`.
        caller: Who asks.

    Returns:
        The JSON object.
    """
    return compact(
        {
            "connection_name": key[0],
            "table": physical_name(key),
            "column_name": name,
            "column_hash": stable_hash(*key, name),
            **{part: spec.get(part) for part in _COLUMN_BASICS},
            "disabled": spec.get("disabled") or None,
            "id": spec.get("id") or None,
            "advanced_properties": spec.get("advanced_properties") or {},
            **access(caller),
        }
    )


def has_checks(specs: Iterable[Document], check_type: str) -> bool:
    """Tell whether checks of a type are configured.

    Args:
        specs: `TableSpec`, `ColumnSpec` or quality policies.
        check_type: `profiling`, `monitoring` or `partitioned`.

    Returns:
        Whether any is.
    """
    for spec in specs:
        checks = spec.get(f"{check_type}_checks") or {}
        by_scale = [checks] if check_type == "profiling" else checks.values()
        for categories in by_scale:
            if any(isinstance(category, Mapping) and category for category in categories.values()):
                return True
    return False


def has_any_checks(specs: list[Document]) -> bool:
    """Tell whether checks of any type are configured.

    Args:
        specs: `TableSpec`, `ColumnSpec` or quality policies.

    Returns:
        Whether any is.
    """
    return any(has_checks(specs, kind) for kind in ("profiling", "monitoring", "partitioned"))


def physical_name(key: TableKey) -> dict[str, str]:
    """Give the name of a table in its data source (`PhysicalTableName`).

    Args:
        key: The table's names.

    Returns:
        The JSON object.
    """
    return {"schema_name": key[1], "table_name": key[2]}


def _configured(specs: list[Document]) -> dict[str, bool | None]:
    """Tell which types of checks there are; false is left out by the server."""
    profiling = has_checks(specs, "profiling")
    monitoring = has_checks(specs, "monitoring")
    partitioned = has_checks(specs, "partitioned")
    return {
        "has_any_configured_checks": profiling or monitoring or partitioned or None,
        "has_any_configured_profiling_checks": profiling or None,
        "has_any_configured_monitoring_checks": monitoring or None,
        "has_any_configured_partition_checks": partitioned or None,
    }
