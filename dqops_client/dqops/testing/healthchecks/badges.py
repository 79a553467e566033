"""Badges: their addresses, and what they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ..messages import Answer
from .answers import empty, json_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .checks import Check
    from .project import Project
    from .service import Service

__all__ = ["badge", "badge_addresses", "check_badge_address"]

_COLORS = {"up": "success", "late": "important", "down": "critical"}
_OF_PROJECT = re.compile(r"/badge/([^/]+)/([^/]+?)(-2)?(?:/([^/]+))?\.(svg|json|shields)")
_OF_CHECK = re.compile(r"/b/([23])/([0-9a-f-]{36})\.(svg|json|shields)")
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">'
    '<text x="4" y="14">{label} {status}</text></svg>'
)


def badge_addresses(service: Service, project: Project) -> dict[str, dict[str, str]]:
    """Give the addresses of a project's badges.

    Args:
        service: The server.
        project: The project.

    Returns:
        The addresses by form, by tag; under `*` those for all checks.
    """
    found: dict[str, dict[str, str]] = {}
    for tag in (*project.tags, "*"):
        end = "" if tag == "*" else f"/{quote(tag, safe='')}"
        start = f"{service.site}badge/{project.badge_key}/{project.signature(tag)}"
        found[tag] = {
            f"{form}{'3' if not states else ''}": f"{start}{states}{end}.{form}"
            for form in ("svg", "json", "shields")
            for states in ("-2", "")
        }
    return found


def check_badge_address(service: Service, check: Check) -> str:
    """Give the address of a check's badge.

    Args:
        service: The server.
        check: The check.

    Returns:
        The address of the picture of two states.
    """
    return f"{service.site}b/2/{check.badge_id}.svg"


def badge(service: Service, path: str) -> Answer:
    """Show a badge.

    Args:
        service: The server.
        path: The path, which begins with `/badge/` or `/b/`.

    Returns:
        The badge, or 404 without a body.
    """
    found = _OF_PROJECT.fullmatch(path)
    if found is not None:
        key, signature, states, tag, form = found.groups()
        tag = "*" if tag is None else unquote(tag)
        for project in service.projects:
            if project.badge_key == key and project.signature(tag) == signature:
                checks = [each for each in project.checks if tag == "*" or tag in each.tag_list]
                label = project.name if tag == "*" else tag
                return _shown(service, checks, label, form, has_late=not states)
    found = _OF_CHECK.fullmatch(path)
    if found is not None:
        states, badge_id, form = found.groups()
        for _, check in service.all_checks():
            if str(check.badge_id) == badge_id:
                return _shown(service, [check], check.name, form, has_late=states == "3")
    return empty(404)


def _shown(
    service: Service, checks: Iterable[Check], label: str, form: str, *, has_late: bool
) -> Answer:
    states = [check.status_at(service.now()) for check in checks]
    down, late = states.count("down"), states.count("grace")
    status = "down" if down else "late" if late and has_late else "up"
    if form == "svg":
        picture = _PICTURE.format(label=_escaped(label), status=status)
        return Answer(200, picture.encode(), {"Content-Type": "image/svg+xml"})
    value: dict[str, Any] = {"status": status, "total": len(states), "grace": late, "down": down}
    if form == "shields":
        color = _COLORS[status]
        value = {"schemaVersion": 1, "label": label, "message": status, "color": color}
    return json_answer(200, value)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
