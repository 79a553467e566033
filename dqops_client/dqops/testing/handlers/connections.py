"""The operations of the group `connections` that are not about a part of a connection."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..documents import with_part
from ..domain.catalog import table_view
from ..domain.new_connections import with_defaults
from ..http.messages import Response
from ..http.wire import stable_hash
from ..jobs import kinds
from .metadata_models import CONNECTION_BASICS, access, connection_model
from .paging import page_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS", "deletion_job"]

_DELETED = (
    "deleteErrors",
    "deleteStatistics",
    "deleteCheckResults",
    "deleteSensorReadouts",
    "deleteErrorSamples",
)


def deletion_job(call: Call, parameters: Mapping[str, Any]) -> Response:
    """Start the job that deletes the stored data of what has just been deleted.

    Args:
        call: The request.
        parameters: What the data belongs to, as `DeleteStoredDataQueueJobParameters`.

    Returns:
        The response with the id of the job.
    """
    flags = {
        **dict.fromkeys(_DELETED, True),
        # Incidents belong to a table, not to one of its columns.
        "deleteIncidents": "columnNames" not in parameters,
    }
    job = call.state.queue.submit(kinds.DELETE_STORED_DATA, {**parameters, **flags})
    return Response.of_json(200, job.id_model())


def _get_all_connections(call: Call) -> Response:
    connections = call.state.catalog.connections
    models = [connection_model(name, spec, call.caller) for name, spec in connections.items()]
    return Response.of_json(200, models)


def _get_connection(call: Call) -> Response:
    name, spec = _found(call)
    if spec is None:
        return Response(404)
    model = {
        "connection_name": name,
        "connection_hash": stable_hash(name),
        "spec": spec,
        **access(call.caller, ["can_edit"]),
    }
    return Response.of_json(200, model)


def _get_connection_basic(call: Call) -> Response:
    name, spec = _found(call)
    return (
        Response(404)
        if spec is None
        else Response.of_json(200, connection_model(name, spec, call.caller))
    )


def _create_connection(call: Call) -> Response:
    return _created(call, call.body)


def _create_connection_basic(call: Call) -> Response:
    return _created(call, _basics(call.body, {}))


def _created(call: Call, spec: Document) -> Response:
    name, known = _found(call)
    if known is not None:
        return Response(409)
    schedules = call.state.collections["default_schedule"]
    call.state.catalog.connections[name] = with_defaults(spec, schedules)
    return Response(201)


def _update_connection(call: Call) -> Response:
    name, known = _found(call)
    if known is None:
        return Response(404)
    call.state.catalog.connections[name] = call.body
    return Response(204)


def _update_connection_basic(call: Call) -> Response:
    name, known = _found(call)
    if known is None:
        return Response(404)
    call.state.catalog.connections[name] = _basics(call.body, known)
    return Response(204)


def _delete_connection(call: Call) -> Response:
    name, known = _found(call)
    if known is None:
        return Response(404)
    call.state.catalog.delete_connection(name)
    return deletion_job(call, {"connection": name})


def _get_connection_common_columns(call: Call) -> Response:
    name, known = _found(call)
    if known is None:
        return Response.of_json(404, [])
    counts = Counter(
        column.name
        for key, spec in call.state.catalog.tables_of(name)
        for column in table_view(key, spec).columns
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    models = [{"column_name": column, "tables_count": count} for column, count in ordered]
    return Response.of_json(200, page_of(models, {}))


def _found(call: Call) -> tuple[str, Document | None]:
    name = call.parameters["connectionName"]
    return name, call.state.catalog.connections.get(name)


def _basics(model: Document, known: Document) -> Document:
    """Take over what a `ConnectionModel` has of a `ConnectionSpec`."""
    provider = model.get("provider_type") or known.get("provider_type") or ""
    spec = known
    for name in CONNECTION_BASICS:
        # Without properties, there is no object of them.
        spec = with_part(spec, (name,), model.get(name) or None)
    if provider:
        spec = with_part(spec, ("provider_type",), provider)
        spec = with_part(spec, (provider,), model.get(provider))
    return spec


HANDLERS: Mapping[str, Handler] = {
    "create_connection": _create_connection,
    "create_connection_basic": _create_connection_basic,
    "delete_connection": _delete_connection,
    "get_all_connections": _get_all_connections,
    "get_connection": _get_connection,
    "get_connection_basic": _get_connection_basic,
    "get_connection_common_columns": _get_connection_common_columns,
    "update_connection": _update_connection,
    "update_connection_basic": _update_connection_basic,
}
