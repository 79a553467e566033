"""Reads what is behind the status of checks that look bad.

The status gives a check the severity of the rows that were stored last. Where the value of a data
group or partition did not change, a rerun stores nothing for it, so that a group that is still bad
hides behind one that changed. So the results themselves are read, and for who evaluated them when,
the sensor readouts, which every run renews.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .severities import SEVERITIES, rank
from .verdict import FailedResult, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..steps import Steps
    from .selection import Container
    from .status import CheckStatus
    from .tables import Reader
    from .verdict import CheckState

__all__ = ["ChecksOf", "Row", "failed_result"]

_NO_GROUP = "no grouping"
# The number that stands for a technical failure where others stand for severities.
_EXECUTION_ERROR = 4
# How many results of a check are asked for: of data groups, the worst come first.
_MOST_RESULTS = 10_000
# How many data groups of one check are looked at one by one.
_MOST_GROUPS = 50
# How far back partitions are looked for.
_YEARS_OF_PARTITIONS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A stored result.

    Attributes:
        check_hash: What identifies its check.
        severity: Its severity.
        entry: The `CheckResultEntryModel`.
    """

    check_hash: int
    severity: str
    entry: Any

    @property
    def group(self) -> str:
        """Its data group."""
        return self.entry.data_group or _NO_GROUP


class ChecksOf:
    """What the server stores about the checks of one type and time scale, of a table or column.

    Args:
        reader: What reads.
        table: Connection, schema and table.
        container: Which checks.
        around: A time at which these checks were evaluated.
        months: How many months of results count.
    """

    def __init__(
        self,
        reader: Reader,
        table: tuple[str, str, str],
        container: Container,
        around: datetime,
        months: int,
    ) -> None:
        self._reader = reader
        self._path = container.path(table)
        self._container = container
        day = around.date()
        first = day - timedelta(days=31 * months)
        if container.check_type == "partitioned":
            first = date(day.year - _YEARS_OF_PARTITIONS, 1, 1)
        self._months = {"month_start": first, "month_end": day + timedelta(days=1)}
        self._results: list[Any] | None = None
        self._readouts: list[Any] | None = None
        self._models: list[Any] | None = None

    def rows(self, check: CheckStatus, limit: int, *, at_once: bool) -> Steps[list[Row]]:
        """Read the results of a check that may count.

        Args:
            check: The check.
            limit: The rank from which on a result is bad.
            at_once: Whether to read those of all checks, because many will be asked for.

        Returns:
            Of partitioned checks all results, of others the newest of each data group.
        """
        lists = yield from (self._all_lists() if at_once else self._lists(check_name=check.name))
        lists = [each for each in lists if each.check_name == check.name]
        rows = _rows(lists, check)
        if self._container.check_type != "partitioned":
            return rows
        # Where no data group is asked for, the server gives the results of one.
        known = {row.group for row in rows}
        groups = [group for each in lists if _rows([each], check) for group in each.data_groups]
        for group in [group for group in groups if group not in known][:_MOST_GROUPS]:
            if sum(rank(row.severity) >= limit for row in rows) >= check.bad(limit):
                break
            lists = yield from self._lists(check_name=check.name, data_group=group)
            rows += _rows(lists, check)
        return rows

    def _all_lists(self) -> Steps[list[Any]]:
        if self._results is None:
            self._results = yield from self._lists()
        return self._results

    def _lists(self, **options: Any) -> Steps[list[Any]]:
        if self._container.check_type != "partitioned":
            from ...client.models import CheckResultsDetailedLoadMode

            options["load_mode"] = CheckResultsDetailedLoadMode.MOST_RECENT_PER_GROUP
        found = yield from self._reader.read(
            self._container.operation("check_results", "checks_results"),
            self._path,
            {**self._months, "max_results_per_check": _MOST_RESULTS, **options},
        )
        return list(found or ())

    def evaluated_at(self, name: str, comparison: str | None) -> Steps[datetime | None]:
        """Tell when a check was last evaluated, whether or not that changed its result.

        Args:
            name: The name of the check.
            comparison: The name of its table comparison; None for other checks.

        Returns:
            The time; None if no readout is stored.
        """
        if self._readouts is None:
            self._readouts = yield from self._read_readouts()
        return newest(self._readouts, name, comparison)

    def newest_evaluation(self) -> Steps[datetime | None]:
        """Tell when any of these checks was last evaluated.

        Returns:
            The time; None if no readout is stored.
        """
        if self._readouts is None:
            self._readouts = yield from self._read_readouts()
        return newest(self._readouts, None, None)

    def periods_evaluated_last(
        self, name: str, comparison: str | None, group: str
    ) -> Steps[tuple[datetime | None, frozenset[datetime]]]:
        """Tell which periods of a data group the last evaluation of a check looked at.

        Args:
            name: The name of the check.
            comparison: The name of its table comparison; None for other checks.
            group: The data group.

        Returns:
            The time of the evaluation, and the periods that were evaluated then.
        """
        last = yield from self.evaluated_at(name, comparison)
        options = {} if group == _NO_GROUP else {"data_group": group}
        lists = yield from self._read_readouts(check_name=name, **options)
        return last, frozenset(
            entry.time_period
            for each in lists
            if each.check_name == name
            for entry in each.sensor_readout_entries
            if entry.executed_at
            and entry.executed_at == last
            and entry.time_period
            and (entry.table_comparison or None) == comparison
        )

    def _read_readouts(self, **options: Any) -> Steps[list[Any]]:
        operation = self._container.operation("sensor_readouts", "sensor_readouts")
        found = yield from self._reader.read(
            operation,
            self._path,
            {**self._months, "max_results_per_check": _MOST_RESULTS if options else 1, **options},
        )
        return list(found or ())

    def error_message(self, name: str) -> Steps[str]:
        """Ask why a check failed technically.

        Args:
            name: The name of the check.

        Returns:
            The newest message; empty if the server tells none.
        """
        operation = self._container.operation("errors", "errors")
        found = yield from self._reader.read(
            operation,
            self._path,
            {**self._months, "check_name": name, "max_results_per_check": 1},
        )
        entries = [
            entry
            for each in found or ()
            for entry in each.error_entries
            if each.check_name == name and entry.executed_at
        ]
        entries.sort(key=lambda entry: entry.executed_at)
        lines = (entries[-1].error_message or "").splitlines() if entries else []
        return lines[0].strip() if lines else ""

    def state(self, name: str, comparison: str | None, category: str) -> Steps[CheckState]:
        """Tell whether a check is still active.

        Args:
            name: The name of the check.
            comparison: The name of its table comparison; None for other checks.
            category: Its category.

        Returns:
            The state.
        """
        model = None
        if comparison is None and category and self._models is None:
            operation = self._container.operation("", "checks_model_filter")
            found = yield from self._reader.read(operation, (*self._path, category, name))
            if found is None:
                return "removed" if self._container.column is None else "column_removed"
            model = _find_model([found], name, comparison)
        if model is None:
            if self._models is None:
                operation = self._container.operation("", "checks_model")
                found = yield from self._reader.read(operation, self._path)
                self._models = [] if found is None else [found]
            model = _find_model(self._models, name, comparison)
        if model is None:
            return "removed"
        if model.disabled:
            return "disabled"
        return "active" if model.configured or model.default_check else "removed"


