"""Asking a service for its health with a client of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from .report import HealthReport, Verdict
from .services import DQOPS, Service, ServiceResponse

if TYPE_CHECKING:
    from types import ModuleType
    from typing import ClassVar, Self, TypeAlias

    from ..client.client import AuthenticatedClient, Client
    from ..client.errors import TransportFailure

__all__ = ["DEFAULT_TIMEOUT", "Checkable", "HasHealth", "Probe", "check", "check_async", "probe_of"]

#: Seconds for one question.
DEFAULT_TIMEOUT = 5.0


class HealthClient(Protocol):
    """A client of any generated package, with this package's runtime or a copy of it."""

    _package: ClassVar[str]
    raise_on_unexpected_status: bool

    @property
    def _config(self) -> Any: ...

    def with_options(self, *, timeout: float, retries: None, deadline: float) -> Self:
        """Make a view of the client."""
        ...


class HealthOperation(Protocol):
    """A generated operation that asks a service for its health."""

    def sync_detailed(self, *, client: Any) -> Any:
        """Ask."""
        ...

    async def asyncio_detailed(self, *, client: Any) -> Any:
        """Ask without blocking the event loop."""
        ...


@dataclass(frozen=True)
class Probe:
    """A question for the health of one service.

    Args:
        service: The kind of the service, which tells what the responses mean.
        client: The client of the service.
        operation: The generated operation that asks.
    """

    service: Service
    client: HealthClient
    operation: HealthOperation

    def ask(self, timeout: float) -> HealthReport:
        """Ask once.

        Args:
            timeout: Seconds until it is given up.

        Returns:
            The report.
        """
        started = time.monotonic()
        errors = _errors_of(self.client)
        try:
            received = self._of_response(self.operation.sync_detailed(client=self._view(timeout)))
        except (errors.UnexpectedStatus, errors.DecodeError) as error:
            received = _of_error(error)
        except errors.TransportFailure as failure:
            return self._report(_of_failure(failure, errors), started)
        return self._report(self.service.judge(received), started)

    async def ask_async(self, timeout: float) -> HealthReport:
        """Ask once, without blocking the event loop.

        Args:
            timeout: Seconds until it is given up.

        Returns:
            The report.
        """
        started = time.monotonic()
        errors = _errors_of(self.client)
        try:
            response = await self.operation.asyncio_detailed(client=self._view(timeout))
            received = self._of_response(response)
        except (errors.UnexpectedStatus, errors.DecodeError) as error:
            received = _of_error(error)
        except errors.TransportFailure as failure:
            return self._report(_of_failure(failure, errors), started)
        return self._report(self.service.judge(received), started)

    def _view(self, timeout: float) -> HealthClient:
        # One request, one response: how often to ask is up to the caller.
        view = self.client.with_options(retries=None, timeout=timeout, deadline=timeout)
        view.raise_on_unexpected_status = True  # otherwise each such response would be logged
        return view

    def _of_response(self, response: Any) -> ServiceResponse:
        content_type = response.headers.get("Content-Type", "")
        # A page for those who look for errors sends back what it got, with status 200.
        content = self.client._config.redactor().in_content(response.content)
        return ServiceResponse(int(response.status_code), content_type.lower(), content)

    def _report(self, verdict: Verdict, started: float) -> HealthReport:
        return HealthReport.of(self.service.name, verdict, time.monotonic() - started)


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


def check(client: Checkable, *, timeout: float = DEFAULT_TIMEOUT) -> HealthReport:
    """Ask a service for its health, once.

    Args:
        client: A client of DQOps (`dqops.client`) or of Healthchecks.io
            (`dqops.integrations.healthchecks_io`); for other services what `Service.probe` gives,
            as in `check(MOSPARO.probe(client, check_health))`.
        timeout: Seconds until it is given up.

    Returns:
        The report, whatever the service does; an unhealthy or unreachable one raises nothing.

    Raises:
        TypeError: There is no way to ask with this client.
        InvalidRequest: The client, or the timeout, cannot be used.
    """
    return probe_of(client).ask(timeout)


async def check_async(client: Checkable, *, timeout: float = DEFAULT_TIMEOUT) -> HealthReport:
    """Ask a service for its health, once, without blocking the event loop.

    Args:
        client: As for `check`.
        timeout: Seconds until it is given up.

    Returns:
        The report, whatever the service does; an unhealthy or unreachable one raises nothing.

    Raises:
        TypeError: There is no way to ask with this client.
        InvalidRequest: The client, or the timeout, cannot be used.
    """
    return await probe_of(client).ask_async(timeout)


def _errors_of(client: HealthClient) -> ModuleType:
    """Find the errors that a client raises; those of a copied runtime are others than ours."""
    return import_module(f"{client._package}.errors")


def _of_error(error: Any) -> ServiceResponse:
    headers = getattr(error, "headers", None)
    if headers is not None:
        headers = {name.lower(): value for name, value in error.headers.items()}
        return ServiceResponse(
            error.status_code, headers.get("content-type", "").lower(), error.content
        )
    return ServiceResponse(
        error.status_code or 0, (error.content_type or "").lower(), error.content or b""
    )


def _of_failure(failure: TransportFailure, errors: ModuleType) -> Verdict:
    text = str(failure)
    if isinstance(failure, errors.TLSFailure):
        return Verdict("untrusted", text)
    if isinstance(failure, errors.TimeoutFailure):
        return Verdict("timeout", text)
    # A connection that broke is passing; something that speaks another language is there to stay.
    if (
        isinstance(failure, (errors.BodyTooLarge, errors.ProtocolFailure))
        and not failure.is_transient
    ):
        return Verdict("unexpected", text)
    return Verdict("unreachable", text)
