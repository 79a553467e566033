"""Quality gates for asynchronous programs; `aio` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import kinds
from ..drivers import drive_async
from ..timing import DEFAULT_TIMEOUT, Run, Timing
from .blocking import JUDGING_TIMEOUT
from .criteria import Criteria
from .procedure import judge as judging
from .selection import selection_of

if TYPE_CHECKING:
    from typing import Unpack

    from ...client import AuthenticatedClient, Client
    from ..kinds import ChecksToRun
    from ..outcome import Outcome
    from ..progress import AsyncProgressCallback, Heartbeat
    from ..submission import IfExists
    from .criteria import JudgingOptions
    from .verdict import Verdict

__all__ = ["gate", "judge", "raise_for_severity"]


async def gate(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    business_key: str | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    heartbeat: Heartbeat | None = None,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Run data quality checks, then judge what is true of the data now; as `dqops.jobs.gate`.

    Args:
        client: The client to send requests with.
        parameters: Which checks to run.
        at_least: The lowest severity that is too bad.
        business_key: The key by which the job can be looked up; None for a new unique one.
        timeout: Seconds for everything, an hour by default; None for no limit. Judging has a minute
            at least.
        if_exists: What to do if the server knows a job of the given business key: `raise`, or
            `attach` to that one.
        on_progress: Called with a `JobProgress` whenever there is news, and every few seconds;
            what it returns is awaited if it can be.
        cancel_on_interrupt: Whether the cancellation of the task cancels the job, too; so do
            KeyboardInterrupt and SystemExit.
        heartbeat: Who hears that the job begins and how it ended; what its methods return is
            awaited if it can be.
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
    from ..aio import run as run_job

    criteria = Criteria(at_least=at_least, **options)
    selection = selection_of(parameters)
    began = Run(timing or Timing(), timeout)
    outcome = await run_job(
        client,
        kinds.RUN_CHECKS.request(parameters, business_key=business_key),
        timeout=timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        heartbeat=heartbeat,
        timing=timing,
    )
    run = Run(timing or Timing(), max(began.remaining, JUDGING_TIMEOUT))
    steps = judging(selection, criteria, run, outcome)
    return await drive_async(client, steps, on_progress=on_progress)


async def judge(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    at_least: str = "error",
    *,
    timeout: float | None = DEFAULT_TIMEOUT,
    on_progress: AsyncProgressCallback | None = None,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> Verdict:
    """Judge what is true of the data now, without running anything; as `dqops.jobs.judge`.

    Args:
        client: The client to send requests with.
        parameters: Which checks to judge by.
        at_least: The lowest severity that is too bad.
        timeout: Seconds for everything; None for no limit.
        on_progress: Called with a `JobProgress` whenever a table is judged; what it returns is
            awaited if it can be.
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
    return await drive_async(client, steps, on_progress=on_progress)


async def raise_for_severity(
    outcome: Outcome[Any],
    at_least: str = "error",
    *,
    client: AuthenticatedClient | Client | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
    timing: Timing | None = None,
    **options: Unpack[JudgingOptions],
) -> None:
    """Stop a pipeline whose data is not good enough; as `outcome.raise_for_severity`.

    Args:
        outcome: The outcome of a run of checks.
        at_least: The lowest severity that is too bad.
        client: The client to read the status with; None for the one that ran the checks.
        timeout: Seconds for everything; None for no limit.
        timing: How patient to be, in detail.
        **options: The other arguments of `Criteria`: `max_age`, `months`, `clock_tolerance`,
            `allow_...`, `max_concurrent`.

    Raises:
        QualityGateFailed: The data is not good, or is not known to be.
        JobTimeout: The time was over.
        ClientError: The status could not be read.
        InvalidRequest: The job is none that runs checks, or no gate can judge by its filters.
    """
    criteria = Criteria(at_least=at_least, **options)
    used, parameters = outcome._judgeable(criteria, client)
    run = Run(timing or Timing(), timeout)
    steps = judging(selection_of(parameters), criteria, run, outcome)
    (await drive_async(used, steps)).raise_if_failed()
