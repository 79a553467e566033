"""Handles: submit, attach, cancel, interrupts, heartbeats."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.errors import InvalidRequest
from dqops.jobs import RUN_CHECKS, aio
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, KEY_DELAY, submitted

if TYPE_CHECKING:
    from jobs.support import Calling, Handling

REQUEST = RUN_CHECKS.request(FILTERS, business_key="nightly")


def statuses(server: DqopsServer) -> list[str]:
    """Give the statuses of the jobs that were submitted."""
    with server.state.condition:
        server.state.queue.advance()
        return [job.status for job in server.state.queue.jobs if job.parent is None]


def finish(server: DqopsServer) -> None:
    """End the first job."""
    with server.state.condition:
        server.state.queue.finish(server.state.queue.jobs[0])


def test_handle(server: DqopsServer, client: Client) -> None:
    """A handle knows its job from submission to result."""
    server.settings.job_duration = 60.0
    handle = jobs.submit(client, REQUEST, timing=FAST)
    number = server.state.jobs[0].number
    assert ("nightly", number, "run_checks") == (handle.business_key, handle.job_id, handle.kind)
    assert f"<JobHandle run_checks {number} 'nightly'>" == repr(handle)
    assert "running" == handle.status()
    finish(server)
    result = handle.result()
    assert result is not None
    assert 109 == result.executed_checks
    assert handle.wait() is handle.wait()
    assert "finished" == handle.status() == handle.entry().status


def test_async_handle(server: DqopsServer) -> None:
    """The asynchronous one does the same."""
    server.settings.job_duration = 60.0

    async def main() -> None:
        async with Client(server.url) as client:
            handle = await aio.submit(client, REQUEST, timing=FAST)
            assert f"<AsyncJobHandle run_checks {handle.job_id} 'nightly'>" == repr(handle)
            assert "running" == await handle.status()
            finish(server)
            result = await handle.result()
            assert result is not None
            assert 109 == result.executed_checks
            assert "finished" == await handle.status() == (await handle.entry()).status

    asyncio.run(main())


def test_attach_in_another_process(server: DqopsServer, client: Client) -> None:
    """A business key is all that another process needs, even right after the submission."""
    server.settings.business_key_delay = 0.5
    server.settings.job_duration = 1.0
    handle = jobs.submit(client, REQUEST, timing=FAST)
    program = (
        "import sys; from dqops import jobs; from dqops.client import Client\n"
        "handle = jobs.attach(Client(sys.argv[1]), sys.argv[2], jobs.RUN_CHECKS)\n"
        "outcome = handle.wait(timeout=30); print(outcome.job_id, outcome.highest_severity)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, server.url, handle.business_key],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (f"{handle.job_id} fatal\n", "") == (done.stdout, done.stderr)


def test_attach_async(server: DqopsServer, client: Client) -> None:
    """The asynchronous handle attaches, too."""
    handle = jobs.submit(client, REQUEST, timing=FAST)

    async def main() -> Any:
        async with Client(server.url) as other:
            return await aio.attach(other, "nightly", RUN_CHECKS, timing=FAST).wait()

    assert handle.job_id == asyncio.run(main()).job_id


@pytest.mark.parametrize("kind", [jobs.COLLECT_ERROR_SAMPLES, jobs.IMPORT_TABLES])
def test_attach_as_another_kind(client: Client, kind: jobs.JobKind[Any, Any]) -> None:
    """A job of another kind is not taken for one that finished without a result."""
    jobs.submit(client, REQUEST, timing=FAST)
    with pytest.raises(InvalidRequest, match=r"must have the type '.*', got 'run_checks'"):
        jobs.attach(client, "nightly", kind, timing=FAST).wait()


@pytest.mark.parametrize("operation", ["cancel_job", "get_job"])
def test_cancel(server: DqopsServer, client: Client, operation: str) -> None:
    """Cancelling gets through over faults, also before the key is listed."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.reset(when="after", operation=operation, nth=[1, 2]))
    handle = jobs.submit(client, REQUEST, timing=FAST)
    assert "cancelled" == handle.cancel()
    assert "cancelled" == handle.cancel()  # nothing happens
    with pytest.raises(jobs.JobCancelled) as caught:
        handle.wait()
    assert handle is caught.value.handle
    assert ["cancelled"] == statuses(server)


def test_cancel_comes_back_when_the_job_has_ended(
    server: DqopsServer, client: Client, handling: Handling
) -> None:
    """204 proves nothing: the job is followed until the server says that it is cancelled."""
    server.settings.job_duration = 60.0
    server.settings.cancel_delay = 0.5
    jobs.submit(client, REQUEST, timing=FAST)
    began = time.monotonic()
    assert "cancelled" == handling(client, "nightly", "cancel")
    assert 0.5 <= time.monotonic() - began
    assert ["cancelled"] == statuses(server)


