"""Where a secret could surface, and does not."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.data_domains import switch_to_data_domain
from dqops.client.errors import ClientError, InvalidRequest, TransportFailure
from support.calls import get, send
from support.runtime import Secret, TokenAuth

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import RawServer

TOKEN = "token-7Kq2"
PASSWORD = "password-9Xw4"
HEADER = "header-5Tn1"
COOKIE = "cookie-2Lm6"
SECRETS = (TOKEN, PASSWORD, HEADER, COOKIE)


def make(base_url: str = "http://localhost:1", **further: Any) -> AuthenticatedClient:
    """Make a client that knows every kind of secret."""
    settings: dict[str, Any] = {
        "token": TOKEN,
        "headers": {"X-Secret": HEADER},
        "cookies": {"session": COOKIE},
        **further,
    }
    return AuthenticatedClient(base_url.replace("://", f"://someone:{PASSWORD}@"), **settings)


def found(text: str) -> list[str]:
    """List the secrets in a text."""
    return [secret for secret in SECRETS if secret in text]


# Some frames are in modules that attrs writes.
OUR_PACKAGES = ("dqops/client", "dqops.client", "dqops/_runtime", "dqops._runtime")


def our_frames(error: BaseException) -> str:
    """Print a traceback with the local variables of our frames, causes and contexts included."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    lines: list[str] = []
    todo: list[traceback.TracebackException | None] = [shown]
    while todo:
        current = todo.pop()
        if current is None:
            continue
        todo += [current.__cause__, None if current.__suppress_context__ else current.__context__]
        lines += current.format_exception_only()
        for frame in current.stack:
            if any(package in frame.filename for package in OUR_PACKAGES):
                lines.append(f"{frame.filename}:{frame.lineno} {frame.name}")
                lines += [f"{name} = {value}" for name, value in (frame.locals or {}).items()]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "describe",
    [
        repr,
        str,
        lambda client: f"{client} {client!r} {client:}",
        lambda client: "%s %r" % (client, client),  # noqa: UP031 - one of the ways to print
        lambda client: repr([client, {"client": client}]),
        lambda client: repr(list(client.__rich_repr__())),
        lambda client: repr(copy.copy(client)) + repr(copy.deepcopy(client)),
        lambda client: repr(client.with_headers({"X-Other": HEADER}).with_cookies({"b": COOKIE})),
        lambda client: repr(client._token) + str(client._token) + f"{client._token}",
        lambda client: repr(attrs.asdict(client)["_token"]),
        lambda client: repr(client.get_httpx_client()) + repr(client.get_httpx_client().auth),
        lambda client: repr(vars(client.get_httpx_client().auth)),
        lambda client: str(client.get_httpx_client().base_url),
        lambda client: repr(client._sync_pool) + repr(client._async_pool),
    ],
)
def test_descriptions(describe: Callable[[Any], str]) -> None:
    """No description of a client, or of what it is made of, holds a secret."""
    assert found(describe(make())) == []


@pytest.mark.parametrize("name", [TOKEN, f"a{TOKEN}b", HEADER, COOKIE])
def test_cookie_named_like_a_secret(raw_server: RawServer, name: str) -> None:
    """A server that sends a secret back as the name of a cookie does not get it shown."""
    head = (
        f"HTTP/1.1 303 See Other\r\nLocation: /\r\nSet-Cookie: {name}=1\r\n"
        "Set-Cookie: plain=2\r\nContent-Length: 0\r\n\r\n"
    )
    raw_server.respond = lambda _, __: head.encode()
    with make(raw_server.url) as client:
        switch_to_data_domain.sync("sales", client=client)
        assert (True, []) == ("plain" in repr(client), found(repr(client)))


def test_no_header_dictionary_holds_the_token() -> None:
    """The token is in no dictionary of headers, before or after the httpx client is made."""
    client = make()
    httpx_client = client.get_httpx_client()
    assert TOKEN not in repr(client._headers)
    assert TOKEN.encode() not in b" ".join(b" ".join(pair) for pair in httpx_client.headers.raw)


