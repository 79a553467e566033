"""What people reported who use clients of Healthchecks.io; judged by the real server."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from dqops.client.errors import InvalidRequest
from dqops.integrations import healthchecks_io as hc
from dqops.testing.healthchecks import Check, Flip, HealthchecksServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing import ManualClock

RUN = "0b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d"
UNIQUE_KEY = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def check(server: HealthchecksServer) -> Check:
    """A check of the server."""
    kept = Check(name="Nightly", slug="nightly", tags="prod", uuid=UUID(RUN))
    server.project.checks.append(kept)
    return kept


@pytest.fixture
def client(server: HealthchecksServer) -> Iterator[hc.Client]:
    """A client that sends pings."""
    with hc.Client(ping_key=server.project.ping_key, ping_url=server.ping_url) as made:
        yield made


PINGS = ("success_ping", "start_ping", "fail_ping", "log_ping")
#: Everything that could lead a request to another path.
SUFFIXES = ("/fail", "/pause", "?rid=x", "%2Ffail", "#x", "/..", "/", " ", "\n", "\x00", "é", ".")


@pytest.mark.parametrize("name", [*PINGS, "exit_code_ping"])
@pytest.mark.usefixtures("check")
def test_ping_to_another_path_is_refused(
    calling: Any, server: HealthchecksServer, name: str
) -> None:
    """A slug or UUID that has more than its characters reaches no server."""
    first = [0] if name == "exit_code_ping" else []
    for suffix in SUFFIXES:
        for place in ({"slug": f"nightly{suffix}"}, {"uuid": RUN + suffix}):
            with pytest.raises(hc.BadAPIRequestError, match="nothing was sent") as caught:
                calling(name, *first, **place)
            assert RUN not in str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize("slug", ["Nightly", "a.b", "..", ".", "a b", "ä", 5, ["nightly"]])
def test_slug_that_no_check_has(calling: Any, server: HealthchecksServer, slug: Any) -> None:
    """The server takes lower case letters, digits, hyphens and underscores."""
    with pytest.raises(hc.BadAPIRequestError, match="slug must"):
        calling("success_ping", slug=slug)
    assert [] == server.requests


@pytest.mark.parametrize("uuid", [RUN, RUN.upper(), UUID(RUN)])
@pytest.mark.usefixtures("check")
def test_uuid_in_any_case_or_as_an_object(calling: Any, uuid: Any) -> None:
    """The server knows the lower case only, so it is written that way."""
    assert (True, "OK") == calling("success_ping", uuid)
    assert "up" == calling("get_check", uuid).status


METHODS: dict[str, tuple[Any, ...]] = {
    "update_check": (hc.CheckUpdate(grace=60),),
    "pause_check": (),
    "resume_check": (),
    "delete_check": (),
    "get_check": (),
    "get_check_pings": (),
    "get_check_flips": (),
    "get_ping_body": (1,),
}


WRONG_IDS = [*(RUN + suffix for suffix in SUFFIXES), "nightly", "", "..", None, 5]


@pytest.mark.parametrize("name", METHODS)
def test_id_of_another_path_is_refused(calling: Any, server: HealthchecksServer, name: str) -> None:
    """`update_check(uuid + "/pause", ...)` pauses a check of the real server."""
    for check_id in (*WRONG_IDS, RUN.replace("-", "")):
        with pytest.raises(hc.BadAPIRequestError, match="nothing was sent") as caught:
            calling(name, check_id, *METHODS[name])
        assert RUN not in str(caught.value)
    assert [] == server.requests


@pytest.mark.parametrize("name", METHODS)
def test_unique_key_is_for_reading_only(
    calling: Any, server: HealthchecksServer, check: Check, name: str
) -> None:
    """The server finds a check and its flips by it, and nothing else."""
    if name in {"get_check", "get_check_flips"}:
        calling(name, check.unique_key)
        return
    with pytest.raises(hc.BadAPIRequestError, match="UUID"):
        calling(name, check.unique_key, *METHODS[name])
    assert [] == server.requests


@pytest.mark.parametrize("number", [-1, 1.0, "1", "1/../2", None, True])
def test_number_of_a_ping(calling: Any, server: HealthchecksServer, number: Any) -> None:
    """It is an integer, and not a part of a path."""
    with pytest.raises(hc.BadAPIRequestError, match="number must"):
        calling("get_ping_body", RUN, number)
    assert [] == server.requests


@pytest.mark.parametrize(
    "run_id",
    ["x", RUN.replace("-", ""), RUN + "\n", f"{{{RUN}}}", f"urn:uuid:{RUN}", RUN + "&a=b", 1],
)
def test_malformed_run_id(calling: Any, server: HealthchecksServer, run_id: Any) -> None:
    """The server refuses it, or fails, and with create=1 the check comes to be all the same."""
    with pytest.raises(hc.BadAPIRequestError, match="run_id must"):
        calling("start_ping", slug="new", create=True, run_id=run_id)
    assert ([], []) == (server.requests, server.project.checks)


@pytest.mark.parametrize("place", [{"uuid": RUN + "/fail"}, {"slug": "nightly/fail"}])
def test_trap_of_another_path(client: hc.Client, place: dict[str, str]) -> None:
    """It is told when the trap is made, and not after a job of an hour."""
    with pytest.raises(hc.BadAPIRequestError):
        hc.CheckTrap(client, **place)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["a/b", "a?b", "a b", "..", "ä", "a%2Fb"])
def test_ping_key_of_another_path(key: str) -> None:
    """It is a part of the path, too; the message does not show it."""
    with pytest.raises(InvalidRequest, match="ping_key") as caught:
        hc.Client(ping_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("name", PINGS)
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a\udc80b", b"a\\udc80b"),
        (b"bytes", b"bytes"),
        (b"\xff\x00", b"\\xff\x00"),
        (bytearray(b"bytes"), b"bytes"),
        (LookupError("why"), b"why"),
        ("", None),
        (b"", None),
    ],
)
def test_text_that_cannot_be_sent_as_it_is(
    calling: Any, check: Check, name: str, data: Any, expected: bytes | None
) -> None:
    """A ping is never lost over its text: what is not Unicode is escaped."""
    assert (True, "OK") == calling(name, RUN, data=data)
    assert expected == check.pings[-1].body


@pytest.mark.parametrize("data", ["x" * 3_000_000 + "the end", b"ab\n" * 1_000_000 + b"the end"])
def test_text_over_the_limit(calling: Any, check: Check, data: Any) -> None:
    """The end is sent, because the server keeps the beginning, and of too much nothing."""
    assert (True, "OK") == calling("fail_ping", RUN, data=data)
    kept = check.pings[-1].body or b""
    assert kept.startswith(b"(the beginning is left out)\n")
    assert kept.endswith(b"the end")
    assert len(kept) <= 10_000


def test_text_is_cut_where_a_character_begins(client: hc.Client, check: Check) -> None:
    """The server keeps bytes; half a character makes it fail where it looks for keywords."""
    check.filter_http_body, check.failure_kw = True, "bad"
    assert (True, "OK") == client.log_ping(RUN, data="é" * 9_999 + "bad")
    assert "fail" == check.pings[-1].kind


def test_limit_that_the_server_told(check: Check) -> None:
    """A client learns the limit from every ping."""
    with HealthchecksServer(ping_body_limit=100) as server:
        server.project.checks.append(check)
        with hc.Client(ping_url=server.ping_url) as client:
            client.start_ping(RUN)
            client.fail_ping(RUN, data="x" * 200 + "the end")
            assert 100 == len(server.requests[-1].body)
            server.service.ping_body_limit = None
            client.success_ping(RUN)
            client.fail_ping(RUN, data="x" * 200_000)
    assert b"x" * 200_000 == check.pings[-1].body


@pytest.mark.parametrize("url", ["https://hc-ping.com", "https://hc-ping.com/"])
def test_limit_of_the_hosted_service(url: str) -> None:
    """It keeps ten times as much, so that nothing is cut that it would keep."""
    sent: list[int] = []

    def record(request: httpx.Request) -> httpx.Response:
        sent.append(len(request.content))
        return httpx.Response(200, text="OK", headers={"Content-Type": "text/plain"})

    with hc.Client(
        ping_url=url, client=httpx.Client(transport=httpx.MockTransport(record))
    ) as client:
        client.fail_ping(RUN, data="x" * 90_000)
    assert [90_000] == sent


@pytest.mark.parametrize("schedule", ["2010-01-01", "2000-01-02 12:00", "2020-12-31 23:59:59"])
def test_schedule_of_the_past(calling: Any, schedule: str) -> None:
    """The server looks from the year 2000, and takes it."""
    assert schedule == calling("create_check", hc.CheckCreate(schedule=schedule)).schedule


@pytest.mark.parametrize("schedule", ["1999-12-31", "*-02-30", "0 0 30 2 *"])
def test_schedule_that_never_comes(schedule: str) -> None:
    """What the server refuses is refused here, too."""
    with pytest.raises(InvalidRequest, match="schedule"):
        hc.CheckCreate(schedule=schedule)


@pytest.mark.parametrize("zone", ["US/Eastern", "Europe/Kiev", "Zulu", "EST5EDT", "GB-Eire"])
def test_old_names_of_time_zones(calling: Any, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are accepted where the system does not have them, as the server does."""
    from dqops.integrations.healthchecks_io import schedules

    monkeypatch.setattr(schedules, "_time_zones", lambda: frozenset({"Europe/Riga"}))
    made = calling("create_check", hc.CheckCreate(schedule="0 5 * * *", tz=zone))
    assert made.tz not in {None, zone}


@pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules"])
def test_names_that_are_not_time_zones(zone: str) -> None:
    """Databases of systems have them, and the server refuses them."""
    with pytest.raises(InvalidRequest, match="tz"):
        hc.CheckCreate(tz=zone)


@pytest.mark.parametrize("tags", ["prod", ["prod"], ("prod",), {"prod"}, {"prod": 1}, "prod "])
@pytest.mark.usefixtures("check")
def test_tags_of_a_search(calling: Any, server: HealthchecksServer, tags: Any) -> None:
    """One string is one tag, and not one for each letter."""
    assert ["Nightly"] == [each.name for each in calling("get_checks", tags)]
    assert "tag=prod" == server.requests[-1].query


@pytest.mark.parametrize("tags", ["prod web", ["prod", "web"]])
@pytest.mark.usefixtures("check")
def test_tags_with_blanks_between(calling: Any, server: HealthchecksServer, tags: Any) -> None:
    """They are written as in a check."""
    assert [] == calling("get_checks", tags)
    assert "tag=prod&tag=web" == server.requests[-1].query


@pytest.mark.parametrize("tags", [5, [5], [None], [b"prod"], b"prod"])
def test_tags_that_are_not_strings(calling: Any, server: HealthchecksServer, tags: Any) -> None:
    """They are refused by their name."""
    with pytest.raises(InvalidRequest, match="tags must"):
        calling("get_checks", tags)
    assert [] == server.requests


NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
EARLY, LATE = [1], [0]
WARSAW = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"seconds": 60}, LATE),
        ({"seconds": timedelta(minutes=1)}, LATE),
        ({"seconds": 59.2}, LATE),
        ({"seconds": timedelta(seconds=59, milliseconds=1)}, LATE),
        ({"seconds": timedelta(days=1)}, LATE + EARLY),
        ({"seconds": -1}, LATE + EARLY),
        ({"seconds": timedelta(seconds=-1)}, LATE + EARLY),
        ({"start": NOON}, LATE),
        ({"start": NOON.astimezone(WARSAW)}, LATE),
        ({"start": NOON.timestamp()}, LATE),
        ({"start": NOON.timestamp() + 0.9}, LATE),
        ({"end": NOON}, EARLY),
        ({"end": NOON.timestamp() - 0.1}, EARLY),
        ({"end": NOON + timedelta(milliseconds=1)}, LATE + EARLY),
        ({"start": NOON.astimezone().replace(tzinfo=None)}, LATE),
        ({"start": None, "end": None, "seconds": None}, LATE + EARLY),
    ],
)
def test_limits_of_flips(
    calling: Any, check: Check, clock: ManualClock, limits: dict[str, Any], expected: list[int]
) -> None:
    """Durations, times and fractions are accepted; what lies within is never left out."""
    check.flips += [Flip(NOON - timedelta(hours=1), up=True), Flip(NOON, up=False)]
    clock.advance(60)
    assert expected == [flip.up for flip in calling("get_check_flips", RUN, **limits)]


