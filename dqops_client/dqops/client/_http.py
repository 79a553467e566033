"""The door to httpx: its clients are made here, and requests are sent here.

A successor of httpx is a change of this module and of those that it is made of: `_sending`,
`_failures`, `_bounded`, `_deadline`, `_hooks` and the transports. The rest of the package takes the
names that it annotates with from here.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ._deadline import TimedClient
from ._failures import (
    BodyTooLarge,
    ConnectionFailure,
    DeadlineExceeded,
    ProtocolFailure,
    TimeoutFailure,
    TLSFailure,
    TransportFailure,
)
from ._sending import OpenStream, open_stream, open_stream_async, send, send_async
from ._settings import Secret, mask_url, merge_headers
from .errors import InvalidRequest

if TYPE_CHECKING:
    import os
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from ._base_client import BaseClient

__all__ = [
    "CLIENT_ARGUMENTS",
    "Address",
    "AsyncHttpxClient",
    "BodyTooLarge",
    "ConnectionFailure",
    "DeadlineExceeded",
    "Headers",
    "HttpxClient",
    "HttpxResponse",
    "OpenStream",
    "ProtocolFailure",
    "TLSFailure",
    "Timeout",
    "TimeoutFailure",
    "TokenAuth",
    "TransportFailure",
    "as_timeout",
    "check_address",
    "create_async_client",
    "create_client",
    "open_stream",
    "open_stream_async",
    "send",
    "send_async",
    "try_open",
    "try_open_async",
]

Address = httpx.URL
HttpxClient = httpx.Client
AsyncHttpxClient = httpx.AsyncClient
HttpxResponse = httpx.Response
Headers = httpx.Headers
Timeout = httpx.Timeout

#: What `httpx_args` may hold, as far as both httpx clients know it.
CLIENT_ARGUMENTS = frozenset(httpx.Client.__init__.__kwdefaults__ or ())


class TokenAuth(httpx.Auth):
    """Sets the header that carries the token, on each request as it is sent.

    So the token is in no dictionary of headers that could be printed or copied.

    Args:
        read_token: Returns the token to use now.
        header_name: The header's name.
        prefix: The word before the token; an empty text for the bare token.
    """

    def __init__(self, read_token: Callable[[], str], *, header_name: str, prefix: str) -> None:
        self._read_token = read_token
        self._header_name = header_name
        self._prefix = f"{prefix} " if prefix else ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Set the header.

        Args:
            request: The request that is about to be sent.

        Yields:
            The same request.

        Raises:
            InvalidRequest: The token is empty or cannot be sent in a header.
        """
        try:
            request.headers[self._header_name] = self._prefix + Secret(self._read_token()).read()
        except InvalidRequest as error:
            del request  # its description shows the whole address
            raise error.with_traceback(None) from error.__cause__
        yield request

    def __repr__(self) -> str:
        return f"{type(self).__name__}(header_name={self._header_name!r}, token=<hidden>)"


def as_timeout(value: object) -> httpx.Timeout:
    """Make an httpx timeout.

    Args:
        value: Seconds for each of connecting, reading, writing and waiting for a free connection;
            an `httpx.Timeout` or its tuple for different limits; None for no limit.

    Returns:
        The timeout.

    Raises:
        InvalidRequest: It is no number of seconds, or a negative one.
    """
    if isinstance(value, bool) or not (
        value is None
        or isinstance(value, (int, float, httpx.Timeout))
        or (isinstance(value, tuple) and 2 <= len(value) <= 4)
    ):
        raise InvalidRequest(
            f"timeout must be seconds, None or an httpx.Timeout, not {type(value).__name__}"
        )
    timeout = httpx.Timeout(value)
    for name, seconds in timeout.as_dict().items():
        if seconds is not None and not (
            isinstance(seconds, (int, float)) and 0 <= seconds < float("inf")
        ):
            raise InvalidRequest(
                f"the {name} timeout must be 0 or more seconds, or None for no limit, "
                f"not {seconds!r}"
            )
    return timeout


