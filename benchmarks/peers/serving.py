"""What the scripts of this folder share: a loop that does what the lines of its input ask for."""

from __future__ import annotations

import gc
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def time_of(
    function: Callable[[], object], repeat: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Measure a function.

    Args:
        function: What to call.
        repeat: How often.
        clock: What tells the time in seconds.

    Returns:
        Seconds of a call, on average.
    """
    gc.collect()
    for _ in range(1 + repeat // 6):  # others have filled the processor's caches meanwhile
        function()
    started = clock()
    for _ in range(repeat):
        function()
    return (clock() - started) / repeat


def times_of(function: Callable[[], object], repeat: int) -> list[float]:
    """Measure a function that waits for another process, one call at a time.

    Args:
        function: What to call.
        repeat: How often.

    Returns:
        Seconds of each call.
    """
    gc.collect()
    for _ in range(1 + repeat // 6):  # see `time_of`
        function()
    return [_time_of_one(function) for _ in range(repeat)]


def _time_of_one(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def time_of_threads(function: Callable[[], object], threads: int, repeat: int) -> float:
    """Measure a function that waits for another process, in many threads at once.

    Args:
        function: What to call.
        threads: How many threads call it.
        repeat: How often each does.

    Returns:
        Seconds of a call, on average.
    """

    def call() -> None:
        for _ in range(repeat):
            function()

    gc.collect()
    with ThreadPoolExecutor(threads) as pool:
        for first in [pool.submit(function) for _ in range(threads)]:  # opens connections
            first.result()
        started = time.perf_counter()
        for future in [pool.submit(call) for _ in range(threads)]:
            future.result()
        return (time.perf_counter() - started) / (threads * repeat)


def processor_time_of(function: Callable[[], object], repeat: int) -> float:
    """Measure a function that waits for nothing, whatever else the machine does.

    Args:
        function: What to call.
        repeat: How often.

    Returns:
        Seconds of processor time of a call, on average.
    """
    return time_of(function, repeat, time.process_time)


def serve(*tasks: Callable[..., Any]) -> None:
    """Answer until the input ends.

    Args:
        tasks: What can be asked for, by the names of the functions.
    """
    by_name = {task.__name__: task for task in tasks}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(by_name[name](**arguments)), flush=True)
