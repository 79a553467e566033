"""What a simulated server knows when it starts: connections, tables and stored check results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from typing import Any, TypeVar, cast

from .wire import stable_hash

__all__ = ["CheckResult", "Column", "Connection", "Seed", "Table"]

# The name that the server gives to results that are not divided into data groups.
NO_GROUPING = "no grouping"
CHECK_TYPES = ("profiling", "monitoring", "partitioned")
TIME_SCALES = ("daily", "monthly")

_T = TypeVar("_T")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        name: The column's name.
        data_type: The physical type, such as `VARCHAR`.
        nullable: Whether the column takes nulls.
    """

    name: str
    data_type: str = "VARCHAR"
    nullable: bool = True


@dataclass(frozen=True)
class Table:
    """A table with its columns.

    Args:
        schema: The name of its schema.
        name: The table's name.
        columns: Its columns.
        labels: Labels that search filters can select it by.
        imported: False for a table that exists in the data source only, until a job imports it.
    """

    schema: str
    name: str
    columns: Sequence[Column] = ()
    labels: Sequence[str] = ()
    imported: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(_build(Column, item) for item in self.columns))
        object.__setattr__(self, "labels", tuple(self.labels))

    @property
    def full_name(self) -> str:
        """The name as `schema.table`."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """Find a column.

        Args:
            name: The column's name.

        Returns:
            The column, or None.
        """
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Connection:
    """A connection to a data source.

    Args:
        name: The connection's name.
        provider: The kind of data source, such as `postgresql`.
        parameters: The JSON object with the provider's parameters, under names of the API.
        tables: The tables of the data source.
        parallel_jobs_limit: Largest number of jobs at the same time; None for no limit.
    """

    name: str
    provider: str = "postgresql"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: Sequence[Table] = ()
    parallel_jobs_limit: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tuple(_build(Table, item) for item in self.tables))


@dataclass(frozen=True)
class CheckResult:
    """A stored result of a data quality check.

    Args:
        connection: The connection's name.
        schema: The schema's name.
        table: The table's name.
        check_name: The check's name, such as `daily_row_count`.
        category: The check's category, such as `volume`.
        severity: 0 passed, 1 warning, 2 error, 3 fatal, 4 execution error.
        executed_at: When the check ran, in UTC (a time without a zone is taken as UTC).
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling checks.
        column: The column that was analyzed; None for a check of the whole table.
        data_group: The data group of the result.
        quality_dimension: The data quality dimension, such as `Completeness`.
        time_period: Start of the period that the result describes, as a local time; the day (or
            month) of `executed_at` by default.
        actual_value: What the sensor measured.
        expected_value: What the rule expected.
        bounds: Thresholds by the names of the API, such as `{"warningLowerBound": 1.0}`.
        sensor_name: The sensor's name; one is made of category and check name by default.
        table_comparison: The name of the table comparison, for comparison checks.
        duration_ms: Run time of the sensor in milliseconds.
    """

    connection: str
    schema: str
    table: str
    check_name: str
    category: str
    severity: int
    executed_at: datetime
    check_type: str = "monitoring"
    time_scale: str | None = None
    column: str | None = None
    data_group: str = NO_GROUPING
    quality_dimension: str = "Reasonableness"
    time_period: datetime | None = None
    actual_value: float | None = None
    expected_value: float | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    sensor_name: str | None = None
    table_comparison: str | None = None
    duration_ms: int = 25

    def __post_init__(self) -> None:
        if self.check_type not in CHECK_TYPES:
            raise ValueError(f"check_type is one of {CHECK_TYPES}, not {self.check_type!r}")
        if self.severity not in range(5):
            raise ValueError(f"severity is a number from 0 to 4, not {self.severity!r}")
        if self.check_type == "profiling":
            if self.time_scale is not None:
                raise ValueError("profiling checks have no time_scale")
        elif self.time_scale is None:
            object.__setattr__(self, "time_scale", "daily")
        elif self.time_scale not in TIME_SCALES:
            raise ValueError(f"time_scale is one of {TIME_SCALES}, not {self.time_scale!r}")
        executed_at = _utc(self.executed_at)
        object.__setattr__(self, "executed_at", executed_at)
        period = self.time_period
        if period is None:
            period = executed_at.replace(hour=0, minute=0, second=0, microsecond=0)
            if self.time_scale != "daily":
                period = period.replace(day=1)
        # Periods are local times; one zone for all makes them comparable.
        object.__setattr__(self, "time_period", period.replace(tzinfo=timezone.utc))

    @property
    def period(self) -> datetime:
        """`time_period` with its default filled in; its zone is UTC, whatever the local time."""
        return cast("datetime", self.time_period)

    @property
    def check_hash(self) -> int:
        """The number that identifies the check."""
        return stable_hash(*self._identity)

    @property
    def id(self) -> str:
        """The identifier of this result: the same check, data group and period share one."""
        digest = stable_hash(
            *self._identity, self.data_group, self.period.isoformat(), self.executed_at.isoformat()
        )
        return f"{digest & 0xFFFFFFFFFFFFFFFF:016x}"

    @property
    def _identity(self) -> tuple[str, ...]:
        return (
            self.connection,
            self.schema,
            self.table,
            self.column or "",
            self.check_type,
            self.time_scale or "",
            self.check_name,
            self.table_comparison or "",
        )


@dataclass(frozen=True)
class Seed:
    """Everything that a simulated server starts with.

    Tables that check results name and `connections` does not are added by the state.

    Args:
        connections: The connections with their tables, as objects or dictionaries.
        check_results: The stored results, as objects or dictionaries.
        scheduler_running: Whether the job scheduler runs.
    """

    connections: Sequence[Connection] = ()
    check_results: Sequence[CheckResult] = ()
    scheduler_running: bool = True

    def __post_init__(self) -> None:
        connections = tuple(_build(Connection, item) for item in self.connections)
        results = tuple(_build(CheckResult, item) for item in self.check_results)
        object.__setattr__(self, "connections", connections)
        object.__setattr__(self, "check_results", results)

    @classmethod
    def of(cls, value: Seed | Mapping[str, Any]) -> Seed:
        """Make a seed of plain data.

        Args:
            value: A seed, or a dictionary with the names of its fields as keys.

        Returns:
            The seed.

        Raises:
            TypeError: A key is not the name of a field, or one that is needed is missing.
            ValueError: A value is not possible.
        """
        return _build(cls, value)


def _build(kind: type[_T], value: _T | Mapping[str, Any]) -> _T:
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"a {kind.__name__} or a dictionary is needed, not {value!r}")
    entries = cast("Mapping[str, Any]", value)
    known = [item.name for item in fields(cast("Any", kind))]
    unknown = sorted(set(entries) - set(known))
    if unknown:
        raise TypeError(f"{kind.__name__} has no {unknown}; it has {known}")
    return kind(**entries)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)
