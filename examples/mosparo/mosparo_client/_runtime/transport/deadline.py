# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The end of a call, which all its attempts, waits and reads share.

The HTTP libraries know limits for each step only: a server that sends a byte now and then would
never exceed them. Asynchronous calls are cancelled when their time is over. Synchronous ones cannot
be; for them each read from the network and each write to it gets what is left of the time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import ModuleType
    from typing import Self, TypeAlias

    import httpcore
    import httpx

    TimeoutTuple: TypeAlias = tuple[float | None, float | None, float | None, float | None]

__all__ = ["TimeLeft", "TimedNetwork", "cancelled_at", "now", "time_limits", "within"]

# How much is sent at a time, in bytes.
_PIECE = 64 * 1024
# A socket takes 0 for "do not wait at all", and says so with another exception.
_SHORTEST = 0.001


class TimeLeft(float):
    """A time limit in seconds that gets shorter as the end of the call comes nearer.

    As a number it is the limit at the time when it was made, for those who know nothing about it.

    Args:
        end: The end of the call, by `time.monotonic`.
        limit: How long one step may take; None for any time.
    """

    __slots__ = ("_end", "_limit")

    _end: float
    _limit: float | None

    def __new__(cls, end: float, limit: float | None) -> Self:
        self = super().__new__(cls, _left(end, limit))
        self._end = end
        self._limit = limit
        return self

    @property
    def is_over(self) -> bool:
        """Whether the end of the call has come."""
        return time.monotonic() >= self._end

    def now(self) -> float:
        """Return the limit at this moment, in seconds."""
        return _left(self._end, self._limit)


def _left(end: float, limit: float | None) -> float:
    left = max(_SHORTEST, end - time.monotonic())
    return left if limit is None else min(left, limit)


def within(end: float, timeout: TimeoutTuple) -> TimeoutTuple:
    """Shorten the timeouts of a request to what is left.

    Args:
        end: The end of the call, by `time.monotonic`.
        timeout: Those of connecting, reading, writing and waiting for a free connection.

    Returns:
        The shortened timeouts.
    """
    connect, read, write, pool = timeout
    return TimeLeft(end, connect), TimeLeft(end, read), TimeLeft(end, write), TimeLeft(end, pool)


def cancelled_at(end: float) -> AbstractContextManager[object]:
    """Cancel what a task does when the time is over.

    Args:
        end: The end of the call, by `time.monotonic`.

    Returns:
        What to do it within; `TimeoutError` is raised at the end of the time.
    """
    import anyio  # a part of httpx, which has its asynchronous connections from it

    return anyio.fail_after(max(0.0, end - time.monotonic()))


def time_limits(request: httpx.Request) -> Mapping[str, float | None]:
    """Read the time limits of a request.

    Args:
        request: The request.

    Returns:
        Seconds, or None for no limit, by the part that they are for: connect, read, write, pool.
    """
    limits: Mapping[str, float | None] = request.extensions.get("timeout", {})
    return limits


def now(timeout: float | None) -> float | None:
    """Tell how long a step may take at this moment.

    Args:
        timeout: Its limit.

    Returns:
        Seconds; None for any time.
    """
    return timeout.now() if type(timeout) is TimeLeft else timeout


class TimedNetwork:
    """Opens connections of synchronous calls that heed the end of a call.

    It is a `NetworkBackend` of httpcore and httpcore2, which know limits for each step only.

    Args:
        inner: What opens them.
        http: The HTTP library.
    """

    def __init__(self, inner: httpcore.NetworkBackend, http: ModuleType) -> None:
        self._inner = inner
        self._http = http

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _Stream:
        # `socket` imports the tables of IDNA for each host that is a `str`. Addresses need none;
        # names stay as they are, for code that replaces `socket.getaddrinfo`.
        is_address = ":" in host or host.replace(".", "").isdecimal()
        given: Any = host.encode() if is_address else host
        stream = self._inner.connect_tcp(given, port, now(timeout), local_address, socket_options)
        return _Stream(stream, self._http)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> _Stream:
        stream = self._inner.connect_unix_socket(path, now(timeout), socket_options)
        return _Stream(stream, self._http)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream:
    """A connection; an `httpcore.NetworkStream`."""

    __slots__ = ("_http", "_inner", "_read", "_write", "close", "get_extra_info")

    def __init__(self, inner: httpcore.NetworkStream, http: ModuleType) -> None:
        self._inner = inner
        self._http = http
        self._read = inner.read
        self._write = inner.write
        self.close = inner.close
        self.get_extra_info = inner.get_extra_info

    # These two are part of every call, so what is usual comes first.
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if type(timeout) is not TimeLeft:
            return self._read(max_bytes, timeout)
        if timeout.is_over:
            raise self._http.ReadTimeout("the time is over")  # though there is something to read
        return self._read(max_bytes, timeout.now())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if type(timeout) is not TimeLeft:
            self._write(buffer, timeout)
            return
        # In pieces, because the limit is one for each time that the server takes something.
        rest = memoryview(buffer)
        while rest:
            if timeout.is_over:
                raise self._http.WriteTimeout("the time is over")
            self._write(bytes(rest[:_PIECE]), timeout.now())
            rest = rest[_PIECE:]

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        stream = self._inner.start_tls(ssl_context, server_hostname, now(timeout))
        return _Stream(stream, self._http)
