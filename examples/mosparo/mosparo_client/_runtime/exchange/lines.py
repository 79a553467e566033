# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Takes lines, and server-sent events, out of bytes as they come."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["EventParser", "LineParser", "RawEvent"]

# The byte order mark in UTF-8.
_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"[\r\n]")


class RawEvent(NamedTuple):
    """An event whose data is not read yet; see `streams.ServerSentEvent`."""

    data: str
    event: str
    id: str
    retry: int | None


class LineParser:
    """Takes lines with something in them out of bytes; a line feed ends them, and nothing else.

    Args:
        limit: How many bytes a line may have; None for any number.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._searched = 0
        self._is_finished = False

    @property
    def is_too_long(self) -> bool:
        """Whether the line that is not complete yet is longer than it may be."""
        return self.limit is not None and len(self._buffer) > self.limit

    def feed(self, piece: bytes) -> None:
        """Take what has come."""
        self._buffer += piece

    def finish(self) -> None:
        """Take the end of the bytes, which ends a line as well."""
        self._is_finished = True

    def next(self) -> bytes | None:
        """Return the next line; None where more has to come."""
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            if self.limit is not None and end > self.limit:
                return None
            line = bytes(self._buffer[:end]).strip()
            del self._buffer[: end + 1]
            self._searched = 0
            if line.removeprefix(_MARK):
                return line.removeprefix(_MARK)
        self._searched = len(self._buffer)
        if self._is_finished and not self.is_too_long:
            line = bytes(self._buffer).strip().removeprefix(_MARK)
            self._buffer.clear()
            return line or None
        return None


class EventParser:
    """Takes server-sent events out of bytes, by the rules of WHATWG's HTML standard.

    Args:
        limit: How many bytes an event may have; None for any number.

    Attributes:
        last_id: The ID of the last event that had one; an event without data may have one, too.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._searched = 0
        self._is_start = True
        self._after_return = False
        self._data: list[str] = []
        self._size = 0
        self._event = ""
        self._id = ""
        self._retry: int | None = None
        self.last_id = ""

    @property
    def is_too_long(self) -> bool:
        """Whether the event that is not complete yet is longer than it may be."""
        return self.limit is not None and len(self._buffer) + self._size > self.limit

    def feed(self, piece: bytes) -> None:
        """Take what has come."""
        self._buffer += piece

    def finish(self) -> None:
        """Take the end of the bytes: an event without the empty line after it is dropped."""
        self._buffer.clear()
        self._searched = 0

    def next(self) -> RawEvent | None:
        """Return the next event; None where more has to come."""
        while (line := self._line()) is not None:
            if line:
                self._field(line)
                if self.limit is not None and self._size > self.limit:
                    return None
            elif (event := self._dispatched()) is not None:
                return event
        return None

    def _line(self) -> bytes | None:
        """Take a line; a carriage return ends one as well, and both together do."""
        buffer = self._buffer
        if self._after_return and buffer:
            self._after_return = False
            if buffer[:1] == b"\n":
                del buffer[:1]
        found = _LINE_END.search(buffer, self._searched)
        if found is None:
            self._searched = len(buffer)
            return None
        end = found.start()
        line = bytes(buffer[:end])
        self._after_return = found[0] == b"\r"
        del found, buffer[: end + 1]
        self._searched = 0
        if self._is_start:
            self._is_start = False
            line = line.removeprefix(_MARK)
        return line

    def _field(self, line: bytes) -> None:
        name, _, rest = line.partition(b":")
        value = rest.removeprefix(b" ").decode("utf-8", "replace")
        if name == b"data":
            self._data.append(value)
            self._size += len(rest) + 1
        elif name == b"event":
            self._event = value
        elif name == b"id":
            if "\0" not in value:
                self._id = value
        elif name == b"retry" and value.isascii() and value.isdigit():
            self._retry = int(value[:18])

    def _dispatched(self) -> RawEvent | None:
        data, event, retry = self._data, self._event, self._retry
        self._data, self._event, self._retry, self._size = [], "", None, 0
        self.last_id = self._id
        if not data:
            return None
        return RawEvent("\n".join(data), event or "message", self.last_id, retry)
