"""What a caller gets when no response comes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import os
import pickle
import socket
import ssl
import struct
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, Retries, errors
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import ConnectionFailure, TimeoutFailure, TransportFailure
from support.calls import get, send
from support.runtime import send_once, send_once_async
from support.transports import in_use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.raw_server import RawServer

TOKEN = "token-7Kq2"
PASSWORD = "password-9Xw4"
QUERY = "query-3Zr8"


def hold(server: RawServer) -> None:
    """Send nothing until the test is over."""

    def respond(_: socket.socket, __: bytes) -> None:
        server.released.wait(10)

    server.respond = respond


def reset(server: RawServer) -> None:
    """Respond with a TCP reset."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    server.respond = respond


def say(server: RawServer, response: bytes, *, then_close: bool = False) -> None:
    """Respond with these bytes."""

    def respond(connection: socket.socket, _: bytes) -> bytes | None:
        if then_close:
            connection.sendall(response)
            return None
        return response

    server.respond = respond


def redirect(server: RawServer, location: str) -> None:
    """Respond with a redirection."""
    say(
        server,
        f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode(),
    )


def not_gzip(server: RawServer) -> None:
    """Respond with a body that is not what its Content-Encoding says."""
    body = gzip.compress(b"OK")[3:]
    say(
        server,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
        % (len(body), body),
    )


# What the server does, how the client is made, the two kinds that the failure is of, and what its
# message tells.
FAILURES: dict[str, tuple[Any, dict[str, Any], type[TransportFailure], type[Exception], str]] = {
    "no response in time": (
        hold,
        {"timeout": 0.1},
        TimeoutFailure,
        httpx.ReadTimeout,
        "no response from {url} within 0.1 s. The server may still be working on the request",
    ),
    "closed without a response": (
        lambda server: say(server, b"", then_close=True),
        {},
        TransportFailure,
        httpx.RemoteProtocolError,
        "{url} sent no complete HTTP response: Server disconnected without sending a response.",
    ),
    "reset": (
        reset,
        {},
        TransportFailure,
        httpx.ReadError,
        "the connection to {url} broke before the response was complete: ",
    ),
    "response cut off": (
        lambda server: say(
            server, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then_close=True
        ),
        {},
        TransportFailure,
        httpx.RemoteProtocolError,
        "{url} sent no complete HTTP response: peer closed connection",
    ),
    "no HTTP": (
        lambda server: say(server, b"SSH-2.0-OpenSSH_9.6\r\n", then_close=True),
        {},
        TransportFailure,
        httpx.RemoteProtocolError,
        "Check that the port is right and that the server speaks http on it",
    ),
    "no gzip": (
        not_gzip,
        {},
        TransportFailure,
        httpx.DecodingError,
        "the body of the response from {url} is not compressed as its Content-Encoding says",
    ),
    "endless redirection": (
        lambda server: redirect(server, "/api/look?again=1"),
        {"follow_redirects": True},
        TransportFailure,
        httpx.TooManyRedirects,
        "redirects again and again",
    ),
    "redirection to something else than HTTP": (
        lambda server: redirect(server, "ftp://example.com/x"),
        {"follow_redirects": True},
        TransportFailure,
        httpx.UnsupportedProtocol,
        "ftp://example.com/x is not a URL that can be requested",
    ),
    "redirection to no address": (
        lambda server: redirect(server, "http://h:port/x"),
        {"follow_redirects": True},
        TransportFailure,
        httpx.RemoteProtocolError,
        "{url} sent no complete HTTP response: Invalid URL in location header",
    ),
}


def check(failure: TransportFailure, message: str, url: str) -> None:
    """Compare what each failure must have."""
    assert str(failure).startswith(f"look_up: {message.split('{url}')[0]}") or message in str(
        failure
    )
    assert message.format(url=url) in str(failure)
    assert str(failure)[-1] in ".?"
    assert str(failure)[-2] not in ".?"
    assert failure.operation == "look_up"
    assert failure.method == "GET"
    assert isinstance(failure, errors.ClientError)
    assert isinstance(failure.__cause__, Exception)
    restored = pickle.loads(pickle.dumps(failure))
    assert type(restored) is type(failure)
    assert (str(restored), restored.operation, restored.method, restored.url) == (
        str(failure),
        "look_up",
        "GET",
        failure.url,
    )
    shown = [str(failure), repr(failure), repr(vars(failure)), repr(failure.args), failure.url]
    for text in [*shown, pickle.dumps(failure).decode("latin-1")]:
        for secret in (TOKEN, PASSWORD, QUERY):
            assert secret not in text


