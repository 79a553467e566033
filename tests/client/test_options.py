"""Views: a client with other options for one call, over the same connections."""

from __future__ import annotations

import asyncio
import copy
import gc
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, Retries, errors
from dqops.client.api.data_domains import switch_to_data_domain
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import run_checks
from dqops.client.models import RunChecksParameters
from support.platforms import not_on_windows

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from support.raw_server import RawServer

TOKEN = "token-7Kq2"
SECRET = "secret-4Hs8"


def ask(client: Client | AuthenticatedClient, mode: str) -> Any:
    """Ask for the health in a mode; connections stay open for synchronous calls."""
    if mode == "sync":
        return is_healthy.sync(client=client)
    return asyncio.run(is_healthy.asyncio(client=client))


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in the server's threads; fail after five seconds."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_view_is_of_the_same_class() -> None:
    """A view can stand wherever its client can, and says what is different."""

    @attrs.define(init=False, repr=False)
    class Mine(AuthenticatedClient):
        tenant: str = ""

    client = Mine("http://h", TOKEN)
    client.tenant = "a"
    view = client.with_options(timeout=5, retries=None, deadline=7, headers={"X-A": SECRET})
    assert isinstance(view, Mine)
    assert "a" == view.tenant
    assert "timeout=Timeout(timeout=5)" in repr(view)
    assert "retries=None, deadline=7.0" in repr(view)
    assert "X-A" in repr(view)
    for text in (repr(view), repr(view._config)):
        assert SECRET not in text
        assert TOKEN not in text
    assert "timeout=Timeout(timeout=120.0)" in repr(client)


def test_views_share_connections(raw_server: RawServer) -> None:
    """However many views call, there is one connection; leaving a block closes it for all."""
    client = Client(raw_server.url)
    with client:
        for number in range(20):
            is_healthy.sync(client=client.with_options(timeout=number + 1))
            is_healthy.sync(client=client)
    assert 1 == raw_server.connections
    wait_until(lambda: raw_server.open_connections == 0)
    with client.with_options(timeout=3) as view:
        is_healthy.sync(client=client)
        is_healthy.sync(client=view)
        assert view.get_httpx_client() is client.get_httpx_client()
    assert 2 == raw_server.connections
    wait_until(lambda: raw_server.open_connections == 0)


@pytest.mark.usefixtures("async_transport")
def test_views_share_connections_in_a_loop(raw_server: RawServer) -> None:
    """The same holds for asynchronous calls."""
    client = Client(raw_server.url)

    async def main() -> None:
        async with client:
            for number in range(20):
                await is_healthy.asyncio(client=client.with_options(timeout=number + 1))
            await is_healthy.asyncio(client=client)

    asyncio.run(main())
    assert 1 == raw_server.connections
    wait_until(lambda: raw_server.open_connections == 0)


def test_options_reach_the_request(raw_server: RawServer, mode: str) -> None:
    """Headers are added to those of client and call, and replace them whatever their case."""
    client = AuthenticatedClient(
        raw_server.url, TOKEN, headers={"X-A": "1", "X-B": "1"}, cookies={"c": "1"}
    )
    view = client.with_options(headers={"x-a": "2", "X-C": "2"}, data_domain="sales team")
    with client:
        ask(view, mode)
        ask(client, mode)
    names = ("X-A", "X-B", "X-C", "Authorization")
    assert ["2", "1", "2", f"Bearer {TOKEN}"] == [raw_server.header(name, 0) for name in names]
    assert ["1", "1", None, f"Bearer {TOKEN}"] == [raw_server.header(name, 1) for name in names]
    sent = raw_server.header("Cookie", 0)
    assert sent is not None
    assert {"c=1", "DQODataDomain=sales%20team"} == set(sent.split("; "))
    assert "c=1" == raw_server.header("Cookie", 1)


def test_the_call_knows_better(raw_server: RawServer) -> None:
    """What the request itself says of its body goes before the options."""
    raw_server.respond = lambda *_: b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    with Client(raw_server.url) as client:
        view = client.with_options(headers={"content-type": "text/plain", "X-A": "2"})
        run_checks.sync(client=view, json_body=RunChecksParameters())
    assert "application/json" == raw_server.header("Content-Type")
    assert "2" == raw_server.header("X-A")