@pytest.mark.parametrize(
    "limits",
    [
        {"seconds": "60"},
        {"seconds": True},
        {"seconds": NOON},
        {"seconds": float("nan")},
        {"start": float("inf")},
        {"start": "2026-01-15"},
        {"end": date(2026, 1, 15)},
        {"end": timedelta(1)},
    ],
)
def test_limits_of_flips_that_are_not_times(
    calling: Any, server: HealthchecksServer, limits: dict[str, Any]
) -> None:
    """They are refused by their name."""
    with pytest.raises(InvalidRequest, match=f"{next(iter(limits))} must"):
        calling("get_check_flips", RUN, **limits)
    assert [] == server.requests


@pytest.mark.parametrize("seconds", [60, timedelta(minutes=1)])
def test_durations_of_a_check(calling: Any, seconds: Any) -> None:
    """Seconds and durations mean the same."""
    made = calling("create_check", hc.CheckCreate(timeout=seconds, grace=seconds))
    assert (60, 60) == (made.timeout, made.grace)


@pytest.mark.parametrize("value", [timedelta(seconds=60.5), timedelta(days=366), timedelta(0)])
def test_durations_that_no_check_has(value: timedelta) -> None:
    """They are refused."""
    with pytest.raises(InvalidRequest, match="timeout must"):
        hc.CheckCreate(timeout=value)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_check", ({"name": "x"},)),
        ("create_check", (None,)),
        ("create_check", (hc.CheckCreate,)),
        ("update_check", (RUN, {"name": "x"})),
        ("update_check", ({"name": "x"}, RUN)),
    ],
)
def test_dictionary_in_place_of_a_spec(
    calling: Any, server: HealthchecksServer, name: str, arguments: tuple[Any, ...]
) -> None:
    """The error says what to write."""
    with pytest.raises(
        (InvalidRequest, hc.BadAPIRequestError), match=r"CheckCreate|CheckUpdate|uuid"
    ):
        calling(name, *arguments)
    assert [] == server.requests


def test_dictionary_is_told_how_to_become_a_spec(calling: Any) -> None:
    """The error has the line to write."""
    with pytest.raises(InvalidRequest) as caught:
        calling("create_check", {"name": "x"})
    assert "new_check must be a CheckCreate, got a dict; write CheckCreate(**new_check)" == str(
        caught.value
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SystemExit(3), 3),
        (SystemExit(255), 255),
        (SystemExit(-1), 255),
        (SystemExit(True), 1),
        (SystemExit("why"), 1),
        (SystemExit(256), None),
        (subprocess.CalledProcessError(3, ["backup"]), 3),
        (subprocess.CalledProcessError(-9, ["backup"]), 137),
        (subprocess.CalledProcessError(0, ["backup"]), None),
        (subprocess.CalledProcessError(3_221_225_786, ["backup"]), None),
        (LookupError("why"), None),
        (KeyboardInterrupt(), None),
    ],
)
def test_exit_status_of_a_block(
    client: hc.Client, check: Check, error: BaseException, status: int | None
) -> None:
    """The check hears the exit status that the job had, and the log."""

    def run() -> None:
        with hc.CheckTrap(client, RUN) as trap:
            trap.add_log("12 tables read")
            raise error

    with pytest.raises(type(error)):
        run()
    last = check.pings[-1]
    assert ("fail", status, True) == (
        last.kind,
        last.exit_status,
        b"12 tables" in (last.body or b""),
    )


