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


# As the server counts: a warning is among the valid results, too.
SOME = RunChecksResult(executed_checks=6, valid_results=5, warnings=1, execution_errors=1)
VERDICT = jobs.Verdict(at_least=RuleSeverityLevel.ERROR, tables=())
NOTHING_NEW = RunChecksResult(
    highest_severity=RuleSeverityLevel.VALID, executed_checks=9, valid_results=0
)


@pytest.mark.parametrize(
    ("counts", "at_least"),
    [
        ({"warnings": 1}, "warning"),
        ({"valid_results": 9, "errors": 1}, "error"),
        ({"fatals": 1}, "fatal"),
        ({"highest_severity": RuleSeverityLevel.ERROR}, "error"),
        ({"highest_severity": RuleSeverityLevel.VALID, "errors": 1}, "error"),
        # Worse than all that is known, to be on the safe side.
        ({"highest_severity": RuleSeverityLevel.decode("catastrophic")}, "fatal"),
    ],
)
def test_bad_summary_without_a_client(counts: dict[str, Any], at_least: str) -> None:
    """An outcome that has no client can still say that the data is bad."""
    found = outcome(RunChecksResult(**counts))
    with pytest.raises(jobs.QualityGateFailed, match=rf": {at_least}( or worse)? fails") as caught:
        found.raise_for_severity(at_least=at_least)
    assert (found, None) == (caught.value.outcome, caught.value.verdict)


@pytest.mark.parametrize("result", [RunChecksResult(valid_results=9), NOTHING_NEW, None])
def test_good_summary_without_a_client(result: RunChecksResult | None) -> None:
    """An outcome that has no client never says that the data is good."""
    with pytest.raises(InvalidRequest, match="pass client="):
        outcome(result).raise_for_severity()
    with pytest.raises(InvalidRequest, match="pass client="):
        outcome(result).raise_for_severity(allow_no_results=True, allow_execution_errors=True)


def test_gate_that_cannot_be() -> None:
    """Only runs of checks have severities, and only those that there are."""
    with pytest.raises(InvalidRequest, match="no severities"):
        outcome(None, COLLECT_ERROR_SAMPLES).raise_for_severity()
    with pytest.raises(InvalidRequest, match="got 'bad'"):
        outcome(SOME).raise_for_severity("bad")


def test_counts() -> None:
    """Each result is counted once, although the server counts a warning as valid, too."""
    expected = {"valid": 4, "warning": 1, "error": 0, "fatal": 0}
    assert expected == dict(outcome(SOME).severity_counts)
    one = RunChecksResult(executed_checks=1, valid_results=1, warnings=1)
    assert {"valid": 0, "warning": 1, "error": 0, "fatal": 0} == dict(outcome(one).severity_counts)
    assert ({}, None) == (
        outcome(None).severity_counts,
        outcome(None, COLLECT_ERROR_SAMPLES).highest_severity,
    )


def test_highest_severity_of_nothing() -> None:
    """The "valid" that the server always sends is no severity where nothing was evaluated."""
    assert None is outcome(NOTHING_NEW).highest_severity
    assert "warning" == outcome(SOME).highest_severity


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (
            SOME,
            "6 checks ran, new results: 4 valid, 1 warning, 0 error, 0 fatal; 1 failed technically",
        ),
        (NOTHING_NEW, "9 checks ran, no result is new"),
        (RunChecksResult(executed_checks=1), "1 check ran, no result is new"),
        (RunChecksResult(highest_severity=RuleSeverityLevel.VALID), "no check ran"),
    ],
)
def test_one_line(result: RunChecksResult, expected: str) -> None:
    """An outcome prints as one line with all that a log needs, and no more than is known."""
    found = outcome(result, created_at=NOON, finished_at=NOON + timedelta(seconds=90))
    assert f"run_checks job 7 (business key 'nightly') finished: {expected}; 90.0 s" == str(found)


@pytest.mark.parametrize("name", [name for name in job_errors.__all__ if name != "JobsInterrupted"])
def test_errors(name: str) -> None:
    """Each exception is a `ClientError`, can be pickled, and leaves its handle behind."""
    kind = getattr(jobs, name)
    more: tuple[Any, ...] = ("the disk is full",) if name == "JobFailed" else ()
    if issubclass(kind, jobs.QualityGateFailed):
        more = (outcome(SOME), VERDICT)
    error = kind("what happened", known_job(), *more)
    error.handle = jobs.attach(object(), "nightly", RUN_CHECKS)  # type: ignore[arg-type]

    copy: Any = pickle.loads(pickle.dumps(error))

    assert issubclass(type(copy), ClientError)
    assert (type(error), "what happened", None) == (type(copy), str(copy), copy.handle)
    assert ("run_checks", "nightly", 7) == (copy.kind, copy.business_key, copy.job_id)
    if issubclass(kind, jobs.QualityGateFailed):
        assert (str(outcome(SOME)), VERDICT) == (str(copy.outcome), copy.verdict)


def test_interrupt_of_several_jobs_is_an_interrupt() -> None:
    """`JobsInterrupted` passes `except Exception`, as Ctrl-C does, and can be pickled."""
    error = jobs.JobsInterrupted([outcome(SOME), None])

    copy: Any = pickle.loads(pickle.dumps(error))

    assert issubclass(type(copy), KeyboardInterrupt)
    assert (str(error), error.outcomes) == (str(copy), copy.outcomes)
