# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What the pools of both kinds of calls are made of: leases of HTTP clients, and patient locks.

Calls may be under way, in other threads or tasks, when the connections are to be closed. So each
call borrows the HTTP client; one that is no longer wanted is closed by the last call that has it.

An interrupt may strike after a lock was taken and before the `with` block that gives it back has
begun. Then it stays taken, and with `threading.Lock` everybody would wait for it for ever.
"""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from typing import Protocol, Self

    from .http_settings import AsyncHttpxClient, HttpxClient

    class Pool(Protocol):
        """What has connections of this process."""

        def forget(self) -> list[object]: ...


__all__ = ["PATIENCE", "Lease", "PatientLock", "forget_when_forked"]

#: How many seconds a lock is waited for that is held for microseconds.
PATIENCE = 5.0

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


class PatientLock:
    """A lock for a `with` block, which is taken over from a thread that does not give it back.

    The thread that holds it may take it again, so that a thread that was interrupted does not wait
    for itself.

    Attributes:
        is_broken: Whether somebody waited for it in vain, so that what it protects may be half
            done.
    """

    __slots__ = ("_lock", "is_broken")

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.is_broken = False

    def __enter__(self) -> Self:
        if not self._lock.acquire(True, PATIENCE):
            self.take_over()
            self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        try:  # noqa: SIM105 - `suppress` takes longer, and this is part of every call
            self._lock.release()
        except RuntimeError:  # somebody else has taken it over
            pass

    def is_free_within(self, seconds: float | None) -> bool:
        """Wait until nobody else holds the lock.

        Args:
            seconds: How long to wait at most; None for as long as it makes sense.

        Returns:
            Whether it is free, and was given back by everybody before.
        """
        if self.is_broken:
            return False
        longest = PATIENCE if seconds is None else min(max(seconds, 0.0), PATIENCE)
        if not self._lock.acquire(True, longest):
            self.is_broken = True
            return False
        self._lock.release()
        return True

    def let_go(self) -> None:
        """Give back what this thread still holds; for a thread that was interrupted."""
        with suppress(RuntimeError):
            while True:
                self._lock.release()

    def take_over(self) -> None:
        """Take the lock from whoever holds it, and leave it free."""
        self.is_broken = True
        self._lock = threading.RLock()
