"""Measures a triggerer of Airflow that waits for a thousand jobs of the embedded server.

    make bench-triggerer

It takes a quarter of an hour, and fails where the triggerer takes more than 150 MB above what it
takes when it is idle, or sends more than one request per job and ten seconds.

What counts is the proportional set size (PSS) of the triggerer's two processes, which is what both
take of the machine's memory. One is a fork of the other, so that an idle triggerer shares most
pages, and each garbage collection copies some of them: the unique set size (USS), printed as well,
has none of a shared page, and both copies of it later. An idle triggerer whose garbage was
collected in both processes has a USS of 189 MB in place of 74, without any trigger.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psutil
from dqops import jobs
from dqops.client import Client
from dqops.client.models import CheckSearchFilters
from dqops.testing import DqopsServer

from orchestrators.airflow.processes import Airflow
from orchestrators.processes import wait_until
from orchestrators.seeds import seed

TABLES = 1000
# Seconds that the jobs run, and for which the triggerer is looked at when it has all of them.
_JOBS, _LOOKED_AT = 400.0, 60.0
_MOST_MEGABYTES = 150.0


def main() -> int:
    """Measure, and print the figures."""
    home = Path(tempfile.mkdtemp(prefix="airflow-waits-"))
    tables = [f"t{number}" for number in range(TABLES)]
    with DqopsServer(seed("shop", tables), job_duration=_JOBS) as server:
        connection = json.dumps({"conn_type": "dqops", "host": server.url})
        airflow = Airflow(home, Path(__file__).parent, {"AIRFLOW_CONN_DQOPS_DEFAULT": connection})
        try:
            return _measure(airflow, server)
        finally:
            airflow.stop()
            print(f"logs: {home}", file=sys.stderr)


def _measure(airflow: Airflow, server: DqopsServer) -> int:
    airflow.start()
    run = airflow.trigger("thousand")
    wait_until(lambda: _tasks(airflow, run)["scheduled"] == TABLES, "the mapped tasks", 300)
    # Nothing but the triggerer is to change the tasks from now on.
    for name in ("scheduler", "dag-processor"):
        airflow.stop_process(name, signal.SIGTERM)
    airflow.stop_process("triggerer", signal.SIGTERM)
    process = _start_triggerer(airflow)
    time.sleep(20)
    alone = _memory(process)
    _defer(airflow)
    _wait_until_running(airflow)
    time.sleep(20)
    own = _memory(process)
    airflow.stop_process("triggerer", signal.SIGTERM)
    with Client(server.url, raise_on_unexpected_status=True) as client:
        for number in range(TABLES):
            filters = CheckSearchFilters(connection="shop", full_table_name=f"public.t{number}")
            key = f"thousand-{number}"
            jobs.submit(client, jobs.RUN_CHECKS.request(filters, business_key=key))
    submitted_at = time.monotonic()
    sent_before = len(server.requests)
    _defer(airflow, "thousand")
    started_at = time.monotonic()
    process = _start_triggerer(airflow)
    _wait_until_running(airflow)
    took = time.monotonic() - started_at
    to_begin = len(server.requests) - sent_before
    most = _Memory(0, 0)
    end = time.monotonic() + _LOOKED_AT
    while time.monotonic() < end:
        most = max(most, _memory(process))
        time.sleep(1)
    waiting = len(server.requests) - sent_before - to_begin
    assert time.monotonic() - submitted_at < _JOBS, "the jobs ended too early"
    assert _tasks(airflow, run) == {"deferred": TABLES}
    wait_until(lambda: "deferred" not in _tasks(airflow, run), "the end of all", 600)
    ended_after = time.monotonic() - submitted_at - _JOBS
    everything = len(server.requests) - sent_before
    allowed = TABLES * _LOOKED_AT / 10
    more = most.pss - alone.pss
    print(f"triggerer alone: {alone}")
    print(f"with {TABLES} triggers of Airflow's own: {own}")
    print(f"with {TABLES} waits: {most}, {more:.0f} MB more (at most {_MOST_MEGABYTES:g})")
    print(f"all of them running after {took:.0f} s, with {to_begin} requests")
    print(f"requests in {_LOOKED_AT:g} s of waiting: {waiting} (at most {allowed:.0f})")
    print(f"all tasks resumed {ended_after:.0f} s after the last job ended, {everything} requests")
    print("by operation:", dict(Counter(each.operation for each in server.requests[sent_before:])))
    return int(more > _MOST_MEGABYTES or waiting > allowed or to_begin > 2 * TABLES)


def _start_triggerer(airflow: Airflow) -> psutil.Process:
    """Start a triggerer with a log of its own."""
    airflow.log_of("triggerer").unlink()
    airflow.start_process("triggerer")
    process = psutil.Process(airflow.processes["triggerer"].pid)
    wait_until(process.children, "the triggerer's own process")
    return process


def _defer(airflow: Airflow, *arguments: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("defer.py")), *arguments]
    subprocess.run(command, env=airflow.environment, check=True, timeout=200)


def _wait_until_running(airflow: Airflow) -> None:
    log = airflow.log_of("triggerer")
    wait_until(lambda: f"{TABLES} triggers currently running" in log.read_text(), "all", 250)


def _tasks(airflow: Airflow, run: str) -> Counter[str]:
    """Count the tasks by state."""
    found: Counter[str] = Counter()
    for state in ("scheduled", "deferred", "none"):
        if count := airflow.count_tasks("thousand", run, state):
            found[state] = count
    return found


class _Memory(NamedTuple):
    """What the triggerer's processes take, in megabytes."""

    pss: float
    uss: float

    def __str__(self) -> str:
        return f"{self.pss:.0f} MB (USS {self.uss:.0f})"


def _memory(process: psutil.Process) -> _Memory:
    """Add up what the triggerer's processes take."""
    both = [each.memory_full_info() for each in (process, *process.children(recursive=True))]
    return _Memory(sum(each.pss for each in both) / 1e6, sum(each.uss for each in both) / 1e6)


if __name__ == "__main__":
    sys.exit(main())
