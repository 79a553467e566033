"""How long a call may take in all."""

from __future__ import annotations

import asyncio
import pickle
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import Client, Retries, errors
from dqops.client.api.connections import get_all_connections
from dqops.client.api.environment import download_logs
from dqops.client.api.jobs import run_checks
from dqops.client.models import RunChecksParameters
from dqops.testing import DqopsServer, Fault
from support.calls import get, send
from support.runtime import TimeLeft, send_once, send_once_async
from support.transports import in_use

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from support.raw_server import RawServer

DEADLINE = 0.3
LATEST = DEADLINE + 1.5  # on a busy machine; without a deadline all of it would take a minute


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module; each sets its own faults."""
    with DqopsServer() as running:
        yield running


def call(client: Client, mode: str, operation: Any = get_all_connections, **arguments: Any) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync(client=client, **arguments)

    async def main() -> Any:
        async with client:
            return await operation.asyncio(client=client, **arguments)

    return asyncio.run(main())


def timed(what: Callable[[], Any]) -> tuple[errors.ClientError, float]:
    """Do what fails; return the exception and the seconds that it took."""
    started = time.monotonic()
    with pytest.raises(errors.ClientError) as caught:
        what()
    return caught.value, time.monotonic() - started


@pytest.mark.parametrize(
    "fault",
    [
        Fault.timeout(),
        Fault.delay(5),
        Fault.slow(20),
        Fault.endless_body(),
    ],
    ids=lambda fault: fault.kind,
)
def test_a_response_that_does_not_end(server: DqopsServer, mode: str, fault: Fault) -> None:
    """The deadline ends a call, however the time is spent; it is one of httpx's timeouts, too."""
    server.reset()
    server.faults.add(fault)
    client = Client(server.url, deadline=DEADLINE, timeout=30, max_body_bytes=None)
    error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.DeadlineExceeded)
    assert isinstance(error, errors.TimeoutFailure)
    assert isinstance(error, in_use(httpx.TimeoutException))
    assert DEADLINE - 0.05 <= seconds < LATEST
    assert ("get_all_connections", 1) == (error.operation, error.attempts)
    assert "no complete response from " in str(error)
    assert f"within the deadline of {DEADLINE:g} s." in str(error)


def test_drops_of_a_head(raw_server: RawServer, mode: str) -> None:
    """A server that sends a byte of the head now and then does not extend the deadline."""

    def drip(connection: socket.socket, _: bytes) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500:
            if raw_server.released.wait(0.02):
                return
            connection.sendall(bytes([byte]))

    raw_server.respond = drip
    client = Client(raw_server.url, deadline=DEADLINE, retries=None)
    error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.DeadlineExceeded)
    assert seconds < LATEST


@pytest.mark.parametrize("takes", ["nothing", "a little"])
def test_a_server_that_takes_no_more(raw_server: RawServer, mode: str, takes: str) -> None:
    """Sending is part of the time, too, also where it goes on slowly."""

    def stall(stream: Any) -> bytes:
        while not raw_server.released.wait(10 if takes == "nothing" else 0.05):
            if not stream.read(400_000):
                break
        return b""

    raw_server.read = stall
    client = Client(raw_server.url, timeout=30)
    end = time.monotonic() + DEADLINE

    async def send_async() -> None:
        async with client:
            await send_once_async(
                client, get(content=b"x" * 20_000_000), operation="look_up", end=end
            )

    def send_all() -> None:
        with client:
            send_once(client, get(content=b"x" * 20_000_000), operation="look_up", end=end)

    client = client.with_options(deadline=DEADLINE)
    error, seconds = timed(send_all if mode == "sync" else lambda: asyncio.run(send_async()))
    assert isinstance(error, errors.DeadlineExceeded)
    assert seconds < LATEST


def test_all_attempts_share_it(mode: str) -> None:
    """What the first attempts and the pauses took is not there for the last one."""
    # A server of its own: a request of another test that comes late would count as an attempt.
    faults = [Fault.status(503, nth=[1, 2]), Fault.delay(0.1), Fault.timeout(nth=3)]
    with DqopsServer(faults=faults) as server:
        client = Client(server.url, deadline=1.0, retries=Retries(backoff=0.02))
        error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.DeadlineExceeded)
    assert 3 == error.attempts
    assert seconds < 1.0 + LATEST - DEADLINE
    assert f" Gave up after 3 attempts and {error.elapsed:.2f} s." in str(error)


def test_no_time_for_another_attempt(server: DqopsServer, mode: str) -> None:
    """A pause that would end after the deadline is not begun; the error is the server's own."""
    server.reset()
    server.faults.add(Fault.status(503, retry_after=20))
    client = Client(server.url, raise_on_unexpected_status=True, deadline=10)
    error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.ServiceUnavailable)
    assert seconds < 5
    assert str(error).endswith("s: the deadline of 10 s is too near.")


def test_a_shorter_timeout_counts(server: DqopsServer, mode: str) -> None:
    """The limit for one step is still there, and its failure is not called a deadline."""
    server.reset()
    server.faults.add(Fault.timeout())
    client = Client(server.url, deadline=10, timeout=0.1)
    error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.TimeoutFailure)
    assert not isinstance(error, errors.DeadlineExceeded)
    assert seconds < 2


