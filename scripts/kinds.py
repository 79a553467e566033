"""The kinds of values: their annotation in Python and their converter at run time."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from openapi_python_client.parser.properties import AnyProperty, EnumProperty, ModelProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from scripts.errors import PipelineError
from scripts.texts import literal
from scripts.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes:
        annotation: Its type in Python.
        converter: The expression of its converter, or an empty text where it needs none.
        classes: The generated classes that the annotation names: class name and module name.
        modules: The modules of the standard library that the annotation names.
        converters: The names that the converter expression uses.
    """

    annotation: str
    converter: str
    classes: frozenset[tuple[str, str]] = frozenset()
    modules: frozenset[str] = frozenset()
    converters: set[str] = field(default_factory=set, compare=False)

    @property
    def or_unset(self) -> str:
        """The type where the value may be left out."""
        if self.annotation.endswith(" | None"):
            return f"{self.annotation.removesuffix(' | None')} | Unset | None"
        return f"{self.annotation} | Unset"

    def import_lines(self, models: str, own_class: str) -> set[str]:
        """Write the imports that the annotation needs.

        Args:
            models: The relative name of the package of models; empty within that package.
            own_class: The class that the module itself defines.

        Returns:
            Import statements.
        """
        lines = set()
        for name, module in self.classes:
            if name != own_class:
                lines.add(f"from {models}.{module} import {name}")
        lines |= {_IMPORTS[module] for module in self.modules}
        return lines

    def names(self, name: str) -> bool:
        """Tell whether the annotation names something."""
        return re.search(rf"\b{name}\b", self.annotation) is not None


_IMPORTS = {
    "datetime": "import datetime",
    "typing": "from typing import Literal",
    "uuid": "from uuid import UUID",
}


_SIMPLE: dict[str, tuple[str, str, str]] = {
    # name of the converter: annotation, converter, module
    "TEXT": ("str", "TEXT", ""),
    "INTEGER": ("int", "INTEGER", ""),
    "NUMBER": ("float", "NUMBER", ""),
    "BOOLEAN": ("bool", "BOOLEAN", ""),
    "ANY": ("Any", "ANY", ""),
    "INSTANT": ("datetime.datetime", "INSTANT", "datetime"),
    "LOCAL_DATE_TIME": ("datetime.datetime", "LOCAL_DATE_TIME", "datetime"),
    "DATE": ("datetime.date", "DATE", "datetime"),
    "DURATION": ("datetime.timedelta", "DURATION", "datetime"),
    "UUID_TEXT": ("UUID", "UUID_TEXT", "uuid"),
}

# Formats that openapi-python-client does not know; it takes such values for plain texts.
_TEXT_FORMATS = {"date-time-local": "LOCAL_DATE_TIME", "duration": "DURATION"}


# Set by `mark_nullable_classes` on an enum or object that null is a value of, too.
NULLABLE = "x-null-is-a-value"


def _simple(name: str) -> Kind:
    annotation, converter, module = _SIMPLE[name]
    modules = frozenset({module}) if module else frozenset()
    return Kind(annotation, converter, modules=modules, converters={converter})


def kind_of(item: Any, schema: Any, schemas: dict[str, Any]) -> Kind:
    """Find the kind of a value.

    Args:
        item: What openapi-python-client made of its schema.
        schema: The schema itself, as a dictionary or as the generator's object.
        schemas: The component schemas of the bundled document.

    Returns:
        The kind.

    Raises:
        PipelineError: Values of this kind cannot be generated.
    """
    raw = plain(schema, schemas)
    if raw.get("const") is not None:
        return _const(raw["const"])
    match item:
        case StringProperty():
            return _simple(_TEXT_FORMATS.get(raw.get("format", ""), "TEXT"))
        case DateTimeProperty():
            return _simple("INSTANT")
        case DateProperty():
            return _simple("DATE")
        case IntProperty():
            return _simple("INTEGER")
        case FloatProperty():
            return _simple("NUMBER")
        case BooleanProperty():
            return _simple("BOOLEAN")
        case UuidProperty():
            return _simple("UUID_TEXT")
        case AnyProperty() | NoneProperty():
            return _simple("ANY")
        case EnumProperty():
            return _or_null(_enum(item), raw)
        case ConstProperty():
            return _const(item.value.raw_value)
        case ModelProperty():
            name = str(item.class_info.name)
            module = str(item.class_info.module_name)
            kind = Kind(
                name, f'ModelOf("{name}")', frozenset({(name, module)}), converters={"ModelOf"}
            )
            return _or_null(kind, raw)
        case ListProperty():
            inner = kind_of(item.inner_property, raw.get("items", {}), schemas)
            return _wrapped("ListOf", f"list[{inner.annotation}]", inner)
        case UnionProperty():
            return _union(item, raw, schemas)
        case FileProperty():
            raise PipelineError(
                "format: binary is for whole bodies; within JSON, bytes are text (format: byte)"
            )
    raise PipelineError(f"values of the kind {type(item).__name__} cannot be generated")


def _wrapped(wrapper: str, annotation: str, inner: Kind) -> Kind:
    return Kind(
        annotation,
        f"{wrapper}({inner.converter})",
        inner.classes,
        inner.modules,
        {wrapper, *inner.converters},
    )


def _or_null(kind: Kind, schema: dict[str, Any]) -> Kind:
    if not schema.get(NULLABLE):
        return kind
    return _wrapped("Nullable", f"{kind.annotation} | None", kind)


