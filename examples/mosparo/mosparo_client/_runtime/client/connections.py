# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The connections of a client, and what closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..transport.pooling import SyncPool
from .settings import ClientSettings

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ..transport.async_pool import AsyncPool
    from ..transport.http_settings import AsyncHttpxClient, HttpxClient

__all__ = ["ConnectedClient"]

# What a copy does not have from its original: it is a client of its own.
_OWN = frozenset({"_origin", "_own_async_pool", "_sync_pool"})


class ConnectedClient(ClientSettings):
    """What both clients have for sending."""

    def _open(self) -> None:
        #: Of what `with_options` returned: the client whose connections it uses.
        self._origin: ConnectedClient | None = None
        self._sync_pool = SyncPool()

    @property
    def _async_pool(self) -> AsyncPool:
        """The connections of asynchronous calls, made for the first of them."""
        own = vars(self._origin or self)
        if "_own_async_pool" not in own:
            from ..transport.async_pool import AsyncPool

            own.setdefault("_own_async_pool", AsyncPool())  # at once, for threads may be here
        pool: AsyncPool = own["_own_async_pool"]
        return pool

    def _attributes(self) -> dict[str, Any]:
        attributes = super()._attributes()
        return {name: value for name, value in attributes.items() if name not in _OWN}

    def get_httpx_client(self) -> HttpxClient:
        """Return the `httpx.Client` that the operations use.

        Returns:
            The one that was set, or else the client's own, made now if there is none. Closing it
            is allowed: the next call makes a new one.

        Raises:
            InvalidRequest: The certificates that `verify_ssl` names cannot be loaded.
        """
        return self._sync_pool.get(self._create_httpx_client)

    def set_httpx_client(self, client: HttpxClient) -> Self:
        """Use an `httpx.Client` of yours.

        It is used as it is: headers, cookies, timeout, token and every other setting of this
        client no longer matter to synchronous calls. Only where it has no base URL, this client's
        completes the URLs. Leaving the outermost `with` block closes it, as it does one of the
        client's own, unless it was opened before.

        It stays with this client; what `with_headers` and the like return has connections of its
        own.

        Args:
            client: The httpx client.

        Returns:
            This client itself.
        """
        self._sync_pool.give(client)
        return self

    def get_async_httpx_client(self) -> AsyncHttpxClient:
        """Return the `httpx.AsyncClient` that the operations use.

        Connections belong to an event loop. So each event loop gets an httpx client of its own;
        one that is made while no loop runs belongs to the first loop that asks.

        Returns:
            The one that was set, or else the client's own for the running event loop, made now if
            there is none. Closing it is allowed: the next call makes a new one.

        Raises:
            InvalidRequest: The certificates that `verify_ssl` names cannot be loaded.
        """
        return self._async_pool.get(self._create_async_httpx_client)

    def set_async_httpx_client(self, async_client: AsyncHttpxClient) -> Self:
        """Use an `httpx.AsyncClient` of yours, in one event loop only.

        It is used as it is: headers, cookies, timeout, token and every other setting of this
        client no longer matter to asynchronous calls. Only where it has no base URL, this client's
        completes the URLs. Leaving the outermost `async with` block closes it, as it does one
        of the client's own, unless it was opened before.

        It stays with this client; what `with_headers` and the like return has connections of its
        own.

        Args:
            async_client: The httpx client.

        Returns:
            This client itself.
        """
        self._async_pool.give(async_client)
        return self

    def close(self) -> None:
        """Close the connections of synchronous calls.

        The client can be used again afterwards; it opens new ones. An httpx client that was set is
        closed, too, and stays closed.
        """
        self._sync_pool.close()

    async def aclose(self) -> None:
        """Close the connections of asynchronous calls in the running event loop.

        The client can be used again afterwards; it opens new ones. An httpx client that was set is
        closed, too, and stays closed.
        """
        await self._async_pool.close()

    def __enter__(self) -> Self:
        """Keep the connections until the outermost `with` block ends."""
        self._sync_pool.enter(self._create_httpx_client)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close the connections where this is the outermost `with` block."""
        self._sync_pool.exit()

    async def __aenter__(self) -> Self:
        """Keep the event loop's connections until its outermost `async with` block ends."""
        await self._async_pool.enter(self._create_async_httpx_client)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close the connections where this is the event loop's outermost `async with` block."""
        await self._async_pool.exit()

    def _create_httpx_client(self) -> HttpxClient:
        from ..transport.clients import create_client  # which takes time to load

        return create_client((self._origin or self)._config)

    def _create_async_httpx_client(self) -> AsyncHttpxClient:
        from ..transport.clients import create_async_client

        return create_async_client((self._origin or self)._config)