def _rows(lists: Iterable[Any], check: CheckStatus) -> list[Row]:
    return [
        Row(entry.check_hash or each.check_hash or 0, _severity(entry.severity), entry)
        for each in lists
        for entry in each.check_result_entries
        if (entry.table_comparison or None) == check.comparison
        and entry.severity != _EXECUTION_ERROR
    ]


def newest(lists: Iterable[Any], name: str | None, comparison: str | None) -> datetime | None:
    """Find the newest of readouts.

    Args:
        lists: `SensorReadoutsListModel` objects.
        name: The name of their check; None for all checks.
        comparison: The name of the table comparison; None for other checks.

    Returns:
        When it was evaluated; None if there is none.
    """
    return max(
        (
            entry.executed_at
            for each in lists
            if name is None or each.check_name == name
            for entry in each.sensor_readout_entries
            if entry.executed_at
            and (name is None or (entry.table_comparison or None) == comparison)
        ),
        default=None,
    )


def failed_result(row: Row) -> FailedResult:
    """Describe a result that is not good enough.

    Args:
        row: The result.

    Returns:
        The description.
    """
    entry = row.entry
    thresholds = (
        Threshold(severity, _number(entry, severity, "lower"), _number(entry, severity, "upper"))
        for severity in SEVERITIES[1:]
    )
    return FailedResult(
        severity=row.severity,
        actual_value=_known(entry.actual_value),
        expected_value=_known(entry.expected_value),
        thresholds=tuple(
            each for each in thresholds if each.lower is not None or each.upper is not None
        ),
        data_group=None if row.group == _NO_GROUP else row.group,
        time_period=entry.time_period or None,
        executed_at=entry.executed_at or None,
    )


def _number(entry: Any, severity: str, bound: str) -> float | None:
    return _known(getattr(entry, f"{severity}_{bound}_bound"))


def _known(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) else None


def _severity(number: Any) -> str:
    if isinstance(number, int) and 0 <= number < len(SEVERITIES):
        return SEVERITIES[number]
    return "unknown"  # counts as the worst


def _find_model(containers: Iterable[Any], name: str, comparison: str | None) -> Any:
    for container in containers:
        for category in container.categories or ():
            if (category.comparison_name or None) != comparison:
                continue
            for model in category.checks or ():
                if model.check_name == name:
                    return model
    return None
