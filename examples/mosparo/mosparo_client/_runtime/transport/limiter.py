# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How many requests are under way at once in an event loop."""

from __future__ import annotations

import asyncio
from collections import deque

__all__ = ["CapacityLimiter"]


class CapacityLimiter:
    """Lets a number of tasks in at once; the others wait outside, first come, first served.

    `asyncio.Semaphore` would do but for its waiting with a time limit, which takes a task of its
    own before Python 3.12, and for trio, under which this one lets everybody in.

    Args:
        places: How many are let in at once; None for any number.
    """

    __slots__ = ("_free", "_waiting")

    def __init__(self, places: int | None) -> None:
        self._free: float = float("inf") if places is None else places
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self, timeout: float | None) -> None:
        """Take a place.

        Args:
            timeout: How many seconds to wait for one; None for any time.

        Raises:
            TimeoutError: None got free in that time.
        """
        if self._free > 0:
            self._free -= 1
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # trio: its users have the limit of the connection pool alone
            self._free -= 1
            return
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        timer = None if timeout is None else loop.call_later(timeout, _give_up, place)
        try:
            await place
        except BaseException:
            if place.done() and not place.cancelled() and place.exception() is None:
                self.leave()  # given at the very moment at which the task was cancelled
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def leave(self) -> None:
        """Give the place back; who waits longest gets it."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


def _give_up(place: asyncio.Future[None]) -> None:
    if not place.done():
        place.set_exception(TimeoutError())
