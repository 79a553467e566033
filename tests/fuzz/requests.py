"""Requests to the simulated server, over a socket."""

from __future__ import annotations

import json
import logging
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from dqops.testing import DqopsServer
from hypothesis import strategies as st
from simulator.hostile_bodies import BODIES, hostile_bodies
from simulator.stateful import RICH, request_for
from simulator.support import SPECIFICATION

from fuzz.running import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TARGETS"]

_OPERATIONS = list(SPECIFICATION.operations)


@contextmanager
def _server() -> Iterator[tuple[DqopsServer, list[logging.LogRecord]]]:
    """Run a server, with what it logs: its own failures, and no others."""
    logged: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = logged.append  # type: ignore[method-assign, assignment]
    logger = logging.getLogger("dqops.testing")
    logger.addHandler(handler)
    propagates, logger.propagate = logger.propagate, False
    try:
        with DqopsServer(RICH, job_mode="immediate", license="ENTERPRISE") as server:
            yield server, logged
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


def _check_log(logged: list[logging.LogRecord]) -> None:
    failures = [record for record in logged if record.exc_info]
    logged.clear()
    for record in failures:
        assert record.exc_info is not None
        assert record.exc_info[1] is not None
        raise record.exc_info[1]


# -- bodies: all of them, once ------------------------------------------------------------------


def _all_bodies() -> Iterator[tuple[str, str, bytes]]:
    for name, operation in SPECIFICATION.operations.items():
        for what, body in hostile_bodies(operation):
            yield name, what, body


@contextmanager
def _bodies() -> Iterator[Callable[[tuple[str, str, bytes]], None]]:
    with _server() as (server, logged), httpx.Client(base_url=server.url, timeout=60) as http:

        def check(example: tuple[str, str, bytes]) -> None:
            name, _, body = example
            operation = SPECIFICATION.operations[name]
            request = request_for(operation)
            headers = {"Content-Type": operation.body_media_type or "application/json"}
            url = f"{request.path}?{request.query}"
            http.request(request.method, url, headers=headers, content=body)
            _check_log(logged)

        yield check


# -- requests: any bytes -------------------------------------------------------------------------

_TEXT = st.one_of(
    st.sampled_from(["known", "shop", "orders", "*", "-1", "2024-05-20", "9" * 30, "null", "true"]),
    st.text(max_size=8),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
_HEADERS = st.sampled_from(
    [
        b"Accept: text/html", b"Accept: application/json", b"Accept: ;;,,",
        b"Accept-Encoding: gzip",
        b"Content-Type: application/json", b"Content-Type: text/plain", b"Content-Type:",
        b"Content-Length: -1", b"Content-Length: 1e3", b"Content-Length: 99999999999999999999",
        b"Content-Length: 3, 3", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
        b"Expect: 100-continue", b"Cookie: dqo-data-domain=known", b"Cookie: \xff=;;", b"Host:",
        b"Authorization: Bearer simulated-api-key", b"Authorization: Basic !!", b"Origin: null",
        b"Authorization:", b"Connection: close", b"Connection: upgrade", b"no colon", b": no name",
        b" folded", b"X: " + b"a" * 70_000, b"X\x00Y: 1", b"Access-Control-Request-Method: \x7f",
    ]
)  # fmt: skip


@st.composite
def _requests(draw: st.DrawFn) -> bytes:
    operation = SPECIFICATION.operations[draw(st.sampled_from(_OPERATIONS))]
    names = [parameter["name"] for _, parameter in operation.parameters]
    given: dict[str, Any] = {}
    if names:
        given = draw(st.dictionaries(st.sampled_from(names), _TEXT, max_size=4))
    usual = request_for(
        operation, {name: text for name, text in given.items() if text.isprintable()}
    )
    target = f"{usual.path}?{usual.query}".encode()
    method = usual.method.encode()
    headers = draw(st.lists(_HEADERS, max_size=4))
    body = draw(
        st.one_of(
            st.just(usual.body),
            st.sampled_from(list(BODIES.values())),
            _JSON.map(lambda value: json.dumps(value).encode()),
            st.binary(max_size=30),
        )
    )
    if draw(st.booleans()):
        media_type = operation.body_media_type or "application/json"
        headers.append(b"Content-Type: " + media_type.encode())
    if draw(st.integers(0, 9)):
        headers.append(b"Content-Length: %d" % len(body))
    else:
        method = draw(st.sampled_from([b"get", b"HEAD", b"OPTIONS", b"BREW", b"", b"\xff", method]))
        target = draw(st.one_of(st.binary(max_size=20), st.just(target)))
    line = b"%b %b %b" % (
        method,
        target,
        draw(st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"X", b""])),
    )
    return b"\r\n".join([line, b"Host: h", *headers, b"", b""]) + body


@contextmanager
def _sockets() -> Iterator[Callable[[bytes], None]]:
    with _server() as (server, logged):
        address = ("127.0.0.1", urlsplit(server.url).port)

        def check(sent: bytes) -> None:
            with socket.create_connection(address, timeout=20) as connection:
                received = _exchange(connection, sent)
            assert not received or received.startswith(b"HTTP/1.1 "), received[:100]
            _check_log(logged)

        yield check


def _exchange(connection: socket.socket, sent: bytes) -> bytes:
    received = b""
    try:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65_536):
            received += piece
    except OSError:
        pass  # the server may refuse to hear the rest
    return received


TARGETS = {
    "bodies": Target("no body makes the simulator fail", _all_bodies, _bodies),
    "requests": Target("a response, whatever the bytes", _requests(), _sockets),
}
