"""The two doors, a socket and an httpx transport, give the same responses, and leave nothing."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from dqops.testing import DqopsServer, ManualClock, RecordedRequest, Settings, SimulatedDqops
from dqops.testing.simulated import SettingsOptions
from dqops.testing.specification import escaped
from dqops.testing.specification.acceptance import Acceptance
from dqops.testing.specification.problems import Problems

from simulator.support import GROUPS, SPECIFICATION, seed, simulator_threads
from simulator.valid_requests import valid_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

OPERATIONS = list(SPECIFICATION.operations.values())
RUN = "/api/jobs/runchecks"
STATUS = "/api/connections/warehouse/schemas/public/tables/orders/status"
JSON = {"Content-Type": "application/json"}
# What belongs to a connection, and not to a response.
OF_THE_CONNECTION = {"connection", "date", "keep-alive", "server"}


class Doors(NamedTuple):
    """Clients of two servers with the same state, each behind a door of its own."""

    socket: httpx.Client
    transport: httpx.Client


@pytest.fixture(scope="module")
def doors() -> Iterator[Doors]:
    """Two servers that are asked the same, so that their states stay the same."""
    clock = ManualClock()
    options: Any = {"clock": clock, "job_mode": "immediate"}
    with (
        DqopsServer(**options) as server,
        SimulatedDqops(**options) as simulated,
        httpx.Client(base_url=server.url, verify=False) as first,
        httpx.Client(base_url=server.url, transport=simulated.transport(), verify=False) as second,
    ):
        yield Doors(first, second)


def exchange(http: httpx.Client, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
    """Send a request, and give its response with the body as it came."""
    with http.stream(*args, **kwargs) as response:
        body = b"".join(response.iter_raw())
    return seen(response, body)


def seen(response: httpx.Response, body: bytes) -> tuple[Any, ...]:
    """Give what is compared."""
    headers = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name not in OF_THE_CONNECTION
    ]
    return (response.http_version, response.status_code, response.reason_phrase, headers, body)


@pytest.mark.parametrize("group", GROUPS)
def test_both_doors_respond_the_same(
    doors: Doors, group: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Status, headers and bytes of the body are equal, compressed or not, and for HEAD."""
    for name in GROUPS[group]:
        method, url, headers, content = valid_request(SPECIFICATION.operations[name])
        uncompressed = {**headers, "Accept-Encoding": ""}
        requests = [(method, headers, content), (method, uncompressed, content)]
        if method == "GET":
            requests.append(("HEAD", headers, None))
        for each_method, each_headers, each_content in requests:
            by_socket, by_transport = (
                exchange(door, each_method, url, headers=each_headers, content=each_content)
                for door in doors
            )
            assert by_socket == by_transport, name
            assert by_socket[1] not in {401, 405, 415, 501}, name
        assert "failed to serve" not in caplog.text, name


def test_every_operation_is_in_the_comparison() -> None:
    """341 of today and 38 of earlier versions."""
    assert 379 == len({each.name for each in OPERATIONS})


@pytest.mark.parametrize(
    ("method", "url", "headers", "content", "status"),
    [
        ("GET", "/nowhere", {}, None, 404),
        ("PUT", RUN, {}, None, 405),
        ("OPTIONS", RUN, {}, None, 200),
        ("OPTIONS", "/nowhere", {}, None, 404),
        ("BREW", RUN, {}, None, 405),
        ("HEAD", RUN, {}, None, 405),
        ("HEAD", "/nowhere", {}, None, 404),
        ("POST", RUN, JSON, b"", 400),
        ("POST", RUN, JSON, b"{", 400),
        ("POST", RUN, JSON, b'{"check_search_filters": 1}', 400),
        ("POST", f"{RUN}?wait=maybe", JSON, b"{}", 400),
        ("POST", RUN, {"Content-Type": "text/plain"}, b"{}", 415),
        ("POST", RUN, {}, b"", 415),
        ("GET", "/api/jobs/jobs", {"Accept": "text/html"}, None, 406),
        ("GET", "/api/jobs/jobs", {"Authorization": "Bearer wrong"}, None, 401),
        ("GET", "/api/jobs/jobs/" + "9" * 5000, {}, None, 400),
        ("GET", "/api/jobs/jobs/a%2Fb?x=%C3%BC&y=a+b#part", {}, None, 404),
        ("GET", "/api/connections//schemas", {}, None, 404),
    ],
)
def test_both_doors_refuse_the_same(
    doors: Doors, method: str, url: str, headers: Any, content: bytes | None, status: int
) -> None:
    """What the framework refuses is refused alike, to the byte."""
    by_socket, by_transport = (
        exchange(door, method, url, headers=headers, content=content) for door in doors
    )
    assert by_socket == by_transport
    assert status == by_socket[1]


