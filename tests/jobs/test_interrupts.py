"""Whoever interrupts a call, the job is cancelled if that is wanted, and within the time given."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.api.healthcheck import is_healthy
from dqops.jobs import aio
from dqops.testing import DqopsServer, Fault
from support.transports import ASYNC_TRANSPORTS, SYNC_TRANSPORTS

from jobs.support import FAST, FILTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from types import FrameType

    Interrupting = Callable[
        [Callable[[], Coroutine[Any, Any, Any]], DqopsServer], Coroutine[Any, Any, None]
    ]

WITH_SIGNALS = pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(signal, "pthread_kill"),
    reason="signals go to the main thread, where there are such",
)
HAS_TRIO = importlib.util.find_spec("trio") is not None
BACKENDS = [
    "asyncio",
    pytest.param("trio", marks=pytest.mark.skipif(not HAS_TRIO, reason="needs trio")),
]
# aiohttp knows no trio.
CARRIERS = [
    *(("asyncio", transport) for transport in ASYNC_TRANSPORTS),
    *(("trio", transport) for transport in SYNC_TRANSPORTS if HAS_TRIO),
]


@pytest.fixture
def server() -> Iterator[DqopsServer]:
    """A server whose jobs do not end by themselves."""
    with DqopsServer(job_duration=120.0) as server:
        yield server


def statuses(server: DqopsServer) -> list[str]:
    """Give the statuses of the jobs that were submitted."""
    return [job.status for job in server.state.jobs]


async def until_it_runs(server: DqopsServer, count: int = 1) -> None:
    """Wait until the server has jobs that somebody waits for."""
    with anyio.fail_after(60):
        while len(server.state.jobs) < count or not server.calls("run_checks"):
            await anyio.sleep(0.02)
        await anyio.sleep(0.1)


async def by_a_scope(run: Callable[[], Coroutine[Any, Any, Any]], server: DqopsServer) -> None:
    """Cancel a scope of anyio, which tells its tasks at every await that they are cancelled."""
    scope = anyio.CancelScope()

    async def interrupt() -> None:
        await until_it_runs(server)
        scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(interrupt)
        with scope:
            await run()
    assert scope.cancelled_caught


async def by_a_time_limit(run: Callable[[], Coroutine[Any, Any, Any]], server: DqopsServer) -> None:
    """Let a time limit of anyio end the call."""
    with anyio.move_on_after(120) as scope:
        async with anyio.create_task_group() as group:

            async def shorten() -> None:
                await until_it_runs(server)
                scope.deadline = anyio.current_time()

            group.start_soon(shorten)
            await run()
    assert scope.cancelled_caught


async def by_a_group(run: Callable[[], Coroutine[Any, Any, Any]], server: DqopsServer) -> None:
    """Cancel a task group of anyio."""
    async with anyio.create_task_group() as group:
        group.start_soon(run)
        await until_it_runs(server)
        group.cancel_scope.cancel()


async def by_another_task(run: Callable[[], Coroutine[Any, Any, Any]], server: DqopsServer) -> None:
    """Let another task of the group fail."""

    async def fail() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(run)
            await until_it_runs(server)
            raise LookupError("the other task")

    with pytest.raises(ExceptionGroup) as caught:
        await fail()
    assert ["the other task"] == [str(each) for each in caught.value.exceptions]


async def by_asyncio(run: Callable[[], Coroutine[Any, Any, Any]], server: DqopsServer) -> None:
    """Cancel a task of asyncio, which is told once."""
    task = asyncio.ensure_future(run())
    await until_it_runs(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


INTERRUPTIONS: dict[str, Interrupting] = {
    "scope": by_a_scope,
    "time limit": by_a_time_limit,
    "group": by_a_group,
    "another task": by_another_task,
}


@pytest.mark.parametrize(("backend", "transport"), CARRIERS)
@pytest.mark.parametrize("interrupting", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
def test_cancelled_scope(
    server: DqopsServer, interrupting: Interrupting, backend: str, transport: Any
) -> None:
    """A cancelled scope cancels the job, although every await in it is cancelled as well."""

    async def main() -> None:
        async with Client(server.url, transport=transport) as client:
            await interrupting(
                lambda: aio.run_checks(client, FILTERS, cancel_on_interrupt=True), server
            )
            assert "OK" == await is_healthy.asyncio(client=client)

    anyio.run(main, backend=backend)
    assert {"cancelled"} == set(statuses(server))


@pytest.mark.parametrize("transport", ASYNC_TRANSPORTS)
def test_cancelled_task_of_asyncio(server: DqopsServer, transport: Any) -> None:
    """So does a task that is told only once."""

    async def main() -> None:
        async with Client(server.url, transport=transport) as client:
            await by_asyncio(
                lambda: aio.run_checks(client, FILTERS, cancel_on_interrupt=True), server
            )

    asyncio.run(main())
    assert ["cancelled"] == statuses(server)


@pytest.mark.parametrize("backend", BACKENDS)
def test_cancelled_scope_of_many_jobs(server: DqopsServer, backend: str) -> None:
    """All jobs under way are cancelled, and no other one is submitted."""

    async def main() -> None:
        requests = [jobs.RUN_CHECKS.request(FILTERS)] * 5
        async with Client(server.url) as client, anyio.create_task_group() as group:

            async def run() -> None:
                await aio.run_many(client, requests, max_concurrent=3, cancel_on_interrupt=True)

            group.start_soon(run)
            await until_it_runs(server, 3)
            group.cancel_scope.cancel()

    anyio.run(main, backend=backend)
    assert ["cancelled"] * 3 == statuses(server)


@pytest.mark.parametrize("backend", BACKENDS)
def test_jobs_under_each_event_loop(backend: str) -> None:
    """Jobs are run, many of them too, and changes heard, under asyncio and trio."""

    async def main() -> list[str]:
        async with Client(quick.url) as client:
            outcome = await aio.run_checks(client, FILTERS, timing=FAST)
            many = await aio.run_many(
                client, [jobs.RUN_CHECKS.request(FILTERS)] * 3, max_concurrent=2, timing=FAST
            )
            listed = await aio.list_jobs(client)
            heard = [each async for each in aio.changes(client, timeout=0.2, timing=FAST)]
        assert [] == heard
        ended = [each.status for each in many if isinstance(each, jobs.Outcome)]
        return [outcome.status, *ended, *(each.status for each in listed)]

    with DqopsServer(job_duration=0.05) as quick:
        assert ["finished"] * 8 == anyio.run(main, backend=backend)


def test_cancelling_is_bounded(server: DqopsServer) -> None:
    """A server that does not respond holds a cancelled task no longer than it may."""
    server.faults.add(Fault.timeout(operation="cancel_job"))

    async def main() -> float:
        began = 0.0
        async with Client(server.url) as client:

            async def run() -> None:
                timing = jobs.Timing(cancel_within=1)
                await aio.run_checks(client, FILTERS, cancel_on_interrupt=True, timing=timing)

            async with anyio.create_task_group() as group:
                group.start_soon(run)
                await until_it_runs(server)
                group.cancel_scope.cancel()
                began = time.monotonic()
        return time.monotonic() - began

    assert anyio.run(main) < 20  # of the 30 s that a request may take


class SoftTimeLimitError(Exception):
    """What Celery's soft time limit raises in a signal handler: an Exception."""