@pytest.mark.parametrize("case", FAILURES)
def test_a_failure_says_what_happened(raw_server: RawServer, mode: str, case: str) -> None:
    """A fault of the server ends in one failure that is ours and httpx's and says what to do."""
    behave, settings, family, kind, message = FAILURES[case]
    behave(raw_server)
    client = AuthenticatedClient(
        raw_server.url.replace("://", f"://someone:{PASSWORD}@"), TOKEN, **settings
    )
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get("/api/look", params={"name": QUERY}))
    failure = caught.value
    assert isinstance(failure, family)
    assert isinstance(failure, in_use(kind))
    assert isinstance(failure.__cause__, in_use(kind))
    check(failure, message, f"{raw_server.url}/api/look")


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port whose queue of connections is full, so that the system does not respond there."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port: int = listener.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        time.sleep(0.05)
        yield port


def test_connect_timeout(silent_port: int, mode: str) -> None:
    """A host that does not respond is named with the time that was waited."""
    client = AuthenticatedClient(f"http://127.0.0.1:{silent_port}", TOKEN, timeout=0.2)
    with pytest.raises(TimeoutFailure) as caught:
        send(client, mode, get())
    assert isinstance(caught.value, in_use(httpx.ConnectTimeout))
    check(
        caught.value,
        "no connection to {url} within 0.2 s. Check that the server is reachable from here",
        f"http://127.0.0.1:{silent_port}/api/x",
    )


def test_write_timeout(raw_server: RawServer, mode: str) -> None:
    """A server that takes no more of the request is named with the time that was waited."""

    def stall(_: Any) -> bytes:
        raw_server.released.wait(10)
        return b""

    raw_server.read = stall
    client = AuthenticatedClient(raw_server.url, TOKEN, timeout=httpx.Timeout(5, write=0.2))
    with pytest.raises(TimeoutFailure) as caught:
        send(client, mode, get(content=b"x" * 20_000_000))
    assert isinstance(caught.value, in_use(httpx.WriteTimeout))
    check(
        caught.value,
        "could not send the request to {url} within 0.2 s.",
        f"{raw_server.url}/api/x",
    )


def test_pool_timeout(raw_server: RawServer, mode: str) -> None:
    """More calls at once than connections end in a failure that names the limit."""
    client = AuthenticatedClient(
        raw_server.url,
        TOKEN,
        timeout=httpx.Timeout(5, pool=0.1),
        httpx_args={"limits": httpx.Limits(max_connections=1)},
    )

    def call() -> None:
        with client, client.get_httpx_client().stream("GET", "/busy"):
            send_once(client, get(), operation="look_up")

    async def call_async() -> None:
        async with client, client.get_async_httpx_client().stream("GET", "/busy"):
            await send_once_async(client, get(), operation="look_up")

    with pytest.raises(TimeoutFailure) as caught:
        call() if mode == "sync" else asyncio.run(call_async())
    assert isinstance(caught.value, in_use(httpx.PoolTimeout))
    check(caught.value, "all connections were in use for 0.1 s", "")


def test_refused_connection(mode: str) -> None:
    """A server that is not running is asked about."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = AuthenticatedClient(f"http://someone:{PASSWORD}@127.0.0.1:{port}/dqops/", TOKEN)
    with pytest.raises(ConnectionFailure) as caught:
        send(client, mode, get(params={"name": QUERY}))
    assert isinstance(caught.value, in_use(httpx.ConnectError))
    url = f"http://127.0.0.1:{port}/dqops/api/x"
    check(caught.value, "could not connect to {url}: Connection refused.", url)
    assert str(caught.value) == (
        f"look_up: could not connect to {url}: Connection refused. "
        "Check that the server is running there."
    )
    assert caught.value.url == url


def test_untrusted_certificate(tls_server: RawServer, mode: str) -> None:
    """TLS is verified by default, and the failure names verify_ssl."""
    client = AuthenticatedClient(tls_server.url, TOKEN)
    with pytest.raises(ConnectionFailure) as caught:
        send(client, mode, get())
    check(caught.value, "pass the file of its certificate authority as verify_ssl=", "")
    assert tls_server.requests == []


@pytest.mark.parametrize("verify", ["file", "context", "off"])
def test_trusted_certificate(
    tls_server: RawServer, certificate: Path, mode: str, verify: str
) -> None:
    """A certificate is trusted by a file, by a context, or by no verification at all."""
    verify_ssl: Any = {
        "file": certificate,
        "context": ssl.create_default_context(cafile=certificate),
        "off": False,
    }[verify]
    assert send(Client(tls_server.url, verify_ssl=verify_ssl), mode, get()) == 200


def test_trust_by_environment(
    tls_server: RawServer, certificate: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Authorities of the environment are heeded by clients that are made from then on."""
    with pytest.raises(ConnectionFailure):
        send(Client(tls_server.url), mode, get())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert send(Client(tls_server.url), mode, get()) == 200
    with pytest.raises(ConnectionFailure):
        send(Client(tls_server.url, httpx_args={"trust_env": False}), mode, get())
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConnectionFailure):
        send(Client(tls_server.url), mode, get())


