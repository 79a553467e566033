"""Synchronous calls: submit jobs, wait for them, do both."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from . import kinds
from .business_keys import check_business_key
from .drivers import drive
from .handles import JobHandle
from .heartbeat import check_heartbeat
from .history import Feed, complete, newest
from .job import Job
from .procedures import check_options, new_job, submit_and_follow, submit_request
from .progress import check_callback
from .timing import DEFAULT_TIMEOUT, Run

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    from .heartbeat import Heartbeat
    from .history import JobRecord
    from .kinds import ChecksToRun, JobKind, JobRequest, SamplesToCollect, StatisticsToCollect
    from .progress import ProgressCallback
    from .results import Outcome
    from .submission import IfExists
    from .timing import Seconds, Timing

    class RunOptions(TypedDict, total=False):
        """The keywords of `run`."""

        timeout: Seconds | None
        if_exists: IfExists
        on_progress: ProgressCallback | None
        cancel_on_interrupt: bool
        heartbeat: Heartbeat | None
        timing: Timing | None


__all__ = [
    "attach",
    "changes",
    "collect_error_samples",
    "collect_statistics_on_data_groups",
    "collect_statistics_on_table",
    "delete_stored_data",
    "import_tables",
    "list_jobs",
    "run",
    "run_checks",
    "submit",
    "synchronize_folders",
]

R = TypeVar("R")

_logger = logging.getLogger("dqops.jobs")


def submit(
    client: AuthenticatedClient | Client,
    request: JobRequest[R],
    *,
    timeout: Seconds | None = 300.0,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> JobHandle[R]:
    """Submit a job and come back as soon as the server has surely taken it on.

    Args:
        client: The client to send requests with.
        request: What the job is to do, as `RUN_CHECKS.request(...)` gives it.
        timeout: Seconds that it may take; None for no limit.
        if_exists: What to do if the server knows a job of the given business key: `raise`;
            `attach` to that one, or submit it anew if it failed or was cancelled; `rerun`, which
            submits it anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with a `JobProgress` whenever there is news.
        cancel_on_interrupt: Whether an interrupt cancels the job, if it may be there already:
            Ctrl-C, SystemExit, what a signal handler raises, and every other exception that is none
            of `ClientError`.
        timing: How patient to be, in detail.

    Returns:
        What waits for the job, looks it up or cancels it.

    Raises:
        JobAlreadyExists: There is such a job, and `if_exists` says so.
        JobNotConfirmed: It is not known whether the server took the job on.
        JobTimeout: The time was over before anything was sent.
        ClientError: The server refused the job, or could not be reached; it does not run.
    """
    handle: JobHandle[R] = JobHandle(client, new_job(request), timing)
    steps = submit_request(handle._job, request, handle._run(timeout), if_exists=if_exists)
    handle._drive(steps, on_progress, cancel_on_interrupt=cancel_on_interrupt)
    return handle


def attach(
    client: AuthenticatedClient | Client,
    business_key: str,
    kind: JobKind[Any, R],
    *,
    timing: Timing | None = None,
) -> JobHandle[R]:
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
        InvalidRequest: There can be no such key, or there is no such kind.
    """
    job = Job(kinds.check_kind(kind), check_business_key(business_key), attached=True)
    return JobHandle(client, job, timing)


def list_jobs(
    client: AuthenticatedClient | Client,
    *,
    children: bool = False,
    timeout: Seconds | None = 60.0,
    timing: Timing | None = None,
) -> list[JobRecord]:
    """List the jobs that have changed lately, whoever submitted them.

    The server's own list is always empty, so this is put together from the changes of jobs, which
    the server remembers for five minutes by default: a job that has run for longer than that, and
    one that ended earlier, are not listed.

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
    times = Run(timing, timeout)
    found = newest(drive(client, Feed(0).history(times)), children=children)
    return [drive(client, complete(each, times)) for each in found]


def changes(
    client: AuthenticatedClient | Client,
    *,
    since: int | None = None,
    children: bool = False,
    timeout: Seconds | None = None,
    timing: Timing | None = None,
) -> Iterator[JobRecord]:
    """Hear of every change of a job, whoever submitted it, as long as the caller wants to.

    The server is asked again and again, over lost connections and restarts; each change comes once.

    Args:
        client: The client to send requests with.
        since: The `sequence` of the last record that is known, to go on from there, also in another
            process, as far back as the server remembers (five minutes by default); 0 for all that
            it remembers; None for what happens from the first step of the iteration on.
        children: Whether to hear of the jobs, too, that others have started for single tables.
        timeout: Seconds after which the iteration ends; None for never.
        timing: How patient to be, in detail.

    Yields:
        The job after each change.

    Raises:
        ClientError: The server refused, or could not be reached until the end of the time.
    """
    times = Run(timing, timeout)
    feed = Feed(since)
    while (records := drive(client, feed.batch(times))) is not None:
        yield from (each for each in records if children or not each.is_child)


def run(
    client: AuthenticatedClient | Client,
    request: JobRequest[R],
    *,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    if_exists: IfExists = "raise",
    on_progress: ProgressCallback | None = None,
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
        on_progress: Called with a `JobProgress` whenever there is news, and every few seconds.
        cancel_on_interrupt: Whether an interrupt cancels the job: Ctrl-C, SystemExit, what a signal
            handler raises, and every other exception that is none of `ClientError`.
        heartbeat: Who hears that the job begins and how it ended.
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
    handle: JobHandle[R] = JobHandle(client, new_job(request), timing)
    times = handle._run(timeout, reports=on_progress is not None)
    steps = submit_and_follow(handle._job, request, times, if_exists=if_exists)
    check_callback(on_progress)
    check_heartbeat(heartbeat)
    if heartbeat is not None:
        heartbeat.started()
    try:
        outcome = handle._drive(steps, on_progress, cancel_on_interrupt=cancel_on_interrupt)
    except BaseException as error:
        if heartbeat is not None:
            try:
                heartbeat.failed(error)
            except Exception:
                _logger.exception("the heartbeat failed")
        raise
    if heartbeat is not None:
        heartbeat.finished(outcome)
    return outcome


def run_checks(
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
    check_options("run_checks", options, run)
    request = kinds.RUN_CHECKS.request(parameters, business_key=business_key)
    return run(client, request, **options)


def collect_error_samples(
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
    check_options("collect_error_samples", options, run)
    request = kinds.COLLECT_ERROR_SAMPLES.request(parameters, business_key=business_key)
    return run(client, request, **options)


def collect_statistics_on_table(
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
    check_options("collect_statistics_on_table", options, run)
    request = kinds.COLLECT_STATISTICS_ON_TABLE.request(parameters, business_key=business_key)
    return run(client, request, **options)


def collect_statistics_on_data_groups(
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
    check_options("collect_statistics_on_data_groups", options, run)
    request = kinds.COLLECT_STATISTICS_ON_DATA_GROUPS.request(parameters, business_key=business_key)
    return run(client, request, **options)


def delete_stored_data(
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
    check_options("delete_stored_data", options, run)
    request = kinds.DELETE_STORED_DATA.request(parameters, business_key=business_key)
    return run(client, request, **options)


def import_tables(
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
    check_options("import_tables", options, run)
    request = kinds.IMPORT_TABLES.request(parameters, business_key=business_key)
    return run(client, request, **options)


def synchronize_folders(
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
    check_options("synchronize_folders", options, run)
    request = kinds.SYNCHRONIZE_FOLDERS.request(parameters, business_key=business_key)
    return run(client, request, **options)
