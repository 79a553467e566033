"""Drives procedures: does what their steps say, synchronously or asynchronously."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ..client.errors import ClientError
from .calls import call, call_async
from .cancelling import cancel
from .steps import Call, Pause, Step, Steps
from .timing import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..client import AuthenticatedClient, Client
    from .job import Job
    from .progress import AsyncProgressCallback, ProgressCallback
    from .timing import Timing

__all__ = ["cancel_quietly", "cancel_quietly_async", "drive", "drive_async", "step_call"]

T = TypeVar("T")


def drive(
    client: AuthenticatedClient | Client,
    steps: Steps[T],
    *,
    on_progress: ProgressCallback | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Drive a procedure to its end.

    Args:
        client: Where its calls go.
        steps: The procedure.
        on_progress: Who hears its reports.
        sleep: How to pause.

    Returns:
        What it ends with.
    """
    go_on: Callable[[], Step] = partial(next, steps)
    while True:
        try:
            step = go_on()
        except StopIteration as end:
            result: T = end.value
            return result
        if isinstance(step, Call):
            go_on = step_call(client, steps, step)
            continue
        if isinstance(step, Pause):
            sleep(step.seconds)
        elif on_progress is not None:
            on_progress(step.progress)
        go_on = partial(next, steps)


def step_call(
    client: AuthenticatedClient | Client, steps: Steps[Any], step: Call
) -> Callable[[], Step]:
    """Carry out a call of a procedure.

    Args:
        client: Where to send it.
        steps: The procedure.
        step: The call.

    Returns:
        What lets the procedure go on with the answer, or the error, of the call.
    """
    try:
        return partial(steps.send, call(client, step))
    except ClientError as error:
        return partial(steps.throw, error)


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
    from inspect import isawaitable

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
        elif on_progress is not None:
            heard = on_progress(step.progress)
            if isawaitable(heard):
                await heard


def cancel_quietly(client: AuthenticatedClient | Client, job: Job, timing: Timing) -> None:
    """Cancel a job as well as it goes, while an exception is on its way to the caller.

    Args:
        client: Where the job is.
        job: The job; nothing is done about one that was never sent.
        timing: How long it may take.
    """
    if _may_run(job):
        with suppress(Exception):
            drive(client, cancel(job, Run(timing, timing.cancel_within)))


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

    if _may_run(job):
        with suppress(Exception):
            steps = cancel(job, Run(timing, timing.cancel_within))
            await asyncio.wait_for(drive_async(client, steps), timing.cancel_within)


def _may_run(job: Job) -> bool:
    return job.submissions > 0 or job.attached
