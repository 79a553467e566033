"""Facts about two things of one kind, and where they disagree.

A fact is a value at a place, such as "required" at `GET /pets parameter limit`. Facts form a tree:
where one side lacks a place altogether, everything below it is counted with it, not listed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Change: TypeAlias = Literal["missing", "extra", "different"]

ANYTHING = "*/*"


@dataclass(frozen=True)
class Fact:
    """One fact about one side.

    Args:
        kind: What is counted together, such as "parameter".
        value: What has to agree; for the rules other than "equal" words with commas between them.
        parent: The place that this one is part of.
        rule: When two values agree: when they are "equal"; when ours begins with all of theirs
            ("prefix"); when what both name comes in the same order ("order"); when they are equal
            or either is `*/*` ("media").
        belongs_to_value: Whether a difference between the values of the parents explains that one
            side lacks this fact.
    """

    kind: str
    value: str = ""
    parent: str | None = None
    rule: Literal["equal", "prefix", "order", "media"] = "equal"
    belongs_to_value: bool = False

    def agrees(self, ours: Fact) -> bool:
        """Tell whether our value is as good as this one."""
        if self.value == ours.value:
            return True
        if self.rule == "media":
            return ANYTHING in {self.value, ours.value}
        if self.rule == "equal":
            return False
        theirs_words, our_words = self.value.split(", "), ours.value.split(", ")
        if self.rule == "prefix":
            return not self.value or our_words[: len(theirs_words)] == theirs_words
        return [word for word in theirs_words if word in our_words] == [
            word for word in our_words if word in theirs_words
        ]


Facts: TypeAlias = "Mapping[str, Fact]"


@dataclass(frozen=True)
class Difference:
    """A place where the two sides disagree.

    Args:
        place: Where.
        kind: What is counted together.
        change: What we do: lack it, have it in addition, or have it with another value.
        theirs: Their value; empty where it is `extra`.
        ours: Our value; empty where it is `missing`.
    """

    place: str
    kind: str
    change: Change
    theirs: str = ""
    ours: str = ""

    def __str__(self) -> str:
        if self.change == "different":
            return (
                f"different  {self.place}: {self.theirs or 'nothing'} -> {self.ours or 'nothing'}"
            )
        value = self.theirs or self.ours
        return f"{self.change:<10} {self.place}{f': {value}' if value else ''}"


@dataclass(frozen=True)
class Comparison:
    """The outcome of a comparison.

    Args:
        kinds: The kind of every place that was compared.
        differences: The places where the sides disagree.
        covered: Places that are not listed because one that they are part of is, with that one.
    """

    kinds: Mapping[str, str]
    differences: tuple[Difference, ...]
    covered: Mapping[str, str]


def compare(theirs: Facts, ours: Facts, *, only_ours: bool = False) -> Comparison:
    """Compare two sides.

    Args:
        theirs: The facts of the side to measure against.
        ours: The facts of our side.
        only_ours: Whether what is missing as a whole (places that are part of no other) is left
            out.

    Returns:
        What was compared, and where the sides disagree, sorted by place.
    """
    kinds: dict[str, str] = {}
    covered: dict[str, str] = {}
    differences: dict[str, Difference] = {}
    left_out: set[str] = set()
    places = {**theirs, **ours}
    # A parent comes before what is part of it, whatever order the sides were read in.
    for place in sorted(places, key=lambda place: (_depth(place, places), place)):
        their_fact, our_fact = theirs.get(place), ours.get(place)
        fact = places[place]
        parent = fact.parent
        if parent in left_out or (only_ours and our_fact is None and parent is None):
            left_out.add(place)
            continue
        kinds[place] = fact.kind
        difference = _difference(place, their_fact, our_fact)
        if difference is None:
            continue
        listed = covered.get(parent, parent) if parent is not None else None
        above = differences.get(listed) if listed is not None else None
        if (
            listed is not None
            and above is not None
            and difference.change != "different"
            and (above.change == difference.change or fact.belongs_to_value)
        ):
            covered[place] = listed
        else:
            differences[place] = difference
    return Comparison(kinds, tuple(differences[place] for place in sorted(differences)), covered)


def _difference(place: str, theirs: Fact | None, ours: Fact | None) -> Difference | None:
    if theirs is None:
        assert ours is not None
        return Difference(place, ours.kind, "extra", ours=ours.value)
    if ours is None:
        return Difference(place, theirs.kind, "missing", theirs=theirs.value)
    if theirs.agrees(ours):
        return None
    return Difference(place, theirs.kind, "different", theirs.value, ours.value)


def _depth(place: str, facts: Facts) -> int:
    depth = 0
    parent = facts[place].parent
    while parent is not None and parent in facts:  # else it is of a module that is not compared
        depth += 1
        parent = facts[parent].parent
    return depth
