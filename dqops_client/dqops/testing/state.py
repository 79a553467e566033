"""What a simulated server knows. Plain Python: no HTTP, no JSON texts, no threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from . import job_work
from .catalog import connection_view, table_view
from .clock import Clock, ManualClock, SkippingClock, SystemClock
from .demo_data import demo_seed
from .job_queue import JobQueue
from .outcomes import Outcome
from .seeds import Connection, Seed, Table
from .settings import Settings
from .snapshots import Snapshot, planted
from .stored_results import CheckResult, Incident, incident_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from .catalog import Catalog, TableKey
    from .documents import Document
    from .job_records import Job
    from .roles import User
    from .settings import JobMode

__all__ = ["State"]

_CLOCKS: Mapping[JobMode, type[Clock]] = {"manual": ManualClock, "skip": SkippingClock}


class State:
    """Connections, check results, incidents, users, jobs and whatever else a server keeps.

    Args:
        seed: What the server starts with, as a seed or a mapping; a small web shop by default.
        settings: How it behaves.
        clock: Where the time comes from; by default the time of this machine, or the clock of the
            job mode.

    Raises:
        TypeError: The clock is none.

    Attributes:
        condition: Its lock must be held by whoever reads or changes anything here from several
            threads; the methods that tests call take it themselves. It is notified at every change
            of a job.
        catalog: Connections, tables and columns as documents.
        incidents: The incidents by their identifiers.
        statistics: When statistics were collected (UTC), by table and column.
        users: The users by their emails.
        collections: Documents by their kinds and names.
        scheduler_running: Whether the job scheduler runs.
    """

    catalog: Catalog
    incidents: dict[str, Incident]
    statistics: dict[tuple[TableKey, str], datetime]
    users: dict[str, User]
    collections: dict[str, dict[str, Document]]
    scheduler_running: bool
    _results: list[CheckResult]
    _outcomes: list[Outcome]

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.condition = threading.Condition()
        self.settings = Settings() if settings is None else settings
        if clock is None:
            clock = _CLOCKS.get(self.settings.job_mode, SystemClock)()
        if not isinstance(clock, Clock):
            raise TypeError(f"a clock has the methods now and wait, which {clock!r} has not")
        self.clock: Clock = clock
        self.queue = JobQueue(self.clock, self.condition, self.settings, self)
        now = self.clock.now()
        start = demo_seed(now) if seed is None else Seed.of(seed).at(now)
        self._take_over(planted(start, now))
        self._planted = self.snapshot()

    # What tests do.

    def snapshot(self) -> Snapshot:
        """Remember everything, jobs included; settings, clock and recorded requests are not.

        Returns:
            The snapshot for `restore`.
        """
        with self.condition:
            return Snapshot(
                self.catalog,
                self._results,
                self.incidents,
                self.statistics,
                self.users,
                self.collections,
                self._outcomes,
                self.scheduler_running,
                self.queue.records(),
            ).copied()

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to what was. The clock goes on; requests that wait for a job end with 404.

        Args:
            snapshot: What `snapshot` gave, here or in another process.
        """
        with self.condition:
            self._take_over(snapshot.copied())
            self.queue.replace(snapshot.jobs)

    def reset(self) -> None:
        """Go back to the seed, as it was when the state was made; no job is left."""
        self.restore(self._planted)

    def forget_jobs(self) -> None:
        """Forget all jobs, as a restart of the real server does.

        History, business keys and the numbers of changes begin anew; requests that wait for a job
        end with 404. Job ids go on, as on the real server, which makes them of the time.
        """
        with self.condition:
            self.queue.forget()

    def advance(self, seconds: float) -> None:
        """Move a manual clock, and do what is due.

        Args:
            seconds: By how much.

        Raises:
            TypeError: The clock moves by itself.
        """
        clock: Any = self.clock
        if not isinstance(clock, ManualClock):
            raise TypeError(
                f"only a ManualClock can be moved, not a {type(clock).__name__}: use the job mode "
                "'manual' or 'skip', or give a ManualClock"
            )
        clock.advance(seconds)
        with self.condition:
            self.queue.advance()

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

    def import_table(self, connection: Connection, table: Table) -> None:
        """Make a table known that was in the data source only.

        Args:
            connection: Its connection.
            table: The table.
        """
        self.catalog.import_table((connection.name, table.schema, table.name))

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

    def note_statistics(
        self, connection: str, table: Table, columns: Iterable[str], moment: datetime
    ) -> None:
        """Remember that statistics were collected.

        Args:
            connection: The connection's name.
            table: The table.
            columns: The columns that were looked at.
            moment: When (UTC).
        """
        key = (connection, table.schema, table.name)
        for column in columns:
            self.statistics[key, column] = moment

    def start_job(self, job: Job, moment: datetime) -> None:
        """Begin the work of a job, for the queue.

        Args:
            job: The job.
            moment: When (UTC).
        """
        job_work.start_job(self, job, moment)

    def finish_job(self, job: Job, moment: datetime) -> dict[str, Any] | None:
        """Do the work of a job, for the queue.

        Args:
            job: The job.
            moment: When (UTC).

        Returns:
            The result in JSON; None if there is none.
        """
        return job_work.finish_job(self, job, moment)

    def _take_over(self, snapshot: Snapshot) -> None:
        self.catalog = snapshot.catalog
        self.incidents = snapshot.incidents
        self.statistics = snapshot.statistics
        self.users = snapshot.users
        self.collections = snapshot.collections
        self.scheduler_running = snapshot.scheduler_running
        self._results = snapshot.results
        self._outcomes = snapshot.outcomes