def test_views_of_views(raw_server: RawServer) -> None:
    """Options add up; the later ones count."""
    with Client(raw_server.url, headers={"X-A": "0"}) as client:
        first = client.with_options(headers={"X-A": "1", "X-B": "1"}, timeout=7, deadline=60)
        second = first.with_options(headers={"X-B": "2"}, data_domain="d", deadline=None)
        is_healthy.sync(client=second)
        is_healthy.sync(client=first)
    found = [
        [raw_server.header(name, position) for name in ("X-A", "X-B", "Cookie")]
        for position in (0, 1)
    ]
    assert [["1", "2", "DQODataDomain=d"], ["1", "1", None]] == found
    assert httpx.Timeout(7) == second._timeout == first._timeout
    assert (60.0, None) == (first._deadline, second._deadline)


def test_a_timeout_of_a_view(raw_server: RawServer, mode: str) -> None:
    """The timeout of a view is that of its calls, and of no others."""

    def slowly(_: socket.socket, __: bytes) -> bytes:
        raw_server.released.wait(0.3)
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

    raw_server.respond = slowly
    with Client(raw_server.url) as client:
        with pytest.raises(errors.TimeoutFailure, match=r"within 0.1 s"):
            ask(client.with_options(timeout=0.1), mode)
        assert "OK" == ask(client, mode)
        assert "OK" == ask(client.with_options(timeout=0.1).with_options(timeout=None), mode)


def test_copies_of_views(raw_server: RawServer) -> None:
    """What is made of a view with `with_timeout` and the like has its options, and is on its own.

    A copy has connections of its own, too.
    """
    client = Client(raw_server.url)
    view = client.with_options(headers={"X-A": "1"}, data_domain="d", retries=None, deadline=60)
    for made in (view.with_timeout(3), copy.copy(view), view.with_cookies({}), attrs.evolve(view)):
        with made:
            is_healthy.sync(client=made)
        assert "1" == raw_server.header("X-A")
        assert "DQODataDomain=d" == raw_server.header("Cookie")
        assert (None, 60.0) == (made._retries, made._deadline)
        assert made._sync_pool is not client._sync_pool
        assert made._config.per_request is None


def test_a_new_token_reaches_views(raw_server: RawServer) -> None:
    """A client and its views have one token, whichever of them it is assigned to."""
    client = AuthenticatedClient(raw_server.url, "first")
    view = client.with_options(timeout=5)
    with client:
        client.token = "second"
        is_healthy.sync(client=view)
        view.token = "third"
        is_healthy.sync(client=client)
    assert "Bearer second" == raw_server.header("Authorization", 0)
    assert "Bearer third" == raw_server.header("Authorization", 1)


def test_switching_the_data_domain(raw_server: RawServer) -> None:
    """A switch through a view is one of the client, unless the view has a domain of its own."""

    def respond(_: socket.socket, request: bytes) -> bytes:
        name = request.split(b"/domains/")[1].split(b"/")[0] if b"/domains/" in request else b""
        if name:
            return (
                b"HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n"
                b"Set-Cookie: DQODataDomain=%s; Path=/\r\n\r\n" % name
            )
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

    raw_server.respond = respond
    with Client(raw_server.url) as client:
        plain, own = client.with_options(timeout=5), client.with_options(data_domain="own")

        def domains() -> list[str | None]:
            found = []
            for asking in (client, plain, own):
                is_healthy.sync(client=asking)
                found.append(raw_server.header("Cookie"))
            return found

        assert [None, None, "DQODataDomain=own"] == domains()
        switch_to_data_domain.sync("a", client=plain)
        assert ["DQODataDomain=a", "DQODataDomain=a", "DQODataDomain=own"] == domains()
        switch_to_data_domain.sync("b", client=own)
        assert ["DQODataDomain=a", "DQODataDomain=a", "DQODataDomain=b"] == domains()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": -1}, "timeout must be a number of seconds > 0"),
        ({"timeout": 0}, "timeout must be a number of seconds > 0"),
        ({"timeout": "5"}, "timeout must be a number of seconds"),
        ({"headers": {"X A": "1"}}, "'X A' is not a valid header name"),
        ({"headers": {"X-A": f"{SECRET}\n"}}, "contains a line break"),
        ({"retries": 3}, "retries must be"),
        ({"deadline": 0}, "deadline must be a number of seconds > 0"),
        ({"data_domain": None}, "data_domain must be a string"),
    ],
)
def test_impossible_options(options: dict[str, Any], message: str) -> None:
    """An option that cannot be used is refused at once, and no value is shown."""
    with pytest.raises(errors.InvalidRequest, match=message) as caught:
        Client("http://h").with_options(**options)
    assert SECRET not in str(caught.value)


