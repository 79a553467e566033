"""The services that are known: where each is asked for its health, and what its responses mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..client.errors import describe_status, excerpt
from .report import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .probes import HealthClient, HealthOperation, Probe

__all__ = ["DQOPS", "HEALTHCHECKS", "MOSPARO", "SERVICES", "Service", "ServiceResponse"]


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


@dataclass(frozen=True)
class Service:
    """A kind of service.

    Args:
        name: Its name in reports.
        path: Where it is asked for its health, below its URL.
        judge: Tells what a response means.
        accept: The media types that the command `python -m dqops.health` asks for.
    """

    name: str
    path: str
    judge: Callable[[ServiceResponse], Verdict]
    accept: str = "application/json, text/plain"

    def probe(self, client: HealthClient, operation: HealthOperation) -> Probe:
        """Bind a client to the operation that asks for the health.

        Args:
            client: The client of the service.
            operation: The generated operation, a module with `sync_detailed` and
                `asyncio_detailed`.

        Returns:
            What `check` and `wait_until_healthy` take.
        """
        from .probes import Probe

        return Probe(self, client, operation)


def _judge_word(response: ServiceResponse) -> Verdict:
    """Judge the response of a service that says `OK`."""
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


def _judge_mosparo(response: ServiceResponse) -> Verdict:
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


#: The data quality platform itself.
DQOPS = Service("dqops", "/api/ishealthy", _judge_word)
#: Healthchecks.io, hosted or self-hosted.
HEALTHCHECKS = Service("healthchecks", "/api/v3/status/", _judge_word)
#: The spam protection mosparo.
MOSPARO = Service(
    "mosparo",
    "/api/v1/health/check",
    _judge_mosparo,
    accept="application/json",  # anything else makes its 404 a page
)

SERVICES = {service.name: service for service in (DQOPS, HEALTHCHECKS, MOSPARO)}
