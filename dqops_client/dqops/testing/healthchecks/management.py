"""The Management API: checks, their pings and flips, integrations and badges."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import UUID

from ..messages import Answer
from . import fields
from .answers import NOT_FOUND, empty, error, json_answer, text
from .badges import badge_addresses
from .checks import Check, wire_time
from .views import check_view, ping_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..messages import Request
    from .project import Project
    from .service import Service

__all__ = ["manage"]

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "X-Api-Key",
    "Access-Control-Max-Age": "600",
}
_KEY_LENGTH = 32
_IDENTIFIER = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40})"
_LIMITS = {"seconds": 31_536_000, "start": 10_000_000_000, "end": 10_000_000_000}


@dataclass(frozen=True)
class _Call:
    """A request to the API that has come through the door."""

    service: Service
    request: Request
    version: int
    project: Project
    is_read_only: bool
    identifier: str
    number: int

    @property
    def query(self) -> dict[str, list[str]]:
        """The query parameters."""
        return parse_qs(self.request.query, keep_blank_values=True)

    def find(self) -> Check | Answer:
        """Find the check that the path names, or the answer if there is none for this key."""
        if len(self.identifier) == 40:
            return self.project.by_unique_key(self.identifier) or empty(404)
        uuid = UUID(self.identifier)
        own = self.project.by_uuid(uuid)
        if own is not None:
            return own
        is_there = any(check.uuid == uuid for _, check in self.service.all_checks())
        return empty(403) if is_there else NOT_FOUND

    def shown(self, check: Check, status: int = 200) -> Answer:
        """Answer with a check."""
        view = check_view(check, self.service, version=self.version, is_read_only=self.is_read_only)
        return json_answer(status, view)


def manage(service: Service, version: int, path: str, request: Request) -> Answer:
    """Answer a request to the Management API.

    Args:
        service: The server.
        version: The version of the API, 1 to 3.
        path: What follows the version in the path, with the slash before it.
        request: The request.

    Returns:
        The answer.
    """
    if request.method == "OPTIONS":
        return Answer(204, b"", _CORS)
    for pattern, methods in _ROUTES.items():
        found = re.fullmatch(pattern, path)
        if found is None:
            continue
        answer = _dispatch(service, version, request, methods, found)
        return Answer(answer.status, answer.body, {**answer.headers, **_CORS})
    if any(re.fullmatch(pattern, f"{path}/") for pattern in _ROUTES if pattern.endswith("/")):
        query = f"?{request.query}" if request.query else ""
        return Answer(301, b"", {"Location": f"/api/v{version}{path}/{query}"})
    return NOT_FOUND


def _dispatch(
    service: Service,
    version: int,
    request: Request,
    methods: dict[str, tuple[str, Callable[[_Call], Answer]]],
    found: re.Match[str],
) -> Answer:
    if request.method not in methods:
        return empty(405)
    key_kind, handle = methods[request.method]
    if len(_sent_key(request, key_kind)) != _KEY_LENGTH:
        return error(401, "missing api key")
    values = found.groupdict()
    for project in service.projects:
        key = _sent_key(request, key_kind)
        is_read_only = key == project.read_only_key
        if key == project.api_key or (is_read_only and key_kind == "ro"):
            identifier, number = values.get("id") or "", int(values.get("n") or 0)
            return handle(
                _Call(service, request, version, project, is_read_only, identifier, number)
            )
    return error(401, "wrong api key")


def _sent_key(request: Request, key_kind: str) -> str:
    key = request.headers.get("x-api-key", "")
    if key or key_kind == "ro" or request.method != "POST":
        return key
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return ""
    sent = body.get("api_key", "") if isinstance(body, dict) else ""
    return sent if isinstance(sent, str) else ""


def _list_checks(call: _Call) -> Answer:
    tags, slugs = call.query.get("tag", []), call.query.get("slug", [])
    found = [
        check_view(check, call.service, version=call.version, is_read_only=call.is_read_only)
        for check in call.project.checks
        if set(tags) <= set(check.tag_list) and (not slugs or check.slug == slugs[-1])
    ]
    return json_answer(200, {"checks": found})


def _create_check(call: _Call) -> Answer:
    try:
        spec = fields.read_spec(call.request.body)
        found = _matching(spec, call.project)
        if found is None and len(call.project.checks) >= call.project.check_limit:
            return empty(403)
        check = Check() if found is None else found
        fields.apply(spec, check, call.project, call.version)
    except fields.RefusedSpecError as refused:
        return error(400, str(refused))
    if found is None:
        call.project.checks.append(check)
    return call.shown(check, 201 if found is None else 200)


def _matching(spec: dict[str, Any], project: Project) -> Check | None:
    names = spec.get("unique", [])
    if not names or not set(names) <= spec.keys():
        return None
    for check in project.checks:
        if check.schedule and "timeout" in names:
            continue
        if all(getattr(check, name) == spec[name] for name in names):
            return check
    return None


def _with_check(handle: Callable[[_Call, Check], Answer]) -> Callable[[_Call], Answer]:
    def find_and_handle(call: _Call) -> Answer:
        check = call.find()
        return check if isinstance(check, Answer) else handle(call, check)

    return find_and_handle


def _update_check(call: _Call, check: Check) -> Answer:
    try:
        fields.apply(fields.read_spec(call.request.body), check, call.project, call.version)
    except fields.RefusedSpecError as refused:
        return error(400, str(refused))
    return call.shown(check)


def _delete_check(call: _Call, check: Check) -> Answer:
    answer = call.shown(check)
    call.project.checks.remove(check)
    return answer


def _pause_check(call: _Call, check: Check) -> Answer:
    check.pause()
    return call.shown(check)


def _resume_check(call: _Call, check: Check) -> Answer:
    if check.status != "paused":
        return text(409, "check is not paused")
    check.resume()
    return call.shown(check)


def _list_pings(call: _Call, check: Check) -> Answer:
    start = f"{call.service.site}api/v{call.version}/checks/{check.uuid}/pings"
    return json_answer(200, {"pings": [ping_view(ping, start) for ping in reversed(check.pings)]})


def _get_ping_body(call: _Call, check: Check) -> Answer:
    for ping in check.pings:
        if ping.n == call.number and ping.body is not None:
            return Answer(200, ping.body, {"Content-Type": "text/plain"})
    return NOT_FOUND


def _list_flips(call: _Call, check: Check) -> Answer:
    limits: dict[str, int] = {}
    for name, largest in _LIMITS.items():
        for given in call.query.get(name, [])[-1:]:
            if not (given.isascii() and given.isdigit()) or int(given) > largest:
                return empty(400)
            limits[name] = int(given)
    since = call.service.now() - timedelta(seconds=limits.get("seconds", 0))
    flips = [
        {"timestamp": wire_time(flip.created), "up": int(flip.up)}
        for flip in reversed(check.flips)
        if ("seconds" not in limits or flip.created >= since)
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


_ROUTES: dict[str, dict[str, tuple[str, Callable[[_Call], Answer]]]] = {
    "/checks/": {"GET": ("ro", _list_checks), "POST": ("rw", _create_check)},
    f"/checks/{_IDENTIFIER}": {
        "GET": ("ro", _with_check(lambda call, check: call.shown(check))),
        "POST": ("rw", _with_check(_update_check)),
        "DELETE": ("rw", _with_check(_delete_check)),
    },
    f"/checks/{_IDENTIFIER}/pause": {"POST": ("rw", _with_check(_pause_check))},
    f"/checks/{_IDENTIFIER}/resume": {"POST": ("rw", _with_check(_resume_check))},
    f"/checks/{_IDENTIFIER}/pings/": {"GET": ("rw", _with_check(_list_pings))},
    rf"/checks/{_IDENTIFIER}/pings/(?P<n>\d+)/body": {"GET": ("rw", _with_check(_get_ping_body))},
    f"/checks/{_IDENTIFIER}/flips/": {"GET": ("ro", _with_check(_list_flips))},
    "/channels/": {"GET": ("rw", _list_channels)},
    "/badges/": {"GET": ("ro", _list_badges)},
}
