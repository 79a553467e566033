"""Calls over loopback: one after the other, and many at once."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from benchmarks.environments import REPOSITORY
from benchmarks.measure import Samples, interleave, take_turns
from benchmarks.workers import Worker, keep_on_processor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.environments import Environments

__all__ = [
    "AT_ONCE",
    "SYNC_CALLS",
    "THREADS",
    "answering",
    "measure_async",
    "measure_sync",
    "measure_threads",
]

SYNC_CALLS = ("get", "post")
AT_ONCE = (100, 1000)
THREADS = 64

# Many short turns, so that none is disturbed more than another; each call is timed on its own.
# Several processes for each client, because one can be a tenth slower than another for as long as
# it lives, by where its objects happen to lie.
_SYNC_PROCESSES = 8
_SERVER_PROCESSOR, _CLIENT_PROCESSOR = 0, 1
_SYNC_ROUNDS = 15
_SYNC_REPEAT = 60
_ASYNC_ROUNDS = 5
# By how many are at once: how often that is done in a round.
_ASYNC_REPEAT = {100: 5, 1000: 1}
_THREAD_ROUNDS = 7
_THREAD_REPEAT = 10

_GENERATED = {
    "official": ("official", "dqops.client"),
    "default": ("default-client", "default_client"),
    "ours": ("ours", "dqops.client"),
}


def measure_sync(environments: Environments, call: str) -> dict[str, Samples]:
    """Measure a call, done again and again over one connection.

    Args:
        environments: Where the clients are.
        call: `get` or `post`.

    Returns:
        Seconds of each call by client: `httpx` and `http.client`, with JSON sent from and received
        as dictionaries, and `httpx, bytes only` are among them.
    """
    found: dict[str, list[float]] = {}
    for _ in range(_SYNC_PROCESSES):
        for name, times in _take_turns_calling(environments, call).items():
            found.setdefault(name, []).extend(chain.from_iterable(times))
    return {name: Samples(tuple(times)) for name, times in found.items()}


def _take_turns_calling(environments: Environments, call: str) -> dict[str, list[list[float]]]:
    with answering(environments) as url, ExitStack() as stack:
        workers = {
            **_generated(environments, url),
            "httpx": _client(environments.python("raw"), "calls_httpx", url),
            "http.client": _client(environments.python("raw"), "calls_http_client", url),
        }
        cases = _cases(workers, stack, call, repeat=_SYNC_REPEAT)
        bytes_only = partial(workers["httpx"].ask, f"{call}_bytes", repeat=_SYNC_REPEAT)
        cases["httpx, bytes only"] = bytes_only
        return take_turns(cases, _SYNC_ROUNDS)


def measure_async(environments: Environments, at_once: int) -> dict[str, Samples]:
    """Measure calls that are started together.

    Args:
        environments: Where the clients are.
        at_once: How many.

    Returns:
        Seconds of a call by client, on average: `httpx`, `httpx2` and `aiohttp` among them, and
        with `ours httpx2` and `ours aiohttp` our package where that is chosen.
    """
    with answering(environments) as url, ExitStack() as stack:
        python = environments.python("ours-with-transports")
        workers = {
            **_generated(environments, url),
            **_in_one_environment(python, url, "httpx", "httpx2", "aiohttp"),
            "aiohttp": _client(python, "calls_aiohttp", url),
        }
        repeat = _ASYNC_REPEAT[at_once]
        cases = _cases(workers, stack, "gather", at_once=at_once, repeat=repeat)
        return interleave(cases, _ASYNC_ROUNDS)


def measure_threads(environments: Environments) -> dict[str, Samples]:
    """Measure calls of many threads on one client.

    Args:
        environments: Where the clients are.

    Returns:
        Seconds of a call by client, on average; see `measure_async`. The other generated clients
        are not among them: some of their calls fail, as those of raw httpx do, which makes
        them again.
    """
    with answering(environments) as url, ExitStack() as stack:
        python = environments.python("ours-with-transports")
        workers = _in_one_environment(python, url, "httpx", "httpx2")
        cases = _cases(workers, stack, "threads", threads=THREADS, repeat=_THREAD_REPEAT)
        return interleave(cases, _THREAD_ROUNDS)


def _in_one_environment(python: str, url: str, *transports: str) -> dict[str, Worker]:
    """Start our package with each transport beside the library itself.

    In two environments, the same program can differ by a fifth.
    """
    workers = {}
    for name in transports:
        ours = "ours" if name == "httpx" else f"ours {name}"
        workers[ours] = _client(python, "calls_generated", "dqops.client", url, name)
        if name != "aiohttp":
            workers[name] = _client(python, "calls_httpx", url, name)
    return workers


def _generated(environments: Environments, url: str) -> dict[str, Worker]:
    return {
        name: _client(environments.python(environment), "calls_generated", package, url)
        for name, (environment, package) in _GENERATED.items()
    }


def _client(python: str, module: str, *arguments: str) -> Worker:
    return Worker(python, module, *arguments, processor=_CLIENT_PROCESSOR)


def _cases(
    workers: dict[str, Worker], stack: ExitStack, task: str, **arguments: int
) -> dict[str, Callable[[], Any]]:
    return {
        name: partial(stack.enter_context(worker).ask, task, **arguments)
        for name, worker in workers.items()
    }


@contextmanager
def answering(environments: Environments) -> Iterator[str]:
    """Start a server that gives fixed answers, in a process of its own.

    Args:
        environments: Where an interpreter for it is.

    Yields:
        Its URL.
    """
    command = [environments.python("raw"), "-m", "benchmarks.peers.answering"]
    with subprocess.Popen(  # noqa: S603  # our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        keep_on_processor(process, _SERVER_PROCESSOR)
        port = process.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.stdin.close()
