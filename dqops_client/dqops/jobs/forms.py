"""How outcomes and verdicts are shown in notebooks and by rich: as tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .judging.failures import Failure, Failures

__all__ = ["Table", "as_html", "as_rich", "failures_table"]

#: A title, the names of the columns, and rows of texts.
Table: TypeAlias = "tuple[str, Sequence[str], list[tuple[str, ...]]]"

_MOST = 50
_COLUMNS = ("table", "column", "check", "actual", "accepted", "severity")


def failures_table(failures: Failures, title: str) -> Table:
    """Put what is wrong with the data into a table.

    Args:
        failures: What is wrong.
        title: The title.

    Returns:
        The title, columns and rows.
    """
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
    return title, _COLUMNS, rows


def _accepted(failure: Failure) -> str:
    if failure.error_message:
        return failure.error_message
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
