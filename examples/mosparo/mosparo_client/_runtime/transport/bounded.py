# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Answers that cannot fill the memory, and compressed ones that are complete.

httpx reads and decompresses whatever comes: a few megabytes may become gigabytes, and a compressed
body that ends in the middle is taken for whole. So we decompress ourselves, in pieces.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import httpx

from .deadline import TimeLeft
from .failures import BodyLimitExceeded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

__all__ = ["ACCEPT_ENCODING", "BoundedResponse", "bounding"]

#: The compressions that are asked for. Others make it impossible to say how much memory is needed.
ACCEPT_ENCODING = "gzip, deflate"

# How much is decompressed at a time, in bytes.
_PIECE = 256 * 1024
_GZIP_BEGINNING = b"\x1f\x8b"
_GZIP_BITS = 16 + zlib.MAX_WBITS
# What httpx decompresses where the libraries for it are installed.
_UNBOUNDED = frozenset({"br", "zstd"})
# After how many pieces the event loop has a turn.
_PIECES_IN_A_TURN = 4


def bounding(max_bytes: int | None) -> Callable[[httpx.Response], None]:
    """Make what is called with each answer before its body is read.

    Args:
        max_bytes: How many bytes a body that is read as a whole may have; None for any number.

    Returns:
        A function for the event hooks of an httpx client.
    """

    def bound(response: httpx.Response) -> None:
        length = b""
        is_compressed = is_chunked = False
        for name, value in response.headers.raw:  # `headers.get` takes longer
            lower = name.lower()
            if lower == b"content-encoding":
                is_compressed = True
            elif lower == b"content-length":
                length = value
            elif lower == b"transfer-encoding":
                is_chunked = True
        if is_chunked and length:
            # RFC 9112, section 6.3: one of them is a lie, perhaps to get past somebody.
            raise httpx.RemoteProtocolError(
                "the response has a Content-Length and a Transfer-Encoding",
                request=response.request,
            )
        # httpx checks the length, so that such a body needs no more attention.
        is_known = length.isdigit() and not is_compressed
        if is_known and (max_bytes is None or int(length) <= max_bytes):
            return
        if type(response) is httpx.Response:
            response.__class__ = BoundedResponse
            response._max_bytes = max_bytes  # type: ignore[attr-defined]  # see the line before

    return bound


class BoundedResponse(httpx.Response):
    """An answer whose body is counted and decompressed in pieces while it is read.

    The limit is for bodies that are read as a whole; of a download, only a piece is in memory.
    """

    _max_bytes: int | None = None
    _is_kept = False

    def read(self) -> bytes:
        """Read the whole body.

        Returns:
            The body.

        Raises:
            httpx.DecodingError: It is too large, or not compressed as its headers say.
        """
        self._keep()
        return super().read()

    async def aread(self) -> bytes:
        """Read the whole body without blocking the event loop.

        Returns:
            The body.

        Raises:
            httpx.DecodingError: It is too large, or not compressed as its headers say.
        """
        self._keep()
        return await super().aread()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Read the body piece by piece.

        Args:
            chunk_size: How many bytes a piece has; None for as many as there happen to be.

        Yields:
            The pieces.

        Raises:
            httpx.DecodingError: It is not compressed as its headers say.
        """
        if self.is_stream_consumed:
            yield from super().iter_bytes(chunk_size)
            return
        body = _Body(self, chunk_size)
        for raw in self.iter_raw():
            yield from body.feed(raw)
        yield from body.finish()

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Read the body piece by piece without blocking the event loop.

        Args:
            chunk_size: How many bytes a piece has; None for as many as there happen to be.

        Yields:
            The pieces.

        Raises:
            httpx.DecodingError: It is not compressed as its headers say.
        """
        if self.is_stream_consumed:
            async for piece in super().aiter_bytes(chunk_size):
                yield piece
            return
        from anyio.lowlevel import checkpoint

        body = _Body(self, chunk_size)
        pieces = 0
        async for raw in self.aiter_raw():
            for piece in body.feed(raw):
                yield piece
                pieces += 1
                if pieces % _PIECES_IN_A_TURN == 0:
                    await checkpoint()
        for piece in body.finish():
            yield piece

    def _keep(self) -> None:
        self._is_kept = True
        length = self.headers.get("content-length", "")
        limit = self._max_bytes
        if (
            limit is not None
            and self.request.method != "HEAD"
            and length.isdigit()
            and int(length) > limit
        ):
            self._refuse(limit)

    def _refuse(self, limit: int) -> None:
        raise BodyLimitExceeded(f"it has more than {limit:,} bytes", request=self.request)


