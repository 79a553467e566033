"""What keeps data from being called good although no check says that it is bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._runtime.suggestions import did_you_mean, listed
from .records import Problem
from .severities import COUNTS, rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .criteria import Criteria
    from .facts import Facts, Finding, Ran
    from .records import ProblemKind, TableVerdict
    from .selection import Selection

__all__ = ["nothing_selected", "problems_of"]

# How many tables and checks a message names.
_NAMED = 3
_OWN_LABELS = "A run looks at the tables' own labels only, not at those of connections or columns"


def problems_of(
    selection: Selection,
    criteria: Criteria,
    facts: Facts,
    findings: list[Finding],
    tables: list[TableVerdict],
    ran: Ran | None,
) -> Iterator[Problem]:
    """Find what keeps the data from being called good besides bad results.

    Args:
        selection: What was to be judged.
        criteria: What it is judged by.
        facts: What is known of the run and of the time.
        findings: What came out of each table.
        tables: What is true of each table, those included that were not judged.
        ran: The run; None if nothing was run.

    Yields:
        The problems.
    """
    judged = [finding for finding in findings if finding.verdict.skipped is None]
    result = None if ran is None else ran.result
    if not judged or (result is not None and not _count(result, "executed_checks")):
        yield Problem(
            kind="nothing_selected",
            message=f"the filters select nothing that could be judged: {_why(selection, tables)}",
            allowed=criteria.allow_nothing_selected,
        )
    yield from _problems_of_tables(selection, criteria, judged, result)
    yield from _clocks(criteria, facts, judged)
    yield from _unseen_results(criteria, tables, result)


def _problems_of_tables(
    selection: Selection, criteria: Criteria, judged: list[Finding], result: object
) -> Iterator[Problem]:
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in judged:
        for kind, message in finding.problems:
            found.setdefault(kind, []).append((finding.verdict.name, message))
    failed = _count(result, "execution_errors")
    if failed and not found.get("execution_errors"):
        found["execution_errors"] = [("", f"the run counts {failed}; the status lists none")]
    allowed: dict[ProblemKind, bool] = {
        "not_evaluated": criteria.allow_not_evaluated,
        "not_in_this_run": criteria.allow_not_in_this_run,
        "execution_errors": criteria.allow_execution_errors,
        "old_results": criteria.allow_old_results,
    }
    for kind, is_allowed in allowed.items():
        if kind in found:
            hint = _similar_checks(selection.check) if kind == "not_evaluated" else ""
            yield Problem(
                kind=kind,
                message=_message(kind, found[kind]) + hint,
                tables=tuple(dict.fromkeys(name for name, _ in found[kind] if name)),
                allowed=is_allowed,
            )


def _similar_checks(name: str) -> str:
    """Suggest checks in place of a name that this version does not know."""
    if not name or "*" in name:
        return ""
    from ...checks.catalog import known_checks

    known = known_checks()
    hint = "" if name.lower() in known else did_you_mean(name, known)
    return hint and f"; check_name {name!r} is unknown to this version{hint}"


def _clocks(criteria: Criteria, facts: Facts, judged: list[Finding]) -> Iterator[Problem]:
    limit = facts.clock.now + criteria.tolerance
    future = {
        each.verdict.name: each.newest
        for each in judged
        if each.newest is not None and each.newest > limit
    }
    if future:
        whose = "the server" if facts.clock.is_of_server else "this machine"
        yield Problem(
            kind="clocks_differ",
            message=(
                "results are from the future: the newest is of "
                f"{max(future.values()).isoformat()}, but the clock of {whose} says "
                f"{facts.clock.now.isoformat()}"
            ),
            tables=tuple(future),
            allowed=criteria.allow_clock_difference,
        )


def _unseen_results(
    criteria: Criteria, tables: list[TableVerdict], result: object
) -> Iterator[Problem]:
    limit = rank(criteria.at_least)
    bad = sum(_count(result, name) for name in COUNTS[limit:])
    checks = (check for table in tables for check in table.checks)
    if bad and not any(rank(check.severity) >= limit for check in checks):
        yield Problem(
            kind="unseen_results",
            message=f"the run counts {bad} bad results, but none of them can be read",
        )


def _count(result: object, name: str) -> int:
    return getattr(result, name, None) or 0


def _why(selection: Selection, tables: list[TableVerdict]) -> str:
    reasons = [f"{table.name} ({table.skipped})" for table in tables if table.skipped]
    hint = f". {_OWN_LABELS}" if selection.labels else ""
    if reasons:
        return listed(reasons, _NAMED) + hint
    if tables:
        return f"no check was executed. Check the names{hint}"
    return nothing_selected(selection) + hint


def nothing_selected(selection: Selection) -> str:
    """Tell what was looked for where no table was found.

    Args:
        selection: What was to be found.

    Returns:
        The end of a message.
    """
    table = f"{selection.schema or '*'}.{selection.table or '*'}"
    told = [f"connection {selection.connection or '*'!r}", f"table {table!r} (schema.table)"]
    if selection.labels:
        told.append(f"labels {', '.join(map(repr, selection.labels))}")
    return f"{', '.join(told)}. Check the names, and whether the tables are enabled"


_MESSAGES = {
    "not_evaluated": "{} without a result",
    "not_in_this_run": "{} not evaluated in this run",
    "execution_errors": "checks failed technically",
    "old_results": "results are older than max_age",
}


def _message(kind: str, found: list[tuple[str, str]]) -> str:
    names = list(dict.fromkeys(name for name, _ in found if name))
    tables = f"{len(names)} table" if len(names) == 1 else f"{len(names)} tables"
    said = _MESSAGES[kind].format(tables)
    details = (
        [message for _, message in found] if kind in {"execution_errors", "old_results"} else names
    )
    more = "" if len(details) <= _NAMED else f", and {len(details) - _NAMED} more"
    return f"{said}: {', '.join(details[:_NAMED])}{more}"
