"""What one data domain of a simulated server knows. Plain Python: no HTTP, no JSON, no threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .catalog import connection_view, table_view
from .job_queue import JobQueue
from .job_work import JobWork
from .outcomes import Outcome
from .snapshots import DomainSnapshot
from .stored_incidents import Incident, incident_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from .catalog import Catalog, TableKey
    from .clock import Clock
    from .documents import Document
    from .job_records import Job
    from .seeds import Connection, Table
    from .settings import Settings
    from .stored_results import CheckResult

__all__ = ["DataDomain"]

_Snapshot = TypeVar("_Snapshot", bound=DomainSnapshot)


class DataDomain:
    """Connections, check results, incidents, jobs and whatever else belongs to one data domain.

    Args:
        clock: Where the time comes from.
        condition: See below.
        settings: How the server behaves.
        newest_job: Gives the greatest job id of all data domains of the server.

    Attributes:
        condition: Its lock must be held by whoever reads or changes anything here from several
            threads; the methods that tests call take it themselves. It is notified at every change
            of a job. All data domains of a server share it.
        queue: The jobs.
        catalog: Connections, tables and columns as documents.
        incidents: The incidents by their identifiers.
        statistics: When statistics were collected (UTC), by table and column.
        collections: Documents by their kinds and names.
        scheduler_running: Whether the job scheduler runs.
    """

    catalog: Catalog
    incidents: dict[str, Incident]
    statistics: dict[tuple[TableKey, str], datetime]
    collections: dict[str, dict[str, Document]]
    scheduler_running: bool
    _results: list[CheckResult]
    _outcomes: list[Outcome]

    def __init__(
        self,
        clock: Clock,
        condition: threading.Condition,
        settings: Settings,
        newest_job: Callable[[], int],
    ) -> None:
        self.clock = clock
        self.condition = condition
        self.settings = settings
        self.queue = JobQueue(clock, condition, settings, JobWork(self), newest_job)

    # What tests do.

    def next_outcome(
        self,
        severity: int | str = 0,
        *,
        table: str | None = None,
        connection: str | None = None,
        check_name: str | None = None,
        column: str | None = None,
        actual_value: float | None = None,
        fails: str | None = None,
        times: int = 1,
    ) -> None:
        """Say what the next run of checks on a table finds.

        All checks that run pass, except one, which has this severity; new results are stored, and
        an issue opens an incident or joins one. Outcomes for the same table are used one after
        the other; after that, a run finds what the newest stored results say.

        Args:
            severity: `valid`, `warning`, `error`, `fatal` or `execution_error`, or 0 to 4.
            table: The table as `schema.table`, in which `*` stands for any text; None for the
                table that runs next.
            connection: The connection's name; None for any.
            check_name: The check that has this severity; None for the first that runs. A table
                without results of such a check gets it.
            column: The column of that check; None for any.
            actual_value: What its sensor measures; by default what it measured before.
            fails: Let the job fail with this message instead.
            times: How many runs find this.

        Raises:
            ValueError: There is no such severity, or `times` is less than 1.
        """
        outcome = Outcome(
            severity=severity,  # type: ignore[arg-type]  # converted by the class
            table=table,
            connection=connection,
            check_name=check_name,
            column=column,
            actual_value=actual_value,
            failure=fails,
            times=times,
        )
        with self.condition:
            self._outcomes.append(outcome)

    def add_check_result(self, result: CheckResult) -> None:
        """Store a check result; its connection, table and column are added if they are new.

        Args:
            result: The result.
        """
        with self.condition:
            self.catalog.ensure_table(result)
            self._results.append(result)

    def add_incident(self, incident: Incident) -> None:
        """Store an incident; its connection and table are added if they are new.

        Args:
            incident: The incident; it takes the place of one with the same identifier.
        """
        with self.condition:
            self.catalog.ensure_table(incident)
            self.incidents[incident.incident_id] = incident

    # What there is.

    @property
    def jobs(self) -> list[Job]:
        """The jobs that clients have started, as they are now, oldest first.

        The child jobs that those have started for single tables are not among them; they are in
        `queue`.
        """
        with self.condition:
            self.queue.advance()
            return [job for job in self.queue.jobs if job.parent is None]

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
        """All stored check results, in the order in which they were added."""
        return list(self._results)

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
        owner = (connection, schema, table)
        return [result for result in self._results if result.table_key == owner]

    # What operations and jobs do; they hold the lock.

    def change_results(self, left_of: Callable[[CheckResult], CheckResult | None]) -> None:
        """Change or delete stored check results.

        Args:
            left_of: Gives what is left of each result; None for nothing.
        """
        left = map(left_of, self._results)
        self._results = [result for result in left if result is not None]

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
            self.add_check_result(result)
            if result.is_issue:
                incident = incident_of(result, self.incidents.values())
                self.incidents[incident.incident_id] = incident

    # All of it.

    def known_as(self, kind: type[_Snapshot]) -> _Snapshot:
        """Give what the domain knows, the jobs included.

        Args:
            kind: The class of the snapshot.

        Returns:
            The snapshot, which shares what it can with the domain: copy it before anything changes.
        """
        return kind(
            self.catalog,
            self._results,
            self.incidents,
            self.statistics,
            self.collections,
            self._outcomes,
            self.scheduler_running,
            self.queue.records(),
        )

    def take_over(self, snapshot: DomainSnapshot) -> None:
        """Know something else from now on; requests that wait for a job end with 404.

        Args:
            snapshot: What to know; it belongs to the domain from now on.
        """
        self.catalog = snapshot.catalog
        self.incidents = snapshot.incidents
        self.statistics = snapshot.statistics
        self.collections = snapshot.collections
        self.scheduler_running = snapshot.scheduler_running
        self._results = snapshot.results
        self._outcomes = snapshot.outcomes
        self.queue.replace(snapshot.jobs)
