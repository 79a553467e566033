"""Faults: what they do on the network, which calls they hit, and how they are written down."""

from __future__ import annotations

import asyncio
import errno
import functools
import json
import pickle
import socket
import threading
import time
import zlib
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
import yaml
from dqops.client import Client, errors
from dqops.client.api.jobs import run_checks
from dqops.client.models import RunChecksParameters
from dqops.testing import FAULT_KINDS, DqopsServer, Fault, FaultPlan, ManualClock, SimulatedDqops

from simulator.support import SPECIFICATION, simulator_threads
from simulator.test_sockets import Connection
from simulator.valid_requests import valid_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUN = (
    b"POST /api/jobs/runchecks?wait=true HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
)
JOBS_OF_A_RUN = 3  # the run, and one for each table


class Received(NamedTuple):
    """What arrived on a socket, and how that ended."""

    data: bytes
    ending: str
    first_after: float
    seconds: float
    jobs: int

    @property
    def head(self) -> str:
        """Status line and headers."""
        return self.data.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        """What came of the body."""
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        """The status."""
        return int(self.head.split()[1])

    def header(self, name: str) -> str | None:
        """A header, or None."""
        for line in self.head.splitlines()[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None

    @property
    def told_length(self) -> int:
        """The value of Content-Length."""
        return int(self.header("Content-Length") or -1)


def receive(fault: Fault, request: bytes = RUN, patience: float = 2.0) -> Received:
    """Send a request to a server with a fault; read until the end, or until nothing comes."""
    with DqopsServer(faults=[fault], job_duration=0) as server:
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 80), timeout=patience) as connection:
            connection.sendall(request)
            start = time.monotonic()
            parts: list[bytes] = []
            first_after = last = 0.0
            while True:
                try:
                    part = connection.recv(65536)
                except TimeoutError:
                    ending = "open"
                    break
                except OSError as error:
                    ending = errno.errorcode[error.errno or 0]
                    break
                if not part:
                    ending = "closed"
                    break
                last = time.monotonic() - start
                first_after = first_after or last
                parts.append(part)
                if is_complete(b"".join(parts)):
                    connection.settimeout(0.05)  # the end of the connection, if it comes, is near
        jobs = len(server.state.queue.jobs)
    return Received(b"".join(parts), ending, first_after, last, jobs)


def is_complete(data: bytes) -> bool:
    """Tell whether as much came as was told."""
    head, _, body = data.partition(b"\r\n\r\n")
    _, found, length = head.partition(b"Content-Length: ")
    return bool(found) and len(body) == int(length.split()[0])


def is_whole(received: Received) -> bool:
    """Tell whether a complete response of a run came."""
    return len(received.body) == received.told_length and "jobId" in json.loads(received.body)


def is_no_response(received: Received) -> bool:
    """Tell whether not a byte came."""
    return received.data == b""


def is_half(received: Received) -> bool:
    """Tell whether head and half of the body came."""
    return received.status == 201 and len(received.body) == received.told_length // 2 > 10


def is_halved(received: Received) -> bool:
    """Tell whether half of the JSON came, with the right length."""
    return len(received.body) == received.told_length and received.body.startswith(b'{"jobId"')


def is_status(status: int) -> Callable[[Received], bool]:
    """Make a check that a complete response came with a status."""
    return lambda each: each.status == status and len(each.body) == each.told_length


class Effect(NamedTuple):
    """A fault and what is seen on a socket."""

    fault: Fault
    ending: str
    check: Callable[[Received], bool]
    jobs: int = JOBS_OF_A_RUN
    first_after: tuple[float, float] = (0.0, 1.5)
    seconds: tuple[float, float] = (0.0, 2.0)


