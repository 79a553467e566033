"""Pages that show files of the repository, so that links into the source lead somewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from clientsmith.targets import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["source_page"]

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{name}</title>
<style>
body {{ margin: 1rem; font: 14px/1.5 ui-monospace, monospace }}
pre {{ overflow-x: auto }}
</style>
<h1 style="font-size: 1rem">{name}</h1>
<pre>{content}</pre>
"""


def source_page(path: Path) -> str:
    """Show a file, or what is in a folder.

    Args:
        path: A file or folder of the repository.

    Returns:
        The page.
    """
    if path.is_dir():
        names = (f"{each.name}/" if each.is_dir() else each.name for each in path.iterdir())
        text = "\n".join(sorted(name for name in names if not name.startswith((".", "__pyc"))))
    else:
        text = path.read_text(encoding="utf-8")
    return _PAGE.format(name=path.relative_to(REPOSITORY).as_posix(), content=escape(text))
