# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Makes the arguments with which an HTTP client builds and sends a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ..settings.headers import merge_headers
from ..settings.shown import Hidden
from .deadline import within

if TYPE_CHECKING:
    from ..declare.messages import Request
    from ..settings.config import Config

__all__ = ["request_arguments"]

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
    if not base_url.is_absolute_url:
        # An httpx client that was set without one.
        base_url = httpx.URL(config.base_url).copy_with(userinfo=b"")
    base, url = str(base_url), request.path
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
            arguments["timeout"] = added.timeout
        if added.headers:
            headers = merge_headers(added.headers, headers or {})
        if added.cookies:
            arguments["cookies"] = Hidden(added.cookies)
    if headers:
        arguments["headers"] = Hidden(headers)
    if request.wait is not None and "timeout" not in arguments:
        arguments["timeout"] = _outlasting(request.wait, httpx_client.timeout)
    if end is not None:
        timeout = arguments.get("timeout", httpx_client.timeout)
        arguments["timeout"] = within(end, httpx.Timeout(timeout))
    options: dict[str, Any] = {}
    if request.method not in _READS:
        options["follow_redirects"] = False  # see `redirects`
    elif request.follow_redirects is not None:
        options["follow_redirects"] = request.follow_redirects
    return arguments, options


def _outlasting(wait: float, timeout: httpx.Timeout) -> httpx.Timeout:
    """Lengthen the read timeout where the server may take longer to respond."""
    read = timeout.read
    if read is not None:
        # Sockets take no timeouts of centuries.
        read = max(read, min(max(wait, 0.0), _LONGEST_WAIT) + _WAIT_MARGIN)
    return httpx.Timeout(connect=timeout.connect, read=read, write=timeout.write, pool=timeout.pool)
