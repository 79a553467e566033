"""Runs coroutines in tasks, so many at a time, under whatever event loop there is."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..client.errors import InvalidRequest
from .procedures import places_by_job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType
    from typing import Self

    from .kinds import JobRequest
    from .outcome import Outcome

__all__ = ["AsyncAsCompleted", "run_in_tasks"]

R = TypeVar("R")
T = TypeVar("T")


async def run_in_tasks(functions: Sequence[Callable[[], Awaitable[T]]], limit: int) -> list[T]:
    """Run coroutine functions, each in one of a few tasks.

    Args:
        functions: The functions.
        limit: How many tasks there are at most.

    Returns:
        What the functions return, in order.

    Raises:
        BaseException: The first that one of them raises, when all others have ended, which are
            cancelled. So are all if the caller is cancelled.
    """
    import anyio  # it comes with httpx

    numbers = iter(range(len(functions)))  # from which each task takes the next one
    results: dict[int, T] = {}
    failures: list[BaseException] = []
    cancelled = anyio.get_cancelled_exc_class()

    async def work() -> None:
        try:
            for number in numbers:
                results[number] = await functions[number]()
        except cancelled:
            raise
        except BaseException as error:
            failures.append(error)
            group.cancel_scope.cancel()

    try:
        async with anyio.create_task_group() as group:
            for _ in range(min(limit, len(functions))):
                group.start_soon(work)
    except BaseExceptionGroup as error:
        # Ctrl-C, for example, where the event loop raises it in the middle of everything.
        failures.extend(_leaves(error))
    if failures:
        raise failures[0]
    return [results[number] for number in range(len(functions))]


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


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf
        for error in group.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]
