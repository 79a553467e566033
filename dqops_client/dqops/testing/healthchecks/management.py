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

from ..http.messages import Response
from . import fields
from .badges import badge_urls
from .checks import Check, wire_time
from .responses import (
    CORS,
    LARGEST_BODY,
    NOT_FOUND,
    TOO_LARGE,
    UUID_PATTERN,
    empty,
    error,
    json_response,
    page,
    text,
)
from .views import check_view, ping_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.messages import Request
    from .project import Project
    from .responses import View
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

    def find(self) -> Check | Response:
        """Find the check that the path names, or the response if there is none for this key."""
        if "unique_key" in self.values:
            return self.project.by_unique_key(self.values["unique_key"]) or empty(404)
        uuid = UUID(self.values["uuid"])
        own = self.project.by_uuid(uuid)
        if own is not None:
            return own
        is_there = any(check.uuid == uuid for _, check in self.service.all_checks())
        return empty(403) if is_there else NOT_FOUND

    def shown(self, check: Check, status: int = 200) -> Response:
        """Respond with a check."""
        view = check_view(check, self.service, version=self.version, is_read_only=self.is_read_only)
        return json_response(status, view)


def management_view(service: Service, version: int, path: str) -> View | None:
    """Find what responds to requests to a path of the Management API.

    Args:
        service: The server.
        version: The version of the API, 1 to 3.
        path: What follows the version in the path, with the slash before it.

    Returns:
        What responds; None if the path belongs to nothing.
    """
    for pattern, methods in _ROUTES.items():
        found = re.fullmatch(pattern, path, re.ASCII)
        if found is not None:
            return partial(_respond, service, version, methods, found.groupdict())
    return None


def _respond(
    service: Service,
    version: int,
    methods: Mapping[str, tuple[str, _Handler]],
    values: Mapping[str, str],
    request: Request,
) -> Response:
    if request.method == "OPTIONS":
        response = empty(204)
    elif request.method not in methods:
        response = empty(405)
    else:
        try:
            response = _authorized(service, version, request, *methods[request.method], values)
        except fields.RefusedSpecError as refused:
            response = error(400, str(refused))
        except fields.BrokenServerError:
            return page(500, "Server Error (500)")
    if response is TOO_LARGE:
        return response
    return Response(response.status, response.body, {**response.headers, **CORS})


def _authorized(
    service: Service,
    version: int,
    request: Request,
    key_kind: str,
    handle: _Handler,
    values: Mapping[str, str],
) -> Response:
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


def _list_checks(call: _Call) -> Response:
    tags, slugs = call.query.get("tag", []), call.query.get("slug", [])
    found = [
        check_view(check, call.service, version=call.version, is_read_only=call.is_read_only)
        for check in call.project.checks
        if set(tags) <= set(check.tag_list) and (slugs[-1:] in ([], [""], [check.slug]))
    ]
    return json_response(200, {"checks": found})


def _create_check(call: _Call) -> Response:
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


def _with_check(handle: Callable[[_Call, Check], Response]) -> Callable[[_Call], Response]:
    def find_and_handle(call: _Call) -> Response:
        check = call.find()
        return check if isinstance(check, Response) else handle(call, check)

    return find_and_handle


def _update_check(call: _Call, check: Check) -> Response:
    fields.check_spec(call.spec)
    fields.apply(call.spec, check, call.project, call.version)
    return call.shown(check)


def _delete_check(call: _Call, check: Check) -> Response:
    call.project.checks.remove(check)
    check.channels = set()
    return call.shown(check)


def _pause_check(call: _Call, check: Check) -> Response:
    check.pause(call.service.now())
    return call.shown(check)


def _resume_check(call: _Call, check: Check) -> Response:
    if check.status != "paused":
        return text(409, "check is not paused")
    check.resume(call.service.now())
    return call.shown(check)


def _list_pings(call: _Call, check: Check) -> Response:
    start = f"{call.service.site}api/v{call.version}/checks/{check.uuid}/pings"
    return json_response(200, {"pings": [ping_view(ping, start) for ping in reversed(check.pings)]})


def _get_ping_body(call: _Call, check: Check) -> Response:
    for ping in check.pings:
        if ping.n == int(call.values["n"]) and ping.body:
            return Response(200, ping.body, {"Content-Type": "text/plain"})
    return NOT_FOUND


def _list_flips(call: _Call, check: Check) -> Response:
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
    return json_response(200, {"flips": flips})


def _list_channels(call: _Call) -> Response:
    channels = [
        {"id": str(channel.id), "name": channel.name, "kind": channel.kind}
        for channel in call.project.channels
    ]
    return json_response(200, {"channels": channels})


def _list_badges(call: _Call) -> Response:
    return json_response(200, {"badges": badge_urls(call.service, call.project)})


_Handler = Callable[[_Call], Response]
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
