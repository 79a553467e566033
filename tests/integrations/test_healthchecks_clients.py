"""What `Client` and `AsyncClient` have beyond the distribution that they take the place of."""

from __future__ import annotations

import asyncio
import inspect
import logging
import pickle
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest
from dqops import health
from dqops.client.errors import InvalidRequest, TransportFailure
from dqops.integrations import healthchecks_io as hc
from dqops.integrations.healthchecks_io.schedules import schedule_problem
from dqops.testing.healthchecks import Check

if TYPE_CHECKING:
    from dqops.testing.healthchecks import HealthchecksServer

RUN = "0b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d"


@pytest.fixture
def check(server: HealthchecksServer) -> Check:
    """A check of the server."""
    kept = Check(name="Nightly", slug="nightly", tags="db")
    server.project.checks.append(kept)
    return kept


def test_both_worlds_have_the_same_methods() -> None:
    """The clients differ by `await` only: same methods, same signatures."""

    def methods(kind: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(value).parameters)
            for name, value in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("__")
        }

    ours, theirs = methods(hc.Client), methods(hc.AsyncClient)
    theirs["close"] = theirs.pop("aclose")
    assert ours == theirs


def test_log_run_id_and_body(calling: Any, check: Check) -> None:
    """Run ids, log pings and bodies go there and back."""
    uuid = str(check.uuid)
    assert (True, "OK") == calling("start_ping", uuid, run_id=RUN)
    assert (True, "OK") == calling("log_ping", uuid, data="zażółć", run_id=RUN)
    assert (True, "OK") == calling("success_ping", uuid, run_id=RUN)
    pings = calling("get_check_pings", uuid)
    assert [("success", RUN), ("log", RUN), ("start", RUN)] == [(p.type, p.rid) for p in pings]
    assert pings[0].duration is not None
    assert "zażółć".encode() == calling("get_ping_body", uuid, 2)
    with pytest.raises(hc.CheckNotFoundError):
        calling("get_ping_body", uuid, 1)


def test_create_by_ping(calling: Any, server: HealthchecksServer) -> None:
    """A ping by slug creates its check if asked to."""
    with pytest.raises(hc.CheckNotFoundError):
        calling("success_ping", slug="new")
    assert (True, "Created") == calling("success_ping", slug="new", create=True)
    assert ["new"] == [check.slug for check in server.project.checks]


def test_pause_and_resume(calling: Any, check: Check) -> None:
    """A paused check can be resumed; another one cannot, and the reason is told."""
    uuid = str(check.uuid)
    with pytest.raises(hc.HCAPIError) as caught:
        calling("resume_check", uuid)
    assert (409, "check is not paused") == (caught.value.status_code, caught.value.reason)
    calling("pause_check", uuid)
    assert "new" == calling("resume_check", uuid).status


ARRAY = b'[{"timestamp": "2026-01-02T03:04:05+00:00", "up": 1}]'
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("body", [ARRAY, b'{"flips": ' + ARRAY + b"}"], ids=["array", "object"])
def test_both_forms_of_flips(calling: Any, server: HealthchecksServer, body: bytes) -> None:
    """The documentation shows an array and the server sends an object: both are read."""
    server.interrupt(status=200, body=body, headers=JSON)
    (flip,) = calling("get_check_flips", RUN)
    assert ("2026-01-02T03:04:05+00:00", 1) == (flip.timestamp.isoformat(), flip.up)


@pytest.mark.parametrize("body", [b"[1]", b"{}", b'"x"', b"[", b'[{"up": 1}]'])
def test_flips_in_no_form(calling: Any, server: HealthchecksServer, body: bytes) -> None:
    """Anything else is an error with status and body."""
    server.interrupt(status=200, body=body, headers=JSON)
    with pytest.raises(hc.HCAPIError, match="list_flips") as caught:
        calling("get_check_flips", RUN)
    assert (200, body) == (caught.value.status_code, caught.value.content)


@pytest.mark.usefixtures("check")
def test_filter_by_slug(calling: Any) -> None:
    """Checks can be listed by slug."""
    assert ["Nightly"] == [each.name for each in calling("get_checks", slug="nightly")]
    assert [] == calling("get_checks", slug="other")


