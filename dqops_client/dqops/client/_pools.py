"""Who owns which connections, and for how long.

A client of ours makes its httpx client when it is first needed, keeps it while a `with` block is
open or until it is closed, and makes a new one when it is needed again. An httpx client that the
caller set is used as it is, and never replaced.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from . import _http

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from ._http import AsyncHttpxClient, HttpxClient

__all__ = ["AsyncPool", "SyncPool"]


class SyncPool:
    """The connections of the synchronous side."""

    __slots__ = ("_depth", "_lock", "_opened_given", "_own", "given")

    #: The httpx client that the caller set.
    given: HttpxClient | None

    def __init__(self) -> None:
        self.given = None
        self._own: HttpxClient | None = None
        self._depth = 0
        self._opened_given = False
        self._lock = threading.Lock()

    def get(self, create: Callable[[], HttpxClient]) -> HttpxClient:
        """Return the httpx client to use now.

        Args:
            create: Makes a new one.

        Returns:
            The one that was set, or else our own, made now if there is none.
        """
        given = self.given
        if given is not None:
            return given
        with self._lock:
            if self._own is None or self._own.is_closed:
                self._own = create()
            return self._own

    def own_clients(self) -> list[HttpxClient]:
        """List the httpx clients that we made and that are still open."""
        with self._lock:
            own = self._own
            return [own] if own is not None and not own.is_closed else []

    def give(self, client: HttpxClient) -> None:
        """Use the caller's httpx client from now on.

        Args:
            client: The httpx client.
        """
        with self._lock:
            self.given = client
            self._opened_given = False
            own, self._own = self._own, None
        if own is not None:
            own.close()

    def enter(self, create: Callable[[], HttpxClient]) -> None:
        """Begin a `with` block; blocks may be nested and may overlap between threads.

        Args:
            create: Makes a new httpx client.
        """
        client = self.get(create)
        with self._lock:
            self._depth += 1
            if self._depth == 1 and client is self.given:
                self._opened_given = _http.try_open(client)

    def exit(self) -> None:
        """End a `with` block; the outermost one closes what it opened."""
        with self._lock:
            self._depth = max(0, self._depth - 1)
            if self._depth:
                return
            closing = [self._own, self.given if self._opened_given else None]
            self._own = None
            self._opened_given = False
        for client in closing:
            if client is not None:
                client.close()

    def close(self) -> None:
        """Close the connections, those of the caller's httpx client included."""
        with self._lock:
            closing = [self._own, self.given]
            self._own = None
            self._opened_given = False
        for client in closing:
            if client is not None:
                client.close()


class _LoopPool:
    """The connections that belong to one event loop."""

    __slots__ = ("client", "depth")

    def __init__(self) -> None:
        self.client: AsyncHttpxClient | None = None
        self.depth = 0


class AsyncPool:
    """The connections of the asynchronous side.

    Connections belong to the event loop that opened them, so each loop gets an httpx client of its
    own. What is made while no loop runs belongs to the first loop that asks.
    """

    __slots__ = ("_by_loop", "_given_depth", "_lock", "_opened_given", "given")

    #: The httpx client that the caller set.
    given: AsyncHttpxClient | None

    def __init__(self) -> None:
        self.given = None
        self._given_depth = 0
        self._opened_given = False
        self._by_loop: dict[asyncio.AbstractEventLoop | None, _LoopPool] = {}
        self._lock = threading.Lock()

    def get(self, create: Callable[[], AsyncHttpxClient]) -> AsyncHttpxClient:
        """Return the httpx client to use now.

        Args:
            create: Makes a new one.

        Returns:
            The one that was set, or else our own for the running event loop, made now if there is
            none.
        """
        given = self.given
        if given is not None:
            return given
        with self._lock:
            pool = self._of_running_loop()
            if pool.client is None or pool.client.is_closed:
                pool.client = create()
            return pool.client

    def own_clients(self) -> list[AsyncHttpxClient]:
        """List the httpx clients that we made, of every event loop, and that are still open."""
        with self._lock:
            clients = [pool.client for pool in self._by_loop.values()]
            return [client for client in clients if client is not None and not client.is_closed]

    def give(self, client: AsyncHttpxClient) -> None:
        """Use the caller's httpx client from now on.

        Args:
            client: The httpx client.
        """
        # Our own stay where they are: they cannot be closed without waiting, but aclose() and the
        # end of their `async with` block still find them.
        with self._lock:
            self.given = client
            self._given_depth = 0
            self._opened_given = False

    async def enter(self, create: Callable[[], AsyncHttpxClient]) -> None:
        """Begin an `async with` block; blocks may be nested and may overlap between tasks.

        Args:
            create: Makes a new httpx client.
        """
        client = self.get(create)
        with self._lock:
            if client is not self.given:
                self._of_running_loop().depth += 1
                return
            self._given_depth += 1
            if self._given_depth > 1:
                return
        self._opened_given = await _http.try_open_async(client)

    async def exit(self) -> None:
        """End an `async with` block; the outermost one of the loop closes what it opened."""
        closing: list[AsyncHttpxClient | None] = []
        with self._lock:
            if self._given_depth:
                self._given_depth -= 1
                if not self._given_depth and self._opened_given:
                    closing.append(self.given)
                    self._opened_given = False
            pool = self._of_running_loop()
            pool.depth = max(0, pool.depth - 1)
            if not pool.depth:
                closing.append(pool.client)
                pool.client = None
        for client in closing:
            if client is not None:
                await client.aclose()

    async def close(self) -> None:
        """Close the running loop's connections, those of the caller's httpx client included."""
        with self._lock:
            pool = self._of_running_loop()
            closing = [pool.client, self.given]
            pool.client = None
            self._opened_given = False
        for client in closing:
            if client is not None:
                await client.aclose()

    def _of_running_loop(self) -> _LoopPool:
        loop = _running_loop()
        pool = self._by_loop.get(loop)
        if pool is None:
            # The connections of a closed loop cannot be closed any more; let go of them.
            for known in [
                known for known in self._by_loop if known is not None and known.is_closed()
            ]:
                del self._by_loop[known]
            pool = self._by_loop.pop(None, None) or _LoopPool()
            self._by_loop[loop] = pool
        return pool


def _running_loop() -> asyncio.AbstractEventLoop | None:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
