"""How long connections live, and whose they are."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client
from support.calls import get
from support.runtime import clients, send_once, send_once_async

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from support.raw_server import RawServer

OPERATION = "look_up"

EACH_TRANSPORT = pytest.mark.usefixtures("async_transport")


def call(client: Client | AuthenticatedClient) -> int:
    """Send one request."""
    return send_once(client, get(), operation=OPERATION).status_code


async def call_async(client: Client | AuthenticatedClient) -> int:
    """Send one request without blocking."""
    return (await send_once_async(client, get(), operation=OPERATION)).status_code


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in the server's threads; fail after five seconds."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_nested_blocks(raw_server: RawServer) -> None:
    """Nested blocks share one connection, which the outermost one closes."""
    client = Client(raw_server.url)
    with client as outer:
        with client as inner:
            call(client)
        assert raw_server.open_connections == 1
        call(client)
        assert (outer, inner) == (client, client)
        assert outer is inner is client
    assert raw_server.connections == 1
    wait_until(lambda: raw_server.open_connections == 0)


def test_use_after_a_block(raw_server: RawServer) -> None:
    """A client can be used again after a block, with new connections, in a block or not."""
    client = Client(raw_server.url)
    with client:
        first = client.get_httpx_client()
        call(client)
    assert first.is_closed
    with client:
        assert client.get_httpx_client() is not first
        call(client)
    call(client)
    assert raw_server.connections == 3
    client.close()
    wait_until(lambda: raw_server.open_connections == 0)


def test_use_before_a_block(raw_server: RawServer) -> None:
    """A block takes over the connections that are open already."""
    client = Client(raw_server.url)
    call(client)
    with client:
        call(client)
    assert raw_server.connections == 1
    wait_until(lambda: raw_server.open_connections == 0)


def test_block_that_fails(raw_server: RawServer) -> None:
    """A block that an exception leaves closes its connections, too, and lets the exception pass."""
    client = Client(raw_server.url)
    with pytest.raises(KeyError, match="mine"):  # noqa: PT012, SIM117 - the block is what is tested
        with client, client:
            call(client)
            raise KeyError("mine")
    wait_until(lambda: raw_server.open_connections == 0)
    assert client._sync_pool._depth == 0


def test_close_within_a_block(raw_server: RawServer) -> None:
    """Closing early is no error; the block goes on with new connections and closes those."""
    client = Client(raw_server.url)
    with client:
        call(client)
        client.close()
        client.close()
        call(client)
    assert raw_server.connections == 2
    wait_until(lambda: raw_server.open_connections == 0)


def test_httpx_client_closed_by_hand(raw_server: RawServer) -> None:
    """A caller who closes our httpx client gets a new one."""
    client = Client(raw_server.url)
    client.get_httpx_client().close()
    with client:
        assert call(client) == 200


@EACH_TRANSPORT
def test_nested_async_blocks(raw_server: RawServer) -> None:
    """Nested blocks share one connection; the outermost one closes it; the client stays usable."""
    client = Client(raw_server.url)

    async def main() -> None:
        async with client as outer:
            async with client as inner:
                await call_async(client)
            await call_async(client)
            assert outer is inner is client
            first = client.get_async_httpx_client()
        assert first.is_closed
        assert raw_server.connections == 1
        await call_async(client)
        async with client:
            await call_async(client)
        await call_async(client)
        await client.aclose()
        await client.aclose()
        assert raw_server.connections == 3

    asyncio.run(main())
    wait_until(lambda: raw_server.open_connections == 0)


@EACH_TRANSPORT
def test_async_block_that_fails(raw_server: RawServer) -> None:
    """A cancelled block closes its connections."""
    client = Client(raw_server.url)

    async def main() -> None:
        async with client:
            await call_async(client)
            await asyncio.sleep(10)

    async def cancelled() -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(main(), 0.2)

    asyncio.run(cancelled())
    assert raw_server.connections == 1
    wait_until(lambda: raw_server.open_connections == 0)


@EACH_TRANSPORT
def test_sync_and_async_are_independent(raw_server: RawServer) -> None:
    """Leaving one kind of block leaves the other kind's connections open."""
    client = Client(raw_server.url)

    async def main() -> None:
        async with client:
            await call_async(client)
            with client:
                call(client)
            wait_until(lambda: raw_server.open_connections == 1)
            await call_async(client)
        assert raw_server.connections == 2

    asyncio.run(main())


