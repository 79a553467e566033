# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""A call: build the request, send it with retries, read the response."""

from __future__ import annotations

import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from ..exchange.bodies import items_body
from ..exchange.messages import ask_for_items, build_request, read_response, result_body
from ..transport import sending
from ..transport.failures import TransportFailure
from .attempts import Attempts, log_unexpected_status, warn_of_none

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import Protocol, TypeVar

    from ..declare.messages import Arguments, Request
    from ..declare.operation import Operation
    from ..declare.response import Response
    from ..settings.config import Config
    from ..transport.async_pool import AsyncPool
    from ..transport.http_settings import AsyncHttpxClient, HttpxClient
    from ..transport.messages import OpenResponse, Received
    from ..transport.pooling import SyncPool

    class Client(Protocol):
        """What a call needs of a client: settings, connections, and a place for cookies."""

        @property
        def _config(self) -> Config: ...

        @property
        def _async_pool(self) -> AsyncPool: ...

        _sync_pool: SyncPool

        def _create_httpx_client(self) -> HttpxClient: ...

        def _create_async_httpx_client(self) -> AsyncHttpxClient: ...

        def keep_cookies(self, cookies: Mapping[str, str], /) -> None: ...

    _Got = TypeVar("_Got", bound=Received)

__all__ = ["call", "call_async", "stream", "stream_async"]

# Tests replace it.
_sleep = time.sleep


async def _sleep_async(seconds: float) -> None:
    import anyio  # a part of httpx, which has its asynchronous connections from it

    await anyio.sleep(seconds)


def call(client: Client, operation: Operation, arguments: Arguments) -> Response[Any]:
    """Send a request, with retries, and read the response.

    Args:
        client: Where and how to send it.
        operation: What is called.
        arguments: The arguments of the operation.

    Returns:
        The result.

    Raises:
        InvalidRequest: An argument cannot be sent.
        UnexpectedStatus: The response is no success, and the client raises on that.
        DecodeError: The body is not what the specification says.
        TransportFailure: No response came, or none that could be read.
    """
    config = client._config
    request = _request(operation, arguments, config)
    received = _send(sending.send, client, operation, config, request)
    return _finish(client, operation, arguments, config, received)


async def call_async(client: Client, operation: Operation, arguments: Arguments) -> Response[Any]:
    """Do the same without blocking the event loop; see `call`."""
    config = client._config
    request = _request(operation, arguments, config)
    received = await _send_async(sending.send_async, client, operation, config, request)
    return _finish(client, operation, arguments, config, received)


def stream(
    client: Client, operation: Operation, arguments: Arguments
) -> AbstractContextManager[Any]:
    """Send a request, with retries, and let the caller read the body piece by piece.

    Args:
        client: Where and how to send it.
        operation: What is called.
        arguments: The arguments of the operation.

    Returns:
        The download, or the items, for a `with` block; at the end of the block it is closed, read
        or not.

    Raises:
        InvalidRequest: An argument cannot be sent; what follows is raised by the block.
        UnexpectedStatus: The response is no success, whatever the client says about raising:
            there is nothing to read.
        TransportFailure: No response came.
    """
    request = _request(operation, arguments, client._config)
    ask_for_items(operation, request)
    from .blocks import WithBlock

    return WithBlock(_stream(client, operation, request), operation.name)


def stream_async(
    client: Client, operation: Operation, arguments: Arguments
) -> AbstractAsyncContextManager[Any]:
    """Do the same without blocking the event loop; see `stream`."""
    request = _request(operation, arguments, client._config)
    ask_for_items(operation, request)
    from .blocks import AsyncWithBlock

    return AsyncWithBlock(_stream_async(client, operation, request), operation.name)


def _request(operation: Operation, arguments: Arguments, config: Config) -> Request:
    request = build_request(operation, arguments, strict_enums=config.strict_enums)
    if config.server_version is not None:
        from .older_servers import warn_of_version

        warn_of_version(operation, arguments, request, config.server_version)
    return request


