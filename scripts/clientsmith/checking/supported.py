"""Refuses what is valid OpenAPI but would not make it into the generated code.

openapi-python-client passes over much of it without a word; here each has an error that points to
it, before anything is generated.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from openapi_python_client.parser.properties import EnumProperty
from openapi_python_client.parser.properties.schemas import Class
from openapi_python_client.strings import ClassName, PythonIdentifier

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import to_pointer
from clientsmith.reading.grammar import ANNOTATIONS
from clientsmith.reading.walking import Found, walk
from clientsmith.viewing.body_rules import EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Keywords that say which values there are, not only which of them are valid.
_UNSUPPORTED_KEYWORDS = (
    "contentSchema",
    "dependentSchemas",
    "else",
    "if",
    "not",
    "patternProperties",
    "prefixItems",
    "then",
)
# What `anyOf` and `oneOf` cannot stand beside: the generator takes one or the other.
_SHAPES = ("additionalProperties", "allOf", "const", "enum", "items", "properties", "type")
_STATUS = re.compile(r"[1-5](?:[0-9][0-9]|XX)|default")
# Header fields that the client sets itself; OpenAPI says that such parameters are ignored.
_OWN_HEADERS = frozenset({"accept", "authorization", "content-type", "cookie"})


def unsupported(bundle: dict[str, Any]) -> Iterator[PipelineError]:
    """Find what in a document cannot be generated.

    Args:
        bundle: The bundled document, valid OpenAPI 3.1.

    Yields:
        What cannot, with its place in the bundle.
    """
    checks: dict[str, Callable[[Found], None]] = {
        "path item": _check_path_item,
        "operation": _check_operation,
        "parameter": _check_parameter,
        "request body": _check_request_body,
        "schema": _check_schema,
    }
    names: dict[str, str] = {}
    for found in walk(bundle):
        check = checks.get(found.kind)
        try:
            if check is not None and not (isinstance(found.value, dict) and "$ref" in found.value):
                check(found)
            if found.kind == "operation" and "operationId" in found.value:
                name = operation_name(found.value["operationId"])
                other = names.setdefault(name, found.pointer)
                if other != found.pointer:
                    raise _error(found, f"{other} would be a module named {name}, too")
        except PipelineError as error:
            yield error


def operation_name(identifier: str) -> str:
    """Make the name of an operation's module.

    Args:
        identifier: The operationId, or what the generator made of it.

    Returns:
        The name in snake case.
    """
    return str(PythonIdentifier(identifier, "field_"))


def same_names(names: Iterable[str]) -> str | None:
    """Find a name that is there twice, the way Python compares names.

    Args:
        names: Names in Python.

    Returns:
        The first name that repeats an earlier one, or None.
    """
    seen: set[str] = set()
    for name in names:
        normal = unicodedata.normalize("NFKC", name)
        if normal in seen:
            return name
        seen.add(normal)
    return None


def _error(found: Found, message: str, *parts: str, hint: str | None = None) -> PipelineError:
    return PipelineError(message, pointer=to_pointer((*found.parts, *parts)), hint=hint)


def _check_path_item(found: Found) -> None:
    path = found.parts[-1]
    if "?" in path or path.endswith("#") or path.count("#") > 1:
        raise _error(found, f"the path {path!r} holds more than a path")


def _check_operation(found: Found) -> None:
    operation: dict[str, Any] = found.value
    if "servers" in operation:
        raise _error(found, "servers of a single operation cannot be generated", "servers")
    for status in operation.get("responses", {}):
        if not _STATUS.fullmatch(status):
            raise _error(found, f"{status!r} is not a status", "responses", status)


def _check_parameter(found: Found) -> None:
    parameter: dict[str, Any] = found.value
    name, place = parameter["name"], parameter["in"]
    for key in ("allowReserved", "allowEmptyValue"):
        if parameter.get(key):
            raise _error(found, f"{key} of parameters cannot be generated", key)
    if place == "header" and name.lower() in _OWN_HEADERS:
        raise _error(found, f"the header {name!r} is set by the client, not by a parameter")


def _check_request_body(found: Found) -> None:
    content = found.value["content"]
    if found.value.get(EMPTY) is True:
        if len(content) != 1 or any(content.values()):
            raise _error(found, "a body that is always empty has one media type and no schema")
        return
    for media_type, media in content.items():
        if "schema" not in media:
            raise _error(found, "schema of a request body is missing", "content", media_type)


def _check_schema(found: Found) -> None:
    schema: Any = found.value
    if isinstance(schema, bool):
        if found.parts[-1] == "additionalProperties":
            return
        raise _error(
            found,
            f"a schema that is {str(schema).lower()} cannot be generated",
            hint="Write {} for any value.",
        )
    for key in _UNSUPPORTED_KEYWORDS:
        if key in schema:
            raise _error(found, f"{key!r} cannot be generated", key)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    for key, needed in (("items", "array"), ("additionalProperties", "object")):
        if key in schema and needed not in types:
            raise _error(found, f"{key!r} has no effect without type: {needed}", key)
    _check_combination(found, schema)
    _check_property_names(found, schema.get("properties", {}))
    if "enum" in schema:
        _check_enum(found, schema, types)
    is_shared = found.parts[:2] == ("components", "schemas") and len(found.parts) == 3
    if "x-ordered" in schema and not (is_shared and types == ["string"] and "enum" in schema):
        raise _error(found, "only a schema of its own that is an enum of strings can be ordered")


def _check_combination(found: Found, schema: dict[str, Any]) -> None:
    union = next((key for key in ("anyOf", "oneOf") if key in schema), None)
    if union is not None:
        for key in (*_SHAPES, "oneOf" if union == "anyOf" else "anyOf"):
            if key in schema:
                raise _error(found, f"{key!r} beside {union!r} cannot be generated", key)
    if "discriminator" in schema and union is None:
        raise _error(found, "'discriminator' has no effect without anyOf or oneOf", "discriminator")
    if "allOf" in schema:
        # The bundle has merged what consists of objects; what remains may only be another way to
        # write a reference with a description.
        others = [key for key in schema if key != "allOf" and key not in ANNOTATIONS]
        if len(schema["allOf"]) != 1 or "$ref" not in schema["allOf"][0] or others:
            raise _error(found, "only an allOf of objects can be generated", "allOf")


def _check_property_names(found: Found, properties: dict[str, Any]) -> None:
    by_name: dict[str, str] = {}
    for key, schema in properties.items():
        if isinstance(schema, dict) and "x-python-name" in schema:
            continue
        other = by_name.setdefault(PythonIdentifier(key, "field_"), key)
        # Where names in snake case coincide, the generator takes the names as they are.
        as_they_are = {
            PythonIdentifier(each, "field_", skip_snake_case=True) for each in (key, other)
        }
        if other != key and len(as_they_are) == 1:
            raise _error(
                found,
                f"the properties {other!r} and {key!r} would have the same name in Python: "
                f"{as_they_are.pop()}",
                "properties",
                key,
                hint="Give one of them another name with x-python-name.",
            )


def _check_enum(found: Found, schema: dict[str, Any], types: list[str]) -> None:
    values = [value for value in schema["enum"] if value is not None]
    kinds = {type(value) for value in values}
    if kinds not in ({str}, {int}):
        raise _error(found, "an enum can only be generated of strings or of integers", "enum")
    if "boolean" in types or ("null" in types) != (None in schema["enum"]):
        raise _error(
            found,
            f"the enum does not fit to type: {schema['type']}",
            "enum",
            hint="An enum with null needs both 'null' among its types and null among its values.",
        )
    names = schema.get("x-enum-varnames", [])
    if "x-enum-varnames" in schema and len(names) != len(values):
        raise _error(
            found, f"{len(values)} values cannot have {len(names)} names", "x-enum-varnames"
        )
    members = member_names(values, names)
    twice = same_names(members) if len(members) == len(values) else "one"
    if twice is not None or len(set(values)) != len(values):
        raise _error(
            found,
            f"two values of the enum have the same name in Python: {', '.join(members)}",
            "enum",
            hint="Give the names with x-enum-varnames.",
        )
    for member in members:
        if not member.isidentifier():
            raise _error(found, f"{member!r} cannot be the name of an enum's value", "enum")


def member_names(values: list[Any], names: list[str]) -> list[str]:
    """Find the names that the generator gives to the values of an enum.

    Args:
        values: The values, without null.
        names: The names that `x-enum-varnames` gives; may be empty.

    Returns:
        As many names as there are values; fewer, where names coincide.
    """
    try:
        return list(EnumProperty.values_from_list(values, _NO_CLASS, names))
    except ValueError:  # the generator's way to say that names coincide
        return []


_NO_CLASS = Class(name=ClassName("Enum", ""), module_name=PythonIdentifier("enum", ""))


__all__ = [
    "member_names",
    "operation_name",
    "same_names",
    "unsupported",
]