@EACH_TRANSPORT
@pytest.mark.parametrize("block", [True, False])
def test_two_event_loops(raw_server: RawServer, block: bool) -> None:
    """One client works in two event loops, one after the other, with connections for each."""
    client = Client(raw_server.url)

    async def main() -> httpx.AsyncClient:
        async with contextlib.AsyncExitStack() as stack:
            if block:
                await stack.enter_async_context(client)
            else:
                stack.push_async_callback(client.aclose)
            await call_async(client)
            await call_async(client)
            return client.get_async_httpx_client()

    first, second = asyncio.run(main()), asyncio.run(main())
    assert first is not second
    assert raw_server.connections == 2
    assert len(raw_server.requests) == 4


@EACH_TRANSPORT
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the first loop's connection is left open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see above
def test_event_loop_that_left_connections_open(raw_server: RawServer) -> None:
    """A loop that ended without closing its connections does not disturb the next one."""
    client = Client(raw_server.url)
    assert [asyncio.run(call_async(client)) for _ in range(3)] == [200, 200, 200]
    assert len(client._async_pool._by_loop) == 1
    del client
    gc.collect()  # within the filters above


@EACH_TRANSPORT
def test_event_loops_at_the_same_time(raw_server: RawServer) -> None:
    """Event loops in several threads share a client without sharing connections."""
    client = Client(raw_server.url)
    barrier = threading.Barrier(4)

    async def main() -> httpx.AsyncClient:
        async with client:
            await call_async(client)
            barrier.wait(5)
            await call_async(client)
            return client.get_async_httpx_client()

    with ThreadPoolExecutor(4) as threads:
        used = list(threads.map(lambda _: asyncio.run(main()), range(4)))
    assert len(set(map(id, used))) == 4
    assert raw_server.connections == 4
    wait_until(lambda: raw_server.open_connections == 0)


@EACH_TRANSPORT
def test_async_httpx_client_made_outside(raw_server: RawServer) -> None:
    """What is made before the event loop runs is what the loop uses."""
    client = Client(raw_server.url)
    made = client.get_async_httpx_client()

    async def main() -> None:
        async with client:
            assert client.get_async_httpx_client() is made
            await call_async(client)

    asyncio.run(main())
    assert made.is_closed


