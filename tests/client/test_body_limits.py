"""Responses that are larger than the memory, and compressed ones that are not what they seem."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from itertools import repeat
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import Client, errors
from dqops.client.api.connections import get_all_connections
from dqops.client.api.environment import download_logs
from dqops.testing import DqopsServer, Fault
from support.calls import get
from support.runtime import TimeLeft, bounded, bounding, send_once, send_once_async
from support.transports import in_use

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from support.raw_server import RawServer

MIB = 1024 * 1024
TEXT = b'["' + b"0123456789abcdef" * 8192 + b'"]'


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module; each sets its own faults."""
    with DqopsServer() as running:
        yield running


def respond(server: RawServer, body: bytes, coding: str = "", *, length: bool = True) -> None:
    """Respond with a body, and tell its length or send it in chunks."""
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n" if coding else "HTTP/1.1 200 OK\r\n"
    if length:
        sent = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    else:
        sent = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
        for start in range(0, len(body), 1000):
            part = body[start : start + 1000]
            sent += b"%x\r\n%s\r\n" % (len(part), part)
        sent += b"0\r\n\r\n"
    server.respond = lambda *_: sent


def fetch(client: Client, mode: str) -> bytes:
    """Send a request and return the body."""
    if mode == "sync":
        with client:
            return send_once(client, get(), operation="look_up").content

    async def main() -> bytes:
        async with client:
            return (await send_once_async(client, get(), operation="look_up")).content

    return asyncio.run(main())


