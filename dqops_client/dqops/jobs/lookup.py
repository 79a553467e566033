"""Asks the server about a job, and judges what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ..client.errors import ClientError, DecodeError, InvalidRequest
from . import verdicts
from .job_errors import JobForgotten, JobUnreachable
from .steps import Call, Steps
from .verdicts import LookUp

if TYPE_CHECKING:
    from .job import Job
    from .timing import Run

__all__ = ["ENDED", "ask", "ask_patiently", "judge", "look_up", "raise_forgotten"]

#: The statuses that are the last ones.
ENDED = frozenset({"finished", "failed", "cancelled"})


def ask(job: Job, run: Run, operation: str, *, key: str, waiting: int | None = None) -> Steps[Any]:
    """Ask for a job once.

    Args:
        job: The job; it learns its number from the response.
        run: The times of the call.
        operation: The operation's name.
        key: What stands for the job in the path.
        waiting: Seconds that the server is asked to wait; None for an operation that does not.

    Returns:
        The model that came; None for no body.

    Raises:
        ClientError: The request failed, or what came is about another job.
    """
    arguments = {} if waiting is None else {"wait_timeout": waiting}
    timeout = run.request_timeout(waiting or 0)
    found = yield Call(operation, timeout, (key,), arguments)
    if found is None or job.learn(found.job_id):
        run.went_well()
        job.is_listed = True
        return found
    if job.is_former(found.job_id):
        raise _OtherJobError(f"{operation}: the key still belongs to the job that failed before")
    if key == job.business_key or job.is_named_by(found.job_id):
        # No proof of anything, least of all that the server does not know the job.
        raise DecodeError(
            "the response is about another job than the one that was asked for", operation=operation
        )
    raise _OtherJobError(f"{operation}: the number {key} now belongs to another job")


class _OtherJobError(ClientError):
    """The number or key of our job is another one's, so the server does not know ours."""


def ask_patiently(job: Job, run: Run, operation: str, *, waiting: int | None = None) -> Steps[Any]:
    """Ask for a job once, and put up with what may pass; the run notes the problem.

    Args:
        job: The job; it learns its number from the response.
        run: The times of the call.
        operation: The operation's name.
        waiting: Seconds that the server is asked to wait; None for an operation that does not.

    Returns:
        The model that came; None for no body, or if something went wrong that may pass.

    Raises:
        JobForgotten: The server does not know the job.
        JobUnreachable: The server refuses to tell.
        InvalidRequest: It is a job of another kind.
    """
    try:
        told = yield from ask(job, run, operation, key=job.path_text, waiting=waiting)
    except ClientError as error:
        verdict = judge(error)
        if verdict is LookUp.REFUSED:
            _raise_unreachable(job, error)
        if verdict is LookUp.UNKNOWN_JOB and (
            job.is_listed or run.elapsed - run.submitted >= _listing_time(job, run)
        ):
            raise_forgotten(job, error)
        if operation != "get_job":
            run.note_problem(error)  # what counts is the look-up that follows
            return None
        responder = run.note(job, error)
        if responder is not None:
            _raise_unreachable(job, error, responder)
        return None
    _check_type(job, told)
    return told


def _listing_time(job: Job, run: Run) -> float:
    """Tell for how many seconds the server may fail to list a job that it has taken on.

    Whoever attaches to a job, or has just submitted it, may be faster than the server, which lists
    it within milliseconds. A submission that was lost may still be under way to the server.
    """
    timing = run.timing
    is_there = job.attached or job.is_known
    return timing.listed_within if is_there else timing.registered_within


def look_up(job: Job, run: Run, *, patience: float) -> Steps[Any]:
    """Look a job up by its business key, until it is certain whether the server knows it.

    Args:
        job: The job; it learns its number.
        run: The times of the call.
        patience: Seconds that it may take until the job is listed. A response that the server does
            not know it is believed only if it was asked for after that time.

    Returns:
        What the server tells; None if it does not know the job; the last error if the deadline
        came first.

    Raises:
        ClientError: The server refuses to tell.
    """
    began = run.elapsed
    pauses = run.pauses()
    while True:
        asked = run.elapsed - began
        pause = next(pauses)
        try:
            found = yield from ask(job, run, "get_job", key=job.business_key)
        except ClientError as error:
            verdict = judge(error)
            if verdict is LookUp.REFUSED:
                raise
            if verdict is LookUp.UNKNOWN_JOB:
                if asked >= patience:
                    return None
                # Not later than necessary: the response that counts is the one after this time.
                pause = min(pause, max(patience - asked, 0.0))
            else:
                if run.note(job, error, of_submission=True) is not None:
                    return error
                pause = max(pause, run.wanted_pause)
            if run.is_over:
                return error
        else:
            if found is not None:
                _check_type(job, found)
                return found
            if run.is_over:
                return ClientError("get_job: the response has no body")
        yield from run.pause(pause)


def judge(error: ClientError) -> LookUp:
    """Judge the failure of `ask`.

    Args:
        error: What it raised.

    Returns:
        What that means.
    """
    if isinstance(error, _OtherJobError):
        return LookUp.UNKNOWN_JOB
    return verdicts.of_look_up(error)


def raise_forgotten(job: Job, error: ClientError, *, has_finished: bool = False) -> NoReturn:
    """Say that the server does not know a job.

    Args:
        job: The job.
        error: What the server responded.
        has_finished: Whether it told before that the job had finished.

    Raises:
        JobForgotten: In any case.
    """
    if has_finished:
        what = (
            f"the {job} finished, but the server no longer knows it: it was restarted. What came "
            "out of it is not known"
        )
    elif job.is_known:
        what = (
            f"the server no longer knows the {job}: it was restarted, or the job ended so long ago "
            "that it left the job history. It is not known whether the job did its work"
        )
        if job.kind.job_type == "synchronize_multiple_folders":
            what = f"{what}. (The server forgets a synchronization also when another one ends.)"
    else:
        what = (
            f"the server does not know the {job}: it never got it, or was restarted, or the job "
            "left the job history. Check the key"
        )
    raise JobForgotten(
        f"{what}. Look at the results in DQOps before you submit it again", job
    ) from error


def _raise_unreachable(job: Job, error: ClientError, responder: str = "") -> NoReturn:
    """Say that the server does not tell about a job, and will not later.

    Args:
        job: The job.
        error: What the server responded.
        responder: What responded in its place, again and again.

    Raises:
        JobUnreachable: In any case.
    """
    if responder:
        raise JobUnreachable(
            f"the {job} cannot be followed any more, although it may go on: something else "
            f"responds in place of DQOps, each time with {responder}. Check the URL, and what is "
            "in front of the server; then attach to the job by its business key. The last "
            f"response: {error}",
            job,
        ) from error
    said = verdicts.stubborn(error)
    what = f"{error} (That was {said}.)" if said else str(error)
    raise JobUnreachable(
        f"the {job} cannot be followed any more, although it may go on: {what} Once that is "
        f"resolved, attach to it by its business key",
        job,
    ) from error


def _check_type(job: Job, found: Any) -> None:
    """Refuse a job of another kind, which a given key may lead to.

    Args:
        job: The job.
        found: What the server told about it.

    Raises:
        InvalidRequest: It is of another kind.
    """
    told = getattr(found, "job_type", None)
    if told and told != job.kind.job_type:
        raise InvalidRequest(
            f"the job with the business key {job.business_key!r} must have the type "
            f"{job.kind.job_type!r}, got {str(told)!r}"
        )