def test_threads_make_one_httpx_client(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads that need the connections at the same moment make them once."""
    made: list[httpx.Client] = []
    create = clients.create_client

    def slow(client: Any) -> httpx.Client:
        time.sleep(0.05)
        made.append(create(client))
        return made[-1]

    monkeypatch.setattr(clients, "create_client", slow)
    client = Client(raw_server.url)
    barrier = threading.Barrier(8)

    def work(_: int) -> int:
        barrier.wait(5)
        with client:
            status = call(client)
            barrier.wait(5)
            return status

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, range(8))) == [200] * 8
    assert len(made) == 1
    assert made[0].is_closed


def test_given_httpx_client_is_used_as_it_is(raw_server: RawServer) -> None:
    """Neither token, headers, cookies nor timeout of ours reach an httpx client that was set."""
    client = AuthenticatedClient(
        "http://elsewhere.invalid", "token", headers={"X-A": "1"}, cookies={"a": "1"}, timeout=1
    )
    given = httpx.Client(base_url=raw_server.url, headers={"X-B": "2"}, timeout=7)
    assert client.set_httpx_client(given) is client
    assert client.get_httpx_client() is given
    call(client)
    names = ("Authorization", "X-A", "Cookie", "X-B")
    assert [raw_server.header(name) for name in names] == [None, None, None, "2"]
    assert given.timeout == httpx.Timeout(7)
    assert given.auth is None
    given.close()


def test_given_async_httpx_client_is_used_as_it_is(raw_server: RawServer) -> None:
    """The same for asynchronous calls, in and after a block."""
    client = AuthenticatedClient("http://elsewhere.invalid", "token", headers={"X-A": "1"})

    async def main() -> None:
        async with httpx.AsyncClient(base_url=raw_server.url, headers={"X-B": "2"}) as given:
            assert client.set_async_httpx_client(given) is client
            async with client:
                assert client.get_async_httpx_client() is given
                await call_async(client)
            await call_async(client)

    asyncio.run(main())
    names = ("Authorization", "X-A", "X-B")
    assert [raw_server.header(name) for name in names] == [None, None, "2"]


def test_given_httpx_client_without_address(raw_server: RawServer, mode: str) -> None:
    """An operation works with an httpx client that has no base URL: ours completes the address."""
    client = Client(f"{raw_server.url}/dqops/")
    client.set_httpx_client(httpx.Client()).set_async_httpx_client(httpx.AsyncClient())

    async def main() -> int:
        async with client:
            return await call_async(client)

    if mode == "sync":
        with client:
            assert call(client) == 200
        asyncio.run(client.aclose())
    else:
        assert asyncio.run(main()) == 200
        client.close()
    assert raw_server.requests[-1].split()[1] == b"/dqops/api/x"


@pytest.mark.parametrize("opened", [True, False])
def test_who_closes_a_given_httpx_client(raw_server: RawServer, opened: bool) -> None:
    """The outermost block closes an httpx client that it opened, and no other."""
    given = httpx.Client(base_url=raw_server.url)
    with contextlib.ExitStack() as stack:
        if opened:
            stack.enter_context(given)
        client = Client("http://h").set_httpx_client(given)
        with client:
            with client:
                call(client)
            assert not given.is_closed
            call(client)
        assert given.is_closed is not opened
    assert client.get_httpx_client() is given


@EACH_TRANSPORT
@pytest.mark.parametrize("opened", [True, False])
def test_who_closes_a_given_async_httpx_client(raw_server: RawServer, opened: bool) -> None:
    """The outermost block closes an httpx client that it opened, and no other."""

    async def main() -> None:
        given = httpx.AsyncClient(base_url=raw_server.url)
        async with contextlib.AsyncExitStack() as stack:
            if opened:
                await stack.enter_async_context(given)
            client = Client("http://h").set_async_httpx_client(given)
            async with client:
                async with client:
                    await call_async(client)
                assert not given.is_closed
                await call_async(client)
            assert given.is_closed is not opened

    asyncio.run(main())


@EACH_TRANSPORT
def test_setting_closes_our_own(raw_server: RawServer) -> None:
    """Connections of our own are closed when an httpx client is set, asynchronous ones at last."""
    client = Client(raw_server.url)
    own = client.get_httpx_client()
    call(client)
    given = httpx.Client(base_url=raw_server.url)
    client.set_httpx_client(given)
    assert own.is_closed
    client.close()
    assert given.is_closed

    async def main() -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
        async with client:
            await call_async(client)
            own_async = client.get_async_httpx_client()
            given_async = httpx.AsyncClient(base_url=raw_server.url)
            client.set_async_httpx_client(given_async)
            await call_async(client)
        await client.aclose()
        return own_async, given_async

    assert [one.is_closed for one in asyncio.run(main())] == [True, True]
    wait_until(lambda: raw_server.open_connections == 0)


@EACH_TRANSPORT
def test_concurrent_calls(raw_server: RawServer) -> None:
    """Threads and tasks that share a client each get their own response."""

    def echo(_: socket.socket, request: bytes) -> bytes:
        path = request.split()[1]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path)

    raw_server.respond = echo
    client = Client(raw_server.url)
    paths = [f"/api/{number}" for number in range(50)]

    async def main() -> list[str]:
        async with client:
            responses = await asyncio.gather(
                *(send_once_async(client, get(path), operation=OPERATION) for path in paths)
            )
            return [response.text for response in responses]

    with client, ThreadPoolExecutor(8) as threads:
        responses = threads.map(
            lambda path: send_once(client, get(path), operation=OPERATION), paths
        )
        assert [response.text for response in responses] == paths
    assert asyncio.run(main()) == paths
    wait_until(lambda: raw_server.open_connections == 0)
