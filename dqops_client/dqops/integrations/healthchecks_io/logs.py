"""What a ping says: the log of a run, of which the end is what matters."""

from __future__ import annotations

from collections import deque

__all__ = ["LARGEST_BODY", "RunLog", "encoded", "tail"]

#: The server reads no larger body, whatever limit it tells; in bytes.
LARGEST_BODY = 2_621_440

_MARK = b"(the beginning is left out)\n"


def encoded(data: object) -> bytes:
    """Write something as UTF-8; a ping must not fail because a string is not Unicode.

    Args:
        data: A string, bytes, or anything with a string.

    Returns:
        Valid UTF-8, in which everything else is escaped.
    """
    if isinstance(data, (bytes, bytearray, memoryview)):
        data = bytes(data).decode("utf-8", errors="backslashreplace")
    elif not isinstance(data, str):
        try:
            data = str(data)
        except Exception:  # code of its class
            data = f"(a {type(data).__name__} without a string)"
    # A lone surrogate, as in a file name that is not UTF-8, cannot be sent.
    return data.encode("utf-8", errors="backslashreplace")


def tail(content: bytes, limit: int) -> str:
    """Cut a string.

    Args:
        content: UTF-8.
        limit: How many bytes of UTF-8 it may have.

    Returns:
        The whole string, or as much of its end as fits, from the beginning of a line if possible.
    """
    if len(content) <= limit:
        return content.decode(errors="ignore")
    room = max(0, limit - len(_MARK))
    mark = _MARK if room else b""
    room = room or limit
    end = content[len(content) - room :]
    first, _, rest = end.partition(b"\n")
    # A line that is longer than half of the room is cut rather than left out.
    if rest and len(first) < room // 2:
        end = rest
    return (mark + end).decode(errors="ignore")


class RunLog:
    """The lines of a run, as many of the last ones as could be sent."""

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque()
        self._size = 0

    def add(self, text: object) -> None:
        """Add a line, or several.

        Args:
            text: The string, without a line break at its end.
        """
        line = encoded(text)[-LARGEST_BODY:]
        self._lines.append(line)
        self._size += len(line) + 1
        while self._size > LARGEST_BODY + len(self._lines[0]) + 1:
            self._size -= len(self._lines.popleft()) + 1

    def read(self) -> bytes:
        """Give all lines.

        Returns:
            UTF-8, with line breaks between the lines.
        """
        return b"\n".join(self._lines)

    def tail(self, limit: int) -> str:
        """Give the end of the log.

        Args:
            limit: How many bytes of UTF-8 it may have.

        Returns:
            The whole log, or as much of its end as fits, from the beginning of a line if possible.
        """
        return tail(self.read(), limit)
