"""The data grouping configurations of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..documents import part_of, with_part
from ..http.errors import RefusedRequestError
from ..http.messages import Response
from .crud import Crud, inside
from .metadata_models import access
from .resources import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_DEFAULT_GROUPING = "default_grouping_name"


def _grouping_item(call: Call, name: str, _: Document) -> dict[str, Any]:
    table = TABLE.find(call) or {}
    return {
        **_table_names(call),
        "data_grouping_configuration_name": name,
        "default_data_grouping_configuration": table.get(_DEFAULT_GROUPING) == name,
        **access(call.caller, ["can_edit"]),
    }


def _grouping_model(call: Call, name: str, document: Document) -> dict[str, Any]:
    return {
        **_table_names(call),
        "data_grouping_configuration_name": name,
        "spec": document,
        **access(call.caller, ["can_edit"]),
    }


def _document(body: Mapping[str, Any]) -> Document:
    spec: Document | None = body.get("spec")
    if spec is None:
        raise RefusedRequestError(500, "The server fails where 'spec' is not set.")
    return spec


def _table_names(call: Call) -> dict[str, str]:
    connection, schema, table = call.table_key
    return {"connection_name": connection, "schema_name": schema, "table_name": table}


def _set_default_grouping(call: Call) -> Response:
    spec = TABLE.find(call)
    name = call.parameters["dataGroupingConfigurationName"]
    if spec is None or name not in (spec.get("groupings") or {}):
        return Response(404)
    TABLE.store(call, with_part(spec, (_DEFAULT_GROUPING,), name))
    return Response(204)


def _get_default_grouping(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    name = spec.get(_DEFAULT_GROUPING)
    grouping = None if name is None else part_of(spec, ("groupings", name))
    return Response(200) if grouping is None else Response.of_json(200, grouping)


def _update_default_grouping(call: Call) -> Response:
    spec = TABLE.find(call)
    if spec is None:
        return Response(404)
    # A table that has none gets one, under a name of our own.
    name = spec.get(_DEFAULT_GROUPING) or "default"
    spec = with_part(spec, ("groupings", name), call.body)
    TABLE.store(call, with_part(spec, (_DEFAULT_GROUPING,), name))
    return Response(204)


HANDLERS: Mapping[str, Handler] = {
    **Crud(
        inside(TABLE, ("groupings",)),
        "dataGroupingConfigurationName",
        model=_grouping_model,
        item=_grouping_item,
        document=_document,
        name_in_body="data_grouping_configuration_name",
        deletes_unknown=True,
    ).handlers(
        listing="get_table_grouping_configurations",
        getting="get_table_grouping_configuration",
        creating="create_table_grouping_configuration",
        updating="update_table_grouping_configuration",
        deleting="delete_table_grouping_configuration",
    ),
    "get_table_default_grouping_configuration": _get_default_grouping,
    "set_table_default_grouping_configuration": _set_default_grouping,
    "update_table_default_grouping_configuration": _update_default_grouping,
}