def test_headers_that_come_twice_are_joined_alike(doors: Doors) -> None:
    """Both doors take two headers of a name for one with a comma."""
    headers = [("Accept", "text/plain"), ("Accept", "text/csv")]
    by_socket, by_transport = (
        exchange(door, "GET", "/api/jobs/jobs", headers=headers) for door in doors
    )
    assert by_socket == by_transport
    assert b"'text/plain,text/csv'" in by_socket[-1]


def test_both_doors_record_the_same() -> None:
    """The record of a request does not tell through which door it came."""
    with DqopsServer(job_mode="immediate") as server:
        for http in (
            httpx.Client(base_url=server.url, verify=False),
            httpx.Client(base_url="http://x", transport=server.transport(), verify=False),
        ):
            with http:
                http.post(f"{RUN}?wait=true", json={"dummy_execution": True})
    expected = RecordedRequest(
        "run_checks", "POST", RUN, {"wait": True}, {"dummy_execution": True}, 201
    )
    assert [expected, expected] == server.calls("run_checks")
    assert [] == server.calls("cancel_job")
    with pytest.raises(ValueError, match="'run_cheks'"):
        server.calls("run_cheks")


def test_async_door_responds_as_the_sync_one() -> None:
    """All operations once more, with an asynchronous client."""
    options: Any = {"job_mode": "immediate", "clock": ManualClock()}
    first, second = SimulatedDqops(**options), SimulatedDqops(**options)

    async def ask(operations: list[Operation]) -> list[tuple[Any, ...]]:
        responses = []
        async with httpx.AsyncClient(
            base_url="http://x", transport=second.transport(), verify=False
        ) as http:
            for operation in operations:
                method, url, headers, content = valid_request(operation)
                async with http.stream(method, url, headers=headers, content=content) as response:
                    body = b"".join([part async for part in response.aiter_raw()])
                responses.append(seen(response, body))
        return responses

    with httpx.Client(base_url="http://x", transport=first.transport(), verify=False) as http:
        expected = []
        for operation in OPERATIONS:
            method, url, headers, content = valid_request(operation)
            expected.append(exchange(http, method, url, headers=headers, content=content))
    assert expected == asyncio.run(ask(OPERATIONS))


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip", "gzip"),
        ("deflate, gzip;q=0.5", "deflate"),
        ("GZIP", "gzip"),
        ("*", "gzip"),
        ("gzip;q=1.0", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000", None),
        ("gzip;q=0, *", "deflate"),
        ("deflate", "deflate"),
        ("br", None),
        ("", None),
    ],
)
def test_large_json_is_compressed_if_the_client_takes_it(accepted: str, coding: str | None) -> None:
    """The same JSON comes, in fewer bytes and with the same bytes each time."""
    transport = SimulatedDqops(clock=ManualClock()).transport()
    with httpx.Client(base_url="http://x", transport=transport, verify=False) as http:
        plain = exchange(http, "GET", STATUS, headers={"Accept-Encoding": "identity"})[-1]
        headers = {"Accept-Encoding": accepted}
        first, second = (exchange(http, "GET", STATUS, headers=headers) for _ in range(2))
    assert first == second
    assert len(plain) >= 2048
    assert coding == dict(first[3]).get("content-encoding")
    read: bytes = first[-1]
    if coding is not None:
        read = gzip.decompress(read) if coding == "gzip" else zlib.decompress(read)
    assert plain == read


def test_short_and_binary_responses_are_not_compressed(doors: Doors) -> None:
    """A health check stays as it is."""
    response = exchange(doors.socket, "GET", "/api/ishealthy", headers={"Accept-Encoding": "gzip"})
    assert b"OK" == response[-1]


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET http://[ HTTP/1.1",
        b"GET api HTTP/1.1",
        b"GET * HTTP/1.1",
        b"nonsense",
        b"GET / HTTP/x",
    ],
)
def test_what_is_no_request_gets_400(request_line: bytes) -> None:
    """The response says what is wrong, and the connection ends."""
    with DqopsServer() as server:
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 80), timeout=5) as connection:
            connection.sendall(request_line + b"\r\nHost: x\r\n\r\n")
            response = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = response.partition(b"\r\n\r\n")
    assert b"HTTP/1.1 400 Bad Request" == head.splitlines()[0]
    assert b'"status":400' in body
    assert [400] == [each.status for each in server.requests]


# -- waiting ------------------------------------------------------------------------------------


