"""What a difference between two specifications means; docs/versioning.md has the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from releasing.differences import Difference
from releasing.facts import parent_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from releasing.differences import Level
    from releasing.facts import Facts

__all__ = ["compare_specifications"]

_NEEDED = re.compile(r"^(required|optional) ")
_NOTES = re.compile(r" (?:[\w-]+=.*|always sent.*)$")


def compare_specifications(old: Facts, new: Facts) -> list[Difference]:
    """Compare two specifications.

    Args:
        old: The facts about the released one.
        new: The facts about the other one.

    Returns:
        What differs, by pointer.
    """
    found: list[Difference] = []
    for pointer, text in old.items():
        if pointer in new:
            if new[pointer] != text:
                found += _changed(pointer, text, new[pointer])
        elif _parent(pointer, old) is None or _parent(pointer, old) in new:
            is_error = "/responses/" in pointer and pointer.rpartition("/")[2][0] not in "123"
            level: Level = "minor" if is_error else "major"
            found.append(Difference(name=pointer, what=f"{_kind(pointer)} gone", level=level))
    for pointer, text in new.items():
        parent = _parent(pointer, new)
        if pointer not in old and (parent is None or parent in old):
            # A property that is required is an argument that the constructor of a model needs.
            is_needed = text.startswith("required ")
            what = f"{_kind(pointer)} new{', and required' if is_needed else ''}"
            level = "major" if is_needed else "minor"
            found.append(Difference(name=pointer, what=what, level=level))
    return sorted(found, key=lambda each: each.name)


def _parent(pointer: str, facts: Facts) -> str | None:
    parent = parent_of(pointer, "/")
    while parent and parent not in facts:
        parent = parent_of(parent, "/")
    return parent or None


def _kind(pointer: str) -> str:
    parts = pointer.split("/")
    kinds = {
        "enum": "value",
        "parameters": "parameter",
        "properties": "property",
        "requestBody": "body",
        "responses": "status",
        "schemas": "schema",
    }
    return kinds.get(parts[-1]) or kinds.get(parts[-2]) or "operation"


def _changed(pointer: str, old: str, new: str) -> Iterator[Difference]:
    before, after = _NEEDED.match(old), _NEEDED.match(new)
    kind = _kind(pointer)
    if before and after:
        if before[1] != after[1]:
            level: Level = "major" if after[1] == "required" else "minor"
            yield Difference(name=pointer, what=f"{kind} {after[1]} from now on", level=level)
        old, new = old[before.end() :], new[after.end() :]
    if old == new:
        return
    is_same_type = _NOTES.sub("", old) == _NOTES.sub("", new)
    what = f"{kind}: {old} -> {new}"
    # What is always sent, security and other notes change no type that a program gives.
    yield Difference(name=pointer, what=what, level="minor" if is_same_type else "major")
