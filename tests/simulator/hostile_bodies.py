"""Bodies that no careful client sends: for every operation, over HTTP."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from simulator.support import SPECIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

__all__ = ["BODIES", "hostile_bodies", "sample"]


def _nested(opening: str, closing: str, depth: int) -> bytes:
    return (opening * depth + "1" + closing * depth).encode()


#: By name, whatever the operation.
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n",
    "null": b"null",
    "true": b"true",
    "zero": b"0",
    "long integer": b"9" * 5000,
    "integer beyond 64 bits": b"9223372036854775808",
    "number beyond double": b"1e400",
    "NaN": b"NaN",
    "text": b'"text"',
    "empty text": b'""',
    "zero character": b'"\\u0000"',
    "half of a surrogate pair": b'"\\ud800"',
    "list": b"[]",
    "list of null": b"[null]",
    "list of scalars": b'[1, "a", true]',
    "list of lists": b"[[], [[]]]",
    "list of objects": b"[{}]",
    "object": b"{}",
    "unknown property": b'{"unknown": {"a": [null]}}',
    "empty name": b'{"": null}',
    "equal names": b'{"a": 1, "a": 2}',
    "not JSON": b'{"a": ',
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "YAML": b"a: 1\n",
    "lists 90 deep": _nested("[", "]", 90),
    "lists 900 deep": _nested("[", "]", 900),
    "lists 100,000 deep": _nested("[", "]", 100_000),
    "objects 90 deep": _nested('{"a":', "}", 90),
    "objects 900 deep": _nested('{"a":', "}", 900),
    "objects 100,000 deep": _nested('{"a":', "}", 100_000),
    "unclosed lists": b"[" * 100_000,
}
# What stands in the place of each property.
_VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "minus one": -1,
    "fraction": 1.5,
    "great integer": 2**63,
    "text": "\u0000 '\"{{1}}",
    "long text": "x" * 100_000,
    "list": [],
    "list of null": [None],
    "list of lists": [[[]]],
    "object": {},
    "object of null": {"a": None},
    "object of objects": {"a": {"a": {}}},
}
_DEEP = {
    "lists 90 deep": _nested("[", "]", 90),
    "lists 900 deep": _nested("[", "]", 900),
    "objects 90 deep": _nested('{"a":', "}", 90),
    "objects 900 deep": _nested('{"a":', "}", 900),
}


def hostile_bodies(operation: Operation) -> Iterator[tuple[str, bytes]]:
    """Go through all bodies for an operation, each with what it is."""
    yield from BODIES.items()
    if operation.body is None or operation.body_media_type != "application/json":
        return
    _, schema = SPECIFICATION.resolve(operation.body)
    names: list[str] = list(schema.get("properties", ()))
    for what, value in _VALUES.items():
        yield f"all properties: {what}", json.dumps(dict.fromkeys(names, value)).encode()
        for name in names:
            yield f"{name}: {what}", json.dumps({name: value}).encode()
        yield f"list of {what}", json.dumps([value]).encode()
    for what, text in _DEEP.items():
        for name in names:
            yield f"{name}: {what}", b"{%s: %s}" % (json.dumps(name).encode(), text)


def sample(operation: Operation, number: int) -> list[tuple[str, bytes]]:
    """Choose a few bodies for an operation; all take their turn from operation to operation."""
    every = list(BODIES.items())
    own = list(islice(hostile_bodies(operation), len(every) + number % 50 + 1))[len(every) :]
    return [every[0], every[number % len(every)], *own[-1:]]
