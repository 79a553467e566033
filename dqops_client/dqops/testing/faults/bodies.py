"""Faults in the content: bodies that are not what the specification says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..http.messages import JSON, Response
from ..specification import escaped

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from ..specification import Operation, Specification

    Change = Callable[
        [Specification, "Operation | None", Mapping[str, Any], random.Random, Response], Response
    ]
    Edit = Callable[["Place", Mapping[str, Any]], None]

__all__ = ["CHANGES"]


class Place(NamedTuple):
    """A value inside of a body.

    Args:
        pointer: Where it is, as a JSON pointer.
        owner: The object or array that holds it; None for the body itself.
        key: Its key there.
        value: The value.
        schema: What the specification says about it.
    """

    pointer: str
    owner: Any
    key: str | int
    value: Any
    schema: Mapping[str, Any]


def _places(specification: Specification, operation: Operation, response: Response) -> list[Place]:
    """Go through a body with its schema; nothing if it is no JSON."""
    specified = operation.responses.get(response.status)
    if specified is None or response.headers.get("Content-Type") != JSON or not response.body:
        return []
    pointer, content = specified
    if JSON not in content.get("content", ()) or content.get("x-joined-text"):
        return []
    schema_pointer = f"{pointer}/content/{escaped(JSON)}/schema"
    _, schema = specification.resolve(schema_pointer)
    if schema.get("type") == "string":
        return []  # bare text without quotes
    value = json.loads(response.body)
    return list(_walk(specification, schema_pointer, "", None, "", value))


def _walk(
    specification: Specification,
    schema_pointer: str,
    at: str,
    owner: Any,
    key: str | int,
    value: Any,
) -> Iterator[Place]:
    pointer, schema = specification.resolve(schema_pointer)
    yield Place(at, owner, key, value, schema)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            where = f"{at}/{index}"
            yield from _walk(specification, f"{pointer}/items", where, value, index, item)
    elif isinstance(value, dict):
        properties = schema.get("properties", {})
        for name, item in value.items():
            if name in properties:
                inside = f"{pointer}/properties/{escaped(name)}"
            elif isinstance(schema.get("additionalProperties"), Mapping):
                inside = f"{pointer}/additionalProperties"
            else:
                continue
            where = f"{at}/{escaped(name)}"
            yield from _walk(specification, inside, where, value, name, item)


def _is_described(place: Place) -> bool:
    # Any name is known to a map, so a new one in it is nothing unknown.
    return isinstance(place.value, dict) and "properties" in place.schema


def _editing(is_candidate: Callable[[Place], bool], edit: Edit) -> Change:
    """Make a change of one place: the given one, or one of the candidates by chance."""

    def change(
        specification: Specification,
        operation: Operation | None,
        options: Mapping[str, Any],
        chance: random.Random,
        response: Response,
    ) -> Response:
        if operation is None:
            return response
        places = _places(specification, operation, response)
        path = options["path"]
        found = [each for each in places if path is None and is_candidate(each)]
        found += [each for each in places if path is not None and each.pointer == path]
        if not found:
            return response
        place = chance.choice(found)
        root = [places[0].value]
        if place.owner is None:
            place = place._replace(owner=root, key=0)
        edit(place, options)
        return _with_json(response, root[0])

    return change


def _set_null(place: Place, _options: Mapping[str, Any]) -> None:
    place.owner[place.key] = None


def _set_value(place: Place, options: Mapping[str, Any]) -> None:
    place.owner[place.key] = options["value"]


def _add_property(place: Place, options: Mapping[str, Any]) -> None:
    if isinstance(place.value, dict):
        place.value[options["name"]] = options["value"]


def _wrong_json(
    _specification: Specification,
    _operation: Operation | None,
    options: Mapping[str, Any],
    _chance: random.Random,
    response: Response,
) -> Response:
    variant = options["variant"]
    body = response.body
    if variant == "cut":
        return _halved(_specification, _operation, options, _chance, response)
    if variant == "empty":
        return replace(response, body=b"")
    if variant == "other_type":
        is_array = body.lstrip()[:1] == b"["
        return _with_json(response, {"message": "an object"} if is_array else ["an array"])
    text = b"this is no JSON" if variant == "not_json" else b'{"name": "\xff\xfe"}'
    return _with_body(response, text)


def _halved(
    _specification: Specification,
    _operation: Operation | None,
    options: Mapping[str, Any],
    _chance: random.Random,
    response: Response,
) -> Response:
    if options.get("announced") == "full":
        return response  # what is cut then is what is sent
    return _with_body(response, response.body[: len(response.body) // 2])


def _with_json(response: Response, value: Any) -> Response:
    return _with_body(response, Response.of_json(response.status, value).body)


def _with_body(response: Response, body: bytes) -> Response:
    return replace(response, body=body, headers={"Content-Type": JSON, **response.headers})


CHANGES: Mapping[str, Change] = {
    "null": _editing(lambda place: place.owner is not None, _set_null),
    "truncated": _halved,
    "unknown_enum": _editing(lambda place: "enum" in place.schema, _set_value),
    "unknown_property": _editing(_is_described, _add_property),
    "wrong_json": _wrong_json,
}
