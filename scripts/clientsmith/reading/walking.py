"""A walk over every object of a bundled document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clientsmith.reading.documents import to_pointer
from clientsmith.reading.grammar import COMPONENT_SECTIONS, FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Found:
    """An object of a document.

    Attributes:
        kind: What it is, a key of `FIELDS`.
        value: The object itself: a mapping, or for a schema also true or false.
        parts: Where it is, as a path of keys and indexes.
    """

    kind: str
    value: Any
    parts: tuple[str, ...]

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return to_pointer(self.parts)


def walk(bundle: dict[str, Any]) -> Iterator[Found]:
    """Visit every object of a bundled document, outer before inner, in the document's order.

    References are visited as they are; what they lead to is visited in its own place.

    Args:
        bundle: The document.

    Yields:
        The objects.
    """
    for path, item in bundle.get("paths", {}).items():
        yield from _walk("path item", item, ("paths", path))
    components = bundle.get("components", {})
    for kind, section in COMPONENT_SECTIONS.items():
        for name, value in components.get(section, {}).items():
            yield from _walk(kind, value, ("components", section, name))


def _walk(kind: str, value: Any, parts: tuple[str, ...]) -> Iterator[Found]:
    yield Found(kind, value, parts)
    if not isinstance(value, dict):
        return
    for key, inner in FIELDS[kind].items():
        if key not in value:
            continue
        item = value[key]
        if inner.endswith("[]"):
            for index, entry in enumerate(item):
                yield from _walk(inner[:-2], entry, (*parts, key, str(index)))
        elif inner.endswith("{}"):
            for name, entry in item.items():
                yield from _walk(inner[:-2], entry, (*parts, key, name))
        else:
            yield from _walk(inner, item, (*parts, key))


__all__ = ["Found", "walk"]