NOTHING = 0
SOON = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
LATE = (0.1, 1.5)
EFFECTS = [
    Effect(Fault.delay(0.1), "open", is_whole, first_after=LATE),
    # Some 140 bytes at 1,000 bytes for each second.
    Effect(Fault.slow(1000), "open", is_whole, seconds=(0.1, 1.5)),
    Effect(Fault.timeout(), "open", is_no_response),
    Effect(Fault.timeout(when="before"), "open", is_no_response, NOTHING),
    Effect(Fault.reset(), "ECONNRESET", is_no_response, NOTHING),
    Effect(Fault.reset(when="during"), "ECONNRESET", is_half),
    Effect(Fault.reset(when="after"), "ECONNRESET", is_no_response),
    Effect(Fault.disconnect(), "closed", is_no_response, NOTHING),
    Effect(Fault.disconnect(when="after"), "closed", is_no_response),
    Effect(
        Fault.close_idle(),
        "closed",
        lambda each: is_whole(each) and each.header("Connection") is None,
    ),
    Effect(Fault.truncated(), "closed", is_half),
    Effect(Fault.truncated(announced="actual"), "open", is_halved),
    Effect(Fault.wrong_json(), "open", is_halved),
    Effect(Fault.wrong_json("other_type"), "open", lambda each: each.body == b'["an array"]'),
    Effect(Fault.wrong_json("not_json"), "open", lambda each: each.body == b"this is no JSON"),
    Effect(Fault.wrong_json("empty"), "open", lambda each: each.header("Content-Length") == "0"),
    Effect(Fault.wrong_json("not_utf8"), "open", lambda each: b"\xff" in each.body),
    Effect(Fault.null("/jobId"), "open", lambda each: json.loads(each.body)["jobId"] is None),
    Effect(
        Fault.unknown_enum("/status"),
        "open",
        lambda each: json.loads(each.body)["status"] == "invented_later",
    ),
    Effect(
        Fault.unknown_property("", name="new", value=[1]),
        "open",
        lambda each: json.loads(each.body)["new"] == [1],
    ),
    Effect(Fault.status(429, retry_after=1), "open", is_status(429), NOTHING),
    Effect(Fault.status(502), "open", is_status(502), NOTHING),
    Effect(
        Fault.status(503, retry_after=1),
        "open",
        lambda each: is_status(503)(each) and each.header("Retry-After") == "1",
        NOTHING,
    ),
    Effect(
        Fault.status(503, retry_after=SOON),
        "open",
        lambda each: each.header("Retry-After") == "Wed, 02 Jan 2030 01:04:05 GMT",
        NOTHING,
    ),
    Effect(Fault.status(504, when="after"), "open", is_status(504)),
    Effect(
        Fault.status(520), "open", lambda each: " 520 Web Server Returned" in each.head, NOTHING
    ),
    Effect(
        Fault.proxy_page(),
        "open",
        lambda each: is_status(502)(each) and each.body.startswith(b"<!DOCTYPE html>"),
        NOTHING,
    ),
    Effect(
        Fault.redirect("/login"),
        "open",
        lambda each: (each.status, each.header("Location")) == (302, "/login"),
        NOTHING,
    ),
    Effect(
        Fault.invalid_http(), "closed", lambda each: not each.data.startswith(b"HTTP/"), NOTHING
    ),
    Effect(
        Fault.endless_body(max_bytes=300_000),
        "closed",
        lambda each: (
            each.header("Transfer-Encoding") == "chunked"
            and len(each.body) > 300_000
            and not each.body.endswith(b"0\r\n\r\n")
        ),
        NOTHING,
    ),
    Effect(
        Fault.compressed_bomb(size=50_000_000),
        "open",
        lambda each: (
            len(each.body) == each.told_length < 100_000
            and len(zlib.decompress(each.body, 31)) == 50_000_000
        ),
        NOTHING,
    ),
    Effect(Fault.restart(), "open", is_whole),
    Effect(Fault.restart(when="after"), "open", is_whole, NOTHING),
]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda each: repr(each.fault))
def test_effect_on_a_socket(effect: Effect) -> None:
    """What a client without any library sees: bytes, errno and time; and whether the job runs."""
    # Only where nothing is expected, that is waited for.
    patience = 0.25 if (effect.check, effect.ending) == (is_no_response, "open") else 2.0
    received = receive(effect.fault, patience=patience)
    assert (effect.ending, effect.jobs) == (received.ending, received.jobs)
    assert effect.check(received), received
    assert effect.first_after[0] <= received.first_after <= effect.first_after[1]
    assert effect.seconds[0] <= received.seconds <= effect.seconds[1]


