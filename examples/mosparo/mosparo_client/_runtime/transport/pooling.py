# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The pool of synchronous calls, and what both pools are made of: leases and patient locks.

A client of ours makes its HTTP client when it is first needed, keeps it while a `with` block is
open or until it is closed, and makes a new one when it is needed again. An HTTP client that the
caller set is used as it is, and never replaced.

Calls may be under way, in other threads or tasks, when the connections are to be closed. So each
call borrows the HTTP client; one that is no longer wanted is closed by the last call that has it.

An interrupt may strike after a lock was taken and before the `with` block that gives it back has
begun. Then it stays taken, and with `threading.Lock` everybody would wait for it for ever.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from .forks import forget_when_forked

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, Self, TypeVar

    from .http_settings import AsyncHttpxClient, HttpxClient

    _Client = TypeVar("_Client", bound=HttpxClient | AsyncHttpxClient)
else:
    from ..public import Generic

    _Client = None


__all__ = ["PATIENCE", "Lease", "PatientLock", "SyncPool"]

#: How many seconds a lock is waited for that is held for microseconds.
PATIENCE = 5.0


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


class SyncPool:
    """The connections of the synchronous side."""

    __slots__ = ("__weakref__", "_depth", "_given", "_lock", "_opened_given", "_own")

    def __init__(self) -> None:
        self._given: Lease[HttpxClient] | None = None
        self._own: Lease[HttpxClient] | None = None
        self._depth = 0
        self._opened_given = False
        self._lock = PatientLock()
        forget_when_forked(self)

    def get(self, create: Callable[[], HttpxClient]) -> HttpxClient:
        """Return the httpx client to use now.

        Args:
            create: Makes a new one.

        Returns:
            The one that was set, or else our own, made now if there is none.
        """
        with self._lock:
            return self._current(create).client

    def borrow(self, create: Callable[[], HttpxClient]) -> Lease[HttpxClient]:
        """Begin a call.

        Args:
            create: Makes a new httpx client.

        Returns:
            What the call uses, and has to give back.
        """
        with self._lock:
            lease = self._current(create)
            lease.users += 1
            return lease

    def give_back(self, lease: Lease[HttpxClient]) -> None:
        """End a call.

        Args:
            lease: What `borrow` returned.
        """
        with self._lock:
            lease.users -= 1
            if lease.users or not lease.is_retired:
                return
        lease.client.close()

    def discard(self, lease: Lease[HttpxClient]) -> None:
        """Use other connections from now on, after an interrupt that may have left these half done.

        Args:
            lease: What `borrow` returned. An httpx client that was set stays.
        """
        _let_go(lease.client)
        with self._lock:
            if lease is not self._given:
                lease.is_retired = True
            if lease is self._own:
                self._own = None
        self._lock.let_go()

    def own_clients(self) -> list[HttpxClient]:
        """List the httpx clients that we made and that are still open."""
        with self._lock:
            own = self._own
            return [own.client] if own is not None and not own.client.is_closed else []

    def give(self, client: HttpxClient) -> None:
        """Use the caller's httpx client from now on.

        Args:
            client: The httpx client.
        """
        with self._lock:
            self._given = Lease(client)
            self._opened_given = False
            own, self._own = self._own, None
        self._retire(own)

    def enter(self, create: Callable[[], HttpxClient]) -> None:
        """Begin a `with` block; blocks may be nested and may overlap between threads.

        Args:
            create: Makes a new httpx client.
        """
        with self._lock:
            lease = self._current(create)
            self._depth += 1
            if self._depth == 1 and lease is self._given:
                # One that calls of an earlier block still have is kept for this one.
                self._opened_given = lease.is_retired or _try_open(lease.client)
                lease.is_retired = False

    def exit(self) -> None:
        """End a `with` block; the outermost one closes what it opened."""
        with self._lock:
            self._depth = max(0, self._depth - 1)
            if self._depth:
                return
            own, self._own = self._own, None
            given = self._given if self._opened_given else None
            self._opened_given = False
        self._retire(own, given)

    def close(self) -> None:
        """Close the connections, those of the caller's httpx client included."""
        with self._lock:
            own, self._own = self._own, None
            given = self._given
            self._opened_given = False
        self._retire(own, given)

    def forget(self) -> list[object]:
        """Let go of connections that belong to the process that this one was forked from."""
        inherited = [self._own]
        self._own = None
        self._lock = PatientLock()
        return [lease for lease in inherited if lease is not None]

    def _current(self, create: Callable[[], HttpxClient]) -> Lease[HttpxClient]:
        if self._given is not None:
            return self._given
        if self._own is None or self._own.client.is_closed:
            self._own = Lease(create())
        return self._own

    def _retire(self, *leases: Lease[HttpxClient] | None) -> None:
        for lease in leases:
            if lease is not None:
                with self._lock:
                    lease.is_retired = True
                    is_used = lease.users > 0
                if not is_used:
                    lease.client.close()


def _try_open(client: HttpxClient) -> bool:
    """Enter an httpx client's context unless it was opened or closed before."""
    try:
        client.__enter__()
    except RuntimeError:  # httpx refuses to open a client twice
        return False
    return True


def _let_go(client: HttpxClient) -> None:
    """Give back the locks of the pools that this thread holds after an interrupt.

    Args:
        client: The client of the HTTP library; one that the caller made has no such locks.
    """
    mounts: dict[Any, Any] = getattr(client, "_mounts", {})
    for transport in (getattr(client, "_transport", None), *mounts.values()):
        release = getattr(transport, "let_go", None)
        if release is not None:
            release()
