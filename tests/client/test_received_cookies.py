"""Cookies that a server sets go back to it."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest
from dqops.client import Client
from dqops.client.api.data_domains import switch_to_data_domain
from support.calls import get
from support.runtime import send_once, send_once_async

if TYPE_CHECKING:
    import socket

    from support.raw_server import RawServer


@pytest.mark.parametrize("name", [b"Set-Cookie", b"set-cookie", b"SET-COOKIE"])
@pytest.mark.parametrize("status", [b"200 OK", b"303 See Other", b"503 Service Unavailable"])
def test_cookie_comes_back(mode: str, status: bytes, name: bytes, raw_server: RawServer) -> None:
    """A cookie is kept however its header is written and whatever the status; others stay."""

    def respond(_: socket.socket, request: bytes) -> bytes:
        head = b"HTTP/1.1 " + status if b"/set" in request else b"HTTP/1.1 200 OK"
        cookie = name + b": session=1; Path=/\r\n" if b"/set" in request else b""
        return head + b"\r\nLocation: /elsewhere\r\n" + cookie + b"Content-Length: 0\r\n\r\n"

    async def send_async(client: Client) -> None:
        async with client:
            for path in ("/set", "/plain", "/again"):
                await send_once_async(client, get(path), operation="look_up")

    raw_server.respond = respond
    client = Client(raw_server.url, cookies={"mine": "2"})
    if mode == "sync":
        with client:
            for path in ("/set", "/plain", "/again"):
                send_once(client, get(path), operation="look_up")
    else:
        asyncio.run(send_async(client))
    sent = [sorted((raw_server.header("Cookie", call) or "").split("; ")) for call in range(3)]
    assert sent == [["mine=2"], ["mine=2", "session=1"], ["mine=2", "session=1"]]


def test_cookies_have_a_limit(
    raw_server: RawServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The oldest of too many cookies are dropped, which is told once; the program's own stay."""
    calls = 8
    numbers = itertools.count()

    def respond(*_: object) -> bytes:
        cookies = (b"n%d=%s" % (next(numbers), b"v" * 200) for _ in range(40))
        head = b"".join(b"Set-Cookie: %s\r\n" % cookie for cookie in cookies)
        return b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 0\r\n\r\n"

    async def send_async(client: Client) -> None:
        async with client:
            for _ in range(calls):
                await send_once_async(client, get(), operation="look_up")

    raw_server.respond = respond
    client = Client(raw_server.url, cookies={"mine": "2"})
    if mode == "sync":
        with client:
            for _ in range(calls):
                send_once(client, get(), operation="look_up")
    else:
        asyncio.run(send_async(client))
    sent = [cookie.partition("=")[0] for cookie in (raw_server.header("Cookie") or "").split("; ")]
    newest = 40 * (calls - 1)
    expected = {"mine", *(f"n{number}" for number in range(newest - 100, newest))}
    assert expected == set(sent)
    told = [record for record in caplog.records if record.name == "dqops.client"]
    assert ["the oldest are dropped" in record.getMessage() for record in told] == [True]


def test_large_cookies_have_a_limit(raw_server: RawServer, mode: str) -> None:
    """All cookies of a server together have at most 32 KiB, and one that is larger is not kept."""
    numbers = itertools.count()

    def respond(*_: object) -> bytes:
        size = 40_000 if len(raw_server.requests) == 1 else 4_000
        cookies = (b"n%d=%s" % (next(numbers), b"v" * size) for _ in range(2))
        head = b"".join(b"Set-Cookie: %s\r\n" % cookie for cookie in cookies)
        return b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 0\r\n\r\n"

    raw_server.respond = respond
    client = Client(raw_server.url)

    async def send_async() -> None:
        async with client:
            for _ in range(8):
                await send_once_async(client, get(), operation="look_up")

    if mode == "sync":
        with client:
            for _ in range(8):
                send_once(client, get(), operation="look_up")
    else:
        asyncio.run(send_async())
    sizes = [len(raw_server.header("Cookie", call) or "") for call in range(8)]
    assert sizes[:2] == [0, 0]
    assert 20_000 < max(sizes) < 33_000


@pytest.mark.parametrize("kind", ["client", "view", "view with a choice"])
@pytest.mark.parametrize("size", [1, 4_000])
def test_cookies_that_an_operation_keeps_have_a_limit(
    raw_server: RawServer, mode: str, kind: str, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Over many calls the oldest are dropped, which is told; those of the program stay."""
    numbers = itertools.count()

    def respond(*_: object) -> bytes:
        cookies = (b"n%d=%s" % (next(numbers), b"v" * size) for _ in range(8))
        head = b"".join(b"Set-Cookie: %s\r\n" % cookie for cookie in cookies)
        kept = b"Set-Cookie: choice=server\r\n"
        return b"HTTP/1.1 303 See Other\r\n" + head + kept + b"Content-Length: 0\r\n\r\n"

    raw_server.respond = respond
    base = Client(raw_server.url, cookies={"mine": "2", "choice": "own"})
    views = {"client": base, "view": base.with_options(timeout=30)}
    client = views.get(kind, base.with_options(data_domain="hr"))

    async def send_async() -> None:
        async with client:
            for _ in range(40):
                await switch_to_data_domain.asyncio("sales", client=client)

    if mode == "sync":
        with client:
            for _ in range(40):
                switch_to_data_domain.sync("sales", client=client)
    else:
        asyncio.run(send_async())
    cookies = (raw_server.header("Cookie") or "").split("; ")
    names = {cookie.partition("=")[0] for cookie in cookies}
    most = 100 if size == 1 else 8
    assert {"mine", "choice", *(f"n{number}" for number in range(312 - most, 312))} <= names
    assert len(names) <= most + 3
    assert "choice=server" in cookies
    assert len(client._config.cookies) <= most + 3
    assert len(base._config.cookies) <= most + 3
    assert {"the oldest are dropped" in record.getMessage() for record in caplog.records} == {True}
