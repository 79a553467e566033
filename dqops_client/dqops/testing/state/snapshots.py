"""All that a simulated server knows at some moment, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..checks.policies import DEFAULT_COLUMN_POLICIES, DEFAULT_TABLE_POLICIES
from ..domain.catalog import Catalog
from ..domain.new_connections import DEFAULT_SCHEDULES, with_defaults
from ..http.wire import instant
from ..jobs.records import JobRecords
from ..results.store import ResultStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from typing import Self

    from ..checks.outcomes import Measurement, Outcome
    from ..documents import Document
    from ..results.check_results import TableKey
    from ..results.incidents import Incident
    from ..roles import User
    from ..seeds.seed import Seed

__all__ = [
    "DEFAULT_DOMAIN",
    "DomainSnapshot",
    "Snapshot",
    "domain_document",
    "planted",
    "planted_domain",
]

#: What the API calls the data domain that requests without a cookie work on.
DEFAULT_DOMAIN = "(default)"


@dataclass
class DomainSnapshot:
    """All that a data domain knew at some moment: plain data, which can be compared and pickled.

    Attributes:
        catalog: Connections, tables and columns.
        stored: The stored check results, sensor readouts and execution errors.
        incidents: The incidents by their identifiers.
        statistics: When statistics were collected (UTC), by table and column.
        collections: What else has a name: documents by their kinds and names.
        outcomes: What the next runs of checks find.
        measurements: What sensors measure.
        scheduler_running: Whether the job scheduler runs.
        jobs: The jobs.
    """

    catalog: Catalog = field(default_factory=Catalog)
    stored: ResultStore = field(default_factory=ResultStore)
    incidents: dict[str, Incident] = field(default_factory=dict)
    statistics: dict[tuple[TableKey, str], datetime] = field(default_factory=dict)
    collections: dict[str, dict[str, Document]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    scheduler_running: bool = True
    jobs: JobRecords = field(default_factory=JobRecords)

    def copied(self) -> Self:
        """Make a copy that does not change when this one does.

        Returns:
            The copy; it shares the documents, which nobody changes.
        """
        return replace(
            self,
            catalog=self.catalog.copied(),
            stored=self.stored.copied(),
            incidents=dict(self.incidents),
            statistics=dict(self.statistics),
            collections={kind: dict(documents) for kind, documents in self.collections.items()},
            outcomes=list(self.outcomes),
            measurements=list(self.measurements),
            jobs=self.jobs.copied(),
        )


@dataclass
class Snapshot(DomainSnapshot):
    """All that a server knew at some moment, plain data as well.

    What it has of a `DomainSnapshot` is that of the default data domain.

    Attributes:
        users: The users by their emails.
        domains: The further data domains by their names.
    """

    users: dict[str, User] = field(default_factory=dict)
    domains: dict[str, DomainSnapshot] = field(default_factory=dict)

    def copied(self) -> Self:
        """Make a copy that does not change when this one does.

        Returns:
            The copy; it shares the documents, which nobody changes.
        """
        return replace(
            super().copied(),
            users=dict(self.users),
            domains={name: domain.copied() for name, domain in self.domains.items()},
        )


def planted(seed: Seed, now: datetime, zone: tzinfo) -> Snapshot:
    """Make plain data of a seed.

    Args:
        seed: The seed; its times are resolved.
        now: The time (UTC) at which the server starts.
        zone: Its time zone.

    Returns:
        What the server knows then.
    """
    items: Any = seed
    default = planted_domain(seed, zone)
    default.collections["data_domain"] = {
        name: domain_document(name, name, now) for name in items.data_domains
    }
    return Snapshot(
        **vars(default),
        users={user.email: user for user in items.users},
        domains={name: planted_domain(domain, zone) for name, domain in items.data_domains.items()},
    )


def planted_domain(seed: Seed, zone: tzinfo) -> DomainSnapshot:
    """Make plain data of what a seed has for one data domain.

    Args:
        seed: The seed; its times are resolved.
        zone: The server's time zone.

    Returns:
        What the data domain knows at the start.
    """
    items: Any = seed
    catalog = Catalog.of(items.connections)
    schedules = {**DEFAULT_SCHEDULES, **seed.default_schedules}
    for owner in (*items.check_results, *items.incidents):
        catalog.ensure_table(owner)
    for name, spec in catalog.connections.items():
        catalog.connections[name] = with_defaults(spec, schedules)
    for result in items.check_results:
        if result.configured:
            catalog.ensure_check(result)
    table_policies = DEFAULT_TABLE_POLICIES if seed.default_policies else {}
    column_policies = DEFAULT_COLUMN_POLICIES if seed.default_policies else {}
    named: dict[str, Mapping[str, Document]] = {
        "check": seed.checks,
        "column_policy": {**column_policies, **seed.column_policies},
        "default_column_pattern": {},
        "default_table_pattern": {},
        "rule": seed.rules,
        "sensor": seed.sensors,
        "table_policy": {**table_policies, **seed.table_policies},
        "default_schedule": schedules,
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
    return DomainSnapshot(
        catalog=catalog,
        stored=ResultStore.of(items.check_results, zone),
        incidents={incident.incident_id: incident for incident in items.incidents},
        collections={kind: dict(documents) for kind, documents in named.items()},
        scheduler_running=seed.scheduler_running,
    )


def domain_document(name: str, display_name: str, now: datetime) -> dict[str, Any]:
    """Describe a data domain (`LocalDataDomainModel`), without what changes.

    Args:
        name: Its technical name.
        display_name: The name for people.
        now: The time (UTC) at which it is created.

    Returns:
        The JSON object.
    """
    return {"domain_name": name, "display_name": display_name, "created_at": instant(now)}
