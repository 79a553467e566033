"""The kinds of values: their annotation in Python and their converter at run time."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field, replace
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
from openapi_python_client.strings import ClassName, PythonIdentifier

from clientsmith.errors import PipelineError
from clientsmith.reading.walking import walk
from clientsmith.viewing.texts import literal

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    Attributes:
        annotation: Its type in Python.
        converter: The expression of its converter, or an empty text where it needs none.
        classes: The generated classes that the annotation names: class name and module name.
        converters: The names that the converter expression uses.
        accepts: The type of what may stand for such a value: strings for members of enumerations,
            dictionaries for map models. Empty where that is the annotation.
        accepted: The generated names that it names besides those of the annotation.
    """

    annotation: str
    converter: str
    classes: frozenset[tuple[str, str]] = frozenset()
    converters: set[str] = field(default_factory=set, compare=False)
    accepts: str = ""
    accepted: frozenset[tuple[str, str]] = frozenset()

    @property
    def or_unset(self) -> str:
        """The type where the value may be left out."""
        return or_unset(self.annotation)

    @property
    def given(self) -> str:
        """The type of what may be given."""
        return self.accepts or self.annotation

    def import_lines(self, models: str, own_class: str, text: str = "") -> set[str]:
        """Write the imports that an annotation needs.

        Args:
            models: The relative name of the package of models; empty within that package.
            own_class: The class that the module itself defines.
            text: The annotation; by default that of the kind.

        Returns:
            Import statements.
        """
        named = set(re.findall(r"\w+", re.sub(r'"[^"]*"', "", text or self.annotation)))
        lines = set()
        for name, module in self.classes | self.accepted:
            if name != own_class and name in named:
                lines.add(f"from {models}.{module} import {name}")
        return lines | {line for name, line in _IMPORTS.items() if name in named}

    def names(self, name: str) -> bool:
        """Tell whether the annotation names something."""
        return re.search(rf"\b{name}\b", self.annotation) is not None


def or_unset(annotation: str) -> str:
    """Write the type of what may be left out."""
    if annotation.endswith(" | None"):
        return f"{annotation.removesuffix(' | None')} | Unset | None"
    return f"{annotation} | Unset"


_IMPORTS = {
    "Literal": "from typing import Literal",
    "Mapping": "from collections.abc import Mapping",
    "Sequence": "from collections.abc import Sequence",
    "UUID": "from uuid import UUID",
    "datetime": "import datetime",
}


_SIMPLE: dict[str, tuple[str, str]] = {
    # name of the converter: annotation, converter
    "STRING": ("str", "STRING"),
    "INTEGER": ("int", "INTEGER"),
    "NUMBER": ("float", "NUMBER"),
    "BOOLEAN": ("bool", "BOOLEAN"),
    "ANY": ("Any", "ANY"),
    "INSTANT": ("datetime.datetime", "INSTANT"),
    "LOCAL_DATE_TIME": ("datetime.datetime", "LOCAL_DATE_TIME"),
    "DATE": ("datetime.date", "DATE"),
    "DURATION": ("datetime.timedelta", "DURATION"),
    "UUID_STRING": ("UUID", "UUID_STRING"),
}

_JSON_TYPES = {"boolean": "bool", "integer": "int", "number": "float", "string": "str"}

# Formats that openapi-python-client does not know; it takes such values for plain strings.
_STRING_FORMATS = {"date-time-local": "LOCAL_DATE_TIME", "duration": "DURATION"}


# Set by `mark_nullable_classes` on an enum or object that null is a value of, too.
NULLABLE = "x-null-is-a-value"


def _simple(name: str) -> Kind:
    annotation, converter = _SIMPLE[name]
    return Kind(annotation, converter, converters={converter})


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
            return _simple(_STRING_FORMATS.get(raw.get("format", ""), "STRING"))
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
            return _simple("UUID_STRING")
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
            return _or_null(_accepting_dictionaries(kind, raw, schemas), raw)
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
    accepts = ""
    if inner.accepts and wrapper == "ListOf":
        accepts = f"Sequence[{inner.accepts}]"
    elif inner.accepts:
        accepts = f"{inner.accepts} | None"
    return Kind(
        annotation,
        f"{wrapper}({inner.converter})",
        inner.classes,
        {wrapper, *inner.converters},
        accepts,
        inner.accepted,
    )


def _accepting_dictionaries(kind: Kind, raw: dict[str, Any], schemas: dict[str, Any]) -> Kind:
    """Let a dictionary stand for a map model."""
    values = raw.get("additionalProperties")
    if raw.get("properties") or not isinstance(values, dict):
        return kind
    names, value = frozenset[tuple[str, str]](), "Any"
    found = plain(values, schemas)
    if "$ref" in values and (found.get("type") == "object" or "enum" in found):
        value = ClassName(values["$ref"].rpartition("/")[2], "")
        names = frozenset({(str(value), str(PythonIdentifier(value, "")))})
    elif found.get("type") in _JSON_TYPES and "enum" not in found and "format" not in found:
        value = _JSON_TYPES[found["type"]]
    return replace(
        kind,
        accepts=f"{kind.annotation} | Mapping[str, {value}]",
        accepted=names,
    )


def _or_null(kind: Kind, schema: dict[str, Any]) -> Kind:
    if not schema.get(NULLABLE):
        return kind
    return _wrapped("Nullable", f"{kind.annotation} | None", kind)


def _enum(item: EnumProperty) -> Kind:
    name = str(item.class_info.name)
    of_numbers = ", int" if item.value_type is int else ""
    module = str(item.class_info.module_name)
    return Kind(
        name,
        f'EnumOf("{name}"{of_numbers})',
        frozenset({(name, module)}),
        converters={"EnumOf"},
        accepts=f"{name}Like",
        accepted=frozenset({(f"{name}Like", module)}),
    )


def _const(value: Any) -> Kind:
    # The one value that this version knows: another one that a newer server sends is kept.
    match value:
        case bool():
            return Kind("bool", "BOOLEAN", converters={"BOOLEAN"})
        case str():
            return _literal(literal(value), "STRING")
        case int():
            return _literal(str(value), "INTEGER")
        case float():
            return _simple("NUMBER")
    raise PipelineError("a const that is a list or an object cannot be generated")


def _literal(expression: str, converter: str) -> Kind:
    return Kind(f"Literal[{expression}]", converter, converters={converter})


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
            {"OneOf"}.union(*(each.converters for each in kinds)),
            " | ".join(dict.fromkeys(each.given for each in kinds))
            if any(each.accepts for each in kinds)
            else "",
            frozenset().union(*(each.accepted for each in kinds)),
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