def test_enough_time(server: DqopsServer, mode: str) -> None:
    """A call that ends in time is like any other."""
    server.reset()
    server.faults.add(Fault.status(503, nth=1))
    client = Client(server.url, deadline=10, retries=Retries(backoff=0.01))
    assert call(client, mode)


def test_a_job_that_takes_longer(server: DqopsServer, mode: str) -> None:
    """A POST that was cut off by the deadline may have been carried out, and is not repeated."""
    server.reset()
    server.faults.add(Fault.timeout(when="after"))
    client = Client(server.url, deadline=DEADLINE)
    error, _ = timed(
        lambda: call(client, mode, run_checks, json_body=RunChecksParameters(), wait=False)
    )
    assert isinstance(error, errors.DeadlineExceeded)
    assert (1, False) == (error.attempts, error.is_unsent)


def test_a_slow_download(server: DqopsServer, mode: str) -> None:
    """A stream has to be read within the deadline, too."""
    server.reset()
    server.faults.add(Fault.slow(20))
    client = Client(server.url, deadline=DEADLINE)

    def read() -> None:
        with client, download_logs.stream(client=client) as download:
            for _ in download.iter_bytes():
                pass

    async def read_async() -> None:
        async with client, download_logs.asyncio_stream(client=client) as download:
            async for _ in download.iter_bytes():
                pass

    error, seconds = timed(read if mode == "sync" else lambda: asyncio.run(read_async()))
    assert isinstance(error, errors.DeadlineExceeded)
    assert seconds < LATEST


def test_cancelled_from_outside(server: DqopsServer) -> None:
    """A task that is cancelled is cancelled, and no deadline was exceeded."""
    server.reset()
    server.faults.add(Fault.timeout())
    client = Client(server.url, deadline=30)

    async def main() -> None:
        async with client:
            task = asyncio.ensure_future(get_all_connections.asyncio(client=client))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())


def test_connections_after_a_deadline(server: DqopsServer, mode: str) -> None:
    """A call that was cut off leaves nothing behind that the next one could read."""
    server.reset()
    server.faults.add(Fault.slow(50, nth=1))
    client = Client(server.url)
    hasty = client.with_options(deadline=0.1)

    async def main() -> None:
        async with client:
            with pytest.raises(errors.DeadlineExceeded):
                await get_all_connections.asyncio(client=hasty)
            assert await get_all_connections.asyncio(client=client)

    if mode == "sync":
        with client:
            with pytest.raises(errors.DeadlineExceeded):
                get_all_connections.sync(client=hasty)
            assert get_all_connections.sync(client=client)
    else:
        asyncio.run(main())


def test_a_given_httpx_client_has_it_too(server: DqopsServer, mode: str) -> None:
    """The deadline of a client holds whichever httpx client carries its calls."""
    server.reset()
    server.faults.add(Fault.timeout())
    client = Client(server.url, deadline=DEADLINE)
    client.set_httpx_client(httpx.Client(timeout=30))
    client.set_async_httpx_client(httpx.AsyncClient(timeout=30))
    error, seconds = timed(lambda: call(client, mode))
    assert isinstance(error, errors.DeadlineExceeded)
    assert seconds < LATEST
    client.close()
    asyncio.run(client.aclose())


@pytest.mark.parametrize("deadline", [0, -1, "5", True, float("nan"), float("inf")])
def test_impossible_deadlines(deadline: Any) -> None:
    """A deadline that cannot be meant is refused, in a client and in a view."""
    with pytest.raises(errors.InvalidRequest, match="deadline must be a number of seconds > 0"):
        Client("http://h", deadline=deadline)
    with pytest.raises(errors.InvalidRequest, match="deadline must be a number of seconds > 0"):
        Client("http://h").with_options(deadline=deadline)


def test_time_left_runs_out() -> None:
    """A limit is the shorter one of its own and what is left, and never nothing."""
    soon = time.monotonic() + 0.05
    limit = TimeLeft(soon, 10)
    assert 0 < limit <= 0.05
    assert 0.02 == TimeLeft(soon, 0.02).now()
    time.sleep(0.06)
    assert 0.001 == limit.now()
    assert 0 < limit


def test_failures_travel_between_processes(server: DqopsServer) -> None:
    """A deadline's exception keeps its class and what it says when it is pickled."""
    server.reset()
    server.faults.add(Fault.timeout())
    error, _ = timed(lambda: call(Client(server.url, deadline=0.1), "sync"))
    restored = pickle.loads(pickle.dumps(error))
    assert type(error) is type(restored)
    assert isinstance(restored, errors.DeadlineExceeded)
    assert (str(error), 1) == (str(restored), restored.attempts)


@pytest.mark.usefixtures("sync_transport")
def test_the_connections_of_the_libraries_heed_it(raw_server: RawServer) -> None:
    """What is installed has the place where a synchronous deadline is put."""
    client = Client(raw_server.url)
    pool = client.get_httpx_client()._transport._pool  # type: ignore[attr-defined]
    assert "TimedNetwork" == type(pool._network_backend).__name__
    assert 200 == send(client, "sync", get())
