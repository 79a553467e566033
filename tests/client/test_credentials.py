"""Where credentials go, and where they do not."""

from __future__ import annotations

import asyncio
import os
import socket
import traceback
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.healthcheck import is_healthy
from support.calls import get, send
from support.raw_server import RawServer
from support.runtime import hooks
from support.transports import in_use, library_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "token-7Kq2"
SECRET = "secret-4Hs8"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


@pytest.fixture
def elsewhere() -> Iterator[RawServer]:
    """Another server, to which the first one redirects."""
    server = RawServer()
    yield server
    server.close()


def redirect(server: RawServer, location: str) -> None:
    """Redirect the first request, and respond to the others."""
    head = f"HTTP/1.1 307 Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    server.respond = lambda *_: head if len(server.requests) == 1 else OK


def secretive(server: RawServer, **more: Any) -> AuthenticatedClient:
    """Make a client with credentials in every place."""
    return AuthenticatedClient(
        server.url,
        TOKEN,
        auth_header_name="X-DQ",
        headers={"X-Api-Key": SECRET, "X-Plain": "1", "Authorization": SECRET},
        cookies={"session": SECRET},
        follow_redirects=True,
        **more,
    )


def test_another_origin_gets_no_credentials(
    raw_server: RawServer, elsewhere: RawServer, mode: str
) -> None:
    """Token (whatever its header), credentials in headers and cookies stay with their server."""
    redirect(raw_server, f"{elsewhere.url}/api/x")
    assert 200 == send(secretive(raw_server), mode, get())
    assert TOKEN in (raw_server.header("X-DQ") or "")
    assert SECRET in (raw_server.header("Cookie") or "")
    sent = elsewhere.requests[0]
    assert TOKEN.encode() not in sent
    assert SECRET.encode() not in sent
    assert "1" == elsewhere.header("X-Plain")


def test_another_host_name_is_another_origin(raw_server: RawServer, mode: str) -> None:
    """The same machine under another name is not trusted."""
    redirect(raw_server, f"http://localhost:{raw_server.port}/api/x")
    assert 200 == send(secretive(raw_server), mode, get())
    assert TOKEN.encode() not in raw_server.requests[1]
    assert SECRET.encode() not in raw_server.requests[1]


def test_the_same_origin_gets_them(raw_server: RawServer, mode: str) -> None:
    """A redirection within the server keeps everything."""
    redirect(raw_server, "/api/y")
    assert 200 == send(secretive(raw_server), mode, get())
    assert f"Bearer {TOKEN}" == raw_server.header("X-DQ", 1)
    assert SECRET == raw_server.header("X-Api-Key", 1)
    assert f"session={SECRET}" == raw_server.header("Cookie", 1)


def test_headers_of_a_view_stay_too(raw_server: RawServer, elsewhere: RawServer, mode: str) -> None:
    """Credentials that were added for one call are no exception."""
    redirect(raw_server, f"{elsewhere.url}/api/ishealthy")
    view = secretive(raw_server).with_options(headers={"X-Token": SECRET}, data_domain="sales")

    async def main() -> Any:
        async with view:
            return await is_healthy.asyncio(client=view)

    if mode == "sync":
        with view:
            is_healthy.sync(client=view)
    else:
        asyncio.run(main())
    assert SECRET == raw_server.header("X-Token")
    assert SECRET.encode() not in elsewhere.requests[0]
    assert elsewhere.header("Cookie") is None


def test_hooks_of_the_caller_run_after_it(
    raw_server: RawServer, elsewhere: RawServer, mode: str
) -> None:
    """The caller's own hooks are kept, and may add what they like."""
    redirect(raw_server, f"{elsewhere.url}/api/x")

    def add(request: httpx.Request) -> None:
        request.headers["X-Key"] = "mine"

    async def add_async(request: httpx.Request) -> None:
        add(request)

    hooks = {"request": [add if mode == "sync" else add_async]}
    send(secretive(raw_server, httpx_args={"event_hooks": hooks}), mode, get())
    assert "mine" == elsewhere.header("X-Key")


@pytest.mark.parametrize(
    ("base_url", "url", "kept"),
    [
        ("http://h", "http://h/x", True),
        ("http://h", "http://h:80/x", True),
        ("http://H", "http://h/x", True),
        ("http://h", "https://h/x", True),
        ("http://h:8080", "https://h/x", False),
        ("http://h", "https://h:8443/x", False),
        ("https://h", "http://h/x", False),
        ("http://h", "http://h:81/x", False),
        ("http://h", "http://h.example/x", False),
        ("http://h", "http://g/x", False),
    ],
)
def test_what_the_same_origin_is(base_url: str, url: str, kept: bool) -> None:
    """Scheme, host and port have to be the same; from http to https on their usual ports is too."""
    request = httpx.Request("GET", url, headers={"X-DQ": TOKEN})
    hooks.stripping(httpx.URL(base_url), "X-DQ")(request)
    assert kept is ("X-DQ" in request.headers)


