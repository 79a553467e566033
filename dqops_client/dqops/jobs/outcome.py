"""What came out of a job."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..client.errors import InvalidRequest
from .errors import QualityGateFailed
from .judging.severities import COUNTS, SEVERITIES, check_severity, rank
from .pydantic_types import InstanceField
from .timing import DEFAULT_TIMEOUT, Run, Timing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Unpack

    from ..client import AuthenticatedClient, Client
    from ..client.models import DqoJobHistoryEntryModel, DqoJobStatus, RuleSeverityLevel
    from .job import Job
    from .judging.criteria import Criteria, JudgingOptions
    from .judging.verdict import Verdict
    from .kinds import ChecksToRun
    from .timing import Seconds

__all__ = ["Outcome"]

R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Outcome(InstanceField, Generic[R_co]):
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
        attached: Whether somebody else submitted it.

    Outcomes are equal if all of these are; those of the same job have the same hash.
    """

    kind: str
    business_key: str
    job_id: int | None
    status: DqoJobStatus
    result: R_co | None = field(hash=False)
    created_at: datetime | None
    finished_at: datetime | None
    entry: DqoJobHistoryEntryModel | None = field(hash=False)
    submissions: int
    attached: bool = False
    _job: Job = field(compare=False, repr=False)

    @property
    def duration(self) -> float | None:
        """Seconds from the job's creation to its end, where known."""
        if self.created_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.created_at).total_seconds()

    @property
    def severity_counts(self) -> Mapping[RuleSeverityLevel, int]:
        """How many new results have which severity; empty for other jobs than `run_checks`.

        A result is new only if the value has changed, or the check was edited, since the last run.
        """
        if not self._has_severities or self.result is None:
            return {}
        from ..client.models import RuleSeverityLevel

        counts = dict(zip(SEVERITIES, map(self._count, COUNTS), strict=True))
        # The server counts a warning as valid, too.
        counts["valid"] = max(0, counts["valid"] - counts["warning"])
        return {RuleSeverityLevel(name): count for name, count in counts.items()}

    @property
    def highest_severity(self) -> RuleSeverityLevel | None:
        """The worst severity of all new results; None if there are none.

        It says nothing about data that did not change; `judge` does.
        """
        found = [level for level, count in self.severity_counts.items() if count]
        told = getattr(self.result, "highest_severity", None)
        # The server says "valid" also where it has evaluated nothing.
        if told and (found or told != "valid"):
            found.append(told)
        return max(found, key=rank, default=None)

    @property
    def execution_errors(self) -> int:
        """How many checks failed technically, so that they have no severity."""
        return self._count("execution_errors")

    def judge(
        self,
        at_least: RuleSeverityLevel | str = "error",
        *,
        client: AuthenticatedClient | Client | None = None,
        timeout: Seconds | None = DEFAULT_TIMEOUT,
        **options: Unpack[JudgingOptions],
    ) -> Verdict:
        """Judge what is true of the data now, by the checks that were run.

        The server is asked, because the summary of a run says nothing about data that did not
        change since the last run.

        Args:
            at_least: The lowest severity that is too bad.
            client: The client to ask with; None for the one that ran the checks, which an outcome
                that was pickled does not know any more.
            timeout: Seconds for everything; None for no limit.
            **options: The keywords of `Criteria`.

        Returns:
            The verdict.

        Raises:
            QualityGateFailed: There is no client to ask with, and the summary is bad already.
            InvalidRequest: There is no such severity, the job is none that runs checks, its filters
                are none that a gate can judge by, or there is no client to ask with.
            JobTimeout: The time was over.
            ClientError: The status could not be read.
        """
        from .judging.blocking import judge_outcome
        from .judging.criteria import criteria_of

        criteria = criteria_of("raise_for_severity", at_least, options)
        used, parameters = self._judgeable(criteria, client)
        with used:  # an asynchronous program would not close what is opened here
            return judge_outcome(used, self, parameters, criteria, Run(Timing(), timeout))

    def raise_for_severity(
        self,
        at_least: RuleSeverityLevel | str = "error",
        *,
        allow_no_results: bool = False,
        client: AuthenticatedClient | Client | None = None,
        timeout: Seconds | None = DEFAULT_TIMEOUT,
        **options: Unpack[JudgingOptions],
    ) -> None:
        """Stop a pipeline whose data is not good enough, by what is true of the data now.

        In asynchronous programs, await `aio.raise_for_severity(outcome)`, which does not block.

        Args:
            at_least: The lowest severity that is too bad.
            allow_no_results: Whether the filters may select nothing, and tables may have no result.
                Otherwise a mistyped name would pass for good data.
            client: The client to ask with; None for the one that ran the checks.
            timeout: Seconds for everything; None for no limit.
            **options: The keywords of `Criteria`.

        Raises:
            QualityGateFailed: The data is not good, or is not known to be.
            InvalidRequest: As with `judge`.
            JobTimeout: The time was over.
            ClientError: The status could not be read.
        """
        if allow_no_results:
            options = {"allow_nothing_selected": True, "allow_not_evaluated": True, **options}
        self.judge(at_least, client=client, timeout=timeout, **options).raise_if_failed()

    def __str__(self) -> str:
        parts = []
        if self._has_severities and self.result is not None:
            parts.append(self._counted())
            if self.execution_errors:
                parts.append(f"{self.execution_errors} failed technically")
        if self.duration is not None:
            parts.append(f"{self.duration:.1f} s")
        details = f": {'; '.join(parts)}" if parts else ""
        return f"{self._job} {self.status}{details}"

    def _repr_html_(self) -> str:
        from ..reports.forms import as_html, outcome_table

        return as_html(outcome_table(self))

    def __rich__(self) -> Any:
        from ..reports.forms import as_rich, outcome_table

        return as_rich(outcome_table(self))

    def _counted(self) -> str:
        executed = self._count("executed_checks")
        if not executed:
            return "no check ran"
        ran = "1 check ran" if executed == 1 else f"{executed} checks ran"
        if not any(self.severity_counts.values()):
            return f"{ran}, no result is new"
        counts = ", ".join(f"{count} {level}" for level, count in self.severity_counts.items())
        return f"{ran}, new results: {counts}"

    @property
    def _has_severities(self) -> bool:
        return self.kind == "run_checks"

    def _count(self, name: str) -> int:
        value: Any = getattr(self.result, name, 0)
        return value or 0

    def _judgeable(
        self, criteria: Criteria, client: AuthenticatedClient | Client | None
    ) -> tuple[AuthenticatedClient | Client, ChecksToRun]:
        """Give what a judge needs: a client, and which checks were run."""
        if not self._has_severities:
            raise InvalidRequest(f"a {self.kind} job has no severities; only run_checks jobs do")
        used = self._job.client if client is None else client
        if used is None:
            highest = self.highest_severity
            if highest is not None and rank(highest) >= rank(check_severity(criteria.at_least)):
                message = f"the highest severity is {highest}, and {criteria.at_least} is too bad"
                raise QualityGateFailed(f"{message}. {self}", self._job, self)
            raise InvalidRequest(
                "this outcome does not know its client, because it was pickled, and its summary "
                "proves nothing: pass client="
            )
        told = getattr(self.entry, "parameters", None) or None
        parameters = self._job.parameters or getattr(told, "run_checks_parameters", None)
        if not parameters:
            raise InvalidRequest(
                "it is not known which checks this job ran, because somebody else submitted it; "
                "call dqops.jobs.judge with the filters"
            )
        return used, parameters
