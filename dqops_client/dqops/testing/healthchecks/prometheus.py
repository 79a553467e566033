"""The metrics of a project, as Prometheus reads them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ..http.messages import Response
from .responses import FORBIDDEN, READING, UUID_PATTERN, empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..http.messages import Request
    from .checks import Check
    from .project import Project
    from .responses import View
    from .service import Service

__all__ = ["metrics_view"]

_PATH = re.compile(rf"/projects/{UUID_PATTERN}/(?:metrics/|(?:checks/)?metrics/([-a-zA-Z0-9_]+))")
_KEY_LENGTH = 32


def metrics_view(service: Service, path: str) -> View | None:
    """Find what responds to requests for the metrics of a project.

    Args:
        service: The server.
        path: The path, which begins with `/projects/`.

    Returns:
        What responds; None if the path belongs to nothing.
    """
    found = _PATH.fullmatch(path)
    # Only the key tells which project it is; the id in the path is not looked at.
    return None if found is None else partial(_metrics, service, found[1])


def _metrics(service: Service, key: str | None, request: Request) -> Response:
    if request.method not in READING:
        return FORBIDDEN
    if key is None:
        scheme, is_bearer, key = (
            request.headers.get("authorization", "").rstrip().partition("Bearer ")
        )
        if scheme or not is_bearer:
            return empty(401)
    if len(key) != _KEY_LENGTH:
        return empty(400)
    for project in service.projects:
        if project.read_only_key == key:
            body = "\n".join(_families(service, project))
            return Response(200, body.encode(), {"Content-Type": "text/plain"})
    return empty(403)


def _families(service: Service, project: Project) -> Iterator[str]:
    checks = [(_labels(check), check.status_at(service.now()), check) for check in project.checks]
    down = [check for _, status, check in checks if status == "down"]
    for name, meaning, values in (
        ("up", "1 unless the check is down", [status != "down" for _, status, _ in checks]),
        ("started", "1 during a run", [check.last_start is not None for _, _, check in checks]),
        ("grace", "1 while a ping is late", [status == "grace" for _, status, _ in checks]),
        ("paused", "1 while paused", [status == "paused" for _, status, _ in checks]),
    ):
        labels = (label for label, _, _ in checks)
        yield _family(f"hc_check_{name}", meaning, zip(labels, map(int, values), strict=True))
    down_tags = {tag for check in down for tag in check.tag_list}
    tags = ((f'{{tag="{_escaped(tag)}"}}', int(tag not in down_tags)) for tag in project.tags)
    yield _family("hc_tag_up", "1 unless a check with the tag is down", tags)
    yield _family("hc_checks_total", "number of checks", [("", len(checks))])
    yield _family("hc_checks_down_total", "number of checks that are down", [("", len(down))])


def _labels(check: Check) -> str:
    name, tags = _escaped(check.name), _escaped(check.tags)
    return f'{{name="{name}", tags="{tags}", unique_key="{check.unique_key}"}}'


def _family(name: str, meaning: str, values: Iterable[tuple[str, int]]) -> str:
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    return "\n".join([*lines, *(f"{name}{label} {value}" for label, value in values), ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
