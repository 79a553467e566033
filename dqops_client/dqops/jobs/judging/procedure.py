"""Judges what is true of the data now: the procedure behind every quality gate.

A run's summary counts only what changed, so it is never a proof that data is good. The status of a
table is one as long as no result in it is bad. Where one is, its results, readouts and check model
are read: it may be of a check that was disabled or removed, or be corrected by now, or be hidden
behind a newer one (see `evidence`).
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...client.errors import ClientError
from ..errors import NothingEvaluated, NothingSelected
from ..progress import JobProgress
from ..steps import Report, Together
from .criteria import Clock, floored, moment_of
from .facts import Facts, skipped_table
from .failures import Failures
from .problems import problems_of
from .selection import Container
from .severities import check_severity
from .table import JudgedTable
from .tables import Reader, find_tables, table_key
from .verdict import Verdict

if TYPE_CHECKING:
    from datetime import date, timedelta

    from ..outcome import Outcome
    from ..steps import Steps
    from ..timing import Run
    from .criteria import Criteria
    from .facts import Finding, TableKey
    from .selection import Selection

__all__ = ["find_failures", "judge"]

_logger = logging.getLogger("dqops.jobs")


def judge(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    outcome: Outcome[Any] | None = None,
    *,
    server: str | None = None,
) -> Steps[Verdict]:
    """Judge what is true of the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        outcome: The run that has just evaluated the data; None if nothing was run.
        server: The URL of the server, for links.

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
    facts = yield from _facts(reader, outcome, judged)

    def report(ended: int) -> JobProgress:
        return _progress(run, outcome, ended, len(judged))

    findings: list[Finding] = yield Together(
        [JudgedTable(reader, selection, criteria, facts, entry).judge() for entry in judged],
        criteria.max_concurrent,
        report,
    )
    tables = [finding.verdict for finding in findings]
    tables += [skipped_table(table_key(entry), "disabled") for entry in entries if entry.disabled]
    problems = problems_of(selection, criteria, facts, findings, tables, outcome)
    verdict = Verdict(
        at_least=check_severity(criteria.at_least),
        tables=tuple(tables),
        problems=tuple(problems),
        outcome=outcome,
        judged_at=facts.clock.now if facts.clock.is_of_server else None,
        requests=reader.requests,
        server=server,
    )
    _logger.info("%s", verdict)
    return verdict


def find_failures(
    selection: Selection,
    criteria: Criteria,
    run: Run,
    since: date | timedelta | None,
    *,
    server: str | None = None,
) -> Steps[Failures]:
    """Find what is wrong with the data now.

    Args:
        selection: What to judge.
        criteria: What to judge by.
        run: The times of the call.
        since: From when on a check must have been evaluated: a day (in UTC), a time with a zone, or
            how long ago; None for any time.
        server: The URL of the server, for links.

    Returns:
        The rows.

    Raises:
        InvalidRequest: `since` cannot be used; nothing was sent.
        NothingSelected: The filters select no table.
        NothingEvaluated: No check that they select has a result.
        JobTimeout: The time was over.
        ClientError: The server could not be asked.
    """
    if since is not None:
        moment_of("since", since, datetime.now(UTC))  # refuses it before anything is sent
    verdict = yield from judge(selection, criteria, run, server=server)
    problems = {each.kind: each for each in verdict.problems}
    if "nothing_selected" in problems:
        raise NothingSelected(str(problems["nothing_selected"]), None, None, verdict)
    found = verdict.failures
    if "not_evaluated" in problems and not [*verdict.checks(), *verdict.inactive]:
        message = f"{problems['not_evaluated']}. Run the checks first, or check the names"
        raise NothingEvaluated(message, None, None, verdict)
    if since is None:
        return found
    first = moment_of("since", since, verdict.judged_at or datetime.now(UTC))
    kept = Failures(row for row in found if row.evaluated_at is None or row.evaluated_at >= first)
    kept.problems = found.problems
    return kept


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
        label="" if outcome is None else outcome._job.label,
    )


def _facts(reader: Reader, outcome: Outcome[Any] | None, tables: list[Any]) -> Steps[Facts]:
    if outcome is None:
        return Facts(clock=(yield from _server_clock(reader, tables)))
    began = None if outcome.created_at is None else floored(outcome.created_at)
    clock = Clock.of_this_machine()
    if outcome.finished_at is not None:
        clock = Clock(outcome.finished_at, is_of_server=True)
    executed = yield from _executed_checks(reader, outcome)
    return Facts(clock=clock, began=began, executed=executed)


def _executed_checks(reader: Reader, outcome: Outcome[Any]) -> Steps[dict[TableKey, int] | None]:
    """Ask how many checks the run executed on each table, by the jobs that it started for them.

    It saves requests, and is done without where it does not work at once.
    """
    if outcome.job_id is None:
        return None
    try:
        found = yield from reader.read("get_job_changes_since", (outcome.job_id,), patience=0.0)
    except ClientError:
        return None
    counts: dict[TableKey, int] = {}
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
