"""Drives procedures: does what their steps say, synchronously or asynchronously."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..client.errors import ClientError
from .calls import call, call_async
from .cancelling import cancel
from .progress import check_callback
from .steps import Call, Pause, Report, Step, Steps, Together
from .timing import Run

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from ..client import AuthenticatedClient, Client
    from .job import Job
    from .progress import AsyncProgressCallback, ProgressCallback
    from .timing import Timing

__all__ = [
    "InterruptedDriveError",
    "cancel_quietly",
    "cancel_quietly_async",
    "drive",
    "drive_async",
]

T = TypeVar("T")

# Seconds for the last request to end by its own time limit.
_GRACE = 1.0


class InterruptedDriveError(BaseException):
    """The drive of a procedure was interrupted; what was sent by then was counted."""


def drive(
    client: AuthenticatedClient | Client,
    steps: Steps[T],
    *,
    on_progress: ProgressCallback | None = None,
    is_interrupted: threading.Event | None = None,
) -> T:
    """Drive a procedure to its end.

    Args:
        client: Where its calls go.
        steps: The procedure.
        on_progress: Who hears its reports.
        is_interrupted: What another thread sets to end the drive; a call under way ends first, and
            no other one begins.

    Returns:
        What it ends with.

    Raises:
        InterruptedDriveError: Another thread has ended the drive.
    """
    check_callback(on_progress)
    sleep = time.sleep if is_interrupted is None else is_interrupted.wait
    go_on: Callable[[], Step] = partial(next, steps)
    while True:
        try:
            step = go_on()
        except StopIteration as end:
            result: T = end.value
            return result
        if is_interrupted is not None and is_interrupted.is_set():
            raise InterruptedDriveError
        go_on = partial(next, steps)
        if isinstance(step, Call):
            try:
                go_on = partial(steps.send, call(client, step))
            except ClientError as error:
                go_on = partial(steps.throw, error)
        elif isinstance(step, Pause):
            sleep(step.seconds)
        elif isinstance(step, Together):
            try:
                go_on = partial(steps.send, _drive_together(client, step, on_progress))
            except ClientError as error:
                go_on = partial(steps.throw, error)
        elif on_progress is not None:
            on_progress(step.progress)


def _drive_together(
    client: AuthenticatedClient | Client, step: Together, on_progress: ProgressCallback | None
) -> list[Any]:
    """Drive procedures in threads; `on_progress` is called in the thread that calls this."""
    from .threads import run_in_threads

    def tell(ended: int) -> None:
        if on_progress is not None:
            on_progress(step.report(ended))

    def task(steps: Steps[Any]) -> Callable[[threading.Event], Any]:
        return lambda is_interrupted: drive(client, steps, is_interrupted=is_interrupted)

    return run_in_threads([task(each) for each in step.procedures], step.limit, tell)


async def drive_async(
    client: AuthenticatedClient | Client,
    steps: Steps[T],
    *,
    on_progress: AsyncProgressCallback | None = None,
) -> T:
    """Drive a procedure to its end without blocking the event loop.

    Args:
        client: Where its calls go.
        steps: The procedure.
        on_progress: Who hears its reports.

    Returns:
        What it ends with.
    """
    import anyio  # it comes with httpx

    check_callback(on_progress)
    go_on: Callable[[], Step] = partial(next, steps)
    while True:
        try:
            step = go_on()
        except StopIteration as end:
            result: T = end.value
            return result
        go_on = partial(next, steps)
        if isinstance(step, Call):
            try:
                go_on = partial(steps.send, await call_async(client, step))
            except ClientError as error:
                go_on = partial(steps.throw, error)
        elif isinstance(step, Pause):
            await anyio.sleep(step.seconds)
        elif isinstance(step, Together):
            try:
                go_on = partial(steps.send, await _drive_together_async(client, step, on_progress))
            except ClientError as error:
                go_on = partial(steps.throw, error)
        else:
            await _tell(on_progress, step)


async def _tell(on_progress: AsyncProgressCallback | None, report: Report) -> None:
    from inspect import isawaitable

    if on_progress is not None:
        heard = on_progress(report.progress)
        if isawaitable(heard):
            await heard


async def _drive_together_async(
    client: AuthenticatedClient | Client,
    step: Together,
    on_progress: AsyncProgressCallback | None,
) -> list[Any]:
    """Drive procedures in tasks, so many at a time."""
    from .tasks import run_in_tasks

    ended = 0

    async def work(steps: Steps[Any]) -> Any:
        nonlocal ended
        result = await drive_async(client, steps)
        ended += 1
        await _tell(on_progress, Report(step.report(ended)))
        return result

    return await run_in_tasks([partial(work, each) for each in step.procedures], step.limit)


def cancel_quietly(client: AuthenticatedClient | Client, job: Job, timing: Timing) -> None:
    """Cancel a job (best-effort) while an exception is on its way to the caller.

    That takes `cancel_within` at most, and a second interrupt does not keep it from being done; a
    third one does.

    Args:
        client: Where the job is.
        job: The job; nothing is done about one that was never sent.
        timing: How long it may take.
    """
    import threading

    if not job.may_run:
        return
    steps = cancel(job, Run(timing, timing.cancel_within), until_heard=True)

    is_done = threading.Event()

    def work() -> None:
        try:
            with suppress(Exception):
                drive(client, steps)
        finally:
            is_done.set()

    # In a thread of its own, because signals interrupt the main one only. A daemon: a server that
    # does not respond must not keep a program from its end.
    thread = threading.Thread(target=work, name="dqops-cancel", daemon=True)
    longest = timing.cancel_within + _GRACE
    began = time.monotonic()
    try:
        thread.start()
        is_done.wait(longest)
    except BaseException:
        is_done.wait(max(0.0, longest - (time.monotonic() - began)))


async def cancel_quietly_async(
    client: AuthenticatedClient | Client, job: Job, timing: Timing
) -> None:
    """Cancel a job (best-effort) while an exception is on its way to the caller.

    Args:
        client: Where the job is.
        job: The job; nothing is done about one that was never sent.
        timing: How long it may take.
    """
    import anyio

    if job.may_run:
        steps = cancel(job, Run(timing, timing.cancel_within), until_heard=True)
        # In a scope that was cancelled nothing could be sent any more.
        with suppress(Exception), anyio.move_on_after(timing.cancel_within, shield=True):
            await drive_async(client, steps)