class _Body:
    """Makes the pieces of a body from what comes over the network."""

    def __init__(self, response: BoundedResponse, chunk_size: int | None) -> None:
        self._response = response
        self._limit = response._max_bytes if response._is_kept else None
        self._chunk_size = chunk_size
        self._buffer = bytearray()
        self._length = 0
        coding = _coding(response)
        self._inflater = None if coding is None else _Inflater(coding)
        time_left = response.request.extensions.get("timeout", {}).get("read")
        self._time_left = time_left if type(time_left) is TimeLeft else None

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Take what has come, and yield what it makes complete."""
        try:
            for piece in (raw,) if self._inflater is None else self._inflater.feed(raw):
                if self._time_left is not None and self._time_left.is_over:
                    raise httpx.ReadTimeout("the time is over", request=self._response.request)
                self._length += len(piece)
                if self._limit is not None and self._length > self._limit:
                    self._response._refuse(self._limit)
                yield from self._chunks(piece)
        except zlib.error as error:
            raise httpx.DecodingError(str(error), request=self._response.request) from error

    def finish(self) -> Iterator[bytes]:
        """Check that the body is complete, and yield the rest."""
        if self._inflater is not None and self._inflater.is_unfinished:
            raise httpx.DecodingError("it ends in the middle", request=self._response.request)
        if self._buffer:
            yield bytes(self._buffer)

    def _chunks(self, piece: bytes) -> Iterator[bytes]:
        if self._chunk_size is None:
            yield piece
            return
        self._buffer += piece
        while len(self._buffer) >= self._chunk_size:
            yield bytes(self._buffer[: self._chunk_size])
            del self._buffer[: self._chunk_size]


def _coding(response: httpx.Response) -> str | None:
    """Tell how a body is compressed, and refuse what was not asked for.

    One compression within another may hold next to nothing and take hours to find that out.
    """
    values = response.headers.get_list("content-encoding", split_commas=True)
    codings = [value.strip().lower().removeprefix("x-") for value in values]
    unbounded = sorted(_UNBOUNDED.intersection(codings))
    if unbounded:
        raise httpx.DecodingError(f"{unbounded[0]!r} is not supported", request=response.request)
    known = [coding for coding in codings if coding in {"deflate", "gzip"}]
    if len(known) > 1:
        raise httpx.DecodingError("it is compressed more than once", request=response.request)
    return known[0] if known else None


class _Inflater:
    """Decompresses one layer of a body."""

    def __init__(self, coding: str) -> None:
        self._is_gzip = coding == "gzip"
        self._stream = zlib.decompressobj(_GZIP_BITS if self._is_gzip else zlib.MAX_WBITS)
        self._is_begun = False

    @property
    def is_unfinished(self) -> bool:
        """Whether the body ended before its end."""
        return self._is_begun and not self._stream.eof

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Take what has come, and yield it decompressed, piece by piece."""
        while True:
            if self._stream.eof:
                # A file of gzip may have several parts. What else comes after the end is padding.
                if not (raw and self._is_gzip and _GZIP_BEGINNING.startswith(raw[:2])):
                    return
                self._stream = zlib.decompressobj(_GZIP_BITS)
            piece = self._decompress(raw)
            if piece:
                yield piece
            raw = self._stream.unconsumed_tail or self._stream.unused_data
            if not raw and len(piece) < _PIECE:
                return

    def _decompress(self, raw: bytes) -> bytes:
        try:
            piece = self._stream.decompress(raw, _PIECE)
        except zlib.error:
            if self._is_gzip or self._is_begun:
                raise
            # Some servers send what "deflate" sounds like, without the frame that it should have.
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            piece = self._stream.decompress(raw, _PIECE)
        self._is_begun = self._is_begun or bool(raw)
        return piece
