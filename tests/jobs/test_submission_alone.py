"""How patient a submission is, without a server, in a time of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from dqops import jobs
from dqops.client import Client
from dqops.client.errors import ClientError, ConnectionFailure, TransportFailure, Unauthorized
from dqops.client.models import DqoJobHistoryEntryModel
from dqops.jobs import Timing
from dqops.jobs.submission import submit

from jobs.support import FILTERS, UNKNOWN, World, accepted, entry, new_job, status_error

if TYPE_CHECKING:
    from dqops.jobs.steps import Call

BROKEN = TransportFailure("the connection broke")
NO_CONNECTION = ConnectionFailure("no connection", is_unsent=True)
TIMING = Timing(registered_within=10, connect_within=30)


def test_key_that_is_listed_late() -> None:
    """A job whose key is listed just before the time is over is found, and not sent again."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            return BROKEN
        return entry() if world.time >= 9.9 else UNKNOWN

    world, job = World(respond), new_job()
    world.drive(submit(job, {}, world.run(TIMING), if_exists=None))
    assert (1, 7) == (world.count("run_checks"), job.job_id)


def test_sent_again_only_after_the_whole_time() -> None:
    """Only the response to a look-up that was sent after the time says that there is no job."""

    def respond(call: Call) -> object:
        if call.operation != "run_checks":
            return UNKNOWN
        return BROKEN if world.count("run_checks") == 1 else accepted()

    world, job = World(respond, seconds_per_call=0.5), new_job()
    world.drive(submit(job, {}, world.run(TIMING), if_exists=None))
    first, second = (time for time, name in world.calls if name == "run_checks")
    last_look = max(time for time, name in world.calls if name == "get_job")
    failed_at = first + 0.5
    assert failed_at + 10 <= last_look < second < failed_at + 10 + 2