def test_keyword_filters_and_all_fields(calling: Any) -> None:
    """Every field of the API can be set, and comes back."""
    fields: dict[str, Any] = {
        "slug": "x-1",
        "start_kw": "begin",
        "success_kw": "done",
        "failure_kw": "bad",
        "filter_subject": True,
        "filter_body": True,
        "filter_http_body": True,
        "filter_default_fail": True,
    }
    made = calling("create_check", hc.CheckCreate(name="x", **fields))
    assert fields == {name: getattr(made, name) for name in fields}
    assert made.badge_url
    assert made.resume_url
    assert made.started is False


def test_subjects_of_old_servers(calling: Any) -> None:
    """The deprecated fields can be set, and come back; they are keywords for subjects."""
    made = calling("create_check", hc.CheckCreate(name="x", subject="done", subject_fail="bad"))
    assert ("done", "bad", True) == (made.subject, made.subject_fail, made.filter_subject)
    assert ("done", "bad") == (made.success_kw, made.failure_kw)


def test_fields_are_those_of_the_api() -> None:
    """Nothing that the server sends or takes is missing from the models."""
    from dqops.integrations.healthchecks_io.client import models

    for ours, theirs in ((hc.Check, models.Check), (hc.CheckCreate, models.CheckSpec)):
        names = {field.name for field in attrs.fields(theirs)} - {"additional_properties"}
        assert names == {field.name for field in attrs.fields(ours)} - {"was_created"}


def test_only_what_was_set_is_sent(calling: Any, server: HealthchecksServer, check: Check) -> None:
    """An update has one field if one was set."""
    calling("update_check", str(check.uuid), hc.CheckUpdate(grace=60))
    assert b'{"grace":60}' == server.requests[-1].body


@pytest.mark.parametrize("field", ["name", "tags", "timeout", "grace"])
def test_unique_field_that_was_left_out(
    calling: Any, server: HealthchecksServer, field: str
) -> None:
    """It means its default: without it the server finds no check, and makes another each time."""
    spec = hc.CheckCreate(desc="d", unique=[field])
    first, second = calling("create_check", spec), calling("create_check", spec)
    assert (1, first.uuid) == (len(server.project.checks), second.uuid)


def test_unique_slug_that_was_left_out(calling: Any, server: HealthchecksServer) -> None:
    """There is no slug that checks have by default, so nothing is sent."""
    with pytest.raises(hc.BadAPIRequestError, match="needs the slug"):
        calling("create_check", hc.CheckCreate(name="x", unique=["slug"]))
    assert [] == server.requests


def test_unique_of_an_update_changes_nothing(calling: Any, check: Check) -> None:
    """The server ignores it, so no default of it is sent."""
    calling("update_check", str(check.uuid), hc.CheckUpdate(grace=60, unique=["name", "tags"]))
    assert ("Nightly", "db", 60) == (check.name, check.tags, check.grace)


def test_check_limit(calling: Any, server: HealthchecksServer) -> None:
    """A full account has an exception of its own, with status and body."""
    server.project.check_limit = 0
    with pytest.raises(hc.CheckLimitReachedError) as caught:
        calling("create_check", hc.CheckCreate(name="x"))
    assert (403, b"") == (caught.value.status_code, caught.value.content)


def test_bad_request_has_the_reason(calling: Any) -> None:
    """The server's words are in the exception, which can be pickled."""
    with pytest.raises(hc.BadAPIRequestError) as caught:
        calling("create_check", hc.CheckCreate(name="x", channels="nobody"))
    error = pickle.loads(pickle.dumps(caught.value))
    assert (400, "invalid channel identifier: nobody") == (error.status_code, error.reason)
    assert "invalid channel identifier" in str(error)


@pytest.mark.parametrize("status", [None, 429, 502, 503, 504])
def test_ping_is_sent_again(
    calling: Any, server: HealthchecksServer, check: Check, status: int | None
) -> None:
    """A ping that met trouble that may pass is sent again, and its text once more."""
    server.interrupt(status=status, only="ping", count=2)
    assert (True, "OK") == calling("success_ping", str(check.uuid), data="text")
    assert (3, b"text") == (len(server.requests), check.pings[0].body)


def test_retry_after(calling: Any, server: HealthchecksServer, check: Check) -> None:
    """A ping waits for as long as the server asks."""
    server.interrupt(status=429, headers={"Retry-After": "1"})
    started = time.monotonic()
    assert (True, "OK") == calling("success_ping", str(check.uuid))
    assert 1 <= time.monotonic() - started < 5


