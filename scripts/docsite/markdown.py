"""Pieces of Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["fenced", "linked", "plain", "table", "tabs"]

_CODE = re.compile(r"(`[^`]*`)")
_NAME = re.compile(r"\b[A-Z]\w+")


def plain(text: str) -> str:
    """Write text of the specification on one line; what is no code is not taken for HTML.

    Args:
        text: The text; code stands between backticks.

    Returns:
        The line.
    """
    parts = _CODE.split(" ".join(text.split()))
    return "".join(
        part if part.startswith("`") else part.replace("<", "&lt;").replace("*", "\\*")
        for part in parts
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write a table.

    Args:
        head: The titles of its columns.
        rows: The cells of each row.

    Yields:
        The lines, with an empty one at the end.
    """
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') or ' ' for cell in cells)} |"
    yield ""


def linked(annotation: str, links: Mapping[str, str]) -> str:
    """Write a Python type whose models are links.

    Args:
        annotation: The type, such as `list[IncidentModel]`.
        links: Where each model is described.

    Returns:
        Markdown.
    """
    annotation = annotation.replace("[", "\\[").replace("]", "\\]")
    return _NAME.sub(
        lambda match: (
            f"[{match.group()}]({links[match.group()]})"
            if match.group() in links
            else match.group()
        ),
        annotation,
    )


def fenced(code: str, language: str = "text") -> Iterator[str]:
    """Write a block of code, in a fence that nothing in it ends.

    Args:
        code: The code.
        language: Its language.

    Yields:
        The lines.
    """
    fence = "```"
    while fence in code:
        fence += "`"
    yield f"{fence}{language}"
    yield from code.split("\n")
    yield fence


def tabs(contents: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Write tabs.

    Args:
        contents: The label and the lines of each.

    Yields:
        The lines, with an empty one at the end.
    """
    for label, lines in contents:
        yield f'=== "{label}"'
        yield ""
        for line in lines:
            yield f"    {line}".rstrip()
        yield ""
