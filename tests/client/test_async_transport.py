"""What carries asynchronous calls: aiohttp does what httpx's own transport does, and faster."""

from __future__ import annotations

import asyncio
import copy
import importlib.metadata
import pickle
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, errors
from support.calls import get, send
from support.runtime import checks, import_aiohttp_transport, library_of, send_once_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from support.raw_server import RawServer
    from support.runtime import Transport

aiohttp_transport = import_aiohttp_transport()

TRANSPORTS: tuple[Transport, ...] = ("aiohttp", "httpx", "httpx2")
MOCK = httpx.MockTransport(lambda _: httpx.Response(200))


def carrier(client: Client | AuthenticatedClient, url: str = "http://h/") -> str:
    """Name what carries a client's asynchronous calls to an address."""
    transport: Any = client.get_async_httpx_client()._transport_for_url(httpx.URL(url))
    while hasattr(transport, "_inner"):
        transport = transport._inner
    library = library_of(transport).__name__
    return type(transport).__name__ + ("" if library == "httpx" else f" of {library}")


@pytest.mark.parametrize(
    ("chosen", "settings", "expected"),
    [
        (None, {}, "AsyncHTTPTransport"),
        ("", {"transport": None}, "AsyncHTTPTransport"),
        ("aiohttp", {}, "AiohttpTransport"),
        ("httpx", {}, "AsyncHTTPTransport"),
        (None, {"transport": "aiohttp"}, "AiohttpTransport"),
        ("httpx", {"transport": "aiohttp"}, "AiohttpTransport"),
        ("aiohttp", {"transport": "httpx"}, "AsyncHTTPTransport"),
        ("HTTPX2 ", {}, "AsyncHTTPTransport of httpx2"),
        (None, {"transport": "httpx2"}, "AsyncHTTPTransport of httpx2"),
        ("httpx2", {"transport": "httpx"}, "AsyncHTTPTransport"),
        ("aiohttp", {"httpx_args": {"proxy": "http://p"}}, "AsyncHTTPTransport"),
        ("aiohttp", {"httpx_args": {"transport": MOCK}}, "MockTransport"),
        (
            "aiohttp",
            {"httpx_args": {"mounts": {"all://h": MOCK}}},
            "MockTransport",
        ),
    ],
)
def test_choice(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, settings: dict[str, Any], expected: str
) -> None:
    """What is chosen is used, by argument or environment, and never what happens to be there."""
    monkeypatch.delenv("DQOPS_TRANSPORT", raising=False)
    if chosen is not None:
        monkeypatch.setenv("DQOPS_TRANSPORT", chosen)
    assert expected == carrier(Client("http://h", **settings))


def test_choice_of_the_environment_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused when the client is created, with the variable's name."""
    monkeypatch.setenv("DQOPS_TRANSPORT", "requests")
    message = "the environment variable DQOPS_TRANSPORT must be 'httpx', 'httpx2' or 'aiohttp'"
    with pytest.raises(errors.InvalidRequest, match=f"{message}, not 'requests'$"):
        Client("http://h")


def test_respx_intercepts_asynchronous_calls() -> None:
    """Although aiohttp and httpx2 are installed, no real connection is made."""
    respx = pytest.importorskip("respx")
    with respx.mock(base_url="http://mocked") as mock:
        mock.get("/api/x").respond(200, text="of respx")
        client = Client("http://mocked")
        response = asyncio.run(send_once_async(client, get(), operation="look_up"))
    assert "of respx" == response.text


def test_pytest_httpx_intercepts_asynchronous_calls(request: pytest.FixtureRequest) -> None:
    """Although aiohttp and httpx2 are installed, no real connection is made."""
    pytest.importorskip("pytest_httpx")
    mock = request.getfixturevalue("httpx_mock")
    mock.add_response(url="http://mocked/api/x", text="of pytest-httpx")
    client = Client("http://mocked")
    response = asyncio.run(send_once_async(client, get(), operation="look_up"))
    assert "of pytest-httpx" == response.text


