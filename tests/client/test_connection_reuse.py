"""A connection belongs to one call at a time, and so does what comes from it."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import httpcore._backends.anyio
import httpcore._backends.sync
import httpx
import pytest
from dqops.client import Client
from dqops.client.errors import ProtocolFailure
from httpcore._async.connection_pool import AsyncPoolRequest
from httpcore._backends.anyio import AnyIOStream
from httpcore._sync.connection_pool import PoolRequest
from support.calls import get
from support.raw_server import OK, RawServer
from support.runtime import send_once, send_once_async
from support.transports import SYNC_TRANSPORTS

if TYPE_CHECKING:
    import socket

    from support.runtime import Transport

# Seconds after which the tests give up.
PATIENCE = 10.0


def call(client: Client, name: str) -> bytes:
    """Send one request."""
    return send_once(client, get(f"/{name}"), operation=name).content


async def call_async(client: Client, name: str) -> bytes:
    """Send one request without blocking."""
    return (await send_once_async(client, get(f"/{name}"), operation=name)).content


def test_thread_keeps_its_connection(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection is not closed as idle by another thread when a call has just got it."""
    has_connection, may_start, is_sent, is_second_over = (threading.Event() for _ in range(4))
    wait_for_connection = PoolRequest.wait_for_connection

    def wait_then_pause(request: Any, timeout: float | None = None) -> Any:
        connection = wait_for_connection(request, timeout)
        if threading.current_thread() is first:
            has_connection.set()
            assert may_start.wait(PATIENCE)
        return connection

    def is_readable(_: socket.socket) -> bool:
        # The other thread asks whether the server has closed an idle connection. In that moment
        # the first one begins to use it, and the response comes.
        may_start.set()
        return is_sent.wait(PATIENCE)

    def respond(_: socket.socket, request: bytes) -> bytes:
        if b"/first" in request:
            is_sent.set()
            assert is_second_over.wait(PATIENCE)
        return OK

    raw_server.respond = respond
    responses: dict[str, object] = {}

    def run_first() -> None:
        try:
            responses["first"] = call(client, "first")
        except Exception as error:
            responses["first"] = error

    with Client(raw_server.url, timeout=PATIENCE) as client:
        call(client, "before")
        first = threading.Thread(target=run_first)
        monkeypatch.setattr(PoolRequest, "wait_for_connection", wait_then_pause)
        first.start()
        assert has_connection.wait(PATIENCE)
        monkeypatch.setattr(httpcore._backends.sync, "is_socket_readable", is_readable)
        responses["second"] = call(client, "second")
        may_start.set()
        is_second_over.set()
        first.join(PATIENCE)
    assert responses == {"first": b"OK", "second": b"OK"}


