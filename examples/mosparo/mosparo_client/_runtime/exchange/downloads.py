# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Bodies that are read piece by piece, so that a large download needs little memory."""

from __future__ import annotations

import os
import stat
from errno import EISDIR
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import InvalidRequest
from ..public import publish
from .content_headers import charset_of, encoding_of, file_name_of, media_type_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Any, Protocol

    class OpenResponse(Protocol):
        """A response whose body is yet to be read."""

        status_code: int
        headers: Any

        @property
        def is_over(self) -> bool: ...

        def iter_bytes(self, chunk_size: int, /) -> Iterator[bytes]: ...

        @property
        def default_encoding(self) -> str: ...

        def iter_lines(self, encoding: str, /) -> Iterator[str]: ...

        def aiter_bytes(self, chunk_size: int, /) -> AsyncIterator[bytes]: ...

        def aiter_lines(self, encoding: str, /) -> AsyncIterator[str]: ...


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
            raise InvalidRequest(f"chunk_size must be >= 1, got {chunk_size}")
        if self._response.is_over:
            raise InvalidRequest(
                f"{self._operation}: a download can be read only once, within its `with` block"
            )

    def _encoding(self) -> str:
        return encoding_of(charset_of(self.headers)) or self._response.default_encoding

    def _saving(self, path: str | os.PathLike[str], *, overwrite: bool) -> _Saving:
        chosen = Path(path)
        if chosen.is_dir():
            return _Saving(chosen / (self.file_name or self._operation), overwrite=overwrite)
        if chosen.is_file() or not chosen.exists():
            chosen = chosen.resolve()  # through a link, to what it names
        return _Saving(chosen, overwrite=True)


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
        """Read text line by line, as the `csv` module takes it.

        Yields:
            The lines without their ends.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread()
        yield from self._response.iter_lines(self._encoding())

    def save_to(
        self,
        path: str | os.PathLike[str],
        chunk_size: int = CHUNK_SIZE,
        *,
        overwrite: bool = False,
    ) -> Path:
        """Write the body to a file.

        The file appears under its name when it is complete. If anything goes wrong, nothing is left
        behind, and a file that was there before is unchanged.

        Args:
            path: The file, which is replaced if it exists; or an existing folder, in which the file
                gets the name that the server suggests.
            chunk_size: How much is in memory at a time, in bytes.
            overwrite: Replace a file of the suggested name; by default a free name is chosen, such
                as `logs (1).zip`.

        Returns:
            The path of the file.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
            OSError: The file cannot be written.
        """
        saving = self._saving(path, overwrite=overwrite)
        with saving as file:
            for chunk in self.iter_bytes(chunk_size):
                file.write(chunk)
        return saving.path


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
        """Read text line by line.

        Yields:
            The lines without their ends.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
        """
        self._check_unread()
        async for line in self._response.aiter_lines(self._encoding()):
            yield line

    async def save_to(
        self,
        path: str | os.PathLike[str],
        chunk_size: int = CHUNK_SIZE,
        *,
        overwrite: bool = False,
    ) -> Path:
        """Write the body to a file.

        The file appears under its name when it is complete. If anything goes wrong, nothing is left
        behind, and a file that was there before is unchanged.

        Args:
            path: The file, which is replaced if it exists; or an existing folder, in which the file
                gets the name that the server suggests.
            chunk_size: How much is in memory at a time, in bytes.
            overwrite: Replace a file of the suggested name; by default a free name is chosen, such
                as `logs (1).zip`.

        Returns:
            The path of the file.

        Raises:
            InvalidRequest: The download was read before, or the size is not positive.
            TransportFailure: The body ended before its end, or the connection broke.
            OSError: The file cannot be written.
        """
        import asyncio

        saving = self._saving(path, overwrite=overwrite)
        with saving as file:
            async for chunk in self.iter_bytes(chunk_size):
                # Disks can be slow, network drives above all.
                await asyncio.to_thread(file.write, chunk)
        return saving.path


class _Saving:
    """A file that is written beside its place, and takes it when it is complete.

    Args:
        path: Where the file belongs.
        overwrite: Whether it takes the place of one that is there, or a free name beside it.
    """

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
        self.path = path
        self._overwrite = overwrite
        from uuid import uuid4  # which takes time to load

        self._unfinished = path.with_name(f".download-{uuid4().hex}")

    def __enter__(self) -> BinaryIO:
        if self._overwrite and self.path.exists() and not self.path.is_file():
            # A pipe or a device is there to be written to.
            self._unfinished = self.path
            self._file = self.path.open("wb")
            return self._file
        mode = None
        if self._overwrite and self.path.is_file():
            mode = stat.S_IMODE(self.path.stat().st_mode)

        def open_private(path: str, flags: int) -> int:
            # With the mode of the file that it replaces, and never more than that on the way.
            return os.open(path, flags, 0o666 if mode is None else mode)

        try:
            self._file = open(self._unfinished, "xb", opener=open_private)
        except OSError as error:  # which names a file that nobody knows
            raise OSError(error.errno, error.strerror, str(self.path)) from None
        if mode is not None:
            self._unfinished.chmod(mode)
        return self._file

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        try:
            self._file.close()
            if error is None and self._unfinished != self.path:
                if not self._overwrite:
                    self.path = _reserved(self.path)
                self._unfinished.replace(self.path)
        finally:
            if self._unfinished != self.path:
                self._unfinished.unlink(missing_ok=True)


def _reserved(path: Path) -> Path:
    """Take a name that nothing has, by an empty file."""
    for number in count():
        free = path.with_name(f"{path.stem} ({number}){path.suffix}") if number else path
        try:
            free.open("xb").close()
        except FileExistsError:
            continue
        return free
    raise AssertionError


publish("downloads", (AsyncDownload, Download))
