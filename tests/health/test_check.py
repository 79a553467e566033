"""`check` and `wait_until_healthy`, with clients of all three services."""

from __future__ import annotations

import asyncio
import json
import pickle
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.targets import load_targets
from dqops import health
from dqops.client import AuthenticatedClient, Client
from dqops.client.errors import InvalidRequest
from dqops.health.plain import ask, parse_url
from dqops.health.report import HealthReport, Verdict, more_telling
from dqops.testing import DqopsServer

from .servers import OK, PAGE, STARTING, dead, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from .servers import Scripted


def checked_async(client: Any, **options: Any) -> health.HealthReport:
    """Ask in an event loop of its own."""

    async def main() -> health.HealthReport:
        try:
            return await health.check_async(client, **options)
        finally:
            await client.aclose()

    return asyncio.run(main())


@pytest.mark.parametrize("ask", [health.check, checked_async], ids=["sync", "async"])
@pytest.mark.parametrize("raising", [False, True])
def test_report_in_every_state(
    state: tuple[Scripted, str, int, str],
    ask: Callable[..., health.HealthReport],
    raising: bool,
) -> None:
    """Whatever the service does, there is a report and no exception."""
    server, status, code, words = state
    before = datetime.now(UTC)
    with Client(server.url, raise_on_unexpected_status=raising) as client:
        report = ask(client, timeout=0.3 if status == "timeout" else 10)
    assert ("dqops", status, code == 0) == (report.service, report.status, report.healthy)
    assert words.lower() in report.detail.lower()
    assert 0 <= report.latency < 5
    assert before <= report.checked_at <= datetime.now(UTC)
    assert timedelta(0) == report.checked_at.utcoffset()
    assert report.healthy == bool(report)


def test_one_question_is_one_request() -> None:
    """A check is not repeated behind the caller's back, although the client repeats requests."""
    with serving((502, b"", "text/plain")) as server, Client(server.url) as client:
        health.check(client)
        assert 1 == len(server.asked)


def test_stand_in_of_dqops() -> None:
    """The embedded server is healthy while it runs."""
    with DqopsServer() as server, Client(server.url) as client:
        assert health.check(client).healthy
        server.stop()
        assert "unreachable" == health.check(client).status


@pytest.mark.parametrize("response", [None, (401, b"", "text/plain")])
def test_token_is_in_no_report(
    response: tuple[int, bytes, str] | None, caplog: pytest.LogCaptureFixture
) -> None:
    """The API key is sent, and neither reported nor logged."""
    with dead() if response is None else serving(response) as server:
        with AuthenticatedClient(server.url, "a secret token") as client:
            report = health.check(client)
        sent = [headers["authorization"] for _, headers in server.asked]
    assert ([] if response is None else ["Bearer a secret token"]) == sent
    assert "a secret token" not in repr(report) + caplog.text
    assert [] == [record for record in caplog.records if record.levelname == "WARNING"]


def test_report_as_json() -> None:
    """A report becomes JSON, with the time as ISO 8601."""
    with serving(OK) as server, Client(server.url) as client:
        report = health.check(client)
    read = json.loads(json.dumps(report.to_dict()))
    assert report.checked_at == datetime.fromisoformat(read.pop("checked_at"))
    assert report.latency == pytest.approx(read.pop("latency"), abs=1e-6)
    assert {"service": "dqops", "healthy": True, "status": "healthy", "detail": "OK"} == read


def test_no_client() -> None:
    """What is not a client is refused at once."""
    with pytest.raises(TypeError, match="str is not a client"):
        health.check("http://localhost:8888")  # type: ignore[arg-type]


MOSPARO: list[tuple[int, Any, str, str]] = [
    (200, {"healthy": True, "databaseStatus": "connected"}, "healthy", "connected"),
    (200, {"healthy": None, "databaseStatus": "bypassed"}, "healthy", "told not to look"),
    (200, {"healthy": True, "databaseStatus": "of-the-future"}, "healthy", "of-the-future"),
    (
        500,
        {"healthy": False, "databaseStatus": "connection-failed", "error": "no route"},
        "unhealthy",
        "no route",
    ),
    (200, {"healthy": True, "databaseStatus": "a\nb\x1b"}, "healthy", r"'a b\x1b'"),
    (404, {"error": True, "errorMessage": "No route"}, "refused", "not allowed, or a wrong URL"),
]


@pytest.mark.parametrize(("status", "body", "expected", "words"), MOSPARO)
def test_mosparo(
    monkeypatch: pytest.MonkeyPatch, status: int, body: dict[str, Any], expected: str, words: str
) -> None:
    """The generated client of the example is asked through `Service.probe`."""
    monkeypatch.syspath_prepend(str(load_targets()["mosparo"].package.parent))
    check_health: Any = import_module("mosparo_client.api.health.check_health")
    client_class: Any = import_module("mosparo_client").Client
    sent = json.dumps({"service": "mosparo", "error": None, **body}).encode()
    with serving((status, sent, "application/json")) as server, client_class(server.url) as client:
        report = health.check(health.MOSPARO.probe(client, check_health))
    assert ("mosparo", expected) == (report.service, report.status)
    assert words in report.detail