def test_task_keeps_its_connection(raw_server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection is not closed as idle by another task when a call has just got it."""
    both_arrived = threading.Barrier(2)
    may_end_held, is_held_over = threading.Event(), threading.Event()

    def respond(_: socket.socket, request: bytes) -> bytes:
        if b"/before" in request:
            both_arrived.wait(PATIENCE)  # so that each has a connection of its own
        if b"/held" in request:
            assert may_end_held.wait(PATIENCE)
        if b"/first" in request:
            assert is_held_over.wait(PATIENCE)
        return OK

    async def run() -> tuple[object, ...]:
        has_connection, may_start = asyncio.Event(), asyncio.Event()
        wait_for_connection = AsyncPoolRequest.wait_for_connection
        close = AnyIOStream.aclose

        async def wait_then_pause(request: Any, timeout: float | None = None) -> Any:
            connection = await wait_for_connection(request, timeout)
            if b"/first" in request.request.url.target:
                has_connection.set()
                await may_start.wait()
            return connection

        async def close_slowly(stream: AnyIOStream) -> None:
            # As over TLS. Meanwhile the paused call begins to use a connection further back.
            may_start.set()
            await asyncio.sleep(0.1)
            await close(stream)

        async with Client(raw_server.url, timeout=PATIENCE, transport="httpx") as client:
            await asyncio.gather(call_async(client, "before"), call_async(client, "before"))
            held = asyncio.create_task(call_async(client, "held"))
            while not any(b"/held" in request for request in raw_server.requests):
                await asyncio.sleep(0.001)
            monkeypatch.setattr(AsyncPoolRequest, "wait_for_connection", wait_then_pause)
            first = asyncio.create_task(call_async(client, "first"))
            await has_connection.wait()
            monkeypatch.setattr(AnyIOStream, "aclose", close_slowly)
            # When the held call ends, both connections look as if the server had closed them.
            monkeypatch.setattr(httpcore._backends.anyio, "is_socket_readable", lambda _: True)
            may_end_held.set()
            responses: list[object] = [await held]
            monkeypatch.undo()
            may_start.set()
            is_held_over.set()
            return *responses, *await asyncio.gather(first, return_exceptions=True)

    raw_server.respond = respond
    assert asyncio.run(run()) == (b"OK", b"OK")


SURPLUS = {
    "another response": OK.replace(b"\r\n\r\nOK", b"\r\n\r\nNO"),
    "half a response": OK[:20],
    "no HTTP": b"x",
    "a response to continue with": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("surplus", SURPLUS.values(), ids=SURPLUS)
def test_surplus_is_nobodys_response(mode: str, surplus: bytes, raw_server: RawServer) -> None:
    """What comes after the end of a response is not taken for the response to the next request.

    aiohttp reads on behind the end, and refuses the whole where that is no HTTP.
    """
    raw_server.respond = lambda _, request: OK + surplus if b"/first" in request else OK

    async def run() -> bytes:
        async with Client(raw_server.url, timeout=PATIENCE) as client:
            with suppress(ProtocolFailure):
                await call_async(client, "first")
            return await call_async(client, "second")

    if mode == "sync":
        with Client(raw_server.url, timeout=PATIENCE) as client:
            call(client, "first")
            second = call(client, "second")
    else:
        second = asyncio.run(run())
    assert second == b"OK"


@pytest.mark.parametrize("surplus", SURPLUS.values(), ids=SURPLUS)
def test_surplus_that_comes_later(mode: str, surplus: bytes, raw_server: RawServer) -> None:
    """What comes while a connection is idle is no response to the next request either."""
    idle: list[socket.socket] = []

    def respond(connection: socket.socket, request: bytes) -> bytes:
        if b"/first" in request:
            idle.append(connection)
        return OK

    def send_surplus() -> None:
        idle[0].sendall(surplus)

    raw_server.respond = respond

    async def run() -> list[bytes]:
        async with Client(raw_server.url, timeout=PATIENCE) as client:
            await call_async(client, "first")
            send_surplus()
            await asyncio.sleep(0.2)
            return [await call_async(client, name) for name in ("second", "third")]

    if mode == "sync":
        with Client(raw_server.url, timeout=PATIENCE) as client:
            call(client, "first")
            send_surplus()
            responses = [call(client, name) for name in ("second", "third")]
    else:
        responses = asyncio.run(run())
    assert responses == [b"OK", b"OK"]
    assert raw_server.connections == 2


@pytest.mark.parametrize("transport", SYNC_TRANSPORTS)
def test_idle_connections_are_closed(raw_server: RawServer, transport: Transport) -> None:
    """Connections that no call needs any more are closed when their time is over."""
    limits = httpx.Limits(keepalive_expiry=0.5)
    with Client(raw_server.url, transport=transport, httpx_args={"limits": limits}) as client:
        inner: Any = client.get_httpx_client()
        with ExitStack() as stack:
            streams = [inner.stream("GET", raw_server.url) for _ in range(3)]
            for response in [stack.enter_context(each) for each in streams]:
                response.read()
        pool = inner._transport._pool
        assert [True] * 3 == [each.is_idle() for each in pool.connections]
        for _ in range(8):  # one connection stays in use
            time.sleep(0.2)
            inner.get(raw_server.url)
        assert 1 == len(pool.connections)
