"""Runs several jobs at the same time in one thread, by looking at each in turn."""

from __future__ import annotations

import heapq
import time
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .drivers import cancel_quietly, step_call
from .handles import JobHandle
from .procedures import check_many, new_job, submit_and_follow
from .steps import Call, Pause
from .timing import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..client import AuthenticatedClient, Client
    from .kinds import JobRequest
    from .outcome import Outcome
    from .progress import ProgressCallback
    from .steps import Step, Steps
    from .submission import IfExists
    from .timing import Timing

__all__ = ["run_many"]

R = TypeVar("R")


def run_many(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: float | None = DEFAULT_TIMEOUT,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> list[Outcome[R] | Exception]:
    """Submit several jobs, a few at a time, and wait for all of them.

    It needs no threads: the jobs run on the server, and this looks at one after the other. A
    request that hangs holds up the others; `aio.run_many` has no such limit.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        if_exists: What to do if the server knows a job of a given business key: `raise`, or
            `attach` to that one.
        on_progress: Called with the `JobProgress` of each job.
        cancel_on_interrupt: Whether KeyboardInterrupt and SystemExit cancel the jobs under way.
        timing: How patient to be, in detail.

    Returns:
        For each request, in order, the outcome, or the exception that `run` would raise.

    Raises:
        InvalidRequest: Two requests have the same business key, or `max_concurrent` is below 1.
    """
    listed = list(requests)
    check_many(listed, max_concurrent)
    waiting = deque(range(len(listed)))
    found: dict[int, Outcome[R] | Exception] = {}
    # When each job under way is to be looked at next.
    due: list[tuple[float, int]] = []
    under_way: dict[int, _UnderWay[R]] = {}
    try:
        while waiting or due:
            while waiting and len(due) < max_concurrent:
                number = waiting.popleft()
                handle: JobHandle[R] = JobHandle(client, new_job(listed[number]), timing)
                times = handle._run(timeout)
                steps = submit_and_follow(
                    handle._job, listed[number], times, if_exists=if_exists, polls=True
                )
                under_way[number] = _UnderWay(handle, steps, on_progress)
                heapq.heappush(due, (time.monotonic(), number))
            moment, number = heapq.heappop(due)
            time.sleep(max(0.0, moment - time.monotonic()))
            try:
                pause = under_way[number].advance()
            except StopIteration as end:
                found[number] = end.value
            except Exception as error:
                found[number] = error
            else:
                heapq.heappush(due, (time.monotonic() + pause, number))
                continue
            del under_way[number]
    except (KeyboardInterrupt, SystemExit):
        if cancel_on_interrupt:
            _cancel([each.handle for each in under_way.values()])
        raise
    return [found[number] for number in range(len(listed))]


class _UnderWay(Generic[R]):
    """A job under way.

    Args:
        handle: The job.
        steps: Its procedure.
        on_progress: Who hears its reports.
    """

    def __init__(
        self, handle: JobHandle[R], steps: Steps[Any], on_progress: ProgressCallback | None
    ) -> None:
        self.handle = handle
        self._steps = steps
        self._on_progress = on_progress
        self._go_on: Callable[[], Step] = partial(next, steps)

    def advance(self) -> float:
        """Do everything until the next pause.

        Returns:
            The length of the pause in seconds.

        Raises:
            StopIteration: The job has ended; the value is the outcome.
        """
        with self.handle._named_in_errors():
            while True:
                step = self._go_on()
                if isinstance(step, Call):
                    self._go_on = step_call(self.handle._client, self._steps, step)
                    continue
                self._go_on = partial(next, self._steps)
                if isinstance(step, Pause):
                    return step.seconds
                if self._on_progress is not None:
                    self._on_progress(step.progress)


def _cancel(handles: list[JobHandle[Any]]) -> None:
    """Cancel jobs within the time that one of them would have."""
    if not handles:
        return
    timing = handles[0]._timing
    end = time.monotonic() + timing.cancel_within
    for handle in handles:
        left = end - time.monotonic()
        if left <= 0:
            return
        cancel_quietly(handle._client, handle._job, replace(timing, cancel_within=left))
