"""Submits thousands of jobs over a bad network, and counts what the server got.

    python tests/jobs/exactly_once.py --jobs 2000 --seed 1

A fifth of all requests fail, at every point at which they can: reset before, during and after the
server handled them, no response before and after, 502 before and after. Each way to run jobs gets
them, `dqops.jobs` and, for comparison, the operation `run_checks` with a naive retry. A second part
restarts the server while a hundred jobs are waited for.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dqops import jobs
from dqops.client import Client
from dqops.client.api.jobs import run_checks
from dqops.client.models import CheckSearchFilters, RunChecksParameters
from dqops.jobs import RUN_CHECKS, Timing, aio
from dqops.testing import DqopsServer, Fault
from dqops.testing.faults import FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["WAYS", "Tally", "restarted", "submitted_with_faults"]

# One of the tables, and a check by its name: the work of the simulated server is not the point.
FILTERS = CheckSearchFilters(connection="warehouse", full_table_name="public.orders")
#: Seconds after which the simulated server lists a job by its business key.
KEY_DELAY = 0.3
TIMING = Timing(
    registered_within=3.0,
    request=0.75,
    turn=2,
    first_pause=0.05,
    longest_pause=0.5,
    submissions=20,
)
THREADS = 16
CONCURRENT = 50
NAIVE_ATTEMPTS = 10


@dataclass(frozen=True)
class Tally:
    """What came of some jobs.

    Attributes:
        jobs: How many there were.
        once: How many the server ran exactly once, to their end.
        lost: How many it never got.
        doubled: How many it got more than once.
        surplus: How many runs there were too many.
        callers: What the callers got: `finished`, or the name of an exception.
        wrong: How many callers were told of another job than theirs.
        sent: How many submissions were sent.
        faults: How many of those were hit by a fault.
        seconds: How long it took.
    """

    jobs: int
    once: int
    lost: int
    doubled: int
    surplus: int
    callers: Counter[str]
    wrong: int
    sent: int
    faults: int
    seconds: float

    def __str__(self) -> str:
        callers = ", ".join(f"{count} {name}" for name, count in self.callers.most_common())
        return (
            f"{self.jobs} jobs, {self.faults} of {self.sent} submissions hit: {self.once} ran "
            f"once, {self.lost} lost, {self.doubled} doubled (+{self.surplus} runs); callers: "
            f"{callers}; {self.wrong} with another job's outcome; {self.seconds:.0f} s"
        )


def faults(share: float, seed: int) -> FaultPlan:
    """Make faults that hit a share of all requests of every operation."""
    kinds = 7
    each = 1 - (1 - share) ** (1 / kinds)
    # The simulator cannot hang a request that it also waits for, so time-outs come first.
    plan = FaultPlan(seed=seed)
    return plan.add(
        Fault.timeout(when="before", probability=each),
        Fault.timeout(when="after", probability=each),
        Fault.reset(when="before", probability=each),
        Fault.reset(when="during", probability=each),
        Fault.reset(when="after", probability=each),
        Fault.status(502, when="before", probability=each),
        Fault.status(502, when="after", probability=each),
    )


def in_threads(client: Client, keys: Sequence[str]) -> list[Any]:
    """Run jobs with `jobs.run`, in several threads that share the client."""

    def run(key: str) -> Any:
        try:
            request = RUN_CHECKS.request(FILTERS, business_key=key)
            return jobs.run(client, request, if_exists="raise", timeout=600, timing=TIMING)
        except Exception as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, keys))


def many(client: Client, keys: Sequence[str]) -> list[Any]:
    """Run jobs with `jobs.run_many`."""
    requests = [RUN_CHECKS.request(FILTERS, business_key=key) for key in keys]
    return jobs.run_many(client, requests, max_concurrent=CONCURRENT, timeout=600, timing=TIMING)


def asynchronously(client: Client, keys: Sequence[str]) -> list[Any]:
    """Run jobs with `aio.run_many`."""

    async def main() -> list[Any]:
        requests = [RUN_CHECKS.request(FILTERS, business_key=key) for key in keys]
        async with client:
            return await aio.run_many(
                client, requests, max_concurrent=CONCURRENT, timeout=600, timing=TIMING
            )

    return asyncio.run(main())


def naively(client: Client, keys: Sequence[str]) -> list[Any]:
    """Run jobs with the operation `run_checks`, again after every exception."""
    client = client.with_options(timeout=TIMING.request)
    client.raise_on_unexpected_status = True
    body = RunChecksParameters(check_search_filters=FILTERS)

    def attempt(key: str) -> Any:
        try:
            return run_checks.sync(client=client, json_body=body, job_business_key=key)
        except Exception as error:
            return error

    def run(key: str) -> Any:
        found = attempt(key)
        for _ in range(NAIVE_ATTEMPTS):
            if not isinstance(found, Exception):
                break
            found = attempt(key)
        return found

    with client, ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, keys))


WAYS: dict[str, Callable[[Client, Sequence[str]], list[Any]]] = {
    "dqops.jobs.run in 16 threads": in_threads,
    "dqops.jobs.run_many": many,
    "dqops.jobs.aio.run_many": asynchronously,
    "run_checks.sync with a naive retry": naively,
}


def submitted_with_faults(
    way: Callable[[Client, Sequence[str]], list[Any]], count: int, *, seed: int, share: float = 0.2
) -> Tally:
    """Run jobs while a share of all requests fails, and count what came of them.

    Args:
        way: How to run them.
        count: How many.
        seed: Where the chance of the faults begins.
        share: The share of the requests that fail.

    Returns:
        The counts.
    """
    keys = [f"job-{number}" for number in range(count)]
    plan = faults(share, seed)
    with (
        DqopsServer(faults=plan, business_key_delay=KEY_DELAY, job_duration=0.02) as server,
        Client(server.url) as client,
    ):
        began = time.monotonic()
        found = way(client, keys)
        seconds = time.monotonic() - began
        plan.clear()
        time.sleep(0.1)  # for the last jobs of callers who did not wait
        with server.state.condition:
            server.state.queue.advance()
            ran = [job for job in server.state.queue.jobs if job.parent is None]
        sent = server.calls("run_checks")
    got = Counter(job.business_key for job in ran)
    ended = Counter(job.business_key for job in ran if job.status == "finished")
    numbers = {job.business_key: job.number for job in ran}
    return Tally(
        jobs=count,
        once=sum(got[key] == ended[key] == 1 for key in keys),
        lost=sum(got[key] == 0 for key in keys),
        doubled=sum(got[key] > 1 for key in keys),
        surplus=sum(max(0, got[key] - 1) for key in keys),
        callers=Counter(map(_name, found)),
        wrong=sum(
            each.job_id != numbers[key]
            for key, each in zip(keys, found, strict=True)
            if isinstance(each, jobs.Outcome)
        ),
        sent=len(sent),
        faults=sum(bool(request.faults) for request in sent),
        seconds=seconds,
    )


def restarted(count: int, *, asynchronous: bool) -> tuple[Counter[str], int, int]:
    """Restart the server while jobs are waited for.

    Args:
        count: How many.
        asynchronous: Whether tasks wait, or threads.

    Returns:
        What the callers got; how many submissions the server got; how many jobs it knew afterwards.
    """
    keys = [f"job-{number}" for number in range(count)]
    timing = Timing(turn=20, request=10)

    def wait_for_all() -> None:
        while sum(job.parent is None for job in server.state.queue.jobs) < count:
            time.sleep(0.02)
        time.sleep(0.5)  # by now all of them wait for the end of their jobs

    async def one(client: Client, key: str) -> Any:
        request = RUN_CHECKS.request(FILTERS, business_key=key)
        try:
            return await aio.run(client, request, timeout=60, timing=timing)
        except Exception as error:
            return error

    async def main(client: Client) -> list[Any]:
        async with client:
            running = [asyncio.create_task(one(client, key)) for key in keys]
            await asyncio.to_thread(wait_for_all)
            await asyncio.to_thread(server.restart)
            return list(await asyncio.gather(*running))

    def blocking(client: Client) -> list[Any]:
        def run(key: str) -> Any:
            request = RUN_CHECKS.request(FILTERS, business_key=key)
            try:
                return jobs.run(client, request, timeout=60, timing=timing)
            except Exception as error:
                return error

        with ThreadPoolExecutor(count) as pool:
            running = [pool.submit(run, key) for key in keys]
            wait_for_all()
            server.restart()
            return [each.result() for each in running]

    with DqopsServer(job_duration=3600) as server, Client(server.url) as client:
        found = asyncio.run(main(client)) if asynchronous else blocking(client)
        return (
            Counter(map(_name, found)),
            len(server.calls("run_checks")),
            len(server.state.queue.jobs),
        )


def _name(found: Any) -> str:
    return type(found).__name__ if isinstance(found, Exception) else "finished"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both parts and print the figures.

    Args:
        arguments: The command line; None for that of the process.

    Returns:
        The exit code: 1 if `dqops.jobs` lost or doubled a job.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=2000, help="how many jobs for each way")
    parser.add_argument("--seed", type=int, default=1, help="where the chance of the faults begins")
    parser.add_argument("--share", type=float, default=0.2, help="the share of failing requests")
    chosen = parser.parse_args(arguments)
    # The simulated server logs each client that went away in the middle of a response.
    logging.getLogger("dqops.testing").setLevel(logging.CRITICAL)
    print(
        f"seed {chosen.seed}; {chosen.share:.0%} of all requests fail; keys are listed after "
        f"{KEY_DELAY:g} s, and looked up for {TIMING.registered_within:g} s",
        flush=True,
    )
    failed = False
    for name, way in WAYS.items():
        tally = submitted_with_faults(way, chosen.jobs, seed=chosen.seed, share=chosen.share)
        print(f"{name}: {tally}", flush=True)
        failed |= way is not naively and tally.once != chosen.jobs
    for asynchronous in (True, False):
        callers, sent, known = restarted(100, asynchronous=asynchronous)
        who = "tasks" if asynchronous else "threads"
        print(
            f"restart while 100 {who} wait: {dict(callers)}; {sent} submissions, {known} jobs run "
            "again"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
