"""Virtual time: jobs and waits follow the clock of the server, whatever it is."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing import ManualClock, Settings, State, SystemClock
from dqops.testing.jobs.kinds import RUN_CHECKS
from dqops.testing.simulator import Simulator

from simulator.stateful import KNOWN, send, simulator
from simulator.support import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 1, 15, 12, tzinfo=UTC)


def manual(**settings: Any) -> Simulator:
    """Make a simulator whose clock only a test moves."""
    return simulator(job_mode="manual", **settings)


def has_length(items: list[int], length: int) -> Callable[[], bool]:
    """Tell when a list is as long as expected."""
    return lambda: len(items) == length


def wait_until(is_true: Callable[[], bool]) -> None:
    """Wait for another thread."""
    end = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.001)


def status(asked: Simulator) -> str:
    """Look up the job."""
    text: str = send(asked, "get_job")[1]["status"]
    return text


def has_job(asked: Simulator) -> Callable[[], bool]:
    """Tell when a job has been submitted."""
    return lambda: bool(asked.state.queue.jobs)


def is_blocked(asked: Simulator) -> Callable[[], bool]:
    """Tell when a request waits for the clock."""
    clock: Any = asked.state.clock
    return lambda: bool(clock._waiting)


def test_manual_mode_brings_its_clock() -> None:
    """It stands still at the same time in every run."""
    state = State({}, settings=Settings(job_mode="manual"))
    assert isinstance(state.clock, ManualClock)
    assert START == state.clock.now()
    state.advance(1.5)
    assert START + timedelta(seconds=1.5) == state.clock.now()


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_time_does_not_go_back(seconds: float) -> None:
    """A clock whose time moves backwards would confuse everybody."""
    with pytest.raises(ValueError, match="time only moves on"):
        ManualClock().advance(seconds)


def test_clock_that_moves_by_itself_cannot_be_advanced() -> None:
    """The message says what to do."""
    with pytest.raises(TypeError, match="use the job mode 'manual'"):
        State({}, clock=SystemClock()).advance(1)


def test_job_of_an_hour_takes_milliseconds() -> None:
    """It goes through its states as the test moves the clock, at the right times."""
    asked = manual(queue_delay=600, job_duration=3600)
    send(asked, "run_checks", {"wait": "false", "jobBusinessKey": KNOWN})
    start = time.monotonic()
    seen = [status(asked)]
    for seconds in (599, 1, 3599, 1):
        asked.state.advance(seconds)
        seen.append(status(asked))
    assert ["queued", "queued", "running", "running", "finished"] == seen
    assert time.monotonic() - start < 1


def test_client_that_waits_gets_its_response_when_the_clock_reaches_the_end() -> None:
    """The request blocks in another thread for as long as the clock stands still."""
    asked = manual(job_duration=3600)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, asked, "run_checks", {"wait": "true", "waitTimeout": 7200})
        wait_until(is_blocked(asked))
        asked.state.advance(3599)
        time.sleep(0.02)
        assert not waiting.done()
        asked.state.advance(1)
        code, body = waiting.result(timeout=10)
    assert (201, "finished") == (code, body["status"])


def test_wait_timeout_is_measured_by_the_same_clock() -> None:
    """The body is empty when the clock, not the real time, says that it is over."""
    asked = manual(job_duration=3600)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(
            send, asked, "run_checks", {"wait": "true", "waitTimeout": 60, "jobBusinessKey": KNOWN}
        )
        wait_until(is_blocked(asked))
        asked.state.advance(60)
        assert (201, None) == waiting.result(timeout=10)
    assert "running" == status(asked)


@pytest.mark.parametrize("seconds", [0.001, 1.0, 3600.0])
def test_no_wake_up_is_lost(seconds: float) -> None:
    """Clock and waiting request race; whoever comes first, the request gets its response."""
    for _ in range(30):
        asked = manual(job_duration=seconds)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(send, asked, "run_checks", {"wait": "true"})
            wait_until(has_job(asked))
            asked.state.advance(seconds)
            assert "finished" == waiting.result(timeout=10)[1]["status"]


class LeapingClock(ManualClock):
    """A clock that another thread moves just after it was read for the given time."""

    reads_until_leap: int | None = None

    def now(self) -> datetime:
        """Tell the time."""
        now = super().now()
        if self.reads_until_leap is not None:
            self.reads_until_leap -= 1
            if self.reads_until_leap == 0:
                self.advance(3600)
        return now


@pytest.mark.parametrize("reads", [1, 2, 3])
def test_job_that_ends_before_the_wait_is_over_is_finished(reads: int) -> None:
    """Also where the clock leaps over both ends while the waiting request looks at the time."""
    clock = LeapingClock()
    state = State(clock=clock, settings=Settings(job_mode="manual", job_duration=60))
    with state.condition:
        job = state.queue.submit(RUN_CHECKS, {})
        state.queue.advance()
        clock.reads_until_leap = reads
        assert state.queue.wait_for_end(job, 120)
    assert "finished" == job.status


def test_several_clients_wait_for_several_jobs() -> None:
    """Each gets its response at its own time."""
    asked = manual(job_duration=100)
    order: list[int] = []

    def wait(number: int) -> None:
        send(asked, "wait_for_job", {"jobId": f"job-{number}", "waitTimeout": 9000})
        order.append(number)

    threads = []
    for number in range(5):
        send(asked, "synchronize_folders", {"wait": "false", "jobBusinessKey": f"job-{number}"})
        asked.state.advance(10)
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
    for number in range(5):
        asked.state.advance(50 if number == 0 else 10)
        wait_until(has_length(order, number + 1))
    for thread in threads:
        thread.join(10)
    assert list(range(5)) == order


def test_jobs_can_be_moved_one_by_one() -> None:
    """Without the clock: start the next one, finish it."""
    asked = manual(queue_delay=600, job_duration=3600)
    for key in ("first", "second"):
        send(asked, "run_checks", {"wait": "false", "jobBusinessKey": key})
    queue = asked.state.queue
    with asked.state.condition:
        job = queue.start_next()
        assert job is not None
        started = [each.status for each in queue.jobs if each.parent is None]
        queue.finish(job)
        finished = [each.status for each in queue.jobs if each.parent is None]
    assert ["running", "queued"] == started
    assert ["finished", "queued"] == finished
    asked.state.advance(10_000)
    assert {"finished"} == {each.status for each in queue.jobs}


def test_immediate_jobs_end_at_once_and_nothing_ever_sleeps() -> None:
    """Neither a wait for a job nor one for changes takes time."""
    asked = simulator(job_mode="immediate", queue_delay=600, job_duration=3600, poll_seconds=60)
    start = time.monotonic()
    assert "finished" == send(asked, "run_checks", {"wait": "true"})[1]["status"]
    send(asked, "run_checks", {"wait": "false", "jobBusinessKey": KNOWN})
    assert "finished" == status(asked)
    newest = {"sequenceNumber": asked.state.queue.newest_number}
    _, changes = send(asked, "get_job_changes_since", newest)
    assert [] == changes["jobChanges"]
    assert time.monotonic() - start < 1


def test_skipped_waits_end_at_once_at_the_time_that_they_wait_for() -> None:
    """A wait moves the clock on to what it waits for, or to its own end, and no further."""
    settings = Settings(job_mode="skip", queue_delay=600, job_duration=3600, poll_seconds=60)
    asked = Simulator(State(settings=settings))
    start = time.monotonic()
    send(asked, "run_checks", {"wait": "false", "jobBusinessKey": KNOWN})
    assert (200, None) == send(asked, "wait_for_job", {"waitTimeout": 1000})
    assert START + timedelta(seconds=1000) == asked.state.clock.now()
    assert "running" == status(asked)
    assert "finished" == send(asked, "wait_for_job", {"waitTimeout": 10_000})[1]["status"]
    assert START + timedelta(seconds=4200) == asked.state.clock.now()
    newest = {"sequenceNumber": asked.state.queue.newest_number}
    send(asked, "get_job_changes_since", newest)
    assert START + timedelta(seconds=4260) == asked.state.clock.now()
    asked.state.advance(40)
    assert START + timedelta(seconds=4300) == asked.state.clock.now()
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("name", ["wait_for_job", "wait_for_run_checks_job", "run_checks"])
def test_forgotten_job_ends_the_wait_with_404(name: str) -> None:
    """A server that restarts does not know what somebody waits for."""
    asked = manual(job_duration=3600)
    send(asked, "run_checks", {"wait": "false", "jobBusinessKey": KNOWN})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, asked, name, {"wait": "true", "waitTimeout": 7200})
        wait_until(is_blocked(asked))
        asked.state.forget_jobs()
        code, _ = waiting.result(timeout=10)
    assert 404 == code


def test_business_key_is_found_a_moment_later() -> None:
    """By then the job is known by its number only."""
    asked = manual(business_key_delay=2)
    _, body = send(asked, "run_checks", {"wait": "false", "jobBusinessKey": KNOWN})
    number = body["jobId"]["jobId"]
    seen = []
    for seconds in (0, 1.9, 0.1):
        asked.state.advance(seconds)
        seen.append([send(asked, "get_job", {"jobId": each})[0] for each in (KNOWN, number)])
    assert [[404, 200], [404, 200], [200, 200]] == seen


def test_old_jobs_are_forgotten() -> None:
    """A job that has ended can be looked up for as long as the setting says."""
    asked = manual(job_duration=0, job_history_seconds=60)
    send(asked, "run_checks", {"wait": "true", "jobBusinessKey": KNOWN})
    seen = []
    for seconds in (60, 1):
        asked.state.advance(seconds)
        seen.append(send(asked, "get_job")[0])
    assert [200, 404] == seen
    assert [] == asked.state.queue.jobs


@pytest.mark.parametrize(
    ("text", "expected"), [("9" * 5000, 400), ("9" * 20, 400), ("9" * 19, 404), ("²", 404)]
)
def test_number_that_is_no_job_id(text: str, expected: int) -> None:
    """What no job can be called is a bad request, not a failure."""
    assert expected == send(manual(), "get_job", {"jobId": text})[0]


def test_unknown_mode_is_refused() -> None:
    """The message lists those that there are."""
    with pytest.raises(ValueError, match=r"job_mode must be one of .*immediate.*manual.*seconds"):
        Settings(job_mode="fast")  # type: ignore[arg-type]


def test_results_of_a_run_have_the_time_at_which_it_ended() -> None:
    """Not the time at which somebody looked."""
    asked = manual(job_duration=3600)
    asked.state.next_outcome("error", table="sales.orders")
    send(asked, "run_checks", {"wait": "false"}, body={})
    asked.state.advance(10_000)
    newest = max(asked.state.check_results, key=lambda each: each.executed_at)
    assert NOW + timedelta(seconds=3600) == newest.executed_at


def test_whoever_looks_at_the_jobs_sees_them_as_they_are() -> None:
    """Also a test, with no request in between; it sees what it has started, and no child jobs."""
    asked = manual(job_duration=60, queue_delay=10)
    send(asked, "run_checks", {"wait": False}, body={})
    seen = [[job.status for job in asked.state.jobs]]
    clock: Any = asked.state.clock
    for seconds in (10, 60):
        clock.advance(seconds)
        seen.append([job.status for job in asked.state.jobs])
    assert [["queued"], ["running"], ["finished"]] == seen
