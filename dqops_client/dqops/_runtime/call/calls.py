"""A call from its beginning to its end: one request, or several where one of them failed."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from ..exchange.reading import read_answer
from ..transport import clients
from ..transport.failures import TransportFailure
from .attempts import Attempts
from .logs import log_answer, logger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...client.client import AuthenticatedClient, Client
    from ..declare.operation import Operation
    from ..exchange.response import Response
    from ..settings.http import HttpxResponse
    from ..transport.clients import OpenStream

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
        from .telemetry import Span

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
        from .telemetry import Span

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
        from .telemetry import Span

        with Span(operation, client, request) as span:
            opened = _open_stream(operation, client, request)
            span.answered(opened.response)
            return opened
    return _open_stream(operation, client, request)


def _open_stream(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    call = Attempts(operation, client, request)
    while True:
        try:
            opened = clients.open_stream(
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
        from .telemetry import Span

        with Span(operation, client, request) as span:
            opened = await _open_stream_async(operation, client, request)
            span.answered(opened.response)
            return opened
    return await _open_stream_async(operation, client, request)


async def _open_stream_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> OpenStream:
    call = Attempts(operation, client, request)
    while True:
        try:
            opened = await clients.open_stream_async(
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
    call: Attempts | None = None
    end: float | None = None
    if client._is_special:
        call = Attempts(operation, client, request, started)
        request, end = call.request, call.end
    while True:
        try:
            response = clients.send(client, request, operation=operation.name, end=end)
        except TransportFailure as failure:
            call = call or Attempts(operation, client, request, started)
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            if call is None and response.status_code < _FIRST_FAILURE:
                if logger.isEnabledFor(logging.DEBUG):
                    _log(operation, request, response, started)
                return response
            call = call or Attempts(operation, client, request, started)
            pause = call.pause_after_answer(response)
            if pause is None:
                return response
        _sleep(pause)


async def _send_async(
    operation: Operation, client: AuthenticatedClient | Client, request: Mapping[str, Any]
) -> HttpxResponse:
    started = time.monotonic()
    call: Attempts | None = None
    end: float | None = None
    if client._is_special:
        call = Attempts(operation, client, request, started)
        request, end = call.request, call.end
    while True:
        try:
            response = await clients.send_async(client, request, operation=operation.name, end=end)
        except TransportFailure as failure:
            call = call or Attempts(operation, client, request, started)
            pause = call.pause_after_failure(failure)
            if pause is None:
                raise
        else:
            if call is None and response.status_code < _FIRST_FAILURE:
                if logger.isEnabledFor(logging.DEBUG):
                    _log(operation, request, response, started)
                return response
            call = call or Attempts(operation, client, request, started)
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
