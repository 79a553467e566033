"""Whether what an operation returned is what the specification says, whoever read it.

Nothing here uses the converters of the SDK or the annotations of its models: the schema of the
response is walked together with the result.
"""

from __future__ import annotations

import datetime
import json
import uuid
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dqops.client import models
from dqops.client.types import UNSET, File
from operations_under_test import SPECIFICATION
from support.runtime import MapModel, Model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

__all__ = ["error_problems", "has_no_value", "result_problems", "value_problems"]

_TEXTS: dict[str | None, type] = {
    None: str,
    "date": datetime.date,
    "date-time": datetime.datetime,
    "date-time-local": datetime.datetime,
    "duration": datetime.timedelta,
    "uuid": uuid.UUID,
}


def result_problems(operation: Operation, status: int, content: bytes, result: Any) -> list[str]:
    """Say what is wrong with a result.

    Args:
        operation: The operation that returned it.
        status: The status of the response.
        content: The body of the response.
        result: What the SDK made of it.

    Returns:
        The places with what was found there; empty if nothing is wrong.
    """
    place = _content_place(operation, status)
    if place is None:
        return [] if result is None else [f"{result!r} is the result of status {status}"]
    if result is None:
        # Also a status that is a response only with a readable body, such as the 503 of a health
        # check.
        is_allowed = not 200 <= status < 300 or has_no_value(content)
        return [] if is_allowed else ["the body was not read"]
    pointer, response = _response(operation, status)
    _, schema = SPECIFICATION.resolve(f"{place}/schema")
    if "x-joined-text" in response:
        is_list = type(result) is list and all(type(each) in (str, type(None)) for each in result)
        return [] if is_list else [f"{result!r} is no list of texts ({pointer})"]
    if schema.get("format") == "binary":
        return _file_problems(result, content)
    return list(value_problems(f"{place}/schema", result))


def error_problems(operation: Operation, status: int, parsed: Any) -> list[str]:
    """Say what is wrong with the parsed body of an error.

    Args:
        operation: The operation that failed.
        status: The status of the response.
        parsed: What the SDK made of the body.

    Returns:
        The places with what was found there; empty if nothing is wrong.
    """
    if parsed is None:
        return []
    found = operation.responses.get(status)
    if found is None or "content" not in found[1]:
        # What a framework sends under any status is what the specification has for the server's own
        # errors.
        found = operation.responses.get(500)
    if found is None:
        return [f"{parsed!r} is the error of an operation without errors"]
    pointer, response = found
    (media_type,) = response["content"]
    return list(value_problems(f"{pointer}/content/{_step(media_type)}/schema", parsed))


def has_no_value(content: bytes) -> bool:
    """Whether a body is empty, or null in JSON.

    Args:
        content: The body.

    Returns:
        The response.
    """
    try:
        return not content.strip() or json.loads(content) is None
    except (ValueError, RecursionError):
        return False


def value_problems(pointer: str, value: Any, place: str = "result") -> Iterator[str]:
    """Compare a value with a schema.

    Args:
        pointer: Where the schema stands in the specification.
        value: The value.
        place: How to call the value.

    Yields:
        What is wrong where.
    """
    pointer, schema = SPECIFICATION.resolve(pointer)
    if "anyOf" in schema:
        found = [
            list(value_problems(f"{pointer}/anyOf/{position}", value, place))
            for position in range(len(schema["anyOf"]))
        ]
        if all(found):
            yield from found[0]
        return
    kinds = schema.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if value is None and "null" in kinds:
        return
    kind = next(each for each in kinds if each != "null" or len(kinds) == 1)
    if "enum" in schema:
        yield from _member_problems(pointer, schema, value, place)
    elif kind == "object":
        yield from _object_problems(pointer, schema, value, place)
    elif kind == "array":
        if type(value) is not list:
            yield _wrong(place, "a list", value)
            return
        for position, item in enumerate(value):
            if item is not None:
                yield from value_problems(f"{pointer}/items", item, f"{place}[{position}]")
    elif kind == "anything":
        if not _is_json(value):
            yield _wrong(place, "plain JSON", value)
    elif not _is_scalar(kind, schema.get("format"), value):
        yield _wrong(place, f"a {kind} ({schema.get('format')})", value)


