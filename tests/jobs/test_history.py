"""The jobs of a server: what it has, and what becomes of them."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.errors import ClientError, TransportFailure, Unauthorized
from dqops.client.models import (
    DqoJobChangeModel,
    DqoJobQueueIncrementalSnapshotModel,
    DqoJobStatus,
    DqoQueueJobId,
)
from dqops.jobs import Timing, aio
from dqops.jobs.history import Feed
from dqops.testing import DqopsServer, Fault

from jobs.support import FAST, FILTERS, World, entry, status_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.jobs import JobRecord
    from dqops.jobs.steps import Call

    Listening = Callable[..., list[JobRecord]]

REQUEST = jobs.RUN_CHECKS.request(FILTERS, business_key="nightly")
TIMING = Timing(first_pause=0.1, longest_pause=5)


def _listen(client: Client, count: int, **options: Any) -> list[JobRecord]:
    found: list[JobRecord] = []
    for record in jobs.changes(client, timing=FAST, timeout=30, **options):
        found.append(record)
        if len(found) == count:
            break
    return found


def _listen_async(client: Client, count: int, **options: Any) -> list[JobRecord]:
    async def main() -> list[JobRecord]:
        found: list[JobRecord] = []
        async with client:
            changes = aio.changes(client, timing=FAST, timeout=30, **options)
            async with aclosing(changes):
                async for record in changes:
                    found.append(record)
                    if len(found) == count:
                        break
        return found

    return asyncio.run(main())


@pytest.fixture(params=[_listen, _listen_async], ids=["sync", "async"])
def listening(request: pytest.FixtureRequest) -> Listening:
    """Hear of so many changes: synchronously, then asynchronously."""
    way: Listening = request.param
    return way


def test_changes_of_the_past(client: Client, listening: Listening) -> None:
    """From 0 on come all that the server remembers, each with all that is known by then."""
    outcome = jobs.run(client, REQUEST, timing=FAST)
    heard = listening(client, 3, since=0)
    assert ["queued", "running", "finished"] == [each.status for each in heard]
    assert {("nightly", outcome.job_id, "run_checks")} == {
        (each.business_key, each.job_id, each.job_type) for each in heard
    }
    assert [None, None, outcome.result] == [each.result for each in heard]
    assert [False, False, True] == [each.has_ended for each in heard]
    assert sorted({each.sequence for each in heard}) == [each.sequence for each in heard]
    assert outcome.created_at == heard[0].created_at == heard[0].changed_at
    assert outcome.finished_at == heard[-1].changed_at
    assert f"run_checks job {outcome.job_id} (business key 'nightly'): finished" == str(heard[-1])
    assert all(each.entry is not None and each.entry.status == each.status for each in heard)


def test_changes_from_a_number_on(
    server: DqopsServer, client: Client, listening: Listening
) -> None:
    """Another process goes on where one has stopped."""
    jobs.run(client, REQUEST, timing=FAST)
    with Client(server.url) as another:
        first, *others = _listen(another, 3, since=0)
    heard = listening(client, 2, since=first.sequence)
    assert [each.sequence for each in others] == [each.sequence for each in heard]


def test_changes_from_now_on(server: DqopsServer, client: Client, listening: Listening) -> None:
    """What happened before is known, but not told."""
    server.settings.job_duration = 60.0
    jobs.submit(client, REQUEST, timing=FAST).status()
    later = threading.Thread(target=finish_when_asked_twice, args=[server])
    later.start()
    heard = listening(client, 1)
    later.join()
    assert [("finished", "run_checks")] == [(each.status, each.job_type) for each in heard]


def finish_when_asked_twice(server: DqopsServer) -> None:
    """End the first job when somebody waits for changes who has read those of the past."""
    ends = time.monotonic() + 30
    while len(server.calls("get_job_changes_since")) < 1 and time.monotonic() < ends:
        time.sleep(0.01)
    with server.state.condition:
        server.state.queue.finish(server.state.queue.jobs[0])


def test_changes_end_with_the_time(client: Client) -> None:
    """Who gives a time hears no more after it."""
    assert [] == list(jobs.changes(client, timeout=0.3, timing=FAST))

    async def main() -> list[JobRecord]:
        async with client:
            return [each async for each in aio.changes(client, timeout=0.3, timing=FAST)]

    assert [] == asyncio.run(main())


def test_jobs_of_single_tables(client: Client, listening: Listening) -> None:
    """They are told if wanted, with the job that started them."""
    outcome = jobs.run(client, REQUEST, timing=FAST)
    heard = listening(client, 9, since=0, children=True)
    children = [each for each in heard if each.is_child]
    assert {outcome.job_id} == {each.parent_job_id for each in children}
    counts = [each.result.executed_checks for each in children if each.has_ended]
    assert outcome.result is not None
    assert outcome.result.executed_checks == sum(counts)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.reset(operation="get_job_changes_since", nth=[2, 3]),
        Fault.status(502, operation="get_job_changes_since", nth=[2, 3]),
        Fault.proxy_page(200, operation="get_job_changes_since", nth=[2, 3]),
        Fault.truncated(operation="get_job_changes_since", nth=[2, 3]),
        Fault.restart(when="before", operation="get_job_changes_since", nth=2),
        Fault.restart(when="after", operation="get_job_changes_since", nth=2),
    ],
    ids=lambda fault: fault.kind,
)
def test_changes_over_faults(
    server: DqopsServer, client: Client, listening: Listening, fault: Fault
) -> None:
    """Lost connections and restarts lose no change of a later job, and repeat none."""
    server.settings.poll_seconds = 0.2
    server.faults.add(fault)
    jobs.run(client, REQUEST, timing=FAST)
    later = threading.Timer(1.0, httpx.post, [f"{server.url}api/jobs/runchecks"], {"json": {}})
    later.start()
    heard = listening(client, 6, since=0)
    later.join()
    assert ["queued", "running", "finished"] * 2 == [each.status for each in heard]
    assert 6 == len({each.sequence for each in heard})


def test_list(server: DqopsServer, client: Client, calling: Any) -> None:
    """The newest state of each job, oldest first, although the server's own list is empty."""
    first = jobs.run(client, REQUEST, timing=FAST)
    server.settings.job_duration = 60.0
    second = jobs.submit(client, jobs.RUN_CHECKS.request(FILTERS), timing=FAST)
    second.status()
    found = calling(client, "list_jobs")
    assert [(first.job_id, "finished"), (second.job_id, "running")] == [
        (each.job_id, each.status) for each in found
    ]
    assert first.result == found[0].result
    with Client(server.url) as another:
        assert 6 == len(jobs.list_jobs(another, children=True))


