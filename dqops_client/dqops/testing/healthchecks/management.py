"""The Management API: checks, their pings and flips, integrations and badges."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import UUID

from ..http.messages import Answer
from . import fields
from .answers import (
    CORS,
    LARGEST_BODY,
    NOT_FOUND,
    TOO_LARGE,
    UUID_PATTERN,
    empty,
    error,
    json_answer,
    page,
    text,
)
from .badges import badge_addresses
from .checks import Check, wire_time
from .views import check_view, ping_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.messages import Request
    from .answers import View
    from .project import Project
    from .service import Service

__all__ = ["management_view"]

_KEY_LENGTH = 32
_UUID = rf"(?P<uuid>{UUID_PATTERN})"
_UNIQUE_KEY = r"(?P<unique_key>[A-z0-9]{40})"
_LIMITS = {"seconds": 31_536_000, "start": 10_000_000_000, "end": 10_000_000_000}


@dataclass(frozen=True)
class _Call:
    """A request to the API that has come through the door."""

    service: Service
    request: Request
    version: int
    project: Project
    is_read_only: bool
    spec: dict[str, Any]
    values: Mapping[str, str]

    @property
    def query(self) -> dict[str, list[str]]:
        """The query parameters."""
        return parse_qs(self.request.query, keep_blank_values=True)

    def find(self) -> Check | Answer:
        """Find the check that the path names, or the response if there is none for this key."""
        if "unique_key" in self.values:
            return self.project.by_unique_key(self.values["unique_key"]) or empty(404)
        uuid = UUID(self.values["uuid"])
        own = self.project.by_uuid(uuid)
        if own is not None:
            return own
        is_there = any(check.uuid == uuid for _, check in self.service.all_checks())
        return empty(403) if is_there else NOT_FOUND

    def shown(self, check: Check, status: int = 200) -> Answer:
        """Answer with a check."""
        view = check_view(check, self.service, version=self.version, is_read_only=self.is_read_only)
        return json_answer(status, view)


def management_view(service: Service, version: int, path: str) -> View | None:
    """Find what answers requests to a path of the Management API.

    Args:
        service: The server.
        version: The version of the API, 1 to 3.
        path: What follows the version in the path, with the slash before it.

    Returns:
        What answers; None if the path belongs to nothing.
    """
    for pattern, methods in _ROUTES.items():
        found = re.fullmatch(pattern, path, re.ASCII)
        if found is not None:
            return partial(_answer, service, version, methods, found.groupdict())
    return None


def _answer(
    service: Service,
    version: int,
    methods: Mapping[str, tuple[str, _Handler]],
    values: Mapping[str, str],
    request: Request,
) -> Answer:
    if request.method == "OPTIONS":
        answer = empty(204)
    elif request.method not in methods:
        answer = empty(405)
    else:
        try:
            answer = _authorized(service, version, request, *methods[request.method], values)
        except fields.RefusedSpecError as refused:
            answer = error(400, str(refused))
        except fields.BrokenServerError:
            return page(500, "Server Error (500)")
    if answer is TOO_LARGE:
        return answer
    return Answer(answer.status, answer.body, {**answer.headers, **CORS})


def _authorized(
    service: Service,
    version: int,
    request: Request,
    key_kind: str,
    handle: _Handler,
    values: Mapping[str, str],
) -> Answer:
    spec: dict[str, Any] = {}
    key = request.headers.get("x-api-key")
    if key_kind == "rw" and request.method == "POST":
        # The body is read before the key, because the key may be in it.
        if len(request.body) > LARGEST_BODY:
            return TOO_LARGE
        spec = fields.read_object(request.body)
        if key is None and "api_key" in spec:
            key = str(spec["api_key"])
    if key is None or len(key) != _KEY_LENGTH:
        return error(401, "missing api key")
    for project in service.projects:
        is_read_only = key == project.read_only_key
        if key == project.api_key or (is_read_only and key_kind == "ro"):
            return handle(_Call(service, request, version, project, is_read_only, spec, values))
    return error(401, "wrong api key")


def _list_checks(call: _Call) -> Answer:
    tags, slugs = call.query.get("tag", []), call.query.get("slug", [])
    found = [
        check_view(check, call.service, version=call.version, is_read_only=call.is_read_only)
        for check in call.project.checks
        if set(tags) <= set(check.tag_list) and (slugs[-1:] in ([], [""], [check.slug]))
    ]
    return json_answer(200, {"checks": found})


def _create_check(call: _Call) -> Answer:
    fields.check_spec(call.spec)
    found = _matching(call.spec, call.project)
    if found is None and len(call.project.checks) >= call.project.check_limit:
        return empty(403)
    check = Check() if found is None else found
    fields.apply(call.spec, check, call.project, call.version)
    if found is None:
        call.project.checks.append(check)
    return call.shown(check, 201 if found is None else 200)


def _matching(spec: dict[str, Any], project: Project) -> Check | None:
    names = spec.get("unique", [])
    if not names or not set(names) <= spec.keys():
        return None
    for check in project.checks:
        if all(getattr(check, name) == spec[name] for name in names):
            return check
    return None


def _with_check(handle: Callable[[_Call, Check], Answer]) -> Callable[[_Call], Answer]:
    def find_and_handle(call: _Call) -> Answer:
        check = call.find()
        return check if isinstance(check, Answer) else handle(call, check)

    return find_and_handle


def _update_check(call: _Call, check: Check) -> Answer:
    fields.check_spec(call.spec)
    fields.apply(call.spec, check, call.project, call.version)
    return call.shown(check)


def _delete_check(call: _Call, check: Check) -> Answer:
    call.project.checks.remove(check)
    check.channels = set()
    return call.shown(check)


def _pause_check(call: _Call, check: Check) -> Answer:
    check.pause(call.service.now())
    return call.shown(check)


def _resume_check(call: _Call, check: Check) -> Answer:
    if check.status != "paused":
        return text(409, "check is not paused")
    check.resume(call.service.now())
    return call.shown(check)


def _list_pings(call: _Call, check: Check) -> Answer:
    start = f"{call.service.site}api/v{call.version}/checks/{check.uuid}/pings"
    return json_answer(200, {"pings": [ping_view(ping, start) for ping in reversed(check.pings)]})


def _get_ping_body(call: _Call, check: Check) -> Answer:
    for ping in check.pings:
        if ping.n == int(call.values["n"]) and ping.body:
            return Answer(200, ping.body, {"Content-Type": "text/plain"})
    return NOT_FOUND


def _list_flips(call: _Call, check: Check) -> Answer:
    limits: dict[str, int] = {}
    for name, largest in _LIMITS.items():
        for given in call.query.get(name, [])[-1:]:
            if name == "seconds":
                if not given:
                    continue
                given = re.sub(r"\.0*\s*$", "", given)
            try:
                limits[name] = int(given)
            except ValueError:
                return empty(400)
            if not 0 <= limits[name] <= largest:
                return empty(400)
    since = call.service.now() - timedelta(seconds=limits.get("seconds", 0))
    flips = [
        {"timestamp": wire_time(flip.created), "up": int(flip.up)}
        for flip in reversed(check.flips)
        if (not limits.get("seconds") or flip.created >= since)
        and flip.created.timestamp() >= limits.get("start", 0)
        and ("end" not in limits or flip.created.timestamp() < limits["end"])
    ]
    return json_answer(200, {"flips": flips})


def _list_channels(call: _Call) -> Answer:
    channels = [
        {"id": str(channel.id), "name": channel.name, "kind": channel.kind}
        for channel in call.project.channels
    ]
    return json_answer(200, {"channels": channels})


def _list_badges(call: _Call) -> Answer:
    return json_answer(200, {"badges": badge_addresses(call.service, call.project)})


_Handler = Callable[[_Call], Answer]
_FLIPS = {"GET": ("ro", _with_check(_list_flips))}
_ROUTES: dict[str, dict[str, tuple[str, _Handler]]] = {
    "/checks/": {"GET": ("ro", _list_checks), "POST": ("rw", _create_check)},
    f"/checks/{_UUID}": {
        "GET": ("ro", _with_check(lambda call, check: call.shown(check))),
        "POST": ("rw", _with_check(_update_check)),
        "DELETE": ("rw", _with_check(_delete_check)),
    },
    f"/checks/{_UNIQUE_KEY}": {"GET": ("ro", _with_check(lambda call, check: call.shown(check)))},
    f"/checks/{_UUID}/pause": {"POST": ("rw", _with_check(_pause_check))},
    f"/checks/{_UUID}/resume": {"POST": ("rw", _with_check(_resume_check))},
    f"/checks/{_UUID}/pings/": {"GET": ("rw", _with_check(_list_pings))},
    rf"/checks/{_UUID}/pings/(?P<n>\d+)/body": {"GET": ("rw", _with_check(_get_ping_body))},
    f"/checks/{_UUID}/flips/": _FLIPS,
    f"/checks/{_UNIQUE_KEY}/flips/": _FLIPS,
    "/channels/": {"GET": ("rw", _list_channels)},
    "/badges/": {"GET": ("ro", _list_badges)},
}
