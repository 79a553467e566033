"""Following a job to its end, over whatever goes wrong in between."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest, TransportFailure
from dqops.client.models import (
    CollectErrorSamplesParameters,
    CollectStatisticsQueueJobParameters,
    DeleteStoredDataQueueJobParameters,
    DqoQueueJobId,
    ImportTablesQueueJobParameters,
    RunChecksParameters,
    RunChecksResult,
    StatisticsCollectorSearchFilters,
    StatisticsDataScope,
    SynchronizeMultipleFoldersDqoQueueJobParameters,
)
from dqops.jobs import DELETE_STORED_DATA, RUN_CHECKS, Timing
from dqops.jobs.job import Job
from dqops.jobs.procedures import submit_and_follow
from dqops.jobs.waiting import follow
from dqops.testing import DqopsServer, Fault

from jobs.support import (
    FILTERS,
    UNKNOWN,
    World,
    attached_job,
    entry,
    finished,
    known_job,
    new_job,
    status_error,
    submitted,
)

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.jobs.progress import JobProgress
    from dqops.jobs.steps import Call

    from jobs.support import Calling

STATISTICS = StatisticsCollectorSearchFilters(connection="warehouse")
KINDS: dict[str, tuple[str, Any, str | None]] = {
    "run_checks": ("run_checks", FILTERS, "executed_checks"),
    "run_checks with more": (
        "run_checks",
        RunChecksParameters(check_search_filters=FILTERS),
        "executed_checks",
    ),
    "collect_error_samples": ("collect_error_samples", FILTERS, "columns_analyzed"),
    "collect_error_samples with more": (
        "collect_error_samples",
        CollectErrorSamplesParameters(check_search_filters=FILTERS),
        "columns_analyzed",
    ),
    "statistics": ("collect_statistics_on_table", STATISTICS, "columns_analyzed"),
    "statistics with more": (
        "collect_statistics_on_table",
        CollectStatisticsQueueJobParameters(
            statistics_collector_search_filters=STATISTICS, configure_table=True, samples_limit=3
        ),
        "columns_analyzed",
    ),
    "grouped statistics": ("collect_statistics_on_data_groups", STATISTICS, "columns_analyzed"),
    "deletion": (
        "delete_stored_data",
        DeleteStoredDataQueueJobParameters(connection="warehouse", delete_errors=True),
        None,
    ),
    "import": (
        "import_tables",
        ImportTablesQueueJobParameters(
            connection_name="warehouse", schema_name="public", table_names=["orders"]
        ),
        None,
    ),
    "synchronization": (
        "synchronize_folders",
        SynchronizeMultipleFoldersDqoQueueJobParameters(sources=True),
        None,
    ),
}


@pytest.mark.parametrize(("name", "parameters", "count"), KINDS.values(), ids=KINDS)
def test_each_kind(
    server: DqopsServer,
    client: Client,
    calling: Calling,
    name: str,
    parameters: Any,
    count: str | None,
) -> None:
    """Every kind of job is submitted, followed, and gives what the server tells of its result."""
    outcome = calling(client, name, parameters)

    assert (name, "finished", 1) == (outcome.kind, outcome.status, outcome.submissions)
    if count is None:
        assert outcome.result is None
    else:
        assert getattr(outcome.result, count) > 0
    assert {outcome.business_key: 1} == submitted(server)
    assert 0.05 == pytest.approx(outcome.duration, abs=0.01)


def test_parameters_arrive(server: DqopsServer, client: Client, calling: Calling) -> None:
    """What is no part of the body goes where the operation takes it."""
    _, parameters, _ = KINDS["statistics with more"]
    calling(client, "collect_statistics_on_table", parameters)
    sent = server.calls("collect_statistics_on_table")[0]
    assert {"connection": "warehouse"} == sent.body
    assert (True, 3, False) == tuple(
        sent.parameters[name] for name in ("configureTable", "samplesLimit", "wait")
    )


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("run_checks", {"connection": "warehouse"}),
        ("run_checks", STATISTICS),
        ("import_tables", None),
        (
            "collect_statistics_on_table",
            CollectStatisticsQueueJobParameters(data_scope=StatisticsDataScope.DATA_GROUP),
        ),
        (
            "collect_statistics_on_table",
            CollectStatisticsQueueJobParameters(dummy_sensor_execution=True),
        ),
    ],
)
def test_wrong_parameters(
    server: DqopsServer, client: Client, calling: Calling, name: str, parameters: Any
) -> None:
    """Parameters of another kind, and such as cannot be sent, are refused."""
    with pytest.raises(InvalidRequest, match="nothing was sent"):
        calling(client, name, parameters)
    assert [] == server.requests


ASKING = ["wait_for_job", "get_job"]
FAULTS = {
    "reset": Fault.reset(operation=ASKING, nth=[1, 2, 3]),
    "reset during": Fault.reset(when="during", operation=ASKING, nth=[1, 2, 3]),
    "silence": Fault.timeout(operation="get_job", nth=[1, 2]),
    "500": Fault.status(500, operation="wait_for_job"),
    "502": Fault.status(502, operation=ASKING, nth=[1, 2, 3]),
    "429": Fault.status(429, retry_after=0, operation=ASKING, nth=[1, 2, 3]),
    "page instead of 404": Fault.proxy_page(404, operation=ASKING, nth=[1, 2, 3]),
    "page of a login": Fault.proxy_page(200, operation=ASKING, nth=[1, 2, 3]),
    "cut off": Fault.truncated(operation=ASKING, nth=[1, 2, 3]),
    "no HTTP": Fault.invalid_http(operation=ASKING, nth=[1, 2, 3]),
    "unknown status": Fault.unknown_enum("/status", operation="get_job", nth=[1, 2]),
    "502 for the result": Fault.status(502, operation="get_job", nth=[1, 2, 3, 4]),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_while_waiting(
    server: DqopsServer, client: Client, calling: Calling, fault: Fault
) -> None:
    """Nothing that passes keeps a job from being followed to its end."""
    server.faults.add(fault)
    outcome = calling(client, "run_checks", FILTERS)
    assert ("finished", "fatal") == (outcome.status, outcome.highest_severity)
    assert {outcome.business_key: 1} == submitted(server)


def test_failed_job(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A job that failed is an exception with the server's own words."""
    server.state.next_outcome(table="public.orders", fails="the disk is full")
    with pytest.raises(jobs.JobFailed, match="the disk is full") as caught:
        calling(client, "run_checks", FILTERS, business_key="nightly")
    assert ("the disk is full", "nightly", "run_checks") == (
        caught.value.error_message,
        caught.value.business_key,
        caught.value.kind,
    )


