"""The procedures that callers start, put together from those of this package."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from .._runtime.suggestions import did_you_mean
from ..client.errors import InvalidRequest
from .job import Job, unique_business_key
from .job_errors import JobTimeout
from .judging.criteria import moment_of, refuse_options
from .judging.failures import Failures
from .kinds import JobRequest
from .results import NothingEvaluated, NothingSelected, judging
from .submission import submit
from .timing import check_least
from .waiting import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, timedelta

    from .judging.criteria import Criteria
    from .judging.selection import Selection
    from .results import Outcome
    from .steps import Steps
    from .submission import IfExists
    from .timing import Run

__all__ = [
    "check_many",
    "find_failures",
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


def check_options(function: str, options: Mapping[str, object], run: Callable[..., object]) -> None:
    """Refuse keywords that `run` does not have.

    Args:
        function: What was called with them.
        options: The keywords.
        run: The function that takes them.

    Raises:
        TypeError: One is unknown; the message says what may be meant.
    """
    known = {*(run.__kwdefaults__ or ()), "business_key"}
    if wrong := options.keys() - known:
        refuse_options(function, wrong, known)


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
    if isinstance(requests, str) or not isinstance(requests, Iterable):
        raise InvalidRequest(
            "requests must be a list of what RUN_CHECKS.request(...) or another kind's gives, got "
            f"{requests!r}; nothing was sent"
        )
    requests = list(requests)
    for request in requests:
        new_job(request)
    check_least("max_concurrent", max_concurrent, 1)
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


def find_failures(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    since: date | timedelta | None,
    *,
    server: str | None = None,
) -> Steps[Failures]:
    """Find what is wrong with the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        since: From when on a check must have been evaluated: a day (in UTC), a time with a zone, or
            how long ago; None for any time.
        server: The URL of the server, for links.

    Returns:
        The rows.

    Raises:
        InvalidRequest: `since` cannot be used; nothing was sent.
        NothingSelected: The filters select no table.
        NothingEvaluated: No check that they select has a result.
        JobTimeout: The time was over.
        ClientError: The server could not be asked.
    """
    if since is not None:  # refused before anything is sent
        now = datetime.now(UTC)
        if moment_of("since", since, now) > now + criteria.tolerance:
            raise InvalidRequest(
                f"since must not be in the future, got {since!s} (days begin at midnight in UTC); "
                "nothing was sent"
            )
    verdict = yield from judging(selection, criteria, run, server=server)
    problems = {each.kind: each for each in verdict.problems}
    if "nothing_selected" in problems and not verdict.inactive:
        raise NothingSelected(str(problems["nothing_selected"]), None, None, verdict)
    found = verdict.failures
    if "not_evaluated" in problems and not [*verdict.checks(), *verdict.inactive]:
        message = str(problems["not_evaluated"])
        if not message.endswith("?"):
            message += ". Run the checks first, or check the names"
        raise NothingEvaluated(message, None, None, verdict)
    if since is None:
        return found
    first = moment_of("since", since, verdict.judged_at or datetime.now(UTC))
    kept = Failures(row for row in found if row.evaluated_at is None or row.evaluated_at >= first)
    kept.problems = found.problems
    return kept
