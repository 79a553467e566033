"""Cookies that a server sets go back to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from dqops.client import Client
from support.calls import get
from support.runtime import send_once, send_once_async

if TYPE_CHECKING:
    import socket

    from support.raw_server import RawServer


@pytest.mark.parametrize("name", [b"Set-Cookie", b"set-cookie", b"SET-COOKIE"])
@pytest.mark.parametrize("status", [b"200 OK", b"303 See Other", b"503 Service Unavailable"])
def test_cookie_comes_back(mode: str, status: bytes, name: bytes, raw_server: RawServer) -> None:
    """A cookie is kept however its header is written and whatever the status; others stay."""

    def answer(_: socket.socket, request: bytes) -> bytes:
        head = b"HTTP/1.1 " + status if b"/set" in request else b"HTTP/1.1 200 OK"
        cookie = name + b": session=1; Path=/\r\n" if b"/set" in request else b""
        return head + b"\r\nLocation: /elsewhere\r\n" + cookie + b"Content-Length: 0\r\n\r\n"

    async def send_async(client: Client) -> None:
        async with client:
            for path in ("/set", "/plain", "/again"):
                await send_once_async(client, get(path), operation="look_up")

    raw_server.answer = answer
    client = Client(raw_server.url, cookies={"mine": "2"})
    if mode == "sync":
        with client:
            for path in ("/set", "/plain", "/again"):
                send_once(client, get(path), operation="look_up")
    else:
        asyncio.run(send_async(client))
    sent = [sorted((raw_server.header("Cookie", call) or "").split("; ")) for call in range(3)]
    assert sent == [["mine=2"], ["mine=2", "session=1"], ["mine=2", "session=1"]]
