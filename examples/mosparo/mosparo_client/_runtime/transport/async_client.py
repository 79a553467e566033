# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What carries asynchronous calls: httpx's own transport, or aiohttp (the extra `aiohttp`).

Both let no more requests in than there may be connections. httpx has that limit, too, but its
connection pool looks at every waiting request whenever one ends, so that a thousand calls at once
take many times as long as ten times a hundred.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import InvalidRequest
from ..settings.checks import transport_of_environment
from .connection_reuse import keep_apart
from .deadline import time_limits
from .limiter import CapacityLimiter
from .proxied_transport import ProxiedTransport
from .proxies import CONNECTING, OF_ARGUMENTS, add_routes
from .trust import key_log_problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ..settings.checks import AsyncTransport

__all__ = ["AsyncClient"]


class AsyncClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` whose requests are carried as chosen.

    Args:
        async_transport: The choice.
        **arguments: Those of `httpx.AsyncClient`. A `transport` among them is used as it is, and
            proxies are spoken to by httpx's own transport.

    Raises:
        InvalidRequest: The choice cannot be had with the arguments.
    """

    def __init__(self, async_transport: AsyncTransport, **arguments: Any) -> None:
        if async_transport == "aiohttp" and _is_http2(arguments):
            raise InvalidRequest(
                "async_transport='aiohttp' knows no HTTP/2: leave out 'http1' and 'http2' in "
                "httpx_args, or choose 'httpx'"
            )
        # Chosen, never found: a mock of httpx's transports must be what carries the calls.
        self._uses_aiohttp = async_transport == "aiohttp" or (
            async_transport == "auto"
            and transport_of_environment() == "aiohttp"
            and not _is_http2(arguments)
            and not _is_trio()
        )
        self._reads_environment = False
        self._connecting: dict[str, Any] = {}
        super().__init__(**arguments)
        if self._reads_environment:
            add_routes(self._mounts, partial(self._init_proxy_transport, **self._connecting))

    def _get_proxy_map(self, proxy: Any, allow_env_proxies: bool) -> Any:
        self._reads_environment = proxy is None and allow_env_proxies
        return super()._get_proxy_map(proxy, False)

    # httpx offers no other way to have another default transport together with its own choice of
    # proxies; httpx-aiohttp does the same.
    def _init_transport(self, *_: Any, **arguments: Any) -> httpx.AsyncBaseTransport:
        transport: httpx.AsyncBaseTransport | None = arguments.pop("transport", None)
        self._connecting = {name: arguments[name] for name in arguments if name in CONNECTING}
        if transport is not None:
            return transport
        if self._uses_aiohttp:
            try:
                from .aiohttp_transport import AiohttpTransport
            except OSError:  # aiohttp makes a TLS context when it is imported
                problem = key_log_problem()
                if problem:
                    raise InvalidRequest(problem) from None
                raise

            return AiohttpTransport(
                ssl_context=httpx.create_ssl_context(
                    arguments["verify"], arguments["cert"], arguments["trust_env"]
                ),
                limits=arguments["limits"],
            )
        return _limited(super()._init_transport(**arguments), arguments)

    def _init_proxy_transport(  # type: ignore[override]
        self, proxy: httpx.Proxy, source: str = OF_ARGUMENTS, **arguments: Any
    ) -> httpx.AsyncBaseTransport:
        transport = super()._init_proxy_transport(proxy, **arguments)
        return ProxiedTransport(_limited(transport, arguments), proxy, source)


def _is_http2(arguments: dict[str, Any]) -> bool:
    return bool(arguments.get("http2", False)) or not arguments.get("http1", True)


def _is_trio() -> bool:
    """Whether trio runs, which httpx knows and aiohttp does not."""
    if "trio" not in sys.modules:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False


def _limited(
    transport: httpx.AsyncBaseTransport, arguments: dict[str, Any]
) -> httpx.AsyncBaseTransport:
    if _is_http2(arguments):
        return _LimitedTransport(transport, None)  # there, many requests share a connection
    return _LimitedTransport(keep_apart(transport), arguments["limits"].max_connections)


class _LimitedTransport(httpx.AsyncBaseTransport):
    """Lets a number of requests in at once.

    Args:
        inner: What carries them.
        places: How many.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, places: int | None) -> None:
        self._inner = inner
        self._limiter = CapacityLimiter(places)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The answer, which holds its place until its body is closed.
        """
        try:
            await self._limiter.enter(time_limits(request).get("pool"))
        except TimeoutError:
            del request  # its description shows the whole address
            raise httpx.PoolTimeout("all connections are in use") from None
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException:
            del request
            self._limiter.leave()
            raise
        response.extensions.pop("reason_phrase", None)  # see `deadline.PatientTransport`
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _HeldStream(response.stream, self._limiter)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _HeldStream(httpx.AsyncByteStream):
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