def test_list_of_a_server_without_jobs(client: Client, calling: Any) -> None:
    """It comes at once."""
    began = time.monotonic()
    assert [] == calling(client, "list_jobs")
    assert time.monotonic() - began < 3


def test_list_of_jobs_whose_beginning_is_forgotten(
    server: DqopsServer, client: Client, calling: Any
) -> None:
    """What no change tells any more is asked for."""
    server.settings.job_duration = 2.5
    server.settings.change_history_seconds = 2.0
    jobs.submit(client, REQUEST, timing=FAST).wait()
    (found,) = calling(client, "list_jobs")
    assert ("run_checks", "finished") == (found.job_type, found.status)


def test_refusal(server: DqopsServer, client: Client, listening: Listening) -> None:
    """A server that refuses to tell is an error at once."""
    server.settings.require_login = True
    with pytest.raises(Unauthorized):
        listening(client, 1, since=0)


# -- without a server, in a time of their own ------------------------------------------------------


def changed(number: int, status: str, sequence: int, model: Any = None) -> DqoJobChangeModel:
    """Make a change."""
    change = DqoJobChangeModel(
        status=DqoJobStatus.decode(status),
        job_id=DqoQueueJobId(job_id=number),
        change_sequence=sequence,
        status_changed_at=datetime(2026, 1, 15, tzinfo=UTC),
    )
    if model is not None:
        change.updated_model = model
    return change


def snapshot(last: int, *changes: DqoJobChangeModel) -> DqoJobQueueIncrementalSnapshotModel:
    """Make what the server returns."""
    return DqoJobQueueIncrementalSnapshotModel(job_changes=list(changes), last_sequence_number=last)


