"""The asynchronous client of Healthchecks.io."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.client.errors import InvalidRequest

from ..base import API_URL, DEFAULT_RETRIES, DEFAULT_TIMEOUT, PING_URL
from .management import Management
from .pinging import Pinging

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import httpx

    from dqops.client import Retries

__all__ = ["AsyncClient"]


class AsyncClient(Management, Pinging):
    """An asynchronous client of Healthchecks.io.

    The API key goes to the Management API alone, never with a ping.

    Args:
        api_key: The API key of the project; needed for everything but pings.
        ping_key: The ping key of the project; needed for pings by slug.
        api_url: Where the Management API is, without its version; of a server of one's own
            `https://checks.example.org/api/`.
        ping_url: Where pings go to; of a server of one's own `https://checks.example.org/ping/`.
        api_version: The version of the Management API. With 1 and 2 the server makes slugs of
            names; with 3 they are chosen.
        client: An httpx client to use as it is, with its own time limits; leaving the `with` block
            closes it.
        timeout: Seconds that each step of a request may take.
        retries: When a request is sent again; None for never. Retry-After is obeyed. Pings are
            repeated, too.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    def __init__(
        self,
        api_key: str = "",
        ping_key: str = "",
        api_url: str = API_URL,
        ping_url: str = PING_URL,
        api_version: int = 1,
        client: httpx.AsyncClient | None = None,
        *,
        timeout: float | None = DEFAULT_TIMEOUT,
        retries: Retries | None = DEFAULT_RETRIES,
    ) -> None:
        try:
            super().__init__(
                api_key, ping_key, api_url, ping_url, api_version, timeout, retries, client
            )
        except InvalidRequest as error:
            # Tools show the local variables of a traceback.
            del api_key, ping_key, api_url, ping_url
            raise error.with_traceback(None) from None
        self._given = client
        if client is not None:
            self._site.set_async_httpx_client(client)
            self._pages.set_async_httpx_client(client)
            self._pinger.set_async_httpx_client(client)

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed; one that was not given can be used again all the same."""
        return self._is_closed if self._given is None else self._given.is_closed

    async def aclose(self) -> None:
        """Close all connections, and the httpx client that was given."""
        self._is_closed = True
        if self._given is not None:
            await self._given.aclose()
        await self._site.aclose()
        await self._management.aclose()
        await self._pages.aclose()
        await self._pinger.aclose()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        self._is_closed = False
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close all connections."""
        await self.aclose()
