"""Patience: how long everything about a job may take, and the times of one run."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..client.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["DEFAULT_TIMEOUT", "Run", "Timing"]

#: Seconds that a call waits for a job if the caller does not say.
DEFAULT_TIMEOUT = 3600.0

# The least that a request is given, in seconds, when the deadline is all but over.
_SHORTEST_REQUEST = 1.0
# The same for judging the outcome of a run.
_SHORTEST_JUDGING = 60.0


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How patient `dqops.jobs` is; all times in seconds.

    Args:
        registered_within: After a submission that failed half-way, how long the server may take to
            list the job under its business key. What is not listed by then is taken for not
            accepted. **That a job runs only once rests on this figure**: make it longer where
            requests may hang in a proxy before they reach the server.
        listed_within: How long a job that somebody else has submitted may take to be found by its
            key. The server lists a job as soon as it has taken it on.
        connect_within: For how long a submission is tried again while no connection can be opened,
            in which case nothing was sent.
        submissions: How often a job is sent at most if the server answered each time that it does
            not know it. 1: never again after an ambiguous failure.
        request: The longest time for one request, besides what it is asked to wait.
        turn: The longest time that one request asks the server to wait for the end of the job.
        report_every: The same where a progress callback wants news; at least 1.
        first_pause: The pause before something is tried again; it doubles each time.
        longest_pause: The longest such pause.
        cancel_within: How long cancelling may take after Ctrl-C or the cancellation of a task.

    Raises:
        InvalidRequest: A time is negative, or there is no submission.
    """

    registered_within: float = 10.0
    listed_within: float = 2.0
    connect_within: float = 30.0
    submissions: int = 5
    request: float = 30.0
    turn: float = 20.0
    report_every: float = 2.0
    first_pause: float = 0.1
    longest_pause: float = 5.0
    cancel_within: float = 10.0

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not value >= least:
                raise InvalidRequest(f"Timing: {name} is at least {least:g}, not {value!r}")


_LEAST = {
    "registered_within": 0,
    "listed_within": 0,
    "connect_within": 0,
    "submissions": 1,
    "request": 0.001,
    "turn": 1,
    "report_every": 1,
    "first_pause": 0.001,
    "longest_pause": 0.001,
    "cancel_within": 0,
}


class Run:
    """The time that one call has, from now on.

    Args:
        timing: How patient to be.
        timeout: Seconds until the deadline; None for none.
        reports: Whether somebody wants to know how it goes.
        clock: Tells a time in seconds that never goes back.

    Attributes:
        problem: What went wrong with the last request; None if it went well.
        wanted_pause: For how many seconds the server wants to be left alone.

    Raises:
        InvalidRequest: The timeout is negative, or no number.
    """

    def __init__(
        self,
        timing: Timing,
        timeout: float | None,
        *,
        reports: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if timeout is not None and not timeout >= 0:
            raise InvalidRequest(f"timeout is a number of seconds from 0, not {timeout!r}")
        self.timing = timing
        self.timeout = timeout
        self.clock = clock
        self.started = clock()
        self.problem: str | None = None
        self.wanted_pause = 0.0
        self._turn = min(timing.turn, timing.report_every) if reports else timing.turn

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self.clock() - self.started

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; 0 after it, infinite without one."""
        return float("inf") if self.timeout is None else max(0.0, self.timeout - self.elapsed)

    @property
    def is_over(self) -> bool:
        """Whether the deadline is reached."""
        return self.remaining <= 0

    def turn(self) -> int:
        """Tell how long the next request may ask the server to wait.

        Returns:
            Whole seconds, as the server takes no others; 0 if the deadline is nearer than one.
        """
        return int(min(self._turn, self.remaining))

    def request_timeout(self, waiting: float = 0.0) -> float:
        """Tell how long the next request may take.

        Args:
            waiting: Seconds that it asks the server to wait.

        Returns:
            Seconds; less than usual where the deadline is near.
        """
        longest = self.timing.request + waiting
        return min(longest, max(self.remaining, _SHORTEST_REQUEST))

    def for_judging(self) -> Run:
        """Make the times of judging what was run in this time.

        Returns:
            A run until the same deadline, but of a minute at least.
        """
        left = None if self.timeout is None else max(self.remaining, _SHORTEST_JUDGING)
        return Run(self.timing, left, clock=self.clock)

    def pauses(self) -> Iterator[float]:
        """Give growing pauses, each with some chance in it, so that callers do not march in step.

        Yields:
            Seconds.
        """
        pause = self.timing.first_pause
        while True:
            yield pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            pause = min(2 * pause, self.timing.longest_pause)
