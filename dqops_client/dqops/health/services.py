"""The services that are known, and how to ask one for its health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from .._runtime.public import publish
from .._runtime.settings.checks import as_seconds
from .probes import Probe, Service
from .responses import judge_mosparo, judge_word

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import TypeAlias

    from ..client.client import AuthenticatedClient, Client
    from .report import HealthReport

__all__ = [
    "DEFAULT_TIMEOUT",
    "DQOPS",
    "HEALTHCHECKS",
    "MOSPARO",
    "SERVICES",
    "Checkable",
    "HasHealth",
    "check",
    "check_async",
    "probe_of",
]

#: Seconds for one question.
DEFAULT_TIMEOUT = 5.0

#: The data quality platform itself.
DQOPS = Service("dqops", "/api/ishealthy", judge_word)
#: Healthchecks.io, hosted or self-hosted.
HEALTHCHECKS = Service("healthchecks", "/api/v3/status/", judge_word)
#: The spam protection mosparo.
MOSPARO = Service(
    "mosparo",
    "/api/v1/health/check",
    judge_mosparo,
    accept="application/json",  # anything else makes its 404 a page
)

SERVICES = {service.name: service for service in (DQOPS, HEALTHCHECKS, MOSPARO)}


@runtime_checkable
class HasHealth(Protocol):
    """A client that knows how its service is asked for its health."""

    def health_probe(self) -> Probe:
        """Give the question."""
        ...


Checkable: TypeAlias = "AuthenticatedClient | Client | HasHealth | Probe"


def probe_of(client: Checkable) -> Probe:
    """Find out how a service is asked for its health.

    Args:
        client: A client of DQOps, a client that has `health_probe`, or a probe.

    Returns:
        The question.

    Raises:
        TypeError: It is none of these.
    """
    if isinstance(client, Probe):
        return client
    if isinstance(client, HasHealth):
        return client.health_probe()
    from ..client.api.healthcheck import is_healthy
    from ..client.client import AuthenticatedClient, Client

    if isinstance(client, (AuthenticatedClient, Client)):
        return DQOPS.probe(client, is_healthy)
    raise TypeError(
        f"{type(client).__name__} is not a client whose service can be probed: pass a client of "
        "DQOps, an object with health_probe(), or Service.probe(client, operation)"
    )


def check(client: Checkable, *, timeout: float | timedelta = DEFAULT_TIMEOUT) -> HealthReport:
    """Ask a service for its health, once.

    Args:
        client: A client of DQOps (`dqops.client`) or of Healthchecks.io
            (`dqops.integrations.healthchecks_io`); for other services what `Service.probe` gives,
            as in `check(MOSPARO.probe(client, check_health))`.
        timeout: Seconds until it is given up, or a timedelta.

    Returns:
        The report, whatever the service does; an unhealthy or unreachable one raises nothing.

    Raises:
        TypeError: There is no way to ask with this client.
        InvalidRequest: The client, or the timeout, cannot be used.
    """
    return probe_of(client).ask(as_seconds(timeout))


async def check_async(
    client: Checkable, *, timeout: float | timedelta = DEFAULT_TIMEOUT
) -> HealthReport:
    """Ask a service for its health, once, without blocking the event loop.

    Args:
        client: As for `check`.
        timeout: Seconds until it is given up, or a timedelta.

    Returns:
        The report, whatever the service does; an unhealthy or unreachable one raises nothing.

    Raises:
        TypeError: There is no way to ask with this client.
        InvalidRequest: The client, or the timeout, cannot be used.
    """
    return await probe_of(client).ask_async(as_seconds(timeout))


publish("health", (HasHealth,), package="dqops")
