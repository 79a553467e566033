"""Checks and pings as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .badges import check_badge_url
from .checks import wire_time

if TYPE_CHECKING:
    from .checks import Check, Ping
    from .service import Service

__all__ = ["check_view", "ping_view"]

_SAME = (
    "name",
    "slug",
    "tags",
    "desc",
    "grace",
    "n_pings",
    "manual_resume",
    "methods",
    "start_kw",
    "success_kw",
    "failure_kw",
    "filter_subject",
    "filter_body",
    "filter_http_body",
    "filter_default_fail",
)


def check_view(
    check: Check, service: Service, *, version: int, is_read_only: bool
) -> dict[str, Any]:
    """Show a check.

    Args:
        check: The check.
        service: The server.
        version: The version of the API.
        is_read_only: Whether the caller's key can only read.

    Returns:
        The fields of the API.
    """
    view: dict[str, Any] = {name: getattr(check, name) for name in _SAME}
    view |= {
        "status": check.status_at(service.now(), with_started=version == 1),
        "started": check.last_start is not None,
        "last_ping": wire_time(check.last_ping),
        "next_ping": wire_time(check.expected_at()),
        "subject": check.success_kw if check.filter_subject else "",
        "subject_fail": check.failure_kw if check.filter_subject else "",
        "badge_url": check_badge_url(service, check),
    }
    if check.last_duration:  # a run of no time at all has none
        view["last_duration"] = int(check.last_duration.total_seconds())
    if is_read_only:
        view["unique_key"] = check.unique_key
    else:
        url = f"{service.site}api/v{version}/checks/{check.uuid}"
        view |= {
            "uuid": str(check.uuid),
            "ping_url": f"{service.site}ping/{check.uuid}",
            "update_url": url,
            "pause_url": f"{url}/pause",
            "resume_url": f"{url}/resume",
            "channels": ",".join(sorted(map(str, check.channels))),
        }
    if check.schedule:
        view |= {"schedule": check.schedule, "tz": check.tz}
    else:
        view["timeout"] = check.timeout
    return view


def ping_view(ping: Ping, url: str) -> dict[str, Any]:
    """Show a ping.

    Args:
        ping: The ping.
        url: Where the pings of its check are, without a slash at the end.

    Returns:
        The fields of the API.
    """
    view: dict[str, Any] = {
        "type": ping.kind,
        "date": ping.created.isoformat(),
        "n": ping.n,
        "scheme": ping.scheme,
        "remote_addr": ping.remote_addr,
        "method": ping.method,
        "ua": ping.user_agent,
        "rid": None if ping.rid is None else str(ping.rid),
        "body_url": None if ping.body is None else f"{url}/{ping.n}/body",
    }
    if ping.duration is not None:
        view["duration"] = round(ping.duration.total_seconds(), 2)
    return view
