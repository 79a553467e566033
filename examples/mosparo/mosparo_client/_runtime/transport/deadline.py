# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The end of a call, which all its attempts, waits and reads share.

The HTTP libraries know limits for each step only: a server that sends a byte now and then would
never exceed them. Asynchronous calls are cancelled when their time is over. Synchronous ones cannot
be; for them each read from the network and each write to it gets what is left of the time.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from .connection_reuse import keep_apart
from .failures import BrokenPool
from .patience import PatientLock
from .proxied_transport import ProxiedTransport
from .proxies import CONNECTING, OF_ARGUMENTS, add_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from typing import Self

    import httpcore

__all__ = ["TimeLeft", "TimedClient", "cancelled_at", "time_limits", "within"]

# A socket takes 0 for "do not wait at all", and says so with another exception.
_SHORTEST = 0.001
# How much is sent at a time, in bytes.
_PIECE = 64 * 1024


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


def within(end: float, timeout: httpx.Timeout) -> httpx.Timeout:
    """Shorten the limits of a request to what is left.

    Args:
        end: The end of the call, by `time.monotonic`.
        timeout: The limits of each step.

    Returns:
        The shortened limits.
    """
    return httpx.Timeout(
        connect=TimeLeft(end, timeout.connect),
        read=TimeLeft(end, timeout.read),
        write=TimeLeft(end, timeout.write),
        pool=TimeLeft(end, timeout.pool),
    )


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


class TimedClient(httpx.Client):
    """An `httpx.Client` whose connections heed the end of a call."""

    def __init__(self, **arguments: Any) -> None:
        self._reads_environment = False
        self._connecting: dict[str, Any] = {}
        super().__init__(**arguments)
        if self._reads_environment:
            add_routes(self._mounts, partial(self._init_proxy_transport, **self._connecting))

    # httpx offers no other way to its transports' connections; see `_transports.AsyncClient`.
    def _get_proxy_map(self, proxy: Any, allow_env_proxies: bool) -> Any:
        self._reads_environment = proxy is None and allow_env_proxies
        return super()._get_proxy_map(proxy, False)

    def _init_transport(self, **named: Any) -> httpx.BaseTransport:  # type: ignore[override]
        self._connecting = {name: named[name] for name in named if name in CONNECTING}
        return _heeding(super()._init_transport(**named))

    def _init_proxy_transport(  # type: ignore[override]
        self, proxy: httpx.Proxy, source: str = OF_ARGUMENTS, **named: Any
    ) -> httpx.BaseTransport:
        transport = super()._init_proxy_transport(proxy, **named)
        return ProxiedTransport(_heeding(transport), proxy, source)

    def let_go(self) -> None:
        """Give back the locks of the connection pools that this thread holds after an interrupt."""
        for transport in (self._transport, *self._mounts.values()):
            if isinstance(transport, (_PatientTransport, ProxiedTransport)):
                transport.let_go()


def _heeding(transport: httpx.BaseTransport) -> httpx.BaseTransport:
    # A transport of the caller's, or of another version of httpx, keeps its limits for each step.
    pool = getattr(transport, "_pool", None) if type(transport) is httpx.HTTPTransport else None
    if pool is not None and hasattr(pool, "_network_backend"):
        pool._network_backend = _Network(pool._network_backend)
    if pool is not None and hasattr(pool, "_optional_thread_lock"):
        lock = PatientLock()
        pool._optional_thread_lock = lock
        return _PatientTransport(keep_apart(transport), lock)
    return keep_apart(transport)


class _PatientTransport(httpx.BaseTransport):
    """A transport whose pool is not waited for in vain.

    Args:
        inner: What carries requests.
        lock: The lock of its pool.
    """

    def __init__(self, inner: httpx.BaseTransport, lock: PatientLock) -> None:
        self._inner = inner
        self._lock = lock
        self._pool = getattr(inner, "_pool", None)  # as httpx's own transport has it

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.

        Raises:
            BrokenPool: The lock of the pool is not given back; nothing was sent.
        """
        limit = request.extensions.get("timeout", {}).get("pool")
        if not self._lock.is_free_within(_now(limit)):
            del request  # its description shows the whole address
            raise BrokenPool("the connection pool is not given back")
        try:
            response = self._inner.handle_request(request)
        except BaseException:
            del request
            self._lock.let_go()
            raise
        # A server may put what it was sent into it, and httpx logs it; without it, httpx takes the
        # registered one.
        response.extensions.pop("reason_phrase", None)
        return response

    def let_go(self) -> None:
        """Give back the lock of the pool after an interrupt."""
        self._lock.let_go()

    def close(self) -> None:
        """Close the connections, whoever holds the lock of the pool."""
        if not self._lock.is_free_within(None):
            self._lock.take_over()
        self._inner.close()


class _Network:
    """Opens connections; an `httpcore.NetworkBackend`."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _Stream:
        return _Stream(
            self._inner.connect_tcp(host, port, _now(timeout), local_address, socket_options)
        )

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> _Stream:
        return _Stream(self._inner.connect_unix_socket(path, _now(timeout), socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream:
    """A connection; an `httpcore.NetworkStream`."""

    __slots__ = ("_inner", "_read", "_write", "close", "get_extra_info")

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._read = inner.read
        self._write = inner.write
        self.close = inner.close
        self.get_extra_info = inner.get_extra_info

    # These two are part of every call, so what is usual comes first.
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if type(timeout) is not TimeLeft:
            return self._read(max_bytes, timeout)
        if timeout.is_over:
            raise httpx.ReadTimeout("the time is over")  # though there is something to read
        return self._read(max_bytes, timeout.now())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if type(timeout) is not TimeLeft:
            self._write(buffer, timeout)
            return
        # In pieces, because the limit is one for each time that the server takes something.
        rest = memoryview(buffer)
        while rest:
            if timeout.is_over:
                raise httpx.WriteTimeout("the time is over")
            self._write(bytes(rest[:_PIECE]), timeout.now())
            rest = rest[_PIECE:]

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _now(timeout)))


def _now(timeout: float | None) -> float | None:
    return timeout.now() if type(timeout) is TimeLeft else timeout
