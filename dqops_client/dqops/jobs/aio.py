"""All that `dqops.jobs` has, with asynchronous calls: `from dqops.jobs import aio`."""

from __future__ import annotations

import logging
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar

from . import kinds
from .drivers import drive_async
from .errors import (
    ChecksNotExecuted,
    ClocksDiffer,
    JobAlreadyExists,
    JobCancelled,
    JobError,
    JobFailed,
    JobForgotten,
    JobNotConfirmed,
    JobsInterrupted,
    JobTimeout,
    JobUnreachable,
    NothingEvaluated,
    NothingSelected,
    NotInThisRun,
    QualityGateFailed,
    ResultsTooOld,
)
from .handles import AsyncJobHandle, JobHandle
from .history import Feed, JobRecord, complete, newest
from .job import Job, check_business_key
from .judging.aio import failures, gate, judge, raise_for_severity
from .judging.criteria import Criteria
from .judging.failures import Failure, Failures
from .judging.verdict import (
    CheckVerdict,
    FailedResult,
    Problem,
    TableVerdict,
    Threshold,
    Verdict,
)
from .kinds import (
    COLLECT_ERROR_SAMPLES,
    COLLECT_STATISTICS_ON_DATA_GROUPS,
    COLLECT_STATISTICS_ON_TABLE,
    DELETE_STORED_DATA,
    IMPORT_TABLES,
    RUN_CHECKS,
    SYNCHRONIZE_FOLDERS,
    JobKind,
    JobRequest,
)
from .many import AsCompleted
from .outcome import Outcome
from .procedures import check_many, new_job, not_submitted, submit_and_follow, submit_request
from .progress import Heartbeat, JobProgress
from .tasks import AsyncAsCompleted, run_in_tasks
from .timing import DEFAULT_TIMEOUT, Run, Timing
from .watching import AsyncWatcher

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from typing import TypedDict, Unpack

    from ..client import AuthenticatedClient, Client
    from ..client.models import (
        CollectStatisticsResult,
        DeleteStoredDataQueueJobParameters,
        ErrorSamplerResult,
        ImportTablesQueueJobParameters,
        RunChecksResult,
        SynchronizeMultipleFoldersDqoQueueJobParameters,
    )
    from .kinds import ChecksToRun, SamplesToCollect, StatisticsToCollect
    from .progress import AsyncProgressCallback
    from .submission import IfExists
    from .timing import Seconds

    class RunOptions(TypedDict, total=False):
        """The keywords of `run`."""

        timeout: Seconds | None
        if_exists: IfExists
        on_progress: AsyncProgressCallback | None
        cancel_on_interrupt: bool
        heartbeat: Heartbeat | None
        timing: Timing | None


__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "COLLECT_STATISTICS_ON_DATA_GROUPS",
    "COLLECT_STATISTICS_ON_TABLE",
    "DELETE_STORED_DATA",
    "IMPORT_TABLES",
    "RUN_CHECKS",
    "SYNCHRONIZE_FOLDERS",
    "AsCompleted",
    "AsyncAsCompleted",
    "AsyncJobHandle",
    "AsyncWatcher",
    "CheckVerdict",
    "ChecksNotExecuted",
    "ClocksDiffer",
    "Criteria",
    "FailedResult",
    "Failure",
    "Failures",
    "Heartbeat",
    "JobAlreadyExists",
    "JobCancelled",
    "JobError",
    "JobFailed",
    "JobForgotten",
    "JobHandle",
    "JobKind",
    "JobNotConfirmed",
    "JobProgress",
    "JobRecord",
    "JobRequest",
    "JobTimeout",
    "JobUnreachable",
    "JobsInterrupted",
    "NotInThisRun",
    "NothingEvaluated",
    "NothingSelected",
    "Outcome",
    "Problem",
    "QualityGateFailed",
    "ResultsTooOld",
    "TableVerdict",
    "Threshold",
    "Timing",
    "Verdict",
    "as_completed",
    "attach",
    "changes",
    "collect_error_samples",
    "collect_statistics_on_data_groups",
    "collect_statistics_on_table",
    "delete_stored_data",
    "failures",
    "gate",
    "import_tables",
    "judge",
    "list_jobs",
    "raise_for_severity",
    "run",
    "run_checks",
    "run_many",
    "submit",
    "synchronize_folders",
]