def test_every_kind_has_its_effect_in_the_table() -> None:
    """18 kinds; none is without a test on a socket."""
    assert 18 == len(FAULT_KINDS)
    assert set(FAULT_KINDS) == {effect.fault.kind for effect in EFFECTS}


def test_head_and_empty_responses_are_cut_before_their_head() -> None:
    """They are complete with their head, so half of them would be a success."""
    head = b"HEAD /api/ishealthy HTTP/1.1\r\nHost: x\r\n\r\n"
    missing = b"GET /api/jobs/jobs/9 HTTP/1.1\r\nHost: x\r\n\r\n"
    for request in (head, missing):
        for fault, ending in (
            (Fault.truncated(), "closed"),
            (Fault.reset(when="during"), "ECONNRESET"),
        ):
            received = receive(fault, request)
            assert (b"", ending) == (received.data, received.ending)


def test_slow_body_comes_in_many_pieces_over_the_whole_time() -> None:
    """The bytes are spread, and not held back and sent at once."""
    request = b"GET /api/connections HTTP/1.1\r\nHost: x\r\n\r\n"
    with DqopsServer(faults=[Fault.slow(4000)]) as server:
        connection = Connection(server)
        connection.socket.sendall(request)
        times: list[float] = []
        size = 0
        while size < 1000:
            size += len(connection.socket.recv(65536))
            times.append(time.monotonic())
        connection.close()
    assert len(times) > 8
    assert times[-1] - times[0] > 0.15


def test_timeout_ends_when_the_client_leaves() -> None:
    """The connection's thread does not stay behind."""
    with DqopsServer(faults=[Fault.timeout()]) as server:
        connection = Connection(server)
        connection.socket.sendall(RUN)
        names = wait_for_threads(lambda names: any("connection" in name for name in names))
        assert any("connection" in name for name in names)
        connection.close()
        wait_for_threads(lambda names: not any("connection" in name for name in names))
        assert ["dqops-server"] == [
            thread.name.rpartition("-")[0] for thread in simulator_threads()
        ]


def wait_for_threads(is_right: Callable[[list[str]], bool]) -> list[str]:
    """Wait for a state of the simulator's threads; give their names."""
    ends = time.monotonic() + 5
    names: list[str] = []
    while time.monotonic() < ends:
        names = [thread.name for thread in simulator_threads()]
        if is_right(names):
            return names
        time.sleep(0.002)
    raise AssertionError(names)


@pytest.mark.parametrize(
    "fault", [Fault.timeout(), Fault.delay(60), Fault.slow(1), Fault.endless_body()], ids=repr
)
def test_stop_does_not_wait_for_a_fault(fault: Fault) -> None:
    """Whatever a response waits for, the end of the server comes first."""
    with DqopsServer(faults=[fault]) as server:
        connection = Connection(server)
        connection.socket.sendall(RUN)
        time.sleep(0.1)
        start = time.monotonic()
    assert time.monotonic() - start < 2
    assert [] == simulator_threads()
    connection.close()


def test_endless_body_ends_with_the_client() -> None:
    """Whoever stops reading and leaves is not sent a gigabyte."""
    with DqopsServer(faults=[Fault.endless_body(times=1)]) as server:
        connection = Connection(server)
        connection.socket.sendall(RUN)
        assert connection.socket.recv(1000)
        connection.close()
        wait_for_threads(lambda names: not any("connection" in name for name in names))
        assert 200 == httpx.get(f"{server.url}api/ishealthy").status_code


def test_close_idle_is_announced_by_nothing() -> None:
    """The response says nothing of an end; then the connection is closed."""
    with DqopsServer(faults=[Fault.close_idle()]) as server:
        connection = Connection(server)
        _, headers, body = connection.exchange()
        assert (b"OK", False) == (body, "connection" in headers)
        assert connection.is_closed()
        connection.close()
        with httpx.Client(base_url=server.url, verify=False) as http:
            assert 200 == http.get("/api/ishealthy").status_code
            time.sleep(0.05)  # the end of the connection has arrived by then
            assert 200 == http.get("/api/ishealthy").status_code


