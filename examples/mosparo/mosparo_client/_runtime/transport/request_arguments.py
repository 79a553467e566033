# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Makes the arguments with which an HTTP client builds and sends a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ..settings.headers import merge_headers
from ..settings.shown import Hidden
from .auth import own_auth_of
from .deadline import within

if TYPE_CHECKING:
    from ..declare.messages import Request
    from ..settings.config import Config, Timeouts
    from .deadline import TimeoutTuple

__all__ = ["as_tuple", "request_arguments", "without_account"]

# httpx may follow the redirections of these.
_READS = frozenset({"GET", "HEAD"})
# How many seconds a response may be late that the server was asked to delay.
_WAIT_MARGIN = 30.0
_LONGEST_WAIT = 2.0**31


def request_arguments(
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    request: Request,
    end: float | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the arguments of `build_request` and those of `send`.

    Args:
        config: The settings of our client.
        httpx_client: The HTTP client.
        request: The request.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        Both, by name.
    """
    base_url = httpx_client.base_url
    # An HTTP client that was set may have none.
    base = str(base_url) if base_url.is_absolute_url else without_account(config.base_url)
    url = request.path
    if "?" not in base and "#" not in base:
        # httpx would do the same, and take longer because it parses the URL once more.
        url = f"{base.removesuffix('/')}/{url.lstrip('/')}"
    arguments: dict[str, Any] = {"method": request.method, "url": url}
    if request.params is not None:
        arguments["params"] = request.params
    if request.content is not None:
        arguments["content"] = request.content
    headers = request.headers
    if config.per_request is not None:
        added = config.per_request
        if added.timeout is not None:
            arguments["timeout"] = as_tuple(added.timeout)
        if added.headers:
            headers = merge_headers(added.headers, headers or {})
        if added.cookies:
            arguments["cookies"] = Hidden(added.cookies)
    if headers:
        arguments["headers"] = Hidden(headers)
    if request.wait is not None and "timeout" not in arguments:
        arguments["timeout"] = as_tuple(httpx_client.timeout, request.wait)
    if end is not None:
        arguments["timeout"] = within(
            end, arguments.get("timeout") or as_tuple(httpx_client.timeout)
        )
    options: dict[str, Any] = {"auth": None} if request.is_public else {}
    if request.schemes:
        auth = own_auth_of(config, request.schemes)
        if auth is not None:
            options["auth"] = auth
    if request.method not in _READS:
        options["follow_redirects"] = False  # see `redirects`
    elif request.follow_redirects is not None:
        options["follow_redirects"] = request.follow_redirects
    return arguments, options


def as_tuple(timeout: Timeouts, wait: float | None = None) -> TimeoutTuple:
    """Write timeouts as each of the libraries takes them.

    Args:
        timeout: The timeouts.
        wait: How many seconds the server may take to respond, for which the read timeout is made
            longer.

    Returns:
        Those of connecting, reading, writing and waiting for a free connection.
    """
    read = timeout.read
    if wait is not None and read is not None:
        # Sockets take no timeouts of centuries.
        read = max(read, min(max(wait, 0.0), _LONGEST_WAIT) + _WAIT_MARGIN)
    return timeout.connect, read, timeout.write, timeout.pool


def without_account(url: str) -> str:
    """Take user name and password out of a URL: the HTTP libraries log the URL of each request.

    Args:
        url: The URL.

    Returns:
        The same URL without them.
    """
    return str(httpx.URL(url).copy_with(userinfo=b""))
