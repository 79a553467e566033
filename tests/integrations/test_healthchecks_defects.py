"""What is wrong in `healthchecks-io` 0.4.4 is right here, one test or more for each defect.

With HEALTHCHECKS_CLIENT=healthchecks_io in an environment that has that distribution, the same
tests run against it, and fail.
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import subprocess
import sys
import weakref
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing.healthchecks import Check, HealthchecksServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

hc: Any = import_module(os.environ.get("HEALTHCHECKS_CLIENT", "dqops.integrations.healthchecks_io"))

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def service() -> Iterator[HealthchecksServer]:
    """A server with one project."""
    with HealthchecksServer() as running:
        yield running


def client_of(service: HealthchecksServer, kind: Any = None, **options: Any) -> Any:
    """Make a client with both keys."""
    made = {
        "api_key": service.project.api_key,
        "ping_key": service.project.ping_key,
        "api_url": service.api_url,
        "ping_url": service.ping_url,
    }
    return (kind or hc.Client)(**{**made, **options})


def kept(service: HealthchecksServer, **fields: Any) -> Check:
    """Put a check into the project."""
    check = Check(**fields)
    service.project.checks.append(check)
    return check


@pytest.fixture(params=["sync", "async"])
def calling(request: pytest.FixtureRequest, service: HealthchecksServer) -> Callable[..., Any]:
    """Call a method of a client of either world by its name."""

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        if request.param == "sync":
            with client_of(service) as client:
                return getattr(client, name)(*arguments, **options)

        async def main() -> Any:
            async with client_of(service, hc.AsyncClient) as client:
                return await getattr(client, name)(*arguments, **options)

        return asyncio.run(main())

    return call


@pytest.fixture(params=["sync", "async"])
def trapping(request: pytest.FixtureRequest, service: HealthchecksServer) -> Callable[..., Any]:
    """Run a function within a trap of either world."""

    def run(body: Callable[[], Any], uuid: Any, **options: Any) -> None:
        if request.param == "sync":
            made = client_of(service)
            with made, hc.CheckTrap(made, uuid=str(uuid), **options) as trap:
                trap.add_log("a line")
                body()
            return

        async def main() -> None:
            made = client_of(service, hc.AsyncClient)
            async with made, hc.CheckTrap(made, uuid=str(uuid), **options) as trap:
                trap.add_log("a line")
                body()

        asyncio.run(main())

    return run


def raising(error: BaseException) -> Callable[[], None]:
    """Make a body that fails."""

    def body() -> None:
        raise error

    return body


def test_01_flips(service: HealthchecksServer, calling: Any) -> None:
    """The changes of a check can be read, also where there are none."""
    check = kept(service, name="x")
    assert [] == calling("get_check_flips", str(check.uuid))
    calling("success_ping", uuid=str(check.uuid))
    (flip,) = calling("get_check_flips", str(check.uuid), seconds=60)
    assert (1, True) == (flip.up, flip.timestamp.tzinfo is not None)


def test_02_upsert_keeps_what_was_not_set(service: HealthchecksServer, calling: Any) -> None:
    """An upsert changes nothing but what it names."""
    check = kept(service, name="x", desc="d", tags="t", grace=7200, schedule="5 4 * * *")
    calling("create_check", hc.CheckCreate(name="x", tags="u", unique=["name"]))
    found = calling("get_check", str(check.uuid))
    assert ("d", "u", 7200, None) == (found.desc, found.tags, found.grace, found.timeout)


def test_03_tags_are_escaped(service: HealthchecksServer, calling: Any) -> None:
    """A tag of any characters is a tag, and no other parameter."""
    tags = ["a&slug=x", "e#f", "ž"]
    kept(service, name="right", tags=" ".join(tags))
    kept(service, name="wrong", tags="a", slug="x")
    assert ["right"] == [check.name for check in calling("get_checks", tags)]


def test_04_no_api_key_with_a_ping(service: HealthchecksServer, calling: Any) -> None:
    """The API key goes to the Management API alone."""
    calling("success_ping", uuid=str(kept(service, name="x").uuid))
    assert "x-api-key" not in service.requests[-1].headers


def test_05_reason_of_a_refusal(service: HealthchecksServer, calling: Any) -> None:
    """A full account, another project and a wrong key are told from each other."""
    service.project.check_limit = 0
    with pytest.raises(hc.HCAPIAuthError) as full:
        calling("create_check", hc.CheckCreate(name="x"))
    other = Check(name="y")
    service.add_project("other").checks.append(other)
    with pytest.raises(hc.HCAPIAuthError) as foreign:
        calling("get_check", str(other.uuid))
    with (
        client_of(service, api_key="x" * 32) as stranger,
        pytest.raises(hc.HCAPIAuthError) as wrong,
    ):
        stranger.get_checks()
    assert type(full.value) is not type(foreign.value)
    assert "plan allows" in str(full.value)
    assert "another project" in str(foreign.value)
    assert "wrong api key" in str(wrong.value)


def test_06_ping_that_creates(service: HealthchecksServer) -> None:
    """201 is a success, and the trap runs its body."""
    service.interrupt(status=201, body=b"Created", headers={"Content-Type": "text/html"}, count=2)
    with client_of(service) as client:
        assert (True, "Created") == client.success_ping(slug="new")
        with hc.CheckTrap(client, slug="new"):
            service.service.projects[0].checks.append(Check(name="new", slug="new"))


@pytest.mark.parametrize("kind", ["CheckCreate", "CheckUpdate"])
@pytest.mark.parametrize("field", ["schedule", "tz", "methods", "unique"])
def test_07_none_is_left_out(service: HealthchecksServer, kind: str, field: str) -> None:
    """None means the same as leaving a field out."""
    check = kept(service, name="x", desc="d")
    with client_of(service) as client:
        spec = getattr(hc, kind)(name="y", **{field: None})
        assert ("y", "d") == (
            client.update_check(str(check.uuid), spec).name,
            client.get_check(str(check.uuid)).desc,
        )


@pytest.mark.parametrize("field", ["timeout", "grace"])
@pytest.mark.parametrize("seconds", [1, 59, 31_536_001, True])
def test_08_limits_of_times(field: str, seconds: int) -> None:
    """A time that the server refuses is refused before anything is sent."""
    with pytest.raises(ValueError, match=field):
        hc.CheckCreate(name="x", **{field: seconds})


@pytest.mark.parametrize("schedule", ["*-*-* 04:05", "Mon..Fri 10:00", "weekly\n2026-12-24"])
def test_09_oncalendar(service: HealthchecksServer, schedule: str) -> None:
    """OnCalendar expressions are schedules."""
    with client_of(service) as client:
        check = client.create_check(hc.CheckCreate(name="x", schedule=schedule, tz="UTC"))
    assert schedule == service.project.checks[0].schedule
    assert schedule == check.schedule


@pytest.mark.parametrize("schedule", ["0 5 4 * * *", "61 * * * *", "0 0 31 2 *", "nonsense"])
def test_09_bad_schedule(schedule: str) -> None:
    """What the server refuses is refused before, such as cron of six fields."""
    with pytest.raises(ValueError, match="schedule"):
        hc.CheckCreate(name="x", schedule=schedule)


def test_10_slug(service: HealthchecksServer) -> None:
    """With version 3 of the API a check gets the slug that it was given."""
    with client_of(service, api_version=3) as client:
        assert "nightly" == client.create_check(hc.CheckCreate(name="x", slug="nightly")).slug
        assert (True, "OK") == client.success_ping(slug="nightly")


def test_11_traceback(service: HealthchecksServer, trapping: Any) -> None:
    """A failure comes with the log and the traceback."""
    check = kept(service, name="x")
    with pytest.raises(LookupError):
        trapping(raising(LookupError("no such table")), check.uuid)
    body = (check.pings[-1].body or b"").decode()
    assert "fail" == check.pings[-1].kind
    assert body.startswith("a line\nTraceback (most recent call last):")
    assert body.endswith("LookupError: no such table")
    assert "in body\n" in body


@pytest.mark.parametrize(
    ("error", "kind"),
    [(SystemExit(0), "success"), (SystemExit(), "success"), (SystemExit(2), "fail")],
)
def test_11_exit(service: HealthchecksServer, trapping: Any, error: SystemExit, kind: str) -> None:
    """An exit without a failure is a success; every exit goes on."""
    check = kept(service, name="x")
    with pytest.raises(SystemExit):
        trapping(raising(error), check.uuid, suppress_exceptions=True)
    assert ["start", kind] == [ping.kind for ping in check.pings]


@pytest.mark.parametrize("error", [KeyboardInterrupt, asyncio.CancelledError])
def test_11_interrupts_go_on(
    service: HealthchecksServer, trapping: Any, error: type[BaseException]
) -> None:
    """Ctrl-C and cancellation are not swallowed with the exceptions of the body."""
    check = kept(service, name="x")
    with pytest.raises(error):
        trapping(raising(error()), check.uuid, suppress_exceptions=True)
    assert ["start", "fail"] == [ping.kind for ping in check.pings]


def test_12_monitoring_that_is_down_stops_nothing(
    trapping: Any, service: HealthchecksServer
) -> None:
    """The body runs, and its own exception comes out."""
    done = []
    service.stop()
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        service.service.site = f"http://127.0.0.1:{held.getsockname()[1]}/"
        trapping(lambda: done.append(1), Check(name="x").uuid)
        with pytest.raises(LookupError):
            trapping(raising(LookupError("the cause")), Check(name="x").uuid)
    assert [1] == done


def test_13_clients_are_collected(service: HealthchecksServer) -> None:
    """A client that nobody holds any more is gone."""
    client = client_of(service)
    client.get_checks()
    watched = weakref.ref(client)
    del client
    gc.collect()
    assert watched() is None


def test_13_async_client_that_is_not_closed(service: HealthchecksServer) -> None:
    """A program that leaves it to the end of the process ends in silence."""
    program = (
        "import asyncio, importlib, sys\n"
        "name, *arguments = sys.argv[1:]\n"
        "client = importlib.import_module(name).AsyncClient(*arguments)\n"
        "asyncio.run(client.get_checks())\n"
    )
    arguments = (hc.__name__, service.project.api_key, "", service.api_url)
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (ended.returncode, ended.stderr)


@pytest.mark.parametrize("exit_code", [-1, 256, 1000])
def test_14_exit_codes(service: HealthchecksServer, calling: Any, exit_code: int) -> None:
    """An exit code that cannot be told is refused before anything is sent."""
    check = kept(service, name="x")
    with pytest.raises(hc.BadAPIRequestError):
        calling("exit_code_ping", exit_code, uuid=str(check.uuid))
    assert [] == service.requests


def test_15_pings_without_number_and_address(service: HealthchecksServer, calling: Any) -> None:
    """Null is a value of both."""
    response = (
        b'{"pings": [{"type": "success", "date": "2026-01-01T00:00:00+00:00", "n": null, '
        b'"scheme": "http", "remote_addr": null, "method": "GET", "ua": "x", "rid": null, '
        b'"body_url": null}]}'
    )
    service.interrupt(status=200, body=response, headers={"Content-Type": "application/json"})
    (ping,) = calling("get_check_pings", str(kept(service, name="x").uuid))
    assert (None, None) == (ping.number_of_pings, ping.remote_addr)