def _object_problems(pointer: str, schema: Any, value: Any, place: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    further = schema.get("additionalProperties", {})
    if not properties and (further or "additionalProperties" in schema):
        if not isinstance(value, MapModel):
            yield _wrong(place, "a map", value)
            return
    elif type(value) is not getattr(models, pointer.rpartition("/")[2]):
        yield _wrong(place, f"a {pointer}", value)
        return
    assert isinstance(value, Model)
    names = {item.key: item.name for item in value._properties}
    if names.keys() != properties.keys():
        yield f"{place} has the properties {sorted(names)}, not {sorted(properties)}"
        return
    for key, name in names.items():
        found = getattr(value, name)
        if found is UNSET:
            if key in schema.get("required", ()):
                yield f"{place}.{name} is missing"
        else:
            yield from value_problems(f"{pointer}/properties/{key}", found, f"{place}.{name}")
    for key, found in value.additional_properties.items():
        if type(key) is not str:
            yield _wrong(f"{place} has a key that", "a text", key)
        elif found is None:
            continue
        elif key in properties and _holds_a_time(f"{pointer}/properties/{key}"):
            continue  # one that Python cannot hold
        elif key in properties:
            yield f"{place}.{key} is an additional property"
        elif further:
            yield from value_problems(
                f"{pointer}/additionalProperties", found, f"{place}[{key!r:.50}]"
            )
        elif not _is_json(found):
            yield _wrong(f"{place}[{key!r:.50}]", "plain JSON", found)


def _member_problems(pointer: str, schema: Any, value: Any, place: str) -> Iterator[str]:
    enumeration = getattr(models, pointer.rpartition("/")[2])
    if type(value) is not enumeration:
        yield _wrong(place, f"a {pointer}", value)
    elif type(value.value) is not type(schema["enum"][0]):
        yield _wrong(f"{place}.value", f"one of a {pointer}", value.value)
    elif value.is_known is not (value.value in schema["enum"]):
        yield f"{place} is {value!r}, of which is_known is {value.is_known}"


def _is_scalar(kind: str, form: str | None, value: Any) -> bool:
    if kind == "string":
        # A datetime is a date as well.
        if type(value) is not _TEXTS[form]:
            return False
        return not isinstance(value, datetime.datetime) or (
            (value.tzinfo is None) is (form == "date-time-local")
        )
    expected = {
        "boolean": (bool,),
        "integer": (int,),
        "number": (int, float),
        "null": (type(None),),
    }
    return type(value) in expected[kind]


def _holds_a_time(pointer: str) -> bool:
    """Whether a property is a date or a time, or a list of such."""
    place, schema = SPECIFICATION.resolve(pointer)
    if schema.get("type") == "array":
        return _holds_a_time(f"{place}/items")
    return schema.get("format") in {"date", "date-time", "date-time-local"}


def _is_json(value: Any) -> bool:
    """Whether a value is what a parser of JSON returns; it may be nested very deeply."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting += each
        elif type(each) is dict:
            waiting += each.values()
            if any(type(key) is not str for key in each):
                return False
        elif type(each) not in {str, int, float, bool, type(None)}:
            return False
    return True


def _file_problems(result: Any, content: bytes) -> list[str]:
    if type(result) is not File or type(result.payload) is not BytesIO:
        return [_wrong("result", "a file", result)]
    problems = []
    if result.payload.getvalue() != content:
        problems.append("the file has another content than the body")
    name, mime_type = result.file_name, result.mime_type
    if not (name is None or (type(name) is str and name not in {"", ".", ".."})):
        problems.append(f"the file is called {name!r}")
    if name is not None and ("/" in name or "\\" in name):
        problems.append(f"the file is called {name!r}")
    if not (mime_type is None or (type(mime_type) is str and mime_type)):
        problems.append(f"the file is of type {mime_type!r}")
    return problems


def _response(operation: Operation, status: int) -> tuple[str, Any]:
    if status in operation.responses:
        pointer, response = operation.responses[status]
        if 200 <= status < 300 or "x-result" in response:
            return pointer, response
    # Another success than the specified one means the same.
    return operation.responses[operation.result_status]


def _content_place(operation: Operation, status: int) -> str | None:
    """Find the schema of a result; None for a status that has none."""
    is_response = "x-result" in operation.responses.get(status, ("", {}))[1]
    if not (200 <= status < 300 or is_response):
        return None
    pointer, response = _response(operation, status)
    if "content" not in response:
        return None
    return f"{pointer}/content/{_step(next(iter(response['content'])))}"


def _step(name: str) -> str:
    return name.replace("/", "~1")


def _wrong(place: str, expected: str, value: Any) -> str:
    return f"{place} is no {expected}: {type(value).__name__} {value!r:.200}"
