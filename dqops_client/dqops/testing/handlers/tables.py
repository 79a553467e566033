"""The operations on schemas and tables that are not about one part of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import part_of, with_part
from ..http.messages import Response
from ..http.wire import compact, stable_hash
from ..patterns import has_labels, matches
from .connections import deletion_job
from .metadata_models import (
    access,
    has_checks,
    job_templates,
    physical_name,
    table_basic_model,
    table_list_model,
)
from .paging import is_page, page_of
from .resources import TABLE
from .statuses import Statuses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from ..results.check_results import TableKey
    from .call import Call, Handler

__all__ = ["HANDLERS"]

# What `update_table_basic` takes over from `TableListModel`.
_BASICS = (
    "disabled",
    "stage",
    "filter",
    "priority",
    "owner",
    "file_format",
    "advanced_properties",
    "do_not_collect_error_samples_in_profiling",
    "always_collect_error_samples_in_monitoring",
)
_PARTITIONING = ("timestamp_columns", "incremental_time_window")


def _get_schemas(call: Call) -> Response:
    connection = call.parameters["connectionName"]
    spec = call.state.catalog.connections.get(connection)
    if spec is None:
        return Response.of_json(404, [])
    is_duckdb = spec.get("provider_type") == "duckdb"
    folders = part_of(spec, ("duckdb", "directories")) or {} if is_duckdb else {}
    schemas = sorted({key[1] for key, _ in call.state.catalog.tables_of(connection)})
    schemas += [schema for schema in folders if schema not in schemas]
    models = [
        {
            "connection_name": connection,
            "schema_name": schema,
            **_folder(folders.get(schema), is_duckdb=is_duckdb),
            **job_templates(connection, f"{schema}.*"),
            "import_table_job_parameters": {
                "connectionName": connection,
                "schemaName": schema,
            },
            **access(call.caller),
        }
        for schema in schemas
    ]
    return Response.of_json(200, models)


def _folder(folder: str | None, *, is_duckdb: bool) -> dict[str, str]:
    """Tell where the files of a schema are, if its tables are files."""
    if folder is not None:
        return {"directory_prefix": folder}
    return {"error_message": "The schema has no folder."} if is_duckdb else {}


def _get_tables(call: Call) -> Response:
    connection, schema = call.named("connectionName", "schemaName")
    if connection not in call.state.catalog.connections:
        return Response.of_json(404, [])
    pattern = call.parameters.get("filter")
    pattern = pattern if pattern is None or "*" in pattern else f"*{pattern}*"
    found = {
        key: spec
        for key, spec in call.state.catalog.tables_of(connection)
        if key[1] == schema and matches(pattern, key[2])
    }
    return _table_list(call, found)


def _find_tables(call: Call) -> Response:
    patterns = [call.parameters.get(name) for name in ("connection", "schema", "table")]
    found = {
        key: spec
        for key, spec in call.state.catalog.tables.items()
        if all(matches(pattern, name) for pattern, name in zip(patterns, key, strict=True))
    }
    return _table_list(call, found)


def _table_list(call: Call, found: Mapping[TableKey, Document]) -> Response:
    if not is_page(call.parameters):
        return Response.of_json(406, [])
    connections = call.state.catalog.connections
    keys = [
        key
        for key, spec in sorted(found.items())
        if not spec.get("disabled")  # the server lists none of these
        and has_labels(
            call.parameters.get("label"),
            (*(spec.get("labels") or ()), *(connections.get(key[0], {}).get("labels") or ())),
        )
    ]
    statuses = Statuses(call)
    models = [
        table_list_model(key, found[key], call.caller, statuses.of_table(key))
        for key in page_of(keys, call.parameters)
    ]
    return Response.of_json(200, models)


def _get_table(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    key = call.table_key
    model = {
        "connection_name": key[0],
        "table_hash": stable_hash(*key),
        "spec": spec,
        **access(call.caller, ["can_edit"]),
    }
    return Response.of_json(200, model)


def _get_table_basic(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    return Response.of_json(200, table_basic_model(call.table_key, spec, call.caller))


def _create_table(call: Call) -> Response:
    key = call.table_key
    if key[0] not in call.state.catalog.connections:
        return Response(404)
    if key in call.state.catalog.tables:
        return Response(409)
    call.state.catalog.remote_tables.pop(key, None)
    TABLE.store(call, call.body)
    return Response(201)


def _update_table(call: Call) -> Response:
    if TABLE.find(call) is None:
        return Response(404)
    TABLE.store(call, call.body)
    return Response(204)


def _update_table_basic(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    for name in _BASICS:
        # False is what an absent property means.
        spec = with_part(spec, (name,), call.body.get(name) or None)
    truncation = call.body.get("profiling_checks_result_truncation")
    if truncation is not None:
        spec = with_part(spec, ("profiling_checks", "result_truncation"), truncation)
    TABLE.store(call, spec)
    return Response(204)


def _delete_table(call: Call) -> Response:
    if TABLE.find(call) is None:
        return Response(404)
    connection, schema, table = call.table_key
    del call.state.catalog.tables[call.table_key]
    return deletion_job(call, {"connection": connection, "fullTableName": f"{schema}.{table}"})


def _get_table_partitioning(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    model = {
        "connection_name": call.parameters["connectionName"],
        "target": physical_name(call.table_key),
        "timestamp_columns": spec.get("timestamp_columns") or {},
        "incremental_time_window": spec.get("incremental_time_window"),
        **access(call.caller, ["can_edit"]),
    }
    return Response.of_json(200, compact(model))


def _update_table_partitioning(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    for name in _PARTITIONING:
        spec = with_part(spec, (name,), call.body.get(name))
    TABLE.store(call, spec)
    return Response(204)


def _get_table_profiling_status(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    key = call.table_key
    specs = [spec, *(spec.get("columns") or {}).values()]
    model = {
        "connection_name": key[0],
        "table_hash": stable_hash(*key),
        "target": physical_name(key),
        "basic_statistics_collected": any(place[0] == key for place in call.state.statistics),
        "profiling_checks_configured": has_checks(specs, "profiling"),
        "monitoring_checks_configured": has_checks(specs, "monitoring"),
        "partition_checks_configured": has_checks(specs, "partitioned"),
        "check_results_present": bool(call.state.results_of(*key)),
    }
    return Response.of_json(200, model)


def _find_similar_tables(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response.of_json(404, [])
    own = set(spec.get("columns") or ())
    models: list[dict[str, Any]] = []
    for key, other in call.state.catalog.tables.items():
        names = set(other.get("columns") or ())
        if key == call.table_key or own.isdisjoint(names):
            continue
        models.append(
            {
                "difference": len(own ^ names),
                "similarity_pct": round(100.0 * len(own & names) / len(own | names), 2),
                "connection_name": key[0],
                "schema_name": key[1],
                "table_name": key[2],
            }
        )
    models.sort(key=lambda model: (model["difference"], model["table_name"]))
    return Response.of_json(200, page_of(models, call.parameters))


HANDLERS: Mapping[str, Handler] = {
    "create_table": _create_table,
    "delete_table": _delete_table,
    "find_similar_tables": _find_similar_tables,
    "find_tables": _find_tables,
    "get_schemas": _get_schemas,
    "get_table": _get_table,
    "get_table_basic": _get_table_basic,
    "get_table_partitioning": _get_table_partitioning,
    "get_table_profiling_status": _get_table_profiling_status,
    "get_tables": _get_tables,
    "update_table": _update_table,
    "update_table_basic": _update_table_basic,
    "update_table_partitioning": _update_table_partitioning,
}
