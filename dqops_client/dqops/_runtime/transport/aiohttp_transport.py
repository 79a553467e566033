"""aiohttp as what carries an `httpx.AsyncClient`'s requests: many times as fast with many at once.

Everything above the connection stays httpx's: headers, cookies, redirections, authentication,
decompression, event hooks. So aiohttp is told to add, keep, follow and decode nothing, and its
exceptions become those that httpx's own transport would raise.
"""

from __future__ import annotations

import asyncio
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
from yarl import URL

from ..errors import InvalidRequest
from .aiohttp_connections import Connector
from .aiohttp_failures import WriteTimeoutError, origin, translate
from .deadline import time_limits
from .limiter import CapacityLimiter
from .patches import send_once

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Awaitable

__all__ = ["AiohttpTransport"]

# As much of a response's head as httpx's own transport takes, in bytes; aiohttp's limits of 8,190
# are too low for some cookies.
_LONGEST_HEAD = 100 * 1024
# How much of a response aiohttp reads ahead, in bytes. Its own choice is 256 KiB since 3.14, which
# take several MiB where a server sends them in tiny chunks.
_READ_AHEAD = 64 * 1024
# Up to here, in bytes, a body is given to the operating system without waiting.
_SMALL_BODY = 64 * 1024
_YEAR = 365 * 24 * 60 * 60.0


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends requests with aiohttp, in one event loop at a time.

    Args:
        ssl_context: How servers are verified.
        limits: How many connections there may be, and how long an idle one is kept. The number of
            idle connections is limited only by the number of all; 0 keeps none.
    """

    _session: aiohttp.ClientSession | None = None

    def __init__(self, *, ssl_context: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._ssl_context = ssl_context
        self._limits = limits
        self._limiter = CapacityLimiter(limits.max_connections)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response, whose body is yet to be read.

        Raises:
            httpx.TransportError: No response came.
        """
        if request.url.scheme not in {"http", "https"}:
            raise httpx.UnsupportedProtocol(
                f"Request URL has an unsupported protocol '{request.url.scheme}://'."
            )
        _check_event_loop()
        try:
            await self._limiter.enter(time_limits(request).get("pool"))
        except TimeoutError:
            del request  # its description shows the whole URL
            raise httpx.PoolTimeout("all connections are in use") from None
        try:
            # Two turns of the event loop, in which it notices which idle connections the server
            # has closed. Otherwise a request could be sent over one of those and be lost.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            response = await self._start(request)
        except BaseException as error:
            del request
            self._limiter.leave()
            failure = translate(error)
            if failure is None:
                raise
            raise failure from origin(error)
        version = response.version or aiohttp.HttpVersion11
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Body(response, self._limiter),
            # Without the reason phrase: httpx logs it, and it may hold what the server was sent.
            extensions={"http_version": b"HTTP/%d.%d" % (version.major, version.minor)},
        )

    # Not `async`, and the headers in no variable, so that neither is in a traceback.
    def _start(self, request: httpx.Request) -> Awaitable[aiohttp.ClientResponse]:
        limits = time_limits(request)
        url = request.url
        if url.userinfo:  # httpx has made a header of it
            url = url.copy_with(userinfo=b"")
        if "target" in request.extensions:
            url = url.copy_with(raw_path=request.extensions["target"])
        data: Any
        try:
            data = request.content
        except httpx.RequestNotRead:
            # httpx gives a redirected request a stream even if there is nothing in it.
            has_body = not {"content-length", "transfer-encoding"}.isdisjoint(request.headers)
            data = request.stream if has_body else None
        else:
            if len(data) > _SMALL_BODY:
                data = _LargeBody(data, limits.get("write"))
        return self._session_of_running_loop().request(
            request.method,
            URL(str(url), encoded=True),
            headers=_header_fields(request),
            data=data or None,
            allow_redirects=False,
            timeout=_as_timeout(limits.get("connect"), limits.get("read")),
            server_hostname=request.extensions.get("sni_hostname"),
        )

    def _session_of_running_loop(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._loop is not loop:
            self._forget_session()
            self._session, self._loop = self._open_session(), loop
        return self._session

    def _open_session(self) -> aiohttp.ClientSession:
        lifetime: dict[str, Any] = {"force_close": True}
        if self._limits.max_keepalive_connections != 0:
            expiry = self._limits.keepalive_expiry
            lifetime = {"keepalive_timeout": _YEAR if expiry is None else expiry}
        session = aiohttp.ClientSession(
            connector=Connector(limit=0, ssl=self._ssl_context, **lifetime),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            auto_decompress=False,
            read_bufsize=_READ_AHEAD,
            max_line_size=_LONGEST_HEAD,
            max_field_size=_LONGEST_HEAD,
        )
        send_once(session)
        return session

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def __del__(self) -> None:
        self._forget_session()

    def _forget_session(self) -> None:
        """Leave the connections to the garbage collector, as httpx's own transport does.

        aiohttp would report it as an error of the event loop, which is on standard error then.
        """
        if self._session is not None and not self._session.closed:
            self._session.detach()


class _LargeBody(aiohttp.BytesIOPayload):
    """A body that takes the event loop several turns to send.

    Args:
        content: The body.
        timeout: How many seconds sending it may take; None for no limit.
    """

    def __init__(self, content: bytes, timeout: float | None) -> None:
        super().__init__(io.BytesIO(content))
        self._timeout = timeout

    async def write_with_length(self, writer: Any, content_length: int | None) -> None:
        """Send the body.

        Args:
            writer: Where to.
            content_length: Its length in bytes.

        Raises:
            WriteTimeoutError: It took too long.
        """
        writing = super().write_with_length(writer, content_length)
        transport = writer.transport  # which the writer forgets when the call is cancelled
        try:
            # `asyncio.wait_for` of Python 3.11 loses a cancellation that comes with the end.
            async with asyncio.timeout(self._timeout):
                await writing
        except BaseException as error:
            # Closing would wait for the server to take the rest.
            if transport is not None:
                transport.abort()
            if isinstance(error, TimeoutError):
                raise WriteTimeoutError from None
            raise


class _Body(httpx.AsyncByteStream):
    """The body of a response."""

    def __init__(self, response: aiohttp.ClientResponse, limiter: CapacityLimiter) -> None:
        self._response = response
        self._limiter: CapacityLimiter | None = limiter
        # None where the whole body has come already, of which aiohttp knows that it is whole.
        connection = response.connection
        self._protocol = None if connection is None else connection.protocol

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            try:
                piece = await self._response.content.readany()
                if not piece:
                    self._check_end()
            except Exception as error:
                failure = translate(error)
                if failure is None:
                    raise
                raise failure from origin(error)
            if not piece:
                return
            yield piece

    def _check_end(self) -> None:
        """Refuse a connection that broke as the end of a body whose length nothing tells."""
        error = None if self._protocol is None else self._protocol.exception()
        if isinstance(error, OSError):
            raise error

    async def aclose(self) -> None:
        limiter, self._limiter = self._limiter, None
        if limiter is not None:
            self._response.release()  # to be used again if it was read to its end
            limiter.leave()


def _check_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        problem = (
            "transport='aiohttp' needs an event loop of asyncio: under trio, choose 'httpx' or "
            "'httpx2'; nothing was sent"
        )
    else:
        return
    raise InvalidRequest(problem)


def _header_fields(request: httpx.Request) -> list[tuple[str, str]]:
    return [
        (name.decode(), value.decode())
        for name, value in request.headers.raw
        if name.lower() != b"transfer-encoding"  # aiohttp sets it, and refuses to be told
    ]


@lru_cache(maxsize=64)
def _as_timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    connect, read = _no_zero(connect), _no_zero(read)
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _no_zero(seconds: float | None) -> float | None:
    return seconds if seconds is None else max(seconds, 1e-6)  # aiohttp takes 0 for no limit
