# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""HTTP clients that calls borrow, and what becomes of them in a forked process.

Calls may be under way, in other threads or tasks, when the connections are to be closed. So each
call borrows the HTTP client; one that is no longer wanted is closed by the last call that has it.
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from typing import Protocol

    from .http_settings import AsyncHttpxClient, HttpxClient

    class Pool(Protocol):
        """What has connections of this process."""

        def forget(self) -> list[object]: ...


__all__ = ["Lease", "forget_when_forked"]

_Client = TypeVar("_Client", bound="HttpxClient | AsyncHttpxClient")


class Lease(Generic[_Client]):
    """An httpx client, and how many calls use it.

    Args:
        client: The httpx client.
    """

    __slots__ = ("client", "is_retired", "users")

    def __init__(self, client: _Client) -> None:
        self.client = client
        self.users = 0
        #: Whether it is to be closed when the last call has ended.
        self.is_retired = False


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()
# Never used and never closed: closing them would need locks that nobody releases in this process.
_inherited: list[object] = []


def forget_when_forked(pool: Pool) -> None:
    """Let a pool begin without connections in a forked process: two cannot share one.

    Args:
        pool: The pool.
    """
    _pools.add(pool)


def _forget_inherited() -> None:
    for pool in list(_pools):
        _inherited.extend(pool.forget())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
