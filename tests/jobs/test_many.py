"""Many jobs at once: limits, order, partial results."""

from __future__ import annotations

import asyncio
import pickle
import signal
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import (
    CheckSearchFilters,
    DeleteStoredDataQueueJobParameters,
    ImportTablesQueueJobParameters,
    StatisticsCollectorSearchFilters,
)
from dqops.jobs import RUN_CHECKS, aio
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, submitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.client import Client
    from dqops.client.models import RunChecksResult

    from jobs.support import Calling


def requests(count: int) -> list[jobs.JobRequest[RunChecksResult]]:
    """Make requests with keys that tell their order."""
    return [RUN_CHECKS.request(FILTERS, business_key=f"n{i}") for i in range(count)]


def test_order_and_limit(server: DqopsServer, client: Client, calling: Calling) -> None:
    """Outcomes come in the order of the requests, and never more jobs than allowed run."""
    under_way: set[str] = set()
    most = 0

    def hear(progress: jobs.JobProgress) -> None:
        nonlocal most
        if progress.phase == "ended":
            under_way.discard(progress.business_key)
        else:
            under_way.add(progress.business_key)
        most = max(most, len(under_way))

    found = calling(client, "run_many", requests(10), max_concurrent=3, on_progress=hear)

    assert [f"n{i}" for i in range(10)] == [outcome.business_key for outcome in found]
    assert (3, {f"n{i}": 1 for i in range(10)}) == (most, submitted(server))


def test_partial_results(server: DqopsServer, client: Client, calling: Calling) -> None:
    """What went wrong stands in the place of the outcome, and the others go on."""
    server.faults.add(Fault.status(403, operation="run_checks", nth=2))
    server.state.next_outcome(table="public.customers", fails="the disk is full")
    orders = CheckSearchFilters(full_table_name="public.orders")
    customers = CheckSearchFilters(full_table_name="public.customers")
    wanted = [RUN_CHECKS.request(each) for each in (orders, orders, customers, orders)]

    found = calling(client, "run_many", wanted, max_concurrent=1)

    assert ["Outcome", "Forbidden", "JobFailed", "Outcome"] == [
        type(each).__name__ for each in found
    ]
    assert isinstance(found[2], jobs.JobFailed)
    assert found[2].handle is not None


def test_progress_that_fails(client: Client, calling: Calling) -> None:
    """What a progress callback raises stands in the place of the outcome that it was about."""

    def fail(progress: jobs.JobProgress) -> None:
        if progress.business_key == "n1":
            raise LookupError(progress.business_key)

    found = calling(client, "run_many", requests(3), on_progress=fail)
    assert ["Outcome", "LookupError", "Outcome"] == [type(each).__name__ for each in found]


def test_progress_comes_in_the_thread_of_the_caller(client: Client, calling: Calling) -> None:
    """A progress callback need not be safe for threads."""
    heard: set[threading.Thread] = set()
    calling(
        client, "run_many", requests(3), on_progress=lambda _: heard.add(threading.current_thread())
    )
    assert {threading.current_thread()} == heard


def test_hanging_request_holds_up_nobody(server: DqopsServer, client: Client) -> None:
    """While a request gets no response, the other jobs go on to their end."""
    server.faults.add(Fault.timeout(when="before", operation="run_checks", nth=1))
    ended: set[str] = set()

    def hear(progress: jobs.JobProgress) -> None:
        if progress.phase == "ended":
            ended.add(progress.business_key)
        if len(ended) == 5:
            raise KeyboardInterrupt  # nobody has to see how long the last one hangs

    timing = replace(FAST, request=300)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_many(client, requests(6), max_concurrent=2, on_progress=hear, timing=timing)
    assert ended == set(submitted(server))


def test_faults_of_several(server: DqopsServer, client: Client, calling: Calling) -> None:
    """Jobs whose submission fails half-way do not hold up each other, and run once each."""
    server.faults.add(Fault.reset(when="before", operation="run_checks", nth=range(1, 6)))
    found = calling(client, "run_many", requests(8), max_concurrent=8)
    assert {f"n{i}": 1 for i in range(8)} == submitted(server)
    assert [2] * 5 + [1] * 3 == sorted((each.submissions for each in found), reverse=True)