R = TypeVar("R")

_logger = logging.getLogger("dqops.jobs")


async def submit(
    client: AuthenticatedClient | Client,
    request: JobRequest[R],
    *,
    timeout: Seconds | None = 300.0,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> AsyncJobHandle[R]:
    """Submit a job and come back as soon as the server has surely taken it on.

    Args:
        client: The client to send requests with.
        request: What the job is to do, as `RUN_CHECKS.request(...)` gives it.
        timeout: Seconds that it may take; None for no limit.
        if_exists: What to do if the server knows a job of the given business key: `raise`;
            `attach` to that one, or submit it anew if it failed or was cancelled; `rerun`, which
            submits it anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with a `JobProgress` whenever there is news; what it returns is
            awaited if it can be.
        cancel_on_interrupt: Whether an interrupt cancels the job, if it may be there already: the
            cancellation of the task or of a scope of anyio or trio around it, Ctrl-C, and every
            other exception that is none of `ClientError`.
        timing: How patient to be, in detail.

    Returns:
        What waits for the job, looks it up or cancels it.

    Raises:
        JobAlreadyExists: There is such a job, and `if_exists` says so.
        JobNotConfirmed: It is not known whether the server took the job on.
        JobTimeout: The time was over before anything was sent.
        ClientError: The server refused the job, or could not be reached; it does not run.
    """
    handle: AsyncJobHandle[R] = AsyncJobHandle(client, new_job(request), timing)
    steps = submit_request(handle._job, request, handle._run(timeout), if_exists=if_exists)
    await handle._drive(steps, on_progress, cancel_on_interrupt=cancel_on_interrupt)
    return handle


def attach(
    client: AuthenticatedClient | Client,
    business_key: str,
    kind: JobKind[Any, R],
    *,
    timing: Timing | None = None,
) -> AsyncJobHandle[R]:
    """Take up a job that was submitted elsewhere, for example before this process was restarted.

    Nothing is asked yet: the handle's first call finds out whether there is such a job.

    Args:
        client: The client to send requests with.
        business_key: The key that it was submitted with.
        kind: The kind of the job, such as `RUN_CHECKS`.
        timing: How patient to be, in detail.

    Returns:
        What waits for the job, looks it up or cancels it.

    Raises:
        InvalidRequest: There can be no such key.
    """
    job = Job(kind, check_business_key(business_key), attached=True)
    return AsyncJobHandle(client, job, timing)


async def list_jobs(
    client: AuthenticatedClient | Client,
    *,
    children: bool = False,
    timeout: Seconds | None = 60.0,
    timing: Timing | None = None,
) -> list[JobRecord]:
    """List the jobs that have changed lately, whoever submitted them; as `jobs.list_jobs`.

    Args:
        client: The client to send requests with.
        children: Whether to list the jobs, too, that others have started for single tables.
        timeout: Seconds for trying again over whatever goes wrong; None for no limit.
        timing: How patient to be, in detail.

    Returns:
        The jobs as they are now, oldest first.

    Raises:
        ClientError: The server refused, or could not be reached.
    """
    times = Run(Timing() if timing is None else timing, timeout)
    found = newest(await drive_async(client, Feed(0).history(times)), children=children)
    return [await drive_async(client, complete(each, times)) for each in found]


async def changes(
    client: AuthenticatedClient | Client,
    *,
    since: int | None = None,
    children: bool = False,
    timeout: Seconds | None = None,
    timing: Timing | None = None,
) -> AsyncGenerator[JobRecord, None]:
    """Hear of every change of a job, whoever submitted it; as `jobs.changes`.

    Args:
        client: The client to send requests with.
        since: The `sequence` of the last record that is known, to go on from there; 0 for all that
            the server remembers; None for what happens from the first step of the iteration on.
        children: Whether to hear of the jobs, too, that others have started for single tables.
        timeout: Seconds after which the iteration ends; None for never.
        timing: How patient to be, in detail.

    Yields:
        The job after each change.

    Raises:
        ClientError: The server refused, or could not be reached until the end of the time.
    """
    times = Run(Timing() if timing is None else timing, timeout)
    feed = Feed(since)
    while (records := await drive_async(client, feed.batch(times))) is not None:
        for each in records:
            if children or not each.is_child:
                yield each


async def run(
    client: AuthenticatedClient | Client,
    request: JobRequest[R],
    *,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    heartbeat: Heartbeat | None = None,
    timing: Timing | None = None,
) -> Outcome[R]:
    """Submit a job and wait for its end.

    Args:
        client: The client to send requests with.
        request: What the job is to do, as `RUN_CHECKS.request(...)` gives it.
        timeout: Seconds for everything, an hour by default; None for no limit. The job goes on
            after them.
        if_exists: What to do if the server knows a job of the given business key: `raise`;
            `attach` to that one, or submit it anew if it failed or was cancelled; `rerun`, which
            submits it anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with a `JobProgress` whenever there is news, and every few seconds;
            what it returns is awaited if it can be.
        cancel_on_interrupt: Whether an interrupt cancels the job, too: the cancellation of the task
            or of a scope of anyio or trio around it, Ctrl-C, and every other exception that is none
            of `ClientError`.
        heartbeat: Who hears that the job begins and how it ended; what its methods return is
            awaited if it can be.
        timing: How patient to be, in detail.

    Returns:
        What came out of the job, which is finished.

    Raises:
        JobFailed: The job ended with an error.
        JobCancelled: It was cancelled.
        JobTimeout: The time was over.
        JobForgotten: The server does not know the job any more.
        JobUnreachable: The server refuses to tell about it.
        JobNotConfirmed: It is not known whether the server took the job on.
        JobAlreadyExists: There is such a job, and `if_exists` says so.
        ClientError: The server refused the job, or could not be reached; it does not run.
    """
    handle: AsyncJobHandle[R] = AsyncJobHandle(client, new_job(request), timing)
    times = handle._run(timeout, reports=on_progress is not None)
    steps = submit_and_follow(handle._job, request, times, if_exists=if_exists)
    if heartbeat is not None:
        await _heard(heartbeat.started())
    try:
        outcome = await handle._drive(steps, on_progress, cancel_on_interrupt=cancel_on_interrupt)
    except BaseException as error:
        if heartbeat is not None:
            try:
                await _heard(heartbeat.failed(error))
            except Exception:
                _logger.exception("the heartbeat failed")
        raise
    if heartbeat is not None:
        await _heard(heartbeat.finished(outcome))
    return outcome


async def run_many(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> list[Outcome[R] | Exception]:
    """Submit several jobs, a few at a time, and wait for all of them.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit. What has not ended by then is a
            `JobTimeout` in the list, and what was not submitted by then never is.
        if_exists: What to do if the server knows a job of a given business key: `raise`; `attach`
            to that one, or submit it anew if it failed or was cancelled; `rerun`, which submits it
            anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with the `JobProgress` of each job; what it returns is awaited if it
            can be.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way, too: the cancellation
            of the task or of a scope of anyio or trio around it, and Ctrl-C.
        timing: How patient to be, in detail.

    Returns:
        For each request, in order, the outcome, or the exception that `run` would raise. Requests
        that are equal, business key included, are one job.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
        JobsInterrupted: Ctrl-C, where the event loop raises it here (asyncio cancels the task
            instead); it has the outcomes of the jobs that had ended.
    """
    done = as_completed(
        client,
        requests,
        max_concurrent=max_concurrent,
        timeout=timeout,
        total_timeout=total_timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        timing=timing,
    )
    try:
        await run_in_tasks(done._functions(), max_concurrent)
    except KeyboardInterrupt as error:
        raise JobsInterrupted(done.outcomes) from error
    return [outcome for outcome in done.outcomes if outcome is not None]


def as_completed(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> AsyncAsCompleted[R]:
    """Submit several jobs, and give each outcome as soon as its job has ended.

        async with aio.as_completed(client, requests) as done:
            async for request, outcome in done:
                print(request.label, outcome)

    When the loop is left early, no further job is submitted; those under way go on, unless
    `cancel_on_interrupt` says otherwise.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit.
        if_exists: What to do if the server knows a job of a given business key, as with `run_many`.
        on_progress: Called with the `JobProgress` of each job; what it returns is awaited if it
            can be.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way, and leaving the loop
            early.
        timing: How patient to be, in detail.

    Returns:
        What gives, in an `async with` block, pairs of a request, and its outcome or the exception
        that `run` would raise.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
    """
    listed = check_many(requests, max_concurrent)
    times = Run(timing or Timing(), total_timeout)

    async def outcome(request: JobRequest[R]) -> Outcome[R] | Exception:
        if times.is_over:
            return not_submitted(new_job(request), times)
        try:
            return await run(
                client,
                request,
                timeout=times.limit(timeout),
                if_exists=if_exists,
                on_progress=on_progress,
                cancel_on_interrupt=cancel_on_interrupt,
                timing=timing,
            )
        except Exception as error:
            return error

    return AsyncAsCompleted(listed, outcome, max_concurrent)


async def _heard(returned: object) -> None:
    """Await what a heartbeat returned, if it can be."""
    if isawaitable(returned):
        await returned


async def run_checks(
    client: AuthenticatedClient | Client,
    parameters: ChecksToRun,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[RunChecksResult]:
    """Run data quality checks and wait for their results.

    Args:
        client: The client to send requests with.
        parameters: Which checks to run.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        The results by severity; `raise_for_severity` makes a quality gate of them.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.RUN_CHECKS.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def collect_error_samples(
    client: AuthenticatedClient | Client,
    parameters: SamplesToCollect,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[ErrorSamplerResult]:
    """Collect samples of rows that fail checks, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: For which checks.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        The counts of what was collected.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.COLLECT_ERROR_SAMPLES.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def collect_statistics_on_table(
    client: AuthenticatedClient | Client,
    parameters: StatisticsToCollect,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[CollectStatisticsResult]:
    """Collect statistics on whole tables, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: Which statistics; as `CollectStatisticsQueueJobParameters` also how many sample
            values, and whether to configure the tables.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        The counts of what was collected.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.COLLECT_STATISTICS_ON_TABLE.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def collect_statistics_on_data_groups(
    client: AuthenticatedClient | Client,
    parameters: StatisticsToCollect,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[CollectStatisticsResult]:
    """Collect statistics for each data group, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: Which statistics; as `CollectStatisticsQueueJobParameters` also how many sample
            values, and whether to configure the tables.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        The counts of what was collected.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.COLLECT_STATISTICS_ON_DATA_GROUPS.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def delete_stored_data(
    client: AuthenticatedClient | Client,
    parameters: DeleteStoredDataQueueJobParameters,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[None]:
    """Delete stored results, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: What to delete.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        That it is done; the server does not tell how much was deleted.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.DELETE_STORED_DATA.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def import_tables(
    client: AuthenticatedClient | Client,
    parameters: ImportTablesQueueJobParameters,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[None]:
    """Import the metadata of tables, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: Which tables of which connection.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        That it is done; `get_tables` lists what there is now.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.IMPORT_TABLES.request(parameters, business_key=business_key)
    return await run(client, request, **options)


async def synchronize_folders(
    client: AuthenticatedClient | Client,
    parameters: SynchronizeMultipleFoldersDqoQueueJobParameters,
    *,
    business_key: str | None = None,
    **options: Unpack[RunOptions],
) -> Outcome[None]:
    """Synchronize folders with DQOps Cloud, and wait for the end.

    Args:
        client: The client to send requests with.
        parameters: Which folders, and in which direction.
        business_key: The key by which the job can be looked up; None for a new unique one.
        **options: The keywords of `run`.

    Returns:
        That it is done.

    Raises:
        ClientError: As with `run`.
    """
    request = kinds.SYNCHRONIZE_FOLDERS.request(parameters, business_key=business_key)
    return await run(client, request, **options)
