# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Bodies that are read piece by piece, so that a large download needs little memory."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from ..errors import InvalidRequest
from ..public import publish
from .bodies import file_name_of, media_type_of

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Any, Protocol

    class OpenResponse(Protocol):
        """A response whose body is yet to be read."""

        status_code: int
        headers: Any

        @property
        def is_over(self) -> bool: ...

        def iter_bytes(self, chunk_size: int, /) -> Iterator[bytes]: ...

        def iter_lines(self) -> Iterator[str]: ...

        def aiter_bytes(self, chunk_size: int, /) -> AsyncIterator[bytes]: ...

        def aiter_lines(self) -> AsyncIterator[str]: ...


__all__ = ["CHUNK_SIZE", "AsyncDownload", "Download"]

#: How much is read at a time unless the caller says otherwise, in bytes.
CHUNK_SIZE = 65_536


class _Download:
    """What both kinds of downloads have in common; they document its attributes."""

    def __init__(self, response: OpenResponse, operation: str) -> None:
        self._response = response
        self._operation = operation
        self.status_code: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.file_name = file_name_of(response.headers)
        self.media_type = media_type_of(response.headers)
        length = response.headers.get("Content-Length", "")
        self.size = int(length) if length.isascii() and length.isdigit() else None

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(file_name={self.file_name!r}, "
            f"media_type={self.media_type!r}, size={self.size!r})"
        )

    def _check_unread(self, chunk_size: int = CHUNK_SIZE) -> None:
        if chunk_size < 1:
            raise InvalidRequest(f"the size of a piece must be at least one byte, not {chunk_size}")
        if self._response.is_over:
            raise InvalidRequest(
                f"{self._operation}: the download can be read once, within its `with` block"
            )

    def _destination(self, path: str | os.PathLike[str]) -> Path:
        chosen = Path(path)
        return chosen / (self.file_name or self._operation) if chosen.is_dir() else chosen


class Download(_Download):
    """A body that is being downloaded; it can be read once.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers; names are matched without regard to case.
        file_name: The file name that the server suggests, without a folder, or None.
        media_type: The media type, such as `application/zip`, or None.
        size: The size of the body in bytes as the server announced it, or None. What arrives can
            be larger, where it was compressed on the way.
    """

    def iter_bytes(self, chunk_size: int = CHUNK_SIZE) -> Iterator[bytes]:
        """Read the body piece by piece.

        Args:
            chunk_size: The size of a piece in bytes; the last one may be smaller.

        Yields:
            The pieces in their order.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread(chunk_size)
        yield from self._response.iter_bytes(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """Read a text line by line, as the `csv` module takes it.

        Yields:
            The lines without their ends.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread()
        yield from self._response.iter_lines()

    def save_to(self, path: str | os.PathLike[str], chunk_size: int = CHUNK_SIZE) -> Path:
        """Write the body to a file.

        The file appears under its name when it is complete, in place of one that was there. If
        anything goes wrong, nothing is left behind.

        Args:
            path: The file, or an existing folder, in which it gets the name that the server
                suggests.
            chunk_size: How much is in memory at a time, in bytes.

        Returns:
            The path of the file.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
            OSError: The file cannot be written.
        """
        destination = self._destination(path)
        with _replacing(destination) as file:
            for chunk in self.iter_bytes(chunk_size):
                file.write(chunk)
        return destination


class AsyncDownload(_Download):
    """A body that is being downloaded, without blocking the event loop; it can be read once.

    Attributes:
        status_code: The HTTP status.
        headers: The response headers; names are matched without regard to case.
        file_name: The file name that the server suggests, without a folder, or None.
        media_type: The media type, such as `application/zip`, or None.
        size: The size of the body in bytes as the server announced it, or None. What arrives can
            be larger, where it was compressed on the way.
    """

    async def iter_bytes(self, chunk_size: int = CHUNK_SIZE) -> AsyncIterator[bytes]:
        """Read the body piece by piece.

        Args:
            chunk_size: The size of a piece in bytes; the last one may be smaller.

        Yields:
            The pieces in their order.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread(chunk_size)
        async for chunk in self._response.aiter_bytes(chunk_size):
            yield chunk

    async def iter_lines(self) -> AsyncIterator[str]:
        """Read a text line by line.

        Yields:
            The lines without their ends.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread()
        async for line in self._response.aiter_lines():
            yield line

    async def save_to(self, path: str | os.PathLike[str], chunk_size: int = CHUNK_SIZE) -> Path:
        """Write the body to a file.

        The file appears under its name when it is complete, in place of one that was there. If
        anything goes wrong, nothing is left behind.

        Args:
            path: The file, or an existing folder, in which it gets the name that the server
                suggests.
            chunk_size: How much is in memory at a time, in bytes.

        Returns:
            The path of the file.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
            OSError: The file cannot be written.
        """
        import asyncio

        destination = self._destination(path)
        with _replacing(destination) as file:
            async for chunk in self.iter_bytes(chunk_size):
                # Disks can be slow, network drives above all.
                await asyncio.to_thread(file.write, chunk)
        return destination


@contextmanager
def _replacing(destination: Path) -> Iterator[BinaryIO]:
    """Open a file beside the destination; it takes the destination's place on success."""
    if destination.exists() and not destination.is_file():
        # A pipe or a device is there to be written to.
        with destination.open("wb") as file:
            yield file
        return
    destination = destination.resolve()  # through a link, to what it names
    unfinished = destination.with_name(f".download-{uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            yield file
        if destination.exists():
            unfinished.chmod(stat.S_IMODE(destination.stat().st_mode))
        unfinished.replace(destination)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


publish("downloads", (AsyncDownload, Download))
