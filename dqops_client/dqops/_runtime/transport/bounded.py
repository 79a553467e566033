"""Responses that cannot fill the memory, and compressed ones that are complete.

The HTTP libraries read and decompress whatever comes: a few megabytes may become gigabytes, and a
compressed body that ends in the middle is taken for whole. So we decompress ourselves, in pieces.
"""

from __future__ import annotations

import time
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import httpx

from .deadline import TimeLeft, time_limits
from .failures import BodyLimitExceeded
from .http_settings import library_of, mixed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

__all__ = ["bound_body"]

# For how many seconds pieces are made before the event loop has a turn.
_TURN = 0.005
# How much is decompressed at a time, in bytes.
_PIECE = 256 * 1024
_GZIP_BEGINNING = b"\x1f\x8b"
_GZIP_BITS = 16 + zlib.MAX_WBITS
# What the HTTP libraries decompress where the packages for it are installed.
_UNBOUNDED = frozenset({"br", "zstd"})


def bound_body(response: httpx.Response, max_bytes: int | None) -> None:
    """Let a response count and decompress its body in pieces.

    Args:
        response: The response, not read yet; one of a class of the program's own stays as it is.
        max_bytes: How many bytes a body that is read as a whole may have, and a line of one that
            is read line by line; None for any number.
    """
    http = library_of(response)
    if type(response) is http.Response:
        response.__class__ = mixed(_BoundedResponse, http, "Response")
        response._max_bytes = max_bytes  # type: ignore[attr-defined]  # see the line before


class _BoundedResponse(httpx.Response if TYPE_CHECKING else object):  # type: ignore[misc]
    """A response whose body is counted and decompressed in pieces while it is read.

    The limit is for bodies that are read as a whole; of a download, only a piece or a line is in
    memory.
    """

    _max_bytes: int | None = None
    _is_kept = False
    _line_length = 0

    def read(self) -> bytes:
        """Read the whole body.

        Returns:
            The body.

        Raises:
            BodyLimitExceeded: It is too large.
            DecodingError: Of the HTTP library; it is not compressed as its headers say.
        """
        self._keep()
        if not hasattr(self, "_content"):
            # A list of pieces of 2 bytes would take 30 times as much, and joining them a copy.
            content = BytesIO()
            for piece in self.iter_bytes():
                content.write(piece)
            self._content = content.getvalue()
        return self._content

    async def aread(self) -> bytes:
        """Read the whole body without blocking the event loop.

        Returns:
            The body.

        Raises:
            BodyLimitExceeded: It is too large.
            DecodingError: Of the HTTP library; it is not compressed as its headers say.
        """
        self._keep()
        if not hasattr(self, "_content"):
            content = BytesIO()
            async for piece in self.aiter_bytes():
                content.write(piece)
            self._content = content.getvalue()
        return self._content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Read the body piece by piece.

        Args:
            chunk_size: How many bytes a piece has; None for as many as there happen to be.

        Yields:
            The pieces.

        Raises:
            DecodingError: Of the HTTP library; it is not compressed as its headers say.
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
            DecodingError: Of the HTTP library; it is not compressed as its headers say.
        """
        if self.is_stream_consumed:
            async for piece in super().aiter_bytes(chunk_size):
                yield piece
            return
        from anyio.lowlevel import checkpoint

        body = _Body(self, chunk_size)
        turn = time.monotonic() + _TURN
        async for raw in self.aiter_raw():
            for piece in body.feed(raw):
                yield piece
                if time.monotonic() >= turn:
                    await checkpoint()
                    turn = time.monotonic() + _TURN
        for piece in body.finish():
            yield piece

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Read text piece by piece, with lines that are not too long.

        Args:
            chunk_size: How many characters a piece has; None for as many as there happen to be.

        Yields:
            The pieces.

        Raises:
            BodyLimitExceeded: A line is too long.
        """
        for text in super().iter_text(chunk_size):
            self._count_line(text)
            yield text

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Read text piece by piece, with lines that are not too long.

        Args:
            chunk_size: How many characters a piece has; None for as many as there happen to be.

        Yields:
            The pieces.

        Raises:
            BodyLimitExceeded: A line is too long.
        """
        async for text in super().aiter_text(chunk_size):
            self._count_line(text)
            yield text

    def _count_line(self, text: str) -> None:
        if self._max_bytes is None:
            return
        if "\n" in text:
            self._line_length = len(text) - text.rindex("\n") - 1
        elif len(lines := text.splitlines()) > 1:  # there are other ends of lines
            self._line_length = len(lines[-1])
        else:
            self._line_length += len(text)
        if self._line_length > self._max_bytes:
            raise BodyLimitExceeded(
                f"it has a line of more than {self._max_bytes:,} characters", request=self.request
            )

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

    def __init__(self, response: _BoundedResponse, chunk_size: int | None) -> None:
        self._response = response
        self._limit = response._max_bytes if response._is_kept else None
        self._chunk_size = chunk_size
        self._buffer = bytearray()
        self._length = 0
        coding = _coding_of(response)
        self._inflater = None if coding is None else _Inflater(coding)
        time_left = time_limits(response.request).get("read")
        self._time_left = time_left if type(time_left) is TimeLeft else None

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Take what has come, and yield what it makes complete."""
        try:
            for piece in (raw,) if self._inflater is None else self._inflater.feed(raw):
                if self._time_left is not None and self._time_left.is_over:
                    raise library_of(self._response).ReadTimeout(
                        "the time is over", request=self._response.request
                    )
                self._length += len(piece)
                if self._limit is not None and self._length > self._limit:
                    self._response._refuse(self._limit)
                yield from self._chunks(piece)
        except zlib.error as error:
            raise library_of(self._response).DecodingError(
                str(error), request=self._response.request
            ) from error

    def finish(self) -> Iterator[bytes]:
        """Check that the body is complete, and yield the rest."""
        if self._inflater is not None and self._inflater.is_unfinished:
            raise library_of(self._response).DecodingError(
                "it ends in the middle", request=self._response.request
            )
        if self._buffer:
            yield bytes(self._buffer)

    def _chunks(self, piece: bytes) -> Iterator[bytes]:
        if self._chunk_size is None:
            yield piece
            return
        self._buffer += piece
        start = 0
        while len(self._buffer) - start >= self._chunk_size:
            yield bytes(self._buffer[start : start + self._chunk_size])
            start += self._chunk_size
        del self._buffer[:start]


