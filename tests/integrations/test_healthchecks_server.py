"""The fake Healthchecks.io server: its own features, and single facts of the real one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from clientsmith.reading.documents import load_document
from clientsmith.targets import load_targets
from dqops.testing.healthchecks import Check, HealthchecksServer, Ping
from dqops.testing.specification import Specification
from dqops.testing.specification.validation import Validation

if TYPE_CHECKING:
    from dqops.testing import ManualClock

TARGET = load_targets()["healthchecks_io"]
SPECIFICATION = Specification(load_document(TARGET.bundle, TARGET.repository).content)
VALIDATION = Validation(SPECIFICATION)
RUN = "0b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d"
HTML = "text/html; charset=utf-8"


def keyed(server: HealthchecksServer, *, read_only: bool = False) -> dict[str, str]:
    """Give the header with a key of the first project."""
    project = server.project
    return {"X-Api-Key": project.read_only_key if read_only else project.api_key}


def kept(server: HealthchecksServer, **fields: Any) -> Check:
    """Put a check into the first project."""
    check = Check(**fields)
    server.project.checks.append(check)
    return check


def create(http: httpx.Client, server: HealthchecksServer, version: int = 3, **spec: Any) -> Any:
    """Create a check through the API."""
    response = http.post(f"/api/v{version}/checks/", json=spec, headers=keyed(server))
    assert response.status_code in {200, 201}, response.text
    return response.json()


REFUSED_FIELDS: dict[str, list[tuple[Any, str]]] = {
    "timeout": [(59, "is too small"), (31536001, "is too large"), ("60", "is not a number")],
    "grace": [(True, "is too small"), (60.5, "is not a number"), (None, "is not a number")],
    "name": [("x" * 101, "is too long"), (1, "is not a string"), (None, "is not a string")],
    "slug": [("Upper", "does not match pattern")],
    "manual_resume": [(1, "is not a boolean")],
    "methods": [("GET", "has unexpected value")],
    "unique": [("name", "is not an array"), ({}, "is not an array")],
    "tz": [("Mars/Base", "is not a valid timezone")],
    "schedule": [
        ("not a schedule", "is not a valid cron or OnCalendar expression"),
        ("0 0 0 0 0", "is not a valid cron or OnCalendar expression"),
        ("* * * * * *", "is not a valid cron or OnCalendar expression"),
    ],
}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [(field, *case) for field, cases in REFUSED_FIELDS.items() for case in cases],
)
def test_field_that_is_refused(
    http: httpx.Client, server: HealthchecksServer, field: str, value: Any, reason: str
) -> None:
    """The error names the field and the reason, and nothing is created."""
    response = http.post("/api/v3/checks/", json={field: value}, headers=keyed(server))
    assert 400 == response.status_code
    assert {"error": f"json validation error: {field} {reason}"} == response.json()
    assert [] == server.project.checks


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "could not parse request body"),
        (b"[]", "json validation error: value is not an object"),
        (b'{"channels": "pager"}', "invalid channel identifier: pager"),
        (b'{"channels": "On call,"}', "empty channel identifier"),
        (
            b'{"unique": ["desc"]}',
            "json validation error: an item in 'unique' has unexpected value",
        ),
    ],
)
def test_body_that_is_refused(
    http: httpx.Client, server: HealthchecksServer, body: bytes, message: str
) -> None:
    """What is no object, or names an integration that is not there, is refused."""
    response = http.post("/api/v3/checks/", content=body, headers=keyed(server))
    assert (400, {"error": message}) == (response.status_code, response.json())


@pytest.mark.parametrize(
    ("method", "path", "key", "expected"),
    [
        ("GET", "checks/", "", (401, {"error": "missing api key"})),
        ("GET", "checks/", "x" * 31, (401, {"error": "missing api key"})),
        ("GET", "checks/", "x" * 32, (401, {"error": "wrong api key"})),
        ("POST", "checks/", "read", (401, {"error": "wrong api key"})),
        ("GET", "channels/", "read", (401, {"error": "wrong api key"})),
        ("GET", "checks/", "read", (200, {"checks": []})),
        ("PUT", "checks/", "write", (405, None)),
        ("HEAD", "checks/", "write", (405, None)),
        ("OPTIONS", "checks/", "", (204, None)),
        ("GET", "checks", "write", (301, None)),
        ("GET", f"checks/{RUN}/", "write", (404, None)),
        ("GET", f"checks/{RUN.upper()}", "write", (404, None)),
        ("GET", "nonsense/", "write", (404, None)),
    ],
)
def test_keys_and_addresses(
    http: httpx.Client, server: HealthchecksServer, method: str, path: str, key: str, expected: Any
) -> None:
    """Who may do what, and what is at which address."""
    keys = {"read": server.project.read_only_key, "write": server.project.api_key}
    response = http.request(
        method, f"/api/v3/{path}", headers={"X-Api-Key": keys.get(key, key)} if key else {}
    )
    is_json = "json" in response.headers.get("Content-Type", "")
    assert expected == (response.status_code, response.json() if is_json else None)


def test_key_in_the_body(http: httpx.Client, server: HealthchecksServer) -> None:
    """Where something is written, the key may be in the body."""
    spec = {"api_key": server.project.api_key, "name": "x"}
    assert 201 == http.post("/api/v3/checks/", json=spec).status_code


@pytest.mark.parametrize(
    ("version", "slug", "status"),
    [(1, "my-check", "started"), (2, "my-check", "new"), (3, "s", "new")],
)
def test_versions_of_the_api(
    http: httpx.Client, server: HealthchecksServer, version: int, slug: str, status: str
) -> None:
    """Slugs are made of names before version 3, and a run is a state in version 1 only."""
    spec = {"name": "My check"} if version < 3 else {"name": "My check", "slug": "s"}
    check = create(http, server, version, **spec)
    http.post(f"/ping/{check['uuid']}/start")
    seen = http.get(f"/api/v{version}/checks/{check['uuid']}", headers=keyed(server)).json()
    assert (slug, status, True) == (seen["slug"], seen["status"], seen["started"])
    assert f"{server.url}api/v{version}/checks/{check['uuid']}" == seen["update_url"]


def test_old_name_of_a_time_zone(http: httpx.Client, server: HealthchecksServer) -> None:
    """The server gives it its name of today."""
    check = create(http, server, schedule="0 5 * * *", tz="Europe/Kiev")
    assert ("0 5 * * *", "Europe/Kyiv") == (check["schedule"], check["tz"])
    assert "timeout" not in check


@pytest.mark.parametrize(
    ("spec", "creates"),
    [
        ({"name": "a", "unique": ["name"]}, False),
        ({"name": "a", "tags": "t", "unique": ["name", "tags"]}, False),
        ({"name": "a", "tags": "u", "unique": ["name", "tags"]}, True),
        ({"name": "a", "unique": ["name", "slug"]}, True),
        ({"name": "a"}, True),
    ],
)
def test_upsert(
    http: httpx.Client, server: HealthchecksServer, spec: dict[str, Any], creates: bool
) -> None:
    """All unique fields must be in the body and fit; only what is in the body changes."""
    existing = kept(server, name="a", slug="a", tags="t", desc="stays", timeout=120)
    response = http.post("/api/v3/checks/", json=spec, headers=keyed(server))
    assert (201 if creates else 200) == response.status_code
    assert creates == (response.json()["uuid"] != str(existing.uuid))
    assert ("stays", 120) == (existing.desc, existing.timeout)


PINGS: dict[str, tuple[str, int, str]] = {
    "success": ("{uuid}", 200, "OK"),
    "slash at the end": ("{uuid}/", 200, "OK"),
    "start": ("{uuid}/start", 200, "OK"),
    "exit status": ("{uuid}/255", 200, "OK"),
    "exit status that is too large": ("{uuid}/256", 400, "invalid url format"),
    "no such end": ("{uuid}/nonsense", 404, "not found"),
    "slug": ("{key}/backup/log", 200, "OK"),
    "slug in capitals": ("{key}/Backup", 400, "invalid url format"),
    "unknown slug": ("{key}/other", 404, "not found"),
    "unknown slug, created": ("{key}/other?create=1", 201, "Created"),
    "unknown key": ("nobody/backup?create=1", 404, "not found"),
    "run id": ("{uuid}?rid=" + RUN, 200, "OK"),
    "run id without dashes": ("{uuid}?rid=" + RUN.replace("-", ""), 400, "invalid uuid format"),
    "empty run id": ("{uuid}?rid=", 400, "invalid uuid format"),
}


@pytest.mark.parametrize("name", PINGS)
def test_pings(http: httpx.Client, server: HealthchecksServer, name: str) -> None:
    """A ping is a plain text that is declared as HTML, whatever it says."""
    path, status, body = PINGS[name]
    check = kept(server, name="Backup", slug="backup")
    address = path.format(uuid=check.uuid, key=server.project.ping_key)
    response = http.post(f"/ping/{address}")
    assert (status, body, HTML) == (
        response.status_code,
        response.text,
        response.headers["Content-Type"],
    )
    assert ("10000" if status < 300 else None) == response.headers.get("Ping-Body-Limit")


@pytest.mark.parametrize("path", ["{key}/backup/", "nonsense", "{upper}"])
def test_address_that_belongs_to_nothing(
    http: httpx.Client, server: HealthchecksServer, path: str
) -> None:
    """The framework responds with a page."""
    check = kept(server, slug="backup")
    address = path.format(key=server.project.ping_key, upper=str(check.uuid).upper())
    response = http.get(f"/ping/{address}")
    assert (404, True) == (response.status_code, "<!doctype html>" in response.text)


def test_create_with_a_wrong_run_id(http: httpx.Client, server: HealthchecksServer) -> None:
    """It is refused, and the check is there nevertheless; with all integrations."""
    response = http.get(f"/ping/{server.project.ping_key}/new?create=1&rid=x")
    assert 400 == response.status_code
    (check,) = server.project.checks
    assert ("new", {channel.id for channel in server.project.channels}) == (
        check.name,
        check.channels,
    )


@pytest.mark.parametrize(
    ("fields", "method", "kind", "status"),
    [
        ({"methods": "POST"}, "GET", "ign", "new"),
        ({"methods": "POST"}, "POST", "success", "up"),
        ({"status": "paused", "manual_resume": True}, "POST", "ign", "paused"),
        ({"status": "paused"}, "POST", "success", "up"),
        ({"filter_http_body": True, "failure_kw": "bad, error"}, "POST", "fail", "down"),
        ({"filter_http_body": True, "success_kw": "an error"}, "POST", "success", "up"),
        ({"filter_http_body": True, "start_kw": "an"}, "POST", "start", "new"),
        ({"filter_http_body": True, "start_kw": "no"}, "POST", "ign", "new"),
        (
            {"filter_http_body": True, "start_kw": "no", "filter_default_fail": True},
            "POST",
            "fail",
            "down",
        ),
    ],
)
def test_pings_that_are_not_what_they_say(
    http: httpx.Client,
    server: HealthchecksServer,
    fields: dict[str, Any],
    method: str,
    kind: str,
    status: str,
) -> None:
    """Method, pause and words in the body decide what a ping counts as; the response is OK."""
    check = kept(server, **fields)
    response = http.request(method, f"/ping/{check.uuid}", content=b"an error came")
    assert (200, "OK") == (response.status_code, response.text)
    assert (kind, status) == (check.pings[-1].kind, check.status)


def test_body_is_kept_up_to_the_limit(http: httpx.Client, server: HealthchecksServer) -> None:
    """Its first bytes are kept, and read as they came."""
    server.service.ping_body_limit = 4
    check = kept(server)
    http.post(f"/ping/{check.uuid}", content=b"\xff\x00ab-more")
    (ping,) = http.get(f"/api/v3/checks/{check.uuid}/pings/", headers=keyed(server)).json()["pings"]
    body = http.get(ping["body_url"], headers=keyed(server))
    assert (b"\xff\x00ab", "text/plain") == (body.content, body.headers["Content-Type"])


def test_body_beyond_what_the_framework_reads(
    http: httpx.Client, server: HealthchecksServer
) -> None:
    """It is refused with a page."""
    check = kept(server)
    response = http.post(f"/ping/{check.uuid}", content=b"x" * 2_621_441)
    assert (400, True) == (response.status_code, "<!doctype html>" in response.text)


def test_time_goes_by(http: httpx.Client, server: HealthchecksServer, clock: ManualClock) -> None:
    """A check is up, late and down as time goes by; the next ping brings it up."""
    check = create(http, server, timeout=60, grace=120)
    address = f"/api/v3/checks/{check['uuid']}"
    seen = []
    http.post(f"/ping/{check['uuid']}")
    for seconds in (59, 1, 119, 1, 1):
        clock.advance(seconds)
        seen.append(http.get(address, headers=keyed(server)).json()["status"])
    assert ["up", "grace", "grace", "down", "down"] == seen
    http.post(f"/ping/{check['uuid']}")
    flips = http.get(f"{address}/flips/", headers=keyed(server)).json()["flips"]
    assert [1, 0, 1] == [flip["up"] for flip in flips]
    assert "2026-01-15T12:03:00+00:00" == flips[1]["timestamp"]


def test_run_that_does_not_end(
    http: httpx.Client, server: HealthchecksServer, clock: ManualClock
) -> None:
    """A start without an end within the grace brings the check down, and it stays started."""
    check = create(http, server, grace=60)
    http.post(f"/ping/{check['uuid']}/start")
    clock.advance(60)
    seen = http.get(f"/api/v3/checks/{check['uuid']}", headers=keyed(server)).json()
    assert ("down", True) == (seen["status"], seen["started"])


@pytest.mark.parametrize(
    ("schedule", "zone", "expected"),
    [
        ("30 13 * * *", "Europe/Warsaw", "2026-01-15T12:30:00+00:00"),
        ("Thu 13:00:30", "UTC", "2026-01-15T13:00:30+00:00"),
    ],
)
def test_schedules(
    http: httpx.Client, server: HealthchecksServer, schedule: str, zone: str, expected: str
) -> None:
    """Cron and OnCalendar expressions tell when the next ping is due, in their time zone."""
    check = create(http, server, schedule=schedule, tz=zone)
    http.post(f"/ping/{check['uuid']}")
    seen = http.get(f"/api/v3/checks/{check['uuid']}", headers=keyed(server)).json()
    assert expected == seen["next_ping"]


def test_durations(http: httpx.Client, server: HealthchecksServer, clock: ManualClock) -> None:
    """Runs that overlap are told apart by their ids."""
    check = create(http, server)
    other = "1" + RUN[1:]
    for path, seconds in ((f"start?rid={RUN}", 10), (f"start?rid={other}", 5), (f"0?rid={RUN}", 1)):
        http.post(f"/ping/{check['uuid']}/{path}")
        clock.advance(seconds)
    pings = http.get(f"/api/v3/checks/{check['uuid']}/pings/", headers=keyed(server)).json()
    assert 15.0 == pings["pings"][0]["duration"]
    assert RUN == pings["pings"][0]["rid"]


@pytest.mark.parametrize("query", ["start=", "seconds=-1", "start=x", "end=10000000001"])
def test_flips_with_a_bad_parameter(
    http: httpx.Client, server: HealthchecksServer, query: str
) -> None:
    """It is refused without a body."""
    check = kept(server)
    response = http.get(f"/api/v3/checks/{check.uuid}/flips/?{query}", headers=keyed(server))
    assert (400, b"") == (response.status_code, response.content)


def test_ping_of_which_little_is_known(http: httpx.Client, server: HealthchecksServer) -> None:
    """Number and address of a ping can be null."""
    check = kept(server)
    old = Ping(n=None, kind="success", created=server.service.now(), remote_addr=None)
    check.pings.append(old)
    response = http.get(f"/api/v3/checks/{check.uuid}/pings/", headers=keyed(server))
    (ping,) = response.json()["pings"]
    assert (None, None) == (ping["n"], ping["remote_addr"])


def test_oldest_pings_are_forgotten(http: httpx.Client, server: HealthchecksServer) -> None:
    """As many are kept as the account allows."""
    server.project.ping_log_limit = 2
    check = kept(server)
    for _ in range(3):
        http.post(f"/ping/{check.uuid}")
    assert ([2, 3], 3) == ([ping.n for ping in check.pings], check.n_pings)


def test_limit_of_checks(http: httpx.Client, server: HealthchecksServer) -> None:
    """The API refuses at the limit, pings with create=1 at twice as many."""
    server.project.check_limit = 1
    create(http, server)
    refused = http.post("/api/v3/checks/", headers=keyed(server))
    assert (403, b"") == (refused.status_code, refused.content)
    pings = [http.get(f"/ping/{server.project.ping_key}/{slug}?create=1") for slug in "ab"]
    assert [201, 404] == [response.status_code for response in pings]


def test_interruptions(http: httpx.Client, server: HealthchecksServer) -> None:
    """As many requests as said get another response, or none, and then it goes on."""
    check = kept(server)
    server.interrupt(status=503, headers={"Retry-After": "1"}, only="ping", count=2)
    assert 200 == http.get("/api/v3/status/").status_code
    seen = [http.get(f"/ping/{check.uuid}").status_code for _ in range(3)]
    assert [503, 503, 200] == seen
    server.interrupt()
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/api/v3/status/")
    assert None is server.requests[-1].status


def test_credentials_are_not_kept(http: httpx.Client, server: HealthchecksServer) -> None:
    """The records of requests tell that there was a key, and not which."""
    create(http, server)
    assert "" == server.requests[-1].headers["x-api-key"]
    assert server.project.api_key not in repr([server, server.project, server.requests])


def test_door_without_a_socket() -> None:
    """The same responses come through a transport of httpx."""
    server = HealthchecksServer()
    with httpx.Client(transport=server.transport(), base_url="http://healthchecks.test") as http:
        assert "OK" == http.get("/api/v3/status/").text


def test_server_starts_again(server: HealthchecksServer) -> None:
    """It keeps its state, and listens again."""
    kept(server, name="x")
    server.stop()
    server.start()
    with httpx.Client(base_url=server.url, verify=False) as http:
        listed = http.get("/api/v3/checks/", headers=keyed(server)).json()
    assert ["x"] == [check["name"] for check in listed["checks"]]


@pytest.mark.parametrize("read_only", [False, True])
def test_responses_are_what_the_specification_says(
    http: httpx.Client, server: HealthchecksServer, read_only: bool
) -> None:
    """Checks, pings, flips, integrations and badges have the form of the specification."""
    uuid = UUID(create(http, server, name="a", slug="a", tags="x", channels="*")["uuid"])
    create(http, server, schedule="0 5 * * *", tz="Europe/Warsaw")
    for path in (f"start?rid={RUN}", f"fail?rid={RUN}", ""):
        http.post(f"/ping/{uuid}/{path}", content=b"log")
    paths = ["checks/", f"checks/{uuid}", f"checks/{uuid}/flips/", "badges/"]
    paths += [] if read_only else [f"checks/{uuid}/pings/", "channels/"]
    for path in paths:
        response = http.get(f"/api/v3/{path}", headers=keyed(server, read_only=read_only))
        operation, _ = SPECIFICATION.match("GET", f"/{path}")
        place, _ = operation.responses[response.status_code]
        pointer, schema = SPECIFICATION.resolve(f"{place}/content/application~1json/schema")
        assert [] == VALIDATION.problems(pointer, response.json())
        _assert_no_unknown_names(schema, response.json())


def _assert_no_unknown_names(schema: Any, value: Any) -> None:
    while "$ref" in schema:
        _, schema = SPECIFICATION.resolve(schema["$ref"].removeprefix("#"))
    if isinstance(value, list):
        for each in value:
            _assert_no_unknown_names(schema["items"], each)
    elif isinstance(value, dict) and "properties" in schema:
        assert set() == set(value) - set(schema["properties"]), json.dumps(value)
        for name, each in value.items():
            _assert_no_unknown_names(schema["properties"][name], each)


def test_command() -> None:
    """`python -m dqops.testing.healthchecks` serves, and says where and with which keys."""
    command = [sys.executable, "-u", "-m", "dqops.testing.healthchecks", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            printed = process.stdout.readline() + process.stdout.readline()
            address, key = re.findall(r"http://\S+|hcw_\w+", printed)
            with httpx.Client(base_url=address, verify=False) as http:
                response = http.get("/api/v3/checks/", headers={"X-Api-Key": key})
        finally:
            process.terminate()
    assert {"checks": []} == response.json()


def test_command_without_a_port(server: HealthchecksServer) -> None:
    """A port that is taken is told, without a traceback."""
    port = server.url.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "dqops.testing.healthchecks", "--port", port]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (1, "cannot start the server: ") == (run.returncode, run.stderr[:25])
