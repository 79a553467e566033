"""Follows a job to its end, in short turns and over whatever goes wrong in between.

Two operations are used: `wait_for_job`, which holds its response back, and `get_job`, which has the
actual status. The response to a wait is a 500 when the job has failed or is cancelled, empty when
the wait timed out or the job gives nothing, and the job without its result when it has finished.
The operations that wait for runs of checks and for error samples are not used: they respond with
500 however the job ended.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NoReturn

from ..client.errors import ClientError, excerpt
from . import verdicts
from .job_errors import JobCancelled, JobFailed, JobTimeout
from .lookup import ENDED, ask, ask_patiently, judge, raise_forgotten
from .results import Outcome
from .verdicts import LookUp

if TYPE_CHECKING:
    from ..client.models import DqoJobStatus
    from .job import Job
    from .steps import Steps
    from .timing import Run

__all__ = ["follow", "read_entry"]

_logger = logging.getLogger("dqops.jobs")

# For how many seconds more a job is asked for its result whose end is known, while that fails.
_PATIENCE_FOR_RESULT = 60.0


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
    status: DqoJobStatus | None = None
    yield run.report(job, "following")
    while True:
        began, before = run.elapsed, run.now()
        # Waiting for a job that is to be cancelled fails at once, long before it has ended.
        seconds = 0 if status == "cancel_requested" else run.turn()
        told = None
        held_back = False
        run.wanted_pause = 0.0
        if seconds >= 1:
            told = yield from ask_patiently(job, run, "wait_for_job", waiting=seconds)
            # A response that comes long before its time makes a pause necessary.
            held_back = run.problem is None and 2 * (run.elapsed - began) >= seconds
            if told is None and run.problem is None:
                run.count(seconds, before)
        if told is not None and told.status in ENDED:
            told = yield from _with_result(job, run, told)
            return (yield from _outcome(job, run, told))
        if not run.wanted_pause:
            # No body means that the job goes on, or that it has ended without a result; and 500
            # that it has failed, is cancelled, or that the server has a problem.
            told = yield from ask_patiently(job, run, "get_job")
            if told is not None and told.status in ENDED:
                return (yield from _outcome(job, run, told))
        status = getattr(told, "status", None) or None
        _logger.debug("%s: %s after %.1f s", job, status or "not known yet", run.elapsed)
        yield run.report(job, "following", status)
        if run.is_over:
            _raise_timeout(job, run)
        if run.problem is not None or not held_back:
            yield from run.pause(max(next(pauses), run.wanted_pause))
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
        told = yield from ask_patiently(job, run, "get_job")
        if told is not None:
            return told
        if run.is_over:
            _raise_timeout(job, run)
        yield from run.pause(max(next(pauses), run.wanted_pause))


def _with_result(job: Job, run: Run, told: Any) -> Steps[Any]:
    """Ask for the result of a job that has finished.

    Args:
        job: The job.
        run: The times of the call.
        told: What the server told to the one who waited, which comes a moment before it notes the
            result.

    Returns:
        The job with its result; what was told before if there is no telling.

    Raises:
        JobForgotten: The server does not know the job any more. A server that is stopped waits for
            its jobs to finish, and their results go with it.
    """
    if not job.kind.has_result or job.kind.result_in(told) is not None:
        return told
    began = run.elapsed
    pauses = run.pauses()
    while True:
        pause = next(pauses)
        try:
            found = yield from ask(job, run, "get_job", key=job.path_text)
        except ClientError as error:
            verdict = judge(error)
            if verdict is LookUp.UNKNOWN_JOB:
                raise_forgotten(job, error, has_finished=True)
            if verdict is LookUp.REFUSED:
                return told
            run.problem = str(error)
            pause = max(pause, verdicts.seconds_to_wait(error))
        else:
            if found is not None and found.status in ENDED:
                return found
        if run.is_over or run.elapsed - began >= _PATIENCE_FOR_RESULT:
            return told
        yield from run.pause(pause)


def _outcome(job: Job, run: Run, told: Any) -> Steps[Outcome[Any]]:
    """Say what came out of a job that has ended."""
    status: DqoJobStatus = told.status
    run.problem = None
    _logger.info("%s: %s after %.1f s", job, status, run.elapsed)
    yield run.report(job, "ended", status)
    _check_finished(job, status, str(told.error_message or ""))
    return Outcome(
        kind=job.kind.name,
        business_key=job.business_key,
        job_id=job.job_id,
        status=status,
        result=job.kind.result_in(told),
        created_at=job.created_at,
        finished_at=told.status_changed_at or None,
        entry=told,
        submissions=job.submissions,
        attached=job.attached,
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


def _raise_timeout(job: Job, run: Run) -> NoReturn:
    last = f" The last problem: {run.problem}" if run.problem else ""
    if not job.is_known:
        raise JobTimeout(
            f"the server did not report the {job} within {run.timeout:g} s; it is not known "
            f"whether it runs.{last}",
            job,
        )
    raise JobTimeout(
        f"the {job} did not end within {run.timeout:g} s; it goes on. Wait further with the "
        f"exception's handle, or attach to it by its business key.{last}",
        job,
    )
