# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Follows the redirections of writes, which the HTTP libraries would make reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .http_settings import library_of
from .messages import UNFOLLOWED

if TYPE_CHECKING:
    import httpx

__all__ = ["follow", "follow_async"]


def _keep(request: httpx.Request) -> httpx.Request:
    """Authenticate a request that follows on another, and has its headers, the token included."""
    return request


def follow(
    httpx_client: httpx.Client, response: httpx.Response, *, stream: bool = False
) -> httpx.Response:
    """Follow the redirections of a write.

    Args:
        httpx_client: The HTTP client.
        response: The first response.
        stream: Whether the body of the last response is left unread.

    Returns:
        The last response.

    Raises:
        TooManyRedirects: Of the HTTP library.
    """
    history: list[httpx.Response] = []
    while (request := _redirected(response, history, httpx_client.max_redirects)) is not None:
        response.read()
        history.append(response)
        response = httpx_client.send(request, auth=_keep, follow_redirects=False, stream=stream)
        response.history = list(history)
    return response


async def follow_async(
    httpx_client: httpx.AsyncClient, response: httpx.Response, *, stream: bool = False
) -> httpx.Response:
    """Follow the redirections of a write without blocking the event loop.

    Args:
        httpx_client: The HTTP client.
        response: The first response.
        stream: Whether the body of the last response is left unread.

    Returns:
        The last response.

    Raises:
        TooManyRedirects: Of the HTTP library.
    """
    history: list[httpx.Response] = []
    while (request := _redirected(response, history, httpx_client.max_redirects)) is not None:
        await response.aread()
        history.append(response)
        response = await httpx_client.send(
            request, auth=_keep, follow_redirects=False, stream=stream
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
    from ..statuses import becomes_read

    if becomes_read(response.request.method, response.status_code):
        response.extensions[UNFOLLOWED] = True
        return None
    if len(history) >= most:
        http = library_of(response)
        raise http.TooManyRedirects("Exceeded maximum allowed redirects.", request=request)
    return request