def test_authorities_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many clients load the usual certificate authorities once, which takes longer than a call."""
    loaded: list[object] = []
    load = httpx.create_ssl_context

    def count(*arguments: Any, **named: Any) -> Any:
        if not isinstance(arguments[0] if arguments else None, ssl.SSLContext):
            loaded.append(arguments)
        return load(*arguments, **named)

    monkeypatch.setattr(httpx, "create_ssl_context", count)
    monkeypatch.setenv("SSL_CERT_DIR", "/")  # so that no other test has loaded the same
    for _ in range(3):
        Client("https://h").get_httpx_client()
        Client("https://h").get_async_httpx_client()
    assert len(loaded) == 1


def test_authorities_wait_for_tls(
    raw_server: RawServer,
    tls_server: RawServer,
    certificate: Path,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client of a plain server loads authorities with the first redirection to TLS."""
    if os.environ.get("DQOPS_TRANSPORT") == "aiohttp":
        pytest.skip("aiohttp needs a context when it is made")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")  # which nothing needs yet
    client = Client(raw_server.url, follow_redirects=True, retries=None)
    assert send(client, mode, get()) == 200
    redirect(raw_server, tls_server.url)
    with pytest.raises(errors.InvalidRequest, match="/no/such/file"):
        send(client, mode, get())
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConnectionFailure):
        send(client, mode, get())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusting = Client(raw_server.url, follow_redirects=True, retries=None)
    assert send(trusting, mode, get()) == 200


def test_https_to_a_plain_port(raw_server: RawServer, mode: str) -> None:
    """The wrong scheme is told from a wrong certificate."""
    say(raw_server, b"HTTP/1.1 400 Bad Request\r\n\r\n", then_close=True)
    raw_server.read = lambda stream: stream.readline(1)
    client = AuthenticatedClient(f"https://{raw_server.host}", TOKEN)
    with pytest.raises(ConnectionFailure) as caught:
        send(client, mode, get())
    check(caught.value, "Check that the server speaks https on this port.", "")


def test_proxy_that_refuses(raw_server: RawServer, mode: str) -> None:
    """A refusal of the proxy is not taken for one of the server."""
    say(raw_server, b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    client = AuthenticatedClient(
        "https://dqops.example", TOKEN, httpx_args={"proxy": raw_server.url}
    )
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get())
    assert isinstance(caught.value, in_use(httpx.ProxyError))
    check(
        caught.value, "the proxy refused the request to {url}: 403", "https://dqops.example/api/x"
    )


def test_invalid_path(raw_server: RawServer, mode: str) -> None:
    """A path that httpx refuses ends in our failure, too."""
    with pytest.raises(TransportFailure) as caught:
        send(AuthenticatedClient(raw_server.url, TOKEN), mode, get("/a\x00"))
    assert isinstance(caught.value, in_use(httpx.InvalidURL))
    check(caught.value, "is not a valid URL", "")
    assert raw_server.requests == []


@pytest.mark.parametrize(
    ("url", "retries", "expected"),
    [
        ("http://127.0.0.1:1", None, "refused. Check that the server is running there."),
        ("http://127.0.0.1:1", Retries(backoff=0.001), "there. Gave up after 3 attempts and "),
        (
            "http://no-such-host.invalid",
            None,
            ". Check the host name.",
        ),
    ],
)
def test_advice_for_a_connection(
    mode: str, url: str, retries: Retries | None, expected: str
) -> None:
    """It fits what is known, and attempts are told where there were several."""
    with pytest.raises(ConnectionFailure) as caught:
        is_healthy_in(mode, Client(url, retries=retries, raise_on_unexpected_status=True))
    assert expected in str(caught.value)
    assert (retries is not None) == ("Gave up" in str(caught.value))


def is_healthy_in(mode: str, client: Client) -> Any:
    """Call an operation."""
    if mode == "sync":
        return is_healthy.sync(client=client)

    async def main() -> Any:
        async with client:
            return await is_healthy.asyncio(client=client)

    return asyncio.run(main())


def test_refused_header(raw_server: RawServer, mode: str) -> None:
    """What the HTTP library says on a header that it refuses is not shown: it quotes the header."""
    client = AuthenticatedClient(raw_server.url, TOKEN)
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get(headers={"X-Key": f"{QUERY}\n"}))
    assert isinstance(caught.value, in_use(httpx.LocalProtocolError))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "cannot be written as HTTP" in str(caught.value)
    assert QUERY not in str(caught.value)


