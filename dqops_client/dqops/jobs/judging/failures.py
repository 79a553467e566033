"""Failures: what is wrong with the data now, a row for each result that is not good enough."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from ..._runtime.declare.operation import check_client
from ..._runtime.public import mask_url, publish
from .severities import rank

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ...client import AuthenticatedClient, Client
    from ...client.models import RuleSeverityLevel
    from .records import CheckVerdict, FailedResult, Problem

__all__ = ["Failure", "Failures", "rows_of", "server_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One result that is not good enough, or a check that failed technically.

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
        data_group: The data group; None if the data is not grouped.
        severity: How bad it is; None if the check failed technically.
        actual_value: What the check measured, where known.
        expected_value: What the rule expected, where it tells.
        lower_bound: The lowest value that the rule of this severity accepts; None for no bound.
        upper_bound: The highest value that it accepts; None for no such bound.
        time_period: The day or other period that it is about: local time of the server, for
            partitioned checks of the data.
        executed_at: When the result was stored; a rerun that changes nothing leaves it as it was.
        evaluated_at: When the check was last evaluated, which every run renews.
        error_message: Why the check failed technically; None if it did not.
        link: The page of the check in the user interface of DQOps; None if the server is not known.
    """

    connection: str
    schema: str
    table: str
    column: str | None
    check: str
    comparison: str | None
    check_type: str | None
    time_scale: str | None
    category: str | None
    quality_dimension: str | None
    data_group: str | None
    severity: RuleSeverityLevel | None
    actual_value: float | None
    expected_value: float | None
    lower_bound: float | None
    upper_bound: float | None
    time_period: datetime | None
    executed_at: datetime | None
    evaluated_at: datetime | None
    error_message: str | None
    link: str | None

    @property
    def name(self) -> str:
        """The full name: connection, schema, table, column and check."""
        column = "" if self.column is None else f"{self.column} "
        comparison = "" if self.comparison is None else f"/{self.comparison}"
        return f"{self.connection}: {self.schema}.{self.table} {column}{self.check}{comparison}"

    def __str__(self) -> str:
        if self.severity is None:
            return f"{self.name}: failed technically: {self.error_message}"
        parts = [f"{self.name}: {self.severity}"]
        if self.actual_value is not None:
            parts.append(f"actual value {self.actual_value:g}")
        bounds = []
        if self.lower_bound is not None:
            bounds.append(f">= {self.lower_bound:g}")
        if self.upper_bound is not None:
            bounds.append(f"<= {self.upper_bound:g}")
        # Where there is one bound, what is expected is that of the mildest severity.
        if self.expected_value is not None and len(bounds) != 1:
            parts.append(f"expected {self.expected_value:g}")
        if bounds:
            parts.append(f"{self.severity} unless {' and '.join(bounds)}")
        if self.data_group is not None:
            parts.append(f"data group {self.data_group}")
        return ", ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON knows it: times in ISO 8601, the severity as a string.

        Returns:
            The object.
        """
        return {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in self.to_record().items()
        }

    def to_record(self) -> dict[str, Any]:
        """Give it as a row of a data frame: times as `datetime`, the severity as a string.

        Returns:
            The values by their names.
        """
        record = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**record, "severity": None if self.severity is None else str(self.severity)}


class Failures(tuple[Failure, ...]):
    """What is wrong with the data now: a tuple of `Failure`, the worst first.

    Attributes:
        problems: Why it is not known whether all else is good: tables without a result, results
            that are too old. What failed technically is among the rows.
        columns: The names of what each row has, also where there is no row.
    """

    problems: tuple[Problem, ...] = ()
    columns: ClassVar[list[str]] = [each.name for each in fields(Failure)]

    def __str__(self) -> str:
        lines = [*map(str, self), *(f"not known: {each}" for each in self.problems)]
        return "\n".join(lines) or "nothing is wrong"

    def to_records(self) -> list[dict[str, Any]]:
        """Give the rows for a data frame.

        `pandas.DataFrame(failures.to_records(), columns=failures.columns)` has its columns also
        where nothing is wrong; polars calls them `schema`.

        Returns:
            A dictionary for each row; times are `datetime`, severities strings.
        """
        return [each.to_record() for each in self]


def server_of(client: AuthenticatedClient | Client) -> str:
    """Name the server of a client, for links.

    Args:
        client: The client.

    Returns:
        Its URL, without user name and password.
    """
    check_client("judge", client)
    return mask_url(client._base_url).replace("***@", "")


def rows_of(
    checks: Iterable[CheckVerdict], limit: int, server: str | None, *, technical: bool
) -> Failures:
    """Make the rows of checks.

    Args:
        checks: The active checks.
        limit: The rank from which on a result is bad.
        server: The URL of the server, for links.
        technical: Whether checks count that failed technically.

    Returns:
        A row for each bad result, and for each bad check whose results are not known.
    """
    rows: list[Failure] = []
    for check in checks:
        if rank(check.severity) >= limit:
            rows += [_row(check, each, server) for each in check.results or (None,)]
        if technical and check.execution_error is not None:
            rows.append(_row(check, None, server, error=check.execution_error))
    return Failures(sorted(rows, key=lambda row: -rank(row.severity)))


def _row(
    check: CheckVerdict,
    result: FailedResult | None,
    server: str | None,
    *,
    error: str | None = None,
) -> Failure:
    severity = check.severity if result is None else result.severity
    bounds = (
        None
        if result is None
        else next((each for each in result.thresholds if each.severity == severity), None)
    )
    return Failure(
        connection=check.connection,
        schema=check.schema,
        table=check.table,
        column=check.column,
        check=check.check,
        comparison=check.comparison,
        check_type=check.check_type,
        time_scale=check.time_scale,
        category=check.category,
        quality_dimension=check.quality_dimension,
        data_group=None if result is None else result.data_group,
        severity=severity if error is None else None,
        actual_value=None if result is None else result.actual_value,
        expected_value=None if result is None else result.expected_value,
        lower_bound=None if bounds is None else bounds.lower,
        upper_bound=None if bounds is None else bounds.upper,
        time_period=None if result is None else result.time_period,
        executed_at=None if result is None else result.executed_at,
        evaluated_at=check.evaluated_at,
        error_message=error,
        link=None if server is None else _link(check, server),
    )


def _link(check: CheckVerdict, server: str) -> str:
    """Name the page of a check, as the user interface does."""
    check_type = check.check_type or "monitoring"
    names = [check_type, "connection", check.connection, "schema", check.schema]
    names += ["table", check.table]
    if check.column is not None:
        names += ["columns", check.column]
    if check_type == "profiling":
        names += ["checks", "advanced-profiling"]
    else:
        names += [check_type, check.time_scale or "daily"]
    if check.category and check.comparison is None:
        names += [check.category, check.check]
    return "/".join([server.rstrip("/"), *map(_encoded, names)])


def _encoded(name: str) -> str:
    return quote(name, safe="").replace(".", "%2E")


publish("jobs", (Failure, Failures), package="dqops")
