"""Waiting that is futile ends soon, and says what responded in the server's place."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import ClientError, DecodeError
from dqops.jobs import Timing
from dqops.jobs.submission import submit
from dqops.jobs.waiting import follow, read_entry

from jobs.support import FAST, FILTERS, World, attached_job, entry, known_job, new_job, status_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.client import Client
    from dqops.jobs.steps import Call
    from dqops.testing import DqopsServer

    Make = Callable[[], ClientError]

LOGIN = b"<!DOCTYPE html><html><head><title>Sign in\n to Example</title></head></html>"


def page() -> DecodeError:
    """Make the error of a page in place of JSON."""
    return DecodeError("a page", operation="get_job", status_code=200, content=LOGIN)


STUBBORN: dict[str, tuple[Make, str]] = {
    "login page": (page, "a page with the title 'Sign in to Example'"),
    "511": (lambda: status_error(511, LOGIN), "status 511, a page with the title"),
    "page instead of 404": (lambda: status_error(404, LOGIN), "status 404, a page with"),
    "another job": (lambda: DecodeError("the response is about another job"), "about another job"),
}


@pytest.mark.parametrize("procedure", [follow, read_entry])
@pytest.mark.parametrize(("make", "words"), STUBBORN.values(), ids=STUBBORN)
def test_same_response_again_and_again(make: Make, words: str, procedure: Any) -> None:
    """A job that is followed is given up after a bounded number of them."""
    world = World(lambda _: make(), seconds_per_call=0.1)
    with pytest.raises(jobs.JobUnreachable, match=words) as caught:
        world.drive(procedure(known_job(), world.run(Timing(), 3600)))
    assert Timing().same_answers == world.count("get_job")
    assert 10 < world.time < 60
    assert "it may go on" in str(caught.value)


@pytest.mark.parametrize("make", [make for make, _ in STUBBORN.values()], ids=STUBBORN)
def test_responses_that_end(make: Make) -> None:
    """A page of somebody who repairs something is waited out."""

    def respond(_: Call) -> object:
        return make() if world.time < 8 else entry("finished")

    world = World(respond)
    assert "finished" == world.drive(follow(known_job(), world.run(Timing(), 3600))).status


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_outage_is_no_such_response(status: int) -> None:
    """A server that fails is waited for until the deadline."""
    world = World(lambda _: status_error(status, LOGIN))
    with pytest.raises(jobs.JobTimeout):
        world.drive(follow(known_job(), world.run(Timing(), 600)))
    assert 600 == world.time


@pytest.mark.parametrize(
    "make",
    [*(make for make, _ in STUBBORN.values()), lambda: status_error(500, b'{"message": "boom"}')],
    ids=[*STUBBORN, "500"],
)
def test_submission_that_cannot_be_confirmed(make: Make) -> None:
    """A job that nobody has told about is given up sooner: it is not known whether it runs."""

    def respond(call: Call) -> object:
        return page() if call.operation == "run_checks" else make()

    world = World(respond, seconds_per_call=0.1)
    with pytest.raises(jobs.JobNotConfirmed, match="each time it was"):
        world.drive(submit(new_job(), {}, world.run(Timing(), 3600), if_exists=None))
    assert world.time < 8


def test_key_that_cannot_be_looked_up() -> None:
    """Nothing is sent, and the message says so."""
    world = World(lambda _: page())
    with pytest.raises(jobs.JobUnreachable, match=r"nothing runs: .*'Sign in to Example'"):
        world.drive(submit(new_job(), {}, world.run(Timing(), 3600), if_exists="attach"))
    assert 0 == world.count("run_checks")


def test_attached_job() -> None:
    """So is a job that somebody else has submitted."""
    world = World(lambda _: page())
    with pytest.raises(jobs.JobUnreachable, match="Sign in to Example"):
        world.drive(follow(attached_job(), world.run(Timing(), 3600)))
    assert world.time < 8


def test_redirection(server: DqopsServer, client: Client) -> None:
    """A redirection is told at once, with its Location."""
    from dqops.testing import Fault

    handle = jobs.submit(client, jobs.RUN_CHECKS.request(FILTERS), timing=FAST)
    server.faults.add(Fault.redirect("/login?user=x", operation=["get_job", "wait_for_job"]))
    with pytest.raises(jobs.JobUnreachable, match="/login"):
        handle.wait(timeout=60)


def test_warning_each_minute(caplog: pytest.LogCaptureFixture) -> None:
    """An outage is not silent, and not noisy."""
    caplog.set_level(logging.WARNING, "dqops.jobs")
    world = World(lambda _: status_error(502))
    with pytest.raises(jobs.JobTimeout):
        world.drive(follow(known_job(), world.run(Timing(), 300)))
    assert 5 <= len(caplog.records) <= 6
    assert "trying again: get_job: returned 502 Bad Gateway" in caplog.text