def deflated(body: bytes, bits: int) -> bytes:
    """Compress without, or with, the frame that deflate should have."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, bits)
    return compressor.compress(body) + compressor.flush()


WHOLE = {
    "plain": (TEXT, "", TEXT),
    "gzip": (gzip.compress(TEXT), "gzip", TEXT),
    "x-gzip": (gzip.compress(TEXT), "X-GZip", TEXT),
    "several parts": (gzip.compress(TEXT) + gzip.compress(b"more"), "gzip", TEXT + b"more"),
    "padding after it": (gzip.compress(TEXT) + bytes(512), "gzip", TEXT),
    "deflate": (deflated(TEXT, 15), "deflate", TEXT),
    "deflate without a frame": (deflated(TEXT, -15), "deflate", TEXT),
    "compressed once, said twice": (gzip.compress(TEXT), "identity, gzip", TEXT),
    "nothing": (b"", "gzip", b""),
    "an empty file": (gzip.compress(b""), "gzip", b""),
    "no compression": (TEXT, "identity", TEXT),
    "an unknown one": (TEXT, "utf-8", TEXT),
    "exactly a piece": (gzip.compress(bytes(512 * 1024)), "gzip", bytes(512 * 1024)),
}


@pytest.mark.parametrize("length", [True, False], ids=["length", "chunks"])
@pytest.mark.parametrize("case", WHOLE)
def test_whole_bodies(raw_server: RawServer, mode: str, case: str, length: bool) -> None:
    """A body that is compressed in any usual way is read as it was before."""
    body, coding, expected = WHOLE[case]
    respond(raw_server, body, coding, length=length)
    assert expected == fetch(Client(raw_server.url), mode)


BROKEN = {
    "cut off": (gzip.compress(TEXT)[:-20], "gzip", "it ends in the middle"),
    "cut in its last bytes": (gzip.compress(TEXT)[:-4], "gzip", "it ends in the middle"),
    "second part cut off": (
        gzip.compress(TEXT) + gzip.compress(TEXT)[:50],
        "gzip",
        "it ends in the middle",
    ),
    "deflate cut off": (deflated(TEXT, 15)[:-3], "deflate", "it ends in the middle"),
    "wrong checksum": (gzip.compress(TEXT)[:-8] + bytes(8), "gzip", "incorrect data check"),
    "no gzip": (TEXT, "gzip", "incorrect header check"),
    "not asked for": (TEXT, "br", "'br' is not supported"),
    "twice": (gzip.compress(deflated(TEXT, 15)), "deflate, gzip", "compressed more than once"),
    "too often": (TEXT, "gzip, gzip, gzip, gzip", "compressed more than once"),
}


@pytest.mark.parametrize("length", [True, False], ids=["length", "chunks"])
@pytest.mark.parametrize("case", BROKEN)
def test_broken_bodies(raw_server: RawServer, mode: str, case: str, length: bool) -> None:
    """A body that is not whole is an error, also where httpx would take it for whole."""
    body, coding, message = BROKEN[case]
    respond(raw_server, body, coding, length=length)
    with pytest.raises(errors.TransportFailure, match=message) as caught:
        fetch(Client(raw_server.url), mode)
    assert isinstance(caught.value, in_use(httpx.DecodingError))
    assert not isinstance(caught.value, errors.BodyTooLarge)


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("length", [True, False], ids=["length", "chunks"])
@pytest.mark.parametrize(("limit", "fits"), [(len(TEXT), True), (len(TEXT) - 1, False)])
def test_the_limit(
    raw_server: RawServer, mode: str, coding: str, length: bool, limit: int, fits: bool
) -> None:
    """The limit is for the decompressed body, to the byte."""
    respond(raw_server, gzip.compress(TEXT) if coding else TEXT, coding, length=length)
    client = Client(raw_server.url, max_body_bytes=limit)
    if fits:
        assert TEXT == fetch(client, mode)
        return
    with pytest.raises(errors.BodyTooLarge) as caught:
        fetch(client, mode)
    failure = caught.value
    assert isinstance(failure, in_use(httpx.DecodingError))
    assert (
        f"look_up: the body of the response from {raw_server.url}/api/x is too large: it has more "
        f"than {limit:,} bytes. Raise the limit with max_body_bytes=, or stream the body where the "
        "operation supports it."
    ) == str(failure)


@pytest.mark.parametrize(
    "fault", [Fault.compressed_bomb(size=512 * MIB), Fault.endless_body()], ids=lambda f: f.kind
)
def test_memory(server: DqopsServer, mode: str, fault: Fault) -> None:
    """A bomb and an endless body end with an error, within twice the limit and two MiB."""
    server.reset()
    server.faults.add(fault)
    limit = 8 * MIB
    client = Client(server.url, max_body_bytes=limit)

    async def main() -> None:
        async with client:
            await get_all_connections.asyncio(client=client)

    def run() -> None:
        if mode == "sync":
            with client:
                get_all_connections.sync(client=client)
        else:
            asyncio.run(main())

    with pytest.raises(errors.BodyTooLarge):
        run()  # also loads what is to be loaded
    tracemalloc.start()
    try:
        with pytest.raises(errors.BodyTooLarge):
            run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * limit + 2 * MIB


def test_redirections_and_errors_are_bounded(raw_server: RawServer, mode: str) -> None:
    """What is read on the way, and error pages, are limited, too."""
    big = b"x" * 100_000
    raw_server.respond = lambda *_: (
        b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: %d\r\n\r\n%s" % (len(big), big)
    )
    with pytest.raises(errors.BodyTooLarge):
        fetch(Client(raw_server.url, max_body_bytes=1000, follow_redirects=True), mode)
    raw_server.respond = lambda *_: (
        b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
        % (len(big), big)
    )
    with pytest.raises(errors.BodyTooLarge):
        fetch(Client(raw_server.url, max_body_bytes=1000), mode)


def test_no_limit(raw_server: RawServer, mode: str) -> None:
    """Without a limit, any body is read, and a broken one is still an error."""
    respond(raw_server, gzip.compress(TEXT), "gzip")
    client = Client(raw_server.url, max_body_bytes=None)
    assert TEXT == fetch(client, mode)
    respond(raw_server, gzip.compress(TEXT)[:-9], "gzip")
    with pytest.raises(errors.TransportFailure, match="it ends in the middle"):
        fetch(client, mode)


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "1"])
def test_impossible_limits(limit: Any) -> None:
    """A limit that cannot be meant is refused."""
    with pytest.raises(errors.InvalidRequest, match="max_body_bytes must be an integer >= 1"):
        Client("http://h", max_body_bytes=limit)


@pytest.mark.parametrize("order", [0, 1])
def test_a_length_of_chunks(raw_server: RawServer, mode: str, order: int) -> None:
    """A length beside chunks is a lie about one of them; nothing is read by such a length."""
    names = ["Content-Length: 5", "Transfer-Encoding: chunked"]
    head = "\r\n".join(["HTTP/1.1 200 OK", *(names if order else names[::-1])])
    chunks = (b"10000\r\n" + bytes(65536) + b"\r\n") * 16
    raw_server.respond = lambda *_: f"{head}\r\n\r\n".encode() + chunks + b"0\r\n\r\n"
    with pytest.raises(errors.ProtocolFailure, match="sent no complete HTTP response"):
        fetch(Client(raw_server.url, max_body_bytes=1000, retries=None), mode)


def response_of(content: bytes, deadline: float = 60.0) -> httpx.Response:
    """Make a response of a call that has some time left, with a gzip body in one piece."""
    request = httpx.Request("GET", "http://h/")
    request.extensions["timeout"] = {"read": TimeLeft(time.monotonic() + deadline, 60.0)}
    response = httpx.Response(
        200,
        headers={"Content-Encoding": "gzip"},
        stream=httpx.ByteStream(content),
        request=request,
    )
    bounding(None)(response)
    return response


def test_decompression_heeds_the_deadline() -> None:
    """The time is looked at for each piece that comes out, not only for what comes in."""
    with pytest.raises(httpx.ReadTimeout):
        response_of(gzip.compress(bytes(4 * MIB)), deadline=-1.0).read()
    with pytest.raises(httpx.ReadTimeout):
        asyncio.run(response_of(gzip.compress(bytes(4 * MIB)), deadline=-1.0).aread())
    assert response_of(gzip.compress(bytes(4 * MIB))).read() == bytes(4 * MIB)


def test_decompression_gives_the_loop_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tasks go on while much comes out of little."""
    # After each piece: how many pieces are made in some thousandths of a second, nobody knows.
    monkeypatch.setattr(bounded, "_TURN", 0.0)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def main() -> int:
        counting = asyncio.create_task(count())
        await asyncio.sleep(0)
        began = turns
        body = await response_of(gzip.compress(bytes(32 * MIB))).aread()
        counting.cancel()
        assert len(body) == 32 * MIB
        return turns - began

    assert asyncio.run(main()) >= 32