def test_a_patched_transport_intercepts_asynchronous_calls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Although aiohttp and httpx2 are installed, no real connection is made."""

    async def respond(_: Any, __: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="of a patch")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", respond)
    client = Client("http://mocked")
    response = asyncio.run(send_once_async(client, get(), operation="look_up"))
    assert "of a patch" == response.text


def test_a_patched_transport_of_httpx2(monkeypatch: pytest.MonkeyPatch) -> None:
    """It intercepts the calls of who has chosen httpx2."""
    httpx2 = pytest.importorskip("httpx2")

    async def respond(*_: Any) -> Any:
        return httpx2.Response(200, text="of a patch")

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", respond)
    client = Client("http://mocked", transport="httpx2")
    response = asyncio.run(send_once_async(client, get(), operation="look_up"))
    assert "of a patch" == response.text


def test_a_transport_of_the_other_library() -> None:
    """It cannot carry the calls, and the message says which choice it needs."""
    httpx2 = pytest.importorskip("httpx2")
    other = httpx2.MockTransport(lambda _: httpx2.Response(200))
    cases: list[tuple[Any, Transport, str]] = [
        (MOCK, "httpx2", "httpx"),
        (other, "httpx", "httpx2"),
    ]
    for transport, chosen, needed in cases:
        client = Client("http://h", httpx_args={"transport": transport}, transport=chosen)
        message = f"is a MockTransport of {needed}, which {chosen} cannot use"
        for make in (client.get_httpx_client, client.get_async_httpx_client):
            with pytest.raises(errors.InvalidRequest, match=message):
                make()


@pytest.mark.parametrize("chosen", ["httpx", "httpx2"])
def test_a_client_of_httpx2_that_is_set(raw_server: RawServer, chosen: Transport) -> None:
    """It is used, and failures are its library's whatever the transport is."""
    httpx2 = pytest.importorskip("httpx2")
    client = Client(raw_server.url, transport=chosen, retries=None)
    client.set_httpx_client(httpx2.Client(trust_env=False))
    assert 200 == send(client, "sync", get())
    client = Client("http://127.0.0.1:1", transport=chosen, retries=None)
    client.set_httpx_client(httpx2.Client(trust_env=False))
    with pytest.raises(errors.ConnectionFailure) as caught:
        send(client, "sync", get())
    assert isinstance(caught.value, httpx2.ConnectError)
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), httpx2.ConnectError)


def test_aiohttp_under_trio() -> None:
    """It needs asyncio, and says so."""
    trio = pytest.importorskip("trio")
    client = Client("http://127.0.0.1:1", transport="aiohttp", retries=None)

    async def main() -> None:
        await send_once_async(client, get(), operation="look_up")

    with pytest.raises(errors.InvalidRequest, match="under trio, choose 'httpx' or 'httpx2'"):
        trio.run(main)


def test_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies of the environment are used, and hosts that are excepted are asked directly."""
    monkeypatch.setenv("HTTP_PROXY", "http://p")
    monkeypatch.setenv("NO_PROXY", "direct")
    client = Client("http://h", transport="aiohttp")
    assert "AsyncHTTPTransport" == carrier(client)
    assert "AiohttpTransport" == carrier(client, "http://direct/")


def test_refused_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A choice that cannot be had says what to do."""
    with pytest.raises(
        errors.InvalidRequest, match="must be 'httpx', 'httpx2' or 'aiohttp', not 1"
    ):
        Client("http://h", transport=1)  # type: ignore[arg-type]
    client = Client("http://h", transport="aiohttp", httpx_args={"http1": False})
    with pytest.raises(errors.InvalidRequest, match="supports no HTTP/2"):
        client.get_async_httpx_client()
    monkeypatch.setattr(checks, "has_usable", lambda _: False)
    for extra in ("aiohttp", "httpx2"):
        hint = rf'or later: run pip install "dqops-client\[{extra}\]"$'
        with pytest.raises(errors.InvalidRequest, match=hint):
            AuthenticatedClient("http://h", "token", transport=extra)


