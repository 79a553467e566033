"""What is known about a service at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from .._runtime.public import publish

if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["SHORTEST_QUESTION", "HealthReport", "Status", "Verdict", "more_telling"]

#: Seconds that the last request has, so that there can be a response at all.
SHORTEST_QUESTION = 0.05

#: `healthy`: it says so. `starting`: it responds, and is not ready. `unhealthy`: it says so, or
#: fails. `refused`: it does not respond to this caller, or the URL is wrong.
#: `unexpected`: something else responds. `unreachable`: nothing does. `timeout`: nothing responds
#: in time. `untrusted`: TLS fails.
Status: TypeAlias = Literal[
    "healthy",
    "starting",
    "unhealthy",
    "refused",
    "unexpected",
    "unreachable",
    "timeout",
    "untrusted",
]


@dataclass(frozen=True)
class Verdict:
    """What a response, or its absence, says about a service.

    Attributes:
        status: The state.
        detail: In words, for whoever is on call.
    """

    status: Status
    detail: str


@dataclass(frozen=True)
class HealthReport:
    """What is known about a service at a moment. A report of a healthy service is true.

    Attributes:
        service: The name of the service, such as `dqops`.
        healthy: Whether it can be used.
        status: `healthy`, `starting` (it responds, and is not ready), `unhealthy` (it says so, or
            fails), `refused` (not allowed, or a wrong URL), `unexpected` (something else
            responds, such as the login page of a proxy), `unreachable` (nothing does), `timeout`
            (nothing responds in time) or `untrusted` (TLS fails).
        detail: The same in words, for whoever is on call.
        latency: Seconds from the request to the response, or until it was given up.
        checked_at: When it was known, in UTC.
    """

    service: str
    healthy: bool
    status: Status
    detail: str
    latency: float
    checked_at: datetime

    @classmethod
    def of(cls, service: str, verdict: Verdict, latency: float) -> HealthReport:
        """Make a report about this moment.

        Args:
            service: The name of the service.
            verdict: What is known.
            latency: Seconds that it took to know.

        Returns:
            The report.
        """
        now = datetime.now(UTC)
        healthy = verdict.status == "healthy"
        return cls(service, healthy, verdict.status, verdict.detail, latency, now)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON.

        Returns:
            A dictionary with the attributes; the time as an ISO 8601 string.
        """
        return {
            "service": self.service,
            "healthy": self.healthy,
            "status": self.status,
            "detail": self.detail,
            "latency": round(self.latency, 6),
            "checked_at": self.checked_at.isoformat(),
        }

    def __bool__(self) -> bool:
        return self.healthy

    def __str__(self) -> str:
        return f"{self.service}: {self.status} after {self.latency:.3f} s: {self.detail}"


def more_telling(
    report: HealthReport, earlier: HealthReport | None, *, is_cut_short: bool
) -> HealthReport:
    """Choose the report of a service that was asked before.

    At the end of the time to wait there may be hardly any time left for a response. That none came
    then says less than the response before.

    Args:
        report: The last report.
        earlier: The one before; None for none.
        is_cut_short: Whether the last question had less time than others have.

    Returns:
        One of them.
    """
    if is_cut_short and report.status == "timeout" and earlier is not None and not earlier.healthy:
        return earlier
    return report


publish("health", (HealthReport,), package="dqops")
