"""The data of one data domain of a simulated server. Plain Python: no HTTP, no JSON, no threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..checks.active import configured_checks, is_configured
from ..checks.policies import policies_for, policy_checks
from ..results.incidents import incident_of
from ..zones import local_time
from .catalog import connection_view, table_view

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ..checks.active import ActiveCheck
    from ..checks.outcomes import Measurement, Outcome
    from ..clock import Clock
    from ..documents import Document
    from ..results.check_results import CheckResult, TableKey
    from ..results.incidents import Incident
    from ..results.store import ResultStore
    from ..seeds.seed import Connection, Table
    from ..settings import Settings
    from .catalog import Catalog

__all__ = ["DomainData"]


class DomainData:
    """Connections, check results, incidents and whatever else belongs to one data domain.

    Args:
        clock: Where the time comes from.
        condition: See below.
        settings: How the server behaves.

    Attributes:
        condition: Its lock must be held by whoever reads or changes anything here from several
            threads; `add_check_result` and `add_incident` take it themselves.
        catalog: Connections, tables and columns as documents.
        incidents: The incidents by their identifiers.
        statistics: When statistics were collected (UTC), by table and column.
        collections: Documents by their kinds and names.
        stored: Check results, sensor readouts and execution errors.
    """

    catalog: Catalog
    incidents: dict[str, Incident]
    statistics: dict[tuple[TableKey, str], datetime]
    collections: dict[str, dict[str, Document]]
    stored: ResultStore
    _outcomes: list[Outcome]
    _measurements: list[Measurement]

    def __init__(self, clock: Clock, condition: threading.Condition, settings: Settings) -> None:
        self.clock = clock
        self.condition = condition
        self.settings = settings

    @property
    def local_now(self) -> datetime:
        """What clocks show now in the configured time zone; see `zones`."""
        return local_time(self.clock.now(), self.settings.zone)

    def add_check_result(self, result: CheckResult) -> None:
        """Store a check result; its connection, table and column are added if they are new.

        Args:
            result: The result.
        """
        with self.condition:
            self.catalog.ensure_table(result)
            if result.configured:
                self.catalog.ensure_check(result)
            period = result.period_in(self.settings.zone)
            self.stored.add(replace(result, time_period=period))

    def add_incident(self, incident: Incident) -> None:
        """Store an incident; its connection and table are added if they are new.

        Args:
            incident: The incident; it takes the place of one with the same identifier.
        """
        with self.condition:
            self.catalog.ensure_table(incident)
            self.incidents[incident.incident_id] = incident

    @property
    def connections(self) -> list[Connection]:
        """All connections with their tables."""
        views: list[Connection] = []
        for name, document in self.catalog.connections.items():
            tables = [
                table_view(key, spec, imported=imported)
                for imported, specs in (
                    (True, self.catalog.tables),
                    (False, self.catalog.remote_tables),
                )
                for key, spec in specs.items()
                if key[0] == name
            ]
            views.append(connection_view(name, document, tables))
        return views

    @property
    def check_results(self) -> list[CheckResult]:
        """All stored check results and execution errors, the oldest of a table first."""
        return list(self.stored.all())

    def connection(self, name: str) -> Connection | None:
        """Find a connection.

        Args:
            name: The connection's name.

        Returns:
            The connection, without its tables; or None.
        """
        document = self.catalog.connections.get(name)
        return None if document is None else connection_view(name, document)

    def table(self, connection: str, schema: str, table: str) -> Table | None:
        """Find a table that the server knows.

        Args:
            connection: The connection's name.
            schema: The schema's name.
            table: The table's name.

        Returns:
            The table, or None; also None for a table that is not imported.
        """
        key = (connection, schema, table)
        document = self.catalog.tables.get(key)
        return None if document is None else table_view(key, document)

    def tables(self, *, imported: bool = True) -> Iterator[tuple[Connection, Table]]:
        """Go through the tables.

        Args:
            imported: True for the tables that the server knows, False for those that only the
                data source knows.

        Yields:
            Each table with its connection.
        """
        specs = self.catalog.tables if imported else self.catalog.remote_tables
        views = {name: self.connection(name) for name in self.catalog.connections}
        for key, document in list(specs.items()):
            connection = views.get(key[0])
            if connection is not None:
                yield connection, table_view(key, document, imported=imported)

    def results_of(self, connection: str, schema: str, table: str) -> list[CheckResult]:
        """Give the check results of a table and its columns.

        Args:
            connection: The connection's name.
            schema: The schema's name.
            table: The table's name.

        Returns:
            The results.
        """
        return self.stored.of_table((connection, schema, table))

    def active_checks(self, table: TableKey) -> list[ActiveCheck]:
        """Find the checks that runs on a table execute.

        Args:
            table: The table's names.

        Returns:
            The checks that are configured and not disabled, and those that policies bring.
        """
        document = self.catalog.tables.get(table)
        if document is None or document.get("disabled"):
            return []
        changed = self.stored.changed("table", *table)
        checks = list(configured_checks(document, changed))
        for column, brought in self._brought(table, document):
            owner = document if column is None else document["columns"][column]
            checks += [
                check if check.changed >= changed else replace(check, changed=changed)
                for check in brought
                if not is_configured(owner, check)
            ]
        return checks

    def policy_checks(self, table: TableKey, column: str | None) -> list[ActiveCheck]:
        """Find the checks that policies bring to a table or to one of its columns.

        Args:
            table: The table's names.
            column: The column's name; None for the table itself.

        Returns:
            The checks, also where the table or column has its own.
        """
        document = self.catalog.tables.get(table) or {}
        return [
            check
            for name, brought in self._brought(table, document)
            if name == column
            for check in brought
        ]

    def _brought(
        self, table: TableKey, document: Document
    ) -> Iterator[tuple[str | None, Iterator[ActiveCheck]]]:
        """Go through a table and its columns, with the checks that policies bring to them."""
        for_tables = policies_for(self._policies("table_policy"), table, document)
        if for_tables:
            yield None, policy_checks(for_tables, document)
        for_columns = policies_for(self._policies("column_policy"), table, document)
        for name, spec in (document.get("columns") or {}).items() if for_columns else ():
            if not spec.get("disabled"):
                yield name, policy_checks(for_columns, document, (name, spec))

    def _policies(self, kind: str) -> list[tuple[str, Document, int]]:
        return [
            (name, document, self.stored.changed(kind, name))
            for name, document in self.collections.get(kind, {}).items()
        ]

    def value_of(self, result: CheckResult) -> float | None:
        """Look up what a test has said that a sensor measures.

        Args:
            result: A result of the check and data group.

        Returns:
            The value; None if nobody has said it.
        """
        return next(
            (each.value for each in reversed(self._measurements) if each.is_for(result)), None
        )

    def store_table(self, table: TableKey, document: Document) -> None:
        """Put another document in the place of that of a table.

        Args:
            table: The table's names.
            document: Its `TableSpec`; one that is not new changes nothing.
        """
        if self.catalog.tables.get(table) != document:
            self.stored.note_change("table", *table)
        self.catalog.tables[table] = document

    def store_collection(self, kind: str, documents: dict[str, Document]) -> None:
        """Put other documents in the place of those of a kind.

        Args:
            kind: The key in `collections`.
            documents: The documents by their names.
        """
        known = self.collections[kind]
        for name, document in documents.items():
            if known.get(name) != document:
                self.stored.note_change(kind, name)
        self.collections[kind] = documents

    def take_outcome(self, connection: str, full_name: str) -> Outcome | None:
        """Take what a test has said about the next run on a table.

        Args:
            connection: The connection's name.
            full_name: The table as `schema.table`.

        Returns:
            The outcome, which counts for one run less from now on; or None.
        """
        for index, outcome in enumerate(self._outcomes):
            if outcome.is_for(connection, full_name):
                left = outcome.used()
                self._outcomes[index : index + 1] = [] if left is None else [left]
                return outcome
        return None

    def record_run(self, results: Iterable[CheckResult]) -> None:
        """Store what a run has found, and keep the incidents up to date.

        Args:
            results: The new results.
        """
        for result in results:
            if result.is_execution_error:
                self.stored.add(result)
            else:
                self.stored.put_result(result)
            if result.is_issue:
                grouping = self._incident_grouping(result.table_key)
                priority = self.catalog.tables[result.table_key].get("priority")
                incident = incident_of(result, self.incidents.values(), grouping, priority)
                if incident is not None:
                    self.incidents[incident.incident_id] = incident

    def _incident_grouping(self, table: TableKey) -> dict[str, Any]:
        """Tell how the issues of a table are grouped."""
        connection = self.catalog.connections.get(table[0]) or {}
        own = self.catalog.tables[table].get("incident_grouping") or {}
        return {**(connection.get("incident_grouping") or {}), **own}