def test_closed_httpx_client(raw_server: RawServer, mode: str) -> None:
    """An httpx client that was set and closed is reported as such."""
    client = AuthenticatedClient(raw_server.url, TOKEN)
    given = httpx.Client(base_url=raw_server.url)
    given.close()
    given_async = httpx.AsyncClient(base_url=raw_server.url)
    asyncio.run(given_async.aclose())
    client.set_httpx_client(given).set_async_httpx_client(given_async)
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get())
    assert isinstance(caught.value, RuntimeError)
    check(
        caught.value,
        "the httpx client is closed, so nothing was sent to {url}",
        f"{raw_server.url}/api/x",
    )


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the first loop's connection is lost
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see above
def test_given_client_in_two_loops(raw_server: RawServer) -> None:
    """An httpx client that was set belongs to one event loop; others get a failure of ours."""
    client = Client(raw_server.url).set_async_httpx_client(
        httpx.AsyncClient(base_url=raw_server.url)
    )

    async def main() -> int:
        response = await send_once_async(client, get(), operation="look_up")
        return response.status_code

    assert asyncio.run(main()) == 200
    with pytest.raises(TransportFailure) as caught:
        asyncio.run(main())
    check(caught.value, "has connections of another event loop (Event loop is closed)", "")
    client.set_async_httpx_client(httpx.AsyncClient())
    del caught
    gc.collect()  # within the filters above


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (RuntimeError("mine"), RuntimeError),
        (httpx.HTTPStatusError("mine", request=None, response=None), httpx.HTTPStatusError),  # type: ignore[arg-type]
        (errors.InvalidRequest("mine"), errors.InvalidRequest),
        (KeyError("mine"), KeyError),
    ],
)
def test_exceptions_of_hooks_pass(
    raw_server: RawServer, mode: str, raised: Exception, expected: type[Exception]
) -> None:
    """What the caller's own hook raises reaches the caller as it is."""

    def hook(_: httpx.Request) -> None:
        raise raised

    async def hook_async(_: httpx.Request) -> None:
        raise raised

    hooks = {"request": [hook if mode == "sync" else hook_async]}
    client = Client(raw_server.url, httpx_args={"event_hooks": hooks})
    with pytest.raises(expected) as caught:
        send(client, mode, get())
    assert caught.value is raised


def test_cookie_conflict(raw_server: RawServer, mode: str) -> None:
    """Httpx's complaint about cookies ends in our failure, too."""

    def hook(_: httpx.Request) -> None:
        raise in_use(httpx.CookieConflict)("Multiple cookies exist with name=a")

    async def hook_async(request: httpx.Request) -> None:
        hook(request)

    hooks = {"request": [hook if mode == "sync" else hook_async]}
    client = Client(raw_server.url, httpx_args={"event_hooks": hooks})
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get())
    assert isinstance(caught.value, in_use(httpx.CookieConflict))
    check(
        caught.value,
        "several cookies of the same name are kept for {url}",
        f"{raw_server.url}/api/x",
    )


def test_request_without_credentials(raw_server: RawServer) -> None:
    """The failure's request tells what was asked, not who asked nor for which values."""
    say(raw_server, b"", then_close=True)
    client = AuthenticatedClient(
        raw_server.url.replace("://", f"://someone:{PASSWORD}@"),
        TOKEN,
        auth_header_name="X-Api-Key",
        headers={"X-Tenant": QUERY},
        cookies={"session": QUERY},
    )
    with pytest.raises(TransportFailure) as caught:
        send(client, "sync", get(params={"name": QUERY}))
    request = caught.value.request
    assert str(request.url) == f"{raw_server.url}/api/x"
    assert request.method == "GET"
    everything = f"{request!r} {request.headers.raw} {request.url!r}"
    for secret in (TOKEN, PASSWORD, QUERY):
        assert secret not in everything


def test_foreign_exception_classes(raw_server: RawServer) -> None:
    """An exception class that cannot be mixed with ours still ends in our failure."""

    class Odd(httpx.TransportError):
        __slots__ = ("a",)

        def __init_subclass__(cls) -> None:
            raise TypeError("final")

    class Transport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise Odd("odd", request=request)

    client = Client(raw_server.url, httpx_args={"transport": Transport()})
    with pytest.raises(TransportFailure) as caught:
        send(client, "sync", get())
    assert type(caught.value) is TransportFailure
    check(caught.value, "the request to {url} failed: odd", f"{raw_server.url}/api/x")
