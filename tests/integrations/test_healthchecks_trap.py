"""`CheckTrap`: what the server gets to know about a run, whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from dqops import jobs
from dqops.client import Client as DqopsClient
from dqops.client.errors import ConnectionFailure, InvalidRequest
from dqops.client.models import CheckSearchFilters
from dqops.integrations.healthchecks_io import (
    AsyncClient,
    BadAPIRequestError,
    CheckTrap,
    Client,
    HCAPIError,
    PingFailedError,
    WrongClientError,
)
from dqops.integrations.healthchecks_io.logs import RunLog
from dqops.jobs import aio
from dqops.testing import DqopsServer
from dqops.testing.healthchecks import Check, HealthchecksServer

if TYPE_CHECKING:
    from collections.abc import Iterator

FILTERS = CheckSearchFilters(connection="warehouse", full_table_name="public.orders")


@pytest.fixture
def check(server: HealthchecksServer) -> Check:
    """A check of the server."""
    kept = Check(name="Nightly", slug="nightly")
    server.project.checks.append(kept)
    return kept


@pytest.fixture
def client(server: HealthchecksServer) -> Iterator[Client]:
    """A client that sends pings."""
    with Client(ping_key=server.project.ping_key, ping_url=server.ping_url) as made:
        yield made


def kinds(check: Check) -> list[str]:
    """List what the check has heard."""
    return [ping.kind for ping in check.pings]


def body(check: Check) -> str:
    """Read the body of the last ping."""
    return (check.pings[-1].body or b"").decode()


def test_each_run_has_an_id(client: Client, check: Check) -> None:
    """Start and end of a run have the same id, and another run has another one."""
    trap = CheckTrap(client, str(check.uuid))
    for _ in range(2):
        with trap as entered:
            assert entered is trap
    first, second = check.pings[0].rid, check.pings[2].rid
    assert [first, first, second, second] == [ping.rid for ping in check.pings]
    assert (True, second) == (first != second, trap.run_id)


def test_log_of_a_run_is_its_own(client: Client, check: Check) -> None:
    """A trap that is used again begins with an empty log."""
    trap = CheckTrap(client, slug="nightly")
    with trap:
        trap.add_log("first")
        trap.add_log("second")
    assert "first\nsecond" == body(check)
    with trap:
        pass
    assert "" == body(check)


@pytest.mark.parametrize("limit", [200, 1_000, 10_000])
def test_end_of_the_log_that_fits(limit: int) -> None:
    """The server keeps the beginning of a body, so the body is the end of the log."""
    check = Check(name="x")
    with HealthchecksServer(ping_body_limit=limit) as server:
        server.project.checks.append(check)
        with Client(ping_url=server.ping_url) as client:
            trap = CheckTrap(client, str(check.uuid), suppress_exceptions=True)
            with trap:
                for number in range(10_000):
                    trap.add_log(f"zażółć {number}")
                raise LookupError("the cause")
        assert len(server.requests[-1].body) <= limit
    assert body(check).endswith("LookupError: the cause")
    assert body(check).startswith("(the beginning is left out)\n")


def test_server_without_a_limit() -> None:
    """Without Ping-Body-Limit the whole log is sent."""
    check = Check(name="x")
    with HealthchecksServer(ping_body_limit=None) as server:
        server.project.checks.append(check)
        with Client(ping_url=server.ping_url) as client, CheckTrap(client, str(check.uuid)) as trap:
            trap.add_log("x" * 50_000)
    assert 50_000 == len(body(check))


@pytest.mark.parametrize(
    ("lines", "limit", "expected"),
    [
        ([], 10, ""),
        (["a", "b"], 3, "a\nb"),
        (["a" * 50, "b"], 40, "(the beginning is left out)\naaaaaaaaaa\nb"),
        (["a" * 50, "bb", "cc", "dd", "ee"], 40, "(the beginning is left out)\nbb\ncc\ndd\nee"),
        (["ż" * 10], 5, "żż"),
        (["\udc80"], 100, "\\udc80"),
        (["x"], 0, ""),
    ],
)
def test_tail(lines: list[str], limit: int, expected: str) -> None:
    """The tail is UTF-8 of at most so many bytes, from the beginning of a line if possible."""
    log = RunLog()
    for line in lines:
        log.add(line)
    assert expected == log.tail(limit)


def test_log_does_not_grow_for_ever() -> None:
    """What could not be sent anyway is dropped while the job runs."""
    log = RunLog()
    for _ in range(100):
        log.add("x" * 100_000)
    assert log._size < 3_000_000
    assert 2_621_440 >= len(log.tail(2_621_440).encode()) > 2_400_000


def test_trouble_is_logged(
    server: HealthchecksServer,
    client: Client,
    check: Check,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A ping that is refused leaves one warning each, and the ping key is in none."""
    server.project.checks.clear()
    done = []
    with CheckTrap(client, slug="nightly"):
        done.append(1)
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert ([1], 2) == (done, len(warnings))
    assert (
        "CheckNotFoundError: the server responded to the ping with 404" in warnings[0].getMessage()
    )
    assert "this run of 'nightly'" in warnings[1].getMessage()
    assert server.project.ping_key not in caplog.text
    assert [] == check.pings


