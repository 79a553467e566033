"""What the next runs of checks find, where a test has said so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .selection import latest_results, matches
from .stored_results import EXECUTION_ERROR, CheckResult, severity_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .seeds import Connection, Table

__all__ = ["Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a run of checks on a table finds instead of what its stored results say.

    Args:
        severity: The severity of the one check that is not passed, as a number.
        table: The table as `schema.table`; `*` stands for any text. None for every table.
        connection: The connection's name; None for every connection.
        check_name: The check; None for the first that runs.
        column: The column of the check; None for any.
        category: The category of the check, where the table has no results of it yet.
        actual_value: What its sensor measures.
        failure: Why the job fails, instead of finding anything; None for a job that does not.
        times: How many runs find this.
    """

    severity: int = 0
    table: str | None = None
    connection: str | None = None
    check_name: str | None = None
    column: str | None = None
    category: str = "volume"
    actual_value: float | None = None
    failure: str | None = None
    times: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", severity_number(self.severity))
        if self.times < 1:
            raise ValueError(f"an outcome counts for at least one run, not for {self.times}")
        if self.table is not None and not set(self.table) & {".", "*"}:
            raise ValueError(f"a table is named as schema.table, not {self.table!r}")

    def is_for(self, connection: str, full_name: str) -> bool:
        """Tell whether the outcome is for a table.

        Args:
            connection: The connection's name.
            full_name: The table as `schema.table`.

        Returns:
            Whether it is.
        """
        return matches(self.connection, connection) and matches(self.table, full_name)

    def used(self) -> Outcome | None:
        """Count one run.

        Returns:
            The outcome for the runs that remain; None if there are none.
        """
        return replace(self, times=self.times - 1) if self.times > 1 else None

    def results(
        self,
        connection: Connection,
        table: Table,
        selected: Iterable[CheckResult],
        filters: Mapping[str, Any],
        moment: datetime,
    ) -> list[CheckResult]:
        """Give the results of a run: every check passes, but for the one of the outcome.

        Args:
            connection: The table's connection.
            table: The table.
            selected: The stored results of the checks that run.
            filters: `CheckSearchFilters`, for a check that has no results yet.
            moment: When the run ends (UTC).

        Returns:
            New results, not stored yet.
        """
        latest = latest_results(selected)
        chosen = next((result for result in latest if self._is_about(result)), None)
        if chosen is None:
            chosen = self._first_result(connection, table, filters, moment)
            latest = [chosen, *latest]
        return [
            _renewed(result, moment, self.severity, self.actual_value)
            if result is chosen
            else _renewed(result, moment, 0)
            for result in latest
        ]

    def _is_about(self, result: CheckResult) -> bool:
        return (self.check_name in (None, result.check_name)) and (
            self.column in (None, result.column)
        )

    def _first_result(
        self, connection: Connection, table: Table, filters: Mapping[str, Any], moment: datetime
    ) -> CheckResult:
        named = filters.get("checkName") or ""
        check_name = self.check_name or ("" if "*" in named else named)
        check_type, time_scale = _kind_of(check_name)
        check_type = filters.get("checkType") or check_type
        scale = filters.get("timeScale") or time_scale or "daily"
        prefix = {"profiling": "profile", "monitoring": scale}.get(check_type, f"{scale}_partition")
        return CheckResult(
            connection=connection.name,
            schema=table.schema,
            table=table.name,
            check_name=check_name or f"{prefix}_row_count",
            category=filters.get("checkCategory") or self.category,
            severity=self.severity,
            executed_at=moment,
            check_type=check_type,
            time_scale=None if check_type == "profiling" else scale,
            column=self.column,
        )


def _kind_of(check_name: str) -> tuple[str, str | None]:
    """Read the type and time scale of a check off its name, which begins with them."""
    found = re.match(r"(profile|(daily|monthly)(_partition)?)_", check_name)
    if found is None:
        return "monitoring", None
    first, time_scale, partition = found.groups()
    if first == "profile":
        return "profiling", None
    return ("monitoring" if partition is None else "partitioned"), time_scale


def _renewed(
    result: CheckResult, moment: datetime, severity: int, value: float | None = None
) -> CheckResult:
    """Find something again; without a value, what was measured before."""
    failed = severity == EXECUTION_ERROR
    return replace(
        result,
        severity=severity,
        executed_at=moment,
        # A new run of a partitioned check looks at the same partitions again.
        time_period=result.time_period if result.check_type == "partitioned" else None,
        actual_value=None if failed else result.actual_value if value is None else value,
        error_message=(result.error_message or "The sensor failed.") if failed else None,
    )
