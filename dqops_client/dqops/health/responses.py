"""What came back from a service, and what the responses of the known services mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..client.errors import describe_status, excerpt
from .report import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ServiceResponse", "judge_mosparo", "judge_word"]


@dataclass(frozen=True)
class ServiceResponse:
    """What came back from a service.

    Args:
        status: The HTTP status.
        content_type: The Content-Type in lower case; empty for none.
        content: The body.
    """

    status: int
    content_type: str
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people, and not what a program asked for."""
        beginning = self.content[:512].lstrip().lower()
        return beginning.startswith((b"<!doctype", b"<html", b"<head", b"<body"))

    def __str__(self) -> str:
        body = f": {excerpt(self.content)}" if self.content else " and no body"
        return f"responded with {describe_status(self.status)}{body}"


def judge_word(response: ServiceResponse) -> Verdict:
    """Judge the response of a service that says `OK`.

    Args:
        response: The response.

    Returns:
        What it means.
    """
    word = response.content[:100].strip()
    if response.status == 200 and word == b"OK":
        return Verdict("healthy", "OK")
    if word == b"UNAVAILABLE":
        return Verdict("starting", f"{response}: it runs, and is not ready")
    return _judge_status(response)


def _judge_status(response: ServiceResponse) -> Verdict:
    if response.status == 503:
        return Verdict("starting", f"{response}: it is starting or overloaded")
    if response.status >= 500:
        return Verdict("unhealthy", str(response))
    if response.status in {401, 403, 404, 405}:
        return Verdict("refused", f"{response}: check the URL, and whether this caller may ask")
    if 300 <= response.status < 400:
        return Verdict("unexpected", f"{response}: the service has another URL")
    if response.is_page:
        return Verdict(
            "unexpected", f"{response}: a page of something else, such as a proxy's login"
        )
    return Verdict("unexpected", f"{response}: this is not what the service says")


def judge_mosparo(response: ServiceResponse) -> Verdict:
    """Judge the report of a mosparo.

    Args:
        response: The response.

    Returns:
        What it means.
    """
    if response.status == 404:
        return Verdict(
            "refused",
            f"{response}: not allowed, or a wrong URL; the server does not tell which. See its "
            "MOSPARO_HEALTH_ALLOW_LIST",
        )
    report = _mosparo_report(response)
    if report is None:
        return _judge_status(response)
    database = report.get("databaseStatus")
    detail = "database: not told"
    if isinstance(database, str):
        # What the server sends may hold anything, line breaks for a log among it.
        detail = f"database: {database if database.isprintable() else excerpt(database)}"
    if report["healthy"] is False:
        error = report.get("error")
        return Verdict("unhealthy", f"{detail}; {excerpt(str(error))}" if error else detail)
    if report["healthy"] is None:
        return Verdict(
            "healthy", f"{detail}; the server responds, and was told not to look further"
        )
    return Verdict("healthy", detail)


def _mosparo_report(response: ServiceResponse) -> Mapping[str, Any] | None:
    # 500 carries the same report as 200.
    if response.status not in {200, 500}:
        return None
    from json import loads

    try:
        report = loads(response.content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(report, dict) or report.get("service") != "mosparo":
        return None
    known = isinstance(report.get("healthy", ""), bool) or report.get("healthy", "") is None
    return report if known else None
