"""Spans of OpenTelemetry, for programs that use it.

Nothing here is imported before the program itself has imported `opentelemetry.trace`. Without a
tracer provider, spans cost next to nothing and go nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

# The program has it: see `_calls`.
from opentelemetry import trace  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

from ..exchange.reading import OUTCOME
from ..transport.failures import TransportFailure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from ...client.client import AuthenticatedClient, Client
    from ..declare.operation import Operation
    from ..settings.http import HttpxResponse

__all__ = ["Span"]


class Span:
    """The span of a call, for a `with` block.

    The spans that the instrumentation of httpx makes, one for each request that is sent, are below
    it. It has no header, no query and no body.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: The arguments of the request.
    """

    def __init__(
        self,
        operation: Operation,
        client: AuthenticatedClient | Client,
        request: Mapping[str, Any],
    ) -> None:
        self._operation = operation
        self._entered: AbstractContextManager[trace.Span] = trace.get_tracer(
            "dqops.client"
        ).start_as_current_span(
            f"dqops {operation.name}",
            # What went wrong is told by attributes: a recorded exception would hold a traceback.
            record_exception=False,
            set_status_on_exception=False,
            attributes={
                "dqops.operation": operation.name,
                "http.request.method": operation.method,
                "url.template": operation.path,
                "url.path": operation.show_address(request["url"]),
                "server.address": urlsplit(client._base_url).hostname or "",
            },
        )

    def answered(self, response: HttpxResponse) -> HttpxResponse:
        """Note the answer.

        Args:
            response: The answer.

        Returns:
            The same answer.
        """
        outcome: Mapping[str, Any] = response.extensions.get(OUTCOME, {})
        status = response.status_code
        self._span.set_attribute("http.response.status_code", status)
        self._span.set_attribute("dqops.attempts", outcome.get("attempts", 1))
        if status >= 400 and status not in self._operation.results:
            self._fail(str(status))
        return response

    def _fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(trace.StatusCode.ERROR)

    def __enter__(self) -> Self:
        self._span = self._entered.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is not None:
            self._fail(exc_type.__name__)
        if isinstance(exc_value, TransportFailure):
            self._span.set_attribute("dqops.attempts", exc_value.attempts)
        self._entered.__exit__(exc_type, exc_value, traceback)