def test_gateway_that_is_down_longer_than_the_time() -> None:
    """While look-ups fail there is no proof, however long it takes, so nothing is sent."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            return status_error(502)
        return entry() if world.time > 600 else status_error(502)

    world, job = World(respond), new_job()
    world.drive(submit(job, {}, world.run(TIMING), if_exists=None))
    assert (1, 7) == (world.count("run_checks"), job.job_id)


def test_deadline_before_the_proof() -> None:
    """A deadline that comes first leaves it open, and says so."""
    world = World(lambda call: BROKEN if call.operation == "run_checks" else UNKNOWN)
    job = new_job()
    with pytest.raises(jobs.JobNotConfirmed, match="not known whether the server took on"):
        world.drive(submit(job, {}, world.run(TIMING, timeout=5), if_exists=None))
    assert (1, 5.0) == (world.count("run_checks"), world.time)


def test_refused_look_up() -> None:
    """An API key that is revoked in the middle leaves it open, and says so."""
    world = World(lambda call: BROKEN if call.operation == "run_checks" else status_error(401))
    with pytest.raises(jobs.JobNotConfirmed, match="401"):
        world.drive(submit(new_job(), {}, world.run(TIMING), if_exists=None))


def test_no_connection_is_tried_again() -> None:
    """What was surely not sent is sent again without a look-up."""

    def respond(_: Call) -> object:
        return NO_CONNECTION if world.time < 20 else accepted()

    world, job = World(respond), new_job()
    world.drive(submit(job, {}, world.run(TIMING), if_exists=None))
    assert (0, 1) == (world.count("get_job"), job.submissions)


def test_no_connection_for_too_long() -> None:
    """After the time for that, the failure goes to the caller."""
    world = World(lambda _: NO_CONNECTION)
    with pytest.raises(ConnectionFailure):
        world.drive(submit(new_job(), {}, world.run(TIMING), if_exists=None))
    assert 30 <= world.time <= 30 + 5 * 1.25


def test_deadline_before_anything_was_sent() -> None:
    """A call without any time left sends nothing."""
    world = World(lambda _: accepted())
    with pytest.raises(jobs.JobTimeout, match="nothing runs"):
        world.drive(submit(new_job(), {}, world.run(TIMING, timeout=0), if_exists=None))
    assert [] == world.calls


def test_limit_of_submissions() -> None:
    """A job that never gets through is not sent more often than allowed."""
    world = World(lambda call: BROKEN if call.operation == "run_checks" else UNKNOWN)
    timing = Timing(submissions=3)
    with pytest.raises(jobs.JobNotConfirmed, match="sent 3 times"):
        world.drive(submit(new_job(), {}, world.run(timing), if_exists=None))
    assert 3 == world.count("run_checks")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("7", 7),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 60),
        ("Thu, 01 Jan 1998 00:00:00 GMT", 0),
        ("soon", 0),
        ("-3", 0),
        ("99999999999999", 60),
        ("", 0),
    ],
)
def test_retry_after(retry_after: str, seconds: float) -> None:
    """The server is left alone for as long as it says, but for a minute at most."""

    def respond(call: Call) -> object:
        if call.operation == "run_checks":
            return status_error(503, Retry_After=retry_after)
        return entry()

    world = World(respond)
    world.drive(submit(new_job(), {}, world.run(TIMING), if_exists=None))
    assert seconds == world.time


def test_existing_key_is_checked_with_the_right_key() -> None:
    """A server that refuses the look-up before the submission raises its own error."""
    world = World(lambda _: status_error(401))
    with pytest.raises(Unauthorized):
        world.drive(submit(new_job(), {}, world.run(TIMING), if_exists="raise"))


@pytest.mark.parametrize(
    "odd",
    [
        entry(key="another"),
        DqoJobHistoryEntryModel(),
        None,
        status_error(404, b"<html>no such page</html>"),
        status_error(404, b'{"message": "no route matched"}'),
        status_error(404, b"404 page not found"),
    ],
)
def test_response_that_proves_nothing(odd: object) -> None:
    """Only the server's own word that it does not know the key lets the job be sent again."""
    world = World(lambda call: BROKEN if call.operation == "run_checks" else odd)
    with pytest.raises(jobs.JobNotConfirmed):
        world.drive(submit(new_job(), {}, world.run(TIMING, timeout=300), if_exists=None))
    assert 1 == world.count("run_checks")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("ConnectError", 2),
        ("ConnectTimeout", 2),
        ("PoolTimeout", 2),
        ("ProxyError", 2),
        ("LocalProtocolError", 1),
        ("ReadError", 1),
        ("ReadTimeout", 1),
        ("WriteError", 1),
        ("WriteTimeout", 1),
        ("CloseError", 1),
        ("RemoteProtocolError", 1),
        ("DecodingError", 1),
        ("TooManyRedirects", 1),
        ("UnsupportedProtocol", 1),
    ],
)
def test_each_failure_of_the_http_library(kind: str, sent: int) -> None:
    """Only what failed before the connection was there is sent again without a look-up."""
    calls = 0

    def fail(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        if request.method == "GET":
            raise httpx.ReadError("not now", request=request)
        calls += 1
        if calls > 1:
            return httpx.Response(403)
        raise getattr(httpx, kind)("something", request=request)

    arguments = {"transport": httpx.MockTransport(fail)}
    timing = Timing(first_pause=0.001, connect_within=5)
    with Client("http://dqops.test", httpx_args=arguments) as client, pytest.raises(ClientError):
        jobs.run_checks(client, FILTERS, timeout=0.5, timing=timing)
    assert sent == calls


def test_requests_end_with_the_deadline() -> None:
    """No request gets more time than is left, but for a second in any case."""
    world = World(lambda _: BROKEN, seconds_per_call=1.0)
    with pytest.raises(jobs.JobNotConfirmed):
        world.drive(submit(new_job(), {}, world.run(TIMING, timeout=4), if_exists=None))
    assert 4.0 == world.timeouts[0]
    assert 1.0 == world.timeouts[-1]
