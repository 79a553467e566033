"""The kinds of values: their annotation in Python and their converter at run time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from clientsmith.errors import PipelineError
from clientsmith.viewing.lowering import NULLABLE
from clientsmith.viewing.tags import tagged_models
from clientsmith.viewing.texts import literal
from clientsmith.viewing.types import FILE, Types, component_name


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
    def without_null(self) -> Kind:
        """The kind without null, of one that has it."""
        return replace(
            self,
            annotation=self.annotation.removesuffix(" | None"),
            converter=self.converter.removeprefix("Nullable(").removesuffix(")"),
            converters=self.converters - {"Nullable"},
            accepts=self.accepts.removesuffix(" | None"),
        )

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

_STRING_FORMATS = {
    "date": "DATE",
    "date-time": "INSTANT",
    "date-time-local": "LOCAL_DATE_TIME",
    "duration": "DURATION",
    "uuid": "UUID_STRING",
}


def _simple(name: str) -> Kind:
    annotation, converter = _SIMPLE[name]
    return Kind(annotation, converter, converters={converter})


def kind_of(schema: Any, types: Types) -> Kind:
    """Find the kind of a value.

    Args:
        schema: Its schema in the lowered document.
        types: The schemas and classes of the document.

    Returns:
        The kind.

    Raises:
        PipelineError: Values of this kind cannot be generated.
    """
    return _Kinds(types).of(schema)


class _Kinds:
    def __init__(self, types: Types) -> None:
        self._types = types
        self._inside: list[str] = []

    def of(self, schema: Any) -> Kind:
        if not isinstance(schema, dict):
            return _simple("ANY")
        reference = schema.get("$ref") or _only_reference(schema)
        if reference is not None:
            return _or_null(self._named(component_name(reference)), schema)
        if schema.get("const") is not None:
            return _const(schema["const"])
        if "anyOf" in schema or "oneOf" in schema or isinstance(schema.get("type"), list):
            return self._union(schema)
        return self._single(schema)

    def _named(self, name: str) -> Kind:
        schema = self._types.schemas.get(name, {})
        if name in self._types.classes:
            return _or_null(self._class(name, schema), schema)
        if name in self._inside:
            return _simple("ANY")  # a value that contains itself, without a class to name it
        self._inside.append(name)
        try:
            return self.of(schema)
        finally:
            self._inside.pop()

    def _class(self, name: str, schema: dict[str, Any]) -> Kind:
        class_name, module = self._types.classes[name]
        if "enum" in schema:
            of_numbers = ", int" if isinstance(schema["enum"][0], int) else ""
            return Kind(
                class_name,
                f'EnumOf("{class_name}"{of_numbers})',
                frozenset({(class_name, module)}),
                converters={"EnumOf"},
                accepts=f"{class_name}Like",
                accepted=frozenset({(f"{class_name}Like", module)}),
            )
        kind = Kind(
            class_name,
            f'ModelOf("{class_name}")',
            frozenset({(class_name, module)}),
            converters={"ModelOf"},
        )
        return self._accepting_dictionaries(kind, schema)

    def _accepting_dictionaries(self, kind: Kind, schema: dict[str, Any]) -> Kind:
        """Let a dictionary stand for a map model."""
        values = schema.get("additionalProperties")
        if schema.get("properties") or not isinstance(values, dict):
            return kind
        names, value = frozenset[tuple[str, str]](), "Any"
        found = self._types.plain(values)
        name = component_name(values.get("$ref"))
        if name in self._types.classes:
            value = self._types.classes[name][0]
            names = frozenset({self._types.classes[name]})
            if isinstance(found.get("additionalProperties"), dict) and not found.get("properties"):
                value = "Any"  # of maps in maps
        elif found.get("type") in _JSON_TYPES and "enum" not in found and "format" not in found:
            value = _JSON_TYPES[found["type"]]
        return replace(kind, accepts=f"{kind.annotation} | Mapping[str, {value}]", accepted=names)

    def _single(self, schema: dict[str, Any]) -> Kind:
        match schema.get("type"):
            case "string":
                return self._text(schema)
            case "integer":
                return _simple("INTEGER")
            case "number":
                return _simple("NUMBER")
            case "boolean":
                return _simple("BOOLEAN")
            case "array":
                inner = self.of(schema.get("items", {}))
                return _wrapped("ListOf", f"list[{inner.annotation}]", inner)
        return _simple("ANY")

    def _text(self, schema: dict[str, Any]) -> Kind:
        if schema.get("format") == "binary":
            if schema.get(FILE) is True:
                return Kind("File", "FILE", converters={"FILE"})
            if self._types.is_lenient:
                return _simple("STRING")
            raise PipelineError(
                "format: binary is for whole bodies; within JSON, bytes are text (format: byte)"
            )
        return _simple(_STRING_FORMATS.get(schema.get("format", ""), "STRING"))

    def _union(self, schema: dict[str, Any]) -> Kind:
        alternatives, is_nullable = self._alternatives(schema)
        kinds: list[Kind] = []
        for each in alternatives:
            kind = self.of(each)
            if kind.converter.startswith("Nullable("):
                is_nullable = True
                kind = kind.without_null
            if kind not in kinds:
                kinds.append(kind)
        if not kinds or any(kind.annotation == "Any" for kind in kinds):
            return _simple("ANY")
        tagged = tagged_models(schema, alternatives, self._types)
        if tagged is not None:
            kinds = _with_tags(kinds, *tagged)
        if (
            self._types.is_lenient
            and sum(kind.converter.startswith("ModelOf(") for kind in kinds) > 1
        ):
            # None of several models may fit: it is kept as it came.
            kinds.append(Kind("dict[str, Any]", "FREE_OBJECT", converters={"FREE_OBJECT"}))
        kind = kinds[0] if len(kinds) == 1 else _one_of(kinds)
        return _wrapped("Nullable", f"{kind.annotation} | None", kind) if is_nullable else kind

    def _alternatives(self, schema: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
        """List what a union consists of but null, and tell whether null is part of it.

        Unions within it are opened.
        """
        found: list[dict[str, Any]] = []
        is_nullable = bool(schema.get(NULLABLE))
        waiting: list[tuple[Any, tuple[str, ...]]] = [(schema, tuple(self._inside))]
        while waiting:
            each, inside = waiting.pop(0)
            raw, names = each, inside
            name = component_name(each.get("$ref")) if isinstance(each, dict) else ""
            if name and name not in self._types.classes and name not in inside:
                raw, names = self._types.schemas.get(name, {}), (*inside, name)
            if not isinstance(raw, dict):
                raw = {}
            inner = [*raw.get("anyOf", ()), *raw.get("oneOf", ())]
            if not inner and isinstance(raw.get("type"), list):
                inner = [{**raw, "type": kind} for kind in raw["type"]]
            if inner:
                waiting[:0] = [(item, names) for item in inner]
            elif raw.get("type") == "null":
                is_nullable = True
            else:
                found.append(each if isinstance(each, dict) else {})
        return found, is_nullable


def _one_of(kinds: list[Kind]) -> Kind:
    if any("LOCAL_DATE_TIME" in each.converters for each in kinds):
        # Written by the class of the value alone, it would become a point in time.
        raise PipelineError("a union with format: date-time-local cannot be generated")
    return _joined(kinds, f"OneOf({', '.join(each.converter for each in kinds)})", "OneOf")


def _joined(kinds: list[Kind], converter: str, name: str, further: str = "") -> Kind:
    rest = [further] if further else []
    return Kind(
        " | ".join(dict.fromkeys([*(each.annotation for each in kinds), *rest])),
        converter,
        frozenset().union(*(each.classes for each in kinds)),
        {name}.union(*(each.converters for each in kinds)),
        " | ".join(dict.fromkeys([*(each.given for each in kinds), *rest]))
        if any(each.accepts for each in kinds)
        else "",
        frozenset().union(*(each.accepted for each in kinds)),
    )


def _with_tags(kinds: list[Kind], key: str, classes: dict[str, str]) -> list[Kind]:
    """Put what a tag tells apart in the place of the models; other kinds stay."""
    models = {
        name: kind
        for kind in kinds
        for name in classes.values()
        if kind.names(name) and kind.converter == f'ModelOf("{name}")'
    }
    values = ", ".join(
        f"{literal(value)}: {models[name].converter}" for value, name in classes.items()
    )
    converter = f"Tagged({literal(key)}, {{{values}}})"
    # What a newer server tags otherwise is kept as it came.
    tagged = _joined(list(models.values()), converter, "Tagged", "dict[str, Any]")
    rest = [kind for kind in kinds if kind not in models.values()]
    place = kinds.index(next(iter(models.values())))
    return [*rest[:place], tagged, *rest[place:]]


def _only_reference(schema: dict[str, Any]) -> str | None:
    """Find what a schema with nothing but one alternative or part refers to."""
    for key in ("allOf", "anyOf", "oneOf"):
        if len(schema.get(key, ())) == 1 and isinstance(schema[key][0], dict):
            found = schema[key][0].get("$ref")
            if found is not None:
                return str(found)
    return None


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


def _or_null(kind: Kind, schema: dict[str, Any]) -> Kind:
    if not schema.get(NULLABLE) or kind.converter.startswith("Nullable("):
        return kind
    return _wrapped("Nullable", f"{kind.annotation} | None", kind)


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


__all__ = ["Kind", "kind_of", "or_unset"]
