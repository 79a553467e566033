"""What a verdict is made of: what is true of each table and check."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from ..._runtime.public import publish

if TYPE_CHECKING:
    from datetime import datetime

    from ...client.models import RuleSeverityLevel

__all__ = [
    "STATES",
    "CheckVerdict",
    "FailedResult",
    "Problem",
    "ProblemKind",
    "TableVerdict",
    "Threshold",
    "as_json_value",
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

#: The states in words.
STATES = {
    "disabled": "disabled since",
    "removed": "removed since",
    "column_disabled": "its column is disabled",
    "column_removed": "its column was removed",
    "group_gone": "its data group is no longer in the data",
}


def as_json(told: Any) -> dict[str, Any]:
    """Turn one of the classes below into what JSON knows.

    Args:
        told: An instance of one of them.

    Returns:
        The object.
    """
    return {each.name: as_json_value(getattr(told, each.name)) for each in fields(told)}


def as_json_value(value: Any) -> Any:
    """Turn the value of a field into what JSON knows.

    Args:
        value: The value.

    Returns:
        What JSON has for it; times in ISO 8601.
    """
    if isinstance(value, tuple):
        return [as_json_value(each) for each in value]
    if is_dataclass(value):
        return as_json(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value


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
        return as_json(self)


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
            parts.append(f"at {self.evaluated_at.isoformat()}")
        if self.state != "active":
            parts.append(STATES[self.state])
        return ", ".join(part for part in parts if part)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it.

        Returns:
            The object.
        """
        return as_json(self)


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
        return {**as_json(replace(self, checks=(), inactive=())), **counts}


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
        return as_json(self)


publish("jobs", (CheckVerdict, FailedResult, Problem, TableVerdict, Threshold), package="dqops")
