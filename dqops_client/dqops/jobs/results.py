"""What callers get: outcomes of jobs, verdicts about data, and the exceptions that carry them.

An outcome can be judged, a verdict knows its outcome, and a gate that fails tells both.
"""
# ruff: noqa: N818  # as in `dqops.client.errors`

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._runtime.public import publish
from .._runtime.suggestions import listed
from ..client.errors import InvalidRequest
from .job_errors import JobError, JobUnreachable
from .judging.failures import Failures, rows_of
from .judging.records import STATES, as_json_value
from .judging.severities import COUNTS, SEVERITIES, check_severity, fails_from, rank
from .pydantic_types import InstanceField
from .timing import DEFAULT_TIMEOUT, Run, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Unpack

    from ..client import AuthenticatedClient, Client
    from ..client.models import DqoJobHistoryEntryModel, DqoJobStatus, RuleSeverityLevel
    from .forms import Table
    from .job import Job
    from .judging.criteria import Criteria, JudgingOptions
    from .judging.records import CheckVerdict, Problem, TableVerdict
    from .judging.selection import Selection
    from .kinds import ChecksToRun
    from .steps import Steps
    from .timing import Seconds

__all__ = [
    "ChecksNotExecuted",
    "ClocksDiffer",
    "NotInThisRun",
    "NothingEvaluated",
    "NothingSelected",
    "Outcome",
    "QualityGateFailed",
    "ResultsTooOld",
    "Verdict",
    "is_outdated",
    "judging",
]

R_co = TypeVar("R_co", covariant=True)

# How many failed checks, and how many tables of a problem, a message names.
_NAMED = 5

_logger = logging.getLogger("dqops.jobs")


