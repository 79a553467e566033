"""Runs coroutines in tasks, so many at a time, under whatever event loop there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

__all__ = ["run_in_tasks"]

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


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf
        for error in group.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]
