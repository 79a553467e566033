"""What carries synchronous calls: a transport of httpx or httpx2, within each call's deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from .deadline import now, time_limits
from .failures import BrokenPool
from .patches import heed_deadlines, keep_apart, use_lock
from .pooling import PatientLock

if TYPE_CHECKING:
    from types import ModuleType

    from .trust import Authorities

__all__ = ["SyncTransport"]


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
