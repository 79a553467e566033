"""What was changed or left out while a document was read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientsmith.reading.documents import to_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Notes"]

_SHOWN = 3


@dataclass
class Notes:
    """Collects notes by what they say.

    Args:
        by_text: The places that each note is about, as JSON pointers.
    """

    by_text: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, text: str, place: tuple[str, ...]) -> None:
        """Note something.

        Args:
            text: What was done, without what differs from place to place.
            place: Where.
        """
        pointer = to_pointer(place)
        if pointer not in self.by_text[text]:
            self.by_text[text].append(pointer)

    def lines(self, *, all_places: bool = False) -> Iterator[str]:
        """Write the notes, the most frequent first, each with its places.

        Args:
            all_places: Whether to write every place.
        """
        for text, places in sorted(self.by_text.items(), key=lambda item: (-len(item[1]), item[0])):
            yield f"{len(places):5} x {text}"
            shown = places if all_places else places[:_SHOWN]
            yield from (f"          #{place}" for place in shown)
            if len(shown) < len(places):
                yield f"          and {len(places) - len(shown)} more"
