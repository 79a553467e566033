"""Where the simulator takes its time from.

Jobs move on when their time has come, and nothing in the simulator looks at any other clock. A
clock of another kind (virtual time, moved by hand) only has to have these two methods.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading

__all__ = ["Clock", "SystemClock"]


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
        self._start = datetime.now(timezone.utc)
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
            # A wait of more than `threading.TIMEOUT_MAX` seconds raises an OverflowError.
            condition.wait(min(seconds, 3600.0))
