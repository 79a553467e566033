"""What carries synchronous calls, within each call's deadline; and what loads authorities late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from .deadline import now, time_limits
from .failures import BrokenPool
from .patches import heed_deadlines, keep_apart, use_lock
from .pooling import PatientLock

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import ModuleType
    from typing import Final

    from ..settings.config import Config

__all__ = ["Authorities", "SyncTransport", "is_needed_late"]


class SyncTransport(httpx.BaseTransport):
    """A transport whose pool is not waited for in vain.

    Args:
        http: The HTTP library.
        authorities: What it trusts, where that can wait; None where `connecting` says.
        **connecting: How it opens connections.
    """

    def __init__(
        self, http: ModuleType, authorities: Authorities | None = None, **connecting: Any
    ) -> None:
        self._authorities = authorities
        if authorities is not None:
            connecting["verify"] = authorities.none_yet
        self._inner: httpx.BaseTransport = http.HTTPTransport(**connecting)
        self._pool: Any = getattr(self._inner, "_pool", None)  # as the library's own has it
        self._lock = PatientLock()
        use_lock(self._pool, self._lock)
        heed_deadlines(self._pool, http)
        keep_apart(self._pool)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.

        Raises:
            BrokenPool: The lock of the pool is not given back; nothing was sent.
        """
        if not self._lock.is_free_within(now(time_limits(request).get("pool"))):
            del request  # its description shows the whole URL
            raise BrokenPool("the connection pool is not given back")
        if self._authorities is not None:
            self._authorities.prepare(self._pool, request)
        try:
            response = self._inner.handle_request(request)
        except BaseException:
            del request
            self._lock.let_go()
            raise
        # A server may put what it was sent into it, and the library logs it; without it, the
        # library takes the registered one.
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


def is_needed_late(config: Config) -> bool:
    """Whether nothing is sent over TLS, unless a server redirects to it.

    Args:
        config: The settings of a client.

    Returns:
        Whether the usual authorities can wait for that.
    """
    return (
        config.base_url[:7].lower() == "http://"
        and config.verify_ssl is True
        and config.httpx_args.get("cert") is None
    )


class Authorities:
    """Gives a pool the authorities that it trusts with the first request that needs them.

    To load them takes as long as ten calls, and many servers are spoken to without TLS. Before, the
    pool has no context: to make one that trusts nobody would take as long as a call.

    Args:
        load: Makes the context.
    """

    __slots__ = ("_load",)

    #: What the libraries are given as `verify`: nothing that could open a connection with TLS.
    none_yet: Final[Any] = object()

    def __init__(self, load: Callable[[], bool | ssl.SSLContext]) -> None:
        self._load: Callable[[], bool | ssl.SSLContext] | None = load

    def prepare(self, pool: Any, request: httpx.Request) -> None:
        """Load them if a request needs them.

        Args:
            pool: A pool of httpcore or httpcore2.
            request: The request.

        Raises:
            InvalidRequest: A file that the environment names cannot be loaded.
        """
        load = self._load  # another thread may be here as well
        if load is not None and request.url.raw_scheme == b"https":
            pool._ssl_context = load()
            self._load = None
