"""Responses to the client, over all that carries calls."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import traceback
import warnings
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from dqops.client import AuthenticatedClient
from dqops.client.api.connections import get_all_connections
from dqops.client.api.environment import download_logs
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import run_checks
from dqops.client.api.timezones import get_available_zone_ids
from dqops.client.errors import ClientError
from dqops.client.models import RunChecksParameters
from hypothesis import strategies as st
from support.raw_server import RawServer
from support.token_search import TOKEN, describe_error, found
from support.transports import MODES

from fuzz.running import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TARGETS"]

_CALLS: dict[str, tuple[Any, dict[str, Any]]] = {
    "get_all_connections": (get_all_connections, {}),
    "is_healthy": (is_healthy, {}),
    "download_logs": (download_logs, {}),
    "get_available_zone_ids": (get_available_zone_ids, {}),
    "run_checks": (run_checks, {"json_body": RunChecksParameters(), "wait": False}),
}
_GOOD = b'[{"connection_name": "good"}]'
_SECRET = TOKEN.encode()
# The server never keeps a call waiting, unless a length or a chunk is missing.
_TIMEOUT = 0.5

_STATUS_LINES = st.one_of(
    st.sampled_from(
        [b"HTTP/1.1 200 OK"] * 6
        + [
            b"HTTP/1.1 204 No Content", b"HTTP/1.1 302 Found", b"HTTP/1.1 401 " + _SECRET,
            b"HTTP/1.1 404 \xff\xfe", b"HTTP/1.1 500", b"HTTP/1.1 503 Busy", b"HTTP/1.0 200 OK",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", b"HTTP/1.1 101 Switching Protocols",
            b"HTTP/2 200", b"HTTP/1.1 999 ?", b"HTTP/1.1 -1 ?", b"HTTP/1.1 200", b"ICY 200 OK",
            b"HTTP/1.1 0200 OK", b"HTTP/1.1 200 " + b"a" * 70_000, b"", b"\x16\x03\x01",
            b"220 mail",
        ]
    ),
    st.binary(max_size=20),
)  # fmt: skip
_HEADERS = st.one_of(
    st.sampled_from(
        [
            b"Content-Type: application/json", b"Content-Type: application/json;charset=punycode",
            b"Content-Type: text/html", b"Content-Type: text/plain;charset=utf-16",
            b"Content-Type: ;;;", b"Content-Type: \xff", b"Content-Length: 0", b"Content-Length: 3",
            b"Content-Length: -5", b"Content-Length: 99999999999999999999", b"Content-Length: 5, 5",
            b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: \xff",
            b"Content-Encoding: gzip",
            b"Content-Encoding: gzip, gzip", b"Content-Encoding: deflate", b"Content-Encoding: br",
            b"Content-Encoding: zstd", b"Content-Encoding: identity, identity",
            b"Connection: close",
            b"Location: http://a..b/" + _SECRET, b"Location: /login", b"Location: \xff",
            b"Location: http://[::1", b"Retry-After: -1", b"Retry-After: 1e400", b"Retry-After: 0",
            b"Retry-After: Fri, 99 Foo 2024 99:99:99 GMT", b"Set-Cookie: a=" + _SECRET,
            b"Set-Cookie: a=b; Expires=Fri, 99 Foo 9999 99:99:99 GMT", b"Set-Cookie: ;;;=",
            b"WWW-Authenticate: Bearer " + _SECRET, b"X: " + b"a" * 70_000, b"X\x00: 1",
            b"no colon",
            b" folded", b": no name", b"Content-Disposition: attachment; filename*=punycode''a",
            b"Trailer: X", b"Upgrade: h2c", b"Date: \xff", b"X: a\rb",
        ]
    ),
    st.binary(max_size=20),
)  # fmt: skip


def _chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


_BODIES = st.one_of(
    st.sampled_from(
        [
            _GOOD, b"[]", b"{}", b"null", b"OK", b"", b"[" * 50_000, b"9" * 6000, b'"\\ud800"',
            json.dumps({"message": TOKEN}).encode(), b"<html>" + _SECRET, b"\xff\xfe",
            json.dumps([{"connection_name": TOKEN, "provider_type": [TOKEN]}]).encode(),
            gzip.compress(_GOOD), gzip.compress(b"\0" * 200_000), gzip.compress(_GOOD)[:-3],
            zlib.compress(_GOOD), gzip.compress(gzip.compress(_GOOD)),
            b"5;a=" + b"b" * 9000 + b"\r\n",
            b"-5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b"3\r\nabcdef",
            b"0\r\nX: y\r\n\r\n",
        ]
    ),
    st.binary(max_size=40),
)  # fmt: skip


@st.composite
def _responses(draw: st.DrawFn) -> tuple[str, str, bytes, bool]:
    """Make the name of a call, its mode, the bytes of the response, and whether it hangs up."""
    headers = draw(st.lists(_HEADERS, max_size=4))
    body = draw(_BODIES)
    framing = draw(st.sampled_from(["length", "length", "chunked", "none"]))
    if framing == "length":
        headers.append(b"Content-Length: %d" % len(body))
    elif framing == "chunked":
        headers.append(b"Transfer-Encoding: chunked")
        body = _chunked(body)
    surplus = draw(st.sampled_from([b"", b"", b"", b"surplus", b"HTTP/1.1 200 OK\r\n\r\n"]))
    ending = draw(st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"]))
    head = ending.join([draw(_STATUS_LINES), *headers, b"", b""])
    call = draw(st.sampled_from(list(_CALLS)))
    return call, draw(st.sampled_from(MODES)), head + body + surplus, draw(st.integers(0, 9)) > 0


def _client(url: str, mode: str) -> AuthenticatedClient:
    transport: Any = mode.partition("-")[2]
    return AuthenticatedClient(
        url, TOKEN, timeout=_TIMEOUT, retries=None, max_body_bytes=100_000, transport=transport
    )


@contextmanager
def _client_of_a_raw_server() -> Iterator[Callable[[tuple[str, str, bytes, bool]], None]]:
    server = RawServer()
    clients = {mode: _client(server.url, mode) for mode in MODES}
    try:
        with _logged() as logged, asyncio.Runner() as runner, warnings.catch_warnings():
            warnings.simplefilter("ignore")

            def call(name: str, mode: str) -> Any:
                module, arguments = _CALLS[name]
                if mode.startswith("sync"):
                    return module.sync_detailed(client=clients[mode], **arguments)
                return runner.run(module.asyncio_detailed(client=clients[mode], **arguments))

            def check(example: tuple[str, str, bytes, bool]) -> None:
                name, mode, sent, hangs_up = example
                _send(server, sent, hangs_up=hangs_up)
                try:
                    call(name, mode)
                except ClientError as error:
                    shown = "".join(traceback.format_exception(error))
                    if _SECRET in sent:
                        shown = describe_error(error)
                    assert not found(shown), found(shown)
                assert not found("\n".join(logged)), found("\n".join(logged))
                logged.clear()
                server.requests.clear()
                _send(server, _RIGHT, hangs_up=False)
                with suppress(ClientError):  # the connection had bytes that belong to nobody
                    result = call("get_all_connections", mode).parsed
                    assert "good" == result[0].connection_name

            yield check
            for client in clients.values():
                runner.run(client.get_async_httpx_client().aclose())
                client.get_httpx_client().close()
    finally:
        server.close()


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Keep what the SDK and httpx log."""
    kept: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: kept.append(  # type: ignore[method-assign]
        f"{record.getMessage()} {record.args!r}"
    )
    loggers = {name: logging.getLogger(name).level for name in ("dqops", "httpx", "httpx2")}
    for name in loggers:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        for name, level in loggers.items():
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).setLevel(level)


_RIGHT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_GOOD)
) + _GOOD


def _send(server: RawServer, sent: bytes, *, hangs_up: bool) -> None:
    def respond(connection: Any, _: bytes) -> bytes | None:
        if not hangs_up:
            return sent
        connection.sendall(sent)
        return None

    server.respond = respond


TARGETS = {
    "responses": Target(
        "a typed result or an exception of the SDK, without the token",
        _responses(),
        _client_of_a_raw_server,
    )
}
