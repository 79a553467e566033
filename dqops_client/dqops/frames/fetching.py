"""Reads many responses at a time, in order and within a limit."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

__all__ = ["Pool"]

T = TypeVar("T")
R = TypeVar("R")


class Pool:
    """Threads that read.

    Args:
        limit: How many requests may be under way at the same time.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._threads = ThreadPoolExecutor(limit, thread_name_prefix="dqops-frames")

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Stop the threads in the end; what has not begun never begins."""
        try:
            yield
        finally:
            self._threads.shutdown(wait=True, cancel_futures=True)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Call a function for each item in a thread, a few ahead of what is asked for.

        Args:
            function: What to call.
            items: The items; they are taken one by one.

        Yields:
            The results in the order of the items.
        """
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(self._threads.submit(function, item))
            if len(waiting) >= self._limit:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
