"""The finder: from what people want to do to the operation that does it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from docsite.catalogue import described_operations
from docsite.markdown import plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["aliases_of", "finder_page"]

_FILE = Path(__file__).with_name("finder.yaml")


def finder_page() -> tuple[str, str]:
    """Write the page.

    Returns:
        Its file name and its Markdown.

    Raises:
        KeyError: `finder.yaml` names an operation that there is not.
    """
    return "finder.md", "\n".join(_lines())


def aliases_of(operation: str) -> list[str]:
    """Tell under which other words people may look for an operation.

    Args:
        operation: Its name.

    Returns:
        The words.
    """
    return [
        alias
        for section in _sections()
        for row in section["rows"]
        if row["operation"] == operation
        for alias in (row["want"], *row.get("aliases", ()))
    ]


def _lines() -> Iterator[str]:
    by_name = {each.name: each for each in described_operations()}
    yield from ("# What do you want to do?", "")
    yield "From a task to the operation that does it. What a guide is better for is told beside it."
    yield ""
    for section in _sections():
        yield from (f"## {section['title']}", "")
        if "text" in section:
            yield from (plain(section["text"]), "")
        rows = []
        for row in section["rows"]:
            found = by_name[row["operation"]]
            call = row.get("call") or f"dq.{found.group}.{found.short_name}(...)"
            link = f"[{found.name}](operations/{found.group}.md#{found.name})"
            also = ", ".join(row.get("aliases", ()))
            rows.append((row["want"], f"{link}: `{call}`", also, row.get("guide", "")))
        has_guides = any(row[3] for row in rows)
        head = ("you want", "operation", "also looked for as", "better")
        yield from table(
            head if has_guides else head[:3], rows if has_guides else [row[:3] for row in rows]
        )


@lru_cache(maxsize=1)
def _sections() -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return sections