def test_cancel_of_a_job_that_ended(
    server: DqopsServer, client: Client, handling: Handling
) -> None:
    """The status tells that there was nothing to cancel, and nothing is asked for."""
    jobs.run(client, REQUEST, timing=FAST)
    assert "finished" == handling(client, "nightly", "cancel")
    assert [] == server.calls("cancel_job")


def test_cancel_of_an_unknown_job(server: DqopsServer, client: Client, handling: Handling) -> None:
    """A key that nobody knows cannot be cancelled, although the server would say that it was."""
    with pytest.raises(jobs.JobForgotten):
        handling(client, "nothing", "cancel")
    assert [] == server.calls("cancel_job")


def test_cancel_of_the_older_job_of_a_key(server: DqopsServer, client: Client) -> None:
    """A handle cancels its own job, not the newer one that its key now leads to."""
    server.settings.job_duration = 60.0
    server.settings.business_key_delay = 0.0
    old = jobs.submit(client, REQUEST, timing=FAST)
    httpx.post(f"{server.url}api/jobs/runchecks?wait=false&jobBusinessKey=nightly", json={})
    old.cancel()
    assert ["cancelled", "running"] == statuses(server)


def test_cancel_after_a_restart(server: DqopsServer, client: Client) -> None:
    """A server that has forgotten the job is not taken at its word."""
    server.settings.job_duration = 60.0
    handle = jobs.submit(client, REQUEST, timing=FAST)
    server.restart()
    with pytest.raises(jobs.JobForgotten, match="it was restarted"):
        handle.cancel()


def test_cancel_that_the_server_has_noted(server: DqopsServer, client: Client) -> None:
    """A job that takes its time to stop is told as such when the time is over."""
    server.settings.job_duration = server.settings.cancel_delay = 60.0
    handle = jobs.submit(client, REQUEST, timing=FAST)
    with pytest.raises(jobs.JobTimeout, match=r"accepted the .* did not end within 0\.3 s"):
        handle.cancel(timeout=0.3)


def test_cancel_that_is_refused(server: DqopsServer, client: Client) -> None:
    """A key that may look at jobs only cannot cancel them."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.status(403, operation="cancel_job"))
    handle = jobs.submit(client, REQUEST, timing=FAST)
    with pytest.raises(jobs.JobUnreachable, match=r"cannot be cancelled: .*403"):
        handle.cancel()


def test_interrupt_does_not_wait_for_the_end_of_the_job(
    server: DqopsServer, client: Client
) -> None:
    """After Ctrl-C it is enough that the server has noted the request."""
    server.settings.job_duration = server.settings.cancel_delay = 60.0

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.status is not None:
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        jobs.run(
            client,
            REQUEST,
            on_progress=interrupt,
            cancel_on_interrupt=True,
            timing=replace(FAST, cancel_within=30),
        )
    assert time.monotonic() - began < 10
    assert ["cancel_requested"] == statuses(server)


def test_cancel_in_vain(server: DqopsServer, client: Client) -> None:
    """A server that does not listen is told as such when the time is over."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.status(503, operation="cancel_job"))
    handle = jobs.submit(client, REQUEST, timing=FAST)
    with pytest.raises(jobs.JobTimeout, match=r"could not be cancelled within 0\.3 s"):
        handle.cancel(timeout=0.3)


def test_wait_again_after_the_deadline(server: DqopsServer, client: Client) -> None:
    """The handle in a `JobTimeout` goes on waiting."""
    server.settings.job_duration = 1.0
    with pytest.raises(jobs.JobTimeout) as caught:
        jobs.run(client, REQUEST, timeout=0.2, timing=FAST)
    handle = caught.value.handle
    assert isinstance(handle, jobs.JobHandle)
    assert "finished" == handle.wait().status
    assert {"nightly": 1} == submitted(server)


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("exception", [KeyboardInterrupt, SystemExit])
def test_interrupt(
    server: DqopsServer, client: Client, wanted: bool, exception: type[BaseException]
) -> None:
    """Ctrl-C cancels the job if asked to, and passes through."""
    server.settings.job_duration = 60.0

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.status is not None:
            raise exception

    with pytest.raises(exception):
        jobs.run(client, REQUEST, on_progress=interrupt, cancel_on_interrupt=wanted, timing=FAST)
    assert ["cancelled" if wanted else "running"] == statuses(server)


def test_interrupt_while_it_is_not_known_whether_there_is_a_job(
    server: DqopsServer, client: Client
) -> None:
    """A job whose submission failed half-way is waited for, and cancelled."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.reset(when="after", operation="run_checks", nth=1))

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.phase == "confirming":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run(client, REQUEST, on_progress=interrupt, cancel_on_interrupt=True, timing=FAST)
    assert ["cancelled"] == statuses(server)


def test_interrupt_with_a_dead_server(server: DqopsServer, client: Client) -> None:
    """Cancelling after Ctrl-C takes no longer than it may, and its failure hides nothing."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.timeout(operation="cancel_job", when="before"))

    def interrupt(progress: jobs.JobProgress) -> None:
        if progress.phase == "following":
            raise KeyboardInterrupt("Ctrl-C")

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt, match="Ctrl-C"):
        jobs.run(client, REQUEST, on_progress=interrupt, cancel_on_interrupt=True, timing=FAST)
    assert time.monotonic() - began < FAST.cancel_within + 1.5


