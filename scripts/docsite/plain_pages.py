"""The pages as plain Markdown, and `llms.txt`, which lists them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["plain_markdown", "write_plain_pages"]

_LINK = re.compile(r"\]\((?!\w+://)([^)#\s]*?)\.md(#[^)\s]*)?\)")
_ANCHOR = re.compile(r" \{ #\S+ \}$", re.MULTILINE)
_SUMMARY = """\
# dqops-client

> A typed, tolerant Python client for the REST API of DQOps, the data quality platform: one object
> `DQOps` with every operation as a method, functions as in the official client, jobs and quality
> gates, results as tables, a command `dqopsctl`, and an embedded server for tests.

Each page is plain Markdown. Examples have been run, and the output below them is what they printed.
"""


def write_plain_pages(site: Path, pages: Mapping[str, str]) -> None:
    """Write each page beside its HTML form, and the list of them.

    Args:
        site: The folder of the built site.
        pages: The pages by their file names.
    """
    for name, text in pages.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plain_markdown(text), encoding="utf-8")
    (site / "llms.txt").write_text("\n".join(_listing(pages)) + "\n", encoding="utf-8")


def plain_markdown(text: str) -> str:
    """Write a page without what only the site understands.

    Args:
        text: The page.

    Returns:
        The same with tabs and notes as paragraphs.
    """
    lines: list[str] = []
    is_inside = False
    for line in text.split("\n"):
        opening = re.fullmatch(r"(?:===|!!!|\?\?\?) (?:\w+ )?\"(.*)\"", line)
        if opening:
            is_inside = True
            lines.append(f"**{opening[1]}**")
        elif is_inside and line and not line.startswith("    "):
            is_inside = False
            lines.append(line)
        else:
            lines.append(line[4:] if is_inside else line)
    return _ANCHOR.sub("", "\n".join(lines))


def _listing(pages: Mapping[str, str]) -> Iterator[str]:
    yield _SUMMARY
    sections = {
        "": "Guides",
        "operations": "Operations",
        "models": "Models",
        "reference": "Reference",
    }
    for folder, title in sections.items():
        yield f"## {title}"
        yield ""
        for name in sorted(pages):
            if name.rpartition("/")[0] == folder:
                yield f"- [{_title(pages[name])}]({name})"
        yield ""


def _title(text: str) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].replace("`", "") if found else "Page"
