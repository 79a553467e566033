# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Splits strings in which a server writes known words with nothing between them."""

from __future__ import annotations

import re
from functools import cache
from string import ascii_letters
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["split_words"]

# Java has these beside those of the time zone database.
_JAVA_ZONE_IDS = (
    "ROC",
    *(f"SystemV/{name}" for name in ("AST4", "AST4ADT", "CST6", "CST6CDT", "EST5", "EST5EDT")),
    *(f"SystemV/{name}" for name in ("HST10", "MST7", "MST7MDT", "PST8", "PST8PDT", "YST9")),
    "SystemV/YST9YDT",
)


def _zone_ids() -> frozenset[str]:
    """List the time zones: the database of dateutil, which is part of it, and the system's."""
    import warnings
    from zoneinfo import available_timezones

    with warnings.catch_warnings():
        # dateutil prefers the system's database; its own is the one that is there everywhere.
        warnings.simplefilter("ignore")
        from dateutil.zoneinfo import get_zonefile_instance

        names = set(get_zonefile_instance().zones)
    return frozenset(names | available_timezones() | set(_JAVA_ZONE_IDS))


_VOCABULARIES: dict[str, Callable[[], frozenset[str]]] = {"zone-ids": _zone_ids}

# Between an unknown word and the area of the next one: `America/NewtownEurope/Rome`.
_SEAM = r"(?<=[a-z0-9])(?=[A-Z][A-Za-z])"


@cache
def _pattern(vocabulary: str) -> re.Pattern[str]:
    # By area, because an expression tries one alternative after the other. The longest first:
    # `Etc/GMT` begins `Etc/GMT+1`.
    areas: dict[str, list[str]] = {}
    for word in sorted(_VOCABULARIES[vocabulary](), key=len, reverse=True):
        area, slash, place = word.partition("/")
        areas.setdefault(area + slash, []).append(re.escape(place))
    return re.compile(
        "|".join(
            f"{re.escape(area)}(?:{'|'.join(areas[area])})"
            for area in sorted(
                areas, key=lambda area: (area.endswith("/"), len(area)), reverse=True
            )
        )
    )


def split_words(text: str, vocabulary: str) -> list[str]:
    """Split a string into its words.

    Args:
        text: Words with nothing between them; white space and commas between them do no harm.
        vocabulary: Which words are known; `zone-ids` are time zones.

    Returns:
        The words in their order. What lies between two known words is a word too, or several,
        where it looks like several.
    """
    words: list[str] = []
    end = 0
    for found in _pattern(vocabulary).finditer(text):
        words += _unknown_words(text[end : found.start()])
        words.append(found[0])
        end = found.end()
    return words + _unknown_words(text[end:])


def _unknown_words(text: str) -> list[str]:
    return [word for part in re.split(r"[\s,]+", text) for word in _apart(part) if word]


def _apart(text: str) -> Iterator[str]:
    """Split unknown words at the beginnings of areas, which are all letters up to a slash."""
    word = ""
    *areas, last = text.split("/")
    for area in areas:
        letters = max(0, len(area.rstrip(ascii_letters)) - 1)
        first, *further = re.split(_SEAM, area[letters:])
        word += area[:letters] + first
        for begun in further:
            yield word
            word = begun
        word += "/"
    yield word + last