@pytest.mark.parametrize(
    "build",
    [
        lambda: make(base_url="http://h:port"),
        lambda: make(base_url="ftp://h"),
        lambda: make(base_url="http://h/?x"),
        lambda: make(base_url="http://\u2100.de"),
        lambda: make(token=f"{TOKEN}\n"),
        lambda: make(token=[TOKEN]),
        lambda: make(prefix=f"{TOKEN}\n"),
        lambda: make(auth_header_name="X Y"),
        lambda: make(headers={"X": f"{HEADER}\n"}),
        lambda: make(headers=[HEADER]),
        lambda: make(cookies={"X": f"{COOKIE};"}),
        lambda: make(timeout=-1),
        lambda: make(verify_ssl="/no/such"),
        lambda: make(httpx_args={"auth": ("x", PASSWORD)}),
        lambda: make(httpx_args={"verify": False}),
        lambda: make(httpx_args={"unknown": PASSWORD}),
        lambda: make().with_headers({"X": f"{HEADER}\n"}),
        lambda: make().with_cookies({"X": f"{COOKIE}\n"}),
        lambda: make().with_timeout(-1),
        lambda: setattr(make(), "token", f"{TOKEN}\n"),
        lambda: attrs.evolve(make(), headers={"X": f"{HEADER}\n"}),
        lambda: Secret(f"{TOKEN}\n"),
        lambda: Client(f"http://someone:{PASSWORD}@h?", headers={"X": HEADER}),
        lambda: Client("http://h", headers={"X": f"{HEADER}\n"}, cookies={"X": COOKIE}),
        lambda: Client("http://h", httpx_args={"unknown": PASSWORD}, headers={"X": HEADER}),
    ],
)
def test_refusals(build: Callable[[], Any]) -> None:
    """A refused argument is neither in the message nor in the local variables of our frames."""
    with pytest.raises(InvalidRequest) as caught:
        build()
    printed = our_frames(caught.value)
    assert any(package in printed for package in OUR_PACKAGES)
    assert found(printed) == []
    assert found(repr(caught.value) + repr(caught.value.args)) == []


@pytest.mark.parametrize(
    ("response", "settings"),
    [
        (None, {}),
        (b"no HTTP\r\n\r\n", {}),
        (b"HTTP/1.1 302 Found\r\nLocation: /x?y=1\r\nContent-Length: 0\r\n\r\n", {}),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", {}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nxx", {"timeout": 0.1}),
        (None, {"auth_header_name": "X-Api-Key", "prefix": ""}),
    ],
)
def test_failures(
    raw_server: RawServer, mode: str, response: bytes | None, settings: dict[str, Any]
) -> None:
    """A failed request shows no secret: not in the failure, nor in tracebacks with our locals."""
    raw_server.respond = lambda _, __: response
    client = make(raw_server.url, follow_redirects=True, **settings)
    with pytest.raises(TransportFailure) as caught:
        send(client, mode, get())
    printed = our_frames(caught.value)
    assert any(package in printed for package in OUR_PACKAGES)
    assert found(printed) == []
    assert found(repr(vars(caught.value)) + repr(caught.value)) == []
    assert found(pickle.dumps(caught.value).decode("latin-1")) == []
    assert found(repr(caught.value.request.headers.raw)) == []
    assert any(TOKEN.encode() in request for request in raw_server.requests)


def test_logs(raw_server: RawServer, mode: str) -> None:
    """Neither our log nor those of the HTTP libraries hold a secret, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.NOTSET)
    try:
        client = make(raw_server.url)
        assert send(client, mode, get()) == 200
        raw_server.respond = lambda _, __: None
        with pytest.raises(TransportFailure):
            send(client, mode, get())
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert "/api/x" in stream.getvalue()
    assert found(stream.getvalue()) == []


@pytest.mark.parametrize("bad", [f"{TOKEN}\n", "", f"{TOKEN}\u00e9"])
def test_token_of_a_callable(raw_server: RawServer, mode: str, bad: str) -> None:
    """The token is read at each request; one that cannot be sent is refused and not shown."""
    tokens = ["first", "second", bad]
    auth = TokenAuth(lambda: tokens.pop(0), header_name="X-Key", prefix="Key")
    client = Client(raw_server.url, httpx_args={"auth": auth, "params": {"name": HEADER}})
    send(client, mode, get())
    send(client, mode, get())
    assert [raw_server.header("X-Key", position) for position in (0, 1)] == [
        "Key first",
        "Key second",
    ]
    with pytest.raises(InvalidRequest) as caught:
        send(client, mode, get())
    assert found(our_frames(caught.value)) == []
    assert len(raw_server.requests) == 2


@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy])
def test_secret(copying: Callable[[Secret], Secret]) -> None:
    """A secret is copied and compared, and neither pickled nor hashed."""
    secret = Secret(TOKEN)
    assert copying(secret) == secret
    assert copying(secret) is not secret
    assert secret != Secret("other")
    assert secret != TOKEN
    for refused in (pickle.dumps, hash):
        with pytest.raises(TypeError) as caught:
            refused(secret)
        assert found(str(caught.value)) == []


def test_half_made_clients_can_be_described() -> None:
    """A debugger that prints a client whose construction failed sees no error of ours."""
    assert repr(Client.__new__(Client)) == "Client()"
    assert repr(AuthenticatedClient.__new__(AuthenticatedClient)) == "AuthenticatedClient()"


def test_failures_are_errors_of_the_sdk() -> None:
    """One except clause catches everything that the SDK raises about the connection."""
    families = (errors.TransportFailure, errors.ConnectionFailure, errors.TimeoutFailure)
    assert [issubclass(family, ClientError) for family in families] == [True] * 3
    assert [issubclass(family, httpx.TransportError) for family in families] == [True] * 3
