"""Quality gates, synchronously; `aio` has the same functions for asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import kinds
from .blocking import run
from .drivers import drive
from .judging.criteria import LEAST_MONTHS, Criteria, criteria_of, taken_apart
from .judging.failures import server_of
from .judging.selection import selection_of
from .parameters import settled
from .procedures import find_failures
from .results import is_outdated, judging
from .timing import DEFAULT_TIMEOUT, Run

if TYPE_CHECKING:
    from datetime import date, timedelta
    from typing import Unpack

    from ..client import AuthenticatedClient, Client
    from .blocking import RunOptions
    from .judging.criteria import JudgingOptions
    from .judging.failures import Failures
    from .judging.selection import Selection
    from .kinds import ChecksToRun
    from .progress import ProgressCallback
    from .results import Outcome, Verdict
    from .timing import Seconds, Timing

    class GateOptions(RunOptions, JudgingOptions, total=False):
        """The keywords of `gate`."""


__all__ = ["failures", "gate", "judge", "judge_outcome"]


def gate(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    business_key: str | None = None,
    **options: Unpack[GateOptions],
) -> Verdict:
    """Run data quality checks, then judge what is true of the data now.

    What counts is the current state of the active checks that the filters select, not the summary
    of the run: that says nothing about data that did not change since the last run.

    Args:
        client: The client to send requests with.
        parameters: Which checks to run.
        at_least: The lowest severity that is too bad.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run` and of `Criteria`. Judging has a minute at least, however
            long the run took. With `if_exists="attach"`, checks whose job had ended before run
            again if the data is not good.

    Returns:
        The verdict; `raise_if_failed` stops a pipeline.

    Raises:
        ClientError: As with `run`, or the status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    of_run, criteria = taken_apart(at_least, options)
    parameters = settled(parameters)
    selection_of(parameters)
    times = Run(of_run.get("timing"), of_run.get("timeout", DEFAULT_TIMEOUT))
    request = kinds.RUN_CHECKS.request(parameters, business_key=business_key)

    def judged(options: RunOptions) -> Verdict:
        outcome = run(client, request, **options)
        return judge_outcome(
            client, outcome, parameters, criteria, times.for_judging(), options.get("on_progress")
        )

    verdict = judged(of_run)
    if is_outdated(verdict, of_run, times):
        again = of_run.copy()
        again.update(if_exists="rerun", timeout=times.limit(None))
        verdict = judged(again)
    return verdict


def judge(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun | Selection,
    at_least: str = "error",
    *,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    on_progress: ProgressCallback | None = None,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Judge what is true of the data now, without running anything.

    Give `max_age`, because nothing else proves that the results are not from long ago. The last
    good result of a check that was disabled or removed since counts until it is older than that;
    without `max_age` for as long as the status of the table tells it, since to ask for each check
    whether it is active would take a request for each place of checks.

    Args:
        client: The client to send requests with.
        parameters: Which checks to judge by.
        at_least: The lowest severity that is too bad.
        timeout: Seconds for everything; None for no limit.
        on_progress: Called with a `JobProgress` whenever a table is judged.
        timing: How patient to be, in detail.
        **options: The keywords of `Criteria`.

    Returns:
        The verdict; `raise_if_failed` stops a pipeline.

    Raises:
        JobTimeout: The time was over.
        ClientError: The status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    criteria = criteria_of("judge", at_least, options)
    run = Run(timing, timeout)
    steps = judging(selection_of(parameters), criteria, run, server=server_of(client))
    return drive(client, steps, on_progress=on_progress)


def failures(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "warning",
    *,
    since: date | timedelta | None = None,
    months: int = LEAST_MONTHS,
    max_concurrent: int = 8,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    on_progress: ProgressCallback | None = None,
    timing: Timing | None = None,
) -> Failures:
    """List what is wrong with the data now, a row for each bad result.

    What counts is the current state of the active checks, as with `judge`: bad data stays listed
    when a rerun finds it unchanged, although the summary of that run counts nothing.

    Args:
        client: The client to send requests with.
        parameters: Which checks to look at.
        at_least: The lowest severity that is listed.
        since: Only checks that were evaluated since then: a `date` (its beginning in UTC), a
            `datetime` with a time zone, or a `timedelta` for how long ago.
        months: How many calendar months count, the current one included.
        max_concurrent: How many tables are read at the same time.
        timeout: Seconds for everything; None for no limit.
        on_progress: Called with a `JobProgress` whenever a table is read.
        timing: How patient to be, in detail.

    Returns:
        The rows, the worst first; `to_records()` gives them for a data frame. Its `problems` tell
        why it is not known whether all else is good.

    Raises:
        NothingSelected: The filters select no table, so that no row would mean nothing.
        NothingEvaluated: No check that they select has a result.
        JobTimeout: The time was over.
        ClientError: The status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    criteria = Criteria(at_least=at_least, months=months, max_concurrent=max_concurrent)
    steps = find_failures(
        selection_of(parameters),
        criteria,
        Run(timing, timeout),
        since,
        server=server_of(client),
    )
    return drive(client, steps, on_progress=on_progress)


def judge_outcome(
    client: AuthenticatedClient | Client,
    outcome: Outcome[Any],
    parameters: ChecksToRun,
    criteria: Criteria,
    run: Run,
    on_progress: ProgressCallback | None = None,
) -> Verdict:
    """Judge what is true of the data after a run.

    Args:
        client: The client to send requests with.
        outcome: The outcome of the run.
        parameters: Which checks were run.
        criteria: What to judge by.
        run: The times of the call.
        on_progress: Called with a `JobProgress` whenever a table is judged.

    Returns:
        The verdict.
    """
    steps = judging(selection_of(parameters), criteria, run, outcome, server=server_of(client))
    return drive(client, steps, on_progress=on_progress)
