"""A call from its beginning to its end: one request, or several where one of them failed."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from . import _http
from ._answer import OUTCOME, read_answer
from ._failures import TransportFailure
from ._logging import log_answer, log_failure, log_repetition, logger
from ._retries import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._http import OpenStream
    from ._http_settings import HttpxResponse
    from ._operation import Operation
    from ._response import Response
    from .client import AuthenticatedClient, Client

__all__ = ["call", "call_async", "open_stream", "open_stream_async"]

# Tests replace it.
_sleep = time.sleep

_FIRST_FAILURE = 400  # the lowest status that may be worth another attempt


def call(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> Response[Any]:
    """Send a request, again if need be, and read the answer; see `Operation.call`.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: The arguments of `httpx.Client.request`.

    Returns:
        The last answer.

    Raises:
        UnexpectedStatus: The answer is no success, and the client raises on that.
        DecodeError: The body is not what the specification says.
        TransportFailure: No answer came, or none that could be read.
    """
    if "opentelemetry.trace" in sys.modules:
        from ._telemetry import Span

        with Span(operation, client, request) as span:
            response = span.answered(_send(operation, client, request))
    else:
        response = _send(operation, client, request)
    return read_answer(operation, client, response)


async def call_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> Response[Any]:
    """Send a request, again if need be, and read the answer; see `Operation.call_async`.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: The arguments of `httpx.AsyncClient.request`.

    Returns:
        The last answer.

    Raises:
        UnexpectedStatus: The answer is no success, and the client raises on that.
        DecodeError: The body is not what the specification says.
        TransportFailure: No answer came, or none that could be read.
    """
    if "opentelemetry.trace" in sys.modules:
        from ._telemetry import Span

        with Span(operation, client, request) as span:
            response = span.answered(await _send_async(operation, client, request))
    else:
        response = await _send_async(operation, client, request)
    return read_answer(operation, client, response)


def open_stream(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    """Send a request, again if need be, and read the head of the answer.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: The arguments of `httpx.Client.request`.

    Returns:
        The last answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    if "opentelemetry.trace" in sys.modules:
        from ._telemetry import Span

        with Span(operation, client, request) as span:
            opened = _open_stream(operation, client, request)
            span.answered(opened.response)
            return opened
    return _open_stream(operation, client, request)


