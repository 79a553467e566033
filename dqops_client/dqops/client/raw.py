"""Calls whose response is left unread, for those who read its body in a way of their own."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from .._runtime.declare.bodies import BinaryBody
from .types import Response

if TYPE_CHECKING:
    from types import ModuleType

    from .client import AuthenticatedClient, Client

__all__ = ["send"]


def send(
    operation: ModuleType, *path: Any, client: AuthenticatedClient | Client, **arguments: Any
) -> Response[bytes]:
    """Call an operation as its `sync_detailed` does, and leave the body as it came.

    Limits, retries and errors are those of every call, but for `DecodeError`.

    Args:
        operation: The module of the operation, such as `dqops.client.api.tables.get_table`.
        *path: The path parameters.
        client: The client to send the request with.
        **arguments: The other arguments of the operation.

    Returns:
        The response, whose `parsed` is the body; None where the status is no success.

    Raises:
        InvalidRequest: An argument cannot be sent; nothing was sent.
        UnexpectedStatus: The response is no success, and the client raises on that.
        TransportFailure: No response came.
    """
    unread = copy(operation._OPERATION)
    unread.results = dict.fromkeys(unread.results, BinaryBody())
    response = unread.call(client, operation._arguments(*path, **arguments))
    parsed = None if response.parsed is None else response.content
    return Response(response.status_code, response.content, response.headers, parsed)