@pytest.mark.parametrize(
    ("version", "usable"),
    [("3.14.5", True), ("3.12.0rc1", True), ("4.0.0a1", True), ("3.11.18", False), (None, False)],
)
def test_usable_versions(
    monkeypatch: pytest.MonkeyPatch, version: str | None, usable: bool
) -> None:
    """A version that lacks something is not used, as if it were not installed."""

    def find(name: str) -> str:
        if version is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(importlib.metadata, "version", find)
    assert usable is checks.has_usable.__wrapped__("aiohttp")


def test_choice_is_a_setting() -> None:
    """It is kept in copies and pickles, compared and described."""
    client = Client("http://h", transport="httpx2")
    for other in (
        client.with_headers({"A": "b"}).with_timeout(3),
        copy.deepcopy(client),
        pickle.loads(pickle.dumps(client)),
    ):
        assert "AsyncHTTPTransport of httpx2" == carrier(other)
    assert client != Client("http://h")
    assert client == copy.copy(client)
    assert "transport='httpx2'" in repr(client)


REQUESTS: dict[str, dict[str, Any]] = {
    "plain": get(),
    "query": get("/a", params=[("b", "c d&e=ü"), ("b", ""), ("f", "+/%2F")]),
    "escaped path": get("/a%2Fb%20c%41~%7E/é/:@!$&'()*+,;="),
    "dots": get("/a/./b/../c"),
    "double slash": get("/a//b"),
    "headers": get(headers=[("X-Mixed-CASE", "a"), ("x-twice", "1"), ("x-twice", "2")]),
    "own user agent": get(headers={"User-Agent": "me", "Accept": "text/csv"}),
    "host": get(headers={"Host": "elsewhere:1"}),
    "no body": {"method": "POST", "url": "/a"},
    "delete": {"method": "DELETE", "url": "/a"},
    "head": {"method": "HEAD", "url": "/a"},
    "odd method": {"method": "PURGE", "url": "/a"},
    "body": {"method": "POST", "url": "/a", "content": b"\0\xff"},
    "body of a get": {"method": "GET", "url": "/a", "content": b"x"},
    "typed body": {"method": "PUT", "url": "/a", "json": {"a": "ü"}},
    "large body": {"method": "PUT", "url": "/a", "content": b"x" * 3_000_000},
    "form": {"method": "POST", "url": "/a", "data": {"a": "b c"}},
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_same_request(raw_server: RawServer, request_: dict[str, Any]) -> None:
    """The same bytes are sent, but for the order of the header fields.

    And but for the length of no body, which aiohttp writes for methods that rarely have one, too.
    """
    raw_server.respond = lambda _, __: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    sent: list[tuple[bytes, list[bytes], bytes]] = []
    for transport in TRANSPORTS:
        client = AuthenticatedClient(
            f"{raw_server.url}/base/",
            "token",
            transport=transport,
            cookies={"a": "1", "b": '"2"'},
            headers={"X-Default": "d"},
        )
        assert 200 == send(client, "async", request_)
        head, _, body = raw_server.requests[-1].partition(b"\r\n\r\n")
        # httpx 0.27 writes a space as %20, which means the same.
        head = head.replace(b"c%20d", b"c+d")
        line, *fields = head.replace(b"\r\nContent-Length: 0", b"").split(b"\r\n")
        kept = [field for field in fields if not field.startswith(b"User-Agent: dqops")]
        sent.append((line, sorted(kept), body))
    assert [sent[0]] * len(TRANSPORTS) == sent
    assert len(TRANSPORTS) == len(raw_server.requests)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_streamed_request(raw_server: RawServer, transport: Transport) -> None:
    """A body that is made piece by piece is sent in chunks."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    def read(stream: Any) -> bytes:
        request = b""
        while not request.endswith(b"0\r\n\r\n"):
            line: bytes = stream.readline()
            if not line:
                return b""
            request += line
        return request

    raw_server.read = read

    async def main() -> int:
        client = Client(raw_server.url, transport=transport)
        async with client:
            httpx_client = client.get_async_httpx_client()
            return (await httpx_client.post("/a", content=pieces())).status_code

    assert 200 == asyncio.run(main())
    body = raw_server.requests[0].partition(b"\r\n\r\n")[2]
    assert b"abcd" == b"".join(re.findall(rb"[0-9]\r\n([a-z]+)\r\n", body))


OK = b"HTTP/1.1 200 OK\r\n"
RESPONSES: dict[str, bytes] = {
    "body": OK + b"Content-Length: 2\r\n\r\nab",
    "no body": OK + b"Content-Length: 0\r\n\r\n",
    "chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
    "until the end": OK + b"\r\nabc",
    "HTTP 1.0": b"HTTP/1.0 200 OK\r\n\r\nabc",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab",
    "odd reason": b"HTTP/1.1 200 \xe9\xff\r\nContent-Length: 2\r\n\r\nab",
    "odd status": b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nab",
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "304": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "100": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nab",
    "103": b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nab",
    "header cases": OK + b"X-Mixed-CASE: A\r\nx-two: 1\r\nX-Two: 2\r\ncontent-length: 0\r\n\r\n",
    "cookies": OK + b"Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n",
    "long header": OK + b"X: " + b"a" * 90_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "odd header": OK + b"X: \xe9\r\nContent-Length: 0\r\n\r\n",
    "lines without carriage return": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab",
}


@pytest.mark.parametrize("sent", RESPONSES.values(), ids=RESPONSES)
def test_same_response(raw_server: RawServer, sent: bytes) -> None:
    """Status, reason, version, headers and body are the same."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)

    raw_server.respond = respond
    found: list[Any] = []
    for transport in TRANSPORTS:

        async def main(transport: Any = transport) -> Any:
            async with Client(raw_server.url, transport=transport) as client:
                response = await send_once_async(client, get(), operation="look_up")
            cookies = dict(response.cookies)
            first = (response.status_code, response.reason_phrase, response.http_version)
            return (*first, sorted(response.headers.raw), response.content, cookies)

        found.append(asyncio.run(main()))
    assert found[1] == found[0]


def _broken(sent: bytes) -> Callable[[socket.socket, bytes], None]:
    """Respond with something and then with a TCP reset."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)
        time.sleep(0.05)  # so that it arrives before
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return respond


def _closed(sent: bytes) -> Callable[[socket.socket, bytes], None]:
    """Respond with something and close the connection."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)

    return respond


FAULTS: dict[str, Callable[[socket.socket, bytes], None]] = {
    "nothing": _closed(b""),
    "another protocol": _closed(b"SSH-2.0-x\r\n\r\n\r\n"),
    "half a head": _closed(OK + b"Content-Le"),
    "half a body": _closed(OK + b"Content-Length: 100\r\n\r\nhalf"),
    "half a chunk": _closed(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
    "no last chunk": _closed(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    "no chunk": _closed(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhel"),
    "endless header": _closed(OK + b"X: " + b"a" * 900_000),
    "no header": _closed(OK + b"X y z\r\nContent-Length: 0\r\n\r\n"),
    "no length": _closed(OK + b"Content-Length: x\r\n\r\n"),
    "two lengths": _closed(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    "TLS": _closed(b"\x15\x03\x03\x00\x02\x02\x50"),
    "reset": _broken(b""),
    "reset in the head": _broken(OK + b"A: b"),
    "reset in a body": _broken(OK + b"Content-Length: 100\r\n\r\nhalf"),
    "reset in a chunk": _broken(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
    "reset instead of the end": _broken(OK + b"\r\nhalf"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_same_failure(raw_server: RawServer, fault: Callable[[socket.socket, bytes], None]) -> None:
    """The exceptions are of the same classes and say the same, but for details of the protocol."""
    raw_server.respond = fault
    found: list[Any] = []
    for transport in TRANSPORTS:
        client = Client(raw_server.url, transport=transport)
        with pytest.raises(errors.TransportFailure) as caught:
            send(client, "async", get())
        words = str(caught.value).partition("sent no complete HTTP response")
        kinds = [each.__name__ for each in (type(caught.value), type(caught.value.__cause__))]
        found.append((kinds, words[0], words[1]))
        assert "aiohttp" not in str(caught.value)
        assert "\n" not in str(caught.value)
    assert [found[0]] * len(TRANSPORTS) == found
    # None sends a request again that the server may have carried out.
    assert len(TRANSPORTS) == len(raw_server.requests)


@pytest.mark.parametrize("name", ["no-such-host.invalid", "127.0.0.1:1"])
def test_same_failure_to_connect(name: str) -> None:
    """A host that is not found, or not listening, is told in the same words."""
    said: list[str] = []
    for transport in TRANSPORTS:
        with pytest.raises(errors.ConnectionFailure) as caught:
            send(Client(f"http://{name}", transport=transport), "async", get())
        said.append(str(caught.value))
    assert [said[0]] * len(TRANSPORTS) == said


@pytest.mark.usefixtures("async_transport")
def test_connection_that_the_server_closed(raw_server: RawServer) -> None:
    """A connection that was closed while the program did something else is not used again."""

    def respond_and_close(connection: socket.socket, _: bytes) -> None:
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    raw_server.respond = respond_and_close

    async def main() -> None:
        async with Client(raw_server.url) as client:
            for _ in range(5):
                request = {"method": "POST", "url": "/a", "content": b"x"}
                await send_once_async(client, request, operation="look_up")
                time.sleep(0.02)  # noqa: ASYNC251, RUF100 - without a turn of the event loop

    asyncio.run(main())
    assert (5, 5) == (len(raw_server.requests), raw_server.connections)


def of_one_connection(server: RawServer, **timeouts: float) -> Client:
    """Make a client that has a single connection."""
    return Client(
        server.url,
        timeout=httpx.Timeout(5, **timeouts),
        httpx_args={"limits": httpx.Limits(max_connections=1)},
    )


@pytest.mark.usefixtures("async_transport")
def test_connections_are_limited(raw_server: RawServer) -> None:
    """However many calls are made at once, there are no more connections than allowed."""

    async def main() -> None:
        limits = httpx.Limits(max_connections=5)
        async with Client(raw_server.url, httpx_args={"limits": limits}) as client:
            calls = (send_once_async(client, get(), operation="look_up") for _ in range(300))
            await asyncio.gather(*calls)

    asyncio.run(main())
    assert (300, 5) == (len(raw_server.requests), raw_server.connections)


async def cancelled(client: Client) -> None:
    """Cancel a call while it waits for its response."""
    call = asyncio.create_task(send_once_async(client, get("/held"), operation="look_up"))
    await asyncio.sleep(0.05)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def cancelled_waiting(client: Client) -> None:
    """Cancel a call while it waits for a connection."""
    async with client.get_async_httpx_client().stream("GET", "/x"):
        await cancelled(client)


async def cancelled_at_its_turn(client: Client) -> None:
    """Cancel a call at the moment at which a connection gets free."""
    stream = client.get_async_httpx_client().stream("GET", "/x")
    await stream.__aenter__()
    call = asyncio.create_task(send_once_async(client, get(), operation="look_up"))
    await asyncio.sleep(0.05)
    await stream.__aexit__(None, None, None)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def timed_out(client: Client) -> None:
    """Wait too long for a connection."""
    async with client.get_async_httpx_client().stream("GET", "/x"):
        with pytest.raises(errors.TimeoutFailure, match=r"all connections were in use for 0\.2 s"):
            await send_once_async(client, get(), operation="look_up")


async def failed(client: Client) -> None:
    """Get no response."""
    with pytest.raises(errors.TransportFailure):
        await send_once_async(client, get("/closed"), operation="look_up")


async def unread(client: Client) -> None:
    """Leave a body unread."""
    async with client.get_async_httpx_client().stream("GET", "/large"):
        pass


@pytest.mark.usefixtures("async_transport")
@pytest.mark.parametrize(
    "use", [cancelled, cancelled_waiting, cancelled_at_its_turn, timed_out, failed, unread]
)
def test_connection_is_given_back(
    raw_server: RawServer, use: Callable[[Client], Awaitable[None]]
) -> None:
    """Whatever happens to a call, the next one finds the connection free."""

    def respond(_: socket.socket, request: bytes) -> bytes | None:
        path = request.split()[1]
        if path == b"/held":
            raw_server.released.wait(5)
            return None
        if path == b"/closed":
            return None
        size = 5_000_000 if path == b"/large" else 2
        return OK + b"Content-Length: %d\r\n\r\n" % size + b"x" * size

    raw_server.respond = respond

    async def main() -> None:
        async with of_one_connection(raw_server, pool=0.2) as client:
            for _ in range(3):
                await use(client)
                response = await send_once_async(client, get(), operation="look_up")
                assert b"xx" == response.content

    asyncio.run(main())


@pytest.mark.usefixtures("async_transport")
@pytest.mark.parametrize(
    ("limits", "connections"),
    [
        ({}, 1),
        ({"keepalive_expiry": None}, 1),
        ({"keepalive_expiry": 0.02}, 3),
        ({"max_keepalive_connections": 0}, 3),
    ],
)
def test_idle_connections(raw_server: RawServer, limits: dict[str, Any], connections: int) -> None:
    """How long an idle connection is kept is a setting."""

    async def main() -> None:
        client = Client(raw_server.url, httpx_args={"limits": httpx.Limits(**limits)})
        async with client:
            for _ in range(3):
                await send_once_async(client, get(), operation="look_up")
                await asyncio.sleep(0.06)

    asyncio.run(main())
    assert connections == raw_server.connections


TESTS = str(Path(__file__).parents[1])
FORGETFUL = """
import asyncio, gc, sys
sys.path.insert(0, sys.argv[3])
from dqops.client import Client
from support.runtime import send_once_async

async def main(client):
    await send_once_async(client, {"method": "GET", "url": "/x"}, operation="x")

client = Client(sys.argv[1], transport=sys.argv[2])
asyncio.run(main(client))
asyncio.run(main(client))
client = None
gc.collect()
"""


# As under nest_asyncio, whose `asyncio.run` leaves the loop open and its asynchronous generators
# unfinished.
LEFT_OPEN = """
import asyncio, sys
sys.path.insert(0, sys.argv[3])
from dqops.client import Client
from support.runtime import send_once_async

async def main():
    sys.set_asyncgen_hooks(None, None)
    await send_once_async(client, {"method": "GET", "url": "/x"}, operation="x")

client = Client(sys.argv[1], transport=sys.argv[2])
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(main())
"""


@pytest.mark.parametrize("program", [FORGETFUL, LEFT_OPEN], ids=["forgetful", "left-open"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_forgotten_connections(raw_server: RawServer, transport: str, program: str) -> None:
    """A program that closes nothing gets nothing on its standard error."""
    done = subprocess.run(
        [sys.executable, "-c", program, raw_server.url, transport, TESTS],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("", "") == (done.stdout, done.stderr)


def test_aiohttp_is_loaded_by_the_first_asynchronous_client() -> None:
    """Neither the import nor the constructor loads it."""
    code = (
        "import sys; from dqops.client import Client\n"
        "c = Client('http://h', transport='aiohttp'); print('aiohttp' in sys.modules)\n"
        "c.get_async_httpx_client(); print('aiohttp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\nTrue\n" == done.stdout
