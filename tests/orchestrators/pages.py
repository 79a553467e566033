"""Runs the Python of a page of the documentation."""

from __future__ import annotations

from typing import Any

from docs.blocks import DOCS, blocks_of


def run_page(page: str, replaced: dict[str, str]) -> dict[str, Any]:
    """Run the blocks of Python on a page, one after another.

    Args:
        page: The name of the file.
        replaced: What stands on the page, and what it is replaced by.

    Returns:
        The names that they define.
    """
    names: dict[str, Any] = {"__name__": "page"}
    blocks = [block for block in blocks_of(DOCS / page) if block.language == "python"]
    assert blocks
    for block in blocks:
        code = block.code
        for there, here in replaced.items():
            code = code.replace(there, here)
        exec(compile(code, f"{block.page}:{block.line}", "exec"), names)
    return names
