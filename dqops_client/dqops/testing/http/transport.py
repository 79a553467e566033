"""The door without a socket: transports of httpx whose requests stay in this process."""

from __future__ import annotations

import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
import httpx
from anyio.from_thread import BlockingPortal

from .delivery import Ending
from .messages import Request, reason_phrase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from .delivery import Delivery
    from .responder import Responder

__all__ = ["SimulatedTransport"]

# How often those who sleep look whether the server has restarted or stopped, in seconds.
_LOOK_EVERY = 0.05
_DISCONNECTED = "Server disconnected without sending a response."
_RESET = "[Errno 104] Connection reset by peer"


class SimulatedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands the requests of httpx clients to a simulated server in this process.

    What faults do to a connection becomes the exception that httpx raises when the same happens on
    a socket; the read timeout of a request counts, too.

    Args:
        responder: The server.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let the server respond to a request.

        Args:
            request: The request.

        Returns:
            The response.

        Raises:
            httpx.TransportError: A fault, or the end of the server, has kept it from responding.
        """
        exchange = _Exchange(self._responder, request, request.read())
        delivery = exchange.respond_in_thread() if exchange.may_wait() else exchange.respond()
        _Pause(exchange, delivery.delay).sleep()
        return exchange.response(delivery)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let the server respond to a request, without blocking the event loop.

        Args:
            request: The request.

        Returns:
            The response.

        Raises:
            httpx.TransportError: A fault, or the end of the server, has kept it from responding.
        """
        exchange = _Exchange(self._responder, request, await request.aread())
        if exchange.may_wait():
            delivery = await exchange.respond_in_thread_async()
        else:
            delivery = exchange.respond()
        await _Pause(exchange, delivery.delay).sleep_async()
        return exchange.response(delivery)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class _Exchange:
    """A request and its response."""

    def __init__(self, responder: Responder, request: httpx.Request, body: bytes) -> None:
        if responder.is_closed:
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        self._responder = responder
        self._sent = request
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers: dict[str, str] = {}
        for name, value in request.headers.multi_items():
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        self._request = Request(request.method, path, query, headers, body)
        timeout: dict[str, float | None] = request.extensions.get("timeout", {})
        self.read_timeout = timeout.get("read")

    @property
    def skips_time(self) -> bool:
        """Whether whoever waits for the server need not really do so."""
        return self._responder.skips_time

    def may_wait(self) -> bool:
        """Tell whether the response may take time."""
        return self._responder.may_wait(self._request)

    def respond(self) -> Delivery:
        """Let the server respond."""
        return self._responder.respond(self._request)

    def respond_in_thread(self) -> Delivery:
        """Let the server respond in a thread, and wait as long as the client would."""
        response: Future[Delivery] = Future()
        self._start(response)
        try:
            return response.result(self.read_timeout)
        except FutureTimeoutError:
            if response.done():
                raise  # the server's own
            raise self.too_late() from None
        finally:
            self._give_up_unless(response)

    async def respond_in_thread_async(self) -> Delivery:
        """Let the server respond in a thread, while the event loop goes on."""
        response: Future[Delivery] = Future()
        portal = BlockingPortal()
        responded = anyio.Event()

        def notify() -> None:
            with suppress(RuntimeError):  # the caller was cancelled and has gone
                portal.start_task_soon(responded.set)

        try:
            async with portal:
                self._start(response, notify)
                with anyio.move_on_after(self.read_timeout):
                    await responded.wait()
        finally:
            self._give_up_unless(response)
        # Not inside of the block, which would make a group of the exception.
        if not response.done():
            raise self.too_late()
        return response.result()

    def _start(self, response: Future[Delivery], then: Callable[[], None] = lambda: None) -> None:
        """Let the server respond in a thread of its own, which calls `then` at its end."""

        def run() -> None:
            try:
                response.set_result(self.respond())
            except BaseException as error:
                response.set_exception(error)
            then()

        self._responder.start_thread(run)

    def _give_up_unless(self, response: Future[Delivery]) -> None:
        """Let the thread end that serves a client which waits no more."""
        if not response.done():
            self._responder.give_up(self._request)

    def response(self, delivery: Delivery) -> httpx.Response:
        """Make the response that goes out now."""
        self.check_connection()
        if delivery.is_silent:
            if delivery.ending is Ending.RESET:
                raise httpx.ReadError(_RESET, request=self._sent)
            raise httpx.RemoteProtocolError(_DISCONNECTED, request=self._sent)
        if delivery.garbage:
            line = bytearray(delivery.garbage.splitlines()[0])
            raise httpx.RemoteProtocolError(f"illegal status line: {line}", request=self._sent)
        status = delivery.response.status
        return httpx.Response(
            status,
            headers=delivery.head(),
            stream=_Body(self, delivery),
            extensions={
                "http_version": b"HTTP/1.1",
                "reason_phrase": reason_phrase(status).encode("ascii"),
            },
            request=self._sent,
        )

    def pieces(self, delivery: Delivery) -> Iterator[tuple[float, bytes]]:
        """Go through the body as it is sent, with the pauses before each piece."""
        received = 0
        for pause, data in delivery.body_pieces(self._request.method):
            yield pause, data
            received += len(data)
        expected = len(delivery.response.body)
        is_short = delivery.has_body(self._request.method) and received < expected
        if delivery.is_endless or (delivery.is_chunked and is_short):
            if delivery.ending is Ending.RESET:
                raise httpx.ReadError(_RESET, request=self._sent)
            message = "peer closed connection without sending complete message body "
            raise httpx.RemoteProtocolError(
                f"{message}(incomplete chunked read)", request=self._sent
            )
        if is_short:
            if delivery.ending is Ending.RESET:
                raise httpx.ReadError(_RESET, request=self._sent)
            message = "peer closed connection without sending complete message body "
            raise httpx.RemoteProtocolError(
                f"{message}(received {received} bytes, expected {expected})", request=self._sent
            )

    def check_connection(self) -> None:
        """Fail if the server has restarted or stopped in the meantime."""
        if self._request.cut.is_set():
            raise httpx.RemoteProtocolError(_DISCONNECTED, request=self._sent)

    def too_late(self) -> httpx.ReadTimeout:
        """Make what is raised when the server takes longer than the client waits."""
        return httpx.ReadTimeout("timed out", request=self._sent)


