"""Brings schemas into the form that the pipeline reads: JSON Schema as OpenAPI 3.1 has it.

What only says which values are valid may be left out; what says which values there are may not.
Where a schema cannot be expressed, it accepts any value, and a note tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import PythonIdentifier

from clientsmith.checking.supported import member_names, same_names
from clientsmith.reading.grammar import ANNOTATIONS, FIELDS, SCHEMA_KEYWORDS

if TYPE_CHECKING:
    from clientsmith.adopting.notes import Notes

__all__ = ["Schemas"]

# They say which values are valid, and nothing about what a value is.
_VALIDATING = (
    *("contains", "contentSchema", "dependentRequired", "dependentSchemas", "else", "if"),
    *("maxContains", "minContains", "not", "propertyNames", "then"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_IDENTIFYING = ("$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$schema", "definitions")
_ONLY_VALIDATION = frozenset({"required", "not", "description", "title"})
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_EMPTY_OBJECT = {"type": "object"}


class Schemas:
    """Rewrites schemas.

    Args:
        components: The component schemas of the document, to look references up in.
        notes: Takes what was done.
        is_30: Whether the document is of OpenAPI 3.0.
    """

    def __init__(self, components: dict[str, Any], notes: Notes, *, is_30: bool) -> None:
        self._components = components
        self._notes = notes
        self._is_30 = is_30

    def read(self, schema: Any, place: tuple[str, ...]) -> Any:
        """Rewrite a schema and everything in it.

        Args:
            schema: The schema.
            place: Where it is in the document.

        Returns:
            The schema in its new form.
        """
        if isinstance(schema, bool):
            if not schema:
                self._notes.add("a schema that no value fits accepts any value", place)
            return {}
        if not isinstance(schema, dict):
            self._notes.add("what is no schema accepts any value", place)
            return {}
        found = dict(schema)
        if "$ref" in found:
            return self._beside_reference(found, place)
        self._upgrade(found)
        self._keywords(found, place)
        self._type(found, place)
        self._validating_parts(found, place)
        self._inner(found, place)
        found = self._combination(found, place)
        if "enum" in found:
            self._enum(found, place)
        if isinstance(found.get("const"), (dict, list)):
            del found["const"]
            self._notes.add("a const that is an object or a list accepts any value", place)
        self._required(found, place)
        self._names(found)
        return found

    # --- versions ------------------------------------------------------------------------------

    def _upgrade(self, found: dict[str, Any]) -> None:
        """Write in the way of 3.1 what 3.0 writes differently."""
        for bound, key in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(found.get(bound), bool) and found.pop(bound) and key in found:
                found[bound] = found.pop(key)
        if "nullable" in found and found.pop("nullable") is True:
            self._add_null(found)

    @staticmethod
    def _add_null(found: dict[str, Any]) -> None:
        types = found.get("type")
        if isinstance(types, str):
            found["type"] = [types, "null"] if types != "null" else types
        elif isinstance(types, list):
            found["type"] = list(dict.fromkeys([*types, "null"]))
        else:
            union = next((key for key in ("oneOf", "anyOf") if key in found), None)
            if union is not None:
                if {"type": "null"} not in found[union]:
                    found[union] = [*found[union], {"type": "null"}]
            elif "allOf" in found:
                annotations = {k: found.pop(k) for k in list(found) if k in ANNOTATIONS}
                inner = dict(found)
                found.clear()
                found.update(annotations)
                found["anyOf"] = [inner, {"type": "null"}]
            elif "properties" in found:
                found["type"] = ["object", "null"]
        if isinstance(found.get("enum"), list) and None not in found["enum"]:
            found["enum"] = [*found["enum"], None]

    def _beside_reference(self, found: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        is_nullable = found.pop("nullable", None) is True and not self._is_30
        if not self._is_30 and found.keys() & {"const", "enum"}:
            # What is narrower counts; it may be the tag of a variant.
            kind = self._resolved(found).get("type", "string")
            narrowed = {key: value for key, value in found.items() if key != "$ref"}
            return dict(self.read({"type": kind, **narrowed}, place))
        kept = {
            key: value
            for key, value in found.items()
            if key in {"$ref", "description", "deprecated", "default", "title"}
            or key.startswith("x-")
        }
        if kept.keys() != found.keys():
            self._notes.add("keywords beside a $ref are left out", place)
        if isinstance(kept.get("default"), (dict, list)):
            del kept["default"]
        if is_nullable:
            reference = {"$ref": kept.pop("$ref")}
            return {**kept, "anyOf": [reference, {"type": "null"}]}
        return kept

    # --- keywords ------------------------------------------------------------------------------

    def _keywords(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        for key in list(found):
            if key in _VALIDATING:
                del found[key]
                self._notes.add(f"{key!r} is not checked", place)
            elif key in _IDENTIFYING:
                del found[key]
            elif key not in SCHEMA_KEYWORDS and not key.startswith("x-"):
                del found[key]
                self._notes.add(f"a schema has no keyword {key!r}", place)
        patterns = found.pop("patternProperties", None)
        if isinstance(patterns, dict) and patterns:
            values = list(patterns.values())
            if "additionalProperties" not in found or found["additionalProperties"] is False:
                found["additionalProperties"] = values[0] if len(values) == 1 else {}
            found.setdefault("type", "object")
            self._notes.add("the names of 'patternProperties' are not checked", place)
        if found.pop("prefixItems", None) is not None:
            found["items"] = {}
            found.setdefault("type", "array")
            self._notes.add("a tuple ('prefixItems') is a list of any values", place)
        if isinstance(found.get("items"), list):
            found["items"] = {}
            self._notes.add("a tuple ('items' with a list) is a list of any values", place)
        for key in ("x-enum-varnames", "x-python-name"):
            found.pop(key, None)
        for key in ("maxItems", "minItems", "maxLength", "minLength", "maximum", "minimum"):
            if isinstance(found.get(key), str):
                del found[key]
        if "discriminator" in found and not {"anyOf", "oneOf"} & found.keys():
            # Of a base, whose variants are read by it.
            found["x-discriminator"] = found.pop("discriminator")
        if found.get("title") is not None and not isinstance(found["title"], str):
            del found["title"]

    def _type(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        types = found.get("type")
        if types is not None:
            listed = [types] if isinstance(types, str) else types
            known = [each for each in listed if each in _TYPES] if isinstance(listed, list) else []
            if len(known) != len(listed):
                self._notes.add(f"JSON has no type {types!r}", place)
            known = list(dict.fromkeys(known))
            if not known:
                del found["type"]
            else:
                found["type"] = known[0] if len(known) == 1 else known
        if "type" not in found and "enum" not in found:
            if "properties" in found or "additionalProperties" in found:
                found["type"] = "object"
            elif "items" in found:
                found["type"] = "array"
        types = found.get("type", [])
        types = [types] if isinstance(types, str) else types
        if "array" in types and "items" not in found:
            found["items"] = {}
        if "array" not in types:
            found.pop("items", None)
        if "object" not in types:
            for key in ("additionalProperties", "properties"):
                if key in found and types:
                    del found[key]
                    self._notes.add(f"{key!r} has no effect without type: object", place)
        if len([each for each in types if each != "null"]) > 1 and found.keys() & {
            *("items", "properties", "additionalProperties")
        }:
            # One alternative for each type, so that each keyword is where it counts.
            found["anyOf"] = [_of_type(found, each) for each in types]
            for key in (
                "type",
                "items",
                "properties",
                "additionalProperties",
                "required",
                "format",
            ):
                found.pop(key, None)

    def _validating_parts(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        """Take out parts of combinations that say nothing about what a value is."""
        for union in ("anyOf", "oneOf"):
            alternatives = found.get(union)
            if not isinstance(alternatives, list):
                continue
            shapes = [each for each in alternatives if not _only_validates(each)]
            if len(shapes) < len(alternatives) and (not shapes or _has_shape(found)):
                del found[union]
                self._notes.add(f"an {union!r} that only validates is not checked", place)
        for part in list(found["allOf"]) if isinstance(found.get("allOf"), list) else ():
            if _only_validates(part):
                found["allOf"] = [each for each in found["allOf"] if each is not part]
                if isinstance(part.get("required"), list):
                    found["required"] = [*found.get("required", ()), *part["required"]]

    def _inner(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        for key, kind in FIELDS["schema"].items():
            item = found.get(key)
            if isinstance(item, list) and kind == "schema[]":
                found[key] = [self.read(each, (*place, key, str(n))) for n, each in enumerate(item)]
            elif isinstance(item, dict) and kind == "schema{}":
                found[key] = {
                    name: self.read(each, (*place, key, name)) for name, each in item.items()
                }
            elif item is not None and kind == "schema" and not isinstance(item, bool):
                found[key] = self.read(item, (*place, key))
        if found.get("additionalProperties") == {}:
            found["additionalProperties"] = True
        default = found.get("default")
        if default is None:
            found.pop("default", None)

    # --- combinations --------------------------------------------------------------------------

    def _combination(self, found: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        for union in ("anyOf", "oneOf"):
            if {} in found.get(union, ()):
                del found[union]  # any value
        if "anyOf" in found and "oneOf" in found:
            del found["oneOf"]
            self._notes.add("'oneOf' beside 'anyOf' is not checked", place)
        if "allOf" in found:
            found = self._all_of(found, place)
        union = next((key for key in ("anyOf", "oneOf") if key in found), "")
        if union and _has_shape(found):
            found = self._union_with_shape(found, union, place)
        return found

    def _all_of(self, found: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        blocks = [each for each in found["allOf"] if each]
        if not blocks:
            rest = {key: value for key, value in found.items() if key != "allOf"}
            return self.read(rest, place) if rest else {}
        found = {**found, "allOf": blocks}
        layers = [self._resolved(each) for each in blocks]
        if len(blocks) == 1 and not _has_shape({k: v for k, v in found.items() if k != "allOf"}):
            if "$ref" in blocks[0]:
                kept = {k: v for k, v in found.items() if k in ANNOTATIONS or k.startswith("x-")}
                return self._beside_reference({**blocks[0], **kept}, place)
            return {**blocks[0], **{key: value for key, value in found.items() if key != "allOf"}}
        unions = [n for n, layer in enumerate(layers) if {"anyOf", "oneOf"} & layer.keys()]
        if unions and not found.keys() & {"anyOf", "oneOf"}:
            return self._distributed(found, layers, unions[0], place)
        if all(_is_object(layer) for layer in layers) and not any(
            "enum" in layer or "const" in layer for layer in layers
        ):
            found.pop("type", None)
            return found
        if any(_is_object(layer) and layer.get("properties") for layer in layers):
            return self._anything(
                found, "an 'allOf' of objects and others accepts any value", place
            )
        # The same value described twice: what is said last counts.
        merged: dict[str, Any] = {}
        for block, layer in zip(blocks, layers, strict=True):
            if "enum" in layer and "$ref" in block:
                return self._beside_reference({**block, **_annotations(found)}, place)
            merged.update(layer)
        self._notes.add("an 'allOf' of plain values is merged", place)
        merged.update({key: value for key, value in found.items() if key != "allOf"})
        return merged

    def _distributed(
        self,
        found: dict[str, Any],
        layers: list[dict[str, Any]],
        which: int,
        place: tuple[str, ...],
    ) -> dict[str, Any]:
        """Write an `allOf` with a union in it as a union of `allOf`."""
        union = "oneOf" if "oneOf" in layers[which] else "anyOf"
        rest = [each for n, each in enumerate(found["allOf"]) if n != which]
        own = {k: v for k, v in found.items() if k != "allOf" and k not in _annotations(found)}
        rest += [own] if own else []
        extra = {k: v for k, v in layers[which].items() if k not in {union, "discriminator"}}
        if _has_shape(extra):
            rest.append(extra)
        alternatives = layers[which][union]
        if not all(_is_object(self._resolved(each)) for each in alternatives):
            return self._anything(
                found, "an 'allOf' of objects and others accepts any value", place
            )
        self._notes.add("an 'allOf' with a union in it is a union of objects", place)
        return {**_annotations(found), union: [{"allOf": [each, *rest]} for each in alternatives]}

    def _union_with_shape(
        self, found: dict[str, Any], union: str, place: tuple[str, ...]
    ) -> dict[str, Any]:
        """Write properties beside a union into each of its alternatives."""
        alternatives = found[union]
        kept = _annotations(found) | {k: found[k] for k in ("discriminator",) if k in found}
        base = {key: value for key, value in found.items() if key not in kept and key != union}
        if base == {"type": "null"} or set(base) <= {"type"} or base == {"type": ["object"]}:
            resolved = [self._resolved(each) for each in alternatives]
            types = [each.get("type", base.get("type")) for each in resolved]
            if all(each == base.get("type") for each in types) or not any(
                "type" not in each and not {"anyOf", "oneOf", "allOf"} & each.keys()
                for each in resolved
            ):
                return {**kept, union: alternatives}
        if all(_is_object(self._resolved(each)) for each in alternatives) and _is_object(base):
            self._notes.add("properties beside a union are those of each alternative", place)
            return {**kept, union: [{"allOf": [base, each]} for each in alternatives]}
        if base.get("type") not in {None, "object"} or "enum" in base:
            self._notes.add(f"an {union!r} beside a type is not checked", place)
            return {
                key: value for key, value in found.items() if key not in {union, "discriminator"}
            }
        return self._anything(found, "a union beside other keywords accepts any value", place)

    def _anything(self, found: dict[str, Any], note: str, place: tuple[str, ...]) -> dict[str, Any]:
        self._notes.add(note, place)
        return _annotations(found)

    def _resolved(self, schema: Any) -> dict[str, Any]:
        seen = 0
        while isinstance(schema, dict) and "$ref" in schema and seen < len(self._components) + 1:
            schema = self._components.get(schema["$ref"].rpartition("/")[2], {})
            seen += 1
        return schema if isinstance(schema, dict) else {}

    # --- enumerations and names ----------------------------------------------------------------

    def _enum(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        listed = found["enum"] if isinstance(found["enum"], list) else []
        values = [value for value in listed if value is not None]
        kinds = {type(value) for value in values}
        types = found.get("type", [])
        types = [types] if isinstance(types, str) else list(types)
        has_null = None in listed or ("null" in types and bool(values))
        if kinds == {bool} or (kinds and kinds <= {int, float} and kinds != {int}):
            name = "boolean" if kinds == {bool} else "number"
            found["type"] = [name, "null"] if has_null else name
            del found["enum"]
            self._notes.add(f"an enum of {name}s is any {name}", place)
            return
        if kinds not in ({str}, {int}):
            del found["enum"]
            if listed and not values:
                found["type"] = "null"
            self._notes.add("an enum of several types accepts any value of its type", place)
            return
        name = "string" if kinds == {str} else "integer"
        found["type"] = [name, "null"] if has_null else name
        values = list(dict.fromkeys(values))
        found["enum"] = [*values, None] if has_null else values
        for key in ("format", "items", "properties"):
            found.pop(key, None)
        members = member_names(values, [])
        if (
            len(members) != len(values)
            or same_names(members) is not None
            or not all(member.isidentifier() for member in members)
        ):
            found["x-enum-varnames"] = _distinct_names(values)

    def _required(self, found: dict[str, Any], place: tuple[str, ...]) -> None:
        required = found.get("required")
        if required is None:
            return
        names = (
            [each for each in required if isinstance(each, str)]
            if isinstance(required, list)
            else []
        )
        if not found.keys() & {"allOf", "anyOf", "oneOf"}:
            properties = found.get("properties", {})
            missing = [name for name in names if name not in properties]
            if missing:
                self._notes.add("a required property that there is not is not checked", place)
            names = [name for name in names if name in properties]
        found["required"] = list(dict.fromkeys(names))
        if not names:
            del found["required"]

    @staticmethod
    def _names(found: dict[str, Any]) -> None:
        """Give properties that would have the same name in Python different ones."""
        properties = found.get("properties")
        if not isinstance(properties, dict):
            return
        taken: set[str] = set()
        keys = set(properties)
        for key, schema in properties.items():
            name = str(PythonIdentifier(key, "field_"))
            if name in taken:
                chosen, number = name, 1
                while chosen in taken or chosen in keys:
                    number += 1
                    chosen = f"{name.rstrip('_')}_{number}"
                properties[key] = {**schema, "x-python-name": chosen}
                name = chosen
            taken.add(name)


def _annotations(found: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in found.items() if k in ANNOTATIONS or k.startswith("x-")}


def _of_type(found: dict[str, Any], kind: str) -> dict[str, Any]:
    keys = {
        "array": ("items",),
        "object": ("properties", "additionalProperties", "required"),
        "string": ("format",),
    }
    return {"type": kind, **{key: found[key] for key in keys.get(kind, ()) if key in found}}


def _only_validates(schema: Any) -> bool:
    return isinstance(schema, dict) and bool(schema) and schema.keys() <= _ONLY_VALIDATION


def _has_shape(schema: dict[str, Any]) -> bool:
    keys = ("additionalProperties", "allOf", "const", "enum", "items", "properties", "type")
    return any(key in schema for key in keys)


def _is_object(schema: dict[str, Any]) -> bool:
    return schema.get("type", "object") == "object" and not schema.keys() & {
        *("anyOf", "const", "enum", "items", "oneOf")
    }


def _distinct_names(values: list[Any]) -> list[str]:
    names: list[str] = []
    for value in values:
        name = (
            str(PythonIdentifier(str(value).replace("-", "_MINUS_"), "VALUE_")).upper().strip("_")
        )
        if not name.isidentifier():
            name = "VALUE_" + "".join(f"{ord(each):X}" for each in str(value))
        chosen, number = name, 1
        while chosen in names:
            number += 1
            chosen = f"{name}_{number}"
        names.append(chosen)
    return names
