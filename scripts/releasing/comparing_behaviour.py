"""What a difference between two tables of behaviour means; docs/versioning.md has the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from releasing.differences import Difference

if TYPE_CHECKING:
    from releasing.facts import Facts

__all__ = ["compare_behaviour"]


def compare_behaviour(old: Facts, new: Facts) -> list[Difference]:
    """Compare two releases.

    Args:
        old: The facts about the released one.
        new: The facts about the other one.

    Returns:
        What differs.
    """
    found = []
    for name, text in old.items():
        if name not in new:
            found.append(Difference(name=name, what="gone", level="major"))
        elif new[name] != text:
            found.append(Difference(name=name, what=f"{text} -> {new[name]}", level="major"))
    found += [Difference(name=name, what="new", level="minor") for name in new if name not in old]
    return sorted(found, key=lambda each: each.name)
