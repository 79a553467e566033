"""Waits for any number of jobs at once, by one feed of changes instead of requests about each."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Any, TypeVar

from .._runtime.public import publish
from ..client.errors import ClientError, InvalidRequest
from .drivers import drive_async
from .history import Feed
from .lookup import ENDED
from .timing import DEFAULT_TIMEOUT, Run, is_least, timing_of

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import anyio

    from ..client import AuthenticatedClient, Client
    from .handles import AsyncJobHandle
    from .history import JobRecord
    from .results import Outcome
    from .timing import Seconds, Timing

__all__ = ["AsyncWatcher"]

R = TypeVar("R")

# Ends of jobs, so that none is missed that comes between a look at the job and waiting for it.
_MOST_REMEMBERED = 10_000

_logger = logging.getLogger("dqops.jobs")


class AsyncWatcher:
    """Waits for the ends of any number of jobs of one server.

    A handle's own `wait` holds a request open for each job. This holds one open for all of them,
    the server's feed of changes, and looks at a job only when the feed tells of its end, and from
    time to time in case that the feed has missed it:

        async with aio.AsyncWatcher(client) as watcher:
            outcome = await watcher.wait(aio.attach(client, "nightly", aio.RUN_CHECKS))

    Args:
        client: The client to send requests with.
        recheck_every: Seconds after which a job is looked at of which the feed tells nothing.
        timing: How patient to be, in detail.

    Raises:
        InvalidRequest: `recheck_every` is not above 0.
    """

    def __init__(
        self,
        client: AuthenticatedClient | Client,
        *,
        recheck_every: float = 60.0,
        timing: Timing | None = None,
    ) -> None:
        if not (is_least(recheck_every, 0) and recheck_every):
            raise InvalidRequest(f"recheck_every must be > 0, got {recheck_every!r}")
        self._client = client
        self._recheck_every = recheck_every
        self._timing = timing_of(timing)
        self._waiting: dict[int | None, set[anyio.Event]] = {}
        self._ended: dict[int | None, None] = {}
        self._group: Any = None

    @property
    def client(self) -> AuthenticatedClient | Client:
        """The client that requests are sent with."""
        return self._client

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        import anyio  # it comes with httpx

        self._group = await anyio.create_task_group().__aenter__()
        self._group.start_soon(self._listen)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; whoever waits goes on without the feed."""
        self._group.cancel_scope.cancel()
        # Its task does not fail, so that an exception of the block goes its way as it is.
        await self._group.__aexit__(None, None, None)
        self._group = None

    async def wait(
        self, handle: AsyncJobHandle[R], *, timeout: Seconds | None = DEFAULT_TIMEOUT
    ) -> Outcome[R]:
        """Wait for the end of a job; as `AsyncJobHandle.wait`.

        Args:
            handle: The job.
            timeout: Seconds to wait at most; None for no limit. The job goes on after them.

        Returns:
            What came out.

        Raises:
            JobFailed: The job ended with an error.
            JobCancelled: It was cancelled.
            JobTimeout: The time was over.
            JobForgotten: The server does not know the job any more.
            JobUnreachable: The server refuses to tell.
            InvalidRequest: The watcher is not in an `async with` block.
        """
        if self._group is None:
            raise InvalidRequest("a watcher is for a block: async with AsyncWatcher(...) as ...")
        run = Run(self._timing, timeout)
        while not run.is_over and (await handle.entry(timeout=run.limit(None))).status not in ENDED:
            # Each at another time, so that a thousand jobs are not looked at in one moment.
            pause = self._recheck_every * random.uniform(0.75, 1.25)  # noqa: S311
            if await self._hears_of_end(handle.job_id, run.limit(pause)):
                break
        return await handle.wait(timeout=run.limit(None))

    async def _hears_of_end(self, number: int | None, timeout: float | None) -> bool:
        """Wait until the feed tells of the end of a job; whether it did in time."""
        import anyio

        if number in self._ended:
            return True  # between the last look at the job and now
        event = anyio.Event()
        events = self._waiting.setdefault(number, set())
        events.add(event)
        try:
            with anyio.move_on_after(timeout):
                await event.wait()
        finally:
            events.discard(event)
            if not events and self._waiting.get(number) is events:
                del self._waiting[number]
        return event.is_set()

    def _note(self, record: JobRecord) -> None:
        if record.is_child or not record.has_ended:
            return
        self._ended[record.job_id] = None
        if len(self._ended) > _MOST_REMEMBERED:
            del self._ended[next(iter(self._ended))]
        for event in self._waiting.pop(record.job_id, ()):
            event.set()

    async def _listen(self) -> None:
        import anyio

        run = Run(self._timing, None)
        while True:
            # From all that the server remembers on: a job may have ended a moment ago.
            feed = Feed(0, entries=False)
            try:
                while True:
                    for record in await drive_async(self._client, feed.batch(run)) or ():
                        self._note(record)
            except ClientError as error:
                _logger.warning("the changes of jobs cannot be followed: %s", error)
            await anyio.sleep(self._recheck_every)


publish("jobs", (AsyncWatcher,), package="dqops")
