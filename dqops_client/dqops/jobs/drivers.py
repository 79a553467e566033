"""Drives procedures: does what their steps say, synchronously or asynchronously."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..client.errors import ClientError
from .calls import call, call_async
from .cancelling import cancel
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
    import asyncio

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
            await asyncio.sleep(step.seconds)
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
    import asyncio

    numbers = iter(range(len(step.procedures)))  # from which each task takes the next one
    results: dict[int, Any] = {}

    async def work() -> None:
        for number in numbers:
            results[number] = await drive_async(client, step.procedures[number])
            await _tell(on_progress, Report(step.report(len(results))))

    tasks = [asyncio.create_task(work()) for _ in range(min(step.limit, len(step.procedures)))]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return [results[number] for number in range(len(step.procedures))]


def cancel_quietly(client: AuthenticatedClient | Client, job: Job, timing: Timing) -> None:
    """Cancel a job as well as it goes, while an exception is on its way to the caller.

    Args:
        client: Where the job is.
        job: The job; nothing is done about one that was never sent.
        timing: How long it may take.
    """
    if job.may_run:
        with suppress(Exception):
            drive(client, cancel(job, Run(timing, timing.cancel_within), until_heard=True))


async def cancel_quietly_async(
    client: AuthenticatedClient | Client, job: Job, timing: Timing
) -> None:
    """Cancel a job as well as it goes, while an exception is on its way to the caller.

    Args:
        client: Where the job is.
        job: The job; nothing is done about one that was never sent.
        timing: How long it may take.
    """
    import asyncio

    if job.may_run:
        with suppress(Exception):
            steps = cancel(job, Run(timing, timing.cancel_within), until_heard=True)
            await asyncio.wait_for(drive_async(client, steps), timing.cancel_within)
