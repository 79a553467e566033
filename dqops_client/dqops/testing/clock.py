"""Where the simulator takes its time from.

Jobs move on when their time has come, and nothing in the simulator looks at any other clock.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from .checked_fields import check_time

__all__ = ["Clock", "ManualClock", "SkippingClock", "SystemClock"]

# A wait of more than `threading.TIMEOUT_MAX` seconds raises an OverflowError.
_LONGEST_WAIT = 3600.0


@runtime_checkable
class Clock(Protocol):
    """A source of time."""

    def now(self) -> datetime:
        """Tell the time.

        Returns:
            The time in UTC; never earlier than in an earlier call.
        """
        ...

    def wait(self, condition: threading.Condition, until: datetime) -> None:
        """Wait until a point in time, or until the condition is notified.

        Args:
            condition: A condition whose lock the caller holds. A clock that is moved by hand
                notifies it whenever the time changes.
            until: The time (UTC) after which waiting makes no sense.
        """
        ...


class SystemClock:
    """The time of this machine, unmoved by corrections of its clock while the program runs."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._start_seconds = time.monotonic()

    def now(self) -> datetime:
        """Tell the time.

        Returns:
            The time in UTC.
        """
        return self._start + timedelta(seconds=time.monotonic() - self._start_seconds)

    def wait(self, condition: threading.Condition, until: datetime) -> None:
        """Wait until a point in time, or until the condition is notified.

        Args:
            condition: A condition whose lock the caller holds.
            until: The time (UTC) after which to return in any case.
        """
        seconds = (until - self.now()).total_seconds()
        if seconds > 0:
            condition.wait(min(seconds, _LONGEST_WAIT))


class ManualClock:
    """A clock that stands still until a test moves it.

    Whoever waits for a point in time wakes up when `advance` reaches it, however long that is by
    other clocks.

    Args:
        now: The time to start with; a time without a zone is taken as UTC. The default is the
            same in every run: noon of 15 January 2026.
    """

    def __init__(self, now: datetime = datetime(2026, 1, 15, 12, tzinfo=UTC)) -> None:
        check_time("now", now)
        self._now = now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
        self._lock = threading.Lock()
        self._waiting: dict[int, threading.Condition] = {}

    def now(self) -> datetime:
        """Tell the time.

        Returns:
            The time in UTC.
        """
        return self._now

    def wait(self, condition: threading.Condition, until: datetime) -> None:
        """Wait until the time is moved, or until the condition is notified.

        Args:
            condition: A condition whose lock the caller holds.
            until: Nothing is waited for if this time (UTC) is over.
        """
        with self._lock:
            if self._now >= until:
                return
            # Not forgotten afterwards: there are few, and another thread may wait for the same.
            self._waiting[id(condition)] = condition
        condition.wait()

    def advance(self, seconds: float) -> None:
        """Move the time on, and wake up everybody who waits.

        Args:
            seconds: By how much; not negative.

        Raises:
            ValueError: `seconds` is negative.
        """
        if not seconds >= 0:
            raise ValueError(f"time only moves on, so seconds cannot be {seconds!r}")
        with self._lock:
            self._now += timedelta(seconds=seconds)
            waiting = list(self._waiting.values())
        for condition in waiting:
            # Whoever looked at the time just before holds this lock until it really waits.
            with condition:
                condition.notify_all()


class SkippingClock(ManualClock):
    """A clock that jumps to whatever time is waited for, so that nobody really waits.

    It can be moved by hand, too.

    Args:
        now: The time to start with, as with `ManualClock`.
    """

    def wait(self, condition: threading.Condition, until: datetime) -> None:  # noqa: ARG002 - nobody waits
        """Move the time on.

        Args:
            condition: Not used.
            until: The time (UTC) to move to, unless it is over.
        """
        with self._lock:
            self._now = max(self._now, until)
