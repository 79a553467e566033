"""Reads the version of a server from what it tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._runtime.declare.bodies import JsonBody
from .._runtime.declare.conversion import ANY
from .._runtime.declare.operation import Operation
from .._runtime.exchange.server_versions import tables_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import TypeVar

    from .._runtime.exchange.server_versions import Span
    from ..client import AuthenticatedClient, Client
    from ..client.models import DqoSettingsModel

    _Key = TypeVar("_Key", bound=Hashable)

__all__ = ["DOCUMENT", "from_document", "from_settings", "remembered"]

#: What a server says of itself. It is no operation of the API, so the specification lacks it.
DOCUMENT = Operation(
    name="get_api_document",
    method="GET",
    path="/v2/api-docs",
    models="dqops.client.models",
    results={200: JsonBody(ANY)},
    errors={},
)
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){1,3}", re.ASCII)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def from_settings(settings: DqoSettingsModel | None) -> str | None:
    """Find the version among the settings of a server.

    Args:
        settings: The settings.

    Returns:
        The version; None where it is not among them.
    """
    found = None if settings is None else settings.to_dict().get("properties", {})
    version = (found or {}).get("dqo.version")
    return version if isinstance(version, str) else None


def remembered(client: AuthenticatedClient | Client, version: str | None) -> str | None:
    """Let a client, and the one that it is a view of, know the version of its server.

    Args:
        client: The client.
        version: What the server tells; None where it does not.

    Returns:
        The version.
    """
    numbers = _VERSION.match(version or "")
    for each in (client, client._origin):
        if each is not None and numbers is not None:
            each._change(server_version=numbers[0])
    return version


def from_document(document: Any) -> str | None:
    """Find the version that has the operations of a document, and most of its properties.

    The operations have to be those of a version: it may be the document of another API.

    Args:
        document: What the server says of itself.

    Returns:
        The version, the oldest of several; None if none has just these operations.
    """
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict):
        return None
    operations = {
        _WORD.sub("_", operation["operationId"]).lower()
        for item in paths.values()
        if isinstance(item, dict)
        for operation in item.values()
        if isinstance(operation, dict) and isinstance(operation.get("operationId"), str)
    }
    tables = tables_of(DOCUMENT.models)
    if not operations or tables is None:
        return None
    having = operations & tables.operations.keys()
    candidates = [each for each in tables.versions if having == _had(tables.operations, each)]
    schemas = document.get("definitions")
    properties = {
        (name, key)
        for name, schema in (schemas.items() if isinstance(schemas, dict) else ())
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict)
        for key in schema["properties"]
    } & tables.properties.keys()
    return min(
        candidates,
        key=lambda version: len(properties ^ _had(tables.properties, version)),
        default=None,
    )


def _had(table: Mapping[_Key, Span], version: str) -> set[_Key]:
    """List what a version has of that which not all versions have."""
    tables = tables_of(DOCUMENT.models)
    assert tables is not None
    return {key for key, span in table.items() if tables.has(span, version)}