@pytest.mark.parametrize(("status", "sent"), [(429, 3), (500, 1)])
def test_ping_is_given_up(
    calling: Any, server: HealthchecksServer, check: Check, status: int, sent: int
) -> None:
    """There is an end of it, and what will not pass is not repeated."""
    server.interrupt(status=status, count=9)
    with pytest.raises(hc.HCAPIError) as caught:
        calling("success_ping", str(check.uuid))
    assert (status, sent) == (caught.value.status_code, len(server.requests))


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("name", "spec"), [("update_check", hc.CheckUpdate(desc="d")), ("pause_check", None)]
)
def test_changes_that_may_be_repeated(
    calling: Any, server: HealthchecksServer, check: Check, name: str, spec: Any, status: int
) -> None:
    """A POST that changes nothing more when it comes twice is sent again."""
    server.interrupt(status=status)
    calling(name, str(check.uuid), *([] if spec is None else [spec]))
    assert 2 == len(server.requests)


def test_creation_is_not_repeated(calling: Any, server: HealthchecksServer) -> None:
    """Otherwise there might be two checks."""
    server.interrupt(status=503)
    with pytest.raises(hc.HCAPIError):
        calling("create_check", hc.CheckCreate(name="x"))
    assert 1 == len(server.requests)


@pytest.mark.parametrize("status", [200, 404, 503, None], ids=str)
def test_secrets_of_pings_are_in_no_record(
    calling: Any,
    server: HealthchecksServer,
    check: Check,
    caplog: pytest.LogCaptureFixture,
    status: int | None,
) -> None:
    """Whoever knows the ping key or the uuid can send pings: neither is logged, or in a message."""
    caplog.set_level(logging.DEBUG, "dqops")
    messages = ""
    for place in ({"slug": check.slug}, {"uuid": str(check.uuid)}):
        server.interrupt(status=status, count=3, headers={"Content-Type": "text/plain"})
        try:
            calling("start_ping", **place)
        except (hc.HCAPIError, TransportFailure) as error:
            messages += f"{error} {vars(error)}"
    ours = [record for record in caplog.records if record.name.startswith("dqops")]
    shown = messages + "".join(f"{record.getMessage()} {vars(record)}" for record in ours)
    assert len(ours) >= 2
    assert (False, False) == (server.project.ping_key in shown, str(check.uuid) in shown)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("OK (not found)", hc.CheckNotFoundError), ("OK (rate limited)", hc.HCAPIRateLimitError)],
)
def test_ping_that_the_hosted_service_drops(
    calling: Any, server: HealthchecksServer, check: Check, text: str, kind: type[Exception]
) -> None:
    """The hosted service says with status 200 that a ping does not count."""
    server.interrupt(status=200, body=text.encode(), headers={"Content-Type": "text/plain"})
    with pytest.raises(kind):
        calling("success_ping", str(check.uuid))


@pytest.mark.parametrize(
    ("status", "text"), [(405, ""), (413, "too large"), (302, "")], ids=["405", "413", "302"]
)
def test_ping_that_was_not_recorded(
    calling: Any, server: HealthchecksServer, check: Check, status: int, text: str
) -> None:
    """Another status means that the ping was not recorded."""
    server.interrupt(status=status, body=text.encode())
    assert (False, text) == calling("success_ping", str(check.uuid))


