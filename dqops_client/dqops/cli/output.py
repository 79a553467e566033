"""What the commands print: tables for people, documents for programs, messages to stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "Branch",
    "Listing",
    "exact_output",
    "format_option",
    "keep_quiet",
    "many",
    "plain",
    "printable",
    "say",
    "short_places",
    "show_listing",
    "show_tree",
    "write",
    "write_exact",
    "write_json",
]

_STYLES = {
    "valid": "green",
    "finished": "green",
    "warning": "yellow",
    "cancelled": "yellow",
    "error": "red",
    "failed": "bold red",
    "fatal": "bold red",
    "execution_error": "magenta",
}
_NOTHING = {"", "no", "no grouping", "all data"}
# Words that are longer may be broken.
_NARROWEST = 12


@dataclass
class Listing:
    """Rows of a command that lists something.

    Attributes:
        command: The name of the command, for the JSON document.
        columns: The names of the columns.
        rows: Values by column.
        shown: The columns that are shown to people; all by default.
    """

    command: str
    columns: Sequence[str]
    rows: Iterable[Mapping[str, Any]]
    shown: Sequence[str] = field(default_factory=tuple)


@dataclass
class Branch:
    """What a tree is made of.

    Attributes:
        name: What it is about.
        severity: How bad it is; None if that is not known.
        branches: What is below it.
    """

    name: str
    severity: str | None = None
    branches: list[Branch] = field(default_factory=list)

    def below(self, name: str) -> Branch:
        """Find a branch by its name, or add it."""
        for each in self.branches:
            if each.name == name:
                return each
        self.branches.append(Branch(name))
        return self.branches[-1]


def format_option(*formats: str) -> Callable[[Any], Any]:
    """Add the option `--format`.

    Args:
        *formats: The formats, the default one first.

    Returns:
        The decorator.
    """
    return click.option(
        "--format",
        "-f",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        is_eager=True,
        help=f"How to print it.  [{formats[0]}]",
    )


def printable(text: str, *, lines: bool = False) -> str:
    """Make a string of the server harmless to a terminal.

    Args:
        text: The string.
        lines: Whether it may have several lines.

    Returns:
        The string, with what controls a terminal written out.
    """
    return "".join(
        each if each.isprintable() or (lines and each in "\n\t") else ascii(each)[1:-1]
        for each in text
    )


def plain(value: Any) -> Any:
    """Give a value as JSON knows it.

    Args:
        value: A value of a row.

    Returns:
        The same, times in ISO 8601.
    """
    if value is None or type(value).__name__ == "Unset":
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float) and value not in {float("inf"), float("-inf")} and value == value:
        return value
    if isinstance(value, float):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def write(text: str) -> None:
    """Print to standard output; a reader that has gone is no failure.

    Args:
        text: What to print, without the last line break.
    """
    try:
        print(text)
    except BrokenPipeError:
        keep_quiet(sys.stdout)


def write_exact(text: str) -> None:
    """Print to standard output what programs read; see `exact_output`.

    Args:
        text: What to print, without the last line break.
    """
    exact_output()
    write(text)


def exact_output() -> None:
    """Let standard output be UTF-8 where it is no terminal: code pages would lose characters."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def keep_quiet(stream: IO[str]) -> None:
    """Send what else is printed nowhere, because nobody reads it any more.

    Args:
        stream: Standard output or error.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def say(message: str) -> None:
    """Print a message to standard error.

    Args:
        message: The message.
    """
    print(printable(message, lines=True), file=sys.stderr)


def many(count: int, noun: str) -> str:
    """Say how many there are.

    Args:
        count: The number.
        noun: What is counted, in the singular.

    Returns:
        For example `2 tables`.
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def write_json(document: Any) -> None:
    """Print one JSON document.

    Args:
        document: What JSON knows.
    """
    write_exact(json.dumps(document, indent=2, ensure_ascii=False, default=plain))


