"""What runs of checks leave behind: check results and incidents."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

from .wire import compact, instant, stable_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SEVERITIES", "CheckResult", "Incident", "incident_of", "severity_number"]

# The name that the server gives to results that are not divided into data groups.
NO_GROUPING = "no grouping"
CHECK_TYPES = ("profiling", "monitoring", "partitioned")
TIME_SCALES = ("daily", "monthly")
#: The severities by their numbers; the last one means that the check could not run.
SEVERITIES = ("valid", "warning", "error", "fatal", "execution_error")
EXECUTION_ERROR = SEVERITIES.index("execution_error")
_INCIDENT_STATUSES = ("open", "acknowledged", "resolved", "muted")


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
    raise ValueError(f"severity is a number from 0 to 4, or one of {names}; not {severity!r}")


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
            month) of `executed_at` by default.
        actual_value: What the sensor measured.
        expected_value: What the rule expected.
        bounds: Thresholds by the names of the API, such as `{"warningLowerBound": 1.0}`.
        sensor_name: The sensor's name; one is made of category and check name by default.
        table_comparison: The name of the table comparison, for comparison checks.
        duration_ms: Run time of the sensor in milliseconds.
        error_message: Why the check could not run, for severity 4.
        samples: Values that failed the check: the error samples.
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

    def __post_init__(self) -> None:
        if self.check_type not in CHECK_TYPES:
            raise ValueError(f"check_type is one of {CHECK_TYPES}, not {self.check_type!r}")
        object.__setattr__(self, "severity", severity_number(self.severity))
        object.__setattr__(self, "samples", tuple(self.samples))
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
    def table_key(self) -> tuple[str, str, str]:
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
class Incident:
    """A data quality incident: issues of a table that belong together.

    Args:
        connection: The connection's name.
        schema: The schema's name.
        table: The table's name.
        first_seen: When its first issue was found, in UTC.
        last_seen: When its newest issue was found, in UTC; as `first_seen` by default.
        severity: The highest severity of its issues, as a name or as a number from 1 to 3.
        status: `open`, `acknowledged`, `resolved` or `muted`.
        quality_dimension: The data quality dimension of all its issues; None for any.
        check_category: The category of all its issues; None for any.
        check_name: The check of all its issues; None for any.
        failed_checks_count: How many issues it has.
        issue_url: The address of a ticket about it; None for none.
        incident_id: What identifies it in the API; made of its other properties by default.
    """

    connection: str
    schema: str
    table: str
    first_seen: datetime
    last_seen: datetime | None = None
    severity: int = 2
    status: str = "open"
    quality_dimension: str | None = None
    check_category: str | None = None
    check_name: str | None = None
    failed_checks_count: int = 1
    issue_url: str | None = None
    incident_id: str = ""

    def __post_init__(self) -> None:
        severity = severity_number(self.severity)
        if severity not in (1, 2, 3):
            raise ValueError(f"the severity of an incident is 1, 2 or 3, not {severity}")
        if self.status not in _INCIDENT_STATUSES:
            raise ValueError(f"status is one of {_INCIDENT_STATUSES}, not {self.status!r}")
        first_seen = _utc(self.first_seen)
        object.__setattr__(self, "severity", severity)
        object.__setattr__(self, "first_seen", first_seen)
        last_seen = first_seen if self.last_seen is None else _utc(self.last_seen)
        object.__setattr__(self, "last_seen", last_seen)
        if not self.incident_id:
            digest = stable_hash(*self._identity, first_seen.isoformat())
            object.__setattr__(self, "incident_id", f"{digest & 0xFFFFFFFFFFFFFFFF:016x}")

    @property
    def seen_last(self) -> datetime:
        """`last_seen` with its default filled in."""
        return cast("datetime", self.last_seen)

    def covers(self, result: CheckResult) -> bool:
        """Tell whether an issue belongs to the incident.

        Args:
            result: A check result.

        Returns:
            Whether it is an issue of the same table and kind, since the incident began.
        """
        return (
            result.table_key == (self.connection, self.schema, self.table)
            and result.is_issue
            and result.executed_at >= self.first_seen
            and self.quality_dimension in (None, result.quality_dimension)
            and self.check_category in (None, result.category)
            and self.check_name in (None, result.check_name)
        )

    def model(self) -> dict[str, Any]:
        """Give the incident as the API shows it (`IncidentModel`).

        Returns:
            The JSON object.
        """
        return compact(
            {
                "incidentId": self.incident_id,
                "connection": self.connection,
                "year": self.first_seen.year,
                "month": self.first_seen.month,
                "schema": self.schema,
                "table": self.table,
                "incidentHash": stable_hash(*self._identity),
                "firstSeen": instant(self.first_seen),
                "lastSeen": instant(self.seen_last),
                "qualityDimension": self.quality_dimension,
                "checkCategory": self.check_category,
                "checkName": self.check_name,
                "highestSeverity": self.severity,
                "minimumSeverity": 1,
                "failedChecksCount": self.failed_checks_count,
                "issueUrl": self.issue_url,
                "status": self.status,
            }
        )

    @property
    def _identity(self) -> tuple[str, ...]:
        return (
            self.connection,
            self.schema,
            self.table,
            self.quality_dimension or "",
            self.check_category or "",
            self.check_name or "",
        )


def incident_of(issue: CheckResult, known: Iterable[Incident]) -> Incident:
    """Put a new issue into an incident.

    Args:
        issue: A check result of severity 1 to 3.
        known: The incidents that there are.

    Returns:
        The incident that it joins, as it is from now on; a new one if all that it could join are
        resolved.
    """
    for incident in known:
        if incident.status != "resolved" and incident.covers(issue):
            return replace(
                incident,
                last_seen=issue.executed_at,
                severity=max(incident.severity, issue.severity),
                failed_checks_count=incident.failed_checks_count + 1,
            )
    return Incident(
        issue.connection,
        issue.schema,
        issue.table,
        first_seen=issue.executed_at,
        severity=issue.severity,
        quality_dimension=issue.quality_dimension,
        check_category=issue.category,
    )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)
