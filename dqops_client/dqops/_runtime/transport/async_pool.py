"""Who owns the connections of asynchronous calls, and for how long.

A client of ours makes its HTTP client when it is first needed, keeps it while a `with` block is
open or until it is closed, and makes a new one when it is needed again. An HTTP client that the
caller set is used as it is, and never replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .forks import forget_when_forked
from .pooling import Lease, PatientLock

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable

    from .http_settings import AsyncHttpxClient

__all__ = ["AsyncPool"]


class _LoopPool:
    """The connections that belong to one event loop."""

    __slots__ = ("depth", "lease")

    def __init__(self) -> None:
        self.lease: Lease[AsyncHttpxClient] | None = None
        self.depth = 0


class AsyncPool:
    """The connections of the asynchronous side.

    Connections belong to the event loop that opened them, so each loop gets an httpx client of its
    own. What is made while no loop runs belongs to the first loop that asks.
    """

    __slots__ = (
        "__weakref__",
        "_by_loop",
        "_given",
        "_given_depth",
        "_lock",
        "_opened_given",
        "_watches",
    )

    def __init__(self) -> None:
        self._given: Lease[AsyncHttpxClient] | None = None
        self._given_depth = 0
        self._opened_given = False
        self._by_loop: dict[asyncio.AbstractEventLoop | None, _LoopPool] = {}
        self._watches: dict[asyncio.AbstractEventLoop, AsyncGenerator[None, None]] = {}
        self._lock = PatientLock()
        forget_when_forked(self)

    def get(self, create: Callable[[], AsyncHttpxClient]) -> AsyncHttpxClient:
        """Return the httpx client to use now.

        Args:
            create: Makes a new one.

        Returns:
            The one that was set, or else our own for the running event loop, made now if there is
            none.
        """
        with self._lock:
            return self._current(create).client

    def borrow(self, create: Callable[[], AsyncHttpxClient]) -> Lease[AsyncHttpxClient]:
        """Begin a call.

        Args:
            create: Makes a new httpx client.

        Returns:
            What the call uses, and has to give back.
        """
        with self._lock:
            lease = self._current(create)
            lease.users += 1
            return lease

    def give_back(self, lease: Lease[AsyncHttpxClient]) -> AsyncHttpxClient | None:
        """End a call.

        Args:
            lease: What `borrow` returned.

        Returns:
            What is to be closed now; None for nothing.
        """
        with self._lock:
            lease.users -= 1
            return lease.client if lease.is_retired and not lease.users else None

    def discard(self, lease: Lease[AsyncHttpxClient]) -> None:
        """Use other connections from now on, after an interrupt that may have left these half done.

        Args:
            lease: What `borrow` returned. An httpx client that was set stays.
        """
        with self._lock:
            if lease is not self._given:
                lease.is_retired = True
            for pool in self._by_loop.values():
                if pool.lease is lease:
                    pool.lease = None
        self._lock.let_go()

    def own_clients(self) -> list[AsyncHttpxClient]:
        """List the httpx clients that we made, of every event loop, and that are still open."""
        with self._lock:
            leases = [pool.lease for pool in self._by_loop.values()]
            clients = [lease.client for lease in leases if lease is not None]
            return [client for client in clients if not client.is_closed]

    def give(self, client: AsyncHttpxClient) -> None:
        """Use the caller's httpx client from now on.

        Args:
            client: The httpx client.
        """
        # Our own stay where they are: they cannot be closed without waiting, but aclose() and the
        # end of their `async with` block still find them.
        with self._lock:
            self._given = Lease(client)
            self._given_depth = 0
            self._opened_given = False

    async def enter(self, create: Callable[[], AsyncHttpxClient]) -> None:
        """Begin an `async with` block; blocks may be nested and may overlap between tasks.

        Args:
            create: Makes a new httpx client.
        """
        with self._lock:
            lease = self._current(create)
            if lease is not self._given:
                self._of_running_loop().depth += 1
                return
            self._given_depth += 1
            if self._given_depth > 1:
                return
            was_retired, lease.is_retired = lease.is_retired, False
        self._opened_given = was_retired or await _try_open_async(lease.client)

    async def exit(self) -> None:
        """End an `async with` block; the outermost one of the loop closes what it opened."""
        own = given = None
        with self._lock:
            if self._given_depth:
                self._given_depth -= 1
                if not self._given_depth and self._opened_given:
                    given = self._given
                    self._opened_given = False
            pool = self._of_running_loop()
            pool.depth = max(0, pool.depth - 1)
            if not pool.depth:
                own, pool.lease = pool.lease, None
        await _retire(own, given)

    async def close(self) -> None:
        """Close the running loop's connections, those of the caller's httpx client included."""
        with self._lock:
            pool = self._of_running_loop()
            own, pool.lease = pool.lease, None
            given = self._given
            self._opened_given = False
        await _retire(own, given)

    def forget(self) -> list[object]:
        """Let go of connections that belong to the process that this one was forked from."""
        inherited: list[object] = [*self._by_loop.values(), *self._watches.values()]
        self._by_loop = {}
        self._watches = {}
        self._lock = PatientLock()
        return inherited

    def _current(self, create: Callable[[], AsyncHttpxClient]) -> Lease[AsyncHttpxClient]:
        if self._given is not None:
            return self._given
        pool = self._of_running_loop()
        if pool.lease is None or pool.lease.client.is_closed:
            pool.lease = Lease(create())
        return pool.lease

    def _of_running_loop(self) -> _LoopPool:
        loop = _running_loop()
        pool = self._by_loop.get(loop)
        if pool is None:
            # The connections of a closed loop cannot be closed any more; let go of them.
            for known in [
                known for known in self._by_loop if known is not None and known.is_closed()
            ]:
                del self._by_loop[known], self._watches[known]
            pool = self._by_loop.pop(None, None) or _LoopPool()
            self._by_loop[loop] = pool
            if loop is not None:
                self._watches[loop] = _begun(_close_with_loop(pool))
        return pool


async def _retire(*leases: Lease[AsyncHttpxClient] | None) -> None:
    for lease in leases:
        if lease is not None:
            lease.is_retired = True  # one event loop has it, so that nothing comes in between
            if not lease.users:
                await lease.client.aclose()


async def _close_with_loop(pool: _LoopPool) -> AsyncGenerator[None, None]:
    """Wait for the end of the event loop, and close what nobody has closed before.

    `asyncio.run` ends all asynchronous generators before it closes the loop, which is the only
    notice that it gives.
    """
    from asyncio import get_running_loop

    try:
        yield
    finally:
        lease, pool.lease = pool.lease, None
        is_running = True
        try:
            get_running_loop()
        except RuntimeError:
            # Nobody ends the loop: the interpreter does, or nest_asyncio, which leaves loops open.
            # Then there is no closing, and the operating system closes the sockets.
            is_running = False
        if is_running:
            await _retire(lease)


def _begun(generator: AsyncGenerator[None, None]) -> AsyncGenerator[None, None]:
    """Run a generator to its first `yield`, before which it waits for nothing."""
    try:
        generator.__anext__().send(None)
    except StopIteration:
        return generator
    raise RuntimeError("the generator waits before it yields")


async def _try_open_async(client: AsyncHttpxClient) -> bool:
    """Enter an HTTP client's context unless it was opened or closed before."""
    try:
        await client.__aenter__()
    except RuntimeError:
        return False
    return True


def _running_loop() -> asyncio.AbstractEventLoop | None:
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