def test_warning_has_no_whole_uuid(
    server: HealthchecksServer, client: Client, check: Check, caplog: pytest.LogCaptureFixture
) -> None:
    """The beginning of the uuid tells which check it is, and cannot be used for pings."""
    caplog.set_level(logging.WARNING)
    uuid = str(check.uuid)
    server.stop()
    with CheckTrap(client, uuid):
        pass
    assert f"'{uuid[:8]}...' to Healthchecks.io: ConnectionFailure" in caplog.text
    assert uuid not in caplog.text


def test_ping_key_is_in_no_failure(server: HealthchecksServer) -> None:
    """Where nothing responds, the message does not show the ping key either."""
    address, key = server.ping_url, server.project.ping_key
    server.stop()
    with Client(ping_key=key, ping_url=address, retries=None) as client:
        with pytest.raises(ConnectionFailure) as caught:
            client.success_ping(slug="nightly")
        assert key not in str(caught.value) + caught.value.url + repr(client)


def test_strict_start(server: HealthchecksServer, client: Client) -> None:
    """A strict trap does not run the block if the start was not told."""
    server.interrupt(status=404, body=b"not found", headers={"Content-Type": "text/html"})
    done = []
    with pytest.raises(HCAPIError), CheckTrap(client, slug="nightly", strict=True):
        done.append(1)
    assert [] == done


@pytest.mark.usefixtures("check")
def test_strict_success(server: HealthchecksServer, client: Client) -> None:
    """A strict trap raises if the success was not told, for example to a proxy's page."""
    page = {"status": 200, "body": b"<!DOCTYPE html>", "headers": {"Content-Type": "text/html"}}
    with pytest.raises(PingFailedError), CheckTrap(client, slug="nightly", strict=True):
        server.interrupt(**page)  # type: ignore[arg-type]


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize("strict", [False, True])
def test_failing_ping_never_hides_the_cause(
    server: HealthchecksServer, client: Client, strict: bool
) -> None:
    """The exception of the block comes out, strict or not."""

    def run() -> None:
        with CheckTrap(client, slug="nightly", strict=strict):
            server.interrupt(status=500)
            raise LookupError("the cause")

    with pytest.raises(LookupError, match="the cause"):
        run()


def test_exception_that_cannot_be_described(client: Client, check: Check) -> None:
    """An exception whose text fails is told, and goes on."""

    class OddError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    with pytest.raises(OddError), CheckTrap(client, slug="nightly"):
        raise OddError
    assert ["start", "fail"] == kinds(check)
    assert "OddError" in body(check)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0, "success"),
        (None, "success"),
        (1, "fail"),
        ("why", "fail"),
        (["why"], "fail"),
        ("", "fail"),
    ],
)
def test_codes_of_an_exit(client: Client, check: Check, code: object, kind: str) -> None:
    """What gives status 0 is a success, and whatever the code is, the exit goes on."""
    with pytest.raises(SystemExit) as caught, CheckTrap(client, slug="nightly"):
        raise SystemExit(code)
    assert (code, ["start", kind]) == (caught.value.code, kinds(check))


@pytest.mark.parametrize("fail_at", ["eror", "valid", "", None])
def test_unknown_severity_is_told_at_once(client: Client, fail_at: Any) -> None:
    """A misspelt severity is not left until a job of an hour has ended."""
    with pytest.raises(InvalidRequest, match="fail_at must be"):
        CheckTrap(client, slug="nightly", fail_at=fail_at)


def test_trap_that_creates_its_check(server: HealthchecksServer, client: Client) -> None:
    """With create=True a check comes to be by its first ping."""
    with CheckTrap(client, slug="brand-new", create=True):
        pass
    assert ["start", "success"] == kinds(server.project.checks[0])


