# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Lets a call have a connection for itself, and no answer but its own.

A pool of httpcore 1.0 gives an idle connection to a waiting call, and calls it idle until the call
begins to use it. Another thread or task that comes in between may find it idle and close it, at the
worst when the request is already sent, or give it to a second call
(https://github.com/encode/httpcore/issues/1110).

What a server sends after the end of an answer, the pool keeps for the next call, which would take
it for the answer to its own request. Such a connection is closed instead.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keep_apart"]

_Transport = TypeVar("_Transport", httpx.BaseTransport, httpx.AsyncBaseTransport)


def keep_apart(transport: _Transport) -> _Transport:
    """Let a transport's pool look only at connections that no call has, and that are in order.

    Args:
        transport: Any transport. One of the caller's, or of another version of httpcore, stays as
            it is; so does one that speaks HTTP/2, where many calls share a connection.

    Returns:
        The same transport.
    """
    pool: Any = None
    if type(transport) in (httpx.HTTPTransport, httpx.AsyncHTTPTransport):
        pool = getattr(transport, "_pool", None)
    if (
        hasattr(pool, "_assign_requests_to_connections")
        and hasattr(pool, "_max_connections")
        and not getattr(pool, "_http2", True)
    ):
        pool._assign_requests_to_connections = _assigning_the_free_ones(pool)
    return transport


def _assigning_the_free_ones(pool: Any) -> Callable[[], list[Any]]:
    # The pool holds what is returned; a reference back would keep its sockets from being closed
    # when nobody needs the pool any more.
    reference = weakref.ref(pool)
    assign = type(pool)._assign_requests_to_connections

    def assign_free_connections() -> list[Any]:
        # Called with the pool's lock held.
        pool = reference()
        assert pool is not None
        assigned = {id(request.connection) for request in pool._requests}
        taken = [each for each in pool._connections if id(each) in assigned]
        free = [each for each in pool._connections if id(each) not in assigned]
        spoilt = [each for each in free if _has_surplus(each)]
        pool._connections = [each for each in free if each not in spoilt] if spoilt else free
        pool._max_connections -= len(taken)
        try:
            closing: list[Any] = spoilt + assign(pool)
        finally:
            pool._max_connections += len(taken)
            pool._connections = taken + pool._connections
        return closing

    return assign_free_connections


def _has_surplus(connection: Any) -> bool:
    """Whether more came than the answers to all requests so far."""
    while (inner := getattr(connection, "_connection", None)) is not None:
        connection = inner  # that of a proxy has another one in it
    state = getattr(connection, "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])
