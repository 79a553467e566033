"""What carries asynchronous calls: a transport of httpx or httpx2, with a limit that is cheap.

It lets no more requests in than there may be connections. The libraries have that limit, too, but
a pool of httpx looks at every waiting request whenever one ends, so that a thousand calls at once
take many times as long as ten times a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from .deadline import time_limits
from .http_settings import mixed
from .limiter import CapacityLimiter
from .patches import keep_apart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import ModuleType

    from .sync_transport import Authorities

__all__ = ["DEFAULT_LIMITS", "AsyncTransport", "is_http2"]

#: Those of the HTTP libraries.
DEFAULT_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class AsyncTransport(httpx.AsyncBaseTransport):
    """A transport that lets as many requests in at once as there may be connections.

    Args:
        http: The HTTP library.
        authorities: What it trusts, where that can wait; None where `connecting` says.
        **connecting: How it opens connections.
    """

    def __init__(
        self, http: ModuleType, authorities: Authorities | None = None, **connecting: Any
    ) -> None:
        self._http = http
        self._authorities = authorities
        if authorities is not None:
            connecting["verify"] = authorities.none_yet
        self._inner: httpx.AsyncBaseTransport = http.AsyncHTTPTransport(**connecting)
        self._pool: Any = getattr(self._inner, "_pool", None)  # as the library's own has it
        places = connecting.get("limits", DEFAULT_LIMITS).max_connections
        # With HTTP/2, many requests share a connection.
        self._limiter = CapacityLimiter(None if is_http2(connecting) else places)
        self._hold = mixed(_HeldStream, http, "AsyncByteStream")
        keep_apart(self._pool)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response, which holds its place until its body is closed.
        """
        try:
            await self._limiter.enter(time_limits(request).get("pool"))
        except TimeoutError:
            del request  # its description shows the whole URL
            raise self._http.PoolTimeout("all connections are in use") from None
        try:
            if self._authorities is not None:
                self._authorities.prepare(self._pool, request)
            response = await self._inner.handle_async_request(request)
        except BaseException:
            del request
            self._limiter.leave()
            raise
        response.extensions.pop("reason_phrase", None)  # see `SyncTransport`
        response.stream = self._hold(response.stream, self._limiter)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _HeldStream:
    """A body whose request gives its place back when it is closed."""

    def __init__(self, inner: httpx.AsyncByteStream, limiter: CapacityLimiter) -> None:
        self._inner = inner
        self._limiter: CapacityLimiter | None = limiter

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inner.__aiter__()

    async def aclose(self) -> None:
        limiter, self._limiter = self._limiter, None
        try:
            await self._inner.aclose()
        finally:
            if limiter is not None:
                limiter.leave()


def is_http2(connecting: dict[str, Any]) -> bool:
    """Tell whether connections may speak HTTP/2.

    Args:
        connecting: How connections are opened.

    Returns:
        Whether they may.
    """
    return bool(connecting.get("http2", False)) or not connecting.get("http1", True)