@pytest.mark.parametrize("place", [{}, {"uuid": "x", "slug": "y"}])
def test_check_must_be_named(client: Client, place: dict[str, str]) -> None:
    """Neither or both of uuid and slug is told at once."""
    with pytest.raises(BadAPIRequestError):
        CheckTrap(client, **place)  # type: ignore[arg-type]


def test_wrong_clients(client: Client, server: HealthchecksServer) -> None:
    """A client of the other world is told before anything is sent, also as a heartbeat."""
    other = CheckTrap(AsyncClient(ping_url=server.ping_url), uuid=str(uuid4()))
    with pytest.raises(WrongClientError), other:
        pass
    with pytest.raises(WrongClientError):
        other.started()

    async def main() -> None:
        async with CheckTrap(client, uuid=str(uuid4())):
            pass

    with pytest.raises(WrongClientError):
        asyncio.run(main())
    assert [] == server.requests


def test_cancelled_task_is_told_and_stays_cancelled(
    server: HealthchecksServer, check: Check
) -> None:
    """A task that is cancelled tells a failure, and ends as cancelled."""

    async def main() -> bool:
        is_started = asyncio.Event()
        async with AsyncClient(ping_url=server.ping_url) as client:

            async def run() -> None:
                async with CheckTrap(client, str(check.uuid), suppress_exceptions=True):
                    is_started.set()
                    await asyncio.sleep(60)

            task = asyncio.create_task(run())
            await asyncio.wait_for(is_started.wait(), 30)
            task.cancel()
            await asyncio.wait([task])
            return task.cancelled()

    assert asyncio.run(main())
    assert ["start", "fail"] == kinds(check)
    assert "CancelledError" in body(check)


@pytest.mark.parametrize(("is_waiting", "kind"), [(True, "fail"), (False, "success")])
def test_time_that_is_over(
    server: HealthchecksServer, check: Check, is_waiting: bool, kind: str
) -> None:
    """In a scope that was cancelled the end is told all the same, whatever it is."""
    import anyio

    async def main() -> None:
        async with AsyncClient(ping_url=server.ping_url) as client:
            with anyio.CancelScope() as scope:
                async with CheckTrap(client, str(check.uuid)):
                    scope.cancel()
                    if is_waiting:
                        await anyio.sleep(60)

    asyncio.run(main())
    assert ["start", kind] == kinds(check)


def run_checks(server: DqopsServer, client: Client, is_async: bool, **options: Any) -> None:
    """Run checks with a trap as the heartbeat, in either world."""
    if not is_async:
        with DqopsClient(server.url) as dqops:
            heartbeat = CheckTrap(client, slug="nightly", **options)
            jobs.run_checks(dqops, FILTERS, heartbeat=heartbeat)
        return

    async def main() -> None:
        assert client._ping_key is not None
        key, address = client._ping_key.read(), client._pinger._base_url
        async with (
            DqopsClient(server.url) as dqops,
            AsyncClient(ping_key=key, ping_url=address) as pinger,
        ):
            heartbeat = CheckTrap(pinger, slug="nightly", **options)
            await aio.run_checks(dqops, FILTERS, heartbeat=heartbeat)

    asyncio.run(main())


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("severity", "fail_at", "expected"),
    [
        ("valid", "error", "success"),
        ("warning", "error", "success"),
        ("warning", "warning", "fail"),
        ("error", "error", "fail"),
        ("error", "fatal", "success"),
        ("fatal", "fatal", "fail"),
    ],
)
def test_heartbeat_by_severity(
    client: Client, check: Check, is_async: bool, severity: str, fail_at: str, expected: str
) -> None:
    """A job of DQOps is told by its severities, with its summary as the log."""
    with DqopsServer() as dqops:
        dqops.state.next_outcome(severity=severity)
        run_checks(dqops, client, is_async, fail_at=fail_at)
    assert ["start", expected] == kinds(check)
    assert re.search(rf"[1-9]\d* {severity}\b", body(check))
    assert 1 == len({ping.rid for ping in check.pings})


@pytest.mark.parametrize("is_async", [False, True])
def test_heartbeat_of_a_job_that_fails(client: Client, check: Check, is_async: bool) -> None:
    """A job without an outcome is told as a failure, with the reason."""
    with DqopsServer() as dqops:
        dqops.state.next_outcome(fails="the disk is full")
        with pytest.raises(jobs.JobFailed):
            run_checks(dqops, client, is_async)
    assert ["start", "fail"] == kinds(check)
    assert "the disk is full" in body(check)