def _open_stream(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    call = _Call(operation, client, request)
    while True:
        try:
            opened = _http.open_stream(client, call.request, operation=operation.name, end=call.end)
        except TransportFailure as failure:
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            pause = call.pause_after_answer(opened.response)
            if pause is None:
                return opened
            opened.close()
        _sleep(pause)


async def open_stream_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    """Send a request, again if need be, and read the head of the answer; see `open_stream`.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: The arguments of `httpx.AsyncClient.request`.

    Returns:
        The last answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    if "opentelemetry.trace" in sys.modules:
        from ._telemetry import Span

        with Span(operation, client, request) as span:
            opened = await _open_stream_async(operation, client, request)
            span.answered(opened.response)
            return opened
    return await _open_stream_async(operation, client, request)


async def _open_stream_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    call = _Call(operation, client, request)
    while True:
        try:
            opened = await _http.open_stream_async(
                client, call.request, operation=operation.name, end=call.end
            )
        except TransportFailure as failure:
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            pause = call.pause_after_answer(opened.response)
            if pause is None:
                return opened
            await opened.aclose()
        await _sleep_async(pause)


# In these two, the call that succeeds at once is what has to be fast.
def _send(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> HttpxResponse:
    started = time.monotonic()
    call: _Call | None = None
    end: float | None = None
    if client._is_special:
        call = _Call(operation, client, request, started)
        request, end = call.request, call.end
    while True:
        try:
            response = _http.send(client, request, operation=operation.name, end=end)
        except TransportFailure as failure:
            call = call or _Call(operation, client, request, started)
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            if call is None and response.status_code < _FIRST_FAILURE:
                if logger.isEnabledFor(logging.DEBUG):
                    _log(operation, request, response, started)
                return response
            call = call or _Call(operation, client, request, started)
            pause = call.pause_after_answer(response)
            if pause is None:
                return response
        _sleep(pause)


async def _send_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> HttpxResponse:
    started = time.monotonic()
    call: _Call | None = None
    end: float | None = None
    if client._is_special:
        call = _Call(operation, client, request, started)
        request, end = call.request, call.end
    while True:
        try:
            response = await _http.send_async(client, request, operation=operation.name, end=end)
        except TransportFailure as failure:
            call = call or _Call(operation, client, request, started)
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            if call is None and response.status_code < _FIRST_FAILURE:
                if logger.isEnabledFor(logging.DEBUG):
                    _log(operation, request, response, started)
                return response
            call = call or _Call(operation, client, request, started)
            pause = call.pause_after_answer(response)
            if pause is None:
                return response
        await _sleep_async(pause)


async def _sleep_async(seconds: float) -> None:
    import anyio  # see `_deadline`

    await anyio.sleep(seconds)


def _log(
    operation: Operation, request: Mapping[str, Any], response: HttpxResponse, started: float
) -> None:
    log_answer(operation, request, response.status_code, time.monotonic() - started, 1)


class _Call:
    """The attempts of a call, and whether there is to be another one."""

    __slots__ = (
        "_attempts",
        "_client",
        "_is_unsent",
        "_operation",
        "_reason",
        "_started",
        "end",
        "request",
    )

    def __init__(
        self,
        operation: Operation,
        client: AuthenticatedClient | Client,
        request: Mapping[str, Any],
        started: float | None = None,
    ) -> None:
        self._operation = operation
        self._client = client
        self._started = time.monotonic() if started is None else started
        self._attempts = 0
        self._is_unsent = True
        self._reason = ""
        #: The arguments of the request, with what the client says about each.
        self.request = client._with_options(request)
        #: When the time of the call is over, by `time.monotonic`; None for never.
        self.end = None if client._deadline is None else self._started + client._deadline

    def pause_after_failure(self, failure: TransportFailure) -> float | None:
        """Decide what follows on an attempt without an answer.

        Args:
            failure: What it raised; if nothing follows, it is completed.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        self._is_unsent = self._is_unsent and failure.is_unsent
        pause = None
        if failure.is_passing and (failure.is_unsent or self._operation.is_repeatable):
            pause = self._pause(None)
        if pause is None:
            failure.complete(
                url=self._operation.show_address(failure.url),
                attempts=self._attempts,
                elapsed=self._elapsed(),
                is_unsent=self._is_unsent,
                reason=self._reason,
            )
            log_failure(self._operation, self.request, failure)
        else:
            self._log_repetition(type(failure).__name__, pause)
        return pause

    def pause_after_answer(self, response: HttpxResponse) -> float | None:
        """Decide what follows on an answer.

        Args:
            response: The answer; if nothing follows, it gets to know about the attempts.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        self._is_unsent = False
        pause = None
        status = response.status_code
        retries = self._client._retries
        if (
            retries is not None
            and status in retries.statuses
            and status not in self._operation.results
            and self._operation.is_repeatable
        ):
            pause = self._pause(retry_after(response.headers))
        if pause is None:
            elapsed = self._elapsed()
            response.extensions[OUTCOME] = {
                "attempts": self._attempts,
                "elapsed": elapsed,
                "unrepeated": self._reason,
            }
            log_answer(self._operation, self.request, status, elapsed, self._attempts)
        else:
            self._log_repetition(f"status {status}", pause)
        return pause

    def _pause(self, asked: float | None) -> float | None:
        """Choose how long to wait; None, with the reason, if there can be no further attempt."""
        retries = self._client._retries
        if retries is None or self._attempts >= retries.max_attempts:
            return None
        if asked is not None and asked > retries.max_wait:
            self._reason = (
                f"the server asks to wait for {asked:g} s, and max_wait is {retries.max_wait:g} s"
            )
            return None
        pause = retries.pause(self._attempts, asked)
        if self.end is not None and time.monotonic() + pause >= self.end:
            self._reason = f"the deadline of {self._client._deadline:g} s is too near"
            return None
        return pause

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _log_repetition(self, problem: str, pause: float) -> None:
        log_repetition(
            self._operation, self.request, problem=problem, attempts=self._attempts, pause=pause
        )