def test_cancelled_job(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A job that somebody else cancelled is an exception."""
    server.settings.job_duration = 60.0

    def cancel(progress: JobProgress) -> None:
        if progress.status == "running":
            with server.state.condition:
                server.state.queue.cancel(server.state.queue.jobs[0])

    with pytest.raises(jobs.JobCancelled, match="was cancelled"):
        calling(client, "run_checks", FILTERS, on_progress=cancel)


def test_restart(server: DqopsServer, client: Client, calling: Calling) -> None:
    """A job that the server forgot is told as forgotten, and never run again."""
    server.settings.job_duration = 60.0
    restarting = threading.Timer(0.3, server.restart)

    def restart_soon(progress: JobProgress) -> None:
        if progress.phase == "following" and not restarting.ident:
            restarting.start()  # not before the client knows that the server has the job

    with pytest.raises(jobs.JobForgotten, match="it was restarted, or the job ended so long ago"):
        calling(client, "run_checks", FILTERS, on_progress=restart_soon)
    restarting.join()
    assert ({}, 1) == (submitted(server), len(server.calls("run_checks")))


def test_deadline(server: DqopsServer, client: Client, calling: Calling) -> None:
    """After the time the caller gets the handle of a job that goes on."""
    server.settings.job_duration = 60.0
    began = time.monotonic()
    with pytest.raises(jobs.JobTimeout, match=r"did not end within 0\.4 s; it goes on") as caught:
        calling(client, "run_checks", FILTERS, timeout=0.4)
    assert 0.4 <= time.monotonic() - began < 5.0  # of the 60 s of the job
    assert server.state.jobs[0].number == caught.value.job_id
    assert caught.value.handle is not None
    assert caught.value.business_key == caught.value.handle.business_key
    assert ["running"] == [job.status for job in server.state.queue.jobs if not job.parent]


def test_deadline_with_a_silent_server(
    server: DqopsServer, client: Client, calling: Calling
) -> None:
    """A server that never responds holds nobody beyond the deadline and a second."""
    server.settings.job_duration = 60.0
    server.faults.add(Fault.timeout(operation=ASKING))
    began = time.monotonic()
    timing = Timing(turn=1, request=30)
    with pytest.raises(jobs.JobTimeout, match="The last problem: "):
        calling(client, "run_checks", FILTERS, timeout=0.5, timing=timing)
    assert time.monotonic() - began < 3.0


def test_progress(server: DqopsServer, client: Client, calling: Calling) -> None:
    """The callback hears of each stage, and of what went wrong on the way."""
    server.faults.add(Fault.reset(when="after", operation="run_checks", nth=1))
    heard: list[JobProgress] = []
    calling(client, "run_checks", FILTERS, on_progress=heard.append)
    assert ["submitting", "confirming", "following", "ended"] == [each.phase for each in heard]
    number = server.state.jobs[0].number
    assert [None, None, number, number] == [each.job_id for each in heard]
    assert "trying again: run_checks: the connection" in str(heard[1])
    assert f"run_checks job {number}: finished, 0 s" == str(heard[3])


# -- without a server, in a time of their own ------------------------------------------------------

TIMING = Timing(turn=20, request=30, registered_within=10)
REQUEST = RUN_CHECKS.request(FILTERS)


def test_turns() -> None:
    """A long job is followed in turns of the given length, with no pause in between."""

    def respond(call: Call) -> object:
        if call.operation == "get_job":
            done = finished(RunChecksResult(valid_results=1))
            return done if world.time >= 3600 else entry("running")
        world.time += call.arguments["wait_timeout"]
        return finished() if world.time >= 3600 else None

    world = World(respond)
    outcome = world.drive(follow(known_job(), world.run(TIMING)))
    assert (180, []) == (world.count("wait_for_job"), world.pauses)
    assert "valid" == outcome.highest_severity


def test_turn_that_ends_at_once() -> None:
    """A server, or a proxy, that does not hold the response back is not asked without pause."""

    def respond(call: Call) -> object:
        if world.time >= 600:
            return finished()
        return entry("running") if call.operation == "get_job" else None

    world = World(respond)
    world.drive(follow(known_job(), world.run(TIMING)))
    assert world.count("wait_for_job") < 200


def test_last_turn_ends_with_the_deadline() -> None:
    """The last turn is as long as the time that is left, in whole seconds."""

    def respond(call: Call) -> object:
        if call.operation == "get_job":
            return entry("running")
        turns.append(call.arguments["wait_timeout"])
        world.time += turns[-1]
        return None

    turns: list[int] = []
    world = World(respond)
    with pytest.raises(jobs.JobTimeout):
        world.drive(follow(known_job(), world.run(TIMING, timeout=50.5)))
    assert ([20, 20, 10], 50.5) == (turns, world.time)


def test_outage_of_a_day() -> None:
    """Without a deadline, a job is followed over any outage."""

    def respond(_: Call) -> object:
        if world.time < 86_400:
            return TransportFailure("no response")
        return finished()

    world = World(respond, seconds_per_call=3.0)
    assert "finished" == world.drive(follow(known_job(), world.run(TIMING))).status


def test_end_that_was_missed() -> None:
    """A job that ended while the server could not be asked still gives its result."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return status_error(500)
        return finished(RunChecksResult(fatals=1))

    world = World(respond)
    assert "fatal" == world.drive(follow(known_job(), world.run(TIMING))).highest_severity
    assert ["wait_for_job", "get_job"] == [operation for _, operation in world.calls]


def test_end_that_the_server_notes_late() -> None:
    """A wait that has told the end is followed by look-ups until the server has noted it."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return finished()
        return entry("running") if world.time < 1 else finished(RunChecksResult(errors=1))

    world = World(respond)
    outcome = world.drive(follow(known_job(), world.run(TIMING)))
    assert ("error", 1) == (outcome.highest_severity, world.count("wait_for_job"))


@pytest.mark.parametrize(
    ("status", "expected"), [("failed", jobs.JobFailed), ("cancelled", jobs.JobCancelled)]
)
def test_wait_that_fails_because_of_the_job(status: str, expected: type[Exception]) -> None:
    """500 of a wait is looked at: the job has failed, or was cancelled."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return status_error(500, b'{"status": 500, "message": ""}')
        return entry(status)

    world = World(respond)
    with pytest.raises(expected):
        world.drive(follow(known_job(), world.run(TIMING)))
    assert 1 == world.count("wait_for_job")


def test_job_that_is_being_cancelled() -> None:
    """It is looked up until it has ended, and not waited for, which would fail at once."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return status_error(500, b'{"status": 500, "message": ""}')
        return entry("cancel_requested" if world.time < 3 else "cancelled")

    world = World(respond)
    with pytest.raises(jobs.JobCancelled):
        world.drive(follow(known_job(), world.run(TIMING)))
    assert 1 == world.count("wait_for_job")
    assert 3 <= world.time < 9


def test_wait_that_always_fails() -> None:
    """A server that cannot wait for a job that runs is looked after by look-ups."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return status_error(500)
        return entry("running") if world.time < 600 else finished(RunChecksResult(errors=1))

    world = World(respond)
    assert "error" == world.drive(follow(known_job(), world.run(TIMING))).highest_severity
    assert 600 <= world.time < 610
    assert world.count("get_job") < 200


@pytest.mark.parametrize("kind", [RUN_CHECKS, jobs.COLLECT_ERROR_SAMPLES], ids=str)
def test_waits_of_a_single_kind_are_not_used(kind: jobs.JobKind[Any, Any]) -> None:
    """They fail at the end of every job."""
    job = Job(kind, "nightly", job_id=7, submissions=1)
    ended = entry("finished")
    ended.job_type = kind.job_type
    world = World(lambda _: ended)
    world.drive(follow(job, world.run(TIMING)))
    assert {"wait_for_job", "get_job"} == {operation for _, operation in world.calls}


def test_wish_to_be_left_alone() -> None:
    """A server that is too busy for one question is not asked another one at once."""

    def respond(call: Call) -> object:
        if call.operation == "get_job":
            return entry("running") if world.time < 7 else finished()
        return status_error(429, Retry_After="7") if world.time < 7 else finished()

    world = World(respond)
    world.drive(follow(known_job(), world.run(TIMING)))
    assert [0, 7] == [moment for moment, operation in world.calls][:2]


def test_result_that_is_hard_to_get() -> None:
    """The result of a job that ended is asked for until the server gives it."""

    def respond(call: Call) -> object:
        if call.operation == "wait_for_job":
            return finished()
        return status_error(502) if world.time < 50 else finished(RunChecksResult(errors=1))

    world = World(respond)
    outcome = world.drive(follow(known_job(), world.run(TIMING)))
    assert "error" == outcome.highest_severity


def test_result_that_is_not_to_be_had() -> None:
    """At the deadline a job that ended is told as such, with or without its result."""

    def respond(call: Call) -> object:
        return finished() if call.operation == "wait_for_job" else status_error(502)

    world = World(respond)
    outcome = world.drive(follow(known_job(), world.run(TIMING, timeout=30)))
    assert ("finished", None, 30.0) == (outcome.status, outcome.result, world.time)


def test_result_that_went_with_a_restart() -> None:
    """A job that finished while the server stopped is no outcome: nobody knows what it found."""
    world = World(lambda call: finished() if call.operation == "wait_for_job" else UNKNOWN)
    with pytest.raises(jobs.JobForgotten, match=r"7 .* finished, but .* no longer knows it"):
        world.drive(follow(known_job(), world.run(TIMING)))
    assert ["wait_for_job", "get_job"] == [operation for _, operation in world.calls]


def test_job_without_a_result_that_went_with_a_restart() -> None:
    """A job of a kind that gives nothing has ended all the same."""
    ended = entry("finished")
    ended.job_type = DELETE_STORED_DATA.job_type
    job = Job(DELETE_STORED_DATA, "nightly", job_id=7, submissions=1)
    world = World(lambda call: ended if call.operation == "wait_for_job" else UNKNOWN)
    assert "finished" == world.drive(follow(job, world.run(TIMING))).status


def test_number_that_another_job_has_after_a_restart() -> None:
    """A server that begins to count anew does not lend us the result of another job."""
    stranger = entry("finished", 7, "another")
    world = World(lambda _: stranger)
    with pytest.raises(jobs.JobForgotten):
        world.drive(follow(known_job(), world.run(TIMING)))


def test_number_that_a_job_without_a_key_has_after_a_restart() -> None:
    """Nor is a job that nobody gave a key taken for ours if it was created at another time."""
    job = known_job()
    job.created_at = datetime(2026, 1, 15, 12, tzinfo=UTC)
    stranger = entry("finished")
    stranger.job_id = DqoQueueJobId(job_id=7, created_at=job.created_at + timedelta(hours=1))
    world = World(lambda _: stranger)
    with pytest.raises(jobs.JobForgotten):
        world.drive(follow(job, world.run(TIMING)))


def test_revoked_key() -> None:
    """A refusal ends the waiting, and says that the job goes on."""
    world = World(lambda _: status_error(401))
    with pytest.raises(jobs.JobUnreachable, match="401"):
        world.drive(follow(known_job(), world.run(TIMING)))


def test_attached_before_the_key_is_listed() -> None:
    """Whoever attaches to a job that was just submitted waits for its key to be listed."""
    world = World(lambda _: UNKNOWN if world.time < 1 else finished())
    world.drive(follow(attached_job(), world.run(TIMING)))
    assert 1 <= world.time < 3


def test_submitted_before_it_is_listed() -> None:
    """A job that the server has just taken on is not given up because it is not listed yet."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            world.time += 60  # however long the submission takes
            return entry("queued")
        return UNKNOWN if world.time < 61 else finished()

    world = World(respond)
    steps = submit_and_follow(new_job(), REQUEST, world.run(TIMING), if_exists="raise")
    assert "finished" == world.drive(steps).status
    assert 61 <= world.time < 63


def test_taken_on_and_never_listed() -> None:
    """A job that the server has taken on, and does not know soon after, is forgotten."""
    world = World(lambda call: entry("queued") if call.operation == "run_checks" else UNKNOWN)
    steps = submit_and_follow(new_job(), REQUEST, world.run(TIMING), if_exists="raise")
    with pytest.raises(jobs.JobForgotten, match="no longer knows the run_checks job 7"):
        world.drive(steps)
    assert 2 <= world.time < 6


def test_attached_to_nothing() -> None:
    """A key that nobody knows is told as such soon: the server lists keys within milliseconds."""
    world = World(lambda _: UNKNOWN)
    with pytest.raises(jobs.JobForgotten, match="does not know the run_checks job"):
        world.drive(follow(attached_job(), world.run(TIMING)))
    assert 2 <= world.time < 6


def test_lost_submission_is_looked_for_for_longer() -> None:
    """A submission of our own that was lost may still be under way to the server."""
    world = World(lambda _: UNKNOWN)
    with pytest.raises(jobs.JobForgotten, match="does not know the run_checks job"):
        world.drive(follow(new_job(), world.run(TIMING)))
    assert 10 <= world.time < 17
