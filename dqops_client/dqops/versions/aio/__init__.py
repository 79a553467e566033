"""Asks a server for its version, in asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._runtime.declare.messages import Arguments
from ...client.api.environment import get_dqo_settings
from ...client.errors import DecodeError, NotFound
from ..reading import DOCUMENT, from_document, from_settings, remembered

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client

__all__ = ["server_version_async"]


async def server_version_async(client: AuthenticatedClient | Client) -> str | None:
    """Ask a server for its version.

    Servers tell it among their settings since 1.12.0. Earlier ones are recognised by the operations
    and properties in their own document; where several versions have the same ones, it is the
    oldest of them. The client knows it from then on, and warns of what that server does not know.

    Args:
        client: The client to send the requests with: one, or two to an older server.

    Returns:
        The version, such as `1.13.2`; None where the server tells neither.

    Raises:
        ClientError: The class says what went wrong.
    """
    view = client._raising()
    version = from_settings(await get_dqo_settings.asyncio(client=view))
    if version is None:
        try:
            response = await DOCUMENT.call_async(view, Arguments(DOCUMENT))
        except (DecodeError, NotFound):
            return None
        version = from_document(response.parsed)
    return remembered(client, version)