def _enum(item: EnumProperty) -> Kind:
    name = str(item.class_info.name)
    of_numbers = ", int" if item.value_type is int else ""
    return Kind(
        name,
        f'EnumOf("{name}"{of_numbers})',
        frozenset({(name, str(item.class_info.module_name))}),
        converters={"EnumOf"},
    )


def _const(value: Any) -> Kind:
    # The one value that this version knows: another one that a newer server sends is kept.
    match value:
        case bool():
            return Kind("bool", "BOOLEAN", converters={"BOOLEAN"})
        case str():
            return _literal(literal(value), "TEXT")
        case int():
            return _literal(str(value), "INTEGER")
        case float():
            return _simple("NUMBER")
    raise PipelineError("a const that is a list or an object cannot be generated")


def _literal(expression: str, converter: str) -> Kind:
    return Kind(
        f"Literal[{expression}]", converter, modules=frozenset({"typing"}), converters={converter}
    )


def _union(item: UnionProperty, raw: dict[str, Any], schemas: dict[str, Any]) -> Kind:
    # The generator keeps one alternative of each Python type, in their order; what it does not
    # know (formats of texts, what is in a list) comes from the schemas.
    alternatives = list(_alternatives(raw, schemas))
    texts = [each for each in alternatives if _is_plain_text(each)]
    lists = [each for each in alternatives if each.get("type") == "array"]
    inner_items = item.inner_properties
    nullable = any(isinstance(each, NoneProperty) for each in inner_items) or any(
        each.get(NULLABLE) for each in alternatives
    )
    kinds: list[Kind] = []
    for each in inner_items:
        if isinstance(each, NoneProperty):
            continue
        found: list[Kind]
        if isinstance(each, StringProperty):
            found = [kind_of(each, schema, schemas) for schema in texts]
        elif isinstance(each, ListProperty):
            if len(lists) != 1:
                raise PipelineError("a union of several lists cannot be generated")
            found = [kind_of(each, lists[0], schemas)]
        else:
            found = [kind_of(each, {}, schemas)]
        kinds.extend(kind for kind in found if kind not in kinds)
    if not kinds or any(kind.annotation == "Any" for kind in kinds):
        return _simple("ANY")
    if len(kinds) == 1:
        (kind,) = kinds
    elif any("LOCAL_DATE_TIME" in each.converters for each in kinds):
        # Written by the class of the value alone, it would become a point in time.
        raise PipelineError("a union with format: date-time-local cannot be generated")
    else:
        kind = Kind(
            " | ".join(dict.fromkeys(each.annotation for each in kinds)),
            f"OneOf({', '.join(each.converter for each in kinds)})",
            frozenset().union(*(each.classes for each in kinds)),
            frozenset().union(*(each.modules for each in kinds)),
            {"OneOf"}.union(*(each.converters for each in kinds)),
        )
    return _wrapped("Nullable", f"{kind.annotation} | None", kind) if nullable else kind


def _alternatives(raw: dict[str, Any], schemas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List what a union consists of; unions within it are opened."""
    inner = [plain(each, schemas) for each in chain(raw.get("anyOf", []), raw.get("oneOf", []))]
    if not inner and isinstance(raw.get("type"), list):
        inner = [{**raw, "type": each} for each in raw["type"]]
    if not inner:
        yield raw
    for each in inner:
        yield from _alternatives(each, schemas)


def _is_plain_text(schema: dict[str, Any]) -> bool:
    return (
        schema.get("type") == "string"
        and not schema.keys() & {"enum", "const"}
        and schema.get("format") not in {"binary", "date", "date-time", "uuid"}
    )


def mark_nullable_classes(bundle: dict[str, Any]) -> dict[str, Any]:
    """Take null out of enums and objects.

    The generator would make unions of them, with classes named `...Type0` or several for one enum.

    Args:
        bundle: The bundled document; it is not changed.

    Returns:
        A copy in which they have a mark instead.
    """
    copied = copy.deepcopy(bundle)
    for found in walk(copied):
        schema = found.value
        if found.kind != "schema" or not isinstance(schema, dict):
            continue
        if "enum" in schema and None in schema["enum"]:
            schema["enum"] = [value for value in schema["enum"] if value is not None]
            schema[NULLABLE] = True
        types = schema.get("type")
        if isinstance(types, list) and set(types) == {"object", "null"}:
            schema[NULLABLE] = True
        if schema.get(NULLABLE) and isinstance(types, list):
            schema["type"] = next(each for each in types if each != "null")
    return copied


def plain(schema: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """Turn a schema into a dictionary, following references.

    Args:
        schema: A dictionary out of the document, or an object of the generator.
        schemas: The component schemas of the bundled document.

    Returns:
        The schema that counts, as a dictionary.
    """
    found: dict[str, Any]
    if isinstance(schema, dict):
        found = schema
    else:
        dump = getattr(schema, "model_dump", None)
        if dump is None:
            return {}
        found = dump(mode="json", by_alias=True, exclude_none=True)
    seen: set[str] = set()
    while True:
        if "allOf" in found and len(found["allOf"]) == 1:
            # Another way to write a reference with a description beside it.
            (found,) = found["allOf"]
        if "$ref" not in found or found["$ref"] in seen:
            return found
        seen.add(found["$ref"])
        found = schemas.get(found["$ref"].rpartition("/")[2], {})
