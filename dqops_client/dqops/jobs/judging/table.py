"""Judges one table."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..job_errors import JobTimeout
from .evidence import ChecksOf, failed_result
from .facts import Finding, skipped_table
from .records import CheckVerdict, TableVerdict
from .selection import matches
from .severities import rank
from .status import all_checks, is_before, may_hold, text
from .tables import find_tables, table_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ...client.models import RuleSeverityLevel
    from ..steps import Steps
    from .criteria import Criteria
    from .evidence import Row
    from .facts import Facts
    from .records import CheckState
    from .selection import Container, Selection
    from .status import CheckStatus
    from .tables import Reader

__all__ = ["JudgedTable"]

_logger = logging.getLogger("dqops.jobs")

# Partitions of this age are looked for, because a run evaluates old ones, too.
_MONTHS_OF_PARTITIONS = 240
# How many bad data groups of a check are looked up one by one.
_MOST_GROUPS = 20
# Why a table is not judged.
_NOT_EXECUTED = "the run executed no check of it"
_NOT_ACTIVE = "no selected check of it is active"
# From so many checks on, the results of all checks of their container are read at once.
_MANY_CHECKS = 3


class JudgedTable:
    """Judges one table.

    Args:
        reader: What reads.
        selection: Which checks count.
        criteria: What to judge by.
        facts: What is known of the run and of the time.
        entry: The table, a `TableListModel`.
    """

    def __init__(
        self, reader: Reader, selection: Selection, criteria: Criteria, facts: Facts, entry: Any
    ) -> None:
        self._reader = reader
        self._selection = selection
        self._criteria = criteria
        self._facts = facts
        self._entry = entry
        self._key = table_key(entry)
        self._limit = rank(criteria.at_least)
        self._oldest = criteria.oldest(facts.clock)
        #: How many checks of each container may be bad.
        self._doubtful: Counter[Container] = Counter()
        self._stores: dict[Container, ChecksOf] = {}
        self._columns: dict[str | None, Any] | None = None
        self._has_read_columns = False

    def judge(self) -> Steps[Finding]:
        """Judge the table.

        Returns:
            What came out.

        Raises:
            JobTimeout: The time was over.
            ClientError: Something could not be read.
        """
        if self._reader.run.is_over:
            raise JobTimeout("the tables were not judged in time; no job goes on", None)
        executed = None if self._facts.executed is None else self._facts.executed.get(self._key, 0)
        statuses = yield from self._read_status()
        if executed == 0 and not self._looking_bad(statuses or []):
            return self._skipped(_NOT_EXECUTED, [])
        if statuses is None:
            return (yield from self._without_status())
        if self._selection.needs_columns:
            columns = (yield from self._read_columns()) or {}
            statuses = [
                each
                for each in statuses
                if each.column in columns and self._selection.selects_column(columns[each.column])
            ]
        if executed == 0:
            # Mostly of checks that are not active any more; an active one may be so only since.
            checks, inactive = yield from self._judge_checks(self._looking_bad(statuses))
            if not any(self._is_bad(each) for each in checks):
                return self._skipped(_NOT_EXECUTED, inactive)
        checks, inactive = yield from self._judge_checks(statuses)
        return (yield from self._finding(statuses, checks, inactive, is_covered=bool(executed)))

    def _judge_checks(
        self, statuses: list[CheckStatus]
    ) -> Steps[tuple[list[CheckVerdict], list[CheckVerdict]]]:
        """Judge checks: those that count, and those that look bad but do not."""
        checks: list[CheckVerdict] = []
        inactive: list[CheckVerdict] = []
        self._doubtful = Counter(
            container
            for each in statuses
            if self._is_doubtful(each)
            for container in each.containers(self._selection)
        )
        for each in statuses:
            verdicts = [self._by_status(each)]
            if self._is_doubtful(each):
                verdicts = yield from self._by_results(each)
            for verdict in verdicts:
                (checks if verdict.state == "active" else inactive).append(verdict)
        return checks, inactive

    def _looking_bad(self, statuses: list[CheckStatus]) -> list[CheckStatus]:
        return [each for each in statuses if each.looks_bad(self._limit)]

    def _is_bad(self, check: CheckVerdict) -> bool:
        return rank(check.severity) >= self._limit or check.execution_error is not None

    def _skipped(self, why: str, inactive: list[CheckVerdict]) -> Finding:
        verdict = skipped_table(self._key, why)
        return Finding(verdict=replace(verdict, inactive=tuple(inactive)))

    def _is_doubtful(self, each: CheckStatus) -> bool:
        return (
            bool(self._selection.sensor)  # which only results and models tell
            or each.looks_bad(self._limit)
            or is_before(each.stored_at, self._oldest)
        )

    def _read_status(self) -> Steps[list[CheckStatus] | None]:
        """Read which selected checks have results; None if the server says there is no table."""
        types = self._selection.check_types
        months = self._criteria.months
        wide = months
        if "partitioned" in types and not self._entry.partitioning_configuration_missing:
            wide = max(months, _MONTHS_OF_PARTITIONS)
        statuses = yield from self._status(wide, types)
        if statuses is None or wide == months:
            return statuses
        partitioned = [each for each in statuses if each.status.check_type == "partitioned"]
        others = [each for each in statuses if each.status.check_type != "partitioned"]
        if any(each.looks_bad(self._limit) for each in others):
            # It may have been so years ago.
            recent = yield from self._status(months, types - {"partitioned"})
            others = others if recent is None else recent
        start = self._facts.start_of(months)
        return [*(each for each in others if not is_before(each.stored_at, start)), *partitioned]

    def _status(self, months: int, types: frozenset[str]) -> Steps[list[CheckStatus] | None]:
        selection = self._selection
        arguments: dict[str, Any] = {"months": months}
        for check_type in ("profiling", "monitoring", "partitioned"):
            arguments[check_type] = check_type in types
        if selection.time_scale:
            from ...client.models import CheckTimeScale

            arguments["check_time_scale"] = CheckTimeScale.decode(selection.time_scale)
        # Only what the server compares as a run does. A status knows no patterns and takes case
        # seriously, so that what is not sure to be a whole name is compared here.
        narrow = {
            name: value
            for name, value in (("check_name", selection.check), ("category", selection.category))
            if value and "*" not in value and value == value.lower()
        }
        statuses = yield from self._read_checks({**arguments, **narrow})
        if narrow and statuses == []:
            statuses = yield from self._read_checks(arguments)
        return statuses

    def _read_checks(self, arguments: dict[str, Any]) -> Steps[list[CheckStatus] | None]:
        status = yield from self._reader.read(
            "check_results/get_table_data_quality_status", self._key, arguments
        )
        if status is None:
            return None
        return [
            each
            for each in all_checks(status)
            if self._selection.selects(each.column, each.name, each.comparison, each.status)
        ]

    def _without_status(self) -> Steps[Finding]:
        """Find out whether a table without a status was deleted meanwhile."""
        if not (yield from self._is_there()):
            return Finding(verdict=skipped_table(self._key, "deleted meanwhile"))
        finding = Finding(verdict=self._verdict([], []))
        finding.problems.append(("not_evaluated", "the server says that it has no status"))
        return finding

    def _is_there(self) -> Steps[bool]:
        """Tell whether the server still lists the table."""
        connection, schema, table = self._key
        exact = replace(self._selection, connection=connection, schema=schema, table=table)
        found = yield from find_tables(self._reader, exact)
        return self._key in {table_key(entry) for entry in found}

    def _by_status(self, each: CheckStatus) -> CheckVerdict:
        """Describe a check by its status alone."""
        # That a result is older proves nothing: a rerun that changes nothing stores none.
        is_new = self._facts.is_new(each.stored_at) or None
        return replace(
            self._described(each),
            severity=each.severity,
            evaluated_at=each.stored_at,
            in_this_run=is_new,
        )

    def _described(self, each: CheckStatus) -> CheckVerdict:
        connection, schema, table = self._key
        status = each.status
        return CheckVerdict(
            connection=connection,
            schema=schema,
            table=table,
            column=each.column,
            check=each.name,
            comparison=each.comparison,
            check_type=each.place[0],
            time_scale=each.place[1],
            category=text(status.category),
            quality_dimension=text(status.quality_dimension),
        )

    def _by_results(self, each: CheckStatus) -> Steps[list[CheckVerdict]]:
        """Read what is behind the status of a check."""
        verdicts: list[CheckVerdict] = []
        for container in each.containers(self._selection):
            verdicts += yield from self._in_container(each, container)
        if not verdicts and not self._selection.sensor:
            # Nothing is behind it, so that the status has the only word; unless its column is gone,
            # of which the server tells no results any more.
            verdict = self._by_status(each)
            if each.column is not None and not (yield from self._has_column(each.column)):
                verdict = replace(verdict, state="column_removed")
            verdicts = [verdict]
        return verdicts

    def _store(self, container: Container, around: datetime | None) -> ChecksOf:
        if container not in self._stores:
            self._stores[container] = ChecksOf(
                self._reader,
                self._key,
                container,
                around=around or self._facts.clock.now,
                months=self._criteria.months,
                at_once=self._doubtful[container] >= _MANY_CHECKS,
            )
        return self._stores[container]

    def _in_container(self, each: CheckStatus, container: Container) -> Steps[list[CheckVerdict]]:
        """Read what is behind the status of a check in one of the places where it may be."""
        store = self._store(container, each.stored_at)
        rows = yield from store.rows(each, self._limit)
        if self._selection.sensor:
            sensor = self._selection.sensor
            rows = [row for row in rows if matches(sensor, row.entry.sensor_name or None)]
            if not rows:
                return []
        failed = each.failed_technically and each.is_told_of(container)
        if not rows and not failed:
            return []
        if container.check_type != "partitioned":
            rows = _of_newest_period(rows)
        bad = [row for row in rows if rank(row.severity) >= self._limit]
        described = replace(
            self._by_status(each),
            check_type=container.check_type,
            time_scale=container.time_scale,
            severity=_worst(rows),
        )
        if not bad and not failed and not is_before(each.stored_at, self._oldest):
            return [described]
        return (yield from self._explain(each, container, rows, bad, described, failed=failed))

    def _explain(
        self,
        each: CheckStatus,
        container: Container,
        rows: list[Row],
        bad: list[Row],
        described: CheckVerdict,
        *,
        failed: bool,
    ) -> Steps[list[CheckVerdict]]:
        """Describe a check with bad results, that failed technically, or that looks too old."""
        store = self._store(container, each.stored_at)
        read = yield from store.evaluated_at(each)
        evaluated = max((moment for moment in (read, each.stored_at) if moment), default=None)
        # An error stays in the status while later runs work but measure what they measured before.
        if failed and read is not None and each.stored_at is not None and read > each.stored_at:
            failed = False
        described = replace(
            described, evaluated_at=evaluated, in_this_run=self._facts.is_new(evaluated)
        )
        gone: list[Row] = []
        if container.check_type == "partitioned":
            ignored = bad
            bad = yield from self._counted_partitions(each, store, bad)
            ignored = [row for row in ignored if row not in bad]
            described = replace(
                described, severity=_worst(row for row in rows if row not in ignored)
            )
        elif len(rows) > 1:
            bad, gone = yield from self._groups_there(each, store, bad)
            described = replace(described, severity=_worst(row for row in rows if row not in gone))
        verdicts = [
            replace(
                described,
                severity=row.severity,
                state="group_gone",
                results=(failed_result(row),),
            )
            for row in gone
        ]
        if not bad and not failed and not is_before(evaluated, self._oldest):
            return [described, *verdicts]
        state = yield from self._state(each, store)
        message = None
        if failed and state == "active":
            message = (yield from store.error_message(each)) or "no message"
        results = sorted(bad, key=lambda row: -rank(row.severity))
        verdict = replace(
            described,
            state=state,
            execution_error=message,
            results=tuple(failed_result(row) for row in results),
        )
        return [verdict, *verdicts]

    def _state(self, each: CheckStatus, store: ChecksOf) -> Steps[CheckState]:
        state = yield from store.state(each)
        if state is None:
            # Of a table or column that is there, something on the way to the server says so.
            if each.column is None:
                return "active" if (yield from self._is_there()) else "removed"
            return "active" if (yield from self._has_column(each.column)) else "column_removed"
        if state == "active" and each.column is not None:
            if not (yield from self._has_column(each.column)):
                return "column_removed"
            columns = yield from self._read_columns()
            if columns and columns[each.column].disabled:
                return "column_disabled"
        return state

    def _counted_partitions(
        self, each: CheckStatus, store: ChecksOf, bad: list[Row]
    ) -> Steps[list[Row]]:
        """Keep the bad partitions that count: of the last months, or evaluated the last time."""
        start = self._facts.start_of(self._criteria.months).replace(tzinfo=None)
        counted = [
            row for row in bad if not row.entry.time_period or row.entry.time_period >= start
        ]
        older = [row for row in bad if row not in counted]
        for group in dict.fromkeys(row.group for row in older):
            _, periods = yield from store.periods_evaluated_last(each, group)
            counted += [
                row for row in older if row.group == group and row.entry.time_period in periods
            ]
        return counted

    def _groups_there(
        self, each: CheckStatus, store: ChecksOf, bad: list[Row]
    ) -> Steps[tuple[list[Row], list[Row]]]:
        """Tell bad data groups that are in the data from those that the last run did not find."""
        there: list[Row] = bad[_MOST_GROUPS:]  # of so many, the others will do
        gone: list[Row] = []
        for row in bad[:_MOST_GROUPS]:
            last, periods = yield from store.periods_evaluated_last(each, row.group)
            is_there = last is None or row.entry.time_period in periods
            (there if is_there else gone).append(row)
        return there, gone

    def _read_columns(self) -> Steps[dict[str | None, Any] | None]:
        """Read the columns; None if they are not told, or without names."""
        if not self._has_read_columns:
            found = yield from self._reader.read("columns/get_columns", self._key)
            if found is not None and all(column.column_name for column in found):
                self._columns = {column.column_name: column for column in found}
            self._has_read_columns = True
        return self._columns

    def _has_column(self, name: str) -> Steps[bool]:
        """Tell whether a column is there; all are, of a table that is there without its columns."""
        columns = yield from self._read_columns()
        return name in columns if columns is not None else (yield from self._is_there())

    def _has_active_check(self) -> Steps[bool]:
        """Tell whether a selected check is active, so that it would count if it had a result."""
        selection = self._selection
        owners: list[str | None] = []
        if not (selection.column or selection.needs_columns or selection.target == "column"):
            owners.append(None)
        has_active = yield from self._has_active_check_of(owners)
        if has_active or selection.target == "table":
            return has_active
        if not any(may_hold(place, selection.check) for place in selection.containers("")):
            return False
        columns = yield from self._read_columns()
        if columns is None:
            return (yield from self._is_there())
        owners = [
            name
            for name, column in columns.items()
            if not column.disabled
            and matches(selection.column, name)
            and selection.selects_column(column)
        ]
        return (yield from self._has_active_check_of(owners))

    def _has_active_check_of(self, columns: Iterable[str | None]) -> Steps[bool]:
        """Tell whether columns, or with None the table, have a selected check that is active."""
        for column in columns:
            for container in self._selection.containers(column):
                if may_hold(container, self._selection.check):
                    store = self._store(container, None)
                    if (yield from store.has_active_check(self._selection)):
                        return True
        return False

    def _finding(
        self,
        statuses: list[CheckStatus],
        checks: list[CheckVerdict],
        inactive: list[CheckVerdict],
        *,
        is_covered: bool,
    ) -> Steps[Finding]:
        """Put together what came out, and find what else keeps the table from being good."""
        if inactive and not checks and not is_covered:
            has_active = yield from self._has_active_check()
            if not has_active:
                return self._skipped(_NOT_ACTIVE, inactive)
        evaluated = (each.evaluated_at for each in (*checks, *inactive))
        newest = max((moment for moment in evaluated if moment), default=None)
        in_this_run = self._facts.is_new(newest)
        if in_this_run is False and is_covered:
            in_this_run = True
        if in_this_run is False and statuses:
            read = yield from self._newest_readout(statuses)
            newest = max((moment for moment in (newest, read) if moment), default=None)
            in_this_run = self._facts.is_new(newest)
        verdict = replace(
            self._verdict(checks, inactive), evaluated_at=newest, in_this_run=in_this_run
        )
        _logger.debug(
            "%s: %d checks, severity %s", verdict.name, len(checks), verdict.severity or "unknown"
        )
        finding = Finding(verdict=verdict, newest=newest)
        failed = [each for each in checks if each.execution_error is not None]
        if not failed and all(each.severity is None for each in checks):
            finding.problems.append(("not_evaluated", "no active check has a result"))
        if in_this_run is False:
            finding.problems.append(("not_in_this_run", "the run evaluated nothing of it"))
        for each in failed:
            finding.problems.append(("execution_errors", str(each)))
        for each in checks:
            if is_before(each.evaluated_at, self._oldest):
                finding.problems.append(("old_results", str(each)))
        return finding

    def _newest_readout(self, statuses: list[CheckStatus]) -> Steps[datetime | None]:
        """Tell when the table was last evaluated, by the checks that were last stored."""
        latest = max(
            statuses, key=lambda each: each.stored_at.timestamp() if each.stored_at else 0.0
        )
        found: datetime | None = None
        for container in latest.containers(self._selection):
            read = yield from self._store(container, latest.stored_at).evaluated_at()
            found = max((moment for moment in (found, read) if moment), default=None)
        return found

    def _verdict(self, checks: list[CheckVerdict], inactive: list[CheckVerdict]) -> TableVerdict:
        connection, schema, table = self._key
        known = (each.severity for each in checks if each.severity is not None)
        return TableVerdict(
            connection=connection,
            schema=schema,
            table=table,
            severity=max(known, key=rank, default=None),
            checks=tuple(checks),
            inactive=tuple(inactive),
        )


def _of_newest_period(rows: list[Row]) -> list[Row]:
    """Keep the results of the newest period of each check: all others are history."""
    newest: dict[int, Any] = {}
    for row in rows:
        period = row.entry.time_period
        if period and (row.check_hash not in newest or period > newest[row.check_hash]):
            newest[row.check_hash] = period
    return [
        row
        for row in rows
        if not row.entry.time_period or row.entry.time_period == newest.get(row.check_hash)
    ]


def _worst(rows: Iterable[Row]) -> RuleSeverityLevel | None:
    return max((row.severity for row in rows), key=rank, default=None)