def test_none(client: Client, calling: Calling) -> None:
    """Nothing to do is no problem."""
    assert [] == calling(client, "run_many", [])


def test_refused(server: DqopsServer, client: Client, calling: Calling) -> None:
    """Jobs of one key could not be told apart, and no job at a time is none at all."""
    others = [
        RUN_CHECKS.request(CheckSearchFilters(connection="other"), business_key="n0"),
        jobs.DELETE_STORED_DATA.request(
            DeleteStoredDataQueueJobParameters(connection="c", delete_errors=True),
            business_key="n0",
        ),
    ]
    for other in others:
        with pytest.raises(InvalidRequest, match="two different jobs have the business key 'n0'"):
            calling(client, "run_many", [*requests(1), other])
    with pytest.raises(InvalidRequest, match="must be >= 1, got 0"):
        calling(client, "run_many", requests(1), max_concurrent=0)
    assert [] == server.requests


def test_the_same_request_twice(server: DqopsServer, client: Client, calling: Calling) -> None:
    """Equal requests with one key are one job, whose outcome has each of their places."""
    wanted = [*requests(2), *requests(2), RUN_CHECKS.request(FILTERS), RUN_CHECKS.request(FILTERS)]
    found = calling(client, "run_many", wanted, max_concurrent=1)
    assert ["n0", "n1", "n0", "n1"] == [outcome.business_key for outcome in found[:4]]
    assert 4 == len({outcome.job_id for outcome in found})
    assert [1] * 4 == list(submitted(server).values())