class Pieces:
    """A body of many pieces of 2 bytes; a real connection would take seconds for as many."""

    def __iter__(self) -> Iterator[bytes]:
        return (bytes((97, number % 256)) for number in range(20_000))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        """Close nothing."""

    async def aclose(self) -> None:
        """Close nothing."""


def test_small_pieces_take_little_memory(mode: str) -> None:
    """A body in pieces of 2 bytes takes about twice as much memory as it has bytes."""
    base = in_use(httpx.SyncByteStream if mode == "sync" else httpx.AsyncByteStream)
    stream = type("Stream", (Pieces, base), {})()
    request = in_use(httpx.Request)("GET", "http://h/")
    response = in_use(httpx.Response)(200, stream=stream, request=request)
    bounding(MIB)(response)
    tracemalloc.start()
    try:
        body = response.read() if mode == "sync" else asyncio.run(response.aread())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 40_000 == len(body)
    assert peak < 400_000  # a list of the pieces takes 900,000 bytes


def test_tiny_chunks_that_wait_take_little_memory(raw_server: RawServer) -> None:
    """aiohttp, which reads ahead, does not fill the memory with chunks of 2 bytes."""
    pytest.importorskip("aiohttp")
    chunks = b"2\r\nab\r\n" * 50_000 + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    raw_server.respond = lambda *_: head + b"0\r\n\r\n"
    client = Client(raw_server.url, transport="aiohttp")
    fetch(client, "async")
    raw_server.respond = lambda *_: head + chunks
    tracemalloc.start()
    try:
        assert 100_000 == len(fetch(client, "async"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_900_000  # with 256 KiB, which is aiohttp's choice, 2,700,000 bytes


def test_a_body_is_in_memory_once(mode: str) -> None:
    """Reading a body of unknown length takes little more memory than the body has bytes."""
    base = in_use(httpx.SyncByteStream if mode == "sync" else httpx.AsyncByteStream)
    piece = bytes(MIB // 4)
    stream = type("Stream", (Pieces, base), {"__iter__": lambda _: repeat(piece, 32)})()
    request = in_use(httpx.Request)("GET", "http://h/")
    response = in_use(httpx.Response)(200, stream=stream, request=request)
    bounding(8 * MIB)(response)

    async def main() -> None:
        await response.aread()

    tracemalloc.start()
    try:
        response.read() if mode == "sync" else asyncio.run(main())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 8 * MIB == len(response.content)
    assert peak < 11 * MIB  # a copy at the end takes 16


LINES = {
    "line feeds": "ab\n" * 400,
    "carriage returns": "ab\r" * 400,
    "both": "ab\r\n" * 400,
    "separators": "ab\u2028" * 400,
    "no end": "ab\n" * 400 + "ab",
}


def lines_of(client: Client, mode: str) -> list[str]:
    """Read a download line by line."""

    async def main() -> list[str]:
        async with client, download_logs.asyncio_stream(client=client) as download:
            return [line async for line in download.iter_lines()]

    if mode != "sync":
        return asyncio.run(main())
    with client, download_logs.stream(client=client) as download:
        return list(download.iter_lines())


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_many_lines(raw_server: RawServer, mode: str, text: str) -> None:
    """Lines that are short enough are read, however many there are."""
    respond(raw_server, gzip.compress(text.encode()), "gzip", length=False)
    client = Client(raw_server.url, max_body_bytes=1000)
    assert lines_of(client, mode) == text.splitlines()


@pytest.mark.parametrize("beginning", ["", "ab\n"], ids=["only line", "second line"])
def test_an_endless_line(raw_server: RawServer, mode: str, beginning: str) -> None:
    """A line that is longer than a body may be is not kept until its end."""
    respond(raw_server, gzip.compress(f"{beginning}{'x' * 5000}".encode()), "gzip", length=False)
    client = Client(raw_server.url, max_body_bytes=1000)
    with pytest.raises(errors.BodyTooLarge, match=r"has a line of more than 1,000 characters") as e:
        lines_of(client, mode)
    assert isinstance(e.value, in_use(httpx.DecodingError))