def show_listing(listing: Listing, format_: str) -> None:
    """Print rows.

    Args:
        listing: The rows.
        format_: `table`, `json` or `csv`.
    """
    rows = [{name: plain(row.get(name)) for name in listing.columns} for row in listing.rows]
    if format_ == "json":
        write_json({"command": listing.command, "version": 1, "rows": rows})
    elif format_ == "csv":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(listing.columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        write_exact(text.getvalue().rstrip("\n"))
    else:
        show_table(listing.shown or listing.columns, rows)


def short_places(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Name the table of each row for people: with its connection, if there are several.

    Args:
        rows: Rows with `connection`, `schema` and `table`.

    Returns:
        The rows, whose `table` names the place.
    """
    is_one = len({row["connection"] for row in rows}) == 1
    return [
        {
            **row,
            "table": f"{row['schema']}.{row['table']}"
            if is_one
            else f"{row['connection']}.{row['schema']}.{row['table']}",
        }
        for row in rows
    ]


def show_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print a table: drawn on a terminal, aligned with spaces elsewhere.

    Columns that say nothing of any row are left out.

    Args:
        columns: The names of the columns to show.
        rows: Values by column.
    """
    if not rows:
        write("nothing was found")
        return
    columns = [
        name for name in columns if any(_cell(row.get(name)) not in _NOTHING for row in rows)
    ]
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    if sys.stdout.isatty():
        _draw(columns, cells)
        return
    heads = [name.replace("_", " ") for name in columns]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    for line in (heads, *cells):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        write(text.rstrip())


def show_tree(branches: Sequence[Branch]) -> None:
    """Print a tree: drawn on a terminal, indented elsewhere.

    Args:
        branches: Its branches.
    """
    if not sys.stdout.isatty():
        _write_branches(branches, "")
        return
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    def grow(branch: Branch) -> Tree:
        severity = branch.severity or ""
        label = Text.assemble(printable(branch.name), "  ", (severity, _STYLES.get(severity, "")))
        tree = Tree(label, guide_style="dim")
        tree.children += map(grow, branch.branches)
        return tree

    console = Console(highlight=False)
    for branch in branches:
        console.print(grow(branch))


def _write_branches(branches: Sequence[Branch], indent: str) -> None:
    for branch in branches:
        write(f"{indent}{printable(branch.name)}  {branch.severity or ''}".rstrip())
        _write_branches(branch.branches, f"{indent}  ")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_cell, value))
    text = printable(str(value))
    if len(text) >= 19 and text[10:11] == "T" and text[4:5] == text[7:8] == "-":
        return text[:16].replace("T", " ").removesuffix(" 00:00")  # seconds are for programs
    return text


def _draw(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for gap in (2, 1):
        widths = _widths(columns, cells, console.width - gap * (len(columns) - 1))
        if widths:
            break
    else:
        # Too narrow for columns: a paragraph for each row.
        for number, line in enumerate(cells):
            if number:
                console.print()
            for name, cell in zip(columns, line, strict=True):
                if cell:
                    label = Text(f"{name.replace('_', ' ')}: ", style="dim")
                    console.print(label + Text(cell, style=_STYLES.get(cell, "")))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap - 1, 0, 0), show_edge=False)
    for name, width, column in zip(columns, widths, zip(*cells, strict=True), strict=True):
        side: Any = "right" if all(map(_is_number, column)) else "left"
        table.add_column(name.replace("_", " "), width=width, overflow="fold", justify=side)
    for line in cells:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in line))
    console.print(table)


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> list[int]:
    """Find widths of columns that leave numbers and short words whole; none if there are none."""
    widths, needed = [], []
    for name, column in zip(columns, zip(*cells, strict=True), strict=True):
        heads = [len(word) for word in name.split("_")]
        is_number = all(map(_is_number, column))
        widths.append(max(max(heads) if is_number else len(name), *map(len, column)))
        needed.append(widths[-1] if is_number else max(*heads, *map(_needed, column)))
    while sum(widths) > room:
        wide = [each for each, width in enumerate(widths) if width > needed[each]]
        if not wide:
            return []
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def _needed(cell: str) -> int:
    """Tell how wide a cell has to be."""
    longest = max(map(len, cell.split()), default=0)
    return longest if cell in _STYLES else min(longest, _NARROWEST)


def _is_number(cell: str) -> bool:
    return cell == "" or re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?|inf|nan", cell) is not None
