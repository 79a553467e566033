"""Judges what is true of the data now: the procedure behind every quality gate.

A run's summary counts only what changed, so it is never a proof that data is good. The status of a
table is one as long as no result in it is bad. Where one is, its results, readouts and check model
are read: it may be of a check that was disabled or removed, or be corrected by now, or be hidden
behind a newer one (see `evidence`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .criteria import Clock, floored
from .errors import JobTimeout
from .evidence import ChecksOf, Row, failed_result
from .finding import Reader, find_tables, table_key
from .progress import JobProgress
from .quality import CheckVerdict, Problem, TableVerdict, Verdict
from .selecting import Container
from .severities import rank
from .steps import Report, Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from .criteria import Criteria
    from .outcome import Outcome
    from .quality import ProblemKind
    from .selecting import Selection
    from .steps import Steps
    from .timing import Run

__all__ = ["judge"]

# Partitions of this age are looked for, because a run evaluates old ones, too.
_MONTHS_OF_PARTITIONS = 240
# The server's clock may be in any zone: a month begins within so much of its beginning in UTC.
_ZONES = timedelta(hours=14)
# How the server begins the names of its own checks, by type and time scale.
_PREFIXES = {
    ("profiling", None): "profile_",
    ("monitoring", "daily"): "daily_",
    ("monitoring", "monthly"): "monthly_",
    ("partitioned", "daily"): "daily_partition_",
    ("partitioned", "monthly"): "monthly_partition_",
}
# How many bad data groups of a check are looked up one by one.
_MOST_GROUPS = 20
_COUNTS = ("valid_results", "warnings", "errors", "fatals")


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What is known of the run and of the time.

    Attributes:
        clock: What time it is.
        began: When the run began, in whole milliseconds; None if nothing was run.
        executed: How many checks the run executed, by table; None if that is not known.
    """

    clock: Clock
    began: datetime | None = None
    executed: dict[tuple[str, str, str], int] | None = None


