"""Types of OpenAPI documents as short texts that can be compared.

The same type has the same text in Swagger 2 and OpenAPI 3.0 and 3.1: `string(date-time)`,
`list of Pet`, `map of integer(int64)`, `Pet or null`, `any`. A list of values is part of the type
where it stands, so it does not matter whether a document gives it a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import from_pointer, to_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST = 40
_FILE = "string(binary)"


class Types:
    """Writes the types of one document; what is broken in it is told with a `PipelineError`.

    Args:
        document: The document.
        name: What errors call it.
    """

    def __init__(self, document: Mapping[str, Any], name: str) -> None:
        self._document = document
        self._name = name

    def resolve(self, value: Any, place: str) -> dict[str, Any]:
        """Follow references until there is none.

        Args:
            value: A definition, or a reference to one.
            place: Where it stands, as a JSON pointer.

        Returns:
            The definition.

        Raises:
            PipelineError: It is no mapping, or a reference leads nowhere or out of the document.
        """
        for _ in range(_DEEPEST):
            if not isinstance(value, dict):
                raise PipelineError("expected a mapping", self._name, place)
            reference = value.get("$ref")
            if reference is None:
                return value
            value = self._lookup(reference, f"{place}/$ref")
        raise PipelineError("the reference leads back to itself", self._name, place)

    def values(self, schema: Any, place: str) -> list[str] | None:
        """Give the values of an enumeration, or None where a schema is none."""
        if schema is True:
            return None
        inner, _ = self._unwrap(schema, place)
        inner = self.resolve(inner, place)
        if "enum" not in inner:
            return [_text(inner["const"])] if "const" in inner else None
        return [_text(value) for value in self._list(inner, "enum", place) if value is not None]

    def is_nullable(self, schema: Any, place: str) -> bool:
        """Tell whether null is a value of a schema, apart from what it may refer to."""
        return schema is not True and self._unwrap(schema, place)[1]

    def text(self, schema: Any, place: str, depth: int = 0) -> str:
        """Write a type.

        Args:
            schema: The schema.
            place: Where it stands, as a JSON pointer.
            depth: How deep it is in another one.

        Returns:
            The text.
        """
        if depth > _DEEPEST:
            raise PipelineError("is nested too deeply", self._name, place)
        if schema is True:
            return "any"
        inner, is_nullable = self._unwrap(schema, place)
        resolved = self.resolve(inner, place)
        values = self.values(inner, place)
        if values is not None:
            text = f"one of {', '.join(sorted(values))}"
        elif "$ref" in inner:
            text = from_pointer(inner["$ref"][1:])[-1]
        else:
            text = self._plain(resolved, place, depth + 1)
        return f"{text} or null" if is_nullable and text != "any" else text

    def properties(self, schema: Any, place: str, depth: int = 0) -> dict[str, Any] | None:
        """List the properties of an object, those that it takes over by `allOf` included.

        Returns:
            The schemas by name, with those taken over first; None where the schema is no object
            that has any.
        """
        if depth > _DEEPEST:
            raise PipelineError("is nested too deeply", self._name, place)
        resolved = self.resolve(schema, place)
        found: dict[str, Any] = {}
        is_object = "properties" in resolved
        for index, part in enumerate(self._list(resolved, "allOf", place)):
            inherited = self.properties(part, f"{place}/allOf/{index}", depth + 1)
            is_object = is_object or inherited is not None
            found.update(inherited or {})
        own = resolved.get("properties", {})
        if not isinstance(own, dict):
            raise PipelineError("expected a mapping", self._name, f"{place}/properties")
        found.update(own)
        return found if is_object else None

    def required(self, schema: Any, place: str) -> set[str]:
        """List the properties that an object must have, those by `allOf` included."""
        resolved = self.resolve(schema, place)
        names: set[str] = set(map(str, self._list(resolved, "required", place)))
        for index, part in enumerate(self._list(resolved, "allOf", place)):
            names |= self.required(part, f"{place}/allOf/{index}")
        return names

    def _unwrap(self, schema: Any, place: str) -> tuple[dict[str, Any], bool]:
        """Take away what only adds null or a description: the schema itself, and whether null."""
        is_nullable = False
        for _ in range(_DEEPEST):
            if not isinstance(schema, dict):
                raise PipelineError("expected a mapping", self._name, place)
            if "$ref" in schema:
                return schema, is_nullable
            kinds = schema.get("type")
            is_nullable |= bool(schema.get("nullable") or schema.get("x-nullable"))
            is_nullable |= isinstance(kinds, list) and "null" in kinds
            is_nullable |= None in self._list(schema, "enum", place)
            inner = self._only_alternative(schema, place)
            if inner is None:
                return schema, is_nullable
            is_nullable |= "allOf" not in schema
            schema = inner
        raise PipelineError("is nested too deeply", self._name, place)

    def _only_alternative(self, schema: dict[str, Any], place: str) -> Any:
        """Give what is left of alternatives without null, or what the only `allOf` refers to."""
        for keyword in ("anyOf", "oneOf"):
            alternatives = self._list(schema, keyword, place)
            others = [item for item in alternatives if item != {"type": "null"}]
            if len(others) == 1 < len(alternatives):
                return others[0]
        # `allOf` with one reference is how OpenAPI 3.0 gives a reference a description.
        parts = self._list(schema, "allOf", place)
        return parts[0] if len(parts) == 1 and "properties" not in schema else None

    def _plain(self, schema: dict[str, Any], place: str, depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = " or ".join(sorted(str(item) for item in kind if item != "null"))
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                texts = {
                    self.text(item, f"{place}/{keyword}/{index}", depth)
                    for index, item in enumerate(self._list(schema, keyword, place))
                }
                return " or ".join(sorted(texts))
        if kind == "array" or "items" in schema:
            return f"list of {self.text(schema.get('items', True), f'{place}/items', depth)}"
        properties = self.properties(schema, place)
        if properties:
            required = self.required(schema, place)
            members = ", ".join(
                f"{name}{'' if name in required else '?'}: "
                + self.text(value, f"{place}/properties/{name}", depth)
                for name, value in properties.items()
            )
            return f"object with {members}"
        additional = schema.get("additionalProperties")
        if isinstance(additional, dict) and additional:
            return f"map of {self.text(additional, f'{place}/additionalProperties', depth)}"
        if kind is None:
            return "object" if "additionalProperties" in schema else "any"
        if kind == "file":
            return _FILE
        format_name = schema.get("format")
        return f"{kind}({format_name})" if format_name else str(kind)

    def _list(self, schema: dict[str, Any], keyword: str, place: str) -> list[Any]:
        value = schema.get(keyword, [])
        if not isinstance(value, list):
            raise PipelineError("expected an array", self._name, f"{place}/{keyword}")
        return value

    def _lookup(self, reference: Any, place: str) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            message = f"{reference!r} leads out of the document, which is not supported"
            raise PipelineError(message, self._name, place)
        value: Any = self._document
        try:
            for part in from_pointer(reference[1:]):
                value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise PipelineError(f"{reference!r} leads nowhere", self._name, place) from None
        return value


def child(place: str, *parts: str | int) -> str:
    """Give the JSON pointer of something inside a place."""
    return place + to_pointer(parts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
