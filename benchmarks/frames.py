"""How fast `dqops.frames` reads results, and in how much memory.

    python -m benchmarks.frames [--check] [--results 1000000]

Speed is the time from the bodies of responses to a `pandas.DataFrame`: over the models and their
`to_dict`, and over Arrow, which reads several bodies at a time on several cores. Memory is what a
process needs more at its peak while it streams a million results, for which a process of its own is
started. `--check` fails where a figure is not what it must be.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pandas
from dqops import frames
from dqops.client import Client
from dqops.client.api.check_results import get_table_monitoring_checks_results
from dqops.client.models import CheckTimeScale

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]

LEAST_SPEED = 3.0
MOST_MEGABYTES = 200
RESULTS_A_CHECK = 100
CHECKS_A_TABLE = 20
RESULTS_A_TABLE = RESULTS_A_CHECK * CHECKS_A_TABLE
MARCH: dict[str, Any] = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}


def main(arguments: list[str] | None = None) -> int:
    """Measure.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        1 where a figure is not what it must be and that was asked for, else 0.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.frames")
    parser.add_argument("--check", action="store_true", help="fail where a figure is too bad")
    parser.add_argument("--results", type=int, default=1_000_000, help="how many to stream")
    parser.add_argument("--stream", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.stream is not None:
        print(json.dumps(stream(options.stream)))
        return 0
    speed = measure_speed(tables=20)
    few, many = (measure_memory(count) for count in (RESULTS_A_TABLE * 10, options.results))
    print(f"to pandas: {speed['models']:.0f} ms over models, {speed['arrow']:.0f} ms over Arrow")
    print(
        f"speed: {speed['times']:.1f} x, at least {LEAST_SPEED:g} "
        f"({speed['cpu_times']:.1f} x in processor time)"
    )
    print(
        f"{many['results']:,} results: {many['seconds']:.1f} s, {many['megabytes']:.0f} MB at the "
        f"peak ({few['results']:,}: {few['megabytes']:.0f} MB), at most {MOST_MEGABYTES}"
    )
    is_good = speed["times"] >= LEAST_SPEED and many["megabytes"] <= MOST_MEGABYTES
    return 1 if options.check and not is_good else 0


def measure_speed(tables: int) -> dict[str, float]:
    """Measure both ways from bodies to a `pandas.DataFrame`.

    Args:
        tables: Of how many tables results are read.

    Returns:
        Milliseconds of each, how many times as fast the second is, and in processor time.
    """
    with Client("http://dqops.test", httpx_args={"transport": transport(tables)}) as client:

        def models() -> Any:
            return pandas.DataFrame(
                [
                    entry.to_dict()
                    for number in range(tables)
                    for check in get_table_monitoring_checks_results.sync(
                        "shop", "public", f"t{number}", CheckTimeScale.DAILY, client=client
                    )
                    or ()
                    for entry in check.check_result_entries or ()
                ]
            )

        def arrow() -> Any:
            return frames.check_results(client, **MARCH).to_pandas()

        rows = tables * RESULTS_A_TABLE
        if not len(models()) == len(arrow()) == rows:
            raise AssertionError("both ways have to give all results")
        slow, slow_cpu = best(models)
        fast, fast_cpu = best(arrow)
    return {
        "models": slow * 1000,
        "arrow": fast * 1000,
        "times": slow / fast,
        "cpu_times": slow_cpu / fast_cpu,
    }


def best(call: Callable[[], Any]) -> tuple[float, float]:
    """Measure the least time and the least processor time of seven calls, in seconds."""
    times = []
    for _ in range(7):
        started, started_cpu = time.perf_counter(), time.process_time()
        call()
        times.append((time.perf_counter() - started, time.process_time() - started_cpu))
    return min(each for each, _ in times), min(each for _, each in times)


def measure_memory(results: int) -> dict[str, float]:
    """Stream results in a process of its own.

    Args:
        results: How many.

    Returns:
        Results, seconds, and megabytes at the peak.
    """
    command = [sys.executable, "-m", "benchmarks.frames", "--stream", str(results)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # ours
    found: dict[str, float] = json.loads(run.stdout)
    return found


def stream(results: int) -> dict[str, float]:
    """Stream results and count them.

    Args:
        results: How many.

    Returns:
        Results, seconds, and how many megabytes more the process had at its peak than before.
    """
    tables = results // RESULTS_A_TABLE
    with Client("http://dqops.test", httpx_args={"transport": transport(tables)}) as client:
        before = peak_kilobytes()
        started = time.perf_counter()
        count = sum(batch.num_rows for batch in frames.stream(client, "check_results", **MARCH))
        seconds = time.perf_counter() - started
    kilobytes = peak_kilobytes() - before
    if count != tables * RESULTS_A_TABLE:
        raise AssertionError(f"{count} results came, not {tables * RESULTS_A_TABLE}")
    return {"results": count, "seconds": seconds, "megabytes": kilobytes / 1024}


def peak_kilobytes() -> int:
    """Read the most memory that this process has had, as Linux tells it."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    if found is None:
        raise AssertionError("memory is measured on Linux only")
    return int(found[1])


def transport(tables: int) -> httpx.MockTransport:
    """Make a server of tables that all have the same results.

    Args:
        tables: How many there are.

    Returns:
        The transport that leads to it.
    """
    body = json.dumps([check(number) for number in range(CHECKS_A_TABLE)]).encode()
    status = json.dumps({"checks": {"daily_row_count": STATUS}}).encode()

    def respond(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/search/tables":
            page, limit = (int(request.url.params[name]) for name in ("page", "limit"))
            numbers = range((page - 1) * limit, min(page * limit, tables))
            return httpx.Response(200, json=[table(number) for number in numbers])
        content = status if path.endswith("/status") else body
        return httpx.Response(200, content=content, headers={"Content-Type": "application/json"})

    return httpx.MockTransport(respond)


STATUS = {
    "current_severity": "valid",
    "check_type": "monitoring",
    "time_scale": "daily",
    "category": "custom_volume",
}


def table(number: int) -> dict[str, Any]:
    """Give a table as the server lists it."""
    return {
        "connection_name": "shop",
        "target": {"schema_name": "public", "table_name": f"t{number}"},
    }


def check(number: int) -> dict[str, Any]:
    """Give the results of a check as the server sends them."""
    name = {
        "checkHash": 7_000_000_000_000_000_000 + number,
        "checkCategory": "volume",
        "checkName": "daily_row_count",
        "checkDisplayName": "daily_row_count",
        "checkType": "monitoring",
        "dataGroup": "no grouping",
    }
    entries = [
        {
            **name,
            "id": f"88fcc215-679c-e6d0-{number:04d}-{day:012d}",
            "actualValue": 1000.5 + day,
            "warningLowerBound": 1000.0,
            "errorLowerBound": 500.0,
            "severity": day % 4,
            "durationMs": 25,
            "executedAt": f"2026-03-{1 + day % 31:02d}T10:11:12.345Z",
            "timeGradient": "day",
            "timePeriod": f"2026-03-{1 + day % 31:02d}T00:00:00",
            "includeInKpi": True,
            "includeInSla": False,
            "provider": "postgresql",
            "qualityDimension": "Completeness",
            "sensorName": "table/volume/row_count",
        }
        for day in range(RESULTS_A_CHECK)
    ]
    return {**name, "dataGroups": ["no grouping"], "checkResultEntries": entries}


if __name__ == "__main__":
    sys.exit(main())
