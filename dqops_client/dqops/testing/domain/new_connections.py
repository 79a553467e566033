"""What the server adds to connections and tables when they are created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document

__all__ = ["DEFAULT_SCHEDULES", "INCREMENTAL_TIME_WINDOW", "with_defaults"]

#: The default schedules of a new server.
DEFAULT_SCHEDULES: Mapping[str, Document] = {
    "profiling": {"cron_expression": "0 1 1 * *"},
    "monitoring_daily": {"cron_expression": "0 12 * * *"},
    "monitoring_monthly": {"cron_expression": "0 12 * * *"},
    "partitioned_daily": {"cron_expression": "0 12 * * *"},
    "partitioned_monthly": {"cron_expression": "0 12 * * *"},
}
#: Which partitions of an imported table checks analyze.
INCREMENTAL_TIME_WINDOW: Mapping[str, Any] = {
    "daily_partitioning_recent_days": 7,
    "monthly_partitioning_recent_months": 1,
}
_INCIDENT_GROUPING: Mapping[str, Any] = {
    "grouping_level": "table_dimension_category",
    "minimum_severity": "warning",
    "max_incident_length_days": 60,
    "mute_for_days": 60,
}


def with_defaults(spec: Document, schedules: Mapping[str, Document]) -> Document:
    """Complete a new connection.

    Args:
        spec: Its `ConnectionSpec`.
        schedules: The default schedules of the server.

    Returns:
        The document with schedules and with a grouping of incidents.
    """
    return {
        **spec,
        "schedules": spec.get("schedules") or dict(schedules),
        "incident_grouping": spec.get("incident_grouping") or dict(_INCIDENT_GROUPING),
    }
