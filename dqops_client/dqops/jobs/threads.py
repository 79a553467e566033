"""Runs functions in threads, so many at a time, for callers who wait for all of them."""

from __future__ import annotations

import threading
from contextvars import copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["run_in_threads"]

T = TypeVar("T")


def run_in_threads(
    tasks: Sequence[Callable[[threading.Event], T]], limit: int, tell: Callable[[int], None]
) -> list[T]:
    """Run functions, each in one of a few threads.

    Args:
        tasks: The functions; each gets an event that is set when it should end early.
        limit: How many threads there are at most.
        tell: Called with the number of functions that have ended, in the thread that calls this.

    Returns:
        What the functions return, in order.

    Raises:
        BaseException: The first that one of them raises. No other function begins then.
    """
    numbers = iter(range(len(tasks)))  # from which each thread takes the next one
    news: SimpleQueue[tuple[int, T | None, BaseException | None]] = SimpleQueue()
    is_over = threading.Event()

    def work() -> None:
        for number in numbers:
            if is_over.is_set():
                return
            try:
                news.put((number, tasks[number](is_over), None))
            except BaseException as error:
                news.put((number, None, error))

    results: dict[int, T] = {}
    try:
        for _ in range(min(limit, len(tasks))):
            # A daemon: a server that does not respond must not keep a program from its end.
            threading.Thread(
                target=copy_context().run, args=(work,), name="dqops-judge", daemon=True
            ).start()
        while len(results) < len(tasks):
            number, result, error = news.get()
            if error is not None:
                raise error
            results[number] = result  # type: ignore[assignment]  # there is one if no error
            tell(len(results))
    finally:
        is_over.set()
    return [results[number] for number in range(len(tasks))]