@pytest.mark.parametrize("wanted", [True, False])
def test_cancelled_task(server: DqopsServer, wanted: bool) -> None:
    """The cancellation of a task cancels the job if asked to, and passes through."""
    server.settings.job_duration = 60.0

    async def main() -> None:
        async with Client(server.url) as client:
            running = asyncio.create_task(
                aio.run(client, REQUEST, cancel_on_interrupt=wanted, timing=FAST)
            )
            while not statuses(server):
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.1)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(main())
    assert ["cancelled" if wanted else "running"] == statuses(server)


class Listener:
    """A heartbeat that remembers what it heard."""

    def __init__(self, fails_in: str = "") -> None:
        self.heard: list[tuple[str, str]] = []
        self._fails_in = fails_in

    def started(self) -> None:
        """Hear the beginning."""
        self._hear("started", "")

    def finished(self, outcome: jobs.Outcome[Any]) -> None:
        """Hear the end."""
        self._hear("finished", str(outcome.highest_severity))

    def failed(self, error: BaseException) -> None:
        """Hear that there is none."""
        self._hear("failed", type(error).__name__)

    def _hear(self, what: str, detail: str) -> None:
        self.heard.append((what, detail))
        if what == self._fails_in:
            raise LookupError(what)


class AsyncListener(Listener):
    """The same, to be awaited."""

    async def started(self) -> None:  # type: ignore[override]
        """Hear the beginning."""
        super().started()

    async def finished(self, outcome: jobs.Outcome[Any]) -> None:  # type: ignore[override]
        """Hear the end."""
        super().finished(outcome)

    async def failed(self, error: BaseException) -> None:  # type: ignore[override]
        """Hear that there is none."""
        super().failed(error)


@pytest.mark.usefixtures("server")
def test_heartbeat(client: Client, calling: Calling) -> None:
    """A heartbeat hears the beginning and the outcome."""
    heartbeat = Listener()
    calling(client, "run_checks", FILTERS, heartbeat=heartbeat)
    assert [("started", ""), ("finished", "fatal")] == heartbeat.heard


def test_heartbeat_of_a_failure(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A heartbeat hears why there is no outcome, and cannot hide it."""
    server.state.next_outcome(table="public.orders", fails="the disk is full")
    heartbeat = Listener(fails_in="failed")
    with pytest.raises(jobs.JobFailed):
        calling(client, "run_checks", FILTERS, heartbeat=heartbeat)
    assert [("started", ""), ("failed", "JobFailed")] == heartbeat.heard


def test_heartbeat_that_insists(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A heartbeat may keep a job from being submitted."""
    with pytest.raises(LookupError):
        calling(client, "run_checks", FILTERS, heartbeat=Listener(fails_in="started"))
    assert [] == server.requests


def test_heartbeat_that_is_awaited(server: DqopsServer) -> None:
    """The methods of a heartbeat may be coroutines."""
    heartbeat = AsyncListener()

    async def main() -> None:
        async with Client(server.url) as client:
            await aio.run(client, REQUEST, heartbeat=heartbeat, timing=FAST)

    asyncio.run(main())
    assert [("started", ""), ("finished", "fatal")] == heartbeat.heard


def test_progress_that_is_awaited(server: DqopsServer) -> None:
    """So may be a progress callback."""
    heard: list[str] = []

    async def hear(progress: jobs.JobProgress) -> None:
        await asyncio.sleep(0)
        heard.append(progress.phase)

    async def main() -> None:
        async with Client(server.url) as client:
            await aio.run(client, REQUEST, on_progress=hear, timing=FAST)

    asyncio.run(main())
    assert ["submitting", "following", "ended"] == heard


def test_progress_that_fails(server: DqopsServer, client: Client, calling: Calling) -> None:
    """What a progress callback raises goes to the caller, and the job goes on."""
    server.settings.job_duration = 60.0

    def fail(progress: jobs.JobProgress) -> None:
        if progress.phase == "following":
            raise LookupError(progress.business_key)

    with pytest.raises(LookupError, match="nightly"):
        calling(client, "run_checks", FILTERS, business_key="nightly", on_progress=fail)
    assert ["running"] == statuses(server)


def test_key_delay_is_real(server: DqopsServer, client: Client) -> None:
    """The servers of these tests do list a job late, or the tests above would prove nothing."""
    jobs.submit(client, REQUEST, timing=FAST)
    with server.state.condition:
        assert server.state.queue.find("nightly") is None
    time.sleep(KEY_DELAY)
    with server.state.condition:
        assert server.state.queue.find("nightly") is not None
