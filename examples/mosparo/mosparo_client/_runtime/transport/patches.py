# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Every change to an object of another library, with its reason.

None of these libraries offers another way, so each change first looks whether it finds what it
changes; another version of the library stays as it is. `tests/client/test_patches.py` shows, for
each library and change, what the library does without it; a test that fails there says that the
change is no longer needed.

Not changed, because httpx2 does better than httpx: which connection a waiting call gets
(https://github.com/encode/httpcore/issues/1110), and looking for cookies in responses without any.
"""

from __future__ import annotations

import time
import weakref
from typing import TYPE_CHECKING, Any

from .deadline import TimedNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import aiohttp

    from .pooling import PatientLock

__all__ = ["heed_deadlines", "keep_apart", "send_once", "use_lock"]


def use_lock(pool: Any, lock: PatientLock) -> None:
    """Let a pool use a lock that is taken over from a thread that does not give it back.

    An interrupt may strike after the pool's own lock was taken and before the `with` block that
    gives it back has begun (https://github.com/python/cpython/issues/148874). Everybody else would
    wait for ever.

    Args:
        pool: A pool of httpcore or httpcore2.
        lock: The lock.
    """
    if hasattr(pool, "_optional_thread_lock"):
        pool._optional_thread_lock = lock


def heed_deadlines(pool: Any, http: ModuleType) -> None:
    """Let the connections of a pool heed the end of a call, of which the libraries know nothing.

    Args:
        pool: A pool of httpcore or httpcore2 for synchronous calls.
        http: The HTTP library.
    """
    if hasattr(pool, "_network_backend"):
        pool._network_backend = TimedNetwork(pool._network_backend, http)


def keep_apart(pool: Any) -> None:
    """Give each call a connection for itself, and no response but its own.

    A pool of httpcore 1.0 gives an idle connection to a waiting call, and calls it idle until the
    call begins to use it. Another thread or task that comes in between may find it idle and close
    it, at the worst when the request is already sent, or give it to a second call
    (https://github.com/encode/httpcore/issues/1110). httpcore2 does not.

    What a server sends after the end of a response, the pools of both keep for the next call, which
    would take it for the response to its own request. Such a connection is closed instead.

    Args:
        pool: A pool of httpcore or httpcore2. One that speaks HTTP/2, where many calls share a
            connection, stays as it is.
    """
    if (
        hasattr(pool, "_assign_requests_to_connections")
        and hasattr(pool, "_max_connections")
        and hasattr(pool, "_max_keepalive_connections")
        and not getattr(pool, "_http2", True)
    ):
        pool._assign_requests_to_connections = _assigning_the_free_ones(pool)


# After so many seconds, a pool looks at everything that is idle.
_LOOK = 1.0


# A pool holds what this returns; a reference back would keep its sockets from being closed when
# nobody needs the pool any more. It is called with the pool's lock held.
def _assigning_the_free_ones(pool: Any) -> Callable[[], list[Any]]:
    reference = weakref.ref(pool)
    assign = type(pool)._assign_requests_to_connections
    looked = 0.0

    def assign_free_connections() -> list[Any]:
        nonlocal looked
        pool = reference()
        assert pool is not None
        assigned = {id(request.connection) for request in pool._requests}
        free = [each for each in pool._connections if id(each) not in assigned]
        waiting = [each for each in pool._requests if each.connection is None]
        # The pool looks at all that it has, several times and at the sockets, too: most of what a
        # call costs where many are under way. So it is shown what it needs, and all now and then.
        shown, now = free, time.monotonic()
        if len(free) <= pool._max_keepalive_connections and now < looked + _LOOK:
            if not waiting:
                return []
            if len(waiting) == 1:
                shown = _fitting(free, waiting[0].request) or free
        else:
            looked = now
        spoilt = [each for each in shown if _has_surplus(each)]
        kept = [each for each in pool._connections if each not in shown]
        pool._connections = [each for each in shown if each not in spoilt]
        pool._max_connections -= len(kept)
        try:
            closing: list[Any] = spoilt + assign(pool)
        finally:
            pool._max_connections += len(kept)
            pool._connections = kept + pool._connections
        return closing

    return assign_free_connections


def _fitting(free: list[Any], request: Any) -> list[Any]:
    """Choose a connection for a request: of those that are idle, the one that was used last."""
    for each in reversed(free):
        if each.is_idle() and each.can_handle_request(request.url.origin):
            return [each]
    return []


def _has_surplus(connection: Any) -> bool:
    """Whether more came than the responses to all requests so far."""
    while (inner := getattr(connection, "_connection", None)) is not None:
        connection = inner  # that of a proxy has another one in it
    state = getattr(connection, "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])


def send_once(session: aiohttp.ClientSession) -> None:
    """Keep aiohttp from sending some requests again when the first got no response.

    The server may have carried them out (https://github.com/aio-libs/aiohttp/issues/10790).

    Args:
        session: The session.
    """
    session._retry_connection = False