def heard(world: World, feed: Feed, timeout: float) -> list[JobRecord]:
    """Read changes until the time is over."""
    run = world.run(TIMING, timeout)
    found: list[JobRecord] = []
    while (records := world.drive(feed.batch(run))) is not None:
        found += records
    return found


def test_server_that_counts_anew() -> None:
    """A restarted server whose clock was set back is read from its first change on."""
    asked: list[Any] = []

    def respond(call: Call) -> object:
        asked.append(call.path[0])
        world.time += 5
        if call.path[0] == 0:
            return snapshot(110, changed(101, "queued", 102, entry("queued", 101)))
        return snapshot(105 if call.path[0] == 900 else 111)

    world = World(respond)
    found = heard(world, Feed(900), 30)
    assert [102] == [each.sequence for each in found]
    assert [900, 0, 110] == asked[:3]


def test_server_that_holds_nothing_back() -> None:
    """Empty responses that come at once are not requested without pause."""
    world = World(lambda call: snapshot(int(call.path[0])))
    assert [] == heard(world, Feed(7), 600)
    assert world.count("get_job_changes_since") < 200


def test_server_that_is_always_busy() -> None:
    """Responses with changes are asked for with a short pause in between."""
    numbers = iter(range(10, 100_000))

    def respond(_: Call) -> object:
        number = next(numbers)
        return snapshot(number, changed(5, "running", number))

    world = World(respond)
    heard(world, Feed(7), 10)
    assert world.count("get_job_changes_since") < 200


def test_outage_of_a_day() -> None:
    """Changes go on after any outage."""

    def respond(call: Call) -> object:
        if world.time < 86_400:
            return TransportFailure("no response")
        world.time += 20
        return snapshot(9, changed(5, "running", 8)) if call.path[0] == 7 else snapshot(9)

    world = World(respond, seconds_per_call=1.0)
    assert [8] == [each.sequence for each in heard(world, Feed(7), 86_500)]


def test_outage_until_the_end_of_the_time() -> None:
    """Silence is not taken for the absence of changes."""
    world = World(lambda _: status_error(502), seconds_per_call=1.0)
    with pytest.raises(ClientError, match="502"):
        heard(world, Feed(7), 60)


def test_jobs_that_are_not_known() -> None:
    """A change of a job whose beginning is forgotten has number and status only."""

    def respond(call: Call) -> object:
        return snapshot(9, *([changed(5, "running", 8)] if call.path[0] == 7 else ()))

    world = World(respond)
    (found,) = heard(world, Feed(7), 10)
    assert (5, "running", None, None) == (
        found.job_id,
        found.status,
        found.job_type,
        found.entry,
    )
    assert "unknown job 5: running" == str(found)


def test_memory_is_bounded() -> None:
    """Jobs that have ended are not remembered, and others up to a number."""
    numbers = iter(range(1, 1_000_000, 1000))

    def respond(_: Call) -> object:
        first = next(numbers)
        changes = [
            changed(each, "queued", each, entry("queued", each))
            for each in range(first, first + 1000)
        ]
        return snapshot(first + 1000, *changes)

    world = World(respond, seconds_per_call=1.0)
    feed = Feed(0)
    heard(world, feed, 20)
    assert 10_000 == len(feed._known)
    ended = World(lambda _: snapshot(9, changed(5, "finished", 8, entry("finished", 5))))
    feed = Feed(7)
    ended.drive(feed.batch(ended.run(TIMING)))
    assert {} == feed._known


def test_nothing_but_changes() -> None:
    """Without entries, jobs that go on are not remembered, and changes are told all the same."""

    def respond(call: Call) -> object:
        if call.path[0]:
            return snapshot(9, changed(5, "running", 8))
        return snapshot(7, changed(5, "queued", 6, entry("queued", 5)))

    world = World(respond, seconds_per_call=1.0)
    feed = Feed(0, entries=False)
    found = heard(world, feed, 2)
    assert [("queued", 5, None), ("running", 5, None)] == [
        (each.status, each.job_id, each.entry) for each in found[:2]
    ]
    assert {} == feed._known
