"""Runs of checks: what is measured, which rules are evaluated, and what is counted.

A rule is evaluated only where something is new: the time period, the measured value, or the
configuration of the table. Everything else keeps the result that it has, and is not counted.
Servers before 1.10 evaluate every rule in each run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..checks.thresholds import (
    bounds_of,
    expected_value,
    failing_value,
    history_needed,
    passing_value,
    severity_of,
)
from ..documents import part_of
from ..domain.catalog import PARTITION_COLUMN
from ..domain.selection import select_checks
from ..results.check_results import EXECUTION_ERROR, NO_GROUPING, CheckResult
from ..results.quality_status import run_checks_result
from ..zones import local_time, truncated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..checks.active import ActiveCheck
    from ..checks.outcomes import Outcome
    from ..domain.data import DomainData
    from ..results.store import Readout, ResultStore
    from ..seeds.seed import Connection, Table

__all__ = ["run_checks_on_table"]

# How many days of a table without any partitioned results a first run looks at.
_RECENT_DAYS = 7
_NO_PARTITIONS = (
    "The partitioned check cannot run: the table does not say in timestamp_columns which column "
    "it is partitioned by (partition_by_column)."
)


def run_checks_on_table(
    state: DomainData,
    connection: Connection,
    table: Table,
    parameters: Mapping[str, Any],
    filters: Mapping[str, Any],
    moment: datetime,
) -> dict[str, Any]:
    """Run the checks of a table, and store what they find.

    Args:
        state: Where the table is.
        connection: Its connection.
        table: The table.
        parameters: The parameters of the job, for its time window.
        filters: `CheckSearchFilters`.
        moment: When the run ends (UTC).

    Returns:
        `RunChecksResult`.

    Raises:
        RuntimeError: A test has said that this run fails.
    """
    outcome = state.take_outcome(connection.name, table.full_name)
    if outcome is not None and outcome.failure is not None:
        raise RuntimeError(outcome.failure)
    key = (connection.name, table.schema, table.name)
    chosen = None
    if outcome is not None:
        chosen = _chosen(state, connection, table, outcome, filters, moment)
    checks = select_checks(state, key, table, filters)
    if chosen is not None and all(check.identity != chosen for check, _ in checks):
        checks += [
            each for each in select_checks(state, key, table, {}) if each[0].identity == chosen
        ]
    run = _Run(state, key, outcome, chosen, parameters.get("time_window_filter") or {}, moment)
    found = [result for check, template in checks for result in run.results(check, template)]
    state.record_run(found)
    return run_checks_result(len(checks), found)


def _chosen(
    state: DomainData,
    connection: Connection,
    table: Table,
    outcome: Outcome,
    filters: Mapping[str, Any],
    moment: datetime,
) -> tuple[str | None, ...]:
    """Find the check that an outcome is about; the table gets one if it has none."""
    key = (connection.name, table.schema, table.name)
    for check, _ in select_checks(state, key, table, filters):
        # Those that policies bring pass, unless the test names one.
        is_meant = outcome.check_name is not None or not check.is_default
        if is_meant and outcome.is_about(check.name, check.column):
            return check.identity
    first = outcome.first_result(connection, table, filters, moment)
    state.catalog.ensure_table(first)
    state.catalog.ensure_check(first)
    return (
        first.column,
        first.check_type,
        first.time_scale,
        first.check_name,
        first.table_comparison,
    )


class _Run:
    """One run on one table.

    Args:
        state: Where the table is.
        key: The table's names.
        outcome: What a test has said about the run; None for nothing, as the data are unchanged.
        chosen: The identity of the check that the outcome is about.
        window: `TimeWindowFilterParameters`.
        moment: When the run ends (UTC).
    """

    def __init__(
        self,
        state: DomainData,
        key: tuple[str, str, str],
        outcome: Outcome | None,
        chosen: tuple[str | None, ...] | None,
        window: Mapping[str, Any],
        moment: datetime,
    ) -> None:
        self._state = state
        self._store: ResultStore = state.stored
        self._outcome = outcome
        self._chosen = chosen
        self._window = window
        self._moment = moment
        self._local_now = local_time(moment, state.settings.zone)
        self._today = truncated(self._local_now, "one_per_day")
        table = state.catalog.tables.get(key, {})
        self._truncation: str | None = part_of(table, ("profiling_checks", "result_truncation"))
        self._has_partitions = bool(part_of(table, PARTITION_COLUMN))
        self._store.next_step()
        self._readouts: dict[int, list[Readout]] = {}
        for readout in self._store.readouts.get(key, {}).values():
            self._readouts.setdefault(readout.measured.check_hash, []).append(readout)
        self._partitions = {
            readout.measured.period
            for readouts in self._readouts.values()
            for readout in readouts
            if readout.measured.check_type == "partitioned"
        }
        self._results: dict[int, list[CheckResult]] = {}
        for result in self._store.of_table(key):
            self._results.setdefault(result.check_hash, []).append(result)

    def results(self, check: ActiveCheck, template: CheckResult) -> Iterator[CheckResult]:
        """Execute a check; stores its readouts.

        Args:
            check: The check.
            template: A result of it, or what a result of it looks like.

        Yields:
            The results of the rules that are evaluated, and the execution errors.
        """
        is_chosen = check.identity == self._chosen
        readouts = self._readouts.get(template.check_hash, [])
        cannot_run = check.check_type == "partitioned" and not self._has_partitions
        if cannot_run or self._fails(is_chosen, template, readouts):
            yield replace(
                template,
                severity=EXECUTION_ERROR,
                executed_at=self._moment,
                time_period=self._period_now(template),
                actual_value=None,
                bounds={},
                samples=(),
                error_message=_NO_PARTITIONS
                if cannot_run
                else template.error_message or "The sensor failed.",
            )
            return
        for group in _groups(readouts):
            series = [each for each in readouts if each.measured.data_group == group]
            of_group = template
            if group != template.data_group:
                of_group = replace(template, data_group=group)
            periods = list(self._periods(check, template, series))
            for period in periods:
                # An outcome is about one result: the newest partition of the first data group.
                is_about = is_chosen and period == periods[-1]
                result = self._evaluated(check, of_group, series, period, is_chosen=is_about)
                if result is not None:
                    yield result
            is_chosen = False

    def _fails(self, is_chosen: bool, template: CheckResult, readouts: list[Readout]) -> bool:
        """Tell whether the sensor fails: the test says so, or it did so the last time."""
        if self._outcome is not None:
            return is_chosen and self._outcome.severity == EXECUTION_ERROR
        if self._state.value_of(template) is not None:
            return False
        results = self._results.get(template.check_hash, ())
        errors = [each for each in results if each.is_execution_error]
        return bool(errors) and all(
            readout.measured.executed_at < errors[-1].executed_at for readout in readouts
        )

    def _periods(
        self, check: ActiveCheck, template: CheckResult, series: list[Readout]
    ) -> Iterable[datetime]:
        """Give the time periods that are measured."""
        if check.check_type != "partitioned":
            yield self._period_now(template)
            return
        known = {readout.measured.period for readout in series} or self._partitions
        if not known:
            today = self._period_now(template)
            known = {today}
            if check.time_scale == "daily":
                known = {today - timedelta(days=age) for age in range(1, _RECENT_DAYS + 1)}
        for period in sorted(known):
            if self._is_in_window(period):
                yield period

    def _period_now(self, template: CheckResult) -> datetime:
        """Tell in which period it is now."""
        if template.check_type == "profiling" and self._truncation is not None:
            return truncated(self._local_now, self._truncation)
        return self._today if template.time_scale == "daily" else self._today.replace(day=1)

    def _is_in_window(self, period: datetime) -> bool:
        day = period.date().isoformat()
        first, last = self._window.get("from_date"), self._window.get("to_date")
        return (first is None or day >= first) and (last is None or day <= last)

    def _evaluated(
        self,
        check: ActiveCheck,
        template: CheckResult,
        series: list[Readout],
        period: datetime,
        *,
        is_chosen: bool,
    ) -> CheckResult | None:
        """Measure one period of one data group; gives the result if the rules are evaluated."""
        before = next((each for each in series if each.measured.period == period), None)
        newest = max(series, key=lambda each: each.measured.period, default=None)
        last = self._last_result(template, period)
        if last is not None:
            template = last
        value = self._value(check, template, before or newest, is_chosen=is_chosen)
        measured = replace(
            template,
            severity=0,
            executed_at=self._moment,
            time_period=period,
            actual_value=value,
            updated_at=None,
            error_message=None,
        )
        self._store.put_readout(measured)
        if self._outcome is None and before is not None and self._state.settings.skips_unchanged:
            same = before.measured.actual_value == value
            if same and before.step > check.changed:
                return None
        earlier = sum(each.measured.period < period for each in series)
        if earlier < history_needed(check.name) and not is_chosen and last is None:
            return None
        severity = self._severity(check, last, value, is_chosen=is_chosen)
        bounds = bounds_of(check.name, check.spec) or template.bounds
        expected = expected_value(check.name, check.spec)
        if expected is None:
            expected = template.expected_value
        return replace(measured, severity=severity, bounds=bounds, expected_value=expected)

    def _last_result(self, template: CheckResult, period: datetime) -> CheckResult | None:
        """Find the result of a data group that is nearest: that of the period, or the newest."""
        results = [
            each
            for each in self._results.get(template.check_hash, ())
            if each.data_group == template.data_group and not each.is_execution_error
        ]
        same = [each for each in results if each.period == period]
        if same:
            return same[-1]
        if template.check_type == "partitioned":
            return None
        return max(results, key=lambda each: (each.period, each.executed_at), default=None)

    def _value(
        self,
        check: ActiveCheck,
        template: CheckResult,
        before: Readout | None,
        *,
        is_chosen: bool,
    ) -> float | None:
        """Say what the sensor measures."""
        given = self._state.value_of(template)
        if given is not None and self._outcome is None:
            return given
        known = template.actual_value if before is None else before.measured.actual_value
        outcome = self._outcome
        if outcome is not None and is_chosen:
            if outcome.actual_value is not None:
                return outcome.actual_value
            if severity_of(check.name, check.spec, known) == outcome.severity:
                return known
            if outcome.severity > 0:
                failing = failing_value(check.name, check.spec, outcome.severity)
                return known if failing is None else failing
        is_unknown = known is None and before is None
        passes = outcome is not None and severity_of(check.name, check.spec, known) not in (None, 0)
        if is_unknown or passes:
            return passing_value(check.name, check.spec, check.category)
        return known

    def _severity(
        self,
        check: ActiveCheck,
        last: CheckResult | None,
        value: float | None,
        *,
        is_chosen: bool,
    ) -> int:
        if self._outcome is not None:
            return self._outcome.severity if is_chosen else 0
        severity = severity_of(check.name, check.spec, value)
        if severity is None:
            # Unchanged data are as good or bad as they were.
            severity = 0 if last is None else last.severity
        return severity


def _groups(readouts: list[Readout]) -> list[str]:
    """Give the data groups of the newest measurement."""
    newest = max((each.measured.executed_at for each in readouts), default=None)
    found = dict.fromkeys(
        each.measured.data_group for each in readouts if each.measured.executed_at == newest
    )
    return list(found) or [NO_GROUPING]
