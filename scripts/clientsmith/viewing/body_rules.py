"""What a specification says about request bodies beyond their schemas: three marks of our own.

`x-refused` on a property: the server takes it and breaks. `x-needed` on a property: the server
fails without it. `x-empty` on a request body: there is none, but the server wants its media type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.types import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = "x-refused"
NEEDED = "x-needed"
EMPTY = "x-empty"
CONTENT_TYPE = "x-content-type"


def name_empty_bodies(bundle: dict[str, Any]) -> dict[str, Any]:
    """Put the media type of request bodies that are always empty in the place of the body.

    Args:
        bundle: The bundled document; it is changed.

    Returns:
        The document, for the generator, which knows no body without a schema.
    """
    bodies = bundle.get("components", {}).get("requestBodies", {})
    for item in bundle.get("paths", {}).values():
        for method in METHODS:
            operation = item.get(method, {})
            body = operation.get("requestBody", {})
            if "$ref" in body:
                body = bodies[body["$ref"].rpartition("/")[2]]
            if body.get(EMPTY) is True:
                del operation["requestBody"]
                (operation[CONTENT_TYPE],) = body["content"]
    return bundle


class BodyRules:
    """Finds marked properties in the schemas of request bodies.

    Args:
        schemas: The component schemas of the bundled document.
    """

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas
        self._reaching: dict[str, bool] = {}

    def of(self, schema: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """List the marked properties that a body can hold.

        Args:
            schema: The schema of the body.

        Returns:
            The refused and the needed ones: where they are in the body, with dots between the names
            and `*` for every item of an array or a map, and the reason.

        Raises:
            PipelineError: A reason is no text.
        """
        found = list(self._walk(schema, (), frozenset()))
        return (
            [(place, reason) for mark, place, reason in found if mark == REFUSED],
            [(place, reason) for mark, place, reason in found if mark == NEEDED],
        )

    def _walk(
        self, schema: Any, place: tuple[str, ...], inside: frozenset[str]
    ) -> Iterator[tuple[str, str, str]]:
        if not isinstance(schema, dict):
            return
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and (name in inside or not self._reaches(name)):
            return
        inside |= {name}
        resolved = plain(schema, self._schemas)
        for key, inner in resolved.get("properties", {}).items():
            yield from _marks(inner, (*place, key))
            yield from self._walk(inner, (*place, key), inside)
        for keyword in ("items", "additionalProperties"):
            yield from self._walk(resolved.get(keyword), (*place, "*"), inside)

    def _reaches(self, name: str) -> bool:
        """Tell whether there is a mark in a schema, or in one that it refers to."""
        if name not in self._reaching:
            self._reaching[name] = False  # until it is known, for schemas that hold themselves
            waiting, seen = [name], {name}
            while waiting and not self._reaching[name]:
                for inner in _inner_schemas(self._schemas.get(waiting.pop(), {})):
                    self._reaching[name] |= REFUSED in inner or NEEDED in inner
                    other = str(inner.get("$ref", "")).rpartition("/")[2]
                    if other and other not in seen:
                        seen.add(other)
                        waiting.append(other)
        return self._reaching[name]


def _inner_schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [schema]
    while waiting:
        found = waiting.pop()
        yield found
        inner = [*found.get("properties", {}).values(), *found.get("anyOf", ())]
        inner += [found.get("items"), found.get("additionalProperties")]
        waiting += [each for each in inner if isinstance(each, dict)]


def _marks(schema: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for mark in (REFUSED, NEEDED):
        if isinstance(schema, dict) and mark in schema:
            reason = schema[mark]
            if not isinstance(reason, str) or not reason.strip():
                raise PipelineError(f"{mark} must give the reason as a string")
            yield mark, ".".join(place), " ".join(reason.split())


__all__ = ["CONTENT_TYPE", "EMPTY", "NEEDED", "REFUSED", "BodyRules", "name_empty_bodies"]
