"""The schemas of a lowered document and the classes that they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FILE", "ORIGINAL_NAME", "Types", "component_name", "plain"]

#: Set on a binary property of a form of several parts: it is a file there, and no JSON.
FILE = "x-file"

#: The name of a component in the document, where the pipeline gave it another one.
ORIGINAL_NAME = "x-original-name"


@dataclass(frozen=True)
class Types:
    """What the kinds of a document are made from.

    Attributes:
        schemas: The component schemas of the lowered document.
        classes: Class and module of the component schemas that are objects or enumerations.
        is_lenient: Whether binary values within JSON are strings, which they can only be.
    """

    schemas: dict[str, Any]
    classes: Mapping[str, tuple[str, str]]
    is_lenient: bool = False

    def spelt(self, name: str) -> str:
        """Give the name that the document first had for a component."""
        schema = self.schemas[name]
        return str(schema.get(ORIGINAL_NAME, name)) if isinstance(schema, dict) else name

    def plain(self, schema: Any) -> dict[str, Any]:
        """Follow references to the schema that counts."""
        return plain(schema, self.schemas)


def component_name(reference: Any) -> str:
    """Take the name of a component out of a reference; empty where it is none."""
    return reference.rpartition("/")[2] if isinstance(reference, str) else ""


def plain(schema: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """Follow references.

    Args:
        schema: A schema out of the document.
        schemas: The component schemas of the document.

    Returns:
        The schema that counts.
    """
    found: dict[str, Any] = schema if isinstance(schema, dict) else {}
    seen: set[str] = set()
    while True:
        if "allOf" in found and len(found["allOf"]) == 1:
            # Another way to write a reference with a description beside it.
            (found,) = found["allOf"]
        if "$ref" not in found or found["$ref"] in seen:
            return found
        seen.add(found["$ref"])
        found = schemas.get(component_name(found["$ref"]), {})
