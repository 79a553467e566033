"""How outcomes and verdicts are shown in notebooks and by rich: as tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..jobs.judging.verdict import Verdict
    from ..jobs.outcome import Outcome

__all__ = ["as_html", "as_rich", "outcome_table", "verdict_table"]

#: A title, the names of the columns, and rows of texts.
Table: TypeAlias = "tuple[str, Sequence[str], list[tuple[str, ...]]]"

_MOST = 50
_COLUMNS = ("table", "column", "check", "actual", "accepted", "severity")


def outcome_table(outcome: Outcome[Any]) -> Table:
    """Put what is known of a job into a table.

    Args:
        outcome: The outcome.

    Returns:
        Its title, columns and rows.
    """
    rows: list[tuple[str, ...]] = [("business key", outcome.business_key)]
    if outcome.duration is not None:
        rows.append(("duration", f"{outcome.duration:.1f} s"))
    executed = getattr(outcome.result, "executed_checks", None)
    if executed:
        rows.append(("checks that ran", f"{executed}"))
    counts = outcome.severity_counts
    rows += [(f"new results: {level}", f"{count}") for level, count in counts.items()]
    if counts:
        rows.append(("failed technically", f"{outcome.execution_errors}"))
    job = "" if outcome.job_id is None else f" {outcome.job_id}"
    return f"{outcome.kind} job{job}: {outcome.status}", ("", ""), rows


def verdict_table(verdict: Verdict) -> Table:
    """Put what is wrong with the data into a table.

    Args:
        verdict: The verdict.

    Returns:
        Its title, columns and rows.
    """
    failures = verdict.failures
    rows: list[tuple[str, ...]] = [
        (
            f"{each.connection}.{each.schema}.{each.table}",
            each.column or "",
            each.check,
            "" if each.actual_value is None else f"{each.actual_value:g}",
            _accepted(each),
            str(each.severity or "failed technically"),
        )
        for each in failures[:_MOST]
    ]
    if len(failures) > _MOST:
        rows.append((f"{len(failures) - _MOST} more", "", "", "", "", ""))
    rows += [("", "", problem.kind, "", problem.message, "") for problem in failures.problems]
    word = "good" if verdict.passed else "not good"
    count = sum(len(table.checks) for table in verdict.tables)
    title = f"the data is {word}: {count} checks judged, {len(failures)} failures"
    return title, _COLUMNS, rows


def _accepted(failure: Any) -> str:
    if failure.error_message:
        return str(failure.error_message)
    bounds = (("≥", failure.lower_bound), ("≤", failure.upper_bound))
    return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def as_html(table: Table) -> str:
    """Show a table in a notebook.

    Args:
        table: Title, columns and rows.

    Returns:
        The HTML.
    """
    title, columns, rows = table
    head = "".join(f"<th>{escape(name)}</th>" for name in columns) if any(columns) else ""
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return (
        f"<table><caption><b>{escape(title)}</b></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def as_rich(table: Table) -> Any:
    """Show a table by rich.

    Args:
        table: Title, columns and rows.

    Returns:
        A `rich.table.Table`.
    """
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    title, columns, rows = table
    drawn = Drawn(
        title=Text(title), box=box.SIMPLE_HEAD, title_justify="left", show_header=any(columns)
    )
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    return drawn
