"""Cancels a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..client.errors import ClientError
from . import verdicts
from .errors import JobTimeout
from .lookup import ask, judge, raise_forgotten, raise_unreachable
from .steps import Call, Pause, Steps
from .verdicts import LookUp

if TYPE_CHECKING:
    from .job import Job
    from .timing import Run

__all__ = ["cancel"]


def cancel(job: Job, run: Run) -> Steps[None]:
    """Ask the server to stop a job, until it has heard.

    Args:
        job: The job. One whose number is not known yet is waited for until the server lists it.
        run: The times of the call.

    Raises:
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job.
        JobUnreachable: The server refuses.
    """
    pauses = run.pauses()
    key = job.business_key
    while True:
        pause = next(pauses)
        try:
            if key != job.business_key:
                # After a restart, the number may be that of somebody else's job.
                yield from ask(job, run, "get_job", key=key)
            yield Call("cancel_job", run.request_timeout(), (key,))
        except ClientError as error:
            verdict = judge(error)
            if verdict is LookUp.REFUSED:
                raise_unreachable(job, error)
            if verdict is LookUp.UNKNOWN_JOB:
                if job.is_known and key == job.business_key:
                    key = str(job.job_id)  # known sooner than the key
                    continue
                if job.is_known or run.elapsed >= run.timing.registered_within:
                    raise_forgotten(job, error)
            if run.is_over:
                message = f"the {job} could not be cancelled within {run.timeout:g} s: {error}"
                raise JobTimeout(message, job) from error
            pause = max(pause, verdicts.seconds_to_wait(error))
        else:
            return
        yield Pause(min(pause, run.remaining))
