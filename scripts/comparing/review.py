"""The differences that are intended, each with its reason, in a reviewed YAML file.

::

    intended:
      - place: "pets.models.phantom*"   # or a list of them; `*` stands for any text
        change: missing                 # optional: missing, extra or different
        theirs: "integer*"              # optional: their value
        ours: "string*"                 # optional: our value
        reason: No server ever sends it.

The first entry that matches a difference explains it. An entry, or one pattern of it, that explains
nothing is stale: the sides have come together, or the pattern has a typing error.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import Document, Location, load_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comparing.facts import Comparison, Difference

_KEYS = ("place", "change", "theirs", "ours", "reason")
_CHANGES = ("missing", "extra", "different")


@dataclass(frozen=True)
class Intended:
    """One entry of the file.

    Args:
        places: Patterns of places.
        reason: Why the difference is intended.
        change: What kind of difference; any if None.
        theirs: A pattern of their value; any if None.
        ours: A pattern of our value; any if None.
        pointer: Where the entry is in its file.
    """

    places: tuple[str, ...]
    reason: str
    change: str | None = None
    theirs: str | None = None
    ours: str | None = None
    pointer: str = ""

    def explains(self, difference: Difference) -> str | None:
        """Give the pattern by which the entry is about a difference, or None."""
        if (
            self.change not in {None, difference.change}
            or (self.theirs is not None and not _matches(self.theirs, difference.theirs))
            or (self.ours is not None and not _matches(self.ours, difference.ours))
        ):
            return None
        return next((each for each in self.places if _matches(each, difference.place)), None)


@dataclass
class Count:
    """What became of the places of one kind."""

    compared: int = 0
    equal: int = 0
    intended: int = 0
    differing: int = 0


@dataclass(frozen=True)
class Reviewed:
    """A comparison, held against the intended differences.

    Args:
        counts: By kind, sorted.
        intended: The differences that each entry explains.
        unexplained: The differences that no entry explains.
        stale: The entries that explain nothing, or only those of their patterns that do not.
    """

    counts: dict[str, Count]
    intended: list[tuple[Intended, list[Difference]]]
    unexplained: list[Difference]
    stale: list[Intended]


def load_intended(path: Path) -> list[Intended]:
    """Read the intended differences.

    Args:
        path: The YAML file; one that does not exist lists none.

    Returns:
        The entries in the order of the file.

    Raises:
        PipelineError: The file cannot be read, or an entry is not as it has to be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"cannot be read: {error}", path.name) from error
    document = Document(path, path.name, load_text(text, path.name))
    entries = document.content.get("intended")
    root = Location(document)
    if set(document.content) != {"intended"} or not isinstance(entries, list):
        raise root.error("expected a mapping with the one key 'intended', an array")
    return [_intended(entry, root.child("intended", index)) for index, entry in enumerate(entries)]


def review(comparison: Comparison, entries: Sequence[Intended]) -> Reviewed:
    """Hold a comparison against the intended differences.

    Args:
        comparison: What was found.
        entries: What is intended.

    Returns:
        The counts, and every difference with the entry that explains it, if one does.
    """
    explained: list[list[Difference]] = [[] for _ in entries]
    used: list[set[str]] = [set() for _ in entries]
    unexplained: list[Difference] = []
    states: dict[str, str] = {}
    for difference in comparison.differences:
        for index, entry in enumerate(entries):
            pattern = entry.explains(difference)
            if pattern is not None:
                explained[index].append(difference)
                used[index].add(pattern)
                states[difference.place] = "intended"
                break
        else:
            unexplained.append(difference)
            states[difference.place] = "differing"
    counts: dict[str, Count] = {kind: Count() for kind in sorted(set(comparison.kinds.values()))}
    totals = Counter(
        (kind, states.get(comparison.covered.get(place, place), "equal"))
        for place, kind in comparison.kinds.items()
    )
    for (kind, state), number in totals.items():
        counts[kind].compared += number
        setattr(counts[kind], state, number)
    stale = [
        replace(entry, places=tuple(place for place in entry.places if place not in matched))
        for entry, matched in zip(entries, used, strict=True)
        if not matched.issuperset(entry.places)
    ]
    pairs = zip(entries, explained, strict=True)
    return Reviewed(counts, [(entry, found) for entry, found in pairs if found], unexplained, stale)


def _intended(entry: Any, location: Location) -> Intended:
    if not isinstance(entry, dict):
        raise location.error(f"expected a mapping with the keys {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            raise location.child(key).error(f"unknown key {key!r}; known: {', '.join(_KEYS)}")
    places = entry.get("place")
    places = [places] if isinstance(places, str) else places
    if not isinstance(places, list) or not places or not all(isinstance(x, str) for x in places):
        raise location.error("'place' must be a pattern or a list of patterns")
    for key in ("reason", "change", "theirs", "ours"):
        value = entry.get(key)
        if not (isinstance(value, str) and value) and (key in entry or key == "reason"):
            raise location.error(f"{key!r} must be a string")
    if entry.get("change", "missing") not in _CHANGES:
        raise location.child("change").error(f"expected one of {', '.join(_CHANGES)}")
    return Intended(
        tuple(places),
        entry["reason"],
        entry.get("change"),
        entry.get("theirs"),
        entry.get("ours"),
        str(location),
    )


def _matches(pattern: str, text: str) -> bool:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, text, re.DOTALL) is not None
