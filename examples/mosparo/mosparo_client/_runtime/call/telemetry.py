# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Spans of OpenTelemetry, for programs that use it.

Nothing here is imported before the program itself has imported `opentelemetry.trace`. Without a
tracer provider, spans cost next to nothing and go nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

# The program has it: see `_calls`.
from opentelemetry import trace  # type: ignore[import-not-found, unused-ignore]  # pyright: ignore[reportMissingImports]

from ..._identity import NAME, PUBLIC_PACKAGE
from ..settings.shown import shown_url
from ..transport.failures import TransportFailure

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from ..declare.messages import RawResponse, Request
    from ..declare.operation import Operation
    from ..settings.config import Config

__all__ = ["Span"]


class Span:
    """The span of a call, for a `with` block.

    The spans that the instrumentation of httpx makes, one for each request that is sent, are below
    it. It has no header, no query and no body.

    Args:
        operation: What is called.
        config: The settings of the client.
        request: The request.
    """

    def __init__(
        self,
        operation: Operation,
        config: Config,
        request: Request,
    ) -> None:
        self._operation = operation
        self._entered: AbstractContextManager[trace.Span] = trace.get_tracer(
            PUBLIC_PACKAGE
        ).start_as_current_span(
            f"{NAME} {operation.name}",
            # What went wrong is told by attributes: a recorded exception would hold a traceback.
            record_exception=False,
            set_status_on_exception=False,
            attributes={
                f"{NAME}.operation": operation.name,
                "http.request.method": operation.method,
                "url.template": operation.path,
                "url.path": shown_url(operation, request.path),
                "server.address": urlsplit(config.base_url).hostname or "",
            },
        )

    def received(self, response: RawResponse) -> None:
        """Note the response.

        Args:
            response: The response.
        """
        status = response.status_code
        self._span.set_attribute("http.response.status_code", status)
        self._span.set_attribute(f"{NAME}.attempts", response.attempts)
        if status >= 400 and status not in self._operation.results:
            self._fail(str(status))

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
            self._span.set_attribute(f"{NAME}.attempts", exc_value.attempts)
        self._entered.__exit__(exc_type, exc_value, traceback)