class _Pause:
    """Time that passes until the server sends on: as long as the client wants to wait at most."""

    def __init__(self, exchange: _Exchange, seconds: float) -> None:
        self._exchange = exchange
        limit = exchange.read_timeout
        self._is_too_long = limit is not None and seconds > limit
        self._seconds = limit if limit is not None and seconds > limit else seconds

    def sleep(self) -> None:
        """Let the time pass."""
        for seconds in self._steps():
            time.sleep(seconds)

    async def sleep_async(self) -> None:
        """Let the time pass, and the event loop go on."""
        for seconds in self._steps():
            await anyio.sleep(seconds)

    def _steps(self) -> Iterator[float]:
        if self._seconds <= 0 and not self._is_too_long:
            return
        end = time.monotonic() + (0.0 if self._exchange.skips_time else self._seconds)
        self._exchange.check_connection()
        while (left := end - time.monotonic()) > 0:
            self._exchange.check_connection()
            yield min(left, _LOOK_EVERY)
        if self._is_too_long:
            raise self._exchange.too_late()


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as it arrives."""

    def __init__(self, exchange: _Exchange, delivery: Delivery) -> None:
        self._exchange = exchange
        self._delivery = delivery

    def __iter__(self) -> Iterator[bytes]:
        for pause, data in self._exchange.pieces(self._delivery):
            _Pause(self._exchange, pause).sleep()
            yield data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for pause, data in self._exchange.pieces(self._delivery):
            await _Pause(self._exchange, pause).sleep_async()
            yield data
