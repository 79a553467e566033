# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Locks that nobody waits for in vain.

An interrupt may strike after a lock was taken and before the `with` block that gives it back has
begun. Then it stays taken, and with `threading.Lock` everybody would wait for it for ever.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

__all__ = ["PATIENCE", "PatientLock"]

#: How many seconds a lock is waited for that is held for microseconds.
PATIENCE = 5.0


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