@contextmanager
def _stream(client: Client, operation: Operation, request: Request) -> Iterator[Any]:
    config = client._config
    opened: OpenResponse = _send(sending.open_stream, client, operation, config, request)
    try:
        body = result_body(operation, opened.status_code)
        if body is None:
            opened.read()
            from ..exchange.unexpected import unexpected_status

            raise unexpected_status(operation, config, opened)
        if items_body(body) is not None:
            from ..exchange.streams import ItemStream, items_arguments

            yield ItemStream(*items_arguments(operation, config, opened, body))
        else:
            from ..exchange.downloads import Download  # which takes time to load

            yield Download(opened, operation.name)
    finally:
        opened.close()


@asynccontextmanager
async def _stream_async(
    client: Client, operation: Operation, request: Request
) -> AsyncIterator[Any]:
    config = client._config
    opened: OpenResponse = await _send_async(
        sending.open_stream_async, client, operation, config, request
    )
    try:
        body = result_body(operation, opened.status_code)
        if body is None:
            await opened.aread()
            from ..exchange.unexpected import unexpected_status

            raise unexpected_status(operation, config, opened)
        if items_body(body) is not None:
            from ..exchange.streams import AsyncItemStream, items_arguments

            yield AsyncItemStream(*items_arguments(operation, config, opened, body))
        else:
            from ..exchange.downloads import AsyncDownload

            yield AsyncDownload(opened, operation.name)
    finally:
        await opened.aclose()


def _finish(
    client: Client,
    operation: Operation,
    arguments: Arguments,
    config: Config,
    received: Received,
) -> Response[Any]:
    response, is_result = read_response(operation, config, received, arguments)
    if not is_result:
        log_unexpected_status(operation, received)
        if arguments.wants_result:
            warn_of_none(operation, received)
    elif operation.keeps_cookies:
        client.keep_cookies(config.cookies_of(received))
    return response


def _send(
    send: Callable[..., _Got],
    client: Client,
    operation: Operation,
    config: Config,
    request: Request,
) -> _Got:
    if "opentelemetry.trace" in sys.modules:
        from .telemetry import Span

        with Span(operation, config, request) as span:
            received = _try(send, client, operation, config, request)
            span.received(received)
            return received
    return _try(send, client, operation, config, request)


def _try(
    send: Callable[..., _Got],
    client: Client,
    operation: Operation,
    config: Config,
    request: Request,
) -> _Got:
    attempts = Attempts(operation, config, request)
    pool, create = client._sync_pool, client._create_httpx_client
    while True:
        try:
            received = send(
                pool, create, config, request, operation=operation.name, end=attempts.end
            )
        except TransportFailure as failure:
            pause = attempts.after_failure(failure)
            if pause is None:
                raise
        else:
            pause = attempts.after_response(received)
            if pause is None:
                return received
            received.close()
        _sleep(pause)


async def _send_async(
    send: Callable[..., Any],
    client: Client,
    operation: Operation,
    config: Config,
    request: Request,
) -> Any:
    if "opentelemetry.trace" in sys.modules:
        from .telemetry import Span

        with Span(operation, config, request) as span:
            received = await _try_async(send, client, operation, config, request)
            span.received(received)
            return received
    return await _try_async(send, client, operation, config, request)


async def _try_async(
    send: Callable[..., Any],
    client: Client,
    operation: Operation,
    config: Config,
    request: Request,
) -> Any:
    attempts = Attempts(operation, config, request)
    pool, create = client._async_pool, client._create_async_httpx_client
    while True:
        try:
            received = await send(
                pool, create, config, request, operation=operation.name, end=attempts.end
            )
        except TransportFailure as failure:
            pause = attempts.after_failure(failure)
            if pause is None:
                raise
        else:
            pause = attempts.after_response(received)
            if pause is None:
                return received
            await received.aclose()
        await _sleep_async(pause)