def check_address(base_url: str) -> str:
    """Make sure that httpx can read an address.

    Args:
        base_url: The address.

    Returns:
        The address.

    Raises:
        InvalidRequest: It cannot, for example because of an invalid international host name.
    """
    try:
        httpx.URL(base_url)
        return base_url
    except httpx.InvalidURL:
        shown = mask_url(base_url)
    del base_url
    raise InvalidRequest(f"base_url {shown!r} is no valid address")


def create_client(client: BaseClient) -> httpx.Client:
    """Make an httpx client with the settings of a client of ours.

    Args:
        client: The client.

    Returns:
        The httpx client, with no connection yet.
    """
    from ._cookies import set_cookies

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
    from ._cookies import set_cookies
    from ._transports import AsyncClient

    ours = {kind: [_as_async(hook) for hook in hooks] for kind, hooks in _our_hooks(client).items()}
    httpx_client = AsyncClient(
        client._async_transport,
        event_hooks=_with_ours(client, ours),
        **_client_arguments(client),
    )
    set_cookies(httpx_client, client._cookies)
    return httpx_client


def _client_arguments(client: BaseClient) -> dict[str, Any]:
    from ._bounded import ACCEPT_ENCODING
    from ._user_agent import user_agent

    # Built in one expression: a local variable would show the headers in tracebacks.
    return {
        "auth": _auth(client),
        # User name and password go to the authentication: httpx logs the address of each request.
        "base_url": httpx.URL(client._base_url).copy_with(userinfo=b""),
        "headers": merge_headers(
            {"Accept-Encoding": ACCEPT_ENCODING, "User-Agent": user_agent(httpx.__version__)},
            client._headers,
        ),
        "timeout": client._timeout,
        "verify": _verification(client._verify_ssl),
        "follow_redirects": client._follow_redirects,
        **{name: client._httpx_args[name] for name in client._httpx_args if name != "event_hooks"},
    }


def _our_hooks(client: BaseClient) -> dict[str, list[Callable[[Any], None]]]:
    from ._bounded import bounding
    from ._hooks import is_exposed, stripping, warning

    base_url = httpx.URL(client._base_url)
    requests = [stripping(base_url, getattr(client, "auth_header_name", "Authorization"))]
    if is_exposed(base_url) and _auth(client) is not None:
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


def _auth(client: BaseClient) -> httpx.Auth | None:
    secret: Secret | None = getattr(client, "_token", None)
    if secret is not None:
        return TokenAuth(
            secret.read,
            header_name=getattr(client, "auth_header_name", "Authorization"),
            prefix=getattr(client, "prefix", ""),
        )
    if httpx.URL(client._base_url).userinfo:
        return httpx.BasicAuth(
            httpx.URL(client._base_url).username, httpx.URL(client._base_url).password
        )
    return None


def _verification(
    verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext,
) -> bool | ssl.SSLContext:
    """Load the certificate authorities that a path names; httpx deprecates paths."""
    if isinstance(verify_ssl, (bool, ssl.SSLContext)):
        return verify_ssl
    try:
        if Path(verify_ssl).is_dir():
            return ssl.create_default_context(capath=verify_ssl)
        return ssl.create_default_context(cafile=verify_ssl)
    except OSError as error:  # ssl.SSLError is one
        raise InvalidRequest(
            f"verify_ssl: cannot load certificates from {str(verify_ssl)!r}: {error}"
        ) from error


def try_open(client: httpx.Client) -> bool:
    """Enter an httpx client's context unless it was opened or closed before.

    Args:
        client: The httpx client.

    Returns:
        Whether it was entered, so that it is to be closed.
    """
    try:
        client.__enter__()
    except RuntimeError:  # httpx refuses to open a client twice
        return False
    return True


async def try_open_async(client: httpx.AsyncClient) -> bool:
    """Enter an asynchronous httpx client's context unless it was opened or closed before.

    Args:
        client: The httpx client.

    Returns:
        Whether it was entered, so that it is to be closed.
    """
    try:
        await client.__aenter__()
    except RuntimeError:  # httpx refuses to open a client twice
        return False
    return True
