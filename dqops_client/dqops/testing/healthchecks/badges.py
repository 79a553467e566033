"""Badges: their URLs, and what they show."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ..http.messages import Response
from .responses import CORS, FORBIDDEN, NOT_FOUND, READING, UUID_PATTERN, empty, json_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..http.messages import Request
    from .checks import Check
    from .project import Project
    from .responses import View
    from .service import Service

__all__ = ["badge_urls", "badge_view", "check_badge_url"]

_COLORS = {"up": "success", "late": "important", "down": "critical"}
_FORMS = ("svg", "json", "shields")
_WORD = r"[-a-zA-Z0-9_]+"
_OF_PROJECT = re.compile(rf"/badge/({_WORD})/({_WORD})(?:/([\w%~.-]+))?\.({_WORD})")
_OF_CHECK = re.compile(rf"/b/([0-9]+)/({UUID_PATTERN})\.({_WORD})")
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">'
    '<text x="4" y="14">{label} {status}</text></svg>'
)


def badge_urls(service: Service, project: Project) -> dict[str, dict[str, str]]:
    """Give the URLs of a project's badges.

    Args:
        service: The server.
        project: The project.

    Returns:
        The URLs by form, by tag; under `*` those for all checks.
    """
    found: dict[str, dict[str, str]] = {}
    for tag in (*project.tags, "*"):
        # The real server encodes a tag twice, because one encoding is gone when it reads the path.
        end = "" if tag == "*" else f"/{quote(quote(tag, safe=''), safe='')}"
        start = f"{service.site}badge/{project.badge_key}/{project.signature(tag)}"
        found[tag] = {
            f"{form}{'3' if not states else ''}": f"{start}{states}{end}.{form}"
            for form in ("svg", "json", "shields")
            for states in ("-2", "")
        }
    return found


def check_badge_url(service: Service, check: Check) -> str:
    """Give the URL of a check's badge.

    Args:
        service: The server.
        check: The check.

    Returns:
        The URL of the picture of two states.
    """
    return f"{service.site}b/2/{check.badge_id}.svg"


def badge_view(service: Service, path: str) -> View | None:
    """Find what responds to requests for a badge.

    Args:
        service: The server.
        path: The path, which begins with `/badge/` or `/b/`.

    Returns:
        What responds; None if no badge can have this path.
    """
    found = _OF_PROJECT.fullmatch(path)
    if found is not None:
        key, signature, tag, form = found.groups()
        tag = "*" if tag is None else unquote(tag)
        return _reading(partial(_project_badge, service, key, signature, tag, form))
    found = _OF_CHECK.fullmatch(path)
    if found is not None:
        states, badge_id, form = found.groups()
        return _reading(partial(_check_badge, service, badge_id, int(states), form))
    return None


def _reading(show: Callable[[], Response]) -> View:
    def respond(request: Request) -> Response:
        if request.method not in READING:
            return FORBIDDEN
        if request.method == "OPTIONS":
            shown = empty(204)
        else:
            shown = show() if request.method == "GET" else empty(405)
        return Response(shown.status, shown.body, {**shown.headers, **CORS})

    return respond


def _project_badge(service: Service, key: str, signature: str, tag: str, form: str) -> Response:
    for project in service.projects:
        # What follows the eight characters of the signature is not looked at.
        if project.badge_key == key and project.signature(tag) == signature[:8]:
            checks = [each for each in project.checks if tag == "*" or tag in each.tag_list]
            label = service.site_name if tag == "*" else tag
            has_late = not (len(signature) == 10 and signature.endswith("-2"))
            return _shown(service, checks, label, form, has_late=has_late)
    return empty(404)


def _check_badge(service: Service, badge_id: str, states: int, form: str) -> Response:
    if form not in _FORMS:
        return empty(404)
    for _, check in service.all_checks():
        if str(check.badge_id) == badge_id:
            label = check.name or str(check.uuid)
            return _shown(service, [check], label, form, has_late=states == 3)
    return NOT_FOUND


def _shown(
    service: Service, checks: Iterable[Check], label: str, form: str, *, has_late: bool
) -> Response:
    if form not in _FORMS:
        return empty(404)
    states = [check.status_at(service.now()) for check in checks]
    down, late = states.count("down"), states.count("grace")
    status = "down" if down else "late" if late and has_late else "up"
    if form == "svg":
        picture = _PICTURE.format(label=_escaped(label), status=status)
        return Response(200, picture.encode(), {"Content-Type": "image/svg+xml"})
    value: dict[str, Any] = {"status": status, "total": len(states), "grace": late, "down": down}
    if form == "shields":
        color = _COLORS[status]
        value = {"schemaVersion": 1, "label": label, "message": status, "color": color}
    return json_response(200, value)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
