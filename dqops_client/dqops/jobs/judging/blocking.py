"""Quality gates, synchronously; `aio` has the same functions for asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import kinds
from ..blocking import run
from ..drivers import drive
from ..timing import DEFAULT_TIMEOUT, Run, Timing
from .criteria import Criteria, taken_apart
from .procedure import judge as judging
from .selection import selection_of

if TYPE_CHECKING:
    from typing import Unpack

    from ...client import AuthenticatedClient, Client
    from ..blocking import RunOptions
    from ..kinds import ChecksToRun
    from ..outcome import Outcome
    from ..progress import ProgressCallback
    from ..timing import Seconds
    from .criteria import JudgingOptions
    from .verdict import Verdict

    class GateOptions(RunOptions, JudgingOptions, total=False):
        """The keywords of `gate`."""


__all__ = ["gate", "judge", "judge_outcome"]


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
            long the run took.

    Returns:
        The verdict; `raise_if_failed` stops a pipeline.

    Raises:
        ClientError: As with `run`, or the status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    of_run, criteria = taken_apart(at_least, options)
    selection_of(parameters)
    times = Run(of_run.get("timing") or Timing(), of_run.get("timeout", DEFAULT_TIMEOUT))
    request = kinds.RUN_CHECKS.request(parameters, business_key=business_key)
    outcome = run(client, request, **of_run)
    return judge_outcome(
        client, outcome, parameters, criteria, times.for_judging(), of_run.get("on_progress")
    )


def judge(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    on_progress: ProgressCallback | None = None,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Judge what is true of the data now, without running anything.

    Give `max_age`, because nothing else proves that the results are not from long ago.

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
    criteria = Criteria(at_least=at_least, **options)
    steps = judging(selection_of(parameters), criteria, Run(timing or Timing(), timeout))
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
    steps = judging(selection_of(parameters), criteria, run, outcome)
    return drive(client, steps, on_progress=on_progress)