def test_restart_closes_the_other_connections() -> None:
    """The connection of the request gets its response; the history of jobs is empty before it."""
    with DqopsServer(job_duration=0, faults=[Fault.restart(nth=3)]) as server:
        other, own = Connection(server), Connection(server)
        other.exchange()
        assert 201 == own.exchange(RUN)[0]
        jobs = own.exchange(b"GET /api/jobs/jobs HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [] == json.loads(jobs[2])["jobs"]
        assert other.is_closed()
        assert 200 == own.exchange()[0]
        other.close()
        own.close()


# -- both doors ---------------------------------------------------------------------------------

EXCEPTIONS: list[tuple[Fault, type[Exception] | None, type[Exception] | None]] = [
    (Fault.delay(0.01), None, None),
    (Fault.delay(10), errors.TimeoutFailure, httpx.ReadTimeout),
    (Fault.timeout(), errors.TimeoutFailure, httpx.ReadTimeout),
    (Fault.slow(2), errors.TimeoutFailure, httpx.ReadTimeout),
    (Fault.slow(5000), None, None),
    (Fault.reset(), errors.TransportFailure, httpx.ReadError),
    (Fault.reset(when="during"), errors.TransportFailure, httpx.ReadError),
    (Fault.reset(when="after"), errors.TransportFailure, httpx.ReadError),
    (Fault.disconnect(), errors.ProtocolFailure, httpx.RemoteProtocolError),
    (Fault.close_idle(), None, None),
    (Fault.truncated(), errors.ProtocolFailure, httpx.RemoteProtocolError),
    (Fault.truncated(announced="actual"), errors.DecodeError, None),
    (Fault.wrong_json(), errors.DecodeError, None),
    (Fault.wrong_json("other_type"), errors.DecodeError, None),
    (Fault.wrong_json("not_json"), errors.DecodeError, None),
    (Fault.wrong_json("not_utf8"), errors.DecodeError, None),
    (Fault.null("/jobId"), None, None),
    (Fault.unknown_enum(), None, None),
    (Fault.unknown_property(), None, None),
    (Fault.status(429, retry_after=1), errors.TooManyRequests, None),
    (Fault.status(502), errors.BadGateway, None),
    (Fault.status(503), errors.ServiceUnavailable, None),
    (Fault.status(504, when="after"), errors.GatewayTimeout, None),
    (Fault.status(520), errors.ServerError, None),
    (Fault.proxy_page(), errors.BadGateway, None),
    (Fault.proxy_page(200), errors.DecodeError, None),
    (Fault.redirect("/login"), errors.Redirection, None),
    (Fault.invalid_http(), errors.ProtocolFailure, httpx.RemoteProtocolError),
    (
        Fault.endless_body(max_bytes=200_000),
        errors.ProtocolFailure,
        httpx.RemoteProtocolError,
    ),
    (Fault.compressed_bomb(size=10_000), errors.DecodeError, None),
    (Fault.restart(), None, None),
]


@pytest.mark.parametrize(
    ("fault", "expected", "finer"), EXCEPTIONS, ids=[repr(fault) for fault, *_ in EXCEPTIONS]
)
@pytest.mark.parametrize("door", ["socket", "transport", "async socket", "async transport"])
def test_client_meets_the_same_behind_each_door(
    door: str,
    fault: Fault,
    expected: type[Exception] | None,
    finer: type[Exception] | None,
) -> None:
    """The exception of the SDK and of httpx, and the jobs that run, do not depend on the door."""
    with DqopsServer(faults=[fault], job_duration=0) as server:
        arguments = {"transport": server.transport()} if "transport" in door else {}
        client = Client(server.url, raise_on_unexpected_status=True, httpx_args=arguments)
        # A client's own timeout is longer where the server is asked to wait.
        client = client.with_options(timeout=0.3 if expected is errors.TimeoutFailure else 30)
        start = time.monotonic()
        caught = asyncio.run(failure_async(client)) if "async" in door else failure(client)
        seconds = time.monotonic() - start
        assert expected is (None if caught is None else public_class(caught)), caught
        assert finer is None or isinstance(caught, finer)
        assert seconds < 15
        handled = fault.options.get("when", "after") != "before" or fault.kind == "restart"
        handled = handled and fault.kind not in {"endless_body", "compressed_bomb"}
        assert (JOBS_OF_A_RUN if handled else 0) == len(server.state.queue.jobs)
        (call,) = server.calls("run_checks")
        assert (fault, {}) == (call.fault, call.body)


def public_class(error: Exception) -> type[Exception] | None:
    """Find the class that the SDK documents; some errors are of a finer one."""
    for each in type(error).__mro__:
        if each.__name__ in errors.__all__ and issubclass(each, Exception):
            public: type[Exception] = getattr(errors, each.__name__)
            return public
    return None


def failure(client: Client) -> Exception | None:
    """Run checks, and give what was raised."""
    with client:
        try:
            run_checks.sync(client=client, json_body=RunChecksParameters(), wait=True)
        except Exception as error:
            return error
    return None


async def failure_async(client: Client) -> Exception | None:
    """Run checks without blocking, and give what was raised."""
    async with client:
        try:
            await run_checks.asyncio(client=client, json_body=RunChecksParameters(), wait=True)
        except Exception as error:
            return error
    return None


# -- rules --------------------------------------------------------------------------------------


@pytest.fixture
def simulated() -> Iterator[SimulatedDqops]:
    """A server without faults."""
    with SimulatedDqops(job_mode="immediate") as running:
        yield running


def statuses(simulated: SimulatedDqops, *calls: str) -> list[int]:
    """Send requests, and give the statuses of the responses."""
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        responses = []
        for call in calls:
            method, _, path = call.partition(" ")
            responses.append(http.request(method, f"/api/{path}").status_code)
        return responses


HEALTH, JOBS, START = "GET ishealthy", "GET jobs/jobs", "POST jobs/scheduler/status/start"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, [503, 503, 503, 503, 503, 503]),
        ({"operation": "is_healthy"}, [503, 200, 503, 200, 503, 503]),
        ({"operation": ["is_healthy", "get_all_jobs"]}, [503, 503, 503, 200, 503, 503]),
        ({"method": "post"}, [200, 200, 200, 503, 200, 200]),
        ({"nth": 2}, [200, 503, 200, 200, 200, 200]),
        ({"nth": [1, 3], "operation": "is_healthy"}, [503, 200, 200, 200, 503, 200]),
        ({"nth": range(2, 4), "operation": "is_healthy"}, [200, 200, 503, 200, 503, 200]),
        ({"times": 2}, [503, 503, 200, 200, 200, 200]),
        ({"times": 1, "operation": "is_healthy", "nth": {3, 4}}, [200, 200, 200, 200, 503, 200]),
        ({"probability": 0.0}, [200] * 6),
        ({"probability": 1}, [503] * 6),
    ],
    ids=str,
)
def test_calls_that_are_hit(
    simulated: SimulatedDqops, rule: dict[str, Any], expected: list[int]
) -> None:
    """Where and when are conditions that all must be fulfilled."""
    simulated.faults.add(Fault.status(503, **rule))
    assert expected == statuses(simulated, HEALTH, JOBS, HEALTH, START, HEALTH, HEALTH)