@pytest.mark.parametrize(
    ("url", "exposed"),
    [
        ("http://localhost:8888", False),
        ("http://LOCALHOST.", False),
        ("http://dqops.localhost", False),
        ("http://127.0.0.1", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:8888", False),
        ("https://dqops.example", False),
        ("http://dqops.example", True),
        ("http://localhost.example", True),
        ("http://192.168.0.7", True),
        ("http://[2001:db8::1]", True),
    ],
)
def test_what_can_be_read_on_the_way(url: str, exposed: bool) -> None:
    """Plain http to any machine but this one."""
    assert exposed is hooks.is_exposed(httpx.URL(url))


def ask_exposed(make: Callable[[httpx.BaseTransport], Any], times: int = 3) -> None:
    """Ask a server at another machine, which is none, several times."""
    with make(httpx.MockTransport(lambda _: httpx.Response(200, text="OK"))) as client:
        for _ in range(times):
            assert "OK" == is_healthy.sync(client=client)


@pytest.mark.parametrize("kind", ["token", "password"])
def test_a_warning_for_plain_http(kind: str) -> None:
    """Whose token goes over plain http is warned once, with the host and without the token."""

    def make(transport: httpx.BaseTransport) -> Any:
        arguments: Any = {"httpx_args": {"transport": transport}}
        if kind == "token":
            return AuthenticatedClient("http://dqops.example", TOKEN, **arguments)
        return Client(f"http://someone:{TOKEN}@dqops.example", **arguments)

    with pytest.warns(errors.InsecureTransportWarning) as caught:
        ask_exposed(make)
    (warned,) = caught
    assert __file__ == warned.filename  # the line that calls, and none of a library
    assert "credentials are sent to dqops.example over plain http" in str(warned.message)
    assert TOKEN not in str(warned.message)


def test_the_warning_names_the_line_that_calls(mode: str) -> None:
    """Whether it calls at once or awaits, and whatever carries the call."""
    transport = in_use(httpx.MockTransport)(lambda _: in_use(httpx.Response)(200, text="OK"))
    client = AuthenticatedClient("http://h.example", TOKEN, httpx_args={"transport": transport})

    async def main() -> None:
        await is_healthy.asyncio(client=client)

    def ask() -> None:
        if mode == "sync":
            is_healthy.sync(client=client)
        else:
            asyncio.run(main())

    with pytest.warns(errors.InsecureTransportWarning) as caught:
        ask()
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123 - the line is what counts
        line = file.readlines()[caught[0].lineno - 1]
    assert __file__ == caught[0].filename
    assert "is_healthy." in line


@pytest.mark.parametrize(
    ("base_url", "proxy", "warned"),
    [
        ("http://h.example", "http://127.0.0.1:9", True),
        ("http://h.example", "http://proxy.example:9", True),
        ("http://127.0.0.1:9", "http://proxy.example:9", True),
        ("http://127.0.0.1:9", "http://127.0.0.1:9", False),
        ("https://h.example", "http://proxy.example:9", False),
    ],
)
def test_plain_http_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, mode: str, base_url: str, proxy: str, warned: bool
) -> None:
    """A proxy, too, can read what is sent without TLS, and so can everyone behind it."""
    monkeypatch.setenv("ALL_PROXY", proxy)
    client = AuthenticatedClient(base_url, TOKEN, retries=None, timeout=0.01)

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no connection is made")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", errors.InsecureTransportWarning)
        with pytest.raises(errors.TransportFailure):
            send(client, mode, get())
    kinds = [each for each in caught if each.category is errors.InsecureTransportWarning]
    assert warned is bool(kinds)


def test_no_warning_without_need() -> None:
    """Neither https, nor a client without credentials, nor making a client is warned of."""
    AuthenticatedClient("http://dqops.example", TOKEN).get_httpx_client().close()

    def encrypted(transport: httpx.BaseTransport) -> Any:
        return AuthenticatedClient(
            "https://dqops.example", TOKEN, httpx_args={"transport": transport}
        )

    ask_exposed(encrypted)
    ask_exposed(lambda transport: Client("http://h.example", httpx_args={"transport": transport}))


