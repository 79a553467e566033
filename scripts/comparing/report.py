"""What a comparison prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comparing.review import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comparing.review import Reviewed


def report(reviewed: Reviewed, *, with_stale: bool = True) -> Iterator[str]:
    """Write the outcome of a comparison, line by line.

    Args:
        reviewed: The outcome.
        with_stale: Whether entries that explain nothing are listed.

    Yields:
        Lines: every intended difference below its reason, the stale entries, what is not
        explained, and last the counts, which is what one wants to see first in a terminal.
    """
    for entry, differences in reviewed.intended:
        yield f"intended, {len(differences)}: {entry.reason}"
        yield from (f"  {difference}" for difference in differences)
        yield ""
    if with_stale and reviewed.stale:
        yield f"stale entries, {len(reviewed.stale)}: they explain no difference"
        yield from (f"  {entry.pointer}: {', '.join(entry.places)}" for entry in reviewed.stale)
        yield ""
    if reviewed.unexplained:
        yield f"not explained, {len(reviewed.unexplained)}:"
        yield from (f"  {difference}" for difference in reviewed.unexplained)
        yield ""
    yield from _table(reviewed.counts)


def _table(counts: dict[str, Count]) -> Iterator[str]:
    total = Count(
        sum(count.compared for count in counts.values()),
        sum(count.equal for count in counts.values()),
        sum(count.intended for count in counts.values()),
        sum(count.differing for count in counts.values()),
    )
    width = max(map(len, ("total", *counts)))
    columns = ("compared", "equal", "intended", "differing")
    yield f"{'':<{width}} " + " ".join(f"{column:>9}" for column in columns)
    for kind, count in (*counts.items(), ("total", total)):
        numbers = (getattr(count, column) for column in columns)
        yield f"{kind:<{width}} " + " ".join(f"{number:>9}" for number in numbers)
