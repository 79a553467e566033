"""Tests that stop all clocks: a job ends, or its timeout does."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import TransportFailure
from dqops.jobs import Timing
from dqops.jobs.cancelling import cancel
from dqops.jobs.history import Feed
from dqops.jobs.lookup import look_up
from dqops.jobs.steps import Call, Pause
from dqops.jobs.submission import submit
from dqops.jobs.timing import Run
from dqops.jobs.waiting import follow, read_entry

from jobs.support import UNKNOWN, entry, known_job, new_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from dqops.jobs.steps import Steps

pytest_plugins = ["pytester"]

PROGRAM = """
import asyncio
import pytest
from freezegun import freeze_time
from dqops import jobs
from dqops.jobs import aio
from dqops.client.models import CheckSearchFilters

FILTERS = CheckSearchFilters(connection="warehouse")


@pytest.mark.dqops(job_duration=0.2)
@freeze_time("2024-01-02 03:04:05")
def test_job_ends(dqops_client):
    assert jobs.run_checks(dqops_client, FILTERS, timeout=60).status == "finished"


@pytest.mark.dqops(job_duration=60)
@freeze_time("2024-01-02 03:04:05")
def test_timeout_ends(dqops_client):
    with pytest.raises(jobs.JobTimeout):
        jobs.run_checks(dqops_client, FILTERS, timeout=0.5)


@pytest.mark.dqops(job_duration=0.2)
@freeze_time("2024-01-02 03:04:05")
def test_job_ends_without_blocking(async_dqops_client):
    outcome = asyncio.run(aio.run_checks(async_dqops_client, FILTERS, timeout=60))
    assert outcome.status == "finished"


@pytest.mark.dqops(job_duration=60)
@freeze_time("2024-01-02 03:04:05")
def test_timeout_ends_without_blocking(async_dqops_client):
    with pytest.raises(jobs.JobTimeout):
        asyncio.run(aio.run_checks(async_dqops_client, FILTERS, timeout=0.5))


@freeze_time("2024-01-02 03:04:05", real_asyncio=True)
def test_another_client(dqops_server):
    from dqops.client import AuthenticatedClient

    client = AuthenticatedClient(dqops_server.url, dqops_server.api_key)
    outcome = asyncio.run(aio.run_checks(client, FILTERS, timeout=60))
    assert outcome.status == "finished"


@freeze_time("2024-01-02 03:04:05")
def test_the_clock_of_the_test_stands_still():
    import datetime
    assert datetime.datetime.now() == datetime.datetime(2024, 1, 2, 3, 4, 5)
"""


@pytest.mark.skipif(importlib.util.find_spec("freezegun") is None, reason="needs freezegun")
def test_plugin_keeps_our_clocks_going(pytester: pytest.Pytester) -> None:
    """Inside of freezegun, simulated servers and clients go by the clock of the machine."""
    pytester.makepyfile(PROGRAM)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    options = ("--strict-markers", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    result = pytester.runpytest_subprocess(*options, timeout=120)
    result.assert_outcomes(passed=6)


def drive(steps: Steps[Any], response: Callable[[Call], object], most: int = 5000) -> Any:
    """Drive a procedure while the clock stands still."""
    sent: Any = None
    error: Exception | None = None
    for _ in range(most):
        try:
            step = steps.send(sent) if error is None else steps.throw(error)
        except StopIteration as end:
            return end.value
        sent, error = None, None
        if isinstance(step, Call):
            found = response(step)
            sent, error = (None, found) if isinstance(found, Exception) else (found, None)
        elif not isinstance(step, Pause):
            continue
    raise AssertionError("it does not end")


def frozen(timeout: float | timedelta | None = 60) -> Run:
    """Make the times of a call whose clock stands still."""
    return Run(Timing(), timeout, clock=lambda: 1.0)


def running(call: Call) -> object:
    """Respond that the job goes on."""
    return None if call.operation in {"wait_for_job", "cancel_job"} else entry("running")


ENDING: dict[str, tuple[Callable[[Run], Steps[Any]], Callable[[Call], object]]] = {
    "following": (lambda run: follow(known_job(), run), running),
    "following an outage": (
        lambda run: follow(known_job(), run),
        lambda _: TransportFailure("no response"),
    ),
    "reading": (lambda run: read_entry(known_job(), run), lambda _: None),
    "cancelling": (lambda run: cancel(known_job(), run), running),
    "submitting": (
        lambda run: submit(new_job(), {}, run, if_exists=None),
        lambda _: TransportFailure("no response"),
    ),
}


@pytest.mark.parametrize(("procedure", "response"), ENDING.values(), ids=ENDING)
def test_deadline_comes(
    procedure: Callable[[Run], Steps[Any]], response: Callable[[Call], object]
) -> None:
    """A call ends by its timeout, although the clock stands still."""
    with pytest.raises((jobs.JobTimeout, jobs.JobNotConfirmed)):
        drive(procedure(frozen()), response)


def test_patience_ends() -> None:
    """A key that nobody knows is told as such, although the clock stands still."""
    assert drive(look_up(new_job(), frozen(None), patience=10), lambda _: UNKNOWN) is None


def test_changes_end() -> None:
    """So does the iteration over changes."""
    with pytest.raises(TransportFailure):
        drive(Feed(7).batch(frozen()), lambda _: TransportFailure("no response"))