def test_a_token_of_a_function(raw_server: RawServer, mode: str) -> None:
    """The function is asked for each request, repetitions included, and never shown or kept."""
    tokens = iter(["first-1Az", "second-2Bx"])
    client = AuthenticatedClient(raw_server.url, lambda: next(tokens))
    assert "token=<hidden>" in repr(client)
    send(client, mode, get())
    send(client, mode, get())
    assert ["Bearer first-1Az", "Bearer second-2Bx"] == [
        raw_server.header("Authorization", position) for position in (0, 1)
    ]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda: "", "the token that the function returned is empty; nothing was sent"),
        (lambda: f"{TOKEN}\n", "the token that the function returned contains a line break"),
        (lambda: None, "the token that the function returned must be a string, got NoneType"),
        (lambda: os.environ[TOKEN], "the function that returns it raised KeyError; nothing was"),
    ],
)
def test_a_function_without_a_token(
    raw_server: RawServer, mode: str, function: Any, message: str
) -> None:
    """A function that fails is told, without what it said, and nothing is sent."""
    client = AuthenticatedClient(raw_server.url, function)
    with pytest.raises(errors.InvalidRequest, match=message) as caught:
        send(client, mode, get())
    assert TOKEN not in str(caught.value)
    assert [] == raw_server.requests


def test_a_token_of_a_function_in_a_response(raw_server: RawServer) -> None:
    """The token that was sent is blanked in errors, also when the function has another by now."""
    tokens = iter(["first-1Azzz", "second-2Bxxx"])
    raw_server.respond = lambda *_: b"HTTP/1.1 500 Oops\r\nContent-Length: 11\r\n\r\nfirst-1Azzz"
    client = AuthenticatedClient(
        raw_server.url,
        lambda: next(tokens),
        auth_header_name="X-DQ",
        raise_on_unexpected_status=True,
    )
    with client, pytest.raises(errors.ServerError) as caught:
        is_healthy.sync(client=client)
    assert b"<hidden>" == caught.value.content
    assert "second-2Bxxx" == next(tokens)


def echo_broken(connection: socket.socket, request: bytes) -> None:
    """Send the request back, as the head of a response that is none."""
    line = request.replace(b"\r\n", b" ")
    connection.sendall(b"HTTP/1.1 200 OK\r\nBad\x00" + line + b"\r\n\r\n")


def reset(connection: socket.socket, _: bytes) -> None:
    """End the connection without a response."""


@pytest.mark.parametrize("response", [echo_broken, reset])
def test_no_token_in_causes(raw_server: RawServer, mode: str, response: Any) -> None:
    """What caused a failure holds no token: not its text, nor the variables of any library."""
    raw_server.respond = response
    client = AuthenticatedClient(raw_server.url, TOKEN, auth_header_name="X-DQ")
    with pytest.raises(errors.ProtocolFailure) as caught:
        send(client, mode, get())
    shown = traceback.TracebackException.from_exception(
        caught.value.__cause__ or caught.value, capture_locals=True
    )
    assert TOKEN not in "".join(shown.format())
    assert TOKEN not in str(caught.value)


def test_who_is_asking(raw_server: RawServer, mode: str) -> None:
    """The User-Agent names SDK, Python and httpx with versions, unless the caller names another."""
    send(Client(raw_server.url), mode, get())
    agent = raw_server.header("User-Agent")
    assert agent is not None
    sdk, python, library = agent.split(" ")
    assert sdk.startswith("dqops-client/")
    assert python.startswith("python/3.")
    http = library_in_use()
    assert f"{http.__name__}/{http.__version__}" == library
    send(Client(raw_server.url, headers={"user-agent": "mine"}), mode, get())
    assert "mine" == raw_server.header("User-Agent")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda url: Client(url), "No API key was sent: pass one, as in AuthenticatedClient"),
        (lambda url: AuthenticatedClient(url, TOKEN), "The API key that was sent is wrong"),
        (lambda url: AuthenticatedClient(url, f"bearer {TOKEN}"), "begins with 'Bearer ': pass"),
        (lambda url: Client(url, headers={"Authorization": SECRET}), "Check the API key"),
        (lambda url: Client(url, httpx_args={"auth": ("me", SECRET)}), "Check the API key"),
        (lambda url: Client(url.replace("://", f"://me:{SECRET}@")), "Check the API key"),
    ],
    ids=["none", "token", "Bearer", "header", "auth", "user name"],
)
def test_advice_on_401(
    raw_server: RawServer, mode: str, make: Callable[[str], Client], said: str
) -> None:
    """A 401 says whether an API key is missing or wrong, as far as that is known."""
    raw_server.respond = lambda *_: b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"
    client = make(raw_server.url)
    client.raise_on_unexpected_status = True

    async def ask() -> None:
        async with client:
            await is_healthy.asyncio(client=client)

    with client, pytest.raises(errors.Unauthorized, match=said):
        is_healthy.sync(client=client) if mode == "sync" else asyncio.run(ask())
