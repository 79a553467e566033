"""The Pinging API: what jobs send, by UUID or by ping key and slug."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from uuid import UUID

from ..http.messages import Response
from .checks import Check, Ping
from .responses import LARGEST_BODY, TOO_LARGE, UUID_PATTERN, page, text

if TYPE_CHECKING:
    from ..http.messages import Request
    from .project import Project
    from .responses import View
    from .service import Service

__all__ = ["ping_view"]

_BY_UUID = re.compile(rf"(?P<uuid>{UUID_PATTERN})(?:/(?P<end>fail|start|log|[0-9]+)?)?")
_BY_SLUG = re.compile(
    r"(?P<key>[-a-zA-Z0-9_]+)/(?P<slug>[-a-zA-Z0-9_]+)(?:/(?P<end>fail|start|log|[0-9]+))?"
)
# The real server's pattern ends with `$`, and it fails on the line break that this lets pass.
_RUN_ID = re.compile(rf"{UUID_PATTERN}\n?", re.IGNORECASE)
_LARGEST_EXIT_STATUS = 255
_BAD_URL = text(400, "invalid url format")
_BAD_RUN_ID = text(400, "invalid uuid format")
_UNKNOWN = text(404, "not found")
_BROKEN = page(500, "Server Error (500)")


def ping_view(service: Service, path: str) -> View | None:
    """Find what responds to pings to a path.

    Args:
        service: The server.
        path: What follows `/ping/` in the path.

    Returns:
        What responds; None if no ping can have this path.
    """
    found = _BY_UUID.fullmatch(path)
    if found is not None:
        return partial(_ping_uuid, service, UUID(found["uuid"]), found["end"] or "")
    # What is not an action after a UUID is taken for a slug after a ping key.
    found = _BY_SLUG.fullmatch(path)
    if found is not None:
        return partial(_ping_slug, service, found["key"], found["slug"], found["end"] or "")
    return None


def _ping_uuid(service: Service, uuid: UUID, end: str, request: Request) -> Response:
    for project, check in service.all_checks():
        if check.uuid == uuid:
            return _ping(service, project, check, end, request)
    return _UNKNOWN


def _ping_slug(service: Service, ping_key: str, slug: str, end: str, request: Request) -> Response:
    if slug != slug.lower():
        return _BAD_URL
    project = next((each for each in service.projects if each.ping_key == ping_key), None)
    if project is None:
        return _UNKNOWN
    checks = project.by_slug(slug)
    if len(checks) > 1:
        return text(409, "ambiguous slug")
    if checks:
        return _ping(service, project, checks[0], end, request)
    may_create = _query(request).get("create", [""])[-1] == "1"
    if not may_create or len(project.checks) >= 2 * project.check_limit:
        return _UNKNOWN
    channels = {channel.id for channel in project.channels}
    check = Check(name=slug, slug=slug, channels=channels)
    project.checks.append(check)
    response = _ping(service, project, check, end, request)
    if response.status != 200:
        return response
    return Response(201, b"Created", response.headers)


def _ping(service: Service, project: Project, check: Check, end: str, request: Request) -> Response:
    exit_status = int(end) if end.isdigit() else None
    if exit_status is not None and exit_status > _LARGEST_EXIT_STATUS:
        return _BAD_URL
    if len(request.body) > LARGEST_BODY:
        return TOO_LARGE
    body = request.body[: service.ping_body_limit]
    kind = end or "success"
    if exit_status is not None:
        kind = "fail" if exit_status else "success"
    if check.methods and check.methods != request.method:
        kind = "ign"
    elif check.filter_http_body:
        try:
            kind = _kind_by_words(check, body.decode())
        except UnicodeDecodeError:
            return _BROKEN
    run_id = _query(request).get("rid", [None])[-1]
    if run_id is not None and not _RUN_ID.fullmatch(run_id):
        return _BAD_RUN_ID
    if run_id is not None and run_id.endswith("\n"):
        return _BROKEN
    received = Ping(
        n=0,
        kind=kind,
        created=service.now(),
        method=request.method,
        scheme=request.headers.get("x-forwarded-proto", "http"),
        remote_addr=_sender(request),
        user_agent=request.headers.get("user-agent", ""),
        rid=None if run_id is None else UUID(run_id),
        body=body or None,
        exit_status=exit_status,
    )
    check.take(received)
    check.prune(project.ping_log_limit)
    response = text(200, "OK")
    return Response(response.status, response.body, {**response.headers, **_headers(service)})


def _headers(service: Service) -> dict[str, str]:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    }
    if service.ping_body_limit is not None:
        headers["Ping-Body-Limit"] = str(service.ping_body_limit)
    return headers


def _query(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.query, keep_blank_values=True)


def _sender(request: Request) -> str:
    sender = request.headers.get("x-forwarded-for", "127.0.0.1").split(",")[0]
    # Some proxies add the port to an IPv4 address.
    return re.sub(r"((?:[^.]*\.){3}[^.:]*):.*", r"\1", sender)


def _kind_by_words(check: Check, body: str) -> str:
    for words, kind in (
        (check.failure_kw, "fail"),
        (check.success_kw, "success"),
        (check.start_kw, "start"),
    ):
        if any(word.strip() and word.strip() in body for word in words.split(",")):
            return kind
    return "fail" if check.filter_default_fail else "ign"
