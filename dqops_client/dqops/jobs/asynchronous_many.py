"""Runs several jobs at the same time, each in a task of its own."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._runtime.public import publish
from ..client.errors import InvalidRequest
from .asynchronous import run
from .many import JobsInterrupted
from .procedures import check_many, new_job, not_submitted, places_by_job
from .progress import check_callback
from .tasks import run_in_tasks
from .timing import DEFAULT_TIMEOUT, Run, check_timeouts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from ..client import AuthenticatedClient, Client
    from .kinds import JobRequest
    from .progress import AsyncProgressCallback
    from .results import Outcome
    from .submission import IfExists
    from .timing import Seconds, Timing

__all__ = ["AsyncAsCompleted", "as_completed", "run_many"]

R = TypeVar("R")


async def run_many(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> list[Outcome[R] | Exception]:
    """Submit several jobs, a few at a time, and wait for all of them.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit. What has not ended by then is a
            `JobTimeout` in the list, and what was not submitted by then never is.
        if_exists: What to do if the server knows a job of a given business key: `raise`; `attach`
            to that one, or submit it anew if it failed or was cancelled; `rerun`, which submits it
            anew if it has ended in any way; or `join` it, whatever became of it.
        on_progress: Called with the `JobProgress` of each job; what it returns is awaited if it
            can be.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way, too: the cancellation
            of the task or of a scope of anyio or trio around it, and Ctrl-C.
        timing: How patient to be, in detail.

    Returns:
        For each request, in order, the outcome, or the exception that `run` would raise. Requests
        that are equal, business key included, are one job.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
        JobsInterrupted: Ctrl-C, where the event loop raises it here (asyncio cancels the task
            instead); it has the outcomes of the jobs that had ended.
    """
    done = as_completed(
        client,
        requests,
        max_concurrent=max_concurrent,
        timeout=timeout,
        total_timeout=total_timeout,
        if_exists=if_exists,
        on_progress=on_progress,
        cancel_on_interrupt=cancel_on_interrupt,
        timing=timing,
    )
    try:
        await run_in_tasks(done._functions(), max_concurrent)
    except KeyboardInterrupt as error:
        raise JobsInterrupted(done.outcomes) from error
    return [outcome for outcome in done.outcomes if outcome is not None]


def as_completed(
    client: AuthenticatedClient | Client,
    requests: Iterable[JobRequest[R]],
    *,
    max_concurrent: int = 10,
    timeout: Seconds | None = DEFAULT_TIMEOUT,
    total_timeout: Seconds | None = None,
    if_exists: IfExists = "raise",
    on_progress: AsyncProgressCallback | None = None,
    cancel_on_interrupt: bool = False,
    timing: Timing | None = None,
) -> AsyncAsCompleted[R]:
    """Submit several jobs, and give each outcome as soon as its job has ended.

        async with aio.as_completed(client, requests) as done:
            async for request, outcome in done:
                print(request.label, outcome)

    When the loop is left early, no further job is submitted; those under way go on, unless
    `cancel_on_interrupt` says otherwise.

    Args:
        client: The client to send requests with.
        requests: What the jobs are to do, as `RUN_CHECKS.request(...)` gives it.
        max_concurrent: How many jobs may be under way at the same time.
        timeout: Seconds for each job, from its submission; None for no limit.
        total_timeout: Seconds for all of them; None for no limit.
        if_exists: What to do if the server knows a job of a given business key, as with `run_many`.
        on_progress: Called with the `JobProgress` of each job; what it returns is awaited if it
            can be.
        cancel_on_interrupt: Whether an interrupt cancels the jobs under way, and leaving the loop
            early.
        timing: How patient to be, in detail.

    Returns:
        What gives, in an `async with` block, pairs of a request, and its outcome or the exception
        that `run` would raise.

    Raises:
        InvalidRequest: Two requests have one business key and differ, or `max_concurrent` is below
            1.
    """
    listed = check_many(requests, max_concurrent)
    check_timeouts(timeout=timeout, total_timeout=total_timeout)
    times = Run(timing, total_timeout)
    check_callback(on_progress)

    async def outcome(request: JobRequest[R]) -> Outcome[R] | Exception:
        if times.is_over:
            return not_submitted(new_job(request), times)
        try:
            return await run(
                client,
                request,
                timeout=times.limit(timeout),
                if_exists=if_exists,
                on_progress=on_progress,
                cancel_on_interrupt=cancel_on_interrupt,
                timing=timing,
            )
        except Exception as error:
            return error

    return AsyncAsCompleted(listed, outcome, max_concurrent)


class AsyncAsCompleted(Generic[R]):
    """Jobs under way, and their outcomes as they end; `aio.as_completed` makes one.

    Attributes:
        outcomes: For each request, in order, what has come of it so far; None for nothing yet.
    """

    def __init__(
        self,
        requests: Sequence[JobRequest[R]],
        outcome: Callable[[JobRequest[R]], Awaitable[Outcome[R] | Exception]],
        limit: int,
    ) -> None:
        self.outcomes: list[Outcome[R] | Exception | None] = [None] * len(requests)
        self._requests = requests
        self._places = places_by_job(requests)
        self._outcome = outcome
        self._limit = limit
        self._group: Any = None
        self._told = 0

    def _functions(self) -> list[Callable[[], Awaitable[list[int]]]]:
        return [partial(self._end, number) for number in self._places]

    async def _end(self, number: int) -> list[int]:
        ended = await self._outcome(self._requests[number])
        for place in self._places[number]:
            self.outcomes[place] = ended
        return self._places[number]

    async def __aenter__(self) -> Self:
        """Begin to submit the jobs."""
        import anyio  # it comes with httpx

        self._send, self._receive = anyio.create_memory_object_stream[int | BaseException](math.inf)
        self._group = await anyio.create_task_group().__aenter__()
        self._group.start_soon(self._work)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Submit nothing any more."""
        self._group.cancel_scope.cancel()
        # No task of it fails, so that an exception of the block goes its way as it is.
        await self._group.__aexit__(None, None, None)
        self._send.close()
        self._receive.close()

    async def _work(self) -> None:
        import anyio

        async def tell(number: int) -> None:
            for place in await self._end(number):
                self._send.send_nowait(place)

        functions = [partial(tell, number) for number in self._places]
        try:
            await run_in_tasks(functions, self._limit)
        except anyio.get_cancelled_exc_class():
            raise
        except BaseException as error:
            self._send.send_nowait(error)

    def __aiter__(self) -> Self:
        if self._group is None:  # when a loop without a block is left, nobody would know of it
            raise InvalidRequest(
                "as_completed needs an async with block: async with as_completed(...) as done: "
                "async for request, outcome in done: ...; nothing was sent"
            )
        return self

    async def __anext__(self) -> tuple[JobRequest[R], Outcome[R] | Exception]:
        if self._told == len(self._requests):
            raise StopAsyncIteration
        told = await self._receive.receive()
        self._told += 1
        if isinstance(told, BaseException):
            raise told
        outcome = self.outcomes[told]
        assert outcome is not None  # it was told after it was there
        return self._requests[told], outcome


publish("jobs", (AsyncAsCompleted,), package="dqops")
