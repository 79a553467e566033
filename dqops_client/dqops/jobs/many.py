"""Runs several jobs at the same time, each in a thread of its own."""

from __future__ import annotations

import threading
import time
from contextvars import copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._runtime.public import publish
from ..client.errors import InvalidRequest
from .drivers import cancel_quietly
from .handles import JobHandle
from .procedures import check_many, new_job, not_submitted, places_by_job, submit_and_follow
from .progress import JobProgress, check_callback
from .timing import DEFAULT_TIMEOUT, Run, check_timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from ..client import AuthenticatedClient, Client
    from .kinds import JobRequest
    from .progress import ProgressCallback
    from .results import Outcome
    from .submission import IfExists
    from .timing import Seconds, Timing

__all__ = ["AsCompleted", "JobsInterrupted", "as_completed", "run_many"]

R = TypeVar("R")


class JobsInterrupted(KeyboardInterrupt):
    """Ctrl-C while several jobs were under way.

    Attributes:
        outcomes: For each request, in order, the outcome or the exception; None for a job that had
            not ended.
    """

    def __init__(self, outcomes: Sequence[Outcome[Any] | Exception | None]) -> None:
        ended = sum(each is not None for each in outcomes)
        super().__init__(f"{ended} of {len(outcomes)} jobs had ended; .outcomes has what they gave")
        self.outcomes = list(outcomes)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.outcomes,)


