"""Reads the version of a server from what it tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .._runtime.declare.bodies import JsonBody
from .._runtime.declare.conversion import ANY
from .._runtime.declare.operation import Operation
from ..client._versions import OPERATIONS, VERSIONS

if TYPE_CHECKING:
    from ..client.models import DqoSettingsModel

__all__ = ["DOCUMENT", "from_document", "from_settings"]

#: What a server says of itself. It is no operation of the API, so the specification lacks it.
DOCUMENT = Operation(
    name="get_api_document",
    method="GET",
    path="/v2/api-docs",
    models="dqops.client.models",
    results={200: JsonBody(ANY)},
    errors={},
)
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


def from_document(document: Any) -> str | None:
    """Find the oldest version that has these operations, of those that not all versions have.

    Args:
        document: What the server says of its operations.

    Returns:
        The version; None if none has just these.
    """
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict):
        return None
    names = {
        _WORD.sub("_", operation["operationId"]).lower()
        for item in paths.values()
        if isinstance(item, dict)
        for operation in item.values()
        if isinstance(operation, dict) and isinstance(operation.get("operationId"), str)
    }
    having = names & OPERATIONS.keys()
    order = {version: position for position, version in enumerate(VERSIONS)}
    for version, position in order.items():
        expected = {
            name
            for name, (since, until) in OPERATIONS.items()
            if order.get(since, 0) <= position <= order.get(until, len(VERSIONS))
        }
        if names and having == expected:
            return version
    return None
