"""Interrupts at any moment leave a client that can be used."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, errors
from dqops.client.api.healthcheck import is_healthy
from support.platforms import not_on_windows

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from support.raw_server import RawServer

# Calls of the main thread are interrupted while two other threads call with the same client; then
# all three have to succeed. A program of its own, because only a main thread can be interrupted.
STORM = """\
import faulthandler, random, signal, sys, threading, time
from dqops.client import Client
from dqops.client.api.healthcheck import is_healthy

def call():
    is_healthy.sync(client=client)

def interrupt(_, frame):
    # Wherever the call is; this program itself could not count what comes between its calls.
    while frame is not None:
        if frame.f_code is call.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back

faulthandler.dump_traceback_later(100, exit=True)
signal.signal(signal.SIGINT, interrupt)
chance = random.Random(int(sys.argv[3]))
client = Client(sys.argv[1], timeout=60)
is_healthy.sync(client=client)
main = threading.main_thread().ident
over = threading.Event()
failed = []

def call_again_and_again():
    while not over.is_set():
        try:
            is_healthy.sync(client=client)
        except BaseException as error:
            failed.append(repr(error))

def interrupt_again_and_again():
    for _ in range(int(sys.argv[2])):
        time.sleep(chance.random() * 0.004)
        for _ in range(chance.choice((1, 1, 2, 3))):
            signal.pthread_kill(main, signal.SIGINT)
            time.sleep(chance.random() * 0.0002)
    over.set()

others = [threading.Thread(target=call_again_and_again, daemon=True) for _ in range(2)]
storm = threading.Thread(target=interrupt_again_and_again, daemon=True)
interrupts = 0
for thread in (*others, storm):
    thread.start()
while not over.is_set():
    try:
        call()
    except KeyboardInterrupt:
        interrupts += 1
for thread in (storm, *others):
    thread.join(60)
responses = {is_healthy.sync(client=client) for _ in range(10)}
thread = threading.Thread(target=lambda: responses.add(is_healthy.sync(client=client)))
thread.start()
thread.join()
print(sorted(responses), failed, interrupts > 20)
"""

PATIENCE = 5.0
"""How many seconds a call waits for a lock that is not given back."""
# On a busy machine; a call that waits for ever is ended by the time limit of the test.
GRACE = 5.0


@not_on_windows("no thread can be sent a signal")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_interrupts(raw_server: RawServer, seed: int) -> None:
    """The thread that was interrupted can go on, and the others notice nothing."""
    done = subprocess.run(
        [sys.executable, "-c", STORM, raw_server.url, "300", str(seed)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("['OK'] [] True", 0), done.stderr[-3000:]


@pytest.fixture
def make_client(raw_server: RawServer) -> Iterator[Callable[..., Client]]:
    """Makes clients whose connections are closed at the end of the test."""
    with contextlib.ExitStack() as stack:

        def make(**settings: Any) -> Client:
            client = Client(raw_server.url, **settings)
            stack.callback(client.close)
            return client

        yield make


def pool_of(client: Client) -> Any:
    """Find the connection pool that a client's synchronous calls use."""
    transport: Any = client.get_httpx_client()._transport
    while not hasattr(transport, "_pool"):
        transport = transport._inner
    return transport._pool


def take_for_ever(lock: Any) -> None:
    """Take a lock in a thread that ends without giving it back."""
    thread = threading.Thread(target=lock.__enter__)
    thread.start()
    thread.join()


def test_a_lock_that_is_not_given_back(
    raw_server: RawServer, make_client: Callable[..., Client]
) -> None:
    """It costs the connection pool; the call that waits for it is sent with another one."""
    client = make_client(timeout=60)
    assert is_healthy.sync(client=client) == "OK"
    first = client.get_httpx_client()
    take_for_ever(pool_of(client)._optional_thread_lock)
    started = time.monotonic()
    assert is_healthy.sync(client=client) == "OK"
    assert time.monotonic() - started < PATIENCE + GRACE
    started = time.monotonic()
    assert is_healthy.sync(client=client) == "OK"
    assert time.monotonic() - started < GRACE
    assert client.get_httpx_client() is not first
    assert len(raw_server.requests) == 3