def _coding_of(response: httpx.Response) -> str | None:
    """Tell how a body is compressed, and refuse what was not asked for.

    One compression within another may hold next to nothing and take hours to find that out.

    Args:
        response: The response.

    Returns:
        The coding; None for none.

    Raises:
        DecodingError: Of the HTTP library; the coding is unsupported, or there are several.
    """
    values = response.headers.get_list("content-encoding", split_commas=True)
    codings = [value.strip().lower().removeprefix("x-") for value in values]
    unbounded = sorted(_UNBOUNDED.intersection(codings))
    if unbounded:
        raise library_of(response).DecodingError(
            f"{unbounded[0]!r} is not supported", request=response.request
        )
    known = [coding for coding in codings if coding in {"deflate", "gzip"}]
    if len(known) > 1:
        raise library_of(response).DecodingError(
            "it is compressed more than once", request=response.request
        )
    return known[0] if known else None


class _Inflater:
    """Decompresses a body.

    Args:
        coding: How it is compressed.
    """

    def __init__(self, coding: str) -> None:
        self._is_gzip = coding == "gzip"
        self._stream = zlib.decompressobj(_GZIP_BITS if self._is_gzip else zlib.MAX_WBITS)
        self._is_begun = False

    @property
    def is_unfinished(self) -> bool:
        """Whether the body ended before its end."""
        return self._is_begun and not self._stream.eof

    def feed(self, raw: bytes) -> Iterator[bytes]:
        """Take what has come.

        Args:
            raw: The bytes.

        Yields:
            What they are decompressed, piece by piece.

        Raises:
            zlib.error: They are not what the coding says.
        """
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