def test_chance_is_the_same_with_the_same_seed() -> None:
    """The seed decides which calls are hit; another seed hits others; the share is about right."""

    def hits(seed: int) -> list[bool]:
        plan = FaultPlan([Fault.status(503, probability=0.3)], seed=seed)
        return [bool(plan.due("is_healthy", "GET")) for _ in range(1000)]

    assert hits(1) == hits(1) != hits(2)
    assert 230 < sum(hits(1)) < 370


def test_chance_does_not_depend_on_races() -> None:
    """The same calls of an operation are hit, whatever other calls come between them."""

    def hits(between: int) -> list[bool]:
        plan = FaultPlan([Fault.status(503, probability=0.5)], seed=4)
        found = []
        for _ in range(100):
            found.append(bool(plan.due("run_checks", "POST")))
            for _ in range(between):
                plan.due("get_job", "GET")
        return found

    assert hits(between=0) == hits(between=1) == hits(between=3)


def test_chances_of_faults_do_not_depend_on_each_other() -> None:
    """A fault that is added later leaves the calls that others hit as they were."""
    first = Fault.status(503, probability=0.5)
    alone = FaultPlan([first], seed=3)
    both = FaultPlan([first, Fault.delay(1, probability=0.5)], seed=3)
    for _ in range(200):
        due = both.due("is_healthy", "GET")
        assert bool(alone.due("is_healthy", "GET")) == any(each.fault == first for each in due)


