"""Sends one request with httpx, and turns its exceptions into the SDK's own."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from .deadline import cancelled_at
from .failures import BrokenPool
from .messages import OpenResponse, Received, request_arguments
from .translation import hide_frames, reraise, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx

    from ..declare.messages import Request
    from ..settings.config import Config
    from .async_pool import AsyncPool
    from .pooling import SyncPool

# What ends a call from outside and is no cancellation, of which asynchronous pools know.
_INTERRUPTS = (KeyboardInterrupt, SystemExit)

__all__ = ["open_stream", "open_stream_async", "send", "send_async"]


def send(
    pool: SyncPool,
    create: Callable[[], httpx.Client],
    config: Config,
    request: Request,
    *,
    operation: str,
    end: float | None = None,
) -> Received:
    """Send a request once and read the whole response.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The response, whatever its status.

    Raises:
        TransportFailure: No response came, or none that could be read.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = request_arguments(config, httpx_client, request, end)
    # No `with _translated(...)`, which takes longer, and no variable for the request, which shows
    # its whole URL in tracebacks.
    try:
        response = httpx_client.send(httpx_client.build_request(**arguments), **options)
        if response.next_request is not None and _is_followed(request, httpx_client):
            from .redirects import follow

            response = follow(httpx_client, response)
        return Received(response)
    except translated(httpx_client) as error:
        if isinstance(error, BrokenPool):
            pool.discard(lease)
        reraise(error, config, httpx_client, {**arguments, **options}, operation=operation, end=end)
    except BaseException as error:
        if not isinstance(error, Exception):
            pool.discard(lease)
        hide_frames(error)
        raise
    finally:
        pool.give_back(lease)


async def send_async(
    pool: AsyncPool,
    create: Callable[[], httpx.AsyncClient],
    config: Config,
    request: Request,
    *,
    operation: str,
    end: float | None = None,
) -> Received:
    """Send a request once and read the whole response, without blocking the event loop.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The response, whatever its status.

    Raises:
        TransportFailure: No response came, or none that could be read.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = request_arguments(config, httpx_client, request, None)
    try:
        with nullcontext() if end is None else cancelled_at(end):
            response = await httpx_client.send(httpx_client.build_request(**arguments), **options)
            if response.next_request is not None and _is_followed(request, httpx_client):
                from .redirects import follow_async

                response = await follow_async(httpx_client, response)
        return Received(response)
    except translated(httpx_client, TimeoutError) as error:
        reraise(error, config, httpx_client, {**arguments, **options}, operation=operation, end=end)
    except BaseException as error:
        if isinstance(error, _INTERRUPTS):
            pool.discard(lease)
        hide_frames(error)
        raise
    finally:
        closing = pool.give_back(lease)
        if closing is not None:
            await closing.aclose()


def open_stream(
    pool: SyncPool,
    create: Callable[[], httpx.Client],
    config: Config,
    request: Request,
    *,
    operation: str,
    end: float | None = None,
) -> OpenResponse:
    """Send a request once and read the head of the response.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The response, which has to be closed.

    Raises:
        TransportFailure: No response came.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = request_arguments(config, httpx_client, request, end)
    reading = partial(
        _translated,
        config,
        httpx_client,
        {**arguments, **options},
        operation=operation,
        end=end,
        discard=partial(pool.discard, lease),
    )
    try:
        with reading():
            response = httpx_client.send(
                httpx_client.build_request(**arguments), stream=True, **options
            )
            if response.next_request is not None and _is_followed(request, httpx_client):
                from .redirects import follow

                response = follow(httpx_client, response, stream=True)
    except BaseException:
        pool.give_back(lease)
        raise
    return OpenResponse(response, reading, partial(pool.give_back, lease))


async def open_stream_async(
    pool: AsyncPool,
    create: Callable[[], httpx.AsyncClient],
    config: Config,
    request: Request,
    *,
    operation: str,
    end: float | None = None,
) -> OpenResponse:
    """Send a request once and read the head of the response, without blocking the event loop.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The response, which has to be closed.

    Raises:
        TransportFailure: No response came.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = request_arguments(config, httpx_client, request, None)
    reading = partial(
        _translated_in_time,
        config,
        httpx_client,
        {**arguments, **options},
        operation=operation,
        end=end,
        discard=partial(pool.discard, lease),
    )
    try:
        with reading():
            response = await httpx_client.send(
                httpx_client.build_request(**arguments), stream=True, **options
            )
            if response.next_request is not None and _is_followed(request, httpx_client):
                from .redirects import follow_async

                response = await follow_async(httpx_client, response, stream=True)
    except BaseException:
        closing = pool.give_back(lease)
        if closing is not None:
            await closing.aclose()
        raise
    return OpenResponse(response, reading, partial(pool.give_back, lease))


def _is_followed(request: Request, httpx_client: httpx.Client | httpx.AsyncClient) -> bool:
    """Tell whether redirections are followed: as the operation says, or else the client."""
    chosen = request.follow_redirects
    return httpx_client.follow_redirects if chosen is None else chosen


@contextmanager
def _translated(
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None,
    discard: Callable[[], None],
) -> Iterator[None]:
    """Turn the exceptions of httpx into the SDK's own."""
    try:
        yield
    except translated(httpx_client) as error:
        if isinstance(error, BrokenPool):
            discard()
        reraise(error, config, httpx_client, arguments, operation=operation, end=end)
    except BaseException as error:
        if not isinstance(error, Exception):
            discard()
        hide_frames(error)
        raise


@contextmanager
def _translated_in_time(
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    arguments: Mapping[str, Any],
    *,
    operation: str,
    end: float | None,
    discard: Callable[[], None],
) -> Iterator[None]:
    """Do the same for what a task does, and cancel that at the end of the time."""
    try:
        if end is None:
            yield
        else:
            with cancelled_at(end):
                yield
    except translated(httpx_client, TimeoutError) as error:
        reraise(error, config, httpx_client, arguments, operation=operation, end=end)
    except BaseException as error:
        if isinstance(error, _INTERRUPTS):
            discard()
        hide_frames(error)
        raise