def test_a_deadline_while_the_lock_is_taken(
    raw_server: RawServer, make_client: Callable[..., Client]
) -> None:
    """It ends the call in time, which can be made again."""
    client = make_client(timeout=60, deadline=0.5)
    is_healthy.sync(client=client.with_options(deadline=60))
    take_for_ever(pool_of(client)._optional_thread_lock)
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceeded) as caught:
        is_healthy.sync(client=client)
    assert time.monotonic() - started < 0.5 + GRACE
    assert caught.value.is_unsent
    assert is_healthy.sync(client=client.with_options(deadline=60)) == "OK"
    assert len(raw_server.requests) == 2


def test_no_retries_while_the_lock_is_taken(make_client: Callable[..., Client]) -> None:
    """The failure says that nothing was sent, and the next call has another pool."""
    client = make_client(timeout=0.5, retries=None)
    is_healthy.sync(client=client.with_options(timeout=60))
    take_for_ever(pool_of(client)._optional_thread_lock)
    with pytest.raises(errors.TimeoutFailure) as caught:
        is_healthy.sync(client=client)
    assert caught.value.is_unsent
    assert is_healthy.sync(client=client.with_options(timeout=60)) == "OK"


def test_closing_while_the_lock_is_taken(make_client: Callable[..., Client]) -> None:
    """The end of a `with` block is reached, too."""
    started = time.monotonic()
    with make_client() as client:
        is_healthy.sync(client=client)
        take_for_ever(pool_of(client)._optional_thread_lock)
    assert time.monotonic() - started < PATIENCE + GRACE
    assert is_healthy.sync(client=client) == "OK"


def test_a_response_is_kept_while_the_lock_is_taken(
    raw_server: RawServer, make_client: Callable[..., Client]
) -> None:
    """A response that has come is not lost over it, and the request is not sent again."""
    client = make_client()
    is_healthy.sync(client=client)
    lock = pool_of(client)._optional_thread_lock

    def respond(_: socket.socket, __: bytes) -> bytes:
        take_for_ever(lock)
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nOK"

    raw_server.respond = respond
    assert is_healthy.sync(client=client) == "OK"
    assert len(raw_server.requests) == 2
    raw_server.respond = lambda _, __: respond(_, __)  # of no pool that is still used
    assert is_healthy.sync(client=client) == "OK"


class Interrupt(KeyboardInterrupt):
    """One that does not end the tests if it gets away."""


@pytest.mark.parametrize("interrupt", [Interrupt, SystemExit, GeneratorExit])
def test_an_interrupted_call_leaves_no_pool(
    make_client: Callable[..., Client], interrupt: type[BaseException]
) -> None:
    """What an interrupt may have left half done is not used again."""

    def hook(_: Any) -> None:
        raise interrupt

    hooks: dict[str, list[Any]] = {"request": []}
    client = make_client(httpx_args={"event_hooks": hooks})
    with client:
        is_healthy.sync(client=client)
        first = client.get_httpx_client()
        first.event_hooks["request"].append(hook)
        with pytest.raises(interrupt):
            is_healthy.sync(client=client)
        assert is_healthy.sync(client=client) == "OK"
        assert client.get_httpx_client() is not first
        assert first.is_closed


def test_a_task_that_is_interrupted(raw_server: RawServer) -> None:
    """An interrupt within the event loop costs the connections of that loop, no more."""

    async def main() -> None:
        client = Client(raw_server.url)
        await is_healthy.asyncio(client=client)
        first = client.get_async_httpx_client()

        async def hook(_: Any) -> None:
            raise SystemExit

        first.event_hooks["request"].append(hook)
        with pytest.raises(SystemExit):
            await is_healthy.asyncio(client=client)
        assert await is_healthy.asyncio(client=client) == "OK"
        assert client.get_async_httpx_client() is not first
        await client.aclose()

    asyncio.run(main())