def test_plan_counts_from_the_beginning_after_a_restart() -> None:
    """`restart` lets every rule count as at first."""
    fault = Fault.status(503, nth=[1, 4], probability=0.9)
    plan = FaultPlan([fault], seed=5)
    runs = []
    for _ in range(2):
        runs.append([bool(plan.due(None, "GET")) for _ in range(6)])
        assert sum(runs[-1]) == plan.hits(fault)
        plan.restart()
    assert runs[0] == runs[1]


def test_several_faults_hit_a_call_and_the_first_response_counts(simulated: SimulatedDqops) -> None:
    """A delay goes with a status; of two statuses the first in the plan is sent."""
    faults = (Fault.delay(0.05), Fault.status(503), Fault.status(429))
    simulated.faults.add(*faults)
    start = time.monotonic()
    assert [503] == statuses(simulated, HEALTH)
    assert time.monotonic() - start >= 0.05
    assert faults == simulated.requests[0].faults
    assert faults[0] is simulated.requests[0].fault


def test_faults_can_be_changed_while_the_server_runs(simulated: SimulatedDqops) -> None:
    """Added, taken out one by one, and cleared."""
    first, second = Fault.status(503), Fault.status(429)
    seen = statuses(simulated, HEALTH)
    simulated.faults.add(first, second)
    seen += statuses(simulated, HEALTH)
    simulated.faults.remove(first)
    seen += statuses(simulated, HEALTH)
    simulated.faults.clear()
    assert [200, 503, 429, 200] == seen + statuses(simulated, HEALTH)


def test_requests_for_no_operation_can_be_hit(simulated: SimulatedDqops) -> None:
    """A proxy in front of the server fails for every path."""
    simulated.faults.add(Fault.proxy_page(502, times=1))
    assert [502, 404] == statuses(simulated, "GET nowhere", "GET nowhere")


