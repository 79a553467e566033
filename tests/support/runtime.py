"""What tests reach inside of the runtime, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from dqops._runtime.codec.documents import write_document as json_content
from dqops._runtime.declare.messages import Arguments, Request
from dqops._runtime.exchange.bodies import Received, read_body
from dqops._runtime.exchange.reading import read_response
from dqops._runtime.exchange.request import build_request
from dqops._runtime.transport import sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dqops._runtime.declare.bodies import Body
    from dqops._runtime.declare.operation import Operation
    from dqops.client import AuthenticatedClient, Client
    from dqops.client.types import Response

__all__ = [
    "Received",
    "call_with",
    "json_content",
    "read",
    "request",
    "send_once",
    "send_once_async",
]


def send_once(
    client: AuthenticatedClient | Client,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> httpx.Response:
    """Send a request once, as a call does."""
    received = sending.send(
        client._sync_pool,
        client._create_httpx_client,
        client._config,
        _request(arguments),
        operation=operation,
        end=end,
    )
    return received._response


async def send_once_async(
    client: AuthenticatedClient | Client,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> httpx.Response:
    """Send a request once, as a call does that does not block the event loop."""
    received = await sending.send_async(
        client._async_pool,
        client._create_async_httpx_client,
        client._config,
        _request(arguments),
        operation=operation,
        end=end,
    )
    return received._response


def call_with(
    client: AuthenticatedClient | Client, operation: Operation, arguments: Mapping[str, Any]
) -> Response[Any]:
    """Call an operation with a request that it would not build itself."""
    received = sending.send(
        client._sync_pool,
        client._create_httpx_client,
        client._config,
        _request(arguments),
        operation=operation.name,
    )
    return read_response(operation, client._config, received)


def _request(arguments: Mapping[str, Any]) -> Request:
    kinds = {"data", "files", "json"}
    named = {name: arguments[name] for name in arguments if name not in {"method", "url", *kinds}}
    body = {name: arguments[name] for name in kinds & arguments.keys()}
    if body:
        written = httpx.Request("POST", "http://h", **body)
        named["content"] = written.read()
        content_type = {"Content-Type": written.headers["Content-Type"]}
        named["headers"] = {**content_type, **named.get("headers", {})}
    return Request(arguments["method"], arguments["url"], **named)


def request(operation: Operation, **arguments: Any) -> dict[str, Any]:
    """Build the request of an operation, and list what is set of it."""
    built = build_request(operation, Arguments(**arguments))
    parts = {name: getattr(built, name) for name in Request.__slots__}
    return {name: value for name, value in parts.items() if value is not None}


def read(body: Body, received: Received, models: str) -> Any:
    """Read a body."""
    return read_body(body, received, models)
