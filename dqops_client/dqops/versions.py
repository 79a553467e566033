"""Which version a server is.

    import dqops

    dqops.server_version(client)  # "1.13.2"

Nothing else in this package asks for it: a pipeline that may meet older servers can ask once, and
compare with docs/compatibility.md. `OperationNotSupported` tells of an operation that is missing
without asking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._runtime.declare.bodies import JsonBody
from ._runtime.declare.conversion import ANY
from ._runtime.declare.messages import Arguments
from ._runtime.declare.operation import Operation
from .client._versions import OPERATIONS, VERSIONS
from .client.api.environment import get_dqo_settings
from .client.errors import DecodeError, NotFound

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client
    from .client.models import DqoSettingsModel

    AnyClient = AuthenticatedClient | Client

__all__ = ["server_version", "server_version_async"]

# What a server says of itself. It is no operation of the API, so the specification lacks it.
_DOCUMENT = Operation(
    name="get_api_document",
    method="GET",
    path="/v2/api-docs",
    models="dqops.client.models",
    results={200: JsonBody(ANY)},
    errors={},
)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def server_version(client: AnyClient) -> str | None:
    """Ask a server for its version.

    Servers tell it among their settings since 1.12.0. Earlier ones are recognised by the operations
    in their own document; where several versions have the same ones, it is the oldest of them.

    Args:
        client: The client to send the requests with: one, or two to an older server.

    Returns:
        The version, such as `1.13.2`; None where the server tells neither.

    Raises:
        ClientError: The class says what went wrong.
    """
    client = _raising(client)
    version = _from_settings(get_dqo_settings.sync(client=client))
    if version is None:
        try:
            version = _from_document(_DOCUMENT.call(client, Arguments(_DOCUMENT)).parsed)
        except (DecodeError, NotFound):
            return None
    return version


async def server_version_async(client: AnyClient) -> str | None:
    """Do the same as `server_version` in asynchronous programs."""
    client = _raising(client)
    version = _from_settings(await get_dqo_settings.asyncio(client=client))
    if version is None:
        try:
            response = await _DOCUMENT.call_async(client, Arguments(_DOCUMENT))
        except (DecodeError, NotFound):
            return None
        version = _from_document(response.parsed)
    return version


def _raising(client: AnyClient) -> AnyClient:
    view = client.with_options()
    view.raise_on_unexpected_status = True
    return view


def _from_settings(settings: DqoSettingsModel | None) -> str | None:
    found = None if settings is None else settings.to_dict().get("properties", {})
    version = (found or {}).get("dqo.version")
    return version if isinstance(version, str) else None


def _from_document(document: Any) -> str | None:
    """Find the oldest version that has these operations, of those that not all versions have."""
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
