# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The end of a call, which all its attempts, waits and reads share.

The HTTP libraries know limits for each step only: a server that sends a byte now and then would
never exceed them. Asynchronous calls are cancelled when their time is over. Synchronous ones cannot
be; for them each read from the network and each write to it gets what is left of the time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from typing import Self, TypeAlias

    import httpx

    TimeoutTuple: TypeAlias = tuple[float | None, float | None, float | None, float | None]

__all__ = ["TimeLeft", "cancelled_at", "now", "time_limits", "within"]

# A socket takes 0 for "do not wait at all", and says so with another exception.
_SHORTEST = 0.001


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


def within(end: float, timeout: TimeoutTuple) -> TimeoutTuple:
    """Shorten the timeouts of a request to what is left.

    Args:
        end: The end of the call, by `time.monotonic`.
        timeout: Those of connecting, reading, writing and waiting for a free connection.

    Returns:
        The shortened timeouts.
    """
    connect, read, write, pool = timeout
    return TimeLeft(end, connect), TimeLeft(end, read), TimeLeft(end, write), TimeLeft(end, pool)


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


def now(timeout: float | None) -> float | None:
    """Tell how long a step may take at this moment.

    Args:
        timeout: Its limit.

    Returns:
        Seconds; None for any time.
    """
    return timeout.now() if type(timeout) is TimeLeft else timeout
