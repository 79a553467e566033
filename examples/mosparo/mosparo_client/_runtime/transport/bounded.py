# A copy of the generator's runtime, made by `make regenerate`; do not edit.
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
from .libraries import library_of, mixed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

__all__ = ["ACCEPT_ENCODING", "bounding"]

#: The compressions that are asked for. Others make it impossible to say how much memory is needed.
ACCEPT_ENCODING = "gzip, deflate"

# For how many seconds pieces are made before the event loop has a turn.
_TURN = 0.005


def bounding(max_bytes: int | None) -> Callable[[httpx.Response], None]:
    """Make what is called with each response before its body is read.

    Args:
        max_bytes: How many bytes a body that is read as a whole may have, and a line of one that
            is read line by line; None for any number.

    Returns:
        A function for the event hooks of a client of an HTTP library.
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
            raise library_of(response).RemoteProtocolError(
                "the response has a Content-Length and a Transfer-Encoding",
                request=response.request,
            )
        # The library checks the length, so that such a body needs no more attention.
        is_known = length.isdigit() and not is_compressed
        if is_known and (max_bytes is None or int(length) <= max_bytes):
            return
        http = library_of(response)
        if type(response) is http.Response:
            response.__class__ = mixed(_BoundedResponse, http, "Response")
            response._max_bytes = max_bytes  # type: ignore[attr-defined]  # see the line before

    return bound


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
        from .decompression import Inflater, coding_of

        coding = coding_of(response)
        self._inflater = None if coding is None else Inflater(coding)
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