@dataclass(frozen=True, kw_only=True)
class Outcome(InstanceField, Generic[R_co]):
    """A job that finished, and what came out.

    Attributes:
        kind: The kind of the job, such as `run_checks`.
        business_key: Its business key.
        job_id: The server's number for it.
        status: Its status, which is `finished`: whatever else a job can end with is an exception.
        result: Its result. None for jobs that have none, or if the server did not tell it in time,
            which no gate takes for a run.
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

    if not TYPE_CHECKING:  # type checkers know what there is

        def __getattr__(self, name: str) -> Any:
            is_of_verdict = name in Verdict.__dataclass_fields__ or hasattr(Verdict, name)
            hint = "; a verdict has it: outcome.judge() or jobs.gate(...) gives one"
            raise AttributeError(
                f"{type(self).__name__!r} has no attribute {name!r}"
                + (hint if is_of_verdict and not name.startswith("_") else "")
            )

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
        from .drivers import drive
        from .judging.criteria import criteria_of
        from .judging.failures import server_of
        from .judging.selection import selection_of

        criteria = criteria_of("raise_for_severity", at_least, options)
        used, parameters = self._judgeable(criteria, client)
        selection, run = selection_of(parameters), Run(Timing(), timeout)
        with used:  # an asynchronous program would not close what is opened here
            return drive(used, judging(selection, criteria, run, self, server=server_of(used)))

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
        from .forms import as_html

        return as_html(self._table())

    def __rich__(self) -> Any:
        from .forms import as_rich

        return as_rich(self._table())

    def _table(self) -> Table:
        rows: list[tuple[str, ...]] = [("business key", self.business_key)]
        if self.duration is not None:
            rows.append(("duration", f"{self.duration:.1f} s"))
        if executed := self._count("executed_checks"):
            rows.append(("checks that ran", f"{executed}"))
        counts = self.severity_counts
        rows += [(f"new results: {level}", f"{count}") for level, count in counts.items()]
        if counts:
            rows.append(("failed technically", f"{self.execution_errors}"))
        job = "" if self.job_id is None else f" {self.job_id}"
        return f"{self.kind} job{job}: {self.status}", ("", ""), rows

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
                message = f"the highest severity is {highest}: {fails_from(criteria.at_least)}"
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


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a quality gate says about the data.

    Attributes:
        at_least: The lowest severity that is too bad.
        tables: What is true of each table that the filters select.
        problems: What keeps the data from being called good besides bad results.
        outcome: The outcome of the run; None if nothing was run.
        judged_at: The server's time (UTC) when the status was read; None if it is not known.
        requests: How many requests the judging took, besides the run.
        server: The URL of the server, for the links of `failures`.
    """

    at_least: RuleSeverityLevel
    tables: tuple[TableVerdict, ...]
    problems: tuple[Problem, ...] = ()
    outcome: Outcome[Any] | None = None
    judged_at: datetime | None = None
    requests: int = field(default=0, compare=False)
    server: str | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        """Whether the data is good: no failures, and no problems but those that are allowed."""
        return not self.failed_checks and all(problem.allowed for problem in self.problems)

    def __bool__(self) -> bool:
        """Refuse to guess; `passed` tells."""
        raise TypeError("a verdict is neither true nor false; ask for verdict.passed")

    @property
    def failures(self) -> Failures:
        """What is wrong with the data, a row for each bad result, the worst first.

        Checks that failed technically are among them unless the gate allows that.
        """
        technical = any(
            each.kind == "execution_errors" and not each.allowed for each in self.problems
        )
        found = rows_of(self.checks(), rank(self.at_least), self.server, technical=technical)
        found.problems = tuple(
            each for each in self.problems if not each.allowed and each.kind != "execution_errors"
        )
        return found

    @property
    def failed_checks(self) -> tuple[CheckVerdict, ...]:
        """The active checks that are not good enough, the worst first."""
        bad = [check for check in self.checks() if rank(check.severity) >= rank(self.at_least)]
        return tuple(sorted(bad, key=lambda check: -rank(check.severity)))

    @property
    def inactive(self) -> tuple[CheckVerdict, ...]:
        """Checks that look bad in DQOps but do not count any more, and why."""
        return tuple(check for table in self.tables for check in table.inactive)

    @property
    def severity(self) -> RuleSeverityLevel | None:
        """The worst severity of all active checks; None if there is none."""
        known = [table.severity for table in self.tables if table.severity is not None]
        return max(known, key=rank, default=None)

    def checks(self) -> Iterator[CheckVerdict]:
        """Go through the active checks of all tables.

        Yields:
            What is true of each.
        """
        for table in self.tables:
            yield from table.checks

    def raise_if_failed(self) -> None:
        """Stop a pipeline whose data is not good.

        Raises:
            QualityGateFailed: The data is not good, or is not known to be: one of its subclasses
                says why if no check says that the data is bad.
        """
        if self.passed:
            return
        kind = QualityGateFailed
        if not self.failed_checks:
            first = next(problem for problem in self.problems if not problem.allowed)
            kind = _EXCEPTIONS.get(first.kind, kind)
        job = None if self.outcome is None else self.outcome._job
        raise kind(str(self), job, self.outcome, self)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it.

        Returns:
            The object; `failed_checks` and `inactive` hold checks, `tables` no checks.
        """
        outcome = self.outcome
        return {
            "passed": self.passed,
            "at_least": as_json_value(self.at_least),
            "severity": as_json_value(self.severity),
            "checks": sum(len(table.checks) for table in self.tables),
            "judged_at": as_json_value(self.judged_at),
            "requests": self.requests,
            "business_key": None if outcome is None else outcome.business_key,
            "job_id": None if outcome is None else outcome.job_id,
            "failures": [each.to_dict() for each in self.failures],
            "failed_checks": [check.to_dict() for check in self.failed_checks],
            "problems": [problem.to_dict() for problem in self.problems],
            "inactive": [check.to_dict() for check in self.inactive],
            "tables": [table.to_dict() for table in self.tables],
        }

    def _repr_html_(self) -> str:
        from .forms import as_html

        return as_html(self._table())

    def __rich__(self) -> Any:
        from .forms import as_rich

        return as_rich(self._table())

    def _table(self) -> Table:
        from .forms import failures_table

        found = self.failures
        word = "good" if self.passed else "not good"
        count = sum(1 for _ in self.checks())
        return failures_table(
            found, f"the data is {word}: {count} checks judged, {len(found)} failures"
        )

    def __str__(self) -> str:
        judged = [table for table in self.tables if table.skipped is None]
        count = sum(len(table.checks) for table in judged)
        said = "good" if self.passed else "not good"
        of = f"{_many(count, 'check')} of {_many(len(judged), 'table')}"
        parts = [f"the data is {said}: {of} judged, {fails_from(self.at_least)}"]
        if self.outcome is not None and self.outcome._job.had_ended:
            parts.append("the run had ended before this gate began")
        failed = self.failed_checks
        if failed:
            parts.append(f"{_many(len(failed), 'check')} failed")
            parts += [str(each) for each in failed[:_NAMED]]
            if len(failed) > _NAMED:
                parts.append(f"and {len(failed) - _NAMED} more")
        parts += [str(problem) for problem in self.problems]
        return "; ".join([*parts, *asides(self)])


def asides(verdict: Verdict) -> list[str]:
    """Say what a verdict leaves out of account, and why.

    Args:
        verdict: The verdict.

    Returns:
        A line for checks that do not count, and one for tables that were not judged; none where
        there are none, or where a problem names them.
    """
    inactive = [f"{each.name} ({STATES[each.state]})" for each in verdict.inactive]
    skipped = [f"{each.name} ({each.skipped})" for each in verdict.tables if each.skipped]
    if len(skipped) == len(verdict.tables):
        skipped = []  # nothing is selected
    return [
        f"{said}: {listed(names, _NAMED)}"
        for said, names in (("not counted", inactive), ("not judged", skipped))
        if names
    ]


def judging(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    outcome: Outcome[Any] | None = None,
    *,
    server: str | None = None,
) -> Steps[Verdict]:
    """Judge what is true of the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        outcome: The run that has just evaluated the data; None if nothing was run.
        server: The URL of the server, for links.

    Returns:
        The verdict.

    Raises:
        JobUnreachable: The server did not tell what came out of the run.
        JobTimeout: The time was over.
        ClientError: The server could not be asked.
    """
    from .judging.procedure import judge

    if outcome is not None and outcome.result is None:
        raise JobUnreachable(
            f"the {outcome._job} finished, but the server did not tell what came out of it, so "
            "that checks may have failed unseen. Attach to it by its business key to ask again",
            outcome._job,
        )
    found = yield from judge(selection, criteria, run, outcome)
    verdict = Verdict(
        at_least=check_severity(criteria.at_least),
        tables=tuple(found.tables),
        problems=tuple(found.problems),
        outcome=outcome,
        judged_at=found.judged_at,
        requests=found.requests,
        server=server,
    )
    _logger.info("%s", verdict)
    return verdict


def is_outdated(verdict: Verdict, options: Mapping[str, Any], times: Run) -> bool:
    """Tell whether a gate is to run the checks again, because the data may be repaired since.

    Args:
        verdict: The verdict after a run.
        options: The keywords of the run.
        times: The times of the gate.

    Returns:
        Whether the run had ended before the gate began, which attached to it, the data is not
        good, and there is time left.
    """
    if options.get("if_exists") != "attach" or verdict.passed or verdict.outcome is None:
        return False
    return verdict.outcome._job.had_ended and not times.is_over


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class QualityGateFailed(JobError):
    """The data is not good enough, or it is not known to be.

    A subclass says why if no check says that the data is bad.

    Attributes:
        outcome: The whole outcome of the run; None if nothing was run.
        verdict: What is true of the data; None only if it could not be read.
    """

    def __init__(
        self,
        message: str,
        job: Job | None,
        outcome: Outcome[Any] | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        super().__init__(message, job)
        self.outcome = outcome
        self.verdict = verdict

    @property
    def failures(self) -> Failures:
        """What is wrong with the data, a row for each bad result; empty if that is not known."""
        return Failures() if self.verdict is None else self.verdict.failures


class NothingSelected(QualityGateFailed):
    """The filters select no table, or no active check: a name may be mistyped."""


class NothingEvaluated(QualityGateFailed):
    """No check of a table has a result: none was ever run, or none had enough history."""


class NotInThisRun(QualityGateFailed):
    """The run evaluated no check of a table, so that what is known is from before."""


class ChecksNotExecuted(QualityGateFailed):
    """Checks failed technically, as with a database that cannot be reached or a broken rule."""


class ResultsTooOld(QualityGateFailed):
    """Results are older than `max_age`."""


class ClocksDiffer(QualityGateFailed):
    """Results are from the future, so that it cannot be told how old they are."""


_EXCEPTIONS = {
    "nothing_selected": NothingSelected,
    "not_evaluated": NothingEvaluated,
    "not_in_this_run": NotInThisRun,
    "execution_errors": ChecksNotExecuted,
    "old_results": ResultsTooOld,
    "clocks_differ": ClocksDiffer,
}


publish(
    "jobs",
    (
        ChecksNotExecuted,
        ClocksDiffer,
        NotInThisRun,
        NothingEvaluated,
        NothingSelected,
        Outcome,
        QualityGateFailed,
        ResultsTooOld,
        Verdict,
    ),
    package="dqops",
)
