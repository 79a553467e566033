"""Cancels a job.

The server says 204 to whatever it is asked to cancel, also to a number or key that it does not
know. So only what it says about the job afterwards proves anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from ..client.errors import ClientError
from . import verdicts
from .job_errors import JobTimeout, JobUnreachable
from .lookup import ENDED, ask_patiently, judge
from .steps import Call, Steps
from .verdicts import LookUp

if TYPE_CHECKING:
    from ..client.models import DqoJobStatus
    from .job import Job
    from .timing import Run

__all__ = ["cancel"]

# Seconds after which the server is asked again that has not noted the first request.
_ASK_AGAIN_AFTER = 2.0


def cancel(job: Job, run: Run, *, until_heard: bool = False) -> Steps[DqoJobStatus]:
    """Look a job up, ask the server to cancel it, and follow it to its end.

    Args:
        job: The job. One whose number is not known yet is waited for until the server lists it.
        run: The times of the call.
        until_heard: Whether it is enough that the server has noted the request.

    Returns:
        The status of the job afterwards: `cancelled`, also if it was before; `finished` or `failed`
        if it came first; or `cancel_requested` if that is enough.

    Raises:
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job.
        JobUnreachable: The server refuses.
    """
    pauses = run.pauses()
    asked: float | None = None
    status: DqoJobStatus | None = None
    while True:
        run.wanted_pause = 0.0
        told = yield from ask_patiently(job, run, "get_job")
        if told is not None:
            status = told.status
            if status in ENDED or (until_heard and status == "cancel_requested"):
                return status
            is_due = asked is None or run.elapsed - asked >= _ASK_AGAIN_AFTER
            if status != "cancel_requested" and is_due and (yield from _is_asked(job, run)):
                asked = run.elapsed
                pauses = run.pauses()  # most jobs end within a moment
        if run.is_over:
            _raise_timeout(job, run, status)
        yield from run.pause(max(next(pauses), run.wanted_pause))


def _is_asked(job: Job, run: Run) -> Steps[bool]:
    """Ask the server to cancel a job that it knows; whether that got through."""
    try:
        # By the number: of several jobs of one key the server takes the newest.
        yield Call("cancel_job", run.request_timeout(), (job.path_text,))
    except ClientError as error:
        if judge(error) is LookUp.REFUSED:
            raise JobUnreachable(f"the {job} cannot be cancelled: {error}", job) from error
        run.problem = str(error)
        run.wanted_pause = verdicts.seconds_to_wait(error)
        return False
    return True


def _raise_timeout(job: Job, run: Run, status: DqoJobStatus | None) -> NoReturn:
    last = f". The last problem: {run.problem}" if run.problem else ""
    if status == "cancel_requested":
        what = f"the server accepted the cancellation, but the {job} did not end"
    else:
        what = f"the {job} could not be cancelled"
    raise JobTimeout(f"{what} within {run.timeout:g} s{last}", job)
