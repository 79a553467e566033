"""A kind of service, and the question for its health with a client of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from .._runtime.public import doubled_segment, publish
from .report import HealthReport, Verdict
from .responses import ServiceResponse

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import ClassVar, Self

    from ..client.errors import TransportFailure

__all__ = ["HealthClient", "HealthOperation", "Probe", "Service"]


class HealthClient(Protocol):
    """A client of any generated package, with this package's runtime or a copy of it."""

    _package: ClassVar[str]

    @property
    def _config(self) -> Any: ...

    def _raising(self, *, timeout: float, retries: None, deadline: float) -> Self: ...


class HealthOperation(Protocol):
    """A generated operation that asks a service for its health."""

    def sync_detailed(self, *, client: Any) -> Any:
        """Ask."""
        ...

    async def asyncio_detailed(self, *, client: Any) -> Any:
        """Ask without blocking the event loop."""
        ...


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

    def verdict(self, response: ServiceResponse, url_path: str) -> Verdict:
        """Tell what a response means, where the URL of the service is known.

        Args:
            response: The response.
            url_path: The path in the URL of the service, such as that of a proxy.

        Returns:
            What it means.
        """
        segment = doubled_segment(url_path, self.path)
        if response.status == 404 and segment:
            return Verdict("refused", f"{response}: the URL must end before '/{segment}'")
        return self.judge(response)

    def probe(self, client: HealthClient, operation: HealthOperation) -> Probe:
        """Bind a client to the operation that asks for the health.

        Args:
            client: The client of the service.
            operation: The generated operation, a module with `sync_detailed` and
                `asyncio_detailed`.

        Returns:
            What `check` and `wait_until_healthy` take.
        """
        return Probe(self, client, operation)


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
        return self._report(self._judged(received), started)

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
        return self._report(self._judged(received), started)

    def _judged(self, received: ServiceResponse) -> Verdict:
        return self.service.verdict(received, urlsplit(self.client._config.base_url).path)

    def _view(self, timeout: float) -> HealthClient:
        # One request, one response: how often to ask is up to the caller. Where nothing is raised,
        # each response that is no success would be logged.
        return self.client._raising(timeout=timeout, retries=None, deadline=timeout)

    def _of_response(self, response: Any) -> ServiceResponse:
        content_type = response.headers.get("Content-Type", "")
        # A page for those who look for errors sends back what it got, with status 200.
        content = self.client._config.redactor().in_content(response.content)
        return ServiceResponse(int(response.status_code), content_type.lower(), content)

    def _report(self, verdict: Verdict, started: float) -> HealthReport:
        return HealthReport.of(self.service.name, verdict, time.monotonic() - started)


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


publish("health", (Probe, Service), package="dqops")
