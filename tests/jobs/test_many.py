"""Many jobs at once: limits, order, partial results."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters
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
    """While a request gets no answer, the other jobs go on to their end."""
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
    """Jobs of the same key could not be told apart, and no job at a time is none at all."""
    with pytest.raises(InvalidRequest, match="two jobs have the business key 'n0'"):
        calling(client, "run_many", requests(1) * 2)
    with pytest.raises(InvalidRequest, match="at least 1, not 0"):
        calling(client, "run_many", requests(1), max_concurrent=0)
    assert [] == server.requests


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
def test_interrupt_while_the_server_does_not_answer(
    server: DqopsServer, client: Client, operation: str
) -> None:
    """Ctrl-C waits for no answer, and cancels also the job whose submission hangs."""
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