@pytest.mark.parametrize(
    ("options", "keyword", "kind"),
    [
        ({}, "start", "start"),
        ({"start_log": "go"}, "go", "start"),
        ({"start_log": ""}, "go", "fail"),
    ],
)
def test_start_of_a_check_that_looks_for_keywords(
    client: hc.Client, check: Check, options: dict[str, str], keyword: str, kind: str
) -> None:
    """Keywords beat the URL: a start without one is a failure for `filter_default_fail`."""
    check.filter_http_body = check.filter_default_fail = True
    check.start_kw, check.success_kw = keyword, "12 tables"
    with hc.CheckTrap(client, RUN, **options) as trap:  # type: ignore[arg-type]
        trap.add_log("12 tables read")
    assert [kind, "success"] == [ping.kind for ping in check.pings]


def test_created_or_found(calling: Any, check: Check) -> None:
    """`create_check` tells whether it made the check; comparisons do not look at it."""
    spec = hc.CheckCreate(name="new", unique=["name"])
    made, found = calling("create_check", spec), calling("create_check", spec)
    assert (True, False) == (made.was_created, found.was_created)
    assert made == found
    assert None is calling("get_check", check.uuid).was_created


@pytest.mark.parametrize("key", ["read_only_key", "api_key"])
def test_metrics_of_a_project(server: HealthchecksServer, check: Check, key: str) -> None:
    """A key for reading gets the text that Prometheus reads; the server wants no other."""
    project = server.project
    with hc.Client(api_key=getattr(project, key), api_url=server.api_url) as client:
        if key == "api_key":
            with pytest.raises(hc.HCAPIAuthError, match="read-only"):
                client.get_project_metrics(project.id)
            return
        text = client.get_project_metrics(str(project.id))
    label = f'name="Nightly", tags="prod", unique_key="{check.unique_key}"'
    assert f"hc_check_up{{{label}}} 1\n" in text
    assert "hc_checks_total 1" in text
    sent = server.requests[-1]
    assert f"/projects/{project.id}/metrics/" == sent.path
    assert {"authorization", "x-api-key"} & sent.headers.keys() == {"authorization"}


@pytest.mark.parametrize("project", ["x", RUN + "/..", "", None])
def test_metrics_of_no_project(calling: Any, server: HealthchecksServer, project: Any) -> None:
    """The id is a UUID."""
    with pytest.raises(hc.BadAPIRequestError, match="project_id must"):
        calling("get_project_metrics", project)
    assert [] == server.requests


def test_status_of_badges(calling: Any, server: HealthchecksServer, clock: ManualClock) -> None:
    """One call tells the state of all checks, of a tag, of a badge and of a check."""
    late = Check(name="a", tags="sp&ce x/y", status="up", last_ping=clock.now(), timeout=60)
    server.project.checks += [late, Check(name="b", tags="é", status="down")]
    clock.advance(60)
    badges = calling("get_badges")
    one = calling("get_check", late.uuid)
    seen = [
        calling("get_badge_status", *of)
        for of in ((), ("sp&ce",), ("x/y",), ("é",), (badges["é"],), (one,))
    ]
    assert ["down", "late", "late", "down", "down", "late"] == [status.status for status in seen]
    assert (2, 1, 1) == (seen[0].total, seen[0].grace, seen[0].down)
    assert (1, 1, 0) == (seen[1].total, seen[1].grace, seen[1].down)


def test_status_of_no_badge(calling: Any, server: HealthchecksServer) -> None:
    """A tag that no check has is not found, and a check without a badge is told."""
    with pytest.raises(hc.CheckNotFoundError, match="'nobody'"):
        calling("get_badge_status", "nobody")
    with pytest.raises(InvalidRequest, match="badge"):
        calling("get_badge_status", hc.Check())
    with pytest.raises(InvalidRequest, match="badge"):
        calling("get_badge_status", 5)
    sent = [request.path for request in server.requests]
    assert ["/api/v3/badges/"] == sent