@dataclass(kw_only=True)
class _Finding:
    """What came out of a table."""

    verdict: TableVerdict
    newest: datetime | None = None
    problems: list[tuple[ProblemKind, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A check that the status of a table tells about."""

    column: str | None
    name: str
    comparison: str | None
    status: Any

    @property
    def severity(self) -> str | None:
        current = str(self.status.current_severity or "")
        return None if current in {"", "execution_error"} else current

    @property
    def failed_technically(self) -> bool:
        return bool(self.status.current_severity == "execution_error")

    def bad(self, limit: int) -> int:
        """Count the results in the status, of whatever time, that are bad."""
        return sum(getattr(self.status, name) or 0 for name in _COUNTS[limit:])

    def looks_bad(self, limit: int) -> bool:
        current = self.status.current_severity
        history = self.status.highest_historical_severity
        return (
            not current
            or rank(str(current)) >= limit
            or (bool(history) and rank(str(history)) >= limit)
            or self.bad(limit) > 0
        )


def judge(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    outcome: Outcome[Any] | None = None,
) -> Steps[Verdict]:
    """Judge what is true of the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        outcome: The run that has just evaluated the data; None if nothing was run.

    Returns:
        The verdict.

    Raises:
        JobTimeout: The time was over.
        ClientError: The server could not be asked.
    """
    reader = Reader(run)
    yield Report(_progress(run, outcome, 0, None))
    entries = yield from find_tables(reader, selection)
    judged = [entry for entry in entries if not entry.disabled]
    facts = yield from _facts(reader, criteria, outcome, judged)

    def report(ended: int) -> JobProgress:
        return _progress(run, outcome, ended, len(judged))

    findings: list[_Finding] = yield Together(
        [_Table(reader, selection, criteria, facts, entry).judge() for entry in judged],
        criteria.max_concurrent,
        report,
    )
    facts = yield from _surer_clock(reader, criteria, facts, findings, judged)
    tables = [finding.verdict for finding in findings]
    tables += [_skipped(table_key(entry), "disabled") for entry in entries if entry.disabled]
    problems = _problems(selection, criteria, facts, findings, tables, outcome)
    return Verdict(
        at_least=criteria.at_least,
        tables=tuple(tables),
        problems=tuple(problems),
        outcome=outcome,
        judged_at=facts.clock.now if facts.clock.is_of_server else None,
        requests=reader.requests,
    )


def _progress(
    run: Run, outcome: Outcome[Any] | None, judged: int, tables: int | None
) -> JobProgress:
    return JobProgress(
        kind="run_checks",
        business_key="" if outcome is None else outcome.business_key,
        job_id=None if outcome is None else outcome.job_id,
        phase="judging",
        status=None,
        elapsed=run.elapsed,
        problem=None,
        judged=judged,
        tables=tables,
    )


def _facts(
    reader: Reader, criteria: Criteria, outcome: Outcome[Any] | None, tables: list[Any]
) -> Steps[_Facts]:
    if outcome is None:
        clock = Clock.of_this_machine()
        if criteria.max_age is not None:
            clock = yield from _server_clock(reader, clock, tables)
        return _Facts(clock=clock)
    began = None if outcome.created_at is None else floored(outcome.created_at)
    clock = Clock.of_this_machine()
    if outcome.finished_at is not None:
        clock = Clock(outcome.finished_at, is_of_server=True)
    executed = yield from _executed_checks(reader, outcome)
    return _Facts(clock=clock, began=began, executed=executed)


def _executed_checks(
    reader: Reader, outcome: Outcome[Any]
) -> Steps[dict[tuple[str, str, str], int] | None]:
    """Ask how many checks the run executed on each table, by the jobs that it started for them."""
    if outcome.job_id is None:
        return None
    found = yield from reader.read("get_job_changes_since", (outcome.job_id,))
    counts: dict[tuple[str, str, str], int] = {}
    has_ended = False
    for change in (found and found.job_changes) or ():
        job = change.updated_model
        if not job or not job.job_id or job.status != "finished":
            continue
        has_ended = has_ended or job.job_id.job_id == outcome.job_id
        parent = job.job_id.parent_job_id
        if not parent or parent.job_id != outcome.job_id or not job.parameters:
            continue
        parameters = job.parameters.run_checks_on_table_parameters
        if parameters and parameters.table and parameters.run_checks_result:
            key = (
                parameters.connection or "",
                parameters.table.schema_name or "",
                parameters.table.table_name or "",
            )
            counts[key] = parameters.run_checks_result.executed_checks or 0
    result = outcome.result
    total = getattr(result, "executed_checks", None) or 0
    # The server forgets changes after a while; only a whole list proves anything.
    return counts if has_ended and sum(counts.values()) == total else None


def _server_clock(reader: Reader, clock: Clock, tables: list[Any]) -> Steps[Clock]:
    """Ask what time it is on the server: when the next run is due, less how long that is off."""
    for entry in tables[:1]:
        container = Container(None, "monitoring", "daily")
        found = yield from reader.read(
            container.operation("", "checks_model_filter"),
            (*container.path(table_key(entry)), "volume", "daily_row_count"),
        )
        schedule = found and found.effective_schedule
        if schedule and schedule.time_of_execution and schedule.time_until_execution:
            now = schedule.time_of_execution - schedule.time_until_execution
            return Clock(now.astimezone(clock.now.tzinfo), is_of_server=True)
    return clock


def _surer_clock(
    reader: Reader, criteria: Criteria, facts: _Facts, findings: list[_Finding], tables: list[Any]
) -> Steps[_Facts]:
    """Ask the server for the time if this machine's clock cannot be right."""
    limit = facts.clock.now + criteria.tolerance
    if facts.clock.is_of_server or criteria.max_age is not None:
        return facts
    if not any(finding.newest is not None and finding.newest > limit for finding in findings):
        return facts
    clock = yield from _server_clock(reader, facts.clock, tables)
    return replace(facts, clock=clock)


class _Table:
    """Judges one table."""

    def __init__(
        self,
        reader: Reader,
        selection: Selection,
        criteria: Criteria,
        facts: _Facts,
        entry: Any,
    ) -> None:
        self._reader = reader
        self._selection = selection
        self._criteria = criteria
        self._facts = facts
        self._entry = entry
        self._key = table_key(entry)
        self._limit = rank(criteria.at_least)
        self._stores: dict[Container, ChecksOf] = {}
        self._columns: dict[str, Any] | None = None

    def judge(self) -> Steps[_Finding]:
        """Judge the table.

        Returns:
            What came out.
        """
        if self._reader.run.is_over:
            raise JobTimeout("the tables were not judged in time; no job goes on", None)
        executed = None if self._facts.executed is None else self._facts.executed.get(self._key, 0)
        if executed == 0:
            # What the status may still tell is of checks that are not active any more.
            return _Finding(verdict=_skipped(self._key, "the run executed no check of it"))
        seen = yield from self._read_status()
        if seen is None:
            return (yield from self._without_status())
        if self._selection.needs_columns:
            columns = yield from self._read_columns()
            seen = [
                each
                for each in seen
                if each.column in columns and self._selection.selects_column(columns[each.column])
            ]
        checks: list[CheckVerdict] = []
        inactive: list[CheckVerdict] = []
        oldest = self._facts_oldest
        for each in seen:
            if self._selection.sensor or each.looks_bad(self._limit) or _is_older(each, oldest):
                verdicts = yield from self._look_closer(each)
            else:
                verdicts = [self._at_first_sight(each)]
            for verdict in verdicts:
                (checks if verdict.state == "active" else inactive).append(verdict)
        return (yield from self._finding(seen, checks, inactive, executed))

    @property
    def _facts_oldest(self) -> datetime | None:
        return self._criteria.oldest(self._facts.clock)

    def _read_status(self) -> Steps[list[_Seen] | None]:
        """Read which selected checks have results; None if the server says there is no table."""
        selection = self._selection
        has_partitions = (
            "partitioned" in selection.check_types
            and not self._entry.partitioning_configuration_missing
        )
        months = self._criteria.months
        wide = max(months, _MONTHS_OF_PARTITIONS) if has_partitions else months
        seen = yield from self._status(wide, selection.check_types)
        if seen is None or wide == months:
            return seen
        partitioned = [each for each in seen if each.status.check_type == "partitioned"]
        others = [each for each in seen if each.status.check_type != "partitioned"]
        if any(each.looks_bad(self._limit) for each in others):
            # It may have been so years ago.
            others = (
                yield from self._status(months, selection.check_types - {"partitioned"})
            ) or []
        start = self._start_of(months)
        return [
            *(each for each in others if not _is_older(each, start)),
            *partitioned,
        ]

    def _status(self, months: int, types: frozenset[str]) -> Steps[list[_Seen] | None]:
        arguments: dict[str, Any] = {
            "months": months,
            "profiling": "profiling" in types,
            "monitoring": "monitoring" in types,
            "partitioned": "partitioned" in types,
        }
        selection = self._selection
        if selection.time_scale:
            from ..client.models import CheckTimeScale

            arguments["check_time_scale"] = CheckTimeScale.decode(selection.time_scale)
        # Only what the server compares as the run does. Its status knows no patterns and takes
        # case seriously, so that what is not sure to be a whole name is compared here.
        narrow = {
            name: value
            for name, value in (("check_name", selection.check), ("category", selection.category))
            if value and "*" not in value and value == value.lower()
        }
        seen = yield from self._read_seen({**arguments, **narrow})
        if narrow and seen == []:
            seen = yield from self._read_seen(arguments)
        return seen

    def _read_seen(self, arguments: dict[str, Any]) -> Steps[list[_Seen] | None]:
        status = yield from self._reader.read(
            "check_results/get_table_data_quality_status", self._key, arguments
        )
        if status is None:
            return None
        return [each for each in _all_checks(status) if self._is_selected(each)]

    def _is_selected(self, each: _Seen) -> bool:
        return self._selection.selects(each.column, each.name, each.comparison, each.status)

    def _start_of(self, months: int) -> datetime:
        """Tell when the first of so many calendar months began, in whatever zone."""
        now = self._facts.clock.now - _ZONES
        month = now.year * 12 + now.month - 1 - (months - 1)
        return (
            now.replace(
                year=month // 12,
                month=month % 12 + 1,
                day=1,
                hour=0,
                minute=0,
                second=0,
                microsecond=0,
            )
            - _ZONES
        )

    def _without_status(self) -> Steps[_Finding]:
        """Find out whether a table without a status was deleted meanwhile."""
        connection, schema, table = self._key
        found = yield from find_tables(
            self._reader,
            replace(self._selection, connection=connection, schema=schema, table=table),
        )
        if self._key not in {table_key(entry) for entry in found}:
            return _Finding(verdict=_skipped(self._key, "deleted meanwhile"))
        finding = _Finding(verdict=self._verdict([], []))
        finding.problems.append(("not_evaluated", "the server says that it has no status"))
        return finding

    def _at_first_sight(self, each: _Seen) -> CheckVerdict:
        """Describe a check none of whose results is bad."""
        stored = each.status.last_executed_at or None
        began = self._facts.began
        return replace(
            self._described(each),
            severity=each.severity,
            evaluated_at=stored,
            # That the result is older proves nothing: a rerun that changes nothing stores none.
            in_this_run=True if began is not None and stored and stored >= began else None,
        )

    def _described(self, each: _Seen) -> CheckVerdict:
        status = each.status
        return CheckVerdict(
            connection=self._key[0],
            schema=self._key[1],
            table=self._key[2],
            column=each.column,
            check=each.name,
            comparison=each.comparison,
            check_type=_text(status.check_type),
            time_scale=_text(status.time_scale),
            category=_text(status.category),
            quality_dimension=_text(status.quality_dimension),
        )

    def _look_closer(self, each: _Seen) -> Steps[list[CheckVerdict]]:
        """Read what is behind the status of a check that may be bad."""
        verdicts: list[CheckVerdict] = []
        for container in self._containers(each):
            verdicts += yield from self._look_into(each, container)
        if not verdicts and not self._selection.sensor:
            # Nothing is behind it, so that the status has the only word.
            verdicts = [self._at_first_sight(each)]
        return verdicts

    def _containers(self, each: _Seen) -> Iterator[Container]:
        """Tell where a check of such a name may be.

        The status puts all checks of a name together; those of a user's own may be in several.
        """
        told = (_text(each.status.check_type), _text(each.status.time_scale))
        own = _PREFIXES.get(told)  # type: ignore[arg-type]  # None is no key
        if own is not None and each.name.startswith(own) and each.status.category != "custom":
            yield Container(each.column, str(told[0]), told[1])
        else:
            yield from self._selection.containers(each.column)

    def _store(self, container: Container, around: datetime) -> ChecksOf:
        if container not in self._stores:
            self._stores[container] = ChecksOf(
                self._reader, self._key, container, around, self._criteria.months
            )
        return self._stores[container]

    def _look_into(self, each: _Seen, container: Container) -> Steps[list[CheckVerdict]]:
        stored = each.status.last_executed_at or None
        store = self._store(container, stored or self._facts.clock.now)
        rows = yield from store.rows(each.name, each.comparison, each.bad(self._limit), self._limit)
        if self._selection.sensor:
            from .selecting import matches

            rows = [
                row
                for row in rows
                if matches(self._selection.sensor, row.entry.sensor_name or None)
            ]
            if not rows:
                return []
        is_own = (container.check_type, container.time_scale) == (
            _text(each.status.check_type),
            _text(each.status.time_scale),
        )
        if not rows and not (is_own and each.failed_technically):
            return []
        rows = _current(rows) if container.check_type != "partitioned" else rows
        bad = [row for row in rows if rank(row.severity) >= self._limit]
        described = replace(
            self._described(each),
            check_type=container.check_type,
            time_scale=container.time_scale,
            severity=max((row.severity for row in rows), key=rank, default=None),
        )
        failed = is_own and each.failed_technically
        if not bad and not failed and not _is_older(each, self._facts_oldest):
            began = self._facts.began
            is_new = began is not None and stored is not None and stored >= began
            return [replace(described, evaluated_at=stored, in_this_run=is_new or None)]
        return (yield from self._explain(each, store, container, rows, bad, described, failed))

    def _explain(
        self,
        each: _Seen,
        store: ChecksOf,
        container: Container,
        rows: list[Row],
        bad: list[Row],
        described: CheckVerdict,
        failed: bool,
    ) -> Steps[list[CheckVerdict]]:
        """Describe a check with bad results, that failed technically, or that looks too old."""
        stored = each.status.last_executed_at or None
        read = yield from store.evaluated_at(each.name, each.comparison)
        evaluated = max((moment for moment in (read, stored) if moment), default=None)
        # An error stays in the status when later runs work but measure what they measured before.
        failed = failed and not (read is not None and stored is not None and read > stored)
        if failed:
            evaluated = stored
        began = self._facts.began
        described = replace(
            described,
            evaluated_at=evaluated,
            in_this_run=None if began is None else evaluated is not None and evaluated >= began,
        )
        gone: list[Row] = []
        if container.check_type == "partitioned":
            bad = yield from self._counted_partitions(each, store, bad)
            severity = max((row.severity for row in bad), key=rank, default=None)
            if severity is None:
                mild = (row.severity for row in rows if rank(row.severity) < self._limit)
                severity = max(mild, key=rank, default=None)
            described = replace(described, severity=severity)
        elif len(rows) > 1:
            bad, gone = yield from self._groups_there(each, store, bad)
            others = [row for row in rows if row not in gone]
            severity = max((row.severity for row in others), key=rank, default=None)
            described = replace(described, severity=severity)
        verdicts = [
            replace(
                described, severity=row.severity, state="group_gone", results=(failed_result(row),)
            )
            for row in gone
        ]
        is_old = _before(evaluated, self._facts_oldest)
        if not bad and not failed and not is_old:
            return [described, *verdicts]
        state = yield from store.state(
            each.name, each.comparison, _text(each.status.category) or ""
        )
        if state == "active" and each.column is not None:
            columns = yield from self._read_columns()
            if each.column not in columns:
                state = "column_removed"
            elif columns[each.column].disabled:
                state = "column_disabled"
        message = None
        if failed and state == "active":
            message = (yield from store.error_message(each.name)) or "no message"
        results = sorted(bad, key=lambda row: -rank(row.severity))
        verdict = replace(
            described,
            state=state,
            execution_error=message,
            results=tuple(failed_result(row) for row in results),
        )
        return [verdict, *verdicts]

    def _counted_partitions(self, each: _Seen, store: ChecksOf, bad: list[Row]) -> Steps[list[Row]]:
        """Keep the bad partitions that count: of the last months, or evaluated the last time."""
        start = self._start_of(self._criteria.months).replace(tzinfo=None)
        counted = [
            row for row in bad if not row.entry.time_period or row.entry.time_period >= start
        ]
        older = [row for row in bad if row not in counted]
        for group in dict.fromkeys(row.group for row in older):
            _, periods = yield from store.periods_evaluated_last(each.name, each.comparison, group)
            counted += [
                row for row in older if row.group == group and row.entry.time_period in periods
            ]
        return counted

    def _groups_there(
        self, each: _Seen, store: ChecksOf, bad: list[Row]
    ) -> Steps[tuple[list[Row], list[Row]]]:
        """Tell bad data groups that are in the data from those that the last run did not find."""
        there: list[Row] = bad[_MOST_GROUPS:]  # of so many, the others will do
        gone: list[Row] = []
        for row in bad[:_MOST_GROUPS]:
            last, periods = yield from store.periods_evaluated_last(
                each.name, each.comparison, row.group
            )
            is_there = last is None or row.entry.time_period in periods
            (there if is_there else gone).append(row)
        return there, gone

    def _read_columns(self) -> Steps[dict[str | None, Any]]:
        if self._columns is None:
            found = yield from self._reader.read("columns/get_columns", self._key)
            self._columns = {column.column_name: column for column in found or ()}
        return dict(self._columns)

    def _finding(
        self,
        seen: list[_Seen],
        checks: list[CheckVerdict],
        inactive: list[CheckVerdict],
        executed: int | None,
    ) -> Steps[_Finding]:
        """Put together what came out, and find what else keeps the table from being good."""
        newest = max(
            (each.evaluated_at for each in (*checks, *inactive) if each.evaluated_at), default=None
        )
        in_this_run = None
        began = self._facts.began
        if began is not None:
            in_this_run = bool(executed) or (newest is not None and newest >= began)
            if not in_this_run and seen:
                read = yield from self._newest_readout(seen)
                newest = max((each for each in (newest, read) if each), default=None)
                in_this_run = newest is not None and newest >= began
        verdict = replace(
            self._verdict(checks, inactive), evaluated_at=newest, in_this_run=in_this_run
        )
        finding = _Finding(verdict=verdict, newest=newest)
        problems = finding.problems
        if not any(each.severity is not None for each in checks):
            failed = any(each.execution_error is not None for each in checks)
            if not failed:
                problems.append(("not_evaluated", "no active check has a result"))
        if in_this_run is False:
            problems.append(("not_in_this_run", "the run evaluated nothing of it"))
        problems += [
            ("execution_errors", str(each)) for each in checks if each.execution_error is not None
        ]
        problems += [
            ("old_results", str(each))
            for each in checks
            if _before(each.evaluated_at, self._facts_oldest)
        ]
        return finding

    def _newest_readout(self, seen: list[_Seen]) -> Steps[datetime | None]:
        """Tell when the table was last evaluated, by the checks that were last stored."""
        latest = max(seen, key=lambda each: (bool(each.status.last_executed_at), _stored(each)))
        found: datetime | None = None
        for container in self._containers(latest):
            store = self._store(container, latest.status.last_executed_at or self._facts.clock.now)
            read = yield from store.newest_evaluation()
            found = max((each for each in (found, read) if each), default=None)
        return found

    def _verdict(self, checks: list[CheckVerdict], inactive: list[CheckVerdict]) -> TableVerdict:
        connection, schema, table = self._key
        return TableVerdict(
            connection=connection,
            schema=schema,
            table=table,
            severity=max(
                (each.severity for each in checks if each.severity is not None),
                key=rank,
                default=None,
            ),
            checks=tuple(checks),
            inactive=tuple(inactive),
        )


def _all_checks(status: Any) -> Iterator[_Seen]:
    """Go through the checks of a table and of its columns."""
    for column, checks in (
        (None, status.checks),
        *((name, column.checks) for name, column in _items(status.columns)),
    ):
        for key, check in _items(checks):
            name, comparison = key, None
            if check.category == "comparisons":
                name, _, comparison = key.partition("/")
            yield _Seen(column, name, comparison or None, check)


def _items(container: Any) -> Iterable[tuple[str, Any]]:
    return container.additional_properties.items() if container else ()


def _current(rows: list[Row]) -> list[Row]:
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


def _stored(each: _Seen) -> float:
    moment = each.status.last_executed_at
    return moment.timestamp() if moment else 0.0


def _is_older(each: _Seen, oldest: datetime | None) -> bool:
    return _before(each.status.last_executed_at or None, oldest)


def _before(moment: datetime | None, oldest: datetime | None) -> bool:
    return oldest is not None and (moment is None or moment < oldest)


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _skipped(key: tuple[str, str, str], why: str) -> TableVerdict:
    connection, schema, table = key
    return TableVerdict(connection=connection, schema=schema, table=table, skipped=why)


def _problems(
    selection: Selection,
    criteria: Criteria,
    facts: _Facts,
    findings: list[_Finding],
    tables: list[TableVerdict],
    outcome: Outcome[Any] | None,
) -> Iterator[Problem]:
    judged = [finding for finding in findings if finding.verdict.skipped is None]
    result = None if outcome is None else outcome.result

    def count(name: str) -> int:
        return getattr(result, name, None) or 0

    if not judged or (result is not None and not count("executed_checks")):
        yield Problem(
            kind="nothing_selected",
            message=f"the filters select nothing that could be judged: {_why(selection, tables)}",
            allowed=criteria.allow_nothing_selected,
        )
    allowed = {
        "not_evaluated": criteria.allow_not_evaluated,
        "not_in_this_run": criteria.allow_not_in_this_run,
        "execution_errors": criteria.allow_execution_errors,
        "old_results": criteria.allow_old_results,
    }
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in judged:
        for kind, message in finding.problems:
            found.setdefault(kind, []).append((finding.verdict.name, message))
    if not found.get("execution_errors") and count("execution_errors"):
        message = f"the run counts {count('execution_errors')} that the status does not tell about"
        found["execution_errors"] = [("", message)]
    for kind, is_allowed in allowed.items():
        listed = found.get(kind)
        if listed:
            yield Problem(
                kind=kind,  # type: ignore[arg-type]  # the keys above
                message=_message(kind, listed),
                tables=tuple(dict.fromkeys(name for name, _ in listed if name)),
                allowed=is_allowed,
            )
    limit = facts.clock.now + criteria.tolerance
    future = [each for each in judged if each.newest is not None and each.newest > limit]
    if future:
        whose = "server" if facts.clock.is_of_server else "machine"
        latest = max(each.newest for each in future if each.newest is not None)
        yield Problem(
            kind="clocks_differ",
            message=(
                f"there are results of {latest.isoformat()}, but it is "
                f"{facts.clock.now.isoformat()} by the clock of this {whose}"
            ),
            tables=tuple(each.verdict.name for each in future),
            allowed=criteria.allow_clock_difference,
        )
    names = _COUNTS[rank(criteria.at_least) :]
    bad = sum(count(name) for name in names)
    if bad and not any(
        rank(check.severity) >= rank(criteria.at_least)
        for table in tables
        for check in table.checks
    ):
        yield Problem(
            kind="unseen_results",
            message=f"the run counts {bad} bad results, but none of them is to be read",
        )


def _why(selection: Selection, tables: list[TableVerdict]) -> str:
    reasons = [f"{table.name} ({table.skipped})" for table in tables if table.skipped]
    if reasons:
        more = "" if len(reasons) <= 5 else f" and {len(reasons) - 5} more"
        return f"{', '.join(reasons[:5])}{more}"
    table = f"{selection.schema or '*'}.{selection.table or '*'}"
    return (
        f"connection {selection.connection or '*'!r}, table {table!r}. Check the names"
        if not tables
        else "no check was executed. Check the names"
    )


_MESSAGES = {
    "not_evaluated": "{} without a result",
    "not_in_this_run": "{} not evaluated in this run",
    "execution_errors": "checks failed technically",
    "old_results": "results are older than max_age",
}


def _message(kind: str, listed: list[tuple[str, str]]) -> str:
    names = list(dict.fromkeys(name for name, _ in listed if name))
    tables = f"{len(names)} table" if len(names) == 1 else f"{len(names)} tables"
    said = _MESSAGES[kind].format(tables)
    details = (
        [message for _, message in listed] if kind in {"execution_errors", "old_results"} else names
    )
    more = "" if len(details) <= 3 else f", and {len(details) - 3} more"
    return f"{said}: {', '.join(details[:3])}{more}"
