"""What is sent again, how often, and when."""

from __future__ import annotations

import asyncio
import datetime
import pickle
import socket
import threading
import time
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import Client, Retries, errors
from dqops.client.api.connections import delete_connection, get_all_connections
from dqops.client.api.dictionaries import create_dictionary, delete_dictionary
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import run_checks
from dqops.client.models import DataDictionaryModel, RunChecksParameters
from dqops.testing import DqopsServer, Fault
from support.runtime import Operation, calls
from support.runtime import retries as retries_module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.raw_server import RawServer

QUICK = Retries(backoff=0.001)


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module; each sets its own faults."""
    with DqopsServer() as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, in seconds; none of them takes time."""
    made: list[float] = []

    async def sleep_async(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(calls, "_sleep", made.append)
    monkeypatch.setattr(calls, "_sleep_async", sleep_async)
    return made


def fail(server: DqopsServer, *faults: Fault) -> None:
    """Let the server begin anew, with these faults."""
    server.reset()
    server.faults.add(*faults)


def call(client: Client, mode: str, operation: Any, **arguments: Any) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync(client=client, **arguments)

    async def main() -> Any:
        async with client:
            return await operation.asyncio(client=client, **arguments)

    return asyncio.run(main())


def outcome(client: Client, mode: str, operation: Any, **arguments: Any) -> tuple[str, int]:
    """Call an operation, and tell what came of it and how many attempts an exception names."""
    try:
        call(client, mode, operation, **arguments)
    except (errors.UnexpectedStatus, errors.TransportFailure) as error:
        return type(error).__name__, error.attempts
    return "ok", 0


GET, POST = get_all_connections, run_checks
JOB: dict[str, Any] = {"json_body": RunChecksParameters(), "wait": False}

# What goes wrong on the first calls, the operation, what comes of it, and how often it is sent.
CASES: dict[str, tuple[list[Fault], Any, tuple[str, int], int]] = {
    "502 once": ([Fault.status(502, nth=1)], GET, ("ok", 0), 2),
    "503 twice": ([Fault.status(503, nth=[1, 2])], GET, ("ok", 0), 3),
    "504 always": ([Fault.status(504)], GET, ("GatewayTimeout", 3), 3),
    "429 once": ([Fault.status(429, nth=1)], GET, ("ok", 0), 2),
    "500 once": ([Fault.status(500, nth=1)], GET, ("ServerError", 1), 1),
    "reset once": ([Fault.reset(nth=1)], GET, ("ok", 0), 2),
    "reset within the response": ([Fault.reset(when="during", nth=1)], GET, ("ok", 0), 2),
    "disconnected once": ([Fault.disconnect(nth=1)], GET, ("ok", 0), 2),
    "disconnected always": ([Fault.disconnect()], GET, ("ProtocolFailure", 3), 3),
    "cut off once": ([Fault.truncated(nth=1)], GET, ("ok", 0), 2),
    "no HTTP": ([Fault.invalid_http(nth=1)], GET, ("ProtocolFailure", 1), 1),
    "POST 502": ([Fault.status(502, nth=1)], POST, ("BadGateway", 1), 1),
    "POST 429": ([Fault.status(429, nth=1)], POST, ("TooManyRequests", 1), 1),
    "POST 503 handled": ([Fault.status(503, when="after")], POST, ("ServiceUnavailable", 1), 1),
    "POST reset before": ([Fault.reset(nth=1)], POST, ("TransportFailure", 1), 1),
    "POST reset after": ([Fault.reset(when="after", nth=1)], POST, ("TransportFailure", 1), 1),
    "POST disconnected": ([Fault.disconnect(nth=1)], POST, ("ProtocolFailure", 1), 1),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_sent_again(server: DqopsServer, mode: str, pauses: list[float], case: str) -> None:
    """A request is sent again where that can do no harm and may help, and not otherwise."""
    faults, operation, expected, sent = CASES[case]
    fail(server, *faults)
    client = Client(server.url, raise_on_unexpected_status=True)
    arguments = JOB if operation is POST else {}
    assert expected == outcome(client, mode, operation, **arguments)
    name = operation._OPERATION.name
    assert sent == len(server.calls(name))
    assert max(sent - 1, 0) == len(pauses)


def test_a_time_limit_is_final(server: DqopsServer, mode: str) -> None:
    """A server that works for longer than the timeout is not asked for the same again."""
    fail(server, Fault.timeout())
    client = Client(server.url, timeout=0.1, retries=QUICK)
    assert ("TimeoutFailure", 1) == outcome(client, mode, GET)


@pytest.mark.parametrize("faults", [[], [Fault.status(502, nth=1)]], ids=["at once", "later"])
def test_an_unhealthy_server_is_a_response(
    mode: str, pauses: list[float], faults: list[Fault]
) -> None:
    """The 503 of the health check is returned, not repeated; a proxy's 502 is repeated."""
    with DqopsServer(healthy=False, faults=faults) as unhealthy:
        client = Client(unhealthy.url, raise_on_unexpected_status=True)
        assert "UNAVAILABLE" == call(client, mode, is_healthy)
        assert len(faults) == len(pauses)


def test_a_deletion_is_sent_again(server: DqopsServer, mode: str, pauses: list[float]) -> None:
    """DELETE does the same however often it is sent."""
    fail(server, Fault.status(503, nth=1, method="DELETE"))
    client = Client(server.url)

    async def main() -> None:
        async with client:
            await delete_connection.asyncio("no_such_connection", client=client)

    if mode == "sync":
        with client:
            delete_connection.sync("no_such_connection", client=client)
    else:
        asyncio.run(main())
    assert 2 == len(server.calls("delete_connection"))
    assert 1 == len(pauses)


def test_a_deletion_whose_response_is_lost(
    server: DqopsServer, mode: str, pauses: list[float]
) -> None:
    """Who deletes a second time without knowing is told that the first time may have done it."""
    fail(server, Fault.reset(when="after", nth=1, method="DELETE"))
    body = DataDictionaryModel(dictionary_name="words", file_content="one")
    with Client(server.url) as client:
        create_dictionary.sync(client=client, json_body=body)
    client = Client(server.url, raise_on_unexpected_status=True)
    with pytest.raises(errors.NotFound, match="An earlier attempt may have deleted it"):
        call(client, mode, _Deletion)
    assert 1 == len(pauses)


class _Deletion:
    """The deletion of one dictionary, to be called as all operations of these tests."""

    sync = staticmethod(partial(delete_dictionary.sync, "words"))
    asyncio = staticmethod(partial(delete_dictionary.asyncio, "words"))


@pytest.mark.parametrize(
    ("method", "given", "expected"),
    [
        ("GET", None, True),
        ("HEAD", None, True),
        ("PUT", None, True),
        ("DELETE", None, True),
        ("POST", None, False),
        ("PATCH", None, False),
        ("POST", True, True),
        ("GET", False, False),
    ],
)
def test_what_may_be_repeated(method: str, given: bool | None, expected: bool) -> None:
    """The method says whether an operation may be repeated, unless the operation does."""
    operation = Operation(
        name="x",
        method=method,
        path="/x",
        models="dqops.client.models",
        results={},
        errors={},
        is_repeatable=given,
    )
    assert expected is operation.is_repeatable


@pytest.mark.parametrize("operation", [GET, POST], ids=["GET", "POST"])
def test_a_server_that_starts_late(mode: str, operation: Any) -> None:
    """Where no connection could be opened, whatever is sent again, until the server runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    late = DqopsServer(port=port)
    client = Client(
        f"http://127.0.0.1:{port}",
        raise_on_unexpected_status=True,
        retries=Retries(max_attempts=50, backoff=0.02, max_wait=0.02),
    )
    timer = threading.Timer(0.15, late.start)
    timer.start()
    try:
        call(client, mode, operation, **(JOB if operation is POST else {}))
        assert 1 == len(late.calls(operation._OPERATION.name))
    finally:
        timer.join()
        late.stop()


def test_a_server_that_does_not_run(mode: str, pauses: list[float]) -> None:
    """The failure says operation, attempts and time, that nothing was sent, and keeps its cause."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}")
    with pytest.raises(errors.ConnectionFailure) as caught:
        call(client, mode, POST, **JOB)
    failure = caught.value
    assert (3, True, "run_checks") == (failure.attempts, failure.is_unsent, failure.operation)
    assert 0 < failure.elapsed < 5
    assert f" Gave up after 3 attempts and {failure.elapsed:.2f} s." in str(failure)
    assert isinstance(failure.__cause__, Exception)
    assert 2 == len(pauses)


def test_attempts_of_which_one_was_sent(
    server: DqopsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether nothing was sent is said of all attempts, not of the last one."""
    fail(server, Fault.disconnect(nth=1))
    client = Client(server.url, retries=Retries(max_attempts=2))

    def stop(_: float) -> None:
        monkeypatch.setattr(socket, "create_connection", refuse)

    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(calls, "_sleep", stop)
    with pytest.raises(errors.ConnectionFailure) as caught:
        call(client, "sync", GET)
    assert (2, False) == (caught.value.attempts, caught.value.is_unsent)


def test_a_post_that_got_no_connection(server: DqopsServer) -> None:
    """A POST for which no connection got free in time is sent again, and runs once."""
    fail(server, Fault.delay(0.3, operation="is_healthy"))
    client = Client(
        server.url,
        raise_on_unexpected_status=True,
        timeout=httpx.Timeout(5, pool=0.1),
        retries=Retries(max_attempts=10, backoff=0.05),
        httpx_args={"limits": httpx.Limits(max_connections=1)},
    )

    async def main() -> None:
        async with client:
            busy = asyncio.ensure_future(is_healthy.asyncio(client=client))
            await asyncio.sleep(0.05)
            await run_checks.asyncio(client=client, **JOB)
            await busy

    asyncio.run(main())
    assert 1 == len(server.calls("run_checks"))


def test_a_redirected_post_that_gets_no_connection(raw_server: RawServer) -> None:
    """What responded with a redirection may have done its part, so that a POST is not repeated."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    raw_server.respond = lambda *_: (
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{port}/\r\n"
        "Content-Length: 0\r\n\r\n".encode()
    )
    client = Client(raw_server.url, follow_redirects=True, retries=QUICK)
    with pytest.raises(errors.ConnectionFailure) as caught:
        call(client, "sync", POST, **JOB)
    assert (1, False, 1) == (
        caught.value.attempts,
        caught.value.is_unsent,
        len(raw_server.requests),
    )


@pytest.mark.parametrize("retries", [None, Retries.none(), Retries(max_attempts=1)])
def test_switched_off(server: DqopsServer, mode: str, retries: Retries | None) -> None:
    """Without retries, everything is sent once."""
    fail(server, Fault.status(503))
    client = Client(server.url, raise_on_unexpected_status=True, retries=retries)
    assert ("ServiceUnavailable", 1) == outcome(client, mode, GET)
    assert 1 == len(server.requests)


def test_downloads_are_opened_again(server: DqopsServer, mode: str, pauses: list[float]) -> None:
    """A stream that could not be opened is opened again; its connection is given back."""
    from dqops.client.api.environment import download_logs

    fail(server, Fault.status(502, nth=1))
    client = Client(server.url)

    def read() -> bytes:
        with client, download_logs.stream(client=client) as download:
            return b"".join(download.iter_bytes())

    async def read_async() -> bytes:
        async with client, download_logs.asyncio_stream(client=client) as download:
            return b"".join([piece async for piece in download.iter_bytes()])

    assert (read() if mode == "sync" else asyncio.run(read_async())) != b""
    assert 1 == len(pauses)


def test_pauses_grow(
    server: DqopsServer, pauses: list[float], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause is twice the one before, shortened by chance by up to a half, up to the limit."""
    fail(server, Fault.status(503))
    retries = Retries(max_attempts=6, backoff=1, max_wait=5)
    for chance, expected in [(0.0, [1, 2, 4, 5, 5]), (1.0, [0.5, 1, 2, 2.5, 2.5])]:
        pauses.clear()
        monkeypatch.setattr(retries_module, "_random", lambda chance=chance: chance)
        call(Client(server.url, retries=retries), mode, GET)
        assert expected == pauses


@pytest.mark.parametrize("kind", ["seconds", "date"])
def test_the_server_says_when(
    server: DqopsServer, pauses: list[float], mode: str, kind: str
) -> None:
    """The pause is what Retry-After says, or a little longer."""
    asked: Any = 7
    if kind == "date":
        asked = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=7)
    fail(server, Fault.status(429, retry_after=asked, nth=1))
    call(Client(server.url), mode, GET)
    assert 5.9 <= pauses[0] <= 7.3


def test_the_server_asks_for_too_much(server: DqopsServer, pauses: list[float], mode: str) -> None:
    """A request is not sent again where that would be later than the limit; the error says so."""
    fail(server, Fault.status(503, retry_after=120))
    client = Client(server.url, raise_on_unexpected_status=True)
    with pytest.raises(errors.ServiceUnavailable) as caught:
        call(client, mode, GET)
    assert (1, []) == (caught.value.attempts, pauses)
    assert " Gave up after 1 attempt and 0.0" in str(caught.value)
    assert "s: the server asks to wait for 120 s, and max_wait is 30 s." in str(caught.value)


NOW = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": " 12 "}, 12.0),
        ({"Retry-After": "9" * 400}, 1e18),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:09 GMT", "Date": NOW}, 9.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:27:00 GMT", "Date": NOW}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 99999 07:27:00 GMT", "Date": NOW}, None),
        ({"Retry-After": NOW, "Date": "yesterday"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    """Seconds and dates are read, by the server's own clock; anything else counts as nothing."""
    assert expected == retries_module.retry_after(headers)


def test_retry_after_by_our_clock() -> None:
    """Without the time of the server, ours is taken."""
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
    found = retries_module.retry_after({"Retry-After": format_datetime(moment, usegmt=True)})
    assert found is not None
    assert 55 < found <= 60


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_attempts": 0}, "max_attempts must be an integer >= 1"),
        ({"max_attempts": True}, "max_attempts must be an integer >= 1"),
        ({"max_attempts": 1.5}, "max_attempts must be an integer >= 1"),
        ({"backoff": -1}, "backoff must be a number of seconds >= 0"),
        ({"backoff": "1"}, "backoff must be a number of seconds >= 0"),
        ({"max_wait": float("nan")}, "max_wait must be a number of seconds >= 0"),
        ({"statuses": 503}, "statuses must be a list of integers"),
        ({"statuses": [200]}, "statuses must be integers from 400 to 599"),
    ],
)
def test_impossible_policies(arguments: dict[str, Any], message: str) -> None:
    """A policy that cannot be meant is refused when it is made."""
    with pytest.raises(errors.InvalidRequest, match=message):
        Retries(**arguments)


def test_policies_are_values() -> None:
    """Policies compare, print and refuse to change."""
    assert Retries() == Retries(statuses=[504, 503, 502, 429])
    assert (
        "Retries(max_attempts=3, backoff=0.25, max_wait=30.0, statuses=[429, 502, 503, 504])"
        == repr(Retries())
    )
    with pytest.raises(AttributeError):
        Retries().backoff = 1
    with pytest.raises(AttributeError):
        del Retries().backoff
    assert 1 == len({Retries(), Retries(max_attempts=3), pickle.loads(pickle.dumps(Retries()))})
    with pytest.raises(errors.InvalidRequest, match=r"retries must be dqops.client.Retries"):
        Client("http://h", retries=3)  # type: ignore[arg-type]


def test_interrupted_pause(server: DqopsServer) -> None:
    """A task that waits to send again can be cancelled at once."""
    fail(server, Fault.status(503))
    client = Client(server.url, retries=Retries(backoff=30))

    async def main() -> float:
        async with client:
            started = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(get_all_connections.asyncio(client=client), 0.2)
            return time.monotonic() - started

    assert asyncio.run(main()) < 5
