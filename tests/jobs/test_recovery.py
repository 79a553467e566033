"""A key that was used before: raise, attach or join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest, TransportFailure
from dqops.jobs import Timing
from dqops.jobs.submission import submit

from jobs.support import (
    FAST,
    FILTERS,
    UNKNOWN,
    World,
    accepted,
    entry,
    finished,
    new_job,
    submitted,
)

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.jobs.steps import Call
    from dqops.testing import DqopsServer

    from jobs.support import Calling

REQUEST = jobs.RUN_CHECKS.request(FILTERS, business_key="nightly")


@pytest.mark.parametrize(
    ("state", "choice"),
    [
        ("running", "attach"),
        ("finished", "attach"),
        ("running", "join"),
        ("finished", "join"),
        ("running", "rerun"),
    ],
)
def test_job_that_is_well(
    server: DqopsServer, client: Client, calling: Calling, state: str, choice: str
) -> None:
    """A job that runs or has finished is taken up."""
    server.settings.business_key_delay = 0.0
    server.settings.job_duration = 1.0 if state == "running" else 0.0
    first = jobs.submit(client, REQUEST, timing=FAST)
    if state == "finished":
        first.wait()
    outcome = calling(client, "run", REQUEST, if_exists=choice)
    assert (first.job_id, True, 0) == (outcome.job_id, outcome.attached, outcome.submissions)
    assert {"nightly": 1} == submitted(server)


@pytest.mark.parametrize("state", ["failed", "cancelled", "cancel_requested"])
def test_job_that_was_lost(
    server: DqopsServer, client: Client, calling: Calling, state: str
) -> None:
    """`attach` submits a job anew that failed or was cancelled, under the same key."""
    server.settings.business_key_delay = 0.0
    lost = lose(server, client, state)
    outcome = calling(client, "run", REQUEST, if_exists="attach")
    assert lost.job_id != outcome.job_id
    assert ("finished", False, 1) == (outcome.status, outcome.attached, outcome.submissions)
    assert {"nightly": 2} == submitted(server)


@pytest.mark.parametrize("state", ["finished", "failed", "cancelled", "cancel_requested"])
def test_job_that_has_ended(
    server: DqopsServer, client: Client, calling: Calling, state: str
) -> None:
    """`rerun` submits a job anew that has ended in any way."""
    server.settings.business_key_delay = 0.0
    if state == "finished":
        server.settings.job_duration = 0.0
        first = jobs.submit(client, REQUEST, timing=FAST)
        first.wait()
    else:
        first = lose(server, client, state)
    outcome = calling(client, "run", REQUEST, if_exists="rerun")
    assert first.job_id != outcome.job_id
    assert ("finished", False, 1) == (outcome.status, outcome.attached, outcome.submissions)
    assert {"nightly": 2} == submitted(server)


@pytest.mark.parametrize(
    ("state", "expected"), [("failed", jobs.JobFailed), ("cancelled", jobs.JobCancelled)]
)
def test_joined_job_that_was_lost(
    server: DqopsServer,
    client: Client,
    calling: Calling,
    state: str,
    expected: type[jobs.JobError],
) -> None:
    """`join` gives the job that there is, whatever became of it."""
    server.settings.business_key_delay = 0.0
    lost = lose(server, client, state)
    with pytest.raises(expected) as caught:
        calling(client, "run", REQUEST, if_exists="join")
    assert lost.job_id == caught.value.job_id
    assert {"nightly": 1} == submitted(server)


def lose(server: DqopsServer, client: Client, state: str) -> jobs.JobHandle[Any]:
    """Submit a job that does not finish."""
    server.settings.job_duration = 60.0
    if state == "failed":
        server.state.next_outcome(table="public.orders", fails="the disk is full")
        server.settings.job_duration = 0.0
    handle = jobs.submit(client, REQUEST, timing=FAST)
    if state == "failed":
        with pytest.raises(jobs.JobFailed):
            handle.wait()
    elif state == "cancelled":
        handle.cancel()
    else:
        server.settings.cancel_delay = 0.5
        with server.state.condition:
            server.state.queue.cancel(server.state.queue.jobs[0])
    server.settings.job_duration = 0.05
    return handle


def test_handle_tells(server: DqopsServer, client: Client) -> None:
    """A handle tells whether somebody else submitted its job."""
    server.settings.business_key_delay = 0.0
    first = jobs.submit(client, REQUEST, timing=FAST)
    second = jobs.submit(client, REQUEST, if_exists="attach", timing=FAST)
    assert [False, True] == [first.attached, second.attached]
    assert jobs.attach(client, "nightly", jobs.RUN_CHECKS).attached


def test_unknown_choice(client: Client, calling: Calling) -> None:
    """A misspelt choice is refused."""
    with pytest.raises(InvalidRequest, match="'raise', 'attach', 'rerun' or 'join'"):
        calling(client, "run", REQUEST, if_exists="atach")


def test_lost_job_is_not_taken_for_its_successor() -> None:
    """A submission that failed half-way is not confirmed by the job in whose place it came."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            return TransportFailure("reset") if world.count("run_checks") == 1 else accepted(8)
        return entry("failed", 7)

    world = World(respond)
    job = new_job()
    timing = Timing(registered_within=10)
    world.drive(submit(job, {}, world.run(timing, 100), if_exists="attach"))
    assert (2, 8) == (world.count("run_checks"), job.job_id)
    assert 10 <= world.time < 20


def test_successor_that_was_taken_on() -> None:
    """A submission whose response was lost is found by the key, which leads to the newer job."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            return TransportFailure("reset")
        return finished() if world.count("run_checks") else entry("failed", 7)

    def number(call: Call) -> object:
        found = respond(call)
        if world.count("run_checks") and call.operation == "get_job":
            return entry("running", 8)
        return found

    world = World(number)
    job = new_job()
    world.drive(submit(job, {}, world.run(Timing(), 100), if_exists="attach"))
    assert (1, 8) == (world.count("run_checks"), job.job_id)


def test_new_key() -> None:
    """A key that nobody knows is submitted at once."""
    world = World(lambda call: accepted() if call.operation == "run_checks" else UNKNOWN)
    world.drive(submit(new_job(), {}, world.run(Timing(), 100), if_exists="attach"))
    assert ["get_job", "run_checks"] == [operation for _, operation in world.calls]
