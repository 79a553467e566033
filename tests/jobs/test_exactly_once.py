"""Dozens of jobs over a bad network; `exactly_once.py` has the experiment, and larger figures."""

from __future__ import annotations

import pytest

from jobs.exactly_once import WAYS, naively, restarted, submitted_with_faults

# One with which about a fifth of the first submissions are hit. Whether the n-th one is depends on
# nothing else, whatever other calls come between them.
SEED = 16
JOBS = 50


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way is not naively])
def test_exactly_once(name: str) -> None:
    """While a fifth of all requests fails, each job runs once, and each caller gets its outcome."""
    tally = submitted_with_faults(WAYS[name], JOBS, seed=SEED)
    assert (JOBS, 0, 0, 0) == (tally.once, tally.lost, tally.doubled, tally.wrong), str(tally)
    assert {"finished": JOBS} == tally.callers
    assert 0.1 < tally.faults / tally.sent < 0.35


def test_naive_retry() -> None:
    """The same faults do harm where nobody looks first, or the test above would prove nothing."""
    tally = submitted_with_faults(naively, JOBS, seed=SEED)
    assert tally.doubled > JOBS / 20, str(tally)


@pytest.mark.parametrize("asynchronous", [True, False])
def test_restart(asynchronous: bool) -> None:
    """Everybody who waits is told that the job was forgotten, and nothing is run again."""
    assert ({"JobForgotten": 100}, 100, 0) == restarted(100, asynchronous=asynchronous)
