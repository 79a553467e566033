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

from .records import FailedResult, Threshold
from .severities import SEVERITIES, as_severity, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ...client.models import RuleSeverityLevel
    from ..steps import Steps
    from .records import CheckState
    from .selection import Container, Selection
    from .status import CheckStatus
    from .tables import Reader

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
    severity: RuleSeverityLevel
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
        at_once: Whether to read all of it at once, because many checks will be asked for.
    """

    def __init__(
        self,
        reader: Reader,
        table: tuple[str, str, str],
        container: Container,
        *,
        around: datetime,
        months: int,
        at_once: bool,
    ) -> None:
        self._reader = reader
        self._at_once = at_once
        self._path = container.path(table)
        self._container = container
        day = around.date()
        first = day - timedelta(days=31 * months)
        if container.check_type == "partitioned":
            first = date(day.year - _YEARS_OF_PARTITIONS, 1, 1)
        self._months = {"month_start": first, "month_end": day + timedelta(days=1)}
        self._results: list[Any] | None = None
        self._readouts: list[Any] | None = None
        self._errors: list[Any] | None = None
        self._models: list[Any] | None = None

    def rows(self, check: CheckStatus, limit: int) -> Steps[list[Row]]:
        """Read the results of a check that may count.

        Args:
            check: The check.
            limit: The rank from which on a result is bad.

        Returns:
            Of partitioned checks all results, of others the newest of each data group.
        """
        if self._at_once and self._results is None:
            self._results = yield from self._lists()
        lists = self._results
        if lists is None:
            lists = yield from self._lists(check_name=check.name)
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

    def _lists(self, **options: Any) -> Steps[list[Any]]:
        if self._container.check_type != "partitioned":
            from ...client.models import CheckResultsDetailedLoadMode

            options["load_mode"] = CheckResultsDetailedLoadMode.MOST_RECENT_PER_GROUP
        arguments = {**self._months, "max_results_per_check": _MOST_RESULTS, **options}
        return (yield from self._read("check_results", "checks_results", arguments))

    def evaluated_at(self, check: CheckStatus | None = None) -> Steps[datetime | None]:
        """Tell when a check was last evaluated, whether or not that changed its result.

        Args:
            check: The check; None for any of these checks.

        Returns:
            The time; None if no readout is stored.
        """
        if self._readouts is None:
            self._readouts = yield from self._read_readouts(max_results_per_check=1)
        moments = (
            entry.executed_at for entry in _readouts(self._readouts, check) if entry.executed_at
        )
        return max(moments, default=None)

    def periods_evaluated_last(
        self, check: CheckStatus, group: str
    ) -> Steps[tuple[datetime | None, frozenset[datetime]]]:
        """Tell which periods of a data group the last evaluation of a check looked at.

        Args:
            check: The check.
            group: The data group.

        Returns:
            The time of the evaluation, and the periods that were evaluated then.
        """
        last = yield from self.evaluated_at(check)
        options: dict[str, Any] = {} if group == _NO_GROUP else {"data_group": group}
        lists = yield from self._read_readouts(
            check_name=check.name, max_results_per_check=_MOST_RESULTS, **options
        )
        return last, frozenset(
            entry.time_period
            for entry in _readouts(lists, check)
            if entry.executed_at and entry.executed_at == last and entry.time_period
        )

    def _read_readouts(self, **options: Any) -> Steps[list[Any]]:
        arguments = {**self._months, **options}
        return (yield from self._read("sensor_readouts", "sensor_readouts", arguments))

    def error_message(self, check: CheckStatus) -> Steps[str]:
        """Ask why a check failed technically.

        Args:
            check: The check.

        Returns:
            The newest message; empty if the server tells none.
        """
        if self._errors is None:
            self._errors = yield from self._read(
                "errors", "errors", {**self._months, "max_results_per_check": 1}
            )
        entries = [
            entry
            for each in self._errors
            for entry in each.error_entries
            if each.check_name == check.name and entry.executed_at
        ]
        newest = max(entries, key=lambda entry: entry.executed_at, default=None)
        lines = (newest.error_message or "").splitlines() if newest else []
        return lines[0].strip() if lines else ""

    def state(self, check: CheckStatus) -> Steps[CheckState | None]:
        """Tell whether a check is still active.

        Args:
            check: The check.

        Returns:
            The state; None if the server has no such checks, as of a table or column that is gone.
        """
        model = None
        category = check.status.category
        if check.comparison is None and category and self._models is None and not self._at_once:
            models = yield from self._read("", "checks_model_filter", None, category, check.name)
            if not models:
                return None
            model = _find_model(models, check)
        if model is None:
            models = yield from self._all_models()
            if not models:
                return None
            model = _find_model(models, check)
        if model is None:
            return "removed"
        if model.disabled:
            return "disabled"
        return "active" if _is_active(model) else "removed"

    def has_active_check(self, selection: Selection) -> Steps[bool]:
        """Tell whether a selected check is active, whether or not it ever had a result.

        Args:
            selection: Which checks are selected.

        Returns:
            Whether one is, or the server has no such checks, so that it cannot be told.
        """
        models = yield from self._all_models()
        for container in models:
            for category in container.categories:
                for model in category.checks:
                    if _is_active(model) and selection.selects_model(category, model):
                        return True
        return not models

    def _all_models(self) -> Steps[list[Any]]:
        if self._models is None:
            self._models = yield from self._read("", "checks_model", None)
        return self._models

    def _read(
        self, group: str, what: str, arguments: dict[str, Any] | None, *more: str
    ) -> Steps[list[Any]]:
        """Read something of these checks; nothing if the server has it not."""
        operation = self._container.operation(group, what)
        found = yield from self._reader.read(operation, (*self._path, *more), arguments)
        if found is None:
            return []
        return found if isinstance(found, list) else [found]


def _rows(lists: Iterable[Any], check: CheckStatus) -> list[Row]:
    return [
        Row(entry.check_hash or each.check_hash or 0, _severity(entry.severity), entry)
        for each in lists
        for entry in each.check_result_entries
        if (entry.table_comparison or None) == check.comparison
        and entry.severity != _EXECUTION_ERROR
    ]


def _readouts(lists: Iterable[Any], check: CheckStatus | None) -> Iterator[Any]:
    for each in lists:
        if check is None:
            yield from each.sensor_readout_entries
        elif each.check_name == check.name:
            for entry in each.sensor_readout_entries:
                if (entry.table_comparison or None) == check.comparison:
                    yield entry


def failed_result(row: Row) -> FailedResult:
    """Describe a result that is not good enough.

    Args:
        row: The result.

    Returns:
        The description.
    """
    entry = row.entry
    thresholds = (
        Threshold(
            as_severity(severity),
            _number(entry, severity, "lower"),
            _number(entry, severity, "upper"),
        )
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


def _severity(number: Any) -> RuleSeverityLevel:
    if isinstance(number, int) and 0 <= number < len(SEVERITIES):
        return as_severity(SEVERITIES[number])
    return as_severity("unknown")  # counts as the worst


def _is_active(model: Any) -> bool:
    return bool(not model.disabled and (model.configured or model.default_check))


def _find_model(containers: Iterable[Any], check: CheckStatus) -> Any:
    for container in containers:
        for category in container.categories:
            if (category.comparison_name or None) != check.comparison:
                continue
            for model in category.checks:
                if model.check_name == check.name:
                    return model
    return None