def test_rules_count_under_threads() -> None:
    """`times` is kept by many requests at once."""
    plan = FaultPlan([Fault.status(503, times=50)])
    counted: list[int] = []

    def ask() -> None:
        counted.append(sum(bool(plan.due(None, "GET")) for _ in range(200)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 50 == sum(counted)


# -- content ------------------------------------------------------------------------------------


def body(fault: Fault, path: str = "jobs/runchecks?wait=true", method: str = "POST") -> Any:
    """Send a request to a server with a fault, and give the JSON of the response."""
    simulated = SimulatedDqops(faults=FaultPlan([fault], seed=1), job_mode="immediate")
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        content = b"{}" if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        return http.request(method, f"/api/{path}", content=content, headers=headers).json()


def test_null_at_a_chosen_place() -> None:
    """Only that one changes; the place is a JSON pointer."""
    changed = body(Fault.null("/result/highest_severity"))
    plain = body(Fault.delay(0))
    assert changed["result"].pop("highest_severity") is None
    assert plain["result"].pop("highest_severity") is not None
    assert changed["result"] == plain["result"]


@pytest.mark.parametrize(
    "fault", [Fault.null("/no/such/place"), Fault.unknown_property("/status")], ids=repr
)
def test_place_that_is_not_there_changes_nothing(fault: Fault) -> None:
    """The response stays as it is."""
    assert {"jobId", "result", "status"} == set(body(fault))
    assert "finished" == body(fault)["status"]


def test_unknown_enum_is_put_where_an_enumeration_is() -> None:
    """Found by the specification, in objects and in arrays of them."""
    changed = body(Fault.unknown_enum(value="odd"), "connections", "GET")
    assert "odd" in json.dumps(changed)
    assert "warehouse" == changed[0]["connection_name"]


def test_unknown_property_is_put_into_an_object_and_not_into_a_map() -> None:
    """A new key of a map would be known."""
    changed = body(Fault.unknown_property(), "connections", "GET")
    assert "inventedLater" in json.dumps(changed)


def test_content_faults_leave_other_bodies_alone() -> None:
    """Bare text has neither properties nor enumerations."""
    for fault in (Fault.null(), Fault.unknown_enum(), Fault.unknown_property()):
        simulated = SimulatedDqops(faults=[fault])
        with httpx.Client(
            base_url="http://x", transport=simulated.transport(), verify=False
        ) as http:
            assert "OK" == http.get("/api/ishealthy").text
            assert "Europe/Berlin" in http.get("/api/timezones").text


# -- written down -------------------------------------------------------------------------------


def test_plan_of_plain_data() -> None:
    """A YAML file says the same as constructors."""
    text = """
    - {kind: delay, seconds: 2, operation: run_checks, nth: [1, 2]}
    - {kind: status, status: 503, retry_after: 1.5, method: GET, times: 3}
    - {kind: reset, when: during, probability: 0.25}
    - {kind: close_idle}
    """
    plan = FaultPlan.of(yaml.safe_load(text), seed=7)
    assert (
        Fault.delay(2.0, operation="run_checks", nth=[1, 2]),
        Fault.status(503, retry_after=1.5, method="GET", times=3),
        Fault.reset(when="during", probability=0.25),
        Fault.close_idle(),
    ) == plan.faults
    assert 7 == plan.seed
    assert plan is FaultPlan.of(plan)


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_every_kind_can_be_written_as_plain_data(kind: str) -> None:
    """With what it needs, and nothing else."""
    needed: dict[str, dict[str, Any]] = {
        "delay": {"seconds": 1},
        "redirect": {"location": "/"},
        "slow": {"bytes_per_second": 10},
        "status": {"status": 503},
    }
    (fault,) = FaultPlan.of([{"kind": kind, **needed.get(kind, {})}]).faults
    assert kind == fault.kind
    assert fault == pickle.loads(pickle.dumps(fault))
    assert f"Fault.{kind}(" in repr(fault)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([{"kind": "dely", "seconds": 1}], "the kind of a fault must be one of close_idle, "),
        ([{"seconds": 1}], "got None"),
        ([{"kind": "delay"}], "the fault 'delay' needs 'seconds'"),
        ([{"kind": "delay", "second": 1}], "the fault 'delay' has no 'second'; it has seconds, op"),
        ([{"kind": "delay", "seconds": "a"}], "seconds must be a number >= 0, got 'a'"),
        ([{"kind": "delay", "seconds": -1}], "seconds must be a number >= 0, got -1"),
        ([{"kind": "delay", "seconds": float("nan")}], "seconds must be a number >= 0"),
        ([{"kind": "delay", "seconds": 1, "nth": 0}], "nth must be >= 1"),
        ([{"kind": "delay", "seconds": 1, "nth": []}], "nth is empty"),
        ([{"kind": "delay", "seconds": 1, "operation": []}], "operation is empty"),
        ([{"kind": "delay", "seconds": 1, "times": 0}], "times must be >= 1"),
        (
            [{"kind": "delay", "seconds": 1, "probability": 1.5}],
            "probability must be a number",
        ),
        (
            [{"kind": "reset", "when": "sometimes"}],
            "when must be one of 'before', 'during', 'after'",
        ),
        ([{"kind": "status", "status": 99}], "status must be an integer from 200 to 599"),
        ([{"kind": "status", "status": 503, "retry_after": -1}], "retry_after must be a number"),
        ([{"kind": "redirect", "location": "/\r\nX: y"}], "location must be printable ASCII"),
        ([{"kind": "null", "path": "jobId"}], "path must be a JSON pointer"),
        ([{"kind": "dely"}], "got 'dely'; did you mean 'delay'"),
        (["delay"], "a fault must be a dictionary with its kind, got 'delay'; write Fault.delay"),
        ({"kind": "delay"}, "faults must be a list of faults, got dict"),
        (3, "faults must be a list of faults, got int"),
    ],
    ids=str,
)
def test_fault_that_cannot_be_is_refused(data: Any, message: str) -> None:
    """The message says what is wrong, and what would be right."""
    with pytest.raises(ValueError, match=message):
        FaultPlan.of(data)


