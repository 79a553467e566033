"""What a simulated server knows. Plain Python: no HTTP, no JSON texts, no threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .clock import Clock, SystemClock
from .demo_data import demo_seed
from .job_queue import JobQueue
from .seeds import CheckResult, Column, Connection, Seed, Table
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["State"]


class State:
    """Connections, check results, jobs and the scheduler.

    Args:
        seed: What the server starts with, as a seed or a dictionary; a small web shop by default.
        settings: How it behaves.
        clock: Where the time comes from; the time of this machine by default.

    Attributes:
        condition: Its lock must be held by whoever reads or changes anything here; it is notified
            at every change of a job.
        scheduler_running: Whether the job scheduler runs.
    """

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.condition = threading.Condition()
        self.clock: Clock = SystemClock() if clock is None else clock
        self.settings = Settings() if settings is None else settings
        start = demo_seed(self.clock.now()) if seed is None else Seed.of(seed)
        self.queue = JobQueue(self.clock, self.condition, self.settings)
        self.scheduler_running = start.scheduler_running
        self._connections = {connection.name: connection for connection in start.connections}
        self._results = list(start.check_results)
        for result in self._results:
            self._ensure_table(result)

    @property
    def connections(self) -> list[Connection]:
        """All connections."""
        return list(self._connections.values())

    @property
    def check_results(self) -> list[CheckResult]:
        """All stored check results, in the order in which they were added."""
        return list(self._results)

    def connection(self, name: str) -> Connection | None:
        """Find a connection.

        Args:
            name: The connection's name.

        Returns:
            The connection, or None.
        """
        return self._connections.get(name)

    def table(self, connection: str, schema: str, table: str) -> Table | None:
        """Find a table that the server knows.

        Args:
            connection: The connection's name.
            schema: The schema's name.
            table: The table's name.

        Returns:
            The table, or None; also None for a table that is not imported.
        """
        for owner, each in self.tables():
            if (owner.name, each.schema, each.name) == (connection, schema, table):
                return each
        return None

    def tables(self, *, imported: bool = True) -> Iterator[tuple[Connection, Table]]:
        """Go through the tables.

        Args:
            imported: True for the tables that the server knows, False for those that only the
                data source knows.

        Yields:
            Each table with its connection.
        """
        for connection in self._connections.values():
            for table in connection.tables:
                if table.imported is imported:
                    yield connection, table

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
        return [
            result
            for result in self._results
            if (result.connection, result.schema, result.table) == owner
        ]

    def add_check_result(self, result: CheckResult) -> None:
        """Store a check result; its connection, table and column are added if they are new.

        Args:
            result: The result.
        """
        with self.condition:
            self._ensure_table(result)
            self._results.append(result)

    def delete_check_results(self, is_deleted: Callable[[CheckResult], bool]) -> list[CheckResult]:
        """Delete stored check results.

        Args:
            is_deleted: Says of each result whether it goes.

        Returns:
            The deleted results.
        """
        deleted = [result for result in self._results if is_deleted(result)]
        gone = {id(result) for result in deleted}
        self._results = [result for result in self._results if id(result) not in gone]
        return deleted

    def import_table(self, connection: Connection, table: Table) -> None:
        """Make a table known that was in the data source only.

        Args:
            connection: Its connection.
            table: The table.
        """
        current = self._connections[connection.name]
        tables = tuple(
            replace(each, imported=True) if each.full_name == table.full_name else each
            for each in current.tables
        )
        self._connections[connection.name] = replace(current, tables=tables)

    def _ensure_table(self, result: CheckResult) -> None:
        connection = self._connections.get(result.connection) or Connection(result.connection)
        tables = list(connection.tables)
        names = [(table.schema, table.name) for table in tables]
        if (result.schema, result.table) not in names:
            tables.append(Table(result.schema, result.table))
            names.append((result.schema, result.table))
        position = names.index((result.schema, result.table))
        table = tables[position]
        if result.column is not None and table.column(result.column) is None:
            table = replace(table, columns=(*table.columns, Column(result.column)))
        tables[position] = replace(table, imported=True)
        if tuple(tables) != tuple(connection.tables) or result.connection not in self._connections:
            self._connections[result.connection] = replace(connection, tables=tables)
