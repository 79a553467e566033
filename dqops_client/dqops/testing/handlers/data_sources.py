"""The operations that look into data sources: what of them is in the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call, Handler

__all__ = ["HANDLERS"]


def _get_remote_schemas(call: Call) -> Response:
    connection = call.parameters["connectionName"]
    catalog = call.state.catalog
    if connection not in catalog.connections:
        return Response.of_json(404, [])
    imported = {key[1] for key in catalog.tables if key[0] == connection}
    remote = {key[1] for key in catalog.remote_tables if key[0] == connection}
    models: list[dict[str, Any]] = [
        {
            "connectionName": connection,
            "schemaName": schema,
            "alreadyImported": schema in imported,
            "importTableJobParameters": {"connectionName": connection, "schemaName": schema},
        }
        for schema in sorted(imported | remote)
    ]
    return Response.of_json(200, models)


def _get_remote_tables(call: Call) -> Response:
    place = call.named("connectionName", "schemaName")
    catalog = call.state.catalog
    if place[0] not in catalog.connections:
        return Response.of_json(404, [])
    contained = call.parameters.get("tableNameContains", "")
    keys = [
        key
        for key in (*catalog.tables, *catalog.remote_tables)
        if key[:2] == place and contained in key[2]
    ]
    models = [
        {
            "connectionName": place[0],
            "schemaName": place[1],
            "tableName": key[2],
            "alreadyImported": key in catalog.tables,
        }
        for key in sorted(keys)
    ]
    return Response.of_json(200, models)


def _test_connection(call: Call) -> Response:
    name = call.body.get("connection_name")
    is_known = name in call.state.catalog.connections
    if call.parameters.get("verifyNameUniqueness") and is_known:
        message = f"There is a connection {name!r} already."
        result = {"connectionTestResult": "CONNECTION_ALREADY_EXISTS", "errorMessage": message}
        return Response.of_json(200, result)
    return Response.of_json(200, {"connectionTestResult": "SUCCESS"})


HANDLERS: Mapping[str, Handler] = {
    "get_remote_data_source_schemas": _get_remote_schemas,
    "get_remote_data_source_tables": _get_remote_tables,
    "test_connection": _test_connection,
}