class TaskTerminatedError(BaseException):
    """What others raise there: no Exception."""


@WITH_SIGNALS
@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, SystemExit, SoftTimeLimitError, TaskTerminatedError]
)
def test_exception_of_a_signal_handler(
    server: DqopsServer, error: type[BaseException], wanted: bool
) -> None:
    """Whatever a signal handler raises cancels the job, if that is wanted."""

    def handle(_: int, __: FrameType | None) -> None:
        raise error

    def send() -> None:
        anyio.run(until_it_runs, server)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, handle)
    sender = threading.Thread(target=send)
    sender.start()
    try:
        with pytest.raises(error), Client(server.url) as client:
            jobs.run_checks(client, FILTERS, cancel_on_interrupt=wanted)
    finally:
        sender.join()
        signal.signal(signal.SIGUSR1, before)
    assert ["cancelled" if wanted else "running"] == statuses(server)


def test_own_exceptions_cancel_nothing(server: DqopsServer) -> None:
    """A job that takes longer than one waits for goes on."""
    with pytest.raises(jobs.JobTimeout), Client(server.url) as client:
        jobs.run_checks(client, FILTERS, cancel_on_interrupt=True, timeout=0.5, timing=FAST)
    assert ["running"] == statuses(server)


RUN = "run_checks(client, FILTERS, cancel_on_interrupt=True)"
MANY = "run_many(client, [jobs.RUN_CHECKS.request(FILTERS)] * 3, cancel_on_interrupt=True)"
GROUP = f"""
async def run(): await aio.{RUN}
async def main():
    async with anyio.create_task_group() as group:
        group.start_soon(run)
anyio.run(main)
"""
PROGRAMS = {
    "run": (1, f"jobs.{RUN}"),
    "run, interrupted twice": (1, f"jobs.{RUN}"),
    "run_many": (3, f"jobs.{MANY}"),
    "asyncio": (1, f"asyncio.run(aio.{RUN})"),
    "asyncio, many": (3, f"asyncio.run(aio.{MANY})"),
    "anyio": (1, f"async def main(): await aio.{RUN}\nanyio.run(main)"),
    "anyio, group": (1, GROUP),
    "trio": (1, f"async def main(): await aio.{RUN}\nanyio.run(main, backend='trio')"),
    "trio, many": (3, f"async def main(): await aio.{MANY}\nanyio.run(main, backend='trio')"),
}
HEAD = """
import asyncio, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a job of the background
import anyio
from dqops import jobs
from dqops.jobs import aio
from dqops.client import Client
from dqops.client.models import CheckSearchFilters
client = Client(sys.argv[1])
FILTERS = CheckSearchFilters(connection="warehouse")
"""


@WITH_SIGNALS
@pytest.mark.parametrize("name", PROGRAMS)
def test_ctrl_c(server: DqopsServer, name: str) -> None:
    """Ctrl-C ends the program, and its jobs, whatever event loop runs it."""
    if "trio" in name and not HAS_TRIO:
        pytest.skip("needs trio")
    count, program = PROGRAMS[name]
    process = subprocess.Popen(
        [sys.executable, "-c", HEAD + program, server.url],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        anyio.run(until_it_runs, server, count)
        process.send_signal(signal.SIGINT)
        if "twice" in name:
            time.sleep(0.02)
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert ["cancelled"] * count == statuses(server), errors
    assert 0 != process.returncode
