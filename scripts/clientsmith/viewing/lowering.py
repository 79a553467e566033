"""Prepares a bundled document for the views: every object and enumeration gets a name.

Objects and enumerations that stand inside of other schemas become component schemas, named after
what they are in, as openapi-python-client names them. So the kind of every value can be told from
its schema alone, however schemas refer to each other.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from clientsmith.reading.documents import to_pointer
from clientsmith.reading.grammar import METHODS
from clientsmith.reading.walking import walk
from clientsmith.viewing.types import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NULLABLE", "Lowered", "is_class", "lower"]

#: Set on an enum or object that null is a value of, too.
NULLABLE = "x-null-is-a-value"
_MOST_REFERENCES = 64


@dataclass
class Lowered:
    """A document in which only component schemas are objects or enumerations.

    Args:
        document: The document.
        pointers: Where the component schemas that were taken out of others were.
    """

    document: dict[str, Any]
    pointers: dict[str, str] = field(default_factory=dict)

    @property
    def schemas(self) -> dict[str, Any]:
        """The component schemas."""
        found: dict[str, Any] = self.document.get("components", {}).get("schemas", {})
        return found

    def pointer(self, name: str) -> str:
        """Tell where in the bundle a component schema comes from."""
        return self.pointers.get(name, to_pointer(("components", "schemas", name)))


def is_class(schema: Any) -> bool:
    """Tell whether a schema becomes a class: an object or an enumeration."""
    return isinstance(schema, dict) and (
        _is_enum(schema)
        or schema.get("type") == "object"
        or ("properties" in schema and "type" not in schema and _union_of(schema) is None)
    )


def lower(bundle: dict[str, Any]) -> Lowered:
    """Give every object and enumeration of a document a name.

    Args:
        bundle: The bundled document; it is not changed.

    Returns:
        The lowered document.
    """
    return _Lowering(copy.deepcopy(bundle)).lowered()


def _is_enum(schema: dict[str, Any]) -> bool:
    values = schema.get("enum")
    if not isinstance(values, list):
        return False
    kinds = {type(value) for value in values if value is not None}
    return kinds in ({str}, {int})


def _union_of(schema: dict[str, Any]) -> str | None:
    return next((key for key in ("anyOf", "oneOf") if key in schema), None)


def _multipart_schemas(document: dict[str, Any]) -> Iterator[Any]:
    for found in walk(document):
        if found.kind == "media type" and isinstance(found.value, dict):
            media_type = found.parts[-1].partition(";")[0].strip().lower()
            if media_type == "multipart/form-data":
                yield found.value.get("schema")


class _Lowering:
    def __init__(self, document: dict[str, Any]) -> None:
        self._lowered = Lowered(document)
        self._components: dict[str, Any] = document.get("components", {})
        self._named: dict[str, Any] = {}
        # Names in Python, which those that are made here must not take.
        self._taken = {
            str(ClassName(name, "field_")): name for name in self._components.get("schemas", {})
        }

    def lowered(self) -> Lowered:
        document, components = self._lowered.document, self._components
        for schema in list(_multipart_schemas(document)):
            self._mark_files(schema)
        for name, schema in components.get("schemas", {}).items():
            self._named[name] = self._component(name, schema)
        for name, parameter in components.get("parameters", {}).items():
            self._parameter(parameter, name, "", ("components", "parameters", name))
        for section, kind in (("requestBodies", "body"), ("responses", "response")):
            for name, holder in components.get(section, {}).items():
                self._content(holder, name, kind, ("components", section, name))
        for path, item in document.get("paths", {}).items():
            self._path(path, item)
        if self._named:
            document.setdefault("components", {})["schemas"] = self._named
        return self._lowered

    def _path(self, path: str, item: dict[str, Any]) -> None:
        shared = item.get("parameters", [])
        for method in METHODS:
            if method not in item:
                continue
            operation, place = item[method], ("paths", path, method)
            name = str(PythonIdentifier(operation["operationId"], "field_"))
            for index, parameter in enumerate(operation.get("parameters", [])):
                inner: tuple[str, ...] = (*place, "parameters", str(index))
                self._parameter(parameter, name, parameter.get("name", ""), inner)
            for index, parameter in enumerate(shared):
                # Once: an operation that comes first gives the name.
                inner = ("paths", path, "parameters", str(index))
                self._parameter(parameter, name, parameter.get("name", ""), inner)
            if "requestBody" in operation:
                self._content(operation["requestBody"], name, "body", (*place, "requestBody"))
            for status, response in operation.get("responses", {}).items():
                what = f"response_{status}"
                self._content(response, name, what, (*place, "responses", status))

    def _parameter(
        self, parameter: dict[str, Any], parent: str, name: str, place: tuple[str, ...]
    ) -> None:
        if "schema" in parameter:
            parameter["schema"] = self._schema(
                parameter["schema"], parent, name, (*place, "schema")
            )
        for media_type, media in parameter.get("content", {}).items():
            if "schema" in media:
                inner = (*place, "content", media_type, "schema")
                media["schema"] = self._schema(media["schema"], parent, name, inner)

    def _content(
        self, holder: dict[str, Any], parent: str, name: str, place: tuple[str, ...]
    ) -> None:
        content = holder.get("content") or {}
        for media_type, media in content.items():
            for key in ("schema", "itemSchema"):
                if key in media:
                    inner = (*place, "content", media_type, key)
                    media[key] = self._schema(media[key], parent, name, inner)

    def _mark_files(self, schema: Any, *, is_outside: bool = True) -> None:
        """Mark the binary properties of a form: they are files, and no strings."""
        seen = 0
        while isinstance(schema, dict) and "$ref" in schema and seen < _MOST_REFERENCES:
            schemas = self._components.get("schemas", {})
            schema = schemas.get(schema["$ref"].rpartition("/")[2])
            seen += 1
        if not isinstance(schema, dict):
            return
        if schema.get("type") == "string" and schema.get("format") == "binary":
            schema[FILE] = True
        inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
        for each in inner:
            self._mark_files(each, is_outside=is_outside)
        if "items" in schema:
            self._mark_files(schema["items"], is_outside=False)
        if is_outside:
            for each in schema.get("properties", {}).values():
                self._mark_files(each, is_outside=False)

    # --- schemas -----------------------------------------------------------------------------

    def _component(self, name: str, schema: Any) -> Any:
        if not isinstance(schema, dict) or "$ref" in schema:
            return schema
        return self._inside(_marked(schema), "", name, ("components", "schemas", name))

    def _schema(self, schema: Any, parent: str, name: str, place: tuple[str, ...]) -> Any:
        """Lower a schema that stands inside of something.

        Args:
            schema: The schema.
            parent: What its name begins with.
            name: What it is there.
            place: Where it is in the bundle.
        """
        if not isinstance(schema, dict) or "$ref" in schema:
            return schema
        if len(schema.get("allOf", ())) == 1 and "$ref" in schema["allOf"][0]:
            # A way to write a description beside a reference.
            return {**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}}
        schema = _marked(schema)
        if not is_class(schema):
            return self._inside(schema, parent, name, place)
        title = schema.get("title") or name
        wanted = f"{pascal_case(parent)}{pascal_case(title)}" if parent else title
        key = self._free_name(wanted, schema)
        if key not in self._named:
            self._named[key] = {}  # holds the place
            self._lowered.pointers[key] = to_pointer(place)
            own = {k: v for k, v in schema.items() if k != NULLABLE}
            self._named[key] = self._inside(own, "", key, place)
        return {
            "$ref": f"#/components/schemas/{key}",
            **{k: schema[k] for k in _BESIDE if k in schema},
        }

    def _free_name(self, wanted: str, schema: dict[str, Any]) -> str:
        """Find a name; enumerations of the same values share one."""
        name, number = str(ClassName(wanted, "field_")), 1
        while name in self._taken:
            key = self._taken[name]
            other = self._named.get(key)
            if isinstance(other, dict) and "enum" in schema and other.get("enum") == schema["enum"]:
                return str(key)
            number += 1
            name = str(ClassName(f"{wanted}{number}", "field_"))
        self._taken[name] = name
        return name

    def _inside(
        self, schema: dict[str, Any], parent: str, name: str, place: tuple[str, ...]
    ) -> dict[str, Any]:
        """Lower what is inside of a schema."""
        found = dict(schema)
        union = _union_of(found)
        if union is not None:
            alternatives = [each for each in found[union] if each != {"type": "null"}]
            found[union] = [
                self._schema(
                    each,
                    parent,
                    name if len(alternatives) == 1 else f"{name}_type_{index}",
                    (*place, union, str(index)),
                )
                for index, each in enumerate(found[union])
            ]
        own = name if not parent else f"{parent}_{name}"
        if "properties" in found:
            found["properties"] = {
                key: self._schema(each, own, key, (*place, "properties", key))
                for key, each in found["properties"].items()
            }
        if isinstance(found.get("additionalProperties"), dict):
            found["additionalProperties"] = self._schema(
                found["additionalProperties"],
                own,
                "AdditionalProperty",
                (*place, "additionalProperties"),
            )
        if "items" in found:
            found["items"] = self._schema(found["items"], parent, f"{name}_item", (*place, "items"))
        return found


# What counts where a schema is used, rather than where it is.
_BESIDE = (
    "description",
    "default",
    "deprecated",
    "x-python-name",
    "x-refused",
    "x-needed",
    NULLABLE,
)


def _marked(schema: dict[str, Any]) -> dict[str, Any]:
    """Take null out of enums and objects, which are classes with or without it."""
    found = dict(schema)
    if isinstance(found.get("enum"), list) and None in found["enum"]:
        found["enum"] = [value for value in found["enum"] if value is not None]
        found[NULLABLE] = True
    types = found.get("type")
    if isinstance(types, list) and set(types) == {"object", "null"}:
        found[NULLABLE] = True
    if isinstance(types, list) and found.get(NULLABLE):
        rest = [each for each in types if each != "null"]
        found["type"] = rest[0] if len(rest) == 1 else rest
    return found
