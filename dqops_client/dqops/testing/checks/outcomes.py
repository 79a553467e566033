"""What the next runs of checks find, where a test has said so."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..._runtime.suggestions import did_you_mean
from ..patterns import matches
from ..results.check_results import CheckResult, severity_number
from ..specification.shipped import load_specification
from .models import CHECK_KINDS, categories_schema, category_of, check_definitions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ..seeds.seed import Connection, Table

__all__ = ["Measurement", "Outcome", "check_number", "check_there", "known_checks", "no_check"]


@dataclass(frozen=True)
class Measurement:
    """What the sensor of a check measures.

    Args:
        value: The value.
        check_name: The check's name.
        table: The table as `schema.table`; `*` stands for any characters. None for every table.
        connection: The connection's name; None for every connection.
        column: The column of the check; None for any.
        data_group: The data group; None for all.
    """

    value: float
    check_name: str
    table: str | None = None
    connection: str | None = None
    column: str | None = None
    data_group: str | None = None

    def is_for(self, result: CheckResult) -> bool:
        """Tell whether a check and data group measure this.

        Args:
            result: A result of them.

        Returns:
            Whether they do.
        """
        return (
            self.check_name == result.check_name
            and matches(self.connection, result.connection)
            and matches(self.table, f"{result.schema}.{result.table}")
            and self.column in (None, result.column)
            and self.data_group in (None, result.data_group)
        )


@dataclass(frozen=True)
class Outcome:
    """What a run of checks on a table finds instead of what its stored results say.

    Args:
        severity: The severity of the one check that is not passed, as a number.
        table: The table as `schema.table`; `*` stands for any characters. None for every table.
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
            raise ValueError(f"times must be >= 1, got {self.times}")
        if self.table is not None and not set(self.table) & {".", "*"}:
            raise ValueError(f"table must be 'schema.table', got {self.table!r}")

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

    def is_about(self, check_name: str, column: str | None) -> bool:
        """Tell whether the outcome is about a check.

        Args:
            check_name: The check's name.
            column: Its column; None for a check of the whole table.

        Returns:
            Whether it is.
        """
        return self.check_name in (None, check_name) and self.column in (None, column)

    def first_result(
        self, connection: Connection, table: Table, filters: Mapping[str, Any], moment: datetime
    ) -> CheckResult:
        """Make a result of the check for a table that does not have it.

        Args:
            connection: The table's connection.
            table: The table.
            filters: `CheckSearchFilters`, which tell what a check without a name is like.
            moment: When the run ends (UTC).

        Returns:
            The result.
        """
        named = filters.get("checkName") or ""
        check_name = self.check_name or ("" if "*" in named else named)
        check_type, time_scale = _kind_of(check_name)
        check_type = filters.get("checkType") or check_type
        scale = filters.get("timeScale") or time_scale or "daily"
        prefix = {"profiling": "profile", "monitoring": scale}.get(check_type, f"{scale}_partition")
        check_name = check_name or f"{prefix}_row_count"
        target = "table" if self.column is None else "column"
        category = category_of(target, check_type, scale, check_name)
        return CheckResult(
            connection=connection.name,
            schema=table.schema,
            table=table.name,
            check_name=check_name,
            category=category or filters.get("checkCategory") or self.category,
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


def check_there(
    tables: Iterable[tuple[Connection, Table]],
    connection: str | None,
    table: str | None,
    column: str | None,
) -> None:
    """Refuse what is meant for a table or column that is not there: nothing would come of it.

    Args:
        tables: All tables with their connections, those included that are not imported.
        connection: The connection's name; None for any.
        table: The table as `schema.table`, in which `*` stands for any characters; None for any.
        column: The column; None for any.

    Raises:
        ValueError: There is no such connection, table or column.
    """
    if connection is None and table is None and column is None:
        return
    named = [(owner.name, f"{each.schema}.{each.name}", each) for owner, each in tables]
    there = [each for each in named if matches(connection, each[0])]
    if not there:
        raise ValueError(_absent("connection", connection, {name for name, _, _ in named}))
    found = [each for _, name, each in there if matches(table, name)]
    if not found:
        raise ValueError(_absent("table", table, {name for _, name, _ in there}))
    columns = {each.name for one in found for each in one.columns}
    if column is not None and column not in columns:
        raise ValueError(_absent("column", column, columns))


def check_number(name: str, value: object) -> None:
    """Refuse what no sensor can measure.

    Args:
        name: The argument's name.
        value: What is to be measured.

    Raises:
        ValueError: It is no number.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise ValueError(f"{name} must be a number, got {value!r}")


@lru_cache(maxsize=1)
def known_checks() -> frozenset[str]:
    """Name the checks that the server brings with it."""
    return frozenset(
        each.name
        for check_type, scale in CHECK_KINDS
        for target in ("table", "column")
        for each in check_definitions(
            load_specification(), categories_schema(target, check_type, scale)
        )
    )


def no_check(name: str, there: Iterable[str]) -> ValueError:
    """Make the error for a check that neither the server nor a table has.

    Args:
        name: The check's name.
        there: The names that tables have.

    Returns:
        The error.
    """
    hint = did_you_mean(name, {*there, *known_checks()}) or ", and no table has one of that name"
    return ValueError(f"there is no check {name!r}, so nothing would come of it{hint}")


def _absent(what: str, name: str | None, there: set[str]) -> str:
    hint = did_you_mean(name or "", there) or f". There are: {', '.join(sorted(there)[:9])}"
    return f"there is no {what} {name!r}, so nothing would come of it{hint}"
