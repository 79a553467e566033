"""Verdicts: what a quality gate says about the data."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from .. import errors
from .failures import Failures, rows_of
from .severities import rank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ...client.models import RuleSeverityLevel
    from ..outcome import Outcome

__all__ = [
    "CheckVerdict",
    "FailedResult",
    "Problem",
    "ProblemKind",
    "TableVerdict",
    "Threshold",
    "Verdict",
]

#: What keeps data from being called good although no check says that it is bad.
ProblemKind = Literal[
    "nothing_selected",
    "not_evaluated",
    "not_in_this_run",
    "execution_errors",
    "old_results",
    "clocks_differ",
    "unseen_results",
]

#: Why a check does not count: `active` ones do.
CheckState = Literal[
    "active", "disabled", "removed", "column_removed", "column_disabled", "group_gone"
]

# How many failed checks, and how many tables of a problem, a message names.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Threshold:
    """The bounds that a rule of one severity had.

    Attributes:
        severity: The severity: `warning`, `error` or `fatal`.
        lower: The lowest value that passes; None for no such bound.
        upper: The highest value that passes; None for no such bound.
    """

    severity: RuleSeverityLevel
    lower: float | None
    upper: float | None

    def __str__(self) -> str:
        bounds = []
        if self.lower is not None:
            bounds.append(f">= {self.lower:g}")
        if self.upper is not None:
            bounds.append(f"<= {self.upper:g}")
        return f"{self.severity} unless {' and '.join(bounds)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedResult:
    """One result of a check that is not good enough.

    Attributes:
        severity: Its severity.
        actual_value: What the check measured.
        expected_value: What the rule expected, where it tells.
        thresholds: The bounds of its rules, the mildest first.
        data_group: The data group; None if the data is not grouped.
        time_period: The day or other period that it is about: local time of the server, for
            partitioned checks of the data.
        executed_at: When it was stored; a rerun that changes nothing leaves it as it was.
    """

    severity: RuleSeverityLevel
    actual_value: float | None = None
    expected_value: float | None = None
    thresholds: tuple[Threshold, ...] = ()
    data_group: str | None = None
    time_period: datetime | None = None
    executed_at: datetime | None = None

    def __str__(self) -> str:
        parts = []
        if self.actual_value is not None:
            parts.append(f"actual value {self.actual_value:g}")
        if self.expected_value is not None:
            parts.append(f"expected {self.expected_value:g}")
        parts += [str(each) for each in self.thresholds]
        if self.data_group is not None:
            parts.append(f"data group {self.data_group}")
        return ", ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it.

        Returns:
            The object.
        """
        return _plain(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckVerdict:
    """What is true of one check now.

    Attributes:
        connection: The name of the connection.
        schema: The name of the schema.
        table: The name of the table.
        column: The name of the column; None for a check on the table.
        check: The name of the check, such as `daily_row_count`.
        comparison: The name of the table comparison; None for other checks.
        check_type: `profiling`, `monitoring` or `partitioned`, where known.
        time_scale: `daily` or `monthly`; None for profiling checks.
        category: Its category, such as `volume`.
        quality_dimension: Its data quality dimension, such as `Completeness`.
        severity: The worst severity that is true now; None if it never gave any. Exact from the
            severity on that the gate was asked for; what is milder is told as the status tells it.
        execution_error: Why it failed technically the last time; None if it did not.
        state: `active`, or why it does not count: `disabled`, `removed`, `column_disabled`,
            `column_removed`, or `group_gone` (the data group is no longer in the data).
        evaluated_at: When it was last evaluated, as far as that was read: of checks that look good
            only that their result is not older than this.
        in_this_run: Whether that was in the run of this gate; None if there was no run, or if it
            was not looked up.
        results: The results that are not good enough, the worst first.
    """

    connection: str
    schema: str
    table: str
    column: str | None
    check: str
    comparison: str | None = None
    check_type: str | None = None
    time_scale: str | None = None
    category: str | None = None
    quality_dimension: str | None = None
    severity: RuleSeverityLevel | None = None
    execution_error: str | None = None
    state: CheckState = "active"
    evaluated_at: datetime | None = None
    in_this_run: bool | None = None
    results: tuple[FailedResult, ...] = ()

    @property
    def name(self) -> str:
        """The full name: connection, schema, table, column and check."""
        column = "" if self.column is None else f"{self.column} "
        comparison = "" if self.comparison is None else f"/{self.comparison}"
        return f"{self.connection}: {self.schema}.{self.table} {column}{self.check}{comparison}"

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.severity or 'no severity'}"]
        if self.execution_error is not None:
            parts.append(f"failed technically: {self.execution_error}")
        if self.results:
            more = "" if len(self.results) == 1 else f" (and {len(self.results) - 1} more)"
            parts.append(f"{self.results[0]}{more}")
        if self.in_this_run is not None:
            parts.append("evaluated in this run" if self.in_this_run else "evaluated before")
        if self.evaluated_at is not None:
            parts.append(f"at {_text(self.evaluated_at)}")
        if self.state != "active":
            parts.append(_STATES[self.state])
        return ", ".join(part for part in parts if part)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it.

        Returns:
            The object.
        """
        return _plain(self)


_STATES = {
    "disabled": "disabled since",
    "removed": "removed since",
    "column_disabled": "its column is disabled",
    "column_removed": "its column was removed",
    "group_gone": "its data group is no longer in the data",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVerdict:
    """What is true of one table now.

    Attributes:
        connection: The name of the connection.
        schema: The name of the schema.
        table: The name of the table.
        severity: The worst severity of its active checks; None if there is none.
        checks: The active checks that the filters select and that have results.
        inactive: Checks that look bad but do not count, and why.
        evaluated_at: When the newest evaluation was, as far as that was read.
        in_this_run: Whether the run of this gate evaluated the table; None if there was no run.
        skipped: Why the table was not judged; None if it was.
    """

    connection: str
    schema: str
    table: str
    severity: RuleSeverityLevel | None = None
    checks: tuple[CheckVerdict, ...] = ()
    inactive: tuple[CheckVerdict, ...] = ()
    evaluated_at: datetime | None = None
    in_this_run: bool | None = None
    skipped: str | None = None

    @property
    def name(self) -> str:
        """The full name: connection, schema and table."""
        return f"{self.connection}: {self.schema}.{self.table}"

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it, with the numbers of its checks.

        Returns:
            The object.
        """
        counts = {"checks": len(self.checks), "inactive": len(self.inactive)}
        return {**_plain(replace(self, checks=(), inactive=())), **counts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that keeps data from being called good although no check says that it is bad.

    Attributes:
        kind: `nothing_selected`, `not_evaluated` (no check has a result), `not_in_this_run` (the
            run evaluated nothing), `execution_errors`, `old_results`, `clocks_differ`, or
            `unseen_results` (the run counts bad results that are nowhere to be read).
        message: What is the matter, in a sentence.
        tables: The full names of the tables that it concerns.
        allowed: Whether an argument of the gate allows it.
    """

    kind: ProblemKind
    message: str
    tables: tuple[str, ...] = ()
    allowed: bool = False

    def __str__(self) -> str:
        return f"{self.message} (allowed)" if self.allowed else self.message

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it.

        Returns:
            The object.
        """
        return _plain(self)


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
        kind = errors.QualityGateFailed
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
            "at_least": _plain_value(self.at_least),
            "severity": _plain_value(self.severity),
            "checks": sum(len(table.checks) for table in self.tables),
            "judged_at": _text(self.judged_at),
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
        from ...reports.forms import as_html, verdict_table

        return as_html(verdict_table(self))

    def __rich__(self) -> Any:
        from ...reports.forms import as_rich, verdict_table

        return as_rich(verdict_table(self))

    def __str__(self) -> str:
        judged = [table for table in self.tables if table.skipped is None]
        count = sum(len(table.checks) for table in judged)
        said = "good" if self.passed else "not good"
        of = f"{_many(count, 'check')} of {_many(len(judged), 'table')}"
        parts = [f"the data is {said}: {of} judged, {self.at_least} is too bad"]
        failed = self.failed_checks
        if failed:
            parts.append(f"{_many(len(failed), 'check')} failed")
            parts += [str(each) for each in failed[:_NAMED]]
            if len(failed) > _NAMED:
                parts.append(f"and {len(failed) - _NAMED} more")
        parts += [str(problem) for problem in self.problems]
        inactive = self.inactive
        if inactive:
            named = ", ".join(f"{each.name} ({_STATES[each.state]})" for each in inactive[:_NAMED])
            more = "" if len(inactive) <= _NAMED else f" and {len(inactive) - _NAMED} more"
            parts.append(f"not counted: {named}{more}")
        return "; ".join(parts)


_EXCEPTIONS = {
    "nothing_selected": errors.NothingSelected,
    "not_evaluated": errors.NothingEvaluated,
    "not_in_this_run": errors.NotInThisRun,
    "execution_errors": errors.ChecksNotExecuted,
    "old_results": errors.ResultsTooOld,
    "clocks_differ": errors.ClocksDiffer,
}


def _plain(told: Any) -> dict[str, Any]:
    """Turn one of the classes above into what JSON knows."""
    return {each.name: _plain_value(getattr(told, each.name)) for each in fields(told)}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(each) for each in value]
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
