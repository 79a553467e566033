"""Judges what is true of the data now: the procedure behind every quality gate.

A run's summary counts only what changed, so it is never a proof that data is good. The status of a
table is one as long as no result in it is bad. Where one is, its results, readouts and check model
are read: it may be of a check that was disabled or removed, or be corrected by now, or be hidden
behind a newer one (see `evidence`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...client.errors import ClientError
from ..progress import JobProgress
from ..steps import Report, Together
from .criteria import Clock, floored
from .facts import Facts, skipped_table
from .problems import problems_of
from .selection import Container
from .table import JudgedTable
from .tables import Reader, find_tables, table_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...client.models import TableListModel
    from ..steps import Steps
    from ..timing import Run
    from .criteria import Criteria
    from .facts import Finding, Ran, TableKey
    from .records import Problem, TableVerdict
    from .selection import Selection

__all__ = ["Judgement", "judge"]

# When a run began of which that is not known: nothing counts as evaluated in it.
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a verdict is made of.

    Args:
        tables: What is true of each table.
        problems: What keeps the data from being called good besides bad results.
        judged_at: The server's time (UTC) when the status was read; None if it is not known.
        requests: How many requests it took.
    """

    tables: list[TableVerdict]
    problems: list[Problem]
    judged_at: datetime | None
    requests: int


def judge(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    ran: Ran | None,
) -> Steps[Judgement]:
    """Judge what is true of the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        ran: The run that has just evaluated the data; None if nothing was run.

    Returns:
        What a verdict is made of.

    Raises:
        JobTimeout: The time was over.
        ClientError: The server could not be asked.
    """
    reader = Reader(run)
    yield Report(_progress(run, ran, 0, None))
    entries = yield from find_tables(reader, selection)
    judged = [entry for entry in entries if not entry.disabled]
    facts = yield from _facts(reader, criteria, ran, judged)
    judged += _executed_unlisted(selection, facts, {table_key(entry) for entry in entries})

    def report(ended: int) -> JobProgress:
        return _progress(run, ran, ended, len(judged))

    findings: list[Finding] = yield Together(
        [JudgedTable(reader, selection, criteria, facts, entry).judge() for entry in judged],
        criteria.max_concurrent,
        report,
    )
    tables = [finding.verdict for finding in findings]
    tables += [skipped_table(table_key(entry), "disabled") for entry in entries if entry.disabled]
    return Judgement(
        tables=tables,
        problems=list(problems_of(selection, criteria, facts, findings, tables, ran)),
        judged_at=facts.clock.now if facts.clock.is_of_server else None,
        requests=reader.requests,
    )


def _executed_unlisted(
    selection: Selection, facts: Facts, known: set[TableKey]
) -> Iterator[TableListModel]:
    """Find tables that the run has executed checks of, and that the list has left out."""
    from ...client.models import PhysicalTableName, TableListModel

    for key, count in (facts.executed or {}).items():
        connection, schema, table = key
        # What somebody else has submitted under the same key may be about other tables.
        if count and key not in known and selection.selects_table(*key):
            target = PhysicalTableName(schema_name=schema, table_name=table)
            yield TableListModel(connection_name=connection, target=target)


def _progress(run: Run, ran: Ran | None, judged: int, tables: int | None) -> JobProgress:
    return JobProgress(
        kind="run_checks",
        business_key="" if ran is None else ran.business_key,
        job_id=None if ran is None else ran.job_id,
        phase="judging",
        status=None,
        elapsed=run.elapsed,
        problem=None,
        judged=judged,
        tables=tables,
        label="" if ran is None else ran._job.label,
    )


def _facts(reader: Reader, criteria: Criteria, ran: Ran | None, tables: list[Any]) -> Steps[Facts]:
    if ran is None:
        return Facts(clock=(yield from _server_clock(reader, tables)))
    began = _NEVER if ran.created_at is None else floored(ran.created_at)
    clock = Clock.of_this_machine()
    if ran.finished_at is not None:
        end = Clock(ran.finished_at, is_of_server=True)
        is_old = criteria.max_age is not None and clock.now - end.now > criteria.tolerance
        if ran._job.had_ended or is_old:  # so its end does not tell what time it is now
            asked = yield from _server_clock(reader, tables)
            end = max(asked, end, key=lambda each: each.now)
        clock = end
    executed = yield from _executed_checks(reader, ran)
    return Facts(clock=clock, began=began, executed=executed)


def _executed_checks(reader: Reader, ran: Ran) -> Steps[dict[TableKey, int] | None]:
    """Ask how many checks the run executed on each table, by the jobs that it started for them.

    It saves requests, and is done without where it does not work at once.
    """
    if ran.job_id is None:
        return None
    try:
        found = yield from reader.read("get_job_changes_since", (ran.job_id,), patience=0.0)
    except ClientError:
        return None
    counts: dict[TableKey, int] = {}
    has_ended = False
    for change in (found and found.job_changes) or ():
        job = change.updated_model
        if not job or not job.job_id or job.status != "finished":
            continue
        has_ended = has_ended or job.job_id.job_id == ran.job_id
        parent = job.job_id.parent_job_id
        if not parent or parent.job_id != ran.job_id or not job.parameters:
            continue
        parameters = job.parameters.run_checks_on_table_parameters
        if parameters and parameters.table and parameters.run_checks_result:
            key = (
                parameters.connection or "",
                parameters.table.schema_name or "",
                parameters.table.table_name or "",
            )
            counts[key] = parameters.run_checks_result.executed_checks or 0
    result = ran.result
    total = getattr(result, "executed_checks", None) or 0
    # The server forgets changes after a while; only a whole list proves anything.
    return counts if has_ended and sum(counts.values()) == total else None


def _server_clock(reader: Reader, tables: list[Any]) -> Steps[Clock]:
    """Ask what time it is on the server: when the next run is due, less how long that is off."""
    clock = Clock.of_this_machine()
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
