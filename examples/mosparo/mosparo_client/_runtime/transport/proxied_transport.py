# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Transports of requests that a proxy carries, or should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ..errors import InvalidRequest
from ..public import mask_url

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["ProxiedTransport", "RefusingTransport"]


class RefusingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Refuses what a proxy was to carry that cannot be used, as soon as something is to be sent.

    Args:
        problem: What is wrong.
    """

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request.

        Args:
            request: The request.

        Raises:
            InvalidRequest: In any case.
        """
        del request
        raise InvalidRequest(self._problem)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuse a request.

        Args:
            request: The request.

        Raises:
            InvalidRequest: In any case.
        """
        del request
        raise InvalidRequest(self._problem)


class ProxiedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Says of a connection that cannot be opened that it is the one to a proxy.

    Args:
        inner: What carries requests through the proxy.
        http: The HTTP library.
        proxy: The proxy.
        source: What names it, for messages.
    """

    def __init__(self, inner: Any, http: ModuleType, proxy: httpx.Proxy, source: str) -> None:
        self._inner = inner
        self._failures = (http.ConnectError, http.ConnectTimeout)
        self._pool = getattr(inner, "_pool", None)  # as httpx's own transport has it
        self._description = (mask_url(str(proxy.url)), source)
        if proxy.auth is not None:
            scheme, slashes, rest = self._description[0].partition("://")
            self._description = (f"{scheme}{slashes}***@{rest}", source)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.
        """
        try:
            response: httpx.Response = self._inner.handle_request(request)
        except self._failures as error:
            del request
            error.proxy = self._description  # for `explanations`
            raise
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Args:
            request: The request.

        Returns:
            The response.
        """
        try:
            response: httpx.Response = await self._inner.handle_async_request(request)
        except self._failures as error:
            del request
            error.proxy = self._description  # for `explanations`
            raise
        return response

    def let_go(self) -> None:
        """Give back the lock of the pool after an interrupt."""
        self._inner.let_go()

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
