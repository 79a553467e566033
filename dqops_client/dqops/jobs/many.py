"""Runs several jobs at the same time, each in a thread of its own."""

from __future__ import annotations

import threading
import time
from contextvars import copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from .drivers import cancel_quietly
from .handles import JobHandle
from .procedures import check_many, new_job, submit_and_follow
from .progress import JobProgress
from .timing import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..client import AuthenticatedClient, Client
    from .kinds import JobRequest
    from .outcome import Outcome
    from .progress import ProgressCallback
    from .submission import IfExists
    from .timing import Seconds, Timing

__all__ = ["run_many"]

R = TypeVar("R")


def run_many(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
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
        if_exists: What to do if the server knows a job of a given business key: `raise`; `attach`
            to that one, or submit it anew if it failed or was cancelled; or `join` it, whatever
            became of it.
        on_progress: Called with the `JobProgress` of each job, in the thread that calls this.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way: Ctrl-C, SystemExit,
            and what a signal handler raises.
        timing: How patient to be, in detail.

    Returns:
        For each request, in order, the outcome, or the exception that `run` would raise.

    Raises:
        InvalidRequest: Two requests have the same business key, or `max_concurrent` is below 1.
    """
    listed = list(requests)
    check_many(listed, max_concurrent)
    handles: list[JobHandle[R]] = [
        JobHandle(client, new_job(request), timing) for request in listed
    ]
    numbers = iter(range(len(listed)))  # from which each thread takes the next one
    news: SimpleQueue[tuple[int, JobProgress | Outcome[R] | BaseException]] = SimpleQueue()
    is_interrupted = threading.Event()

    def work() -> None:
        for number in numbers:
            if is_interrupted.is_set():
                return
            news.put((number, outcome(number)))

    def outcome(number: int) -> Outcome[R] | BaseException:
        handle = handles[number]
        run = handle._run(timeout, reports=on_progress is not None)
        steps = submit_and_follow(handle._job, listed[number], run, if_exists=if_exists)
        tell = None if on_progress is None else lambda progress: news.put((number, progress))
        try:
            ended: Outcome[R] = handle._drive(steps, tell, is_interrupted=is_interrupted)
            return ended
        except BaseException as error:
            return error

    found: dict[int, Outcome[R] | Exception] = {}
    under_way = set(range(len(listed)))
    try:
        for _ in range(min(max_concurrent, len(listed))):
            _start(copy_context().run, work)
        while under_way:
            number, told = news.get()
            if isinstance(told, JobProgress):
                try:
                    on_progress(told)  # type: ignore[misc]  # only then there is any
                except Exception as error:
                    found[number] = error
                continue
            under_way.remove(number)
            if isinstance(told, BaseException) and not isinstance(told, Exception):
                raise told
            found.setdefault(number, told)
    except BaseException:
        is_interrupted.set()  # from now on nothing is sent, so it is known which jobs may run
        if cancel_on_interrupt:
            _cancel([handles[number] for number in under_way])
        raise
    finally:
        is_interrupted.set()
    return [found[number] for number in range(len(listed))]


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
    # A daemon: a server that does not answer must not keep a program from its end after Ctrl-C.
    thread = threading.Thread(target=target, args=arguments, name="dqops-job", daemon=True)
    thread.start()
    return thread
