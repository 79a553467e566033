# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Suggestions for misspelt names."""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean"]

# How many names are offered.
_MOST = 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest names for a misspelt one.

    Args:
        name: The misspelt name.
        known: The valid names.

    Returns:
        The end of an error message; empty if no name is close.
    """
    from difflib import get_close_matches  # takes longer to import than most programs need it

    by_lower = {each.lower(): each for each in sorted(known)}
    similar = get_close_matches(str(name).lower(), by_lower, n=_MOST, cutoff=0.6)
    names = [repr(by_lower[each]) for each in similar]
    return f"; did you mean {' or '.join(names)}?" if names else ""
