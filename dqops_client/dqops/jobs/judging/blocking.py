"""Quality gates, synchronously; `aio` has the same functions for asynchronous programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import kinds
from ..blocking import run as run_job
from ..drivers import drive
from ..timing import DEFAULT_TIMEOUT, Run, Timing
from .criteria import Criteria
from .procedure import judge as judging
from .selection import selection_of

if TYPE_CHECKING:
    from typing import Unpack

    from ...client import AuthenticatedClient, Client
    from ..kinds import ChecksToRun
    from ..outcome import Outcome
    from ..progress import Heartbeat, ProgressCallback
    from ..submission import IfExists
    from .criteria import JudgingOptions
    from .verdict import Verdict

__all__ = ["JUDGING_TIMEOUT", "gate", "judge", "judge_outcome"]

#: Seconds that judging a finished run has at least, however long the run took.
JUDGING_TIMEOUT = 60.0


def gate(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    business_key: str | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    heartbeat: Heartbeat | None = None,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Run data quality checks, then judge what is true of the data now.

    What counts is the current status of the active checks that the filters select, not the summary
    of the run: that says nothing about data that did not change since the last run.

    Args:
        client: The client to send requests with.
        parameters: Which checks to run.
        at_least: The lowest severity that is too bad.
        business_key: The key by which the job can be looked up; None for a new unique one.
        timeout: Seconds for everything, an hour by default; None for no limit. Judging has a minute
            at least.
        if_exists: What to do if the server knows a job of the given business key: `raise`, or
            `attach` to that one.
        on_progress: Called with a `JobProgress` whenever there is news, and every few seconds.
        cancel_on_interrupt: Whether KeyboardInterrupt and SystemExit cancel the job.
        heartbeat: Who hears that the job begins and how it ended.
        timing: How patient to be, in detail.
        **options: The other arguments of `Criteria`: `max_age`, `months`, `clock_tolerance`,
            `allow_...`, `max_concurrent`.

    Returns:
        The verdict; `raise_if_failed` stops a pipeline.

    Raises:
        JobError: As with `run`.
        ClientError: As with `run`, or the status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    criteria = Criteria(at_least=at_least, **options)
    selection_of(parameters)
    began = Run(timing or Timing(), timeout)
    outcome = run_job(
        client,
        kinds.RUN_CHECKS.request(parameters, business_key=business_key),
        timeout=timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        heartbeat=heartbeat,
        timing=timing,
    )
    return judge_outcome(
        client,
        outcome,
        parameters,
        criteria,
        timeout=max(began.remaining, JUDGING_TIMEOUT),
        on_progress=on_progress,
        timing=timing,
    )


def judge(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
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
        **options: The other arguments of `Criteria`: `max_age`, `months`, `clock_tolerance`,
            `allow_...`, `max_concurrent`.

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
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
    on_progress: ProgressCallback | None = None,
    timing: Timing | None = None,
) -> Verdict:
    """Judge what is true of the data after a run.

    Args:
        client: The client to send requests with.
        outcome: The outcome of the run.
        parameters: Which checks were run.
        criteria: What to judge by.
        timeout: Seconds for everything; None for no limit.
        on_progress: Called with a `JobProgress` whenever a table is judged.
        timing: How patient to be, in detail.

    Returns:
        The verdict.

    Raises:
        JobTimeout: The time was over.
        ClientError: The status could not be read.
        InvalidRequest: No gate can judge by these parameters; nothing was sent.
    """
    run = Run(timing or Timing(), timeout)
    steps = judging(selection_of(parameters), criteria, run, outcome)
    return drive(client, steps, on_progress=on_progress)
