"""What a response looks like, whatever its values are."""

from __future__ import annotations

import re
from typing import Any

from dqops.testing.specification import escaped
from simulator.support import SPECIFICATION

__all__ = ["shape_differences"]

#: The kinds of values by their places, such as `$.columns.*.severity`.
Shape = dict[str, set[str]]

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_KINDS = {
    # The number of digits tells which clock a time comes from.
    "instant": re.compile(rf"{_TIME}(\.\d{{3}})?Z"),
    "precise instant": re.compile(rf"{_TIME}\.\d{{6}}(\d{{3}})?Z"),
    "local time": re.compile(rf"{_TIME}(\.\d{{1,9}})?"),
    "time with offset": re.compile(rf"{_TIME}(\.\d+)?[+-]\d\d:\d\d"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "duration": re.compile(r"PT(\d+H)?(\d+M)?(\d+(\.\d+)?S)?"),
}


def shape_differences(operation: str, status: int, recorded: Any, simulated: Any) -> list[str]:
    """Compare the shapes of two responses to the same request.

    Args:
        operation: The operation's name; any other text if there is none.
        status: The status of both.
        recorded: The JSON value that the real server sent.
        simulated: The one that the simulated server sends.

    Returns:
        What only one of them has, and where they have values of other kinds.
    """
    real = _shape(operation, status, recorded)
    ours = _shape(operation, status, simulated)
    found = [f"only recorded: {place}" for place in _outermost(real.keys() - ours.keys())]
    found += [f"only simulated: {place}" for place in _outermost(ours.keys() - real.keys())]
    for place in sorted(real.keys() & ours.keys()):
        # What is null or empty in one place may be anything in another.
        if not real[place] & ours[place]:
            kinds = " or ".join(sorted(real[place])), " or ".join(sorted(ours[place]))
            found.append(f"{place} is {kinds[0]}, simulated {kinds[1]}")
    return found


def _outermost(places: set[str]) -> list[str]:
    """Leave out what is inside of something that is missing as a whole."""
    return sorted(
        place
        for place in places
        if not any(place.startswith((f"{other}.", f"{other}[")) for other in places)
    )


def _shape(operation: str, status: int, value: Any) -> Shape:
    known = SPECIFICATION.operations.get(operation)
    responses = {} if known is None else known.responses
    pointer = None
    if status in responses and "content" in responses[status][1]:
        place, response = responses[status]
        media_type = escaped(next(iter(response["content"])))
        pointer = f"{place}/content/{media_type}/schema"
    shape: Shape = {}
    _walk(value, "$", pointer, shape)
    return shape


def _walk(value: Any, place: str, pointer: str | None, shape: Shape) -> None:
    shape.setdefault(place, set()).add(_kind(value))
    schema: dict[str, Any] = {}
    if pointer is not None:
        pointer, schema = SPECIFICATION.resolve(pointer)
    if isinstance(value, list):
        inner = f"{pointer}/items" if "items" in schema else None
        for each in value:
            _walk(each, f"{place}[]", inner, shape)
    elif isinstance(value, dict):
        properties = schema.get("properties", {})
        for key, each in value.items():
            if key in properties:
                _walk(each, f"{place}.{key}", f"{pointer}/properties/{escaped(key)}", shape)
            elif isinstance(schema.get("additionalProperties"), dict):
                _walk(each, f"{place}.*", f"{pointer}/additionalProperties", shape)
            else:
                _walk(each, f"{place}.{key}", None, shape)


_KINDS_OF_TYPES = {bool: "boolean", int: "integer", float: "number", list: "array"}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        kinds = (name for name, pattern in _KINDS.items() if pattern.fullmatch(value))
        return next(kinds, "string")
    return _KINDS_OF_TYPES.get(type(value), "object")
