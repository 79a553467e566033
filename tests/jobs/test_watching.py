"""Waiting for many jobs at once by the feed of changes."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.errors import InvalidRequest
from dqops.client.models import DqoJobHistoryEntryModel
from dqops.jobs import aio
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, submitted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Watching = Callable[[aio.AsyncWatcher, Client], Awaitable[Any]]


def watch(server: DqopsServer, work: Watching, **options: Any) -> Any:
    """Do something with a watcher."""

    async def main() -> Any:
        async with (
            Client(server.url) as client,
            aio.AsyncWatcher(client, timing=FAST, **options) as watcher,
        ):
            return await work(watcher, client)

    return asyncio.run(asyncio.wait_for(main(), 60))


async def submit(client: Client, key: str) -> aio.AsyncJobHandle[Any]:
    """Submit a run of checks."""
    request = jobs.RUN_CHECKS.request(FILTERS, business_key=key)
    return await aio.submit(client, request, timing=FAST)


def test_many_jobs_take_few_requests() -> None:
    """Jobs are waited for with a few requests each, however long they take."""
    count = 30

    async def work(watcher: aio.AsyncWatcher, client: Client) -> list[Any]:
        handles = [await submit(client, f"nightly-{number}") for number in range(count)]
        outcomes: list[Any] = await asyncio.gather(*map(watcher.wait, handles))
        return outcomes

    with DqopsServer(job_duration=3.0) as server:
        outcomes = watch(server, work)
        requests = Counter(each.operation for each in server.requests)
    assert {"finished"} == {each.status for each in outcomes}
    assert {f"nightly-{number}": 1 for number in range(count)} == submitted(server)
    # Before, and after the end for its result.
    assert requests["get_job"] <= 3 * count
    assert requests["wait_for_job"] <= count


def test_what_is_kept_while_jobs_go_on() -> None:
    """A wait keeps nothing of what the server has told about its job."""
    keys = {f"kept-{number}" for number in range(10)}

    def kept() -> set[str]:
        """Find the jobs of which this process has what the server tells."""
        gc.collect()
        entries = [each for each in gc.get_objects() if type(each) is DqoJobHistoryEntryModel]
        return keys & {str(getattr(each.job_id, "job_business_key", "")) for each in entries}

    async def work(watcher: aio.AsyncWatcher, client: Client) -> None:
        handles = [await submit(client, key) for key in keys]
        waiting = [asyncio.create_task(watcher.wait(each)) for each in handles]
        expected = Counter({"get_job_changes_since": 2, "get_job": len(keys)})
        async with asyncio.timeout(20):
            while not expected <= Counter(each.operation for each in server.requests) or kept():
                await asyncio.sleep(0.05)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    with DqopsServer(job_duration=60.0) as server:
        watch(server, work)


def test_end_before_it_is_waited_for() -> None:
    """A job that has ended before is found so at once, also without the feed."""

    async def work(watcher: aio.AsyncWatcher, client: Client) -> Any:
        await (await submit(client, "nightly")).wait()
        return await watcher.wait(aio.attach(client, "nightly", jobs.RUN_CHECKS, timing=FAST))

    fault = Fault.status(503, operation="get_job_changes_since")
    with DqopsServer(job_duration=0.05, faults=[fault]) as server:
        assert watch(server, work, recheck_every=30).status == "finished"


@pytest.mark.parametrize("status", [403, 404])
def test_server_without_the_feed(caplog: pytest.LogCaptureFixture, status: int) -> None:
    """Where the server refuses the feed, each job is looked at from time to time."""

    async def work(watcher: aio.AsyncWatcher, client: Client) -> Any:
        return await watcher.wait(await submit(client, "nightly"))

    fault = Fault.status(status, operation="get_job_changes_since")
    with (
        caplog.at_level(logging.WARNING, "dqops.jobs"),
        DqopsServer(job_duration=1.0, faults=[fault]) as server,
    ):
        assert watch(server, work, recheck_every=0.3).status == "finished"
    assert "changes of jobs cannot be" in caplog.text


@pytest.mark.parametrize(
    ("end", "expected"), [("cancel", jobs.JobCancelled), ("fail", jobs.JobFailed)]
)
def test_job_that_ends_badly(end: str, expected: type[jobs.JobError]) -> None:
    """The exceptions are those of a handle."""

    async def work(watcher: aio.AsyncWatcher, client: Client) -> Any:
        handle = await submit(client, "nightly")
        waiting = asyncio.create_task(watcher.wait(handle))
        if end == "cancel":
            await asyncio.sleep(0.2)
            await handle.cancel()
        return await waiting

    with DqopsServer(job_duration=30.0 if end == "cancel" else 0.5) as server:
        if end == "fail":
            server.next_outcome(table="public.orders", fails="the disk is full")
        with pytest.raises(expected):
            watch(server, work)


def test_job_that_goes_on() -> None:
    """After its time a wait raises `JobTimeout`, and the job goes on."""

    async def work(watcher: aio.AsyncWatcher, client: Client) -> Any:
        return await watcher.wait(await submit(client, "nightly"), timeout=0.5)

    with DqopsServer(job_duration=30.0) as server, pytest.raises(jobs.JobTimeout):
        watch(server, work)


def test_forgotten_job() -> None:
    """A restart of the server, of which the feed tells nothing, is noticed."""

    async def work(watcher: aio.AsyncWatcher, client: Client) -> Any:
        waiting = asyncio.create_task(watcher.wait(await submit(client, "nightly")))
        await asyncio.sleep(0.3)
        server.restart()
        return await waiting

    with DqopsServer(job_duration=30.0) as server, pytest.raises(jobs.JobForgotten):
        watch(server, work, recheck_every=0.3)


def test_wrong_use() -> None:
    """Mistakes are told before anything is sent."""
    with Client("http://127.0.0.1:9") as client:
        wrong: list[Any] = [0, -1, "5", None]
        for each in wrong:
            with pytest.raises(InvalidRequest, match="recheck_every must be > 0"):
                aio.AsyncWatcher(client, recheck_every=each)
        handle = aio.attach(client, "nightly", jobs.RUN_CHECKS)
        with pytest.raises(InvalidRequest, match="async with AsyncWatcher"):
            asyncio.run(aio.AsyncWatcher(client).wait(handle))
