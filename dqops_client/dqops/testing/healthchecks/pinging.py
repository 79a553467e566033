"""The Pinging API: what jobs send, by UUID or by ping key and slug."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote
from uuid import UUID

from ..messages import Answer
from .answers import NOT_FOUND, page, text
from .checks import Check, Ping

if TYPE_CHECKING:
    from ..messages import Request
    from .project import Project
    from .service import Service

__all__ = ["ping"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[A-Za-z0-9_-]+")
_KINDS = {"": "success", "start": "start", "fail": "fail", "log": "log"}
# The framework reads no larger body.
_LONGEST_BODY = 2_621_440
_BAD_ADDRESS = text(400, "invalid url format")
_BAD_RUN_ID = text(400, "invalid uuid format")
_UNKNOWN = text(404, "not found")


@dataclass(frozen=True)
class _Address:
    """What the path of a ping says."""

    kind: str
    exit_status: int | None
    uuid: UUID | None = None
    ping_key: str = ""
    slug: str = ""


def ping(service: Service, path: str, request: Request) -> Answer:
    """Take a ping.

    Args:
        service: The server.
        path: What follows `/ping/` in the path.
        request: The request.

    Returns:
        The answer.
    """
    address = _read_address(path)
    if isinstance(address, Answer):
        return address
    if len(request.body) > _LONGEST_BODY:
        return page(400, "Bad Request")
    query = parse_qs(request.query, keep_blank_values=True)
    found = _find(service, address, may_create=query.get("create", [""])[-1] == "1")
    if isinstance(found, Answer):
        return found
    project, check, is_new = found
    run_ids = query.get("rid", [])
    if run_ids and not _UUID.fullmatch(run_ids[-1].lower()):
        return _BAD_RUN_ID
    received = Ping(
        n=0,
        kind=address.kind,
        created=service.now(),
        method=request.method,
        user_agent=request.headers.get("user-agent", ""),
        rid=UUID(run_ids[-1]) if run_ids else None,
        body=request.body[: service.ping_body_limit] or None,
        exit_status=address.exit_status,
    )
    if check.filter_http_body:
        try:
            received.kind = _kind_by_words(check, request.body.decode())
        except UnicodeDecodeError:
            return page(500, "Server Error (500)")
    check.take(received)
    check.prune(project.ping_log_limit)
    answer = text(201, "Created") if is_new else text(200, "OK")
    return Answer(answer.status, answer.body, {**answer.headers, **_headers(service)})


def _headers(service: Service) -> dict[str, str]:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    }
    if service.ping_body_limit is not None:
        headers["Ping-Body-Limit"] = str(service.ping_body_limit)
    return headers


def _read_address(path: str) -> _Address | Answer:
    steps = [unquote(step) for step in path.split("/")]
    if _UUID.fullmatch(steps[0]) and len(steps) <= 2:
        action = _read_action("".join(steps[1:]))
        if isinstance(action, Answer):
            return action
        if action is not None:
            return _Address(*action, uuid=UUID(steps[0]))
    # What is no action after a UUID is taken for a slug after a ping key.
    if len(steps) not in {2, 3} or not all(_SLUG.fullmatch(step) for step in steps):
        return NOT_FOUND
    action = _read_action("".join(steps[2:]))
    if action is None:
        return NOT_FOUND
    if isinstance(action, Answer):
        return action
    if steps[1] != steps[1].lower():
        return _BAD_ADDRESS
    return _Address(*action, ping_key=steps[0], slug=steps[1])


def _read_action(step: str) -> tuple[str, int | None] | Answer | None:
    """Read the end of a path: a kind and an exit status, a refusal, or None for something else."""
    if step in _KINDS:
        return _KINDS[step], None
    if not (step.isascii() and step.isdigit()):
        return None
    if len(step) > 3 or int(step) > 255:
        return _BAD_ADDRESS
    return ("success" if int(step) == 0 else "fail"), int(step)


def _find(
    service: Service, address: _Address, *, may_create: bool
) -> tuple[Project, Check, bool] | Answer:
    if address.uuid is not None:
        for project, check in service.all_checks():
            if check.uuid == address.uuid:
                return project, check, False
        return _UNKNOWN
    for project in service.projects:
        if project.ping_key != address.ping_key:
            continue
        checks = project.by_slug(address.slug)
        if len(checks) > 1:
            return text(409, "ambiguous slug")
        if checks:
            return project, checks[0], False
        if may_create and len(project.checks) < 2 * project.check_limit:
            channels = {channel.id for channel in project.channels}
            created = Check(name=address.slug, slug=address.slug, channels=channels)
            project.checks.append(created)
            return project, created, True
    return _UNKNOWN


def _kind_by_words(check: Check, body: str) -> str:
    for words, kind in (
        (check.failure_kw, "fail"),
        (check.success_kw, "success"),
        (check.start_kw, "start"),
    ):
        if any(word.strip() and word.strip() in body for word in words.split(",")):
            return kind
    return "fail" if check.filter_default_fail else "ign"
