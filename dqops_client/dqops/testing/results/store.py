"""What runs of checks have left behind: results, execution errors and sensor readouts.

The server keeps one result and one readout for each check, data group and time period, and every
execution error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, tzinfo

    from .check_results import CheckResult, TableKey

__all__ = ["Readout", "ResultStore"]

#: The hash of a check, a data group and a time period.
_Key = tuple[int, str, "datetime"]


@dataclass(frozen=True)
class Readout:
    """What a sensor has measured in a time period, last.

    Attributes:
        measured: The measurement, as a result whose severity says nothing.
        step: When that was: changes of the configuration that have a greater number came later.
    """

    measured: CheckResult
    step: int = 0


@dataclass
class ResultStore:
    """The stored results of a data domain; plain data.

    Runs of checks and changes of the configuration are numbered, so that it is known which of two
    came first, also where the clock stands still.

    Attributes:
        results: The newest result of each check, data group and period, by table.
        errors: The execution errors by table.
        readouts: The newest readout of each check, data group and period, by table.
        step: The number of the last run or change.
        changes: The steps at which tables and policies have changed last.
    """

    results: dict[TableKey, dict[_Key, CheckResult]] = field(default_factory=dict)
    errors: dict[TableKey, list[CheckResult]] = field(default_factory=dict)
    readouts: dict[TableKey, dict[_Key, Readout]] = field(default_factory=dict)
    step: int = 0
    changes: dict[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Iterable[CheckResult], zone: tzinfo) -> ResultStore:
        """Make a store of the results of a seed.

        Args:
            results: The results; the sensors have measured what they say.
            zone: The time zone whose days are periods.

        Returns:
            The store.
        """
        store = cls()
        for result in results:
            store.add(replace(result, time_period=result.period_in(zone)))
        return store

    def copied(self) -> ResultStore:
        """Make a copy that does not change when this one does.

        Returns:
            The copy.
        """
        return ResultStore(
            {table: dict(results) for table, results in self.results.items()},
            {table: list(errors) for table, errors in self.errors.items()},
            {table: dict(readouts) for table, readouts in self.readouts.items()},
            self.step,
            dict(self.changes),
        )

    def add(self, result: CheckResult) -> None:
        """Store a result together with what its sensor has measured.

        Args:
            result: The result, or the execution error, with its period. One that is older than the
                result in its place is dropped.
        """
        if result.is_execution_error:
            self.errors.setdefault(result.table_key, []).append(result)
            return
        known = self.results.get(result.table_key, {}).get(key_of(result))
        if known is None or known.executed_at <= result.executed_at:
            self.put_result(result)
            self.put_readout(result)

    def put_result(self, result: CheckResult) -> None:
        """Store a result in the place of an earlier one.

        Args:
            result: The result.
        """
        results = self.results.setdefault(result.table_key, {})
        key = key_of(result)
        if results.pop(key, None) is not None:
            result = replace(result, updated_at=result.executed_at)
        results[key] = result

    def put_readout(self, measured: CheckResult) -> None:
        """Store what a sensor has measured in the current step.

        Args:
            measured: The measurement.
        """
        readouts = self.readouts.setdefault(measured.table_key, {})
        readouts[key_of(measured)] = Readout(measured, self.step)

    def next_step(self) -> int:
        """Begin a run.

        Returns:
            Its number.
        """
        self.step += 1
        return self.step

    def note_change(self, *place: str) -> None:
        """Remember that the configuration changes now.

        Args:
            place: The kind of what changes, and its names.
        """
        self.changes[place] = self.next_step()

    def changed(self, *place: str) -> int:
        """Tell when a configuration has changed last.

        Args:
            place: The kind of what may have changed, and its names.

        Returns:
            The step; 0 for never.
        """
        return self.changes.get(place, 0)

    def of_table(self, table: TableKey) -> list[CheckResult]:
        """Give the results and execution errors of a table and its columns.

        Args:
            table: The table's names.

        Returns:
            First the results, then the execution errors.
        """
        return [*self.results.get(table, {}).values(), *self.errors.get(table, ())]

    def readouts_of(self, table: TableKey) -> list[CheckResult]:
        """Give what the sensors of a table and its columns have measured.

        Args:
            table: The table's names.

        Returns:
            The measurements, as results whose severities say nothing.
        """
        return [readout.measured for readout in self.readouts.get(table, {}).values()]

    def all(self) -> Iterator[CheckResult]:
        """Go through the results and execution errors of all tables.

        Yields:
            Those of a table one after the other.
        """
        for table in dict.fromkeys((*self.results, *self.errors)):
            yield from self.of_table(table)

    def change(self, left_of: Callable[[CheckResult], CheckResult | None]) -> None:
        """Change or delete results and execution errors.

        Args:
            left_of: Gives what is left of each; None for nothing.
        """
        for results in self.results.values():
            for key, result in list(results.items()):
                left = left_of(result)
                if left is None:
                    del results[key]
                elif left is not result:
                    results[key] = left
        for table, errors in self.errors.items():
            kept = map(left_of, errors)
            self.errors[table] = [error for error in kept if error is not None]

    def delete_readouts(self, is_deleted: Callable[[CheckResult], bool]) -> None:
        """Delete readouts.

        Args:
            is_deleted: Tells whether a measurement goes.
        """
        for readouts in self.readouts.values():
            for key, readout in list(readouts.items()):
                if is_deleted(readout.measured):
                    del readouts[key]


def key_of(result: CheckResult) -> _Key:
    """Say in which place a result is stored.

    Args:
        result: The result.

    Returns:
        Its check, data group and time period.
    """
    return (result.check_hash, result.data_group, result.period)