def waited_async(*clients: Any, **options: Any) -> list[health.HealthReport]:
    """Wait in an event loop of its own."""

    async def main() -> list[health.HealthReport]:
        try:
            return await health.wait_until_healthy_async(*clients, **options)
        finally:
            for client in clients:
                await client.aclose()

    return asyncio.run(main())


WAITS = pytest.mark.parametrize(
    "wait", [health.wait_until_healthy, waited_async], ids=["sync", "async"]
)


@WAITS
def test_waits_for_all(wait: Callable[..., list[health.HealthReport]]) -> None:
    """It goes on until all services are healthy, and gives a report of each in their order."""
    with (
        serving(STARTING, PAGE, OK) as slow,
        serving(OK) as quick,
        Client(slow.url) as first,
        Client(quick.url) as second,
    ):
        reports = wait(first, second, timeout=10, interval=0.01)
        assert 3 == len(slow.asked)
    assert [True, True] == [report.healthy for report in reports]


@WAITS
def test_gives_up(wait: Callable[..., list[health.HealthReport]]) -> None:
    """At the end of the time an exception tells what is wrong, with all reports."""
    started = time.monotonic()
    with (
        serving(OK) as running,
        dead() as gone,
        Client(running.url) as first,
        Client(gone.url) as second,
        pytest.raises(health.NotHealthyInTime, match=r"within 2 s: dqops: unreach") as caught,
    ):
        wait(first, second, timeout=2, interval=0.05)
    assert 2 <= time.monotonic() - started < 20
    assert not caught.value.reports[1].healthy
    assert caught.value.reports == pickle.loads(pickle.dumps(caught.value)).reports


@WAITS
def test_time_is_for_all_of_it(wait: Callable[..., list[health.HealthReport]]) -> None:
    """A service that does not respond is not waited for beyond the time."""
    started = time.monotonic()
    with (
        serving(OK, delay=60) as hanging,
        Client(hanging.url) as client,
        pytest.raises(health.NotHealthyInTime, match="timeout"),
    ):
        wait(client, timeout=0.3)
    assert 0.3 <= time.monotonic() - started < 4


def test_last_real_response_is_kept() -> None:
    """The last question ends with the time, and says less than the response before."""
    with (
        serving(STARTING, delay=1) as slow,
        Client(slow.url) as client,
        pytest.raises(health.NotHealthyInTime, match=r"within 2\.5 s: dqops: starting"),
    ):
        health.wait_until_healthy(client, timeout=2.5, interval=0.01)


@WAITS
def test_nothing_to_wait_for(wait: Callable[..., Any]) -> None:
    """A client that was forgotten is not a healthy one."""
    with pytest.raises(InvalidRequest, match="no client was given"):
        wait(timeout=1)


@WAITS
@pytest.mark.parametrize(
    "options",
    [
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": timedelta(-1)},
        {"timeout": "5"},
        {"timeout": True},
        {"interval": -1},
    ],
    ids=str,
)
def test_times_that_are_none(wait: Callable[..., Any], options: dict[str, Any]) -> None:
    """What is no number of seconds from 0 on is told before anything is asked."""
    with dead() as gone, Client(gone.url) as client, pytest.raises(InvalidRequest, match="seconds"):
        wait(client, **options)


@pytest.mark.parametrize(
    ("last", "is_cut_short", "earlier", "expected"),
    [
        ("timeout", True, "starting", "starting"),
        ("timeout", True, "healthy", "timeout"),
        ("timeout", True, None, "timeout"),
        ("timeout", False, "starting", "timeout"),
        ("unreachable", True, "starting", "unreachable"),
    ],
)
def test_response_that_had_no_time(
    last: Any, is_cut_short: bool, earlier: Any, expected: str
) -> None:
    """Where the last question had hardly any time, the response before says more."""
    report, before = (
        status and HealthReport.of("x", Verdict(status, ""), 0.0) for status in (last, earlier)
    )
    assert expected == more_telling(report, before, is_cut_short=is_cut_short).status


def test_timedeltas() -> None:
    """They are taken in place of seconds."""
    with DqopsServer() as server, Client(server.url) as client:
        assert health.check(client, timeout=timedelta(seconds=10))
        (report,) = health.wait_until_healthy(
            client, timeout=timedelta(seconds=10), interval=timedelta(seconds=1)
        )
    assert report.healthy
    with dead() as gone, Client(gone.url) as client, pytest.raises(health.NotHealthyInTime):
        health.wait_until_healthy(client, timeout=timedelta(seconds=0.2))


def test_url_that_ends_in_api(dqops_server: DqopsServer) -> None:
    """The report of a client and that of the command say what to leave out of it."""
    url = f"{dqops_server.url}api/"
    with Client(url) as client:
        reports = [health.check(client), ask(health.DQOPS, parse_url(url), timeout=5)]
    for report in reports:
        assert "refused" == report.status
        assert report.detail.endswith("the URL must end before '/api'")