def test_event_loop_goes_on_while_jobs_are_awaited() -> None:
    """Twenty requests wait for their jobs, and others get their responses in the meantime."""
    # By a clock that stands still: a blocked loop would never get to the line that moves it.
    simulated = SimulatedDqops(job_mode="manual", job_duration=60)

    async def go() -> tuple[list[int], list[int]]:
        async with httpx.AsyncClient(
            base_url="http://x", transport=simulated.transport(), verify=False, timeout=30
        ) as http:
            waiting = [
                asyncio.ensure_future(http.post(f"{RUN}?wait=true", json={})) for _ in range(20)
            ]
            while len(simulated.state.queue.jobs) < 20 * 3:
                await asyncio.sleep(0.001)
            quick = [(await http.get("/api/ishealthy")).status_code for _ in range(10)]
            assert not any(each.done() for each in waiting)
            simulated.advance(60)
            return [each.status_code for each in await asyncio.gather(*waiting)], quick

    assert ([201] * 20, [200] * 10) == asyncio.run(asyncio.wait_for(go(), 30))
    assert 20 * 3 == len(simulated.state.queue.jobs)  # a run has two children


def test_hour_long_job_is_awaited_by_virtual_time() -> None:
    """The clock moves, the waiting request gets its response, and no time has passed."""
    clock = ManualClock()
    simulated = SimulatedDqops(clock=clock, job_duration=3600, wait_seconds=7200)

    async def go() -> httpx.Response:
        async with httpx.AsyncClient(
            base_url="http://x", transport=simulated.transport(), verify=False
        ) as http:
            waiting = asyncio.ensure_future(http.post(f"{RUN}?wait=true", json={}))
            while not simulated.state.queue.jobs:
                await asyncio.sleep(0.001)
            clock.advance(3600)
            return await waiting

    start = time.monotonic()
    assert "finished" == asyncio.run(go()).json()["status"]
    assert time.monotonic() - start < 2


def test_cancelled_request_goes_on_in_the_server_only() -> None:
    """The caller is free at once, and so is the thread that served it; the job runs on."""
    others = set(simulator_threads())
    with SimulatedDqops(job_duration=60) as simulated:

        async def go() -> None:
            async with httpx.AsyncClient(
                base_url="http://x", transport=simulated.transport(), verify=False
            ) as http:
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(http.post(f"{RUN}?wait=true", json={}), 0.1)
                assert 200 == (await http.get("/api/jobs/jobs")).status_code

        asyncio.run(go())
        ends = time.monotonic() + 5
        while set(simulator_threads()) - others and time.monotonic() < ends:
            time.sleep(0.001)
        assert set() == set(simulator_threads()) - others
        assert "running" == simulated.state.queue.jobs[0].status


@pytest.mark.parametrize("door", ["socket", "transport"])
def test_wait_that_takes_too_long_for_the_client(door: str) -> None:
    """The client's read timeout counts, and the job goes on."""
    with DqopsServer(job_duration=60) as server:
        transport = server.transport() if door == "transport" else None
        with httpx.Client(
            base_url=server.url, transport=transport, timeout=0.1, verify=False
        ) as http:
            start = time.monotonic()
            with pytest.raises(httpx.ReadTimeout):
                http.post(f"{RUN}?wait=true", json={})
            assert 0.09 < time.monotonic() - start < 2
        assert "running" == server.state.queue.jobs[0].status


# -- restart, reset, end ------------------------------------------------------------------------


@pytest.mark.parametrize("door", ["socket", "transport"])
def test_restart_forgets_jobs_and_ends_what_waits(door: str) -> None:
    """A waiting client sees its connection closed; results are kept, jobs are not."""
    with DqopsServer(job_duration=60) as server:
        transport = server.transport() if door == "transport" else None
        with httpx.Client(base_url=server.url, transport=transport, verify=False) as http:
            failures: list[Exception] = []

            def wait() -> None:
                try:
                    http.post(f"{RUN}?wait=true", json={})
                except httpx.TransportError as error:
                    failures.append(error)

            waiting = threading.Thread(target=wait)
            waiting.start()
            while not server.state.queue.jobs:
                time.sleep(0.001)
            results = len(server.state.check_results)
            server.restart()
            waiting.join(5)
            assert [httpx.RemoteProtocolError] == [type(each) for each in failures]
            assert [] == http.get("/api/jobs/jobs").json()["jobs"]
            assert results == len(server.state.check_results) > 0


