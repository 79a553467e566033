"""Sends one request with httpx, and turns its exceptions into the SDK's own."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from ...client.errors import UNFOLLOWED, becomes_read
from .deadline import cancelled_at, within
from .failures import BrokenPool
from .translation import TRANSLATED, hide_frames, reraise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from ..base_client import BaseClient

    Translated: TypeAlias = Callable[[], AbstractContextManager[None]]

# httpx may follow the redirections of these.
_READS = frozenset({"GET", "HEAD"})
# The headers of a request that follows are there already, those with the token included.
_NO_AUTH = httpx.Auth()
# What ends a call from outside and is no cancellation, of which asynchronous pools know.
_INTERRUPTS = (KeyboardInterrupt, SystemExit)
# How many seconds a response may be late that the server was asked to delay.
_WAIT_MARGIN = 30.0
_LONGEST_WAIT = 2.0**31

__all__ = ["OpenStream", "open_stream", "open_stream_async", "send", "send_async"]


class OpenStream:
    """An answer whose body is yet to be read.

    Args:
        response: The answer.
        reading: What to read the body within, so that failures become the SDK's own.
        release: Called when the answer is closed.
    """

    __slots__ = ("_release", "reading", "response")

    def __init__(
        self, response: httpx.Response, reading: Translated, release: Callable[[], Any]
    ) -> None:
        self.response = response
        self.reading = reading
        self._release = release

    def close(self) -> None:
        """Close the answer, read or not."""
        try:
            self.response.close()
        finally:
            self._release()

    async def aclose(self) -> None:
        """Close the answer, read or not, without blocking the event loop."""
        try:
            await self.response.aclose()
        finally:
            closing = self._release()
            if closing is not None:
                await closing.aclose()


def send(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str, end: float | None = None
) -> httpx.Response:
    """Send a request once and read the whole answer.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.Client.build_request`, and `follow_redirects`.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    pool = client._sync_pool
    lease = pool.borrow(client._create_httpx_client)
    httpx_client = lease.client
    arguments, options = _arguments(client, httpx_client, kwargs, end)
    # No `with _translated(...)`, which takes longer, and no variable for the request, which shows
    # its whole address in tracebacks.
    try:
        response = httpx_client.send(httpx_client.build_request(**arguments), **options)
        if response.next_request is not None and _is_followed(kwargs, httpx_client):
            return _follow(httpx_client, response)
        return response
    except TRANSLATED as error:
        if isinstance(error, BrokenPool):
            pool.discard(lease)
        reraise(error, client, httpx_client, {**arguments, **options}, operation=operation, end=end)
    except BaseException as error:
        if not isinstance(error, Exception):
            pool.discard(lease)
        hide_frames(error)
        raise error  # not `raise`: without the frames that Python 3.10 would add again
    finally:
        pool.give_back(lease)


async def send_async(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str, end: float | None = None
) -> httpx.Response:
    """Send a request once and read the whole answer, without blocking the event loop.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.AsyncClient.build_request`, and `follow_redirects`.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    pool = client._async_pool
    lease = pool.borrow(client._create_async_httpx_client)
    httpx_client = lease.client
    arguments, options = _arguments(client, httpx_client, kwargs, None)
    try:
        if end is None:
            response = await httpx_client.send(httpx_client.build_request(**arguments), **options)
            if response.next_request is not None and _is_followed(kwargs, httpx_client):
                return await _follow_async(httpx_client, response)
            return response
        with cancelled_at(end):
            response = await httpx_client.send(httpx_client.build_request(**arguments), **options)
            if response.next_request is not None and _is_followed(kwargs, httpx_client):
                return await _follow_async(httpx_client, response)
            return response
    except (*TRANSLATED, TimeoutError) as error:
        reraise(error, client, httpx_client, {**arguments, **options}, operation=operation, end=end)
    except BaseException as error:
        if isinstance(error, _INTERRUPTS):
            pool.discard(lease)
        hide_frames(error)
        raise error  # not `raise`: without the frames that Python 3.10 would add again
    finally:
        closing = pool.give_back(lease)
        if closing is not None:
            await closing.aclose()


def open_stream(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str, end: float | None = None
) -> OpenStream:
    """Send a request once and read the head of the answer.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.Client.build_request`, and `follow_redirects`.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    pool = client._sync_pool
    lease = pool.borrow(client._create_httpx_client)
    httpx_client = lease.client
    arguments, options = _arguments(client, httpx_client, kwargs, end)
    reading = partial(
        _translated,
        client,
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
            if response.next_request is not None and _is_followed(kwargs, httpx_client):
                response = _follow(httpx_client, response, stream=True)
    except BaseException:
        pool.give_back(lease)
        raise
    return OpenStream(response, reading, partial(pool.give_back, lease))


async def open_stream_async(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str, end: float | None = None
) -> OpenStream:
    """Send a request once and read the head of the answer, without blocking the event loop.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.AsyncClient.build_request`, and `follow_redirects`.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Returns:
        The answer, which has to be closed.

    Raises:
        TransportFailure: No answer came.
    """
    pool = client._async_pool
    lease = pool.borrow(client._create_async_httpx_client)
    httpx_client = lease.client
    arguments, options = _arguments(client, httpx_client, kwargs, None)
    reading = partial(
        _translated_in_time,
        client,
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
            if response.next_request is not None and _is_followed(kwargs, httpx_client):
                response = await _follow_async(httpx_client, response, stream=True)
    except BaseException:
        closing = pool.give_back(lease)
        if closing is not None:
            await closing.aclose()
        raise
    return OpenStream(response, reading, partial(pool.give_back, lease))


@contextmanager
def _translated(
    client: BaseClient,
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
        reraise(error, client, httpx_client, arguments, operation=operation, end=end)
    except BaseException as error:
        if not isinstance(error, Exception):
            discard()
        hide_frames(error)
        raise error  # see `send`


@contextmanager
def _translated_in_time(
    client: BaseClient,
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
        reraise(error, client, httpx_client, arguments, operation=operation, end=end)
    except BaseException as error:
        if isinstance(error, _INTERRUPTS):
            discard()
        hide_frames(error)
        raise error  # see `send`


def _is_followed(kwargs: Mapping[str, Any], httpx_client: httpx.Client | httpx.AsyncClient) -> bool:
    followed: bool = kwargs.get("follow_redirects", httpx_client.follow_redirects)
    return followed


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
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    end: float | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split the arguments into those of `build_request` and `send`, with the whole address."""
    arguments = dict(kwargs)
    options: dict[str, Any] = {}
    if "follow_redirects" in arguments:
        options["follow_redirects"] = arguments.pop("follow_redirects")
    if arguments["method"] not in _READS:
        options["follow_redirects"] = False  # `_follow` does it, for httpx makes reads of writes
    base_url = httpx_client.base_url
    if not base_url.is_absolute_url:
        # An httpx client that was set without one.
        base_url = httpx.URL(client._base_url).copy_with(userinfo=b"")
    base = str(base_url)
    if "?" not in base and "#" not in base:
        # httpx would do the same, and take longer because it parses the address once more.
        arguments["url"] = f"{base.removesuffix('/')}/{arguments['url'].lstrip('/')}"
    if "wait" in arguments:
        wait = arguments.pop("wait")
        if "timeout" not in arguments:
            arguments["timeout"] = _outlasting(wait, httpx_client.timeout)
    if end is not None:
        timeout = arguments.get("timeout", httpx_client.timeout)
        arguments["timeout"] = within(end, httpx.Timeout(timeout))
    return arguments, options