def test_injection_by_a_data_domain(raw_server: RawServer) -> None:
    """Whatever the name of a data domain is, it stays the value of one cookie."""
    with Client(raw_server.url) as client:
        is_healthy.sync(client=client.with_options(data_domain="a; b=c\r\nX-D: é"))
    assert "DQODataDomain=a%3B%20b%3Dc%0D%0AX-D%3A%20%C3%A9" == raw_server.header("Cookie")
    assert raw_server.header("X-D") is None


def test_threads_with_options(raw_server: RawServer) -> None:
    """Threads that share a client each get what they asked for."""

    def echo(_: socket.socket, request: bytes) -> bytes:
        value = request.split(b"X-Number: ")[1].split(b"\r\n")[0]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(value), value)

    raw_server.respond = echo
    client = Client(raw_server.url)

    def one(number: int) -> bool:
        view = client.with_options(headers={"X-Number": str(number)}, timeout=number + 5)
        return is_healthy.sync(client=view) == str(number)

    with client, ThreadPoolExecutor(8) as threads:
        assert all(threads.map(one, range(400)))
    assert raw_server.connections <= 8


def test_a_block_that_ends_during_a_call(raw_server: RawServer) -> None:
    """A thread that leaves the block does not close the connections under another one's call."""
    arrived, go_on = threading.Event(), threading.Event()

    def respond(_: socket.socket, __: bytes) -> bytes:
        arrived.set()
        go_on.wait(5)
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

    raw_server.respond = respond
    client = Client(raw_server.url, retries=None)
    with ThreadPoolExecutor(1) as threads:
        with client:
            call = threads.submit(is_healthy.sync, client=client)
            assert arrived.wait(5)
            used = client.get_httpx_client()
        assert not used.is_closed
        go_on.set()
        assert "OK" == call.result(5)
    assert used.is_closed
    wait_until(lambda: raw_server.open_connections == 0)


@pytest.mark.usefixtures("async_transport")
def test_an_async_block_that_ends_during_a_call(raw_server: RawServer) -> None:
    """The same holds for tasks, and for `aclose`."""

    def respond(_: socket.socket, __: bytes) -> bytes:
        raw_server.released.wait(0.2)
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

    raw_server.respond = respond
    client = Client(raw_server.url, retries=None)

    async def main() -> None:
        async with client:
            first = asyncio.ensure_future(is_healthy.asyncio(client=client))
            await asyncio.sleep(0.05)
            used = client.get_async_httpx_client()
        second = asyncio.ensure_future(is_healthy.asyncio(client=client))
        await asyncio.sleep(0.05)
        await client.aclose()
        assert not used.is_closed
        assert ["OK", "OK"] == list(await asyncio.gather(first, second))
        assert used.is_closed

    asyncio.run(main())
    wait_until(lambda: raw_server.open_connections == 0)


@pytest.mark.usefixtures("async_transport")
def test_event_loops_close_what_was_left_open(raw_server: RawServer) -> None:
    """`asyncio.run` without a block leaves neither sockets nor warnings behind."""
    client = Client(raw_server.url)
    for _ in range(30):
        assert "OK" == asyncio.run(is_healthy.asyncio(client=client))
    wait_until(lambda: raw_server.open_connections == 0)
    assert 30 == raw_server.connections
    gc.collect()


@pytest.mark.usefixtures("async_transport")
def test_a_forgotten_client(raw_server: RawServer) -> None:
    """A client that nobody has any more is closed while the event loop goes on."""

    async def main() -> None:
        for _ in range(5):
            await is_healthy.asyncio(client=Client(raw_server.url))
        gc.collect()
        await asyncio.sleep(0.1)
        assert 0 == raw_server.open_connections

    asyncio.run(main())


@not_on_windows("processes cannot fork")
def test_a_forked_process(raw_server: RawServer) -> None:
    """A forked process has connections of its own, and its parent's stay usable."""
    raw_server.respond = lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    program = f"""
        import os
        from dqops.client import Client
        from dqops.client.api.healthcheck import is_healthy

        client = Client({raw_server.url!r})
        first = is_healthy.sync(client=client)
        child = os.fork()
        if child == 0:
            used = is_healthy.sync(client=client)
            os._exit(0 if used == "OK" else 1)
        _, status = os.waitpid(child, 0)
        print(first, status, is_healthy.sync(client=client))
        client.close()
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ("OK 0 OK\n", "") == (done.stdout, done.stderr)
    assert 2 == raw_server.connections
    assert 3 == len(raw_server.requests)


def test_retries_of_a_view() -> None:
    """The policy of a view replaces the client's."""
    client = Client("http://h", retries=None)
    policy = Retries(max_attempts=7)
    assert policy == client.with_options(retries=policy)._retries
    assert client._retries is None