STATUSES = [
    (401, hc.HCAPIAuthError),
    (403, hc.HCAPIAuthError),
    (404, hc.CheckNotFoundError),
    (429, hc.HCAPIRateLimitError),
    (400, hc.BadAPIRequestError),
    (500, hc.HCAPIError),
    (503, hc.HCAPIError),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_public_checks_of_responses(status: int, kind: type[Exception]) -> None:
    """Responses that a program got by itself are read as those of the client."""
    for check_response in (hc.Client.check_response, hc.AsyncClient.check_ping_response):
        with pytest.raises(kind) as caught:
            check_response(httpx.Response(status, text="why"))
        assert kind is type(caught.value)


def test_public_checks_of_successes() -> None:
    """Successes pass, and another status is no recorded ping."""
    response = httpx.Response(200, text="OK")
    assert response is hc.Client.check_response(response)
    assert (True, "OK") == hc.Client.check_ping_response(response)
    assert (True, "Created") == hc.Client.check_ping_response(httpx.Response(201, text="Created"))
    assert (False, "x") == hc.Client.check_ping_response(httpx.Response(302, text="x"))
    with pytest.raises(hc.NonUniqueSlugError):
        hc.Client.check_ping_response(httpx.Response(409, text="ambiguous slug"))


def test_ambiguous_slug(calling: Any, server: HealthchecksServer, check: Check) -> None:
    """Two checks of one slug are told, without the ping key in the message."""
    server.project.checks.append(Check(name="Twin", slug=check.slug))
    with pytest.raises(hc.NonUniqueSlugError, match="Use the UUID") as caught:
        calling("success_ping", slug=check.slug)
    shown = "".join(traceback.format_exception(caught.value))
    assert server.project.ping_key not in shown


def test_health(server: HealthchecksServer) -> None:
    """A client can be asked for the health of its server, in both worlds, without a key."""
    client = hc.Client(api_url=server.api_url)
    assert ("healthchecks", "healthy") == (
        health.check(client).service,
        health.check(client).status,
    )
    server.service.database_works = False
    assert "unhealthy" == health.check(client).status
    client.close()

    async def main() -> str:
        async with hc.AsyncClient(api_url=server.api_url) as other:
            return (await health.check_async(other)).status

    assert "unhealthy" == asyncio.run(main())


def test_key_is_needed_for_management(server: HealthchecksServer) -> None:
    """Without an API key nothing is sent to the Management API."""
    with (
        hc.Client(ping_key="x", api_url=server.api_url) as client,
        pytest.raises(hc.HCAPIAuthError, match="needs a client with api_key"),
    ):
        client.get_checks()
    assert [] == server.requests


def test_given_client_is_not_changed(server: HealthchecksServer, check: Check) -> None:
    """The key goes with each request of the API, and not into the httpx client."""
    given = httpx.Client(verify=False, headers={"X-Mine": "1"})
    before = dict(given.headers)
    key = server.project.api_key
    with hc.Client(
        api_key=key, api_url=server.api_url, ping_url=server.ping_url, client=given
    ) as client:
        client.get_checks()
        client.success_ping(str(check.uuid))
        assert before == dict(given.headers)
        assert key not in repr(client) + repr(vars(client))
    management, ping = server.requests
    assert (True, False) == ("x-api-key" in management.headers, "x-api-key" in ping.headers)
    assert "1" == management.headers["x-mine"] == ping.headers["x-mine"]


@pytest.mark.parametrize(
    "options", [{"api_url": "nowhere"}, {"api_version": 4}, {"timeout": -1}, {"api_key": "a\nb"}]
)
def test_secrets_of_a_client_that_cannot_be_made(options: dict[str, Any]) -> None:
    """Neither the message nor the local variables of our frames show a key."""
    settings = {"api_key": "a secret", "ping_key": "another secret", **options}
    with pytest.raises(InvalidRequest) as caught:
        hc.Client(**settings)
    frames = [frame for frame in caught.traceback if "integrations" in str(frame.path)]
    shown = [repr(frame.frame.f_locals) for frame in frames if "tests" not in str(frame.path)]
    assert "secret" not in str(caught.value) + "".join(shown)


@pytest.mark.parametrize("kind", [hc.CheckCreate, hc.CheckUpdate])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 101),
        ("name", 1),
        ("slug", "Upper"),
        ("grace", 60.0),
        ("tz", "Mars/Base"),
        ("methods", "GET"),
        ("unique", "name"),
        ("unique", ["desc"]),
        ("manual_resume", 1),
        ("schedule", "* * * * " * 20),
        ("start_kw", "x" * 201),
    ],
)
def test_refused_before_anything_is_sent(kind: Any, field: str, value: Any) -> None:
    """What the server would refuse is refused at once, also when it is assigned later."""
    with pytest.raises(InvalidRequest, match=f"^{field} must|^{field} is"):
        kind(**{field: value})
    spec = kind()
    with pytest.raises(InvalidRequest):
        setattr(spec, field, value)


def test_slug_needs_version_3(server: HealthchecksServer) -> None:
    """With version 1 the server would make another slug, so nothing is sent."""
    with (
        hc.Client(server.project.api_key, api_url=server.api_url) as client,
        pytest.raises(hc.BadAPIRequestError, match="api_version=3"),
    ):
        client.create_check(hc.CheckCreate(name="x", slug="y"))
    assert [] == server.requests


@pytest.mark.parametrize("missing", ["cronsim", "oncalendar"])
def test_without_the_extra_the_server_judges(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Where the libraries are not installed, schedules are not checked here."""
    monkeypatch.setitem(sys.modules, missing, None)
    assert "" == schedule_problem("nonsense")
