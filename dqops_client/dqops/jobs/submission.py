"""Submits a job so that the server takes it on exactly once.

The server would take the same job on twice, and it may have taken it on although the request
failed. So a request that failed after it may have reached the server is never just repeated: first
the job is looked up by its business key, for as long as the server may take to list it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from ..client.errors import ClientError, DecodeError
from . import verdicts
from .job_errors import JobAlreadyExists, JobNotConfirmed, JobTimeout, JobUnreachable
from .lookup import ENDED, look_up
from .steps import Call, Steps
from .verdicts import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .job import Job
    from .timing import Run

__all__ = ["IfExists", "submit"]

#: What to do about a job that the server knows already by the given business key: raise; attach to
#: it, and submit it anew if it failed or was cancelled; attach to it only as long as it has not
#: ended; or join it, whatever became of it. A gate that attaches to a job that had ended, and finds
#: the data not good, submits it anew.
IfExists = Literal["raise", "attach", "rerun", "join"]

# In place of a job with one of these statuses a new one is submitted.
_RENEWED: Mapping[str, frozenset[str]] = {
    "attach": frozenset({"failed", "cancelled"}),
    "rerun": ENDED,
    "join": frozenset(),
}

_logger = logging.getLogger("dqops.jobs")
_logger.addHandler(logging.NullHandler())


def submit(
    job: Job, arguments: Mapping[str, Any], run: Run, *, if_exists: IfExists | None
) -> Steps[None]:
    """Submit a job.

    Args:
        job: The job; it learns its number.
        arguments: The arguments of the operation.
        run: The times of the call.
        if_exists: What to do if there is such a job already; None for a key that is surely new.

    Raises:
        JobAlreadyExists: There is such a job, and `if_exists` says so.
        JobNotConfirmed: It is not known whether the server took the job on.
        JobTimeout: The time was over before anything was sent.
        ClientError: The server refused the job, or could not be reached.
    """
    _logger.debug("%s: is about to be submitted", job)
    yield run.report(job, "submitting")
    found = None if if_exists is None else (yield from _existing(job, run))
    if found is not None:
        if if_exists == "raise":
            raise JobAlreadyExists(
                f"the server knows a {job} already, so nothing was sent. Choose another key for a "
                "new job, or pass if_exists='attach' to wait for the one that there is",
                job,
            )
        renewed = _RENEWED[if_exists or "join"]
        if not renewed or not (yield from _has_ended_as(renewed, job, run, found)):
            job.attached = True
            job.had_ended = found.status in ENDED
            _logger.info("%s: is there already, attached to it", job)
            return
        _logger.warning("%s: it has ended (%s), so it is submitted anew", job, found.status)
        job.take_the_place()
    while True:
        failure = yield from _send(job, arguments, run)
        if failure is None:
            _logger.info("%s: submitted after %.1f s", job, run.elapsed)
            return
        _logger.warning("%s: submitting failed half-way, looking it up: %s", job, failure)
        run.problem = str(failure)
        yield run.report(job, "confirming")
        if (yield from _is_taken_on(job, run, failure)):
            _logger.info("%s: the server had taken it on", job)
            return
        _check_may_be_sent_again(job, run, failure)
        _logger.warning("%s: the server does not know it, so it is submitted again", job)


def _existing(job: Job, run: Run) -> Steps[Any]:
    """Find the job of the given key that somebody has submitted before; None if there is none."""
    found = yield from look_up(job, run, patience=0.0)
    if isinstance(found, ClientError):
        _raise_not_sent(job, run, found)
    return found


def _has_ended_as(statuses: frozenset[str], job: Job, run: Run, found: Any) -> Steps[bool]:
    """Find out whether a job has one of the statuses; one to be cancelled is waited for."""
    pauses = run.pauses()
    while found is not None and found.status == "cancel_requested":
        if run.is_over:
            _raise_not_sent(job, run, None)
        yield from run.pause(next(pauses))
        found = yield from _existing(job, run)
    return found is None or found.status in statuses


def _send(job: Job, arguments: Mapping[str, Any], run: Run) -> Steps[ClientError | None]:
    """Send a job, again as long as no connection can be opened.

    Returns:
        None if the server took it on; the error if it may have.
    """
    pauses = run.pauses()
    began = run.elapsed
    query = {**arguments, "job_business_key": job.business_key, "wait": False}
    while True:
        if run.is_over:
            _raise_not_sent(job, run, None)
        job.submissions += 1
        try:
            response = yield Call(job.kind.name, run.request_timeout(), arguments=query)
        except ClientError as error:
            verdict = verdicts.of_submission(error)
            if verdict in {Submission.AMBIGUOUS, Submission.FAILED}:
                return error
            job.submissions -= 1
            if verdict is Submission.REFUSED:
                raise
            if run.elapsed - began >= run.timing.connect_within or run.is_over:
                raise
            run.problem = str(error)
        else:
            run.problem = None
            if response is not None and job.learn(response.job_id):
                run.submitted = run.elapsed
                return None
            return DecodeError("the response does not say which job it is", operation=job.kind.name)
        yield run.report(job, "submitting")
        yield from run.pause(next(pauses))


def _is_taken_on(job: Job, run: Run, failure: ClientError) -> Steps[bool]:
    """Find out whether the server has a job after all."""
    yield from run.pause(verdicts.seconds_to_wait(failure))
    try:
        found = yield from look_up(job, run, patience=run.timing.registered_within)
    except ClientError as error:
        found = error
    if isinstance(found, ClientError):
        responder = None if run.is_over else verdicts.stubborn(found, of_submission=True)
        each_time = f"; each time it was {responder}" if responder else ""
        raise JobNotConfirmed(
            f"it is not known whether the server took on the {job}. Submitting it failed "
            f"({failure}), and it could not be looked up for long enough ({found}{each_time}). It "
            "may run: look it up by its key before you submit it again",
            job,
        ) from failure
    return found is not None


def _check_may_be_sent_again(job: Job, run: Run, failure: ClientError) -> None:
    if verdicts.of_submission(failure) is Submission.FAILED:
        raise failure
    if job.submissions < run.timing.submissions and not run.is_over:
        return
    tried = "once" if job.submissions == 1 else f"{job.submissions} times"
    raise JobNotConfirmed(
        f"the {job} was sent {tried} without getting through. For "
        f"{run.timing.registered_within:g} s after the last time, the server did not know it, so "
        f"it most likely does not run; look it up by its key to be sure. The last error: {failure}",
        job,
    ) from failure


def _raise_not_sent(job: Job, run: Run, cause: ClientError | None) -> NoReturn:
    if cause is not None and not run.is_over:
        responder = verdicts.stubborn(cause, of_submission=True)
        raise JobUnreachable(
            f"the {job} was not submitted, and nothing runs: something else responds in place of "
            f"DQOps, each time with {responder}. Check the URL, and what is in front of the "
            f"server. The last response: {cause}",
            job,
        ) from cause
    last = f" The last problem: {cause or run.problem}" if cause or run.problem else ""
    message = f"the {job} was not submitted within {run.timeout:g} s; nothing runs.{last}"
    raise JobTimeout(message, job) from cause
