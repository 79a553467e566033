# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Decompresses bodies piece by piece, so that a small one cannot fill the memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from .libraries import library_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

__all__ = ["Inflater", "coding_of"]

# How much is decompressed at a time, in bytes.
_PIECE = 256 * 1024
_GZIP_BEGINNING = b"\x1f\x8b"
_GZIP_BITS = 16 + zlib.MAX_WBITS
# What the HTTP libraries decompress where the packages for it are installed.
_UNBOUNDED = frozenset({"br", "zstd"})


def coding_of(response: httpx.Response) -> str | None:
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


class Inflater:
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
