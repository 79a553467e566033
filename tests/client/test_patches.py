"""What the HTTP libraries do without the changes of `transport/patches.py`.

A test that fails here says that a library does better by now: then its change goes.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpcore2
import httpx
import httpx2
import pytest
from support.raw_server import OK

if TYPE_CHECKING:
    import socket
    from types import ModuleType

    from support.raw_server import RawServer

LIBRARIES = pytest.mark.parametrize("http", [httpx, httpx2], ids=["httpx", "httpx2"])


SURPLUS = OK[:-2] + b"NO"


@LIBRARIES
def test_surplus_is_the_next_response(raw_server: RawServer, http: ModuleType) -> None:
    """`keep_apart`: what comes after a response is taken for the response to the next request."""
    raw_server.respond = lambda _, request: OK + SURPLUS if b"/first" in request else OK
    with http.Client(trust_env=False) as client:
        found = [client.get(f"{raw_server.url}/{name}").text for name in ("first", "second")]
    assert ["OK", "NO"] == found


class Idle:
    """A connection that nobody uses."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: name in {"can_handle_request", "is_available", "is_connected", "is_idle"}


@pytest.mark.parametrize(("core", "twice"), [(httpcore, True), (httpcore2, False)])
def test_an_idle_connection_is_given_away_twice(core: ModuleType, twice: bool) -> None:
    """`keep_apart`: a pool of httpcore calls a connection idle until its call begins to use it."""
    pool = core.ConnectionPool(max_connections=1)
    pool._connections = [connection := Idle()]
    waiting = sys.modules[f"{core.__name__}._sync.connection_pool"].PoolRequest
    calls = [waiting(core.Request("GET", "http://h/")) for _ in range(2)]
    for call in calls:
        pool._requests.append(call)
        pool._assign_requests_to_connections()
    assert [True, twice] == [call.connection is connection for call in calls]


@LIBRARIES
def test_a_step_has_a_timeout_and_a_call_has_none(raw_server: RawServer, http: ModuleType) -> None:
    """`heed_deadlines`: a server that sends a byte now and then is waited for."""

    def drip(connection: socket.socket, __: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
        for _ in range(6):
            time.sleep(0.05)
            connection.sendall(b"x")

    raw_server.respond = drip
    started = time.monotonic()
    with http.Client(trust_env=False, timeout=0.2) as client:
        assert b"xxxxxx" == client.get(raw_server.url).content
    assert time.monotonic() - started > 0.2


@LIBRARIES
def test_a_lock_that_is_not_given_back(raw_server: RawServer, http: ModuleType) -> None:
    """`use_lock`: a thread that was interrupted with the lock of the pool stops all others."""
    client = http.Client(trust_env=False, timeout=0.1)
    lock = client._transport._pool._optional_thread_lock
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        lock.__enter__()
        is_held.set()
        is_over.wait(10)

    threading.Thread(target=hold, daemon=True).start()
    assert is_held.wait(10)
    waiting = threading.Thread(target=client.get, args=(raw_server.url,), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    is_over.set()


def test_httpx_copies_headers_to_look_for_cookies() -> None:
    """`set_cookies`: httpx prepares to read cookies where a response has none; httpx2 does not."""
    prepared: list[str] = []
    for http in (httpx, httpx2):
        request = http.Request("GET", "http://h/")

        class Jar:
            def __iter__(self) -> Any:
                return iter(())

            def extract_cookies(self, *_: Any, name: str = http.__name__) -> None:
                prepared.append(name)

        http.Cookies(Jar()).extract_cookies(http.Response(200, request=request))
    assert ["httpx"] == prepared


@LIBRARIES
def test_half_a_body_is_taken_for_whole(http: ModuleType) -> None:
    """`bounding`: a compressed body that ends in the middle is no error."""
    content = gzip.compress(b"x" * 1000)[:-9]
    response = http.Response(200, headers={"Content-Encoding": "gzip"}, content=content)
    assert response.content in b"x" * 1000


@LIBRARIES
def test_reason_phrases_are_logged(
    raw_server: RawServer, http: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    """`SyncTransport`: what a server puts into the reason phrase is logged."""
    raw_server.respond = lambda *_: b"HTTP/1.1 401 a-token\r\nContent-Length: 0\r\n\r\n"
    caplog.set_level("INFO")
    with http.Client(trust_env=False) as client:
        client.get(raw_server.url)
    assert "a-token" in caplog.text


def test_aiohttp_sends_again(raw_server: RawServer) -> None:
    """`send_once`: a request without a response is sent again on another connection."""
    aiohttp = pytest.importorskip("aiohttp")
    raw_server.respond = lambda *_: OK if len(raw_server.requests) != 2 else None

    async def main() -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                async with session.get(raw_server.url) as response:
                    await response.read()

    asyncio.run(main())
    assert 3 == len(raw_server.requests)


def test_aiohttp_takes_what_comes_while_idle(raw_server: RawServer) -> None:
    """`Connector`: what comes between two calls is taken for the response to the second."""
    aiohttp = pytest.importorskip("aiohttp")

    def respond(connection: socket.socket, _: bytes) -> bytes:
        if len(raw_server.requests) > 1:
            return bytes(OK)
        connection.sendall(OK)
        time.sleep(0.1)
        return bytes(SURPLUS)

    raw_server.respond = respond

    async def main() -> list[Any]:
        found: list[Any] = []
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                async with session.get(raw_server.url) as response:
                    found.append(await response.read())
                await asyncio.sleep(0.3)
        return found

    assert [b"OK", b"NO"] == asyncio.run(main())
