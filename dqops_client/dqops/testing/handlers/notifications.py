"""Where notifications of incidents go: by default, and with filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..http.messages import Response
from .crud import Crud, inside
from .parts import getting_part
from .resources import CONNECTION, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_NOTIFICATIONS = ("incident_grouping", "incident_notification", "filtered_notifications")
_FILTERED = "filtered_notifications"
_FLAGS = ("process_additional_filters", "disabled", "do_not_create_incidents")


def _default_webhooks(call: Call) -> Document:
    return call.state.collections["default_webhooks"][""]


def _store_default_webhooks(call: Call, document: Document) -> None:
    call.state.collections["default_webhooks"][""] = document


_DEFAULT_WEBHOOKS = Resource(_default_webhooks, _store_default_webhooks)


def _update_default_webhooks(call: Call) -> Response:
    known = _default_webhooks(call).get(_FILTERED)
    kept = {} if known is None else {_FILTERED: known}
    _store_default_webhooks(call, {**kept, **call.body})
    return Response(204)


def _notification_model(_: Call, name: str, document: Document) -> dict[str, Any]:
    return {"name": name, **dict.fromkeys(_FLAGS, False), **document}


def _without_name(body: Document) -> Document:
    """Leave out the name, and what is false: it is as if it were not there."""
    return {
        name: value
        for name, value in body.items()
        if name != "name" and not (name in _FLAGS and value is False)
    }


HANDLERS: Mapping[str, Handler] = {
    **Crud(
        inside(CONNECTION, _NOTIFICATIONS),
        "filteredNotificationName",
        model=_notification_model,
        document=_without_name,
        name_in_body="name",
        deletes_unknown=True,
    ).handlers(
        listing="get_connection_filtered_notifications_configurations",
        getting="get_connection_filtered_notification_configuration",
        creating="create_connection_filtered_notification_configuration",
        updating="update_connection_filtered_notification_configuration",
        deleting="delete_connection_filtered_notification_configuration",
    ),
    **Crud(
        inside(_DEFAULT_WEBHOOKS, (_FILTERED,)),
        "filteredNotificationName",
        model=_notification_model,
        document=_without_name,
        name_in_body="name",
        deletes_unknown=True,
    ).handlers(
        listing="get_default_filtered_notifications_configurations",
        getting="get_default_filtered_notification_configuration",
        creating="create_default_filtered_notification_configuration",
        updating="update_default_filtered_notification_configuration",
        deleting="delete_default_filtered_notification_configuration",
    ),
    "get_default_webhooks": getting_part(_DEFAULT_WEBHOOKS, (), or_empty=True),
    "update_default_webhooks": _update_default_webhooks,
}
