"""Names with `*` in them, as filters have them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["has_labels", "matches"]


def matches(pattern: str | None, text: str | None) -> bool:
    """Compare a name with a pattern.

    Args:
        pattern: A name in which `*` stands for any characters, whatever their case; None or empty
            matches everything.
        text: The name; None (no column, for example) matches only a pattern that is absent.

    Returns:
        Whether it matches.
    """
    if not pattern:
        return True
    if text is None:
        return False
    return _compiled(pattern).fullmatch(text) is not None


def has_labels(wanted: Iterable[str] | None, labels: Iterable[str]) -> bool:
    """Tell whether something has all labels that a filter asks for.

    Args:
        wanted: The labels, or patterns of labels; None for no condition.
        labels: The labels that it has.

    Returns:
        Whether it has.
    """
    own = list(labels)
    return all(any(matches(pattern, label) for label in own) for pattern in wanted or ())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.compile(".*".join(parts), re.DOTALL | re.IGNORECASE)
