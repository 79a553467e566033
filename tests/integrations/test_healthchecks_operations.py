"""The generated operations of Healthchecks.io work: over a real socket, each of them."""

from __future__ import annotations

import asyncio
import pkgutil
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.types import UNSET, File
from dqops.integrations.healthchecks_io.client import api as operations
from dqops.integrations.healthchecks_io.client.api.badges import (
    get_check_badge_picture,
    get_project_badge_summary,
    get_tag_badge_shields,
    list_badges,
)
from dqops.integrations.healthchecks_io.client.api.checks import (
    create_check,
    delete_check,
    get_check,
    list_checks,
    pause_check,
    resume_check,
    update_check,
)
from dqops.integrations.healthchecks_io.client.api.flips import list_flips
from dqops.integrations.healthchecks_io.client.api.integrations import list_channels
from dqops.integrations.healthchecks_io.client.api.pinging import (
    send_exit_status,
    send_failure,
    send_start,
    send_success,
    send_success_by_slug,
)
from dqops.integrations.healthchecks_io.client.api.pings import get_ping_body, list_pings
from dqops.integrations.healthchecks_io.client.api.service import get_metrics, get_status
from dqops.integrations.healthchecks_io.client.models import (
    BadgeStates,
    BadgeStatus,
    CheckSpec,
    CheckStatus,
    FlipUp,
    PingMethods,
    PingType,
    UniqueField,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dqops.integrations.healthchecks_io.client.models import Check
    from dqops.testing import ManualClock
    from dqops.testing.healthchecks import HealthchecksServer

RUN = UUID("0b54c2d1-9e8f-4a7b-8c6d-5e4f3a2b1c0d")


def created(api: AuthenticatedClient, **fields: Any) -> Check:
    """Create a check."""
    check = create_check.sync(client=api, json_body=CheckSpec(**fields))
    assert check is not None
    return check


def test_check_from_creation_to_deletion(api: AuthenticatedClient) -> None:
    """A check is created, found, changed, paused, resumed and deleted."""
    check = created(api, name="Backup", slug="backup", tags="prod db", methods=PingMethods.POST)
    assert isinstance(check.uuid, UUID)
    assert CheckStatus.NEW == check.status
    listed = list_checks.sync(client=api, tag=["db", "prod"], slug="backup")
    assert listed is not None
    assert [check] == listed.checks
    updated = update_check.sync(check.uuid, client=api, json_body=CheckSpec(grace=7200))
    assert updated is not None
    assert (7200, "Backup", 86400) == (updated.grace, updated.name, updated.timeout)
    paused = pause_check.sync(check.uuid, client=api)
    assert paused is not None
    assert CheckStatus.PAUSED == paused.status
    resumed = resume_check.sync(check.uuid, client=api)
    assert resumed is not None
    assert CheckStatus.NEW == resumed.status
    assert resumed == delete_check.sync(check.uuid, client=api)
    with pytest.raises(errors.NotFound):
        get_check.sync(check.uuid, client=api)


def test_upsert_sends_and_changes_only_what_was_set(
    api: AuthenticatedClient, server: HealthchecksServer
) -> None:
    """A body has the fields that were set; the check keeps all others."""
    check = created(api, name="Report", schedule="15 5 * * 1", tz="Europe/Warsaw", desc="d")
    spec = CheckSpec(name="Report", tags="x", unique=[UniqueField.NAME])
    response = create_check.sync_detailed(client=api, json_body=spec)
    assert b'{"name":"Report","tags":"x","unique":["name"]}' == server.requests[-1].body
    assert (200, response.parsed) == (
        response.status_code,
        get_check.sync(str(check.uuid), client=api),
    )
    assert response.parsed is not None
    assert ("15 5 * * 1", "Europe/Warsaw", "d", "x") == (
        response.parsed.schedule,
        response.parsed.tz,
        response.parsed.desc,
        response.parsed.tags,
    )


def test_run_with_id_log_and_duration(
    api: AuthenticatedClient, pinger: Client, clock: ManualClock
) -> None:
    """Start and end of a run come back as pings, with id, duration and body."""
    check = created(api, name="Backup")
    assert check.uuid
    assert "OK" == send_start.sync(check.uuid, client=pinger, rid=RUN)
    clock.advance(12.5)
    assert "OK" == send_success.sync(check.uuid, client=pinger, rid=RUN, text_body="zażółć\n")
    listed = list_pings.sync(check.uuid, client=api)
    assert listed is not None
    expected = [(PingType.SUCCESS, 2, RUN, 12.5), (PingType.START, 1, RUN, UNSET)]
    assert expected == [(ping.type_, ping.n, ping.rid, ping.duration) for ping in listed.pings]
    body = get_ping_body.sync(check.uuid, 2, client=api)
    assert isinstance(body, File)
    assert "zażółć\n".encode() == body.payload.read()


def test_ping_without_a_body_sends_none(
    api: AuthenticatedClient, pinger: Client, server: HealthchecksServer
) -> None:
    """A ping has neither body nor Content-Type unless there is a text."""
    check = created(api, name="x")
    send_success.sync(str(check.uuid), client=pinger)
    assert b"" == server.requests[-1].body
    assert "content-type" not in server.requests[-1].headers


def test_no_ping_carries_the_api_key(
    api: AuthenticatedClient, pinger: Client, server: HealthchecksServer
) -> None:
    """The key goes to the Management API only."""
    check = created(api, name="x")
    send_success.sync(str(check.uuid), client=pinger)
    management, ping = server.requests
    assert ("x-api-key" in management.headers, "x-api-key" in ping.headers) == (True, False)


def test_ping_by_slug_creates(pinger: Client, server: HealthchecksServer) -> None:
    """With create=1 the first ping creates the check and returns 201, the second one 200."""
    key = server.project.ping_key
    first = send_success_by_slug.sync_detailed(key, "nightly", client=pinger, create=1)
    second = send_success_by_slug.sync_detailed(key, "nightly", client=pinger, create=1)
    assert [(201, "Created"), (200, "OK")] == [
        (each.status_code, each.parsed) for each in (first, second)
    ]
    assert "10000" == first.headers["Ping-Body-Limit"]


def test_flips(api: AuthenticatedClient, pinger: Client, clock: ManualClock) -> None:
    """The changes come as an object, the newest first, also by unique key."""
    check = created(api, name="x", timeout=60, grace=60)
    assert check.uuid
    send_success.sync(check.uuid, client=pinger)
    clock.advance(121)
    flips = list_flips.sync(check.uuid, client=api)
    assert flips is not None
    assert [FlipUp.DOWN, FlipUp.UP] == [flip.up for flip in flips.flips]
    assert 120 == (flips.flips[0].timestamp - flips.flips[1].timestamp).total_seconds()
    recent = list_flips.sync(check.uuid, client=api, seconds=10)
    assert recent is not None
    assert flips.flips[:1] == recent.flips


def test_key_that_can_only_read(api: AuthenticatedClient, server: HealthchecksServer) -> None:
    """It shows a unique key in place of the UUID, and the check is found by that."""
    created(api, name="x")
    with AuthenticatedClient(
        f"{server.api_url}v3",
        token=server.project.read_only_key,
        prefix="",
        auth_header_name="X-Api-Key",
        raise_on_unexpected_status=True,
    ) as reader:
        listed = list_checks.sync(client=reader)
        assert listed is not None
        (check,) = listed.checks
        assert (UNSET, 40) == (check.uuid, len(str(check.unique_key)))
        assert check == get_check.sync(str(check.unique_key), client=reader)
        with pytest.raises(errors.Unauthorized, match="the server says: 'wrong api key'"):
            list_channels.sync(client=reader)


def test_integrations_and_badges(
    api: AuthenticatedClient, pinger: Client, site: Client, server: HealthchecksServer
) -> None:
    """Integrations, addresses of badges, and what the badges show."""
    check = created(api, name="x", tags="a", channels="*")
    assert check.uuid
    send_failure.sync(check.uuid, client=pinger)
    channels = list_channels.sync(client=api)
    assert channels is not None
    assert check.channels == str(channels.channels[0].id)
    badges = list_badges.sync(client=api)
    assert badges is not None
    assert {"a", "*"} == set(badges.badges)
    assert badges.badges["*"].json_url.startswith(server.url)
    project = server.project
    summary = get_project_badge_summary.sync(project.badge_key, project.signature("*"), client=site)
    assert summary is not None
    assert (BadgeStatus.DOWN, 1, 0, 1) == (
        summary.status,
        summary.total,
        summary.grace,
        summary.down,
    )
    shields = get_tag_badge_shields.sync(
        project.badge_key, f"{project.signature('a')}-2", "a", client=site
    )
    assert shields is not None
    assert ("a", "critical") == (shields.label, shields.color)
    badge_id = server.project.checks[0].badge_id
    picture = get_check_badge_picture.sync(BadgeStates.UP_LATE_DOWN, badge_id, client=site)
    assert isinstance(picture, File)
    assert "image/svg+xml" == picture.mime_type


def metrics_client(server: HealthchecksServer) -> AuthenticatedClient:
    """Make a client with the key for metrics."""
    return AuthenticatedClient(
        f"{server.api_url}v3",
        "the metrics key",
        prefix="",
        auth_header_name="X-Metrics-Key",
        verify_ssl=False,
    )


def test_status_and_metrics(server: HealthchecksServer) -> None:
    """Status needs no key, metrics their own."""
    with Client(f"{server.api_url}v3", raise_on_unexpected_status=True) as bare:
        assert "OK" == get_status.sync(client=bare)
        server.service.database_works = False
        with pytest.raises(errors.ServerError, match="its database does not respond"):
            get_status.sync(client=bare)
    with metrics_client(server) as keeper:
        metrics = get_metrics.sync(client=keeper)
    assert metrics is not None
    assert 0 == metrics.num_unprocessed_flips


def _over_the_limit(server: HealthchecksServer, api: AuthenticatedClient, _: Client) -> None:
    server.project.check_limit = 0
    created(api, name="x")


def _of_another_project(server: HealthchecksServer, api: AuthenticatedClient, _: Client) -> None:
    from dqops.testing.healthchecks import Check as KeptCheck

    kept = KeptCheck(name="x")
    server.add_project("other").checks.append(kept)
    get_check.sync(kept.uuid, client=api)


def _not_paused(_: HealthchecksServer, api: AuthenticatedClient, __: Client) -> None:
    resume_check.sync(str(created(api, name="x").uuid), client=api)


def _two_of_one_slug(server: HealthchecksServer, api: AuthenticatedClient, pinger: Client) -> None:
    created(api, slug="x")
    created(api, slug="x")
    send_success_by_slug.sync(server.project.ping_key, "x", client=pinger)


def _nobody(_: HealthchecksServer, __: AuthenticatedClient, pinger: Client) -> None:
    send_exit_status.sync(uuid4(), 1, client=pinger)


def _too_short(_: HealthchecksServer, api: AuthenticatedClient, __: Client) -> None:
    created(api, timeout=1)


def _limited(server: HealthchecksServer, api: AuthenticatedClient, _: Client) -> None:
    server.interrupt(status=429, headers={"Retry-After": "7"})
    created(api, name="x")


ERRORS: dict[str, tuple[Any, type[errors.UnexpectedStatus], str, str]] = {
    "check limit": (_over_the_limit, errors.Forbidden, "", "as many checks as its plan allows"),
    "other project": (_of_another_project, errors.Forbidden, "", "belongs to another project"),
    "not paused": (_not_paused, errors.Conflict, "check is not paused", "Only a paused check"),
    "ambiguous": (_two_of_one_slug, errors.Conflict, "ambiguous slug", "Use the UUID"),
    "unknown check": (_nobody, errors.NotFound, "not found", "No check has this UUID"),
    "bad field": (
        _too_short,
        errors.BadRequest,
        "json validation error: timeout is too small",
        "Compare the arguments",
    ),
    "too many requests": (_limited, errors.TooManyRequests, "", "Retry-After"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error_has_the_reason_of_the_server_and_advice(
    name: str, server: HealthchecksServer, api: AuthenticatedClient, pinger: Client
) -> None:
    """JSON, plain text or nothing: the error says what the server said, and what to do."""
    cause, kind, message, advice = ERRORS[name]
    with pytest.raises(errors.UnexpectedStatus) as caught:
        cause(server, api, pinger)
    assert (kind, message) == (type(caught.value), caught.value.server_message)
    assert advice in str(caught.value)
    assert server.project.api_key not in str(caught.value)


def test_page_of_a_proxy_is_no_success_of_a_ping(
    pinger: Client, server: HealthchecksServer
) -> None:
    """A login page with status 200 does not count as `OK`, although `OK` is declared as HTML."""
    server.interrupt(
        status=200,
        body=b"<!DOCTYPE html><title>Log in</title>",
        headers={"Content-Type": "text/html"},
        only="ping",
    )
    with pytest.raises(errors.DecodeError, match="A proxy or another server"):
        send_success.sync(uuid4(), client=pinger)


async def call_async(module: Any, client: Any, arguments: dict[str, Any]) -> Any:
    """Call an operation, and close the connections while the event loop runs."""
    async with client:
        return await module.asyncio_detailed(**arguments, client=client)


def _modules() -> list[str]:
    prefix = f"{operations.__name__}."
    return [
        each.name for each in pkgutil.walk_packages(operations.__path__, prefix) if not each.ispkg
    ]


ARGUMENTS: dict[str, Callable[[HealthchecksServer, str], Any]] = {
    "check_id": lambda _, uuid: uuid,
    "uuid": lambda _, uuid: uuid,
    "n": lambda *_: 1,
    "project_id": lambda server, _: server.project.id,
    "ping_key": lambda server, _: server.project.ping_key,
    "slug": lambda *_: "backup",
    "exit_status": lambda *_: 3,
    "badge_key": lambda server, _: server.project.badge_key,
    "states": lambda *_: BadgeStates.UP_DOWN,
    "badge_id": lambda server, _: server.project.checks[0].badge_id,
    "tag": lambda *_: "a",
}


@pytest.mark.parametrize("function", ["sync_detailed", "asyncio_detailed"])
@pytest.mark.parametrize("name", _modules())
def test_every_operation_of_the_specification(
    name: str,
    function: str,
    server: HealthchecksServer,
    api: AuthenticatedClient,
    pinger: Client,
    site: Client,
) -> None:
    """Each generated operation gets one of the statuses of its specification, and a result."""
    module: Any = import_module(name)
    group, operation = name.split(".")[-2:]
    check = created(api, name="Backup", slug="backup", tags="a")
    send_success.sync(str(check.uuid), client=pinger, text_body="log")
    if operation == "resume_check":
        pause_check.sync(str(check.uuid), client=api)
    client: Any = {"pinging": pinger, "badges": site}.get(group, api)
    if operation == "list_badges":
        client = api
    if operation == "get_metrics":
        client = metrics_client(server)
    if operation == "get_project_metrics":
        client = AuthenticatedClient(
            server.url,
            token=server.project.read_only_key,
            verify_ssl=False,
            raise_on_unexpected_status=True,
        )
    arguments: dict[str, Any] = {
        step[1:-1]: ARGUMENTS[step[1:-1]](server, str(check.uuid))
        for step in module._OPERATION.path.replace(".", "/").split("/")
        if step.startswith("{") and step != "{signature}"
    }
    if "{signature}" in module._OPERATION.path:
        tag = "a" if "{tag}" in module._OPERATION.path else "*"
        arguments["signature"] = server.project.signature(tag)
    if operation in {"create_check", "update_check"}:
        arguments["json_body"] = CheckSpec(name="Backup")
    if function == "sync_detailed":
        with client:
            response = module.sync_detailed(**arguments, client=client)
    else:
        response = asyncio.run(call_async(module, client, arguments))
    assert response.status_code in module._OPERATION.results
    assert response.parsed is not None


# Placeholders whose values are numbers, one of an enumeration, or any text.
FREE = {"exit_status", "n", "states", "tag"}


@pytest.mark.parametrize(
    "suffix",
    ["/pause", "/fail", "%2Fpause", "?rid=1", "#x", "/..", "/../x", ".", " ", "\n", "\u00e9"],
)
def test_values_that_lead_to_another_path_are_refused(
    server: HealthchecksServer, api: AuthenticatedClient, suffix: str
) -> None:
    """Ids, keys and slugs that need encoding are refused by every operation, by argument.

    The server decodes `%2F` before it splits the path: `update_check(uuid + "/pause")` would pause.
    """
    check = created(api, name="Backup", slug="backup")
    before = len(server.requests)
    tried = set()
    for module in map(import_module, _modules()):
        names = re.findall(r"\{(\w+)\}", module._OPERATION.path)
        good: dict[str, Any] = {
            name: ARGUMENTS[name](server, str(check.uuid)) if name in FREE else "a"
            for name in names
        }
        if module in {create_check, update_check}:
            good["json_body"] = CheckSpec(desc="x")
        for name in set(names) - FREE:
            tried.add(name)
            with pytest.raises(errors.InvalidRequest, match=f": {name} must consist of letters"):
                module.sync(**good | {name: f"{check.uuid}{suffix}"}, client=api)
    assert {"badge_id", "badge_key", "check_id", "ping_key", "project_id"} < tried
    assert before == len(server.requests)
