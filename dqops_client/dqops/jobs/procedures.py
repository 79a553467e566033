"""The procedures that callers start, put together from those of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from .._runtime.suggestions import did_you_mean
from ..client.errors import InvalidRequest
from .errors import JobTimeout
from .job import Job, unique_business_key
from .kinds import JobRequest
from .submission import submit
from .waiting import follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .outcome import Outcome
    from .steps import Steps
    from .submission import IfExists
    from .timing import Run

__all__ = [
    "check_many",
    "new_job",
    "not_submitted",
    "places_by_job",
    "submit_and_follow",
    "submit_request",
]

R = TypeVar("R")


def new_job(request: JobRequest[Any]) -> Job:
    """Make the job of a request, with a business key in any case.

    Args:
        request: The request.

    Returns:
        A job that was not sent yet.
    """
    if not isinstance(request, JobRequest):
        raise InvalidRequest(
            f"expected a request made with RUN_CHECKS.request(...) or another kind's, got "
            f"{type(request).__name__}; nothing was sent"
        )
    key = request.business_key or unique_business_key(request.kind)
    return Job(
        request.kind, key, label=request.label, parameters=request.arguments.get("json_body")
    )


def submit_request(
    job: Job, request: JobRequest[Any], run: Run, *, if_exists: IfExists
) -> Steps[None]:
    """Submit a job.

    Args:
        job: The job of the request.
        request: What it is to do.
        run: The times of the call.
        if_exists: What to do if there is such a job already.
    """
    choices = ("raise", "attach", "rerun", "join")
    if if_exists not in choices:
        hint = did_you_mean(if_exists, choices)
        raise InvalidRequest(
            f"if_exists must be 'raise', 'attach', 'rerun' or 'join', got {if_exists!r}{hint}"
        )
    # A key that was just made is surely new, which saves a look-up.
    checked = None if request.business_key is None else if_exists
    yield from submit(job, request.arguments, run, if_exists=checked)


def submit_and_follow(
    job: Job, request: JobRequest[Any], run: Run, *, if_exists: IfExists
) -> Steps[Outcome[Any]]:
    """Submit a job and follow it to its end.

    Args:
        job: The job of the request.
        request: What it is to do.
        run: The times of the call.
        if_exists: What to do if there is such a job already.

    Returns:
        The outcome.
    """
    yield from submit_request(job, request, run, if_exists=if_exists)
    return (yield from follow(job, run))


def not_submitted(job: Job, run: Run) -> JobTimeout:
    """Say that the time of all jobs was over before one was submitted.

    Args:
        job: The job.
        run: The times of all jobs.

    Returns:
        The exception.
    """
    return JobTimeout(
        f"the {job} was not submitted, because total_timeout ({run.timeout:g} s) was over; "
        "nothing runs",
        job,
    )


def check_many(requests: Iterable[JobRequest[R]], max_concurrent: int) -> Sequence[JobRequest[R]]:
    """Refuse different requests with one key, and a limit that lets nothing through.

    Args:
        requests: The requests.
        max_concurrent: The limit.

    Returns:
        The requests.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or the limit is below 1.
    """
    if isinstance(requests, JobRequest):
        raise InvalidRequest(
            "expected a list of requests, got one: pass [request]; nothing was sent"
        )
    requests = list(requests)
    for request in requests:
        new_job(request)
    if max_concurrent < 1:
        raise InvalidRequest(f"max_concurrent must be >= 1, got {max_concurrent!r}")
    by_key: dict[str, JobRequest[R]] = {}
    for request in requests:
        key = request.business_key
        first = request if key is None else by_key.setdefault(key, request)
        if first.kind is not request.kind or first.arguments != request.arguments:
            raise InvalidRequest(
                f"two different jobs have the business key {key!r}, so that they could not be told "
                "apart; nothing was sent"
            )
    return requests


def places_by_job(requests: Sequence[JobRequest[Any]]) -> dict[int, list[int]]:
    """Tell which requests are one job, because they have the same business key.

    Args:
        requests: Requests that `check_many` has not refused.

    Returns:
        For the place of the first request of each job, in order, the places of all of them.
    """
    first: dict[str, int] = {}
    places: dict[int, list[int]] = {}
    for place, request in enumerate(requests):
        key = request.business_key
        places.setdefault(place if key is None else first.setdefault(key, place), []).append(place)
    return places
