"""Patience: how long everything about a job may take, and the times of one run."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from .._runtime.public import publish
from .._runtime.settings.checks import as_seconds
from .._runtime.suggestions import refuse_keywords
from ..client.errors import InvalidRequest
from .progress import JobProgress
from .steps import Pause, Report
from .verdicts import seconds_to_wait, stubborn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta
    from typing import TypeAlias

    from ..client.errors import ClientError
    from ..client.models import DqoJobStatus
    from .job import Job
    from .progress import Phase
    from .steps import Steps

    #: Seconds as a number, or a time span.
    Seconds: TypeAlias = float | timedelta

__all__ = [
    "DEFAULT_TIMEOUT",
    "Run",
    "Timing",
    "check_least",
    "check_timeouts",
    "is_least",
    "timing_of",
]

#: Seconds that a call waits for a job if the caller does not say.
DEFAULT_TIMEOUT = 3600.0

# Seconds between warnings while nothing can be had.
_WARN_EVERY = 60.0

_logger = logging.getLogger("dqops.jobs")

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
        submissions: How often a job is sent at most if the server said each time that it does
            not know it. 1: never again after an ambiguous failure.
        request: The longest time for one request, besides what it is asked to wait.
        turn: The longest time that one request asks the server to wait for the end of the job.
        report_every: The same where a progress callback wants news; at least 1.
        first_pause: The pause before something is tried again; it doubles each time.
        longest_pause: The longest such pause.
        same_answers: How often in a row a look-up may get the same response from something else
            than the server (a login page, a redirection, 511 ...) before `JobUnreachable` is
            raised; half as often for a job that the server has not reported yet, and for what a
            gate reads, which then raises what the request did.
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
    same_answers: int = 10
    cancel_within: float = 10.0

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            check_least(f"Timing: {name}", getattr(self, name), least)


def _checking_names(init: Callable[..., None]) -> Callable[..., None]:
    """Let the constructor refuse unnamed and misspelt times with what may be meant."""

    @wraps(init)
    def checked(self: Timing, *unnamed: Any, **times: Any) -> None:
        if unnamed:
            raise TypeError(
                "Timing() takes keyword arguments only, as in Timing(registered_within=0.5)"
            )
        if wrong := [name for name in times if name not in _LEAST]:
            refuse_keywords("Timing", wrong, _LEAST)
        init(self, **times)

    return checked


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
    "same_answers": 1,
    "cancel_within": 0,
}

Timing.__init__ = _checking_names(Timing.__init__)  # type: ignore[method-assign]


class Run:
    """The time that one call has, from now on.

    Pauses count as time that has passed also where the clock stands still: inside of a test that
    has stopped all clocks, a call ends nevertheless.

    Args:
        timing: How patient to be; None for as usual.
        timeout: Seconds until the deadline, as a number or a timedelta; None for none.
        reports: Whether somebody wants to know how it goes.
        clock: Tells a time in seconds that never goes back.

    Attributes:
        problem: What went wrong with the last request; None if it went well.
        wanted_pause: For how many seconds the server wants to be left alone.
        submitted: When the server took the job on, in seconds since the beginning; 0 if before.

    Raises:
        InvalidRequest: The timeout is negative or no number, or the timing is none.
    """

    def __init__(
        self,
        timing: Timing | None,
        timeout: Seconds | None,
        *,
        reports: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.timing = timing = timing_of(timing)
        self.timeout = None if timeout is None else _seconds_of("timeout", timeout)
        self._clock = clock
        self._started = clock()
        self._unseen = 0.0
        self.problem: str | None = None
        self.wanted_pause = 0.0
        self.submitted = 0.0
        self._same: tuple[str, int] = ("", 0)
        self._warned: float | None = None
        self._turn = min(timing.turn, timing.report_every) if reports else timing.turn

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._started + self._unseen

    def note(self, job: Job, error: ClientError, *, of_submission: bool = False) -> str | None:
        """Note that a look-up failed in a way that may pass, and warn of it each minute.

        Args:
            job: What was asked for.
            error: The failure.
            of_submission: Whether it is not known yet if the server has the job.

        Returns:
            What responded in the server's place, if often enough to give up.
        """
        self.note_problem(error)
        now = self.elapsed
        if self._warned is None or now - self._warned >= _WARN_EVERY:
            self._warned = now
            _logger.warning("%s: cannot be looked up, trying again: %s", job, error)
        responder = stubborn(error, of_submission=of_submission) or ""
        before, count = self._same
        self._same = (responder, count + 1 if responder == before else 1)
        enough = self.timing.same_answers if job.is_known else self.enough_answers
        return responder if responder and self._same[1] >= enough else None

    @property
    def enough_answers(self) -> int:
        """How often in a row something else may respond where no job is under way."""
        return (self.timing.same_answers + 1) // 2

    def note_problem(self, error: ClientError) -> None:
        """Note a failure that may pass.

        Args:
            error: The failure.
        """
        self.problem = str(error)
        self.wanted_pause = seconds_to_wait(error)

    def report(self, job: Job, phase: Phase, status: DqoJobStatus | None = None) -> Report:
        """Describe a job now.

        Args:
            job: The job.
            phase: How far it is.
            status: What the server says.

        Returns:
            The step that tells the caller.
        """
        return Report(
            JobProgress(
                kind=job.kind.name,
                business_key=job.business_key,
                job_id=job.job_id,
                phase=phase,
                status=status,
                elapsed=self.elapsed,
                problem=self.problem,
                label=job.label,
            )
        )

    def went_well(self) -> None:
        """Note that the server has responded."""
        self.problem = None
        self._same = ("", 0)
        self._warned = None

    def pause(self, seconds: float) -> Steps[None]:
        """Make a pause, which counts as time that has passed.

        Args:
            seconds: How long; no longer than until the deadline.
        """
        seconds = min(seconds, self.remaining)
        before = self._clock()
        yield Pause(seconds)
        self.count(seconds, before)

    def now(self) -> float:
        """Tell the time of the clock, for `count`.

        Returns:
            Seconds.
        """
        return self._clock()

    def count(self, seconds: float, since: float) -> None:
        """Count time that has passed, if the clock has not moved on at all.

        Args:
            seconds: How long.
            since: What `now` said before.
        """
        if self._clock() == since:
            self._unseen += seconds

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; 0 after it, infinite without one."""
        return float("inf") if self.timeout is None else max(0.0, self.timeout - self.elapsed)

    def limit(self, timeout: Seconds | None) -> float | None:
        """Shorten the time of a part to what is left.

        Args:
            timeout: Seconds for the part, as a number or a timedelta; None for no limit.

        Returns:
            Seconds; None if neither has a limit.
        """
        seconds = self.remaining if timeout is None else _seconds_of("timeout", timeout)
        found = min(seconds, self.remaining)
        return None if found == float("inf") else found

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
        return Run(self.timing, left, clock=self._clock)

    def pauses(self) -> Iterator[float]:
        """Give growing pauses, each with some chance in it, so that callers do not march in step.

        Yields:
            Seconds.
        """
        pause = self.timing.first_pause
        while True:
            yield pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
            pause = min(2 * pause, self.timing.longest_pause)