@pytest.mark.parametrize("wanted", [True, False])
def test_interrupt(server: DqopsServer, client: Client, wanted: bool) -> None:
    """Ctrl-C cancels the jobs under way if asked to, and starts no more."""
    server.settings.job_duration = 60.0

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.status is not None and len(submitted(server)) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_many(
            client,
            requests(5),
            max_concurrent=3,
            on_progress=interrupt,
            cancel_on_interrupt=wanted,
            timing=FAST,
        )
    with server.state.condition:
        server.state.queue.advance()
        statuses = [job.status for job in server.state.queue.jobs if job.parent is None]
    assert ["cancelled" if wanted else "running"] * 3 == statuses


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT raise also where the suite was started with it ignored, as background jobs are."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread()
    or not hasattr(signal, "pthread_kill"),
    reason="signals go to the main thread, where there are such",
)
@pytest.mark.parametrize("operation", ["wait_for_job", "run_checks"])
def test_interrupt_while_the_server_does_not_respond(
    server: DqopsServer, client: Client, operation: str
) -> None:
    """Ctrl-C waits for no response, and cancels also the job whose submission hangs."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.timeout(when="after", operation=operation))
    timing = jobs.Timing(request=120, cancel_within=20)

    def interrupt() -> None:
        while len(submitted(server)) < 3:
            time.sleep(0.02)
        signal.pthread_kill(main_thread, signal.SIGINT)

    main_thread = threading.get_ident()
    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        jobs.run_many(
            client, requests(5), max_concurrent=3, cancel_on_interrupt=True, timing=timing
        )
    interrupting.join()
    with server.state.condition:
        server.state.queue.advance()
        statuses = [job.status for job in server.state.queue.jobs if job.parent is None]
    assert ["cancelled"] * 3 == statuses


def test_cancelled_task(server: DqopsServer, client: Client) -> None:
    """The cancellation of a task does the same."""
    server.settings.job_duration = 60.0

    async def main() -> None:
        async with client:
            running = asyncio.create_task(
                aio.run_many(
                    client, requests(5), max_concurrent=3, cancel_on_interrupt=True, timing=FAST
                )
            )
            while len(submitted(server)) < 3:
                await asyncio.sleep(0.02)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(main())
    with server.state.condition:
        server.state.queue.advance()
        statuses = [job.status for job in server.state.queue.jobs if job.parent is None]
    assert ["cancelled"] * 3 == statuses


def test_outcomes_after_ctrl_c(client: Client) -> None:
    """Ctrl-C keeps the outcomes of the jobs that have ended."""

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.business_key == "n2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="2 of 4 jobs had ended") as caught:
        jobs.run_many(client, requests(4), max_concurrent=1, on_progress=interrupt, timing=FAST)
    assert isinstance(caught.value, jobs.JobsInterrupted)
    kinds = [type(each).__name__ for each in caught.value.outcomes]
    assert ["Outcome", "Outcome", "NoneType", "NoneType"] == kinds
    assert kinds == [
        type(each).__name__ for each in pickle.loads(pickle.dumps(caught.value)).outcomes
    ]


@pytest.mark.parametrize("name", ["timeout", "total_timeout"])
def test_times_without_end(client: Client, calling: Calling, name: str) -> None:
    """A number that no clock counts to is refused, and nobody waits for ever."""
    requests = [jobs.RUN_CHECKS.request(CheckSearchFilters(connection="warehouse"))]
    with pytest.raises(InvalidRequest, match=f"{name} must be a number of seconds"):
        calling(client, "run_many", requests, **{name: 10**400})


def test_total_timeout(server: DqopsServer, client: Client, calling: Calling) -> None:
    """When the time of all is over, what has ended is kept, and what was not submitted never is."""
    hung = CheckSearchFilters(full_table_name="public.customers")
    wanted = [
        RUN_CHECKS.request(FILTERS, business_key="quick"),
        RUN_CHECKS.request(hung, business_key="slow"),
        RUN_CHECKS.request(FILTERS, business_key="late"),
    ]
    server.faults.add(Fault.timeout(when="before", operation="wait_for_job", nth=range(2, 99)))
    server.settings.job_duration = 0.01

    def hear(progress: jobs.JobProgress) -> None:
        if progress.business_key == "slow":
            server.settings.job_duration = 3600

    found = calling(client, "run_many", wanted, max_concurrent=1, total_timeout=2, on_progress=hear)
    assert ["Outcome", "JobTimeout", "JobTimeout"] == [type(each).__name__ for each in found]
    assert "public.customers" in str(found[1])
    assert "it goes on" in str(found[1])
    assert "was not submitted" in str(found[2])
    assert {"quick": 1, "slow": 1} == submitted(server)


def completed(client: Client, way: str, wanted: Any, **options: Any) -> list[tuple[Any, Any]]:
    """Collect what comes as jobs end: synchronously, or under asyncio or trio."""
    options = {"timing": FAST, **options}
    if way == "sync":
        with jobs.as_completed(client, wanted, **options) as done:
            return list(done)

    async def main() -> list[tuple[Any, Any]]:
        async with client, aio.as_completed(client, wanted, **options) as done:
            return [each async for each in done]

    return anyio.run(main, backend=way)


WAYS = ["sync", "asyncio", "trio"]


@pytest.mark.parametrize("way", WAYS)
def test_as_completed(server: DqopsServer, client: Client, way: str) -> None:
    """Outcomes come when their jobs have ended, with their requests, failures among them."""
    orders = CheckSearchFilters(full_table_name="public.orders")
    customers = CheckSearchFilters(full_table_name="public.customers")
    server.state.next_outcome(table="public.customers", fails="the disk is full")
    wanted = [RUN_CHECKS.request(customers), RUN_CHECKS.request(orders, label="mine")]
    found = {
        request.label: type(outcome).__name__ for request, outcome in completed(client, way, wanted)
    }
    assert {"public.customers": "JobFailed", "mine": "Outcome"} == found
    assert [] == completed(client, way, [])
    same = completed(client, way, requests(1) * 2)
    assert (2, {"n0"}) == (len(same), {outcome.business_key for _, outcome in same})


@pytest.mark.parametrize("way", WAYS)
def test_as_completed_left_early(server: DqopsServer, client: Client, way: str) -> None:
    """A loop that is left early submits nothing more, and what it raises goes its way."""

    async def main() -> None:
        async with client, aio.as_completed(client, requests(9), max_concurrent=1) as done:
            async for _ in done:
                raise LookupError

    def block() -> None:
        with jobs.as_completed(client, requests(9), max_concurrent=1) as done:
            for _ in done:
                raise LookupError

    with pytest.raises(LookupError):
        block() if way == "sync" else anyio.run(main, backend=way)
    assert len(submitted(server)) < 9


@pytest.mark.parametrize("way", WAYS)
def test_as_completed_left_early_cancels(server: DqopsServer, client: Client, way: str) -> None:
    """With `cancel_on_interrupt`, leaving the loop early cancels the jobs under way."""
    server.settings.job_duration = 3600
    server.faults.add(Fault.status(403, operation="run_checks", nth=1))
    options: dict[str, Any] = {"max_concurrent": 1, "cancel_on_interrupt": True, "timing": FAST}

    async def main() -> None:
        async with client, aio.as_completed(client, requests(2), **options) as done:
            async for _ in done:
                while "n1" not in submitted(server):
                    await anyio.sleep(0.01)
                break

    if way == "sync":
        with jobs.as_completed(client, requests(2), **options) as done:
            for _ in done:
                while "n1" not in submitted(server):
                    time.sleep(0.01)
                break
    else:
        anyio.run(main, backend=way)
    with server.state.condition:
        server.state.queue.advance()
        statuses = {job.business_key: job.status for job in server.state.queue.jobs}
    assert "cancelled" == statuses["n1"]


def test_as_completed_without_a_block(server: DqopsServer, client: Client) -> None:
    """Without a block nobody would know that the loop was left; nothing is sent."""
    with pytest.raises(InvalidRequest, match="with as_completed"):
        iter(jobs.as_completed(client, requests(1)))

    async def main() -> None:
        async for _ in aio.as_completed(client, requests(1)):
            pass

    with pytest.raises(InvalidRequest, match="async with as_completed"):
        asyncio.run(main())
    assert [] == server.requests


def test_labels(client: Client, calling: Calling) -> None:
    """Progress names the table of a job, or what the caller says, and else its number."""
    heard: dict[str, str] = {}
    tables = CheckSearchFilters(full_table_name="public.orders")
    wanted = [
        RUN_CHECKS.request(tables, business_key="table"),
        RUN_CHECKS.request(FILTERS, business_key="named", label="the warehouse"),
        RUN_CHECKS.request(FILTERS, business_key="plain"),
    ]

    def hear(progress: jobs.JobProgress) -> None:
        heard[progress.business_key] = str(progress).partition(":")[0]

    calling(client, "run_many", wanted, on_progress=hear)
    assert "run_checks public.orders" == heard["table"]
    assert "run_checks the warehouse" == heard["named"]
    assert heard["plain"].startswith("run_checks job 1")


@pytest.mark.parametrize(
    ("request_", "label"),
    [
        (
            jobs.COLLECT_STATISTICS_ON_TABLE.request(
                StatisticsCollectorSearchFilters(full_table_name="a.b")
            ),
            "a.b",
        ),
        (
            jobs.DELETE_STORED_DATA.request(
                DeleteStoredDataQueueJobParameters(
                    connection="c", full_table_name="a.b", delete_errors=True
                )
            ),
            "a.b",
        ),
        (
            jobs.IMPORT_TABLES.request(
                ImportTablesQueueJobParameters(schema_name="a", table_names=["b"])
            ),
            "a.b",
        ),
        (
            jobs.IMPORT_TABLES.request(
                ImportTablesQueueJobParameters(schema_name="a", table_names=["b", "c"])
            ),
            "",
        ),
        (jobs.IMPORT_TABLES.request(ImportTablesQueueJobParameters(table_names=["b"])), "b"),
    ],
)
def test_labels_of_other_kinds(request_: jobs.JobRequest[Any], label: str) -> None:
    """Jobs of other kinds are labelled by their one table, too."""
    assert label == request_.label
