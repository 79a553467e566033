# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Connections of synchronous calls that heed the end of a call.

A backend for the connection pools of httpcore and httpcore2. They know limits for each step only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .deadline import TimeLeft, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    import httpcore

__all__ = ["TimedNetwork"]

# How much is sent at a time, in bytes.
_PIECE = 64 * 1024


class TimedNetwork:
    """Opens connections; an `httpcore.NetworkBackend`.

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