def run_many(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> list[Outcome[R] | Exception]:
    """Submit several jobs, a few at a time, and wait for all of them.

    Each job under way has a thread, which does little but wait for the server.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit. What has not ended by then is a
            `JobTimeout` in the list, and what was not submitted by then never is.
        if_exists: What to do if the server knows a job of a given business key: `raise`; `attach`
            to that one, or submit it anew if it failed or was cancelled; `rerun`, which submits it
            anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with the `JobProgress` of each job, in the thread that calls this.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way: Ctrl-C, SystemExit,
            and what a signal handler raises.
        timing: How patient to be, in detail.

    Returns:
        For each request, in order, the outcome, or the exception that `run` would raise. Requests
        that are equal, business key included, are one job.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
        JobsInterrupted: Ctrl-C; it has the outcomes of the jobs that had ended.
    """
    done = AsCompleted(
        client,
        requests,
        max_concurrent=max_concurrent,
        timeout=timeout,
        total_timeout=total_timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        timing=timing,
    )
    try:
        with done:
            for _ in done:
                pass
    except KeyboardInterrupt as error:
        raise JobsInterrupted(done.outcomes) from error
    return [outcome for outcome in done.outcomes if outcome is not None]


def as_completed(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> AsCompleted[R]:
    """Submit several jobs, a few at a time, and give each outcome as soon as its job has ended.

        with jobs.as_completed(client, requests) as done:
            for request, outcome in done:
                print(request.label, outcome)

    When the loop is left early, no further job is submitted; those under way go on, unless
    `cancel_on_interrupt` says otherwise.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit.
        if_exists: What to do if the server knows a job of a given business key, as with `run_many`.
        on_progress: Called with the `JobProgress` of each job, in the thread that iterates.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way, and leaving the loop
            early.
        timing: How patient to be, in detail.

    Returns:
        What gives, in a `with` block, pairs of a request, and its outcome or the exception that
        `run` would raise. At the end of the block nothing is submitted any more.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
    """
    return AsCompleted(
        client,
        requests,
        max_concurrent=max_concurrent,
        timeout=timeout,
        total_timeout=total_timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        timing=timing,
    )


class AsCompleted(Generic[R]):
    """Jobs under way, and their outcomes as they end; `as_completed` makes one.

    Attributes:
        outcomes: For each request, in order, what has come of it so far; None for nothing yet.
    """

    def __init__(
        self,
        client: AuthenticatedClient | Client,
        requests: Iterable[JobRequest[R]],
        *,
        max_concurrent: int,
        timeout: Seconds | None,
        total_timeout: Seconds | None,
        if_exists: IfExists,
        on_progress: ProgressCallback | None,
        cancel_on_interrupt: bool,
        timing: Timing | None,
    ) -> None:
        self._requests = check_many(requests, max_concurrent)
        check_timeouts(timeout=timeout, total_timeout=total_timeout)
        self.outcomes: list[Outcome[R] | Exception | None] = [None] * len(self._requests)
        self._handles: list[JobHandle[R]] = [
            JobHandle(client, new_job(request), timing) for request in self._requests
        ]
        self._max_concurrent = max_concurrent
        self._timeout = timeout
        self._all = Run(timing, total_timeout)
        check_callback(on_progress)
        self._if_exists: IfExists = if_exists
        self._on_progress = on_progress
        self._cancel_on_interrupt = cancel_on_interrupt
        self._is_interrupted = threading.Event()
        self._news: SimpleQueue[tuple[int, JobProgress | Outcome[R] | BaseException]] = (
            SimpleQueue()
        )
        self._is_entered = False
        self._iterator = self._iterate()

    def __iter__(self) -> Iterator[tuple[JobRequest[R], Outcome[R] | Exception]]:
        if not self._is_entered:  # when a loop without a block is left, nobody would know of it
            raise InvalidRequest(
                "as_completed needs a with block: with as_completed(...) as done: for request, "
                "outcome in done: ...; nothing was sent"
            )
        return self._iterator

    def __enter__(self) -> Self:
        """Begin; jobs are submitted from the first step of the iteration on."""
        self._is_entered = True
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Submit nothing any more."""
        self._iterator.close()

    def _iterate(self) -> Generator[tuple[JobRequest[R], Outcome[R] | Exception], None, None]:
        places = places_by_job(self._requests)
        numbers = iter(places)  # from which each thread takes the next one
        under_way = set(places)
        failed: dict[int, Exception] = {}
        try:
            for _ in range(min(self._max_concurrent, len(places))):
                _start(copy_context().run, self._work, numbers)
            while under_way:
                number, told = self._news.get()
                if isinstance(told, JobProgress):
                    try:
                        self._on_progress(told)  # type: ignore[misc]  # only then there is any
                    except Exception as error:
                        failed[number] = error
                    continue
                under_way.remove(number)
                if isinstance(told, BaseException) and not isinstance(told, Exception):
                    raise told
                ended = failed.get(number, told)
                for place in places[number]:
                    self.outcomes[place] = ended
                for place in places[number]:
                    yield self._requests[place], ended
        except BaseException:
            self._is_interrupted.set()  # nothing is sent any more: it is known which jobs may run
            if self._cancel_on_interrupt:
                _cancel([self._handles[number] for number in under_way])
            raise
        finally:
            self._is_interrupted.set()

    def _work(self, numbers: Iterator[int]) -> None:
        for number in numbers:
            if self._is_interrupted.is_set():
                return
            self._news.put((number, self._outcome(number)))

    def _outcome(self, number: int) -> Outcome[R] | BaseException:
        handle = self._handles[number]
        hears = self._on_progress is not None
        tell = (lambda progress: self._news.put((number, progress))) if hears else None
        try:  # whatever is wrong is told: what waits for news would wait for ever
            if self._all.is_over:
                return not_submitted(handle._job, self._all)
            run = handle._run(self._all.limit(self._timeout), reports=hears)
            request = self._requests[number]
            steps = submit_and_follow(handle._job, request, run, if_exists=self._if_exists)
            ended: Outcome[R] = handle._drive(steps, tell, is_interrupted=self._is_interrupted)
            return ended
        except BaseException as error:
            return error


def _cancel(handles: list[JobHandle[Any]]) -> None:
    """Cancel those jobs that may run, at the same time, within the time that one would have."""
    threads = [
        _start(cancel_quietly, handle._client, handle._job, handle._timing)
        for handle in handles
        if handle._job.may_run
    ]
    end = time.monotonic() + max((each._timing.cancel_within for each in handles), default=0.0)
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def _start(target: Callable[..., object], *arguments: object) -> threading.Thread:
    # A daemon: a server that does not respond must not keep a program from its end after Ctrl-C.
    thread = threading.Thread(target=target, args=arguments, name="dqops-job", daemon=True)
    thread.start()
    return thread


publish("jobs", (AsCompleted, JobsInterrupted), package="dqops")