def test_kind_of_fault_that_there_is_not() -> None:
    """It is told which there are, and what may be meant."""
    with pytest.raises(AttributeError, match=r"^Fault has no 'dely'; did you mean 'delay'"):
        Fault.dely(2)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="has no 'zzz'; the kinds are close_idle, compressed"):
        Fault.zzz()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"one of close_idle, .*, got 'dely'; did you mean"):
        Fault("dely")


@pytest.mark.parametrize(
    "faults", [[Fault.delay(2)], Fault.delay(2), [{"kind": "delay", "seconds": 2}]], ids=str
)
def test_faults_are_given_in_any_form(faults: Any) -> None:
    """One fault needs no list, and plain data will do wherever a fault will."""
    several = faults if isinstance(faults, list) else [faults]
    made = [
        SimulatedDqops(faults=faults).faults,
        FaultPlan(several),
        FaultPlan().add(*several),
    ]
    assert [(Fault.delay(2),)] * 3 == [plan.faults for plan in made]


def test_what_is_added_and_is_no_fault_is_refused() -> None:
    """Not when the next request comes, but at once."""
    plan = SimulatedDqops().faults
    wrong: Any = "delay"
    with pytest.raises(ValueError, match="a fault must be a dictionary with its kind, got 'delay'"):
        plan.add(wrong)
    assert () == plan.faults


def test_chance_of_a_fault_is_its_own_also_after_another_was_removed() -> None:
    """A fault that takes a free place does not throw the dice of its neighbour."""
    first, second, third = (Fault.status(status, probability=0.5) for status in (429, 502, 503))
    plan = FaultPlan([first, second], seed=1)
    plan.remove(first)
    plan.add(third)
    hits = [{each.fault for each in plan.due("is_healthy", "GET")} for _ in range(64)]
    assert any(len(hit) == 1 for hit in hits)


def test_misspelt_operation_is_refused_with_a_hint() -> None:
    """Such a fault would hit nothing, and the test would prove nothing."""
    wrong = Fault.delay(1, operation="run_cheks")
    with pytest.raises(ValueError, match=r"'run_cheks'; did you mean 'run_checks'"):
        SimulatedDqops(faults=[wrong])
    with pytest.raises(ValueError, match="did you mean"):
        SimulatedDqops().faults.add(wrong)


def test_faults_are_compared_by_what_they_say() -> None:
    """So that a test can ask how often the fault that it wrote has hit."""
    assert Fault.delay(1, nth=[2, 1]) == Fault.delay(1.0, nth=[1, 2])
    assert Fault.delay(1) != Fault.delay(2)
    assert 1 == len({Fault.delay(1, nth=1), Fault.delay(1, nth=[1])})
    assert "Fault.delay(seconds=1.0, operation=['run_checks'], nth=[1])" == repr(
        Fault.delay(1, operation="run_checks", nth=1)
    )


@functools.cache
def responses_of_every_operation(fault: Fault | None) -> list[tuple[str, int, bytes]]:
    """Give status and body by operation; first those that need what others delete."""
    faults = [] if fault is None else [fault]
    simulated = SimulatedDqops(faults=faults, job_mode="immediate", clock=ManualClock())
    found = []
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        operations = SPECIFICATION.operations.values()
        for operation in sorted(operations, key=lambda each: each.method == "DELETE"):
            method, url, headers, content = valid_request(operation)
            response = http.request(method, url, headers=headers, content=content)
            found.append((f"{method} {url}", response.status_code, response.content))
    return found


@pytest.mark.parametrize(
    "fault",
    [Fault.null(), Fault.unknown_enum(), Fault.unknown_property(), Fault.wrong_json()],
    ids=lambda fault: fault.kind,
)
def test_content_faults_know_every_response(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever an operation responds with, its body changes or stays, and its status stays."""
    changed = 0
    plain, faulty = responses_of_every_operation(None), responses_of_every_operation(fault)
    for (name, status, body), (_, other_status, other_body) in zip(plain, faulty, strict=True):
        assert status == other_status, name
        changed += body != other_body
    assert changed >= 30
    assert "" == caplog.text
