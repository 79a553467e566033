"""Many jobs at once: limits, order, partial results."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters
from dqops.jobs import RUN_CHECKS, aio
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, submitted

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.client.models import RunChecksResult

    from jobs.conftest import Calling


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
