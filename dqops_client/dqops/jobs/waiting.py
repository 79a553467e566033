"""Follows a job to its end, in short turns and over whatever goes wrong in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ..client.errors import ClientError, excerpt
from . import verdicts
from .errors import JobCancelled, JobFailed, JobTimeout
from .lookup import ask, check_type, judge, raise_forgotten, raise_unreachable
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

# For how many seconds more is asked about a job whose end is known, while that fails: what a
# pipeline is after, and what is nice to have.
_PATIENCE_FOR_RESULT = 60.0
_PATIENCE_FOR_ENTRY = 1.0


def follow(job: Job, run: Run) -> Steps[Outcome[Any]]:
    """Follow a job to its end.

    Args:
        job: The job.
        run: The times of the call.

    Returns:
        The outcome.

    Raises:
        JobFailed: The job ended with an error.
        JobCancelled: It was cancelled.
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job any more.
        JobUnreachable: The server refuses to tell.
        InvalidRequest: It is a job of another kind.
    """
    pauses = run.pauses()
    yield Report(JobProgress.of(job, run, "following"))
    while True:
        began = run.clock()
        seconds = run.turn()
        told = None
        held_back = False
        run.wanted_pause = 0.0
        if seconds >= 1:
            told = yield from _asked(job, run, job.kind.wait_operation, waiting=seconds)
            # An answer that comes long before its time makes a pause necessary.
            held_back = run.problem is None and 2 * (run.clock() - began) >= seconds
        if told is None and not run.wanted_pause:
            # No body means that the job goes on, or that it has ended without a result.
            told = yield from _asked(job, run, "get_job")
        if told is not None and told.status in _ENDED:
            return (yield from _outcome(job, run, told))
        yield Report(JobProgress.of(job, run, "following", getattr(told, "status", None) or None))
        if run.is_over:
            _raise_timeout(job, run)
        if run.problem is not None or not held_back:
            yield Pause(min(max(next(pauses), run.wanted_pause), run.remaining))
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
        InvalidRequest: It is a job of another kind.
    """
    pauses = run.pauses()
    while True:
        run.wanted_pause = 0.0
        told = yield from _asked(job, run, "get_job")
        if told is not None:
            return told
        if run.is_over:
            _raise_timeout(job, run)
        yield Pause(min(max(next(pauses), run.wanted_pause), run.remaining))


def _asked(job: Job, run: Run, operation: str, *, waiting: int | None = None) -> Steps[Any]:
    """Ask for a job; None if there is no body, or if something went wrong that will pass."""
    try:
        told = yield from ask(job, run, operation, key=job.path_text, waiting=waiting)
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
    check_type(job, told)
    return told


def _outcome(job: Job, run: Run, told: Any) -> Steps[Outcome[Any]]:
    """Complete what is known of a job that has ended."""
    status: DqoJobStatus = told.status
    # Two operations give the result and little more; all others give the job, and the result is
    # somewhere in it.
    if hasattr(told, "job_type"):
        entry, result = told, job.kind.result_in(told)
        if result is None and job.kind.has_own_wait and status == "finished":
            answer = yield from _details(
                job, run, job.kind.wait_operation, waiting=1, patience=_PATIENCE_FOR_RESULT
            )
            result = None if answer is None else answer.result or None
    else:
        entry = yield from _details(job, run, "get_job", patience=_PATIENCE_FOR_ENTRY)
        result = told.result or None
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


def _details(
    job: Job, run: Run, operation: str, *, waiting: int | None = None, patience: float
) -> Steps[Any]:
    """Ask for more about a job whose end is known; None if there is no telling."""
    began = run.clock()
    pauses = run.pauses()
    while True:
        try:
            return (yield from ask(job, run, operation, key=job.path_text, waiting=waiting))
        except ClientError as error:
            is_late = run.is_over or run.clock() - began >= patience
            if is_late or judge(error) is not LookUp.PASSING:
                return None
            pause = max(next(pauses), verdicts.seconds_to_wait(error))
        yield Pause(min(pause, run.remaining))


def _raise_timeout(job: Job, run: Run) -> NoReturn:
    last = f" The last problem: {run.problem}" if run.problem else ""
    raise JobTimeout(
        f"the {job} did not end within {run.timeout:g} s; it goes on. Wait further with the "
        f"exception's handle, or attach to it by its business key.{last}",
        job,
    )
