"""Outcomes: severities, quality gates, one line for a log."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dqops import jobs
from dqops.client.errors import ClientError, InvalidRequest
from dqops.client.models import DqoJobStatus, RuleSeverityLevel, RunChecksResult
from dqops.jobs import COLLECT_ERROR_SAMPLES, RUN_CHECKS, Outcome
from dqops.jobs import errors as job_errors
from dqops.jobs.job import Job

from jobs.support import known_job

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def outcome(result: Any, kind: Any = RUN_CHECKS, **details: Any) -> Outcome[Any]:
    """Make an outcome with a result."""
    job = Job(kind, "nightly", job_id=7)
    known = {"created_at": None, "finished_at": None, "entry": None, **details}
    return Outcome(
        kind=kind.name,
        business_key="nightly",
        job_id=7,
        status=DqoJobStatus.FINISHED,
        result=result,
        submissions=1,
        _job=job,
        **known,
    )


SOME = RunChecksResult(executed_checks=6, valid_results=4, warnings=1, execution_errors=1)


@pytest.mark.parametrize(
    ("counts", "passes"),
    [
        ({"valid_results": 1}, ["warning", "error", "fatal"]),
        ({"warnings": 1}, ["error", "fatal"]),
        ({"valid_results": 9, "errors": 1}, ["fatal"]),
        ({"fatals": 1}, []),
        ({"highest_severity": RuleSeverityLevel.ERROR}, ["fatal"]),
        ({"highest_severity": RuleSeverityLevel.VALID, "errors": 1}, ["fatal"]),
        # Worse than all that is known, to be on the safe side.
        ({"highest_severity": RuleSeverityLevel.decode("catastrophic")}, []),
    ],
)
def test_gate(counts: dict[str, Any], passes: list[str]) -> None:
    """A gate lets through what is better than its severity, and nothing else."""
    found = outcome(RunChecksResult(**counts))
    for level in ("warning", "error", "fatal"):
        if level in passes:
            found.raise_for_severity(at_least=RuleSeverityLevel(level))
            continue
        with pytest.raises(jobs.QualityGateFailed, match=level) as caught:
            found.raise_for_severity(at_least=RuleSeverityLevel(level))
        assert found is caught.value.outcome


@pytest.mark.parametrize("result", [RunChecksResult(), RunChecksResult(execution_errors=3), None])
def test_gate_without_results(result: RunChecksResult | None) -> None:
    """What was not checked does not pass for good, unless the caller says so."""
    found = outcome(result)
    with pytest.raises(jobs.QualityGateFailed, match=r"no check gave|not known"):
        found.raise_for_severity()
    found.raise_for_severity(allow_no_results=True)


def test_gate_with_execution_errors() -> None:
    """Checks that failed technically prove nothing, so they are put up with only if so wished."""
    with pytest.raises(jobs.QualityGateFailed, match="1 of 6 checks failed technically"):
        outcome(SOME).raise_for_severity("error")
    outcome(SOME).raise_for_severity("error", allow_execution_errors=True)


def test_gate_that_cannot_be() -> None:
    """Only runs of checks have severities, and only those that there are."""
    with pytest.raises(InvalidRequest, match="no severities"):
        outcome(None, COLLECT_ERROR_SAMPLES).raise_for_severity()
    with pytest.raises(InvalidRequest, match="not 'bad'"):
        outcome(SOME).raise_for_severity("bad")


def test_counts() -> None:
    """Counts are there for each severity, and for nothing else."""
    expected = {"valid": 4, "warning": 1, "error": 0, "fatal": 0}
    assert expected == dict(outcome(SOME).severity_counts)
    assert ({}, None) == (
        outcome(None).severity_counts,
        outcome(None, COLLECT_ERROR_SAMPLES).highest_severity,
    )


def test_one_line() -> None:
    """An outcome prints as one line with all that a log needs."""
    found = outcome(SOME, created_at=NOON, finished_at=NOON + timedelta(seconds=90))
    assert (
        "run_checks job 7 (business key 'nightly') finished: 6 checks: 4 valid, 1 warning, "
        "0 error, 0 fatal; 1 failed technically; 90.0 s"
    ) == str(found)


@pytest.mark.parametrize("name", job_errors.__all__)
def test_errors(name: str) -> None:
    """Each exception is a `ClientError`, can be pickled, and leaves its handle behind."""
    more: dict[str, tuple[Any, ...]] = {
        "JobFailed": ("the disk is full",),
        "QualityGateFailed": (outcome(SOME),),
    }
    error = getattr(jobs, name)("what happened", known_job(), *more.get(name, ()))
    error.handle = jobs.attach(object(), "nightly", RUN_CHECKS)  # type: ignore[arg-type]

    copy: Any = pickle.loads(pickle.dumps(error))

    assert issubclass(type(copy), ClientError)
    assert (type(error), "what happened", None) == (type(copy), str(copy), copy.handle)
    assert ("run_checks", "nightly", 7) == (copy.kind, copy.business_key, copy.job_id)
    if name == "QualityGateFailed":
        assert str(outcome(SOME)) == str(copy.outcome)
