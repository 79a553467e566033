"""A short run of the experiment, and whether its judge can say no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from soak.experiment import Round, run
from soak.journal import Entry
from soak.measures import Sample
from soak.report import Report
from soak.server import Hit, faults, label
from soak.verdicts import MEANINGS, Verdict, judge

INFINITE = float("inf")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_many_calls_on_one_client(transport: str) -> None:
    """Tasks and threads share a client over a bad network, and nothing goes wrong or stays."""
    chosen = Round(transport, tasks=40, threads=12)  # type: ignore[arg-type]
    report = run(chosen, seconds=0.3, seed=1, share=0.02, deadline=1.0, interval=0.05)
    assert report.verdict.is_good, str(report)
    assert report.is_closed, str(report)
    assert report.verdict.latencies, str(report)
    assert sum(report.verdict.hits.values()) > 10, str(report)


def test_each_fault_has_a_meaning() -> None:
    """The judge knows every fault of the experiment, and no other."""
    assert set(MEANINGS) == set(map(label, faults(0, 0.5).faults))


def entry(
    operation: str,
    outcome: str,
    *,
    attempts: int = 1,
    elapsed: float = 0.1,
    deadline: float = INFINITE,
) -> Entry:
    """Make an entry about a dictionary."""
    return Entry(operation, "one", outcome, attempts, elapsed, deadline)


def hits(operation: str, *hits: str) -> list[Hit]:
    """Make requests about it, each with the faults that hit it, divided by commas."""
    return [
        Hit(operation, "one", tuple(fault for fault in each.split(", ") if fault)) for each in hits
    ]


CREATE, GET, DELETE = "create_dictionary", "get_dictionary", "delete_dictionary"
DOWNLOAD = "download_dictionary"
RESET = "reset before"
GOOD = {
    "no fault": (entry(GET, Entry.OK), hits(GET, "")),
    "harmless fault": (entry(GET, Entry.OK), hits(GET, "delay, close_idle")),
    "tried again": (entry(GET, Entry.OK), hits(GET, RESET, "status 503 before", "")),
    "given up": (entry(GET, "TransportFailure", attempts=3), hits(GET, RESET, RESET, RESET)),
    "final at once": (entry(GET, "DecodeError"), hits(GET, "wrong_json")),
    "a POST": (entry(CREATE, "BadGateway"), hits(CREATE, "status 502 after")),
    "within the body": (entry(DOWNLOAD, "ProtocolFailure"), hits(DOWNLOAD, "truncated full")),
    "over time": (entry(GET, "DeadlineExceeded", elapsed=2.0, deadline=2.0), []),
    "deleted before": (
        entry(DELETE, "NotFound", attempts=2),
        hits(DELETE, "reset after", ""),
    ),
    "closed before": (
        entry(CREATE, "ProtocolFailure"),
        [Hit("get_dictionary", "another", ("close_idle",))],
    ),
    "closed before, and then final": (
        entry(GET, "ProtocolFailure", attempts=2),
        [Hit("list", "", ("close_idle",)), *hits(GET, "invalid_http after")],
    ),
    "cancelled": (entry(CREATE, Entry.CANCELLED), hits(CREATE, "")),
}
BAD = {
    "failure without a fault": (entry(GET, "TransportFailure", attempts=1), hits(GET, "")),
    "failure of another kind": (entry(GET, "BadGateway", attempts=3), hits(GET, *[RESET] * 3)),
    "not tried again": (entry(GET, "TransportFailure", attempts=1), hits(GET, RESET)),
    "harmless fault": (entry(GET, "TransportFailure", attempts=1), hits(GET, "delay")),
    "before its time": (entry(GET, "DeadlineExceeded", elapsed=1.0, deadline=2.0), []),
    "closed before, and not tried again": (
        entry(GET, "ProtocolFailure"),
        [Hit("list", "", ("close_idle",))],
    ),
    "without a deadline": (entry(GET, "DeadlineExceeded", elapsed=100.0), []),
    "another's result": (entry(GET, Entry.WRONG), hits(GET, "")),
    "a POST sent twice": (entry(CREATE, Entry.OK), hits(CREATE, RESET, "")),
    "a POST cancelled and sent twice": (entry(CREATE, Entry.CANCELLED), hits(CREATE, "", "")),
    "a response of nobody": (entry(GET, Entry.OK), []),
    "never deleted": (entry(DELETE, "NotFound", attempts=2), hits(DELETE, RESET, "")),
    "lost without a closed connection": (entry(CREATE, "ProtocolFailure"), []),
    "no exception of the SDK": (entry(GET, "KeyError"), hits(GET, RESET)),
}


@pytest.mark.parametrize(("call", "requests"), GOOD.values(), ids=GOOD)
def test_good(call: Entry, requests: list[Hit]) -> None:
    """What a fault explains, or the caller asked for, is accepted."""
    verdict = judge([call], requests)
    assert verdict.is_good, verdict


@pytest.mark.parametrize(("call", "requests"), BAD.values(), ids=BAD)
def test_bad(call: Entry, requests: list[Hit]) -> None:
    """Everything else is not."""
    verdict = judge([call], requests)
    assert not verdict.is_good, verdict


IDLE = Sample(rss=30.0, blocks=100_000, traced=0.0, sockets=1, under_way=0)
CLOSED = Report(Verdict(), 60.0, IDLE, [IDLE], IDLE, 0, 0, [])


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        ([100.0] * 60, True),
        ([*range(40, 100, 6), *[100.0] * 50], True),
        ([100.0, 104.0] * 30, True),
        ([100.0 + second for second in range(60)], False),
        ([*[100.0] * 50, *[120.0] * 10], False),
    ],
    ids=["flat", "flat after the start", "up and down", "a leak", "a late leak"],
)
def test_flat(memory: list[float], expected: bool) -> None:
    """Memory may grow in the beginning, and by what is noise, but not later."""
    samples = [replace(IDLE, rss=megabytes) for megabytes in memory]
    assert expected is replace(CLOSED, samples=samples).is_flat
    samples = [replace(IDLE, blocks=int(megabytes * 5_000)) for megabytes in memory]
    assert expected is replace(CLOSED, samples=samples).is_flat


@pytest.mark.parametrize(
    "left",
    [
        {"after": replace(IDLE, sockets=2)},
        {"threads_left": 1},
        {"requests_kept": 1},
        {"complaints": ["ResourceWarning: unclosed <socket.socket>"]},
    ],
    ids=lambda left: next(iter(left)),
)
def test_not_closed(left: dict[str, Any]) -> None:
    """A socket, a thread, a request or a warning that is left is noticed."""
    assert (True, False) == (CLOSED.is_closed, replace(CLOSED, **left).is_closed)
