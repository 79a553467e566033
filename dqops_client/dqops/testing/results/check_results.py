"""What runs of checks leave behind: check results."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..checked_fields import check_fields
from ..http.wire import stable_hash, stable_uuid
from ..zones import local_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

__all__ = [
    "CHECK_TYPES",
    "EXECUTION_ERROR",
    "NO_GROUPING",
    "SEVERITIES",
    "CheckResult",
    "TableKey",
    "in_milliseconds",
    "in_utc",
    "severity_number",
]

# The name that the server gives to results that are not divided into data groups.
NO_GROUPING = "no grouping"
CHECK_TYPES = ("profiling", "monitoring", "partitioned")
TIME_SCALES = ("daily", "monthly")
#: The severities by their numbers; the last one means that the check could not run.
SEVERITIES = ("valid", "warning", "error", "fatal", "execution_error")
EXECUTION_ERROR = SEVERITIES.index("execution_error")
#: The names of connection, schema and table.
TableKey = tuple[str, str, str]


def severity_number(severity: int | str) -> int:
    """Read a severity.

    Args:
        severity: Its name in `SEVERITIES`, or its number.

    Returns:
        The number: 0 passed, 1 warning, 2 error, 3 fatal, 4 execution error.

    Raises:
        ValueError: There is no such severity.
    """
    if isinstance(severity, str) and severity in SEVERITIES:
        return SEVERITIES.index(severity)
    if isinstance(severity, int) and not isinstance(severity, bool) and severity in range(5):
        return severity
    names = ", ".join(SEVERITIES)
    raise ValueError(
        f"severity must be an integer from 0 to 4, or one of {names}, got {severity!r}"
    )


@dataclass(frozen=True)
class CheckResult:
    """A stored result of a data quality check.

    Args:
        connection: The connection's name.
        schema: The schema's name.
        table: The table's name.
        check_name: The check's name, such as `daily_row_count`.
        category: The check's category, such as `volume`.
        severity: 0 passed, 1 warning, 2 error, 3 fatal, 4 execution error; or the name, such as
            `fatal`.
        executed_at: When the check ran, in UTC (a time without a zone is taken as UTC).
        check_type: `profiling`, `monitoring` or `partitioned`.
        time_scale: `daily` or `monthly`; None for profiling checks.
        column: The column that was analyzed; None for a check of the whole table.
        data_group: The data group of the result.
        quality_dimension: The data quality dimension, such as `Completeness`.
        time_period: Start of the period that the result describes, as a local time; the day (or
            month) of `executed_at` in the server's time zone by default.
        actual_value: What the sensor measured.
        expected_value: What the rule expected.
        bounds: Thresholds by the names of the API, such as `{"warningLowerBound": 1.0}`.
        sensor_name: The sensor's name; one is made of category and check name by default.
        table_comparison: The name of the table comparison, for comparison checks.
        duration_ms: Run time of the sensor in milliseconds.
        error_message: Why the check could not run, for severity 4.
        samples: Values that failed the check: the error samples.
        updated_at: When it took the place of an earlier result; None if it did not.
        configured: Whether the table has the check: a seed adds it. False for one that has been
            removed since.
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
    error_message: str | None = None
    samples: Sequence[Any] = ()
    updated_at: datetime | None = None
    configured: bool = True

    def __post_init__(self) -> None:
        check_fields(self)
        if self.check_type not in CHECK_TYPES:
            raise ValueError(f"check_type must be one of {CHECK_TYPES}, got {self.check_type!r}")
        object.__setattr__(self, "severity", severity_number(self.severity))
        object.__setattr__(self, "samples", tuple(self.samples))
        if self.check_type == "profiling":
            if self.time_scale is not None:
                raise ValueError("profiling checks have no time_scale")
        elif self.time_scale is None:
            object.__setattr__(self, "time_scale", "daily")
        elif self.time_scale not in TIME_SCALES:
            raise ValueError(f"time_scale must be one of {TIME_SCALES}, got {self.time_scale!r}")
        executed_at = in_milliseconds(in_utc(self.executed_at))
        object.__setattr__(self, "executed_at", executed_at)
        if self.time_period is not None:
            # Periods are local times; one zone for all makes them comparable.
            object.__setattr__(self, "time_period", self.time_period.replace(tzinfo=UTC))

    @cached_property
    def period(self) -> datetime:
        """`time_period` with its default filled in; its zone is UTC, whatever the local time."""
        return self.period_in(UTC)

    def period_in(self, zone: tzinfo) -> datetime:
        """Tell the start of the period that the result describes.

        Args:
            zone: The time zone whose days and months are periods.

        Returns:
            `time_period` with its default filled in.
        """
        if self.time_period is not None:
            return self.time_period
        day = local_time(self.executed_at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return day if self.time_scale == "daily" else day.replace(day=1)

    @property
    def table_key(self) -> TableKey:
        """The names of connection, schema and table."""
        return (self.connection, self.schema, self.table)

    @property
    def is_execution_error(self) -> bool:
        """Whether the check could not run, so that nothing is known about the data."""
        return self.severity == EXECUTION_ERROR

    @property
    def is_issue(self) -> bool:
        """Whether the check ran and did not pass."""
        return 0 < self.severity < EXECUTION_ERROR

    @cached_property
    def check_hash(self) -> int:
        """The number that identifies the check."""
        return stable_hash(*self._identity)

    @property
    def id(self) -> str:
        """The identifier: results of the same check, data group and period share one."""
        place = (*self._identity, self.data_group, self.period.isoformat())
        if self.is_execution_error:
            place = (*place, self.executed_at.isoformat())
        return stable_uuid(*place)

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


def in_utc(moment: datetime) -> datetime:
    """Give a point in time in UTC.

    Args:
        moment: The time; one without a zone is taken as UTC.

    Returns:
        The time with its zone.
    """
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def in_milliseconds(moment: datetime) -> datetime:
    """Cut a point in time to milliseconds, as the files do in which the server keeps results.

    Args:
        moment: The time.

    Returns:
        The time without the rest.
    """
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
