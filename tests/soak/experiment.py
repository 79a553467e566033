"""A round of the experiment: many calls on one client, measured from before to after."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dqops.client import AuthenticatedClient, Retries
from dqops.testing.simulator import DEFAULT_API_KEY

from soak.journal import Journal
from soak.measures import Sample, Sampler, requests_kept
from soak.report import Report
from soak.server import ServerProcess
from soak.verdicts import MAX_ATTEMPTS, judge
from soak.workload import Load, work_in_task, work_in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ROUNDS", "Round", "run"]


@dataclass(frozen=True)
class Round:
    """Who makes calls at the same time on one client.

    Attributes:
        transport: What carries asynchronous calls.
        tasks: How many tasks make them.
        threads: How many threads make synchronous ones.
    """

    transport: Literal["httpx", "aiohttp"]
    tasks: int
    threads: int


ROUNDS = {
    "1,000 tasks, httpx": Round("httpx", 1000, 0),
    "1,000 tasks, aiohttp": Round("aiohttp", 1000, 0),
    "64 threads": Round("httpx", 0, 64),
    "1,000 tasks and 64 threads": Round("aiohttp", 1000, 64),
}


def run(
    chosen: Round,
    *,
    seconds: float,
    seed: int,
    share: float,
    deadline: float,
    interval: float = 1.0,
) -> Report:
    """Run a round against a server of its own.

    Args:
        chosen: Who makes calls.
        seconds: How long.
        seed: Where all chance begins.
        share: The share of requests that each fault hits.
        deadline: Seconds for each of the calls that have a deadline.
        interval: Seconds between two looks at memory and sockets.

    Returns:
        What was seen.
    """
    journal = Journal()
    with ServerProcess(seed, share) as server, _complaints() as complaints:
        client = AuthenticatedClient(
            server.url,
            DEFAULT_API_KEY,
            raise_on_unexpected_status=True,
            retries=Retries(max_attempts=MAX_ATTEMPTS, backoff=0.05),
            transport=chosen.transport,
        )
        kept_before = requests_kept()
        threads = threading.active_count()
        before = Sample.now()
        load = Load(client, journal, seed, seconds, deadline)
        with Sampler(load, interval=interval) as sampler:
            began = time.monotonic()
            _make_calls(load, chosen, complaints)
            took = time.monotonic() - began
        kept = requests_kept() - kept_before
        after = Sample.now()
        threads_left = threading.active_count() - threads
        verdict = judge(journal.read(), server.requests())
    journal.close()
    return Report(verdict, took, before, sampler.samples, after, threads_left, kept, complaints)


def _make_calls(load: Load, chosen: Round, complaints: list[str]) -> None:
    async def tasks() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: complaints.append(f"event loop: {context}")
        )
        async with load.client:
            workers = [work_in_task(load, f"task-{number}") for number in range(chosen.tasks)]
            await asyncio.gather(*workers)

    beside = threading.Thread(target=work_in_threads, args=(load, chosen.threads))
    with load.client:
        beside.start()
        asyncio.run(tasks())
        beside.join()


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect warnings, and exceptions that nobody can catch."""
    found: list[str] = []

    def unraisable(failure: Any) -> None:
        found.append(f"unraisable: {failure.exc_value!r} in {failure.object!r}")

    earlier = sys.unraisablehook, threading.excepthook
    sys.unraisablehook = unraisable
    threading.excepthook = lambda failure: found.append(f"thread: {failure.exc_value!r}")
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield found
            gc.collect()
        found += [f"{each.category.__name__}: {each.message}" for each in warned]
    finally:
        sys.unraisablehook, threading.excepthook = earlier
