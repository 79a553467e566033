"""Waits for DQOps in the triggerer, which holds thousands of waits in one process."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from airflow.triggers.base import BaseTrigger, TriggerEvent

from dqops.client.errors import ClientError
from dqops.jobs import aio, errors

from .hooks import DqopsHook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from dqops.client import AuthenticatedClient, Client

    from .hooks import ServerSettings

__all__ = ["DqopsJobTrigger", "DqopsTableStatusTrigger"]

# Seconds for a job to be cancelled; Airflow gives `on_kill` 30.
_CANCEL_WITHIN = 20.0
# Seconds that a trigger takes at least. Where it fires before the scheduler hears that the worker
# paused the task, the task is taken for failed (apache/airflow#67287, #72716).
_LEAST_SECONDS = 5.0
# Seconds for which an idle watcher is kept, so that tasks one after the other share it.
_KEPT = 30.0


class _Watch:
    """One client and one watcher of a server, which all triggers of an event loop share.

    Args:
        settings: Where the server is.
        listens: Whether the watcher listens to the feed of changes.
    """

    def __init__(self, settings: ServerSettings, *, listens: bool) -> None:
        self.users = 0
        self.used = asyncio.Event()
        self._ready: asyncio.Future[aio.AsyncWatcher] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._serve(settings.client(), listens=listens))

    async def watcher(self) -> aio.AsyncWatcher:
        return await asyncio.shield(self._ready)

    async def _serve(self, client: AuthenticatedClient | Client, *, listens: bool) -> None:
        """Hold both open, in a task of their own, until nobody has used them for a while."""
        watcher = aio.AsyncWatcher(client)
        try:
            async with client, watcher if listens else nullcontext():
                self._ready.set_result(watcher)
                while True:
                    self.used.clear()
                    with suppress(TimeoutError):
                        # `wait_for` of Python 3.11 loses a cancellation that comes with its end.
                        async with asyncio.timeout(_KEPT):
                            await self.used.wait()
                    if not self.users and not self.used.is_set():
                        return
        except Exception as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)


_watches: WeakKeyDictionary[Any, dict[tuple[ServerSettings, bool], _Watch]] = WeakKeyDictionary()


@asynccontextmanager
async def _watching(
    settings: ServerSettings, *, listens: bool = True
) -> AsyncIterator[aio.AsyncWatcher]:
    """Use the watcher of a server.

    Args:
        settings: Where it is.
        listens: Whether to wait for jobs with it; else there is its client to use.

    Yields:
        The watcher.
    """
    shared = _watches.setdefault(asyncio.get_running_loop(), {})
    watch = shared.get((settings, listens))
    if watch is None or watch.task.done():
        watch = shared[settings, listens] = _Watch(settings, listens=listens)
    watch.users += 1
    watch.used.set()
    try:
        yield await watch.watcher()
    finally:
        watch.users -= 1
        watch.used.set()


class _DqopsTrigger(BaseTrigger):
    """What both triggers know: where the server is."""

    def __init__(self, *, conn_id: str | None, base_url: str | None, api_key: str | None) -> None:
        super().__init__()
        self.conn_id = conn_id
        self.base_url = base_url
        self.api_key = api_key
        self.hook = DqopsHook(conn_id, base_url=base_url, api_key=api_key)

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and tell what came; not so soon that the scheduler misses it.

        Yields:
            One event.
        """
        began = time.monotonic()
        came = await self._wait()
        await asyncio.sleep(began + _LEAST_SECONDS - time.monotonic())
        yield TriggerEvent(came)

    async def _wait(self) -> dict[str, str]:
        """Wait, and tell what came."""
        raise NotImplementedError

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give what another process makes the same trigger of: plain JSON.

        Airflow encrypts it in its database.

        Returns:
            The path of the class, and its arguments.
        """
        names = ("conn_id", "base_url", "api_key", *self._names)
        path = f"{type(self).__module__}.{type(self).__name__}"
        return path, {name: getattr(self, name) for name in names}

    _names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # The arguments may hold an API key.
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"<{type(self).__name__} {told}>"


class DqopsJobTrigger(_DqopsTrigger):
    """Waits for the end of a job, by the server's feed of changes.

    The event tells which job it is, and `ended`, `timeout` or `killed`; what came of the job is
    asked by the task that goes on.

    Args:
        conn_id: The connection; None for the default one, or the arguments.
        base_url: The URL of the server, if it is not that of the connection.
        api_key: The API key, if it is not that of the connection.
        kind: The kind of the job, such as `run_checks`.
        business_key: The job's business key.
        wait_until: The time (seconds since 1970) until which to wait; None for no limit.
        kill_at: The time at which the task has taken too long; None for never.
        owns_job: Whether the job is cancelled then, and when somebody ends the task.
    """

    _names = ("kind", "business_key", "wait_until", "kill_at", "owns_job")

    def __init__(
        self,
        *,
        kind: str,
        business_key: str,
        conn_id: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        wait_until: float | None = None,
        kill_at: float | None = None,
        owns_job: bool = True,
    ) -> None:
        super().__init__(conn_id=conn_id, base_url=base_url, api_key=api_key)
        self.kind = kind
        self.business_key = business_key
        self.wait_until = wait_until
        self.kill_at = kill_at
        self.owns_job = owns_job

    async def _wait(self) -> dict[str, str]:
        """Wait, and tell that the job has ended, or that the time is over."""
        limits = [each for each in (self.wait_until, self.kill_at) if each is not None]
        timeout = max(0.0, min(limits) - time.time()) if limits else None
        what = "ended"
        async with _watching(await self.hook.asettings()) as watcher:
            try:
                await watcher.wait(self._handle(watcher.client), timeout=timeout)
            except errors.JobTimeout:
                is_killed = self.kill_at is not None and time.time() >= self.kill_at
                if is_killed:
                    await self.on_kill()
                what = "killed" if is_killed else "timeout"
            except ClientError as error:
                # The task that goes on meets the same, and tells it where people look.
                self.log.info("%s", error)
        return {"what": what, "kind": self.kind, "business_key": self.business_key}

    async def on_kill(self) -> None:
        """Cancel the job, because somebody has marked or cleared the task."""
        if not self.owns_job:
            return
        async with _watching(await self.hook.asettings()) as watcher:
            try:
                status = await self._handle(watcher.client).cancel(timeout=_CANCEL_WITHIN)
            except ClientError as error:
                self.log.warning("the job may go on: %s", error)
            else:
                self.log.info("the job %s is %s", self.business_key, status)

    def _handle(self, client: Any) -> aio.AsyncJobHandle[Any]:
        return aio.attach(client, self.business_key, getattr(aio, self.kind.upper()))


class DqopsTableStatusTrigger(_DqopsTrigger):
    """Waits until a table is good, looking at it from time to time.

    Args:
        conn_id: The connection; None for the default one, or the arguments.
        base_url: The URL of the server, if it is not that of the connection.
        api_key: The API key, if it is not that of the connection.
        filters: The filters that select the checks, as JSON.
        at_least: The lowest severity that is too bad.
        options: Further keywords of `jobs.judge`, as JSON.
        poke_interval: Seconds between two looks.
        wait_until: The time (seconds since 1970) until which to wait.
    """

    _names = ("filters", "at_least", "options", "poke_interval", "wait_until")

    def __init__(
        self,
        *,
        filters: dict[str, Any],
        at_least: str,
        options: dict[str, Any],
        poke_interval: float,
        wait_until: float,
        conn_id: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
    ) -> None:
        super().__init__(conn_id=conn_id, base_url=base_url, api_key=api_key)
        self.filters = filters
        self.at_least = at_least
        self.options = options
        self.poke_interval = poke_interval
        self.wait_until = wait_until

    async def _wait(self) -> dict[str, str]:
        """Look until the table is good, or the time is over."""
        from dqops.client.models import CheckSearchFilters

        filters = CheckSearchFilters.from_dict(self.filters)
        async with _watching(await self.hook.asettings(), listens=False) as watcher:
            while True:
                try:
                    verdict = await aio.judge(
                        watcher.client, filters, self.at_least, **self.options
                    )
                except ClientError as error:
                    self.log.warning("the table cannot be judged: %s", error)
                else:
                    self.log.info("%s", verdict)
                    if verdict.passed:
                        return {"what": "good"}
                if time.time() + self.poke_interval > self.wait_until:
                    return {"what": "timeout"}
                await asyncio.sleep(self.poke_interval)
