"""What becomes of check results that are issues: incidents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from ..checked_fields import check_fields
from ..http.wire import compact, instant, stable_hash
from .check_results import in_utc, severity_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .check_results import CheckResult

__all__ = ["Incident", "incident_of"]

_STATUSES = ("open", "acknowledged", "resolved", "muted")


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
        issue_url: The URL of a ticket about it; None for none.
        incident_id: What identifies it in the API; made of its other properties by default.
        lasts_days: For how many days issues join it.
        table_priority: The priority of its table; None for none.
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
    lasts_days: int = 60
    table_priority: int | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        severity = severity_number(self.severity)
        if severity not in (1, 2, 3):
            raise ValueError(f"the severity of an incident must be 1, 2 or 3, got {severity}")
        if self.status not in _STATUSES:
            raise ValueError(f"status must be one of {_STATUSES}, got {self.status!r}")
        first_seen = in_utc(self.first_seen)
        object.__setattr__(self, "severity", severity)
        object.__setattr__(self, "first_seen", first_seen)
        last_seen = first_seen if self.last_seen is None else in_utc(self.last_seen)
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
                "incidentUntil": instant(self.first_seen + timedelta(days=self.lasts_days)),
                "qualityDimension": self.quality_dimension,
                "checkCategory": self.check_category,
                "checkName": self.check_name,
                "tablePriority": self.table_priority,
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


def incident_of(
    issue: CheckResult,
    known: Iterable[Incident],
    grouping: Mapping[str, Any],
    table_priority: int | None = None,
) -> Incident | None:
    """Put a new issue into an incident.

    Args:
        issue: A check result of severity 1 to 3.
        known: The incidents that there are.
        grouping: How issues of the table are grouped: `ConnectionIncidentGroupingSpec`, with what
            the table says otherwise.
        table_priority: The priority of the table.

    Returns:
        The incident that it joins, as it is from now on; a new one if all that it could join are
        resolved. None for an issue that is not severe enough.
    """
    minimum = severity_number(grouping.get("minimum_severity") or "warning")
    if grouping.get("disabled") or issue.severity < minimum:
        return None
    for incident in known:
        is_over = issue.executed_at > incident.first_seen + timedelta(days=incident.lasts_days)
        if incident.status != "resolved" and incident.covers(issue) and not is_over:
            return replace(
                incident,
                last_seen=issue.executed_at,
                severity=max(incident.severity, issue.severity),
                failed_checks_count=incident.failed_checks_count + 1,
            )
    level = grouping.get("grouping_level") or "table_dimension_category"
    return Incident(
        issue.connection,
        issue.schema,
        issue.table,
        first_seen=issue.executed_at,
        severity=issue.severity,
        quality_dimension=issue.quality_dimension if "dimension" in level else None,
        check_category=issue.category if "category" in level else None,
        check_name=issue.check_name if level.endswith("_name") else None,
        lasts_days=grouping.get("max_incident_length_days") or 60,
        table_priority=table_priority,
    )
