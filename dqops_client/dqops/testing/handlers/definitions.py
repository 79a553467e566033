"""Credentials, dictionaries, and the definitions of rules, sensors and checks."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from ..http.downloads import download, file_name
from ..http.messages import Response
from .crud import Crud, kept
from .metadata_models import access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..documents import Document
    from .call import Call, Handler

__all__ = ["HANDLERS"]

_OWN = {"custom": True, "built_in": False}


def _editable(call: Call) -> dict[str, bool]:
    return access(call.caller, ["can_edit"])


def _credential_item(call: Call, name: str, document: Document) -> dict[str, Any]:
    return {
        "credential_name": name,
        "type": document.get("type", "text"),
        **_editable(call),
        "can_access_credential": "EDIT" in call.caller.permissions,
    }


def _dictionary_item(call: Call, name: str, _: Document) -> dict[str, Any]:
    return {
        "dictionary_name": name,
        **_editable(call),
        "can_access_dictionary": "EDIT" in call.caller.permissions,
    }


def _definition_item(kind: str) -> Callable[[Call, str, Document], dict[str, Any]]:
    def item(call: Call, name: str, _: Document) -> dict[str, Any]:
        return {
            f"{kind}_name": name.rpartition("/")[2],
            f"full_{kind}_name": name,
            **_OWN,
            **_editable(call),
        }

    return item


def _definition_model(property_name: str) -> Callable[[Call, str, Document], dict[str, Any]]:
    def model(call: Call, name: str, document: Document) -> dict[str, Any]:
        return {**document, property_name: name, **_OWN, **_editable(call)}

    return model


def _folder_tree(kind: str, *, with_all: bool) -> Handler:
    """Make the handler of an operation that shows definitions in folders."""
    item = _definition_item(kind)

    def folder(call: Call, names: list[str], depth: int) -> dict[str, Any]:
        here = [name for name in names if name.count("/") == depth]
        below: dict[str, list[str]] = {}
        for name in names:
            if name.count("/") > depth:
                below.setdefault(name.split("/")[depth], []).append(name)
        tree: dict[str, Any] = {
            "folders": {name: folder(call, below[name], depth + 1) for name in below},
            f"{kind}s": [item(call, name, {}) for name in here],
        }
        if with_all:
            tree[f"all_{kind}s"] = [item(call, name, {}) for name in names]
        return {name: part for name, part in tree.items() if part}

    def handler(call: Call) -> Response:
        return Response.of_json(200, folder(call, sorted(call.state.collections[kind]), 0))

    return handler


def _download_dictionary(call: Call) -> Response:
    name = call.parameters["dictionaryName"]
    document = call.state.collections["dictionary"].get(name)
    if document is None:
        return Response(404)
    content = str(document.get("file_content") or "").encode()
    return download(content, "text/csv", file_name(name, ".csv"))


def _download_credential(call: Call) -> Response:
    name = call.parameters["credentialName"]
    document = call.state.collections["credential"].get(name)
    if document is None:
        return Response(404)
    if document.get("type") == "binary":
        content = base64.b64decode(document.get("binary_value") or "")
    else:
        content = str(document.get("text_value") or "").encode()
    return download(content, "application/octet-stream", name)


def _credential(body: Document) -> Document | None:
    """Accept a credential that has a value of its type."""
    value = body.get(f"{body.get('type')}_value")
    if not isinstance(value, str):
        return None
    if body["type"] == "binary":
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
    return body


def _dictionary(body: Document) -> Document | None:
    return None if body.get("file_content") is None else body


def _kept_whole(handler: Handler) -> Handler:
    """Let a sensor that has no specification be accepted, and be gone, as on the server."""

    def handle(call: Call) -> Response:
        response = handler(call)
        if response.status < 300 and call.body.get("sensor_definition_spec") is None:
            name = call.parameters["fullSensorName"]
            sensors = call.state.collections["sensor"]
            left = {each: sensors[each] for each in sensors if each != name}
            call.state.store_collection("sensor", left)
        return response

    return handle


_CREDENTIALS = Crud(
    kept("credential"),
    "credentialName",
    item=_credential_item,
    document=_credential,
    name_in_body="credential_name",
    renames=False,
)
_DICTIONARIES = Crud(
    kept("dictionary"),
    "dictionaryName",
    item=_dictionary_item,
    document=_dictionary,
    name_in_body="dictionary_name",
    renames=False,
)
_RULES = Crud(
    kept("rule"),
    "fullRuleName",
    model=_definition_model("rule_name"),
    item=_definition_item("rule"),
)
_SENSORS = Crud(
    kept("sensor"),
    "fullSensorName",
    model=_definition_model("full_sensor_name"),
    item=_definition_item("sensor"),
)
_CHECKS = Crud(
    kept("check"),
    "fullCheckName",
    model=_definition_model("check_name"),
    item=_definition_item("check"),
)

HANDLERS: Mapping[str, Handler] = {
    "download_shared_credential": _download_credential,
    **_CREDENTIALS.handlers(
        listing="get_all_shared_credentials",
        getting="get_shared_credential",
        creating="create_shared_credential",
        updating="update_shared_credential",
        deleting="delete_shared_credential",
    ),
    "download_dictionary": _download_dictionary,
    **_DICTIONARIES.handlers(
        listing="get_all_dictionaries",
        getting="get_dictionary",
        creating="create_dictionary",
        updating="update_dictionary",
        deleting="delete_dictionary",
    ),
    "get_rule_folder_tree": _folder_tree("rule", with_all=True),
    **_RULES.handlers(
        listing="get_all_rules",
        getting="get_rule",
        creating="create_rule",
        updating="update_rule",
        deleting="delete_rule",
    ),
    "get_sensor_folder_tree": _folder_tree("sensor", with_all=True),
    **_SENSORS.handlers(
        listing="get_all_sensors",
        getting="get_sensor",
        deleting="delete_sensor",
    ),
    "create_sensor": _kept_whole(_SENSORS.creating),
    "update_sensor": _kept_whole(_SENSORS.updating),
    "get_check_folder_tree": _folder_tree("check", with_all=False),
    **_CHECKS.handlers(
        listing="get_all_checks",
        getting="get_check",
        creating="create_check",
        updating="update_check",
        deleting="delete_check",
    ),
}
