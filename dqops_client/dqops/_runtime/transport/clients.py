"""The door to httpx: its clients are made here, and requests are sent here.

A successor of httpx is a change of this module and of those that it is made of: `_sending`,
`_failures`, `_auth`, `_bounded`, `_deadline`, `_hooks`, `_connection_reuse`, `_trust` and the
transports. Settings that httpx checks are in `_http_settings`, from where the rest of the package
takes the names that it annotates with. This module is loaded for the first request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ..settings.checks import merge_headers
from .auth import auth_of
from .deadline import TimedClient
from .sending import OpenStream, open_stream, open_stream_async, send, send_async
from .trust import verification

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ..base_client import BaseClient

__all__ = [
    "OpenStream",
    "create_async_client",
    "create_client",
    "open_stream",
    "open_stream_async",
    "send",
    "send_async",
]


def create_client(client: BaseClient) -> httpx.Client:
    """Make an httpx client with the settings of a client of ours.

    Args:
        client: The client.

    Returns:
        The httpx client, with no connection yet.
    """
    from .cookies import set_cookies

    httpx_client = TimedClient(
        event_hooks=_with_ours(client, _our_hooks(client)), **_client_arguments(client)
    )
    set_cookies(httpx_client, client._cookies)
    return httpx_client


def create_async_client(client: BaseClient) -> httpx.AsyncClient:
    """Make an asynchronous httpx client with the settings of a client of ours.

    Args:
        client: The client.

    Returns:
        The httpx client, with no connection yet.
    """
    from .async_client import AsyncClient
    from .cookies import set_cookies

    ours = {kind: [_as_async(hook) for hook in hooks] for kind, hooks in _our_hooks(client).items()}
    httpx_client = AsyncClient(
        client._async_transport,
        event_hooks=_with_ours(client, ours),
        **_client_arguments(client),
    )
    set_cookies(httpx_client, client._cookies)
    return httpx_client


def _client_arguments(client: BaseClient) -> dict[str, Any]:
    from .bounded import ACCEPT_ENCODING
    from .user_agent import user_agent

    # Built in one expression: a local variable would show the headers in tracebacks.
    return {
        "auth": auth_of(client),
        # User name and password go to the authentication: httpx logs the address of each request.
        "base_url": httpx.URL(client._base_url).copy_with(userinfo=b""),
        "headers": merge_headers(
            {"Accept-Encoding": ACCEPT_ENCODING, "User-Agent": user_agent(httpx.__version__)},
            client._headers,
        ),
        "timeout": client._timeout,
        "verify": verification(client),
        "follow_redirects": client._follow_redirects,
        **{name: client._httpx_args[name] for name in client._httpx_args if name != "event_hooks"},
    }


def _our_hooks(client: BaseClient) -> dict[str, list[Callable[[Any], None]]]:
    from .bounded import bounding
    from .hooks import is_exposed, stripping, warning

    base_url = httpx.URL(client._base_url)
    requests = [stripping(base_url, getattr(client, "auth_header_name", "Authorization"))]
    if is_exposed(base_url) and auth_of(client) is not None:
        requests.append(warning(base_url))
    return {"request": requests, "response": [bounding(client._max_body_bytes)]}


def _with_ours(client: BaseClient, ours: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Add the caller's own hooks, which come after ours."""
    theirs: Mapping[str, list[Any]] = client._httpx_args.get("event_hooks") or {}
    return {kind: [*ours[kind], *theirs.get(kind, ())] for kind in ours}


def _as_async(hook: Callable[[Any], None]) -> Callable[[Any], Awaitable[None]]:
    async def call(message: Any) -> None:
        hook(message)

    return call
