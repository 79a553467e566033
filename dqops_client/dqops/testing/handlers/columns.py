"""The operations on columns that are not about one part of a column, and the search for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks.column_types import data_type_category
from ..documents import with_part
from ..http.messages import Response
from ..http.wire import stable_hash
from ..patterns import has_labels, matches
from .connections import deletion_job
from .metadata_models import access, column_basic_model, column_list_model, physical_name
from .paging import is_page, page_of
from .resources import COLUMN, TABLE
from .statuses import Statuses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from ..results.check_results import TableKey
    from .call import Call, Handler

__all__ = ["HANDLERS"]

# What `update_column_basic` takes over from `ColumnListModel`.
_BASICS = ("disabled", "sql_expression", "type_snapshot", "id", "advanced_properties")


def _get_columns(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response.of_json(404, [])
    key = call.table_key
    statuses = Statuses(call)
    has_status = call.parameters.get("dataQualityStatus", True)
    models = [
        column_list_model(
            key,
            name,
            column,
            call.caller,
            statuses.of_column(key, name) if has_status else None,
        )
        for name, column in sorted((spec.get("columns") or {}).items())
    ]
    return Response.of_json(200, models)


def _find_columns(call: Call) -> Response:
    if not is_page(call.parameters):
        return Response.of_json(406, [])
    found = [
        (key, name, column)
        for key, spec in sorted(call.state.catalog.tables.items())
        if not spec.get("disabled")
        for name, column in (spec.get("columns") or {}).items()
        if not column.get("disabled") and _is_wanted(call.parameters, key, name, column)
    ]
    statuses = Statuses(call)
    models = [
        column_list_model(key, name, column, call.caller, statuses.of_column(key, name))
        for key, name, column in page_of(found, call.parameters)
    ]
    return Response.of_json(200, models)


def _is_wanted(parameters: Mapping[str, Any], key: TableKey, name: str, column: Document) -> bool:
    data_type = (column.get("type_snapshot") or {}).get("column_type")
    category = parameters.get("columnCategory")
    if category is not None and category != data_type_category(data_type or ""):
        return False
    compared = {
        "connection": key[0],
        "schema": key[1],
        "table": key[2],
        "column": name,
        "columnType": data_type,
    }
    return all(
        matches(parameters.get(each), text) for each, text in compared.items()
    ) and has_labels(parameters.get("label"), column.get("labels") or ())


def _get_column(call: Call) -> Response:
    spec = COLUMN.find(call)
    if spec is None:
        return Response(404)
    key, name = call.table_key, call.parameters["columnName"]
    model = {
        "connection_name": key[0],
        "table": physical_name(key),
        "column_name": name,
        "column_hash": stable_hash(*key, name),
        "spec": spec,
        **access(call.caller, ["can_edit"]),
    }
    return Response.of_json(200, model)


def _get_column_basic(call: Call) -> Response:
    spec = COLUMN.find(call)
    if spec is None:
        return Response(404)
    name = call.parameters["columnName"]
    return Response.of_json(200, column_basic_model(call.table_key, name, spec, call.caller))


def _create_column(call: Call) -> Response:
    if TABLE.find(call) is None:
        return Response(404)
    if COLUMN.find(call) is not None:
        return Response(409)
    COLUMN.store(call, call.body)
    return Response(201)


def _update_column(call: Call) -> Response:
    if COLUMN.find(call) is None:
        return Response(404)
    COLUMN.store(call, call.body)
    return Response(204)


def _update_column_basic(call: Call) -> Response:
    spec = COLUMN.find(call)
    if spec is None:
        return Response(404)
    for name in _BASICS:
        # False is what an absent property means.
        spec = with_part(spec, (name,), call.body.get(name) or None)
    COLUMN.store(call, spec)
    return Response(204)


def _delete_column(call: Call) -> Response:
    if COLUMN.find(call) is None:
        return Response(404)
    connection, schema, table = call.table_key
    name = call.parameters["columnName"]
    document = call.state.catalog.tables[call.table_key]
    TABLE.store(call, with_part(document, ("columns", name), None))
    target = {"connection": connection, "fullTableName": f"{schema}.{table}"}
    return deletion_job(call, {**target, "columnNames": [name]})


HANDLERS: Mapping[str, Handler] = {
    "create_column": _create_column,
    "delete_column": _delete_column,
    "find_columns": _find_columns,
    "get_column": _get_column,
    "get_column_basic": _get_column_basic,
    "get_columns": _get_columns,
    "update_column": _update_column,
    "update_column_basic": _update_column_basic,
}
