"""What one data domain of a simulated server knows. Plain Python: no HTTP, no JSON, no threads."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..checks.outcomes import (
    Measurement,
    Outcome,
    check_number,
    check_there,
    known_checks,
    no_check,
)
from ..domain.data import DomainData
from ..jobs.queue import JobQueue
from ..jobs.work import JobWork
from .snapshots import DomainSnapshot

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from ..clock import Clock
    from ..jobs.records import Job
    from ..results.check_results import CheckResult
    from ..seeds.seed import Connection, Table
    from ..settings import Settings

__all__ = ["DataDomain"]

_Snapshot = TypeVar("_Snapshot", bound=DomainSnapshot)


class DataDomain(DomainData):
    """One data domain: its data, and its jobs.

    Args:
        clock: Where the time comes from.
        condition: See below.
        settings: How the server behaves.
        newest_number: Gives the greatest number of jobs and changes of all data domains.
        name: The technical name; empty for the default data domain.

    Attributes:
        condition: Its lock must be held by whoever reads or changes anything here from several
            threads; the methods that tests call take it themselves. It is notified at every change
            of a job. All data domains of a server share it.
        queue: The jobs.
        scheduler_running: Whether the job scheduler runs.
    """

    scheduler_running: bool

    def __init__(
        self,
        clock: Clock,
        condition: threading.Condition,
        settings: Settings,
        newest_number: Callable[[], int],
        name: str = "",
    ) -> None:
        super().__init__(clock, condition, settings)
        self.name = name
        self.queue = JobQueue(clock, condition, settings, JobWork(self), newest_number, name)

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

        The data of the table have changed by then, so that every rule is evaluated. All checks
        that run pass, except one, which has this severity; an issue opens an incident or joins
        one. Outcomes for the same table are used one after the other; after that, the data stay
        as they are: a run evaluates and counts only what is new.

        Args:
            severity: `valid`, `warning`, `error`, `fatal` or `execution_error`, or 0 to 4.
            table: The table as `schema.table`, in which `*` stands for any characters; None for the
                table that runs next.
            connection: The connection's name; None for any.
            check_name: The check that has this severity; None for the first that runs. A table
                without results of such a check gets it.
            column: The column of that check; None for any.
            actual_value: What its sensor measures; by default what it measured before.
            fails: Let the job fail with this message instead.
            times: How many runs find this.

        Raises:
            ValueError: There is no such severity, table or check, or `times` is less than 1.
        """
        if actual_value is not None:
            check_number("actual_value", actual_value)
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
            check_there(self._all_tables(), connection, table, column)
            if check_name is not None:
                self._has_check(check_name)
            self._outcomes.append(outcome)

    def set_value(
        self,
        value: float,
        *,
        check_name: str,
        table: str | None = None,
        connection: str | None = None,
        column: str | None = None,
        data_group: str | None = None,
    ) -> None:
        """Say what the sensor of a check measures from now on.

        The next run compares it with the limits of the rules, where they have any, unless it is
        one with an outcome of its own (`next_outcome`).

        Args:
            value: What is measured.
            check_name: The check's name.
            table: The table as `schema.table`, in which `*` stands for any characters; None for
                every table.
            connection: The connection's name; None for any.
            column: The column of the check; None for any.
            data_group: The data group; None for all.

        Raises:
            ValueError: There is no such table, column or check, or the value is no number.

        Warns:
            UserWarning: No table that is meant has the check yet.
        """
        check_number("value", value)
        measurement = Measurement(value, check_name, table, connection, column, data_group)
        with self.condition:
            check_there(self._all_tables(), connection, table, column)
            of_any_group = replace(measurement, data_group=None)
            is_measured = any(map(of_any_group.is_for, self._has_check(check_name)))
            self._measurements.append(measurement)
        if not is_measured:
            warnings.warn(
                f"no table that is meant has the check {check_name!r} yet: the value counts when "
                "one gets it",
                stacklevel=3,  # who calls the method of the server
            )

    def _has_check(self, name: str) -> list[CheckResult]:
        """Show what results of a check look like; refuse one that is neither known nor there."""
        there = [
            check.first_result(key)
            for connection, table in self.tables()
            for key in [(connection.name, table.schema, table.name)]
            for check in self.active_checks(key)
        ]
        found = [each for each in there if each.check_name == name]
        if not found and name not in known_checks():
            raise no_check(name, {each.check_name for each in there})
        return found

    def _all_tables(self) -> Iterator[tuple[Connection, Table]]:
        yield from self.tables()
        yield from self.tables(imported=False)

    @property
    def jobs(self) -> list[Job]:
        """The jobs that clients have started, as they are now, oldest first.

        The child jobs that those have started for single tables are not among them; they are in
        `queue`.
        """
        with self.condition:
            self.queue.advance()
            return [job for job in self.queue.jobs if job.parent is None]

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
            self.stored,
            self.incidents,
            self.statistics,
            self.collections,
            self._outcomes,
            self._measurements,
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
        self.stored = snapshot.stored
        self._outcomes = snapshot.outcomes
        self._measurements = snapshot.measurements
        self.queue.replace(snapshot.jobs)
