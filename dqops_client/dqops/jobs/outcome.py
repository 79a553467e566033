"""What came out of a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..client.errors import InvalidRequest
from .errors import QualityGateFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..client.models import DqoJobHistoryEntryModel, DqoJobStatus, RuleSeverityLevel
    from .job import Job

__all__ = ["Outcome"]

R_co = TypeVar("R_co", covariant=True)

# From harmless to bad, each with the property of `RunChecksResult` that counts it.
_COUNTS = {"valid": "valid_results", "warning": "warnings", "error": "errors", "fatal": "fatals"}
_RANKS = {name: rank for rank, name in enumerate(_COUNTS)}
# A severity that only a newer server knows had better count as the worst.
_UNKNOWN_RANK = len(_RANKS)


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[R_co]):
    """A job that finished, and what came out.

    Attributes:
        kind: The kind of the job, such as `run_checks`.
        business_key: Its business key.
        job_id: The server's number for it.
        status: Its status, which is `finished`: whatever else a job can end with is an exception.
        result: Its result. None for jobs that have none, or if the server did not tell it any more
            when the job had ended.
        created_at: When the server created the job (UTC), where known.
        finished_at: When it ended (UTC), where known.
        entry: All that the server tells about the job, where known.
        submissions: How often it was sent: more than once only where the server did not know it
            after a failure. 0 for a job that somebody else submitted.
    """

    kind: str
    business_key: str
    job_id: int | None
    status: DqoJobStatus
    result: R_co | None
    created_at: datetime | None
    finished_at: datetime | None
    entry: DqoJobHistoryEntryModel | None
    submissions: int
    _job: Job

    @property
    def duration(self) -> float | None:
        """Seconds from the job's creation to its end, where known."""
        if self.created_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.created_at).total_seconds()

    @property
    def severity_counts(self) -> Mapping[RuleSeverityLevel, int]:
        """How many results have which severity; empty for other jobs than `run_checks`."""
        if not self._has_severities or self.result is None:
            return {}
        from ..client.models import RuleSeverityLevel

        return {RuleSeverityLevel(name): self._count(_COUNTS[name]) for name in _COUNTS}

    @property
    def highest_severity(self) -> RuleSeverityLevel | None:
        """The worst severity of all results; None if there are none."""
        found = [level for level, count in self.severity_counts.items() if count]
        told = getattr(self.result, "highest_severity", None)
        if told:
            found.append(told)
        return max(found, key=_rank, default=None)

    @property
    def execution_errors(self) -> int:
        """How many checks failed technically, so that they have no severity."""
        return self._count("execution_errors")

    def raise_for_severity(
        self,
        at_least: RuleSeverityLevel | str = "error",
        *,
        allow_execution_errors: bool = False,
        allow_no_results: bool = False,
    ) -> None:
        """Stop a pipeline whose data is not good enough.

        Args:
            at_least: The lowest severity that is too bad.
            allow_execution_errors: Whether some checks may have failed technically, as with a
                database that cannot be reached or a rule that is broken. Otherwise they stop the
                pipeline, because they prove nothing about the data.
            allow_no_results: Whether it may be that no check gave a severity: the filters selected
                none, all of them failed technically, or the result is not known. Otherwise a
                mistyped name would pass for good data.

        Raises:
            QualityGateFailed: The highest severity is `at_least` or worse, or something is not
                allowed.
            InvalidRequest: There is no such severity, or the job is none that runs checks.
        """
        if not self._has_severities:
            raise InvalidRequest(f"a {self.kind} job has no severities; only run_checks jobs do")
        if at_least not in _RANKS:
            raise InvalidRequest(f"at_least is one of {', '.join(_RANKS)}; not {at_least!r}")
        highest = self.highest_severity
        problem = ""
        if highest is not None and _rank(highest) >= _RANKS[at_least]:
            problem = f"the highest severity is {highest}, and {at_least!s} is too bad"
        elif self.result is None and not allow_no_results:
            problem = (
                "the results of the checks are not known, because the server did not tell them"
            )
        elif highest is None and not allow_no_results:
            problem = "no check gave a severity"
        elif highest is not None and self.execution_errors and not allow_execution_errors:
            executed = self._count("executed_checks")
            problem = f"{self.execution_errors} of {executed} checks failed technically"
        if problem:
            message = f"{problem}. {self}. Look at the results of the checks in DQOps"
            raise QualityGateFailed(message, self._job, self)

    def __str__(self) -> str:
        parts = []
        if self._has_severities and self.result is not None:
            counts = ", ".join(f"{count} {level}" for level, count in self.severity_counts.items())
            parts.append(f"{self._count('executed_checks')} checks: {counts}")
            if self.execution_errors:
                parts.append(f"{self.execution_errors} failed technically")
        if self.duration is not None:
            parts.append(f"{self.duration:.1f} s")
        details = f": {'; '.join(parts)}" if parts else ""
        return f"{self._job} {self.status}{details}"

    @property
    def _has_severities(self) -> bool:
        return self.kind == "run_checks"

    def _count(self, name: str) -> int:
        value: Any = getattr(self.result, name, 0)
        return value or 0


def _rank(severity: str) -> int:
    return _RANKS.get(severity, _UNKNOWN_RANK)