def test_snapshot_is_restored() -> None:
    """What happened after the snapshot has not happened."""
    simulated = SimulatedDqops(job_mode="immediate")
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        kept = simulated.snapshot()
        http.post(RUN, json={})
        http.post("/api/jobs/scheduler/status/stop")
        simulated.restore(kept)
        assert ([], True) == (
            http.get("/api/jobs/jobs").json()["jobs"],
            http.get("/api/jobs/scheduler/isrunning").json(),
        )


def test_reset_begins_anew() -> None:
    """Seed as at first, nothing asked for, no faults."""
    simulated = SimulatedDqops(seed(), faults=[{"kind": "status", "status": 503}])
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        assert 503 == http.post("/api/jobs/scheduler/status/stop").status_code
        simulated.state.scheduler_running = False
        simulated.reset()
        assert [] == simulated.requests
        assert http.get("/api/jobs/scheduler/isrunning").json() is True
    assert () == simulated.faults.faults


def test_closed_door_refuses_connections() -> None:
    """As a port on which nobody listens any more; it can be opened again."""
    simulated = SimulatedDqops()
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        with simulated:
            assert 200 == http.get("/api/ishealthy").status_code
        with pytest.raises(httpx.ConnectError, match="refused"):
            http.get("/api/ishealthy")
        with simulated:
            assert 200 == http.get("/api/ishealthy").status_code


def test_misspelt_operation_is_told_with_a_hint() -> None:
    """A test that asks for the calls of no operation would prove nothing."""
    with pytest.raises(ValueError, match=r"'run_check'; did you mean 'run_checks'"):
        SimulatedDqops().calls("run_check")


def test_every_setting_can_be_given_to_the_constructor() -> None:
    """The names that type checkers know are those that there are."""
    assert {each.name for each in fields(Settings)} == set(SettingsOptions.__annotations__)
    assert 3.5 == SimulatedDqops(queue_delay=3.5).settings.queue_delay


def test_httpx_is_loaded_with_the_first_transport() -> None:
    """A program that only uses the socket does not load it."""
    code = (
        "import sys; from dqops.testing import DqopsServer\n"
        "with DqopsServer() as server: print('httpx' in sys.modules)\n"
        "server.transport(); print('httpx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert "False\nTrue\n" == done.stdout


def test_start_is_quick_and_leaves_nothing() -> None:
    """With the specification loaded, a server starts and stops in a tenth of a second at most."""
    others = set(simulator_threads())
    DqopsServer()
    seconds: list[float] = []
    for _ in range(10):
        start = time.monotonic()
        with DqopsServer():
            seconds.append(time.monotonic() - start)
    assert min(seconds) < 0.1  # the others may have waited for the processor
    assert set() == set(simulator_threads()) - others


# -- responses ------------------------------------------------------------------------------------


def test_invalid_response_is_a_500_that_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A response that is not what the specification says does not leave the simulator."""
    simulated = SimulatedDqops()
    monkeypatch.setattr(simulated.state, "scheduler_running", "perhaps")
    with httpx.Client(base_url="http://x", transport=simulated.transport(), verify=False) as http:
        response = http.get("/api/jobs/scheduler/isrunning")
        assert 500 == response.status_code
        assert "'is_cron_scheduler_running' is not what the specification says" in response.text
        assert "failed to serve" in caplog.text
        simulated.settings.validate_answers = False
        assert "perhaps" == http.get("/api/jobs/scheduler/isrunning").json()


def test_fast_look_at_responses_accepts_nothing_that_is_wrong() -> None:
    """It accepts every example, and whatever else it accepts is valid for a complete validator."""
    acceptance, complete = Acceptance(SPECIFICATION), Problems(SPECIFICATION)
    chance = random.Random(1)
    looked_at = refused = 0
    for operation in OPERATIONS:
        for pointer, response in operation.responses.values():
            for media_type, content in response.get("content", {}).items():
                place = f"{pointer}/content/{escaped(media_type)}"
                for name in content.get("examples", ()):
                    _, example = SPECIFICATION.resolve(f"{place}/examples/{escaped(name)}")
                    schema = f"{place}/schema"
                    assert acceptance.accepts(schema, example["value"])
                    wrong = mutated(example["value"], chance)
                    looked_at += 1
                    if acceptance.accepts(schema, wrong):
                        assert [] == complete.of(schema, wrong)
                    else:
                        refused += 1
    assert looked_at > 600
    assert refused > 100


def mutated(value: Any, chance: random.Random) -> Any:
    """Put something odd in place of a part of a value."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        return {**value, key: mutated(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        position = chance.randrange(len(value))
        changed = mutated(value[position], chance)
        return [*value[:position], changed, *value[position + 1 :]]
    return chance.choice([None, True, 1, 1.0, 2.5, 2**40, "odd", "2024-02-30", [], [1], {}])