def check_least(name: str, value: Any, least: float) -> None:
    """Refuse a number that is too small, and what is no number.

    Args:
        name: What it is, for the message.
        value: The number.
        least: The smallest that will do.

    Raises:
        InvalidRequest: It will not do.
    """
    if not is_least(value, least):
        raise InvalidRequest(f"{name} must be >= {least:g}, got {value!r}")


def is_least(value: Any, least: float) -> bool:
    """Tell whether a value is a number that is large enough.

    Args:
        value: The value.
        least: The smallest that will do.
    """
    try:
        return bool(value >= least and float(value) >= least)
    except (TypeError, OverflowError):  # no number, or one that no clock counts to
        return False


def timing_of(timing: Timing | None) -> Timing:
    """Check what a caller passes as `timing`.

    Args:
        timing: It; None for the usual one.

    Returns:
        The timing.

    Raises:
        InvalidRequest: It is something else.
    """
    if timing is None:
        return Timing()
    if not isinstance(timing, Timing):
        raise InvalidRequest(
            f"timing must be a Timing, as in timing=jobs.Timing(turn=5), got {timing!r}"
        )
    return timing


def _seconds_of(name: str, timeout: Seconds) -> float:
    """Read a timeout.

    Args:
        name: The name of the argument, for the message.
        timeout: Seconds as a number, or a timedelta.

    Returns:
        The seconds.

    Raises:
        InvalidRequest: It is something else, or negative.
    """
    found = as_seconds(timeout)
    if isinstance(found, bool) or not isinstance(found, int | float) or not is_least(found, 0):
        raise InvalidRequest(
            f"{name} must be a number of seconds >= 0 or a timedelta, got {timeout!r}"
        )
    return found


def check_timeouts(**timeouts: Seconds | None) -> None:
    """Refuse what is no timeout.

    Args:
        **timeouts: The arguments by their names; None for no limit.

    Raises:
        InvalidRequest: One is none.
    """
    for name, timeout in timeouts.items():
        if timeout is not None:
            _seconds_of(name, timeout)


publish("jobs", (Timing,), package="dqops")
