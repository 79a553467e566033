"""Follows a job to its end, in short turns and over whatever goes wrong in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ..client.errors import ClientError, excerpt
from . import verdicts
from .errors import JobCancelled, JobFailed, JobTimeout
from .lookup import ask, judge, raise_forgotten, raise_unreachable
from .outcome import Outcome
from .progress import JobProgress
from .steps import Pause, Report, Steps
from .verdicts import LookUp

if TYPE_CHECKING:
    from ..client.models import DqoJobStatus
    from .job import Job
    from .timing import Run

__all__ = ["follow", "read_entry"]

_ENDED = frozenset({"finished", "failed", "cancelled"})

# How often the details of a job that has ended are asked for if that fails; the job's end is known.
_ATTEMPTS_FOR_DETAILS = 4


def follow(job: Job, run: Run, *, polls: bool = False) -> Steps[Outcome[Any]]:
    """Follow a job to its end.

    Args:
        job: The job.
        run: The times of the call.
        polls: Whether to look at the job from time to time instead of letting the server hold back
            its answer, so that a single thread can follow many jobs.

    Returns:
        The outcome.

    Raises:
        JobFailed: The job ended with an error.
        JobCancelled: It was cancelled.
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job any more.
        JobUnreachable: The server refuses to tell.
    """
    pauses = run.pauses()
    yield Report(JobProgress.of(job, run, "following"))
    while True:
        began = run.clock()
        seconds = 0 if polls else run.turn()
        told = None
        held_back = False
        if seconds >= 1:
            told = yield from _asked(job, run, job.kind.wait_operation, waiting=seconds)
            # An answer that comes long before its time makes a pause necessary.
            held_back = run.problem is None and 2 * (run.clock() - began) >= seconds
        if told is None:
            # No body means that the job goes on, or that it has ended without a result.
            told = yield from _asked(job, run, "get_job")
        if told is not None and told.status in _ENDED:
            return (yield from _outcome(job, run, told))
        yield Report(JobProgress.of(job, run, "following", getattr(told, "status", None) or None))
        if run.is_over:
            _raise_timeout(job, run)
        if run.problem is not None or not held_back:
            pause = min(next(pauses), run.timing.report_every) if polls else next(pauses)
            yield Pause(min(max(pause, run.wanted_pause), run.remaining))
        else:
            pauses = run.pauses()


def read_entry(job: Job, run: Run) -> Steps[Any]:
    """Ask what the server tells about a job, until it does.

    Args:
        job: The job.
        run: The times of the call.

    Returns:
        The entry of the job history.

    Raises:
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job.
        JobUnreachable: The server refuses to tell.
    """
    pauses = run.pauses()
    while True:
        told = yield from _asked(job, run, "get_job")
        if told is not None:
            return told
        if run.is_over:
            _raise_timeout(job, run)
        yield Pause(min(max(next(pauses), run.wanted_pause), run.remaining))


def _asked(job: Job, run: Run, operation: str, *, waiting: int | None = None) -> Steps[Any]:
    """Ask for a job; None if there is no body, or if something went wrong that will pass."""
    run.wanted_pause = 0.0
    try:
        return (yield from ask(job, run, operation, key=job.path_text, waiting=waiting))
    except ClientError as error:
        verdict = judge(error)
        if verdict is LookUp.REFUSED:
            raise_unreachable(job, error)
        if verdict is LookUp.UNKNOWN_JOB and (
            # Whoever attaches to a job may be faster than the server is in listing it.
            job.is_known or run.elapsed >= run.timing.registered_within
        ):
            raise_forgotten(job, error)
        run.problem = str(error)
        run.wanted_pause = verdicts.seconds_to_wait(error)
        return None


def _outcome(job: Job, run: Run, told: Any) -> Steps[Outcome[Any]]:
    """Complete what is known of a job that has ended."""
    status: DqoJobStatus = told.status
    # Two operations give the result and little more; all others give the job, and the result is
    # somewhere in it.
    if hasattr(told, "job_type"):
        entry, result = told, job.kind.result_in(told)
        if result is None and job.kind.has_own_wait and status == "finished":
            answer = yield from _details(job, run, job.kind.wait_operation, waiting=1)
            result = None if answer is None else answer.result or None
    else:
        entry, result = (yield from _details(job, run, "get_job")), told.result or None
    run.problem = None
    yield Report(JobProgress.of(job, run, "ended", status))
    _check_finished(job, status, str(getattr(entry, "error_message", "") or ""))
    return Outcome(
        kind=job.kind.name,
        business_key=job.business_key,
        job_id=job.job_id,
        status=status,
        result=result,
        created_at=job.created_at,
        finished_at=getattr(entry, "status_changed_at", None) or None,
        entry=entry,
        submissions=job.submissions,
        _job=job,
    )


def _check_finished(job: Job, status: str, error_message: str) -> None:
    if status == "cancelled":
        raise JobCancelled(f"the {job} was cancelled; its work may be done in part", job)
    if status == "failed":
        why = "the server does not say why"
        if error_message:
            why = f"the server says: {excerpt(error_message)}"
        raise JobFailed(f"the {job} failed: {why}. The server's log holds more", job, error_message)


def _details(job: Job, run: Run, operation: str, *, waiting: int | None = None) -> Steps[Any]:
    """Ask for more about a job whose end is known; None if there is no telling."""
    pauses = run.pauses()
    for _ in range(_ATTEMPTS_FOR_DETAILS):
        pause = next(pauses)
        try:
            return (yield from ask(job, run, operation, key=job.path_text, waiting=waiting))
        except ClientError as error:
            if judge(error) is not LookUp.PASSING:
                return None
        yield Pause(pause)
    return None


def _raise_timeout(job: Job, run: Run) -> NoReturn:
    last = f" The last problem: {run.problem}" if run.problem else ""
    raise JobTimeout(
        f"the {job} did not end within {run.timeout:g} s; it goes on. Wait further with the "
        f"exception's handle, or attach to it by its business key.{last}",
        job,
    )
