"""Sends one request with httpx, and turns its exceptions into the SDK's own."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import becomes_read
from ..settings.checks import merge_headers
from ..settings.redaction import Hidden
from .deadline import cancelled_at, within
from .failures import BrokenPool
from .received import UNFOLLOWED, OpenResponse, Received
from .translation import TRANSLATED, hide_frames, reraise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..declare.messages import Request
    from ..settings.config import Config
    from .pools import AsyncPool, SyncPool

# httpx may follow the redirections of these.
_READS = frozenset({"GET", "HEAD"})
# The headers of a request that follows are there already, those with the token included.
_NO_AUTH = httpx.Auth()
# What ends a call from outside and is no cancellation, of which asynchronous pools know.
_INTERRUPTS = (KeyboardInterrupt, SystemExit)
# How many seconds a response may be late that the server was asked to delay.
_WAIT_MARGIN = 30.0
_LONGEST_WAIT = 2.0**31

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
    """Send a request once and read the whole answer.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = _arguments(config, httpx_client, request, end)
    # No `with _translated(...)`, which takes longer, and no variable for the request, which shows
    # its whole address in tracebacks.
    try:
        response = httpx_client.send(httpx_client.build_request(**arguments), **options)
        if response.next_request is not None and _is_followed(request, httpx_client):
            response = _follow(httpx_client, response)
        return Received(response)
    except TRANSLATED as error:
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
    """Send a request once and read the whole answer, without blocking the event loop.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = _arguments(config, httpx_client, request, None)
    try:
        with nullcontext() if end is None else cancelled_at(end):
            response = await httpx_client.send(httpx_client.build_request(**arguments), **options)
            if response.next_request is not None and _is_followed(request, httpx_client):
                response = await _follow_async(httpx_client, response)
        return Received(response)
    except (*TRANSLATED, TimeoutError) as error:
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
    """Send a request once and read the head of the answer.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = _arguments(config, httpx_client, request, end)
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
                response = _follow(httpx_client, response, stream=True)
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
    """Send a request once and read the head of the answer, without blocking the event loop.

    Args:
        pool: Whose connections to use.
        create: Makes a client of the HTTP library.
        config: The settings of our client.
        request: The request.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    lease = pool.borrow(create)
    httpx_client = lease.client
    arguments, options = _arguments(config, httpx_client, request, None)
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
                response = await _follow_async(httpx_client, response, stream=True)
    except BaseException:
        closing = pool.give_back(lease)
        if closing is not None:
            await closing.aclose()
        raise
    return OpenResponse(response, reading, partial(pool.give_back, lease))


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
    except TRANSLATED as error:
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
    except (*TRANSLATED, TimeoutError) as error:
        reraise(error, config, httpx_client, arguments, operation=operation, end=end)
    except BaseException as error:
        if isinstance(error, _INTERRUPTS):
            discard()
        hide_frames(error)
        raise


def _is_followed(request: Request, httpx_client: httpx.Client | httpx.AsyncClient) -> bool:
    chosen = request.follow_redirects
    return httpx_client.follow_redirects if chosen is None else chosen


def _follow(
    httpx_client: httpx.Client, response: httpx.Response, *, stream: bool = False
) -> httpx.Response:
    """Follow the redirections of a write, which httpx would make a read."""
    history: list[httpx.Response] = []
    while (request := _redirected(response, history, httpx_client.max_redirects)) is not None:
        response.read()
        history.append(response)
        response = httpx_client.send(request, auth=_NO_AUTH, follow_redirects=False, stream=stream)
        response.history = list(history)
    return response


async def _follow_async(
    httpx_client: httpx.AsyncClient, response: httpx.Response, *, stream: bool = False
) -> httpx.Response:
    """Follow the redirections of a write, which httpx would make a read."""
    history: list[httpx.Response] = []
    while (request := _redirected(response, history, httpx_client.max_redirects)) is not None:
        await response.aread()
        history.append(response)
        response = await httpx_client.send(
            request, auth=_NO_AUTH, follow_redirects=False, stream=stream
        )
        response.history = list(history)
    return response


def _redirected(
    response: httpx.Response, history: list[httpx.Response], most: int
) -> httpx.Request | None:
    """Return the request that follows on a response to a write; None for none."""
    request = response.next_request
    if request is None:
        return None
    if becomes_read(response.request.method, response.status_code):
        response.extensions[UNFOLLOWED] = True
        return None
    if len(history) >= most:
        raise httpx.TooManyRedirects("Exceeded maximum allowed redirects.", request=request)
    return request


def _outlasting(wait: float, timeout: httpx.Timeout) -> httpx.Timeout:
    """Lengthen the read timeout where the server may take longer to respond."""
    read = timeout.read
    if read is not None:
        # Sockets take no timeouts of centuries.
        read = max(read, min(max(wait, 0.0), _LONGEST_WAIT) + _WAIT_MARGIN)
    return httpx.Timeout(connect=timeout.connect, read=read, write=timeout.write, pool=timeout.pool)


def _arguments(
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    request: Request,
    end: float | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the arguments of `build_request` and those of `send`."""
    base_url = httpx_client.base_url
    if not base_url.is_absolute_url:
        # An httpx client that was set without one.
        base_url = httpx.URL(config.base_url).copy_with(userinfo=b"")
    base, url = str(base_url), request.path
    if "?" not in base and "#" not in base:
        # httpx would do the same, and take longer because it parses the URL once more.
        url = f"{base.removesuffix('/')}/{url.lstrip('/')}"
    arguments: dict[str, Any] = {"method": request.method, "url": url}
    if request.params is not None:
        arguments["params"] = request.params
    if request.content is not None:
        arguments["content"] = request.content
    headers = request.headers
    if config.per_request is not None:
        added = config.per_request
        if added.timeout is not None:
            arguments["timeout"] = added.timeout
        if added.headers:
            headers = merge_headers(added.headers, headers or {})
        if added.cookies:
            arguments["cookies"] = Hidden(added.cookies)
    if headers:
        arguments["headers"] = Hidden(headers)
    if request.wait is not None and "timeout" not in arguments:
        arguments["timeout"] = _outlasting(request.wait, httpx_client.timeout)
    if end is not None:
        timeout = arguments.get("timeout", httpx_client.timeout)
        arguments["timeout"] = within(end, httpx.Timeout(timeout))
    options: dict[str, Any] = {}
    if request.method not in _READS:
        options["follow_redirects"] = False  # `_follow` does it, for httpx makes reads of writes
    elif request.follow_redirects is not None:
        options["follow_redirects"] = request.follow_redirects
    return arguments, options
