"""Outcomes and requests as values: equal, hashed, pickled, in models of pydantic; time spans."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dqops import jobs
from dqops.client.errors import InvalidRequest
from dqops.jobs import aio

from jobs.support import FAST, FILTERS

if TYPE_CHECKING:
    from dqops.client import Client
    from dqops.testing import DqopsServer

    from jobs.support import Calling

REQUEST = jobs.RUN_CHECKS.request(FILTERS, business_key="nightly")


def test_outcome_is_a_value(client: Client) -> None:
    """It equals its pickled copy, hashes, and differs from that of another job."""
    outcome, other = (jobs.run_checks(client, FILTERS, timing=FAST) for _ in range(2))
    copy = pickle.loads(pickle.dumps(outcome))
    assert outcome == copy
    assert outcome is not copy
    assert hash(outcome) == hash(copy)
    assert {outcome, copy, other} == {outcome, other}
    assert outcome != other


@pytest.mark.parametrize("timeout", [timedelta(minutes=5), 300, None])
def test_time_spans(client: Client, calling: Calling, timeout: Any) -> None:
    """Where seconds are taken, a timedelta is."""
    assert "finished" == calling(client, "run_checks", FILTERS, timeout=timeout).status


def test_time_spans_of_handles(server: DqopsServer, client: Client) -> None:
    """So they are by the methods of handles, and by whatever else takes a timeout."""
    server.settings.job_duration = 60.0
    short = timedelta(milliseconds=300)
    handle = jobs.submit(client, REQUEST, timeout=timedelta(minutes=1), timing=FAST)
    assert "running" == handle.status(timeout=timedelta(minutes=1))
    with pytest.raises(jobs.JobTimeout, match=r"within 0\.3 s"):
        handle.wait(timeout=short)
    assert "cancelled" == handle.cancel(timeout=timedelta(minutes=1))
    assert [] == list(jobs.changes(client, timeout=short, timing=FAST))
    assert 1 == len(jobs.list_jobs(client, timeout=timedelta(minutes=1)))
    (outcome,) = jobs.run_many(client, [REQUEST], timeout=short, timing=FAST)
    assert isinstance(outcome, jobs.JobAlreadyExists)


@pytest.mark.parametrize("timeout", ["5", True, timedelta(seconds=-1), object()])
def test_what_is_no_time(client: Client, calling: Calling, timeout: Any) -> None:
    """Anything else is refused before something is sent."""
    with pytest.raises(InvalidRequest, match="number of seconds >= 0 or a timedelta"):
        calling(client, "run_checks", FILTERS, timeout=timeout)


def test_fields_of_pydantic(client: Client) -> None:
    """Outcomes and requests are types of fields; what is neither is refused."""
    pydantic = pytest.importorskip("pydantic")

    class Step(pydantic.BaseModel):  # type: ignore[name-defined,misc]
        request: jobs.JobRequest[Any]
        outcome: jobs.Outcome[Any] | None = None

    outcome = jobs.run(client, REQUEST, timing=FAST)
    step = Step(request=REQUEST, outcome=outcome)
    assert (REQUEST, outcome) == (step.request, step.outcome)
    assert outcome == step.model_dump()["outcome"]
    assert str(outcome) in step.model_dump_json()
    with pytest.raises(pydantic.ValidationError):
        Step(request="nightly")


def test_names_are_the_same() -> None:
    """`aio` has whatever `jobs` has of calls."""
    calls = {"attach", "changes", "list_jobs", "run", "run_checks", "run_many", "submit"}
    assert calls <= set(jobs.__all__)
    assert calls <= set(aio.__all__)
