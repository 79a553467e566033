"""All that a simulated server knows at some moment, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .catalog import Catalog
from .job_records import JobRecords
from .wire import instant

if TYPE_CHECKING:
    from datetime import datetime

    from .catalog import TableKey
    from .documents import Document
    from .outcomes import Outcome
    from .roles import User
    from .seeds import Seed
    from .stored_results import CheckResult, Incident

__all__ = ["Snapshot", "planted"]


@dataclass
class Snapshot:
    """All that a state knew at some moment: plain data, which can be compared and pickled.

    Attributes:
        catalog: Connections, tables and columns.
        results: The stored check results.
        incidents: The incidents by their identifiers.
        statistics: When statistics were collected (UTC), by table and column.
        users: The users by their emails.
        collections: What else has a name: documents by their kinds and names.
        outcomes: What the next runs of checks find.
        scheduler_running: Whether the job scheduler runs.
        jobs: The jobs.
    """

    catalog: Catalog = field(default_factory=Catalog)
    results: list[CheckResult] = field(default_factory=list)
    incidents: dict[str, Incident] = field(default_factory=dict)
    statistics: dict[tuple[TableKey, str], datetime] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    collections: dict[str, dict[str, Document]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    scheduler_running: bool = True
    jobs: JobRecords = field(default_factory=JobRecords)

    def copied(self) -> Snapshot:
        """Make a copy that does not change when this one does.

        Returns:
            The copy; it shares the documents, which nobody changes.
        """
        return Snapshot(
            self.catalog.copied(),
            list(self.results),
            dict(self.incidents),
            dict(self.statistics),
            dict(self.users),
            {kind: dict(documents) for kind, documents in self.collections.items()},
            list(self.outcomes),
            self.scheduler_running,
            self.jobs.copied(),
        )


def planted(seed: Seed, now: datetime) -> Snapshot:
    """Make plain data of a seed.

    Args:
        seed: The seed; its times are resolved.
        now: The time (UTC) at which the server starts.

    Returns:
        What the server knows then.
    """
    items: Any = seed
    catalog = Catalog.of(items.connections)
    for owner in (*items.check_results, *items.incidents):
        catalog.ensure_table(owner)
    domains = {
        name: {"domain_name": name, "display_name": name, "created_at": instant(now)}
        for name in seed.data_domains
    }
    named = {
        "check": seed.checks,
        "column_policy": seed.column_policies,
        "default_column_pattern": {},
        "default_table_pattern": {},
        "rule": seed.rules,
        "sensor": seed.sensors,
        "table_policy": seed.table_policies,
        "data_domain": domains,
        "default_schedule": seed.default_schedules,
        "default_webhooks": {"": seed.default_webhooks},
        "credential": {
            name: {"credential_name": name, "type": "text", "text_value": text}
            for name, text in seed.credentials.items()
        },
        "dictionary": {
            name: {"dictionary_name": name, "file_content": text}
            for name, text in seed.dictionaries.items()
        },
    }
    return Snapshot(
        catalog=catalog,
        results=list(items.check_results),
        incidents={incident.incident_id: incident for incident in items.incidents},
        users={user.email: user for user in items.users},
        collections={kind: dict(documents) for kind, documents in named.items()},
        scheduler_running=seed.scheduler_running,
    )
