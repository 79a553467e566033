"""Decoding and encoding with msgspec: what typed decoding can reach at best.

    python -m benchmarks.peers.conversion_msgspec SCHEMAS

msgspec parses and converts in one step, in C. It drops unknown properties and refuses unknown enum
values, so it is a limit and no alternative.
"""

from __future__ import annotations

import datetime
import json
import sys
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import GenericAlias
from typing import Any

from benchmarks.peers.serving import processor_time_of, serve

# By name, because only the environment that this runs in has it.
msgspec: Any = import_module("msgspec")

SCHEMAS = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

_SCALARS: dict[str, Any] = {"boolean": bool, "integer": int, "number": float}


@cache
def _named(name: str) -> Any:
    schema = SCHEMAS[name]
    if "enum" in schema:
        return str
    if not schema.get("properties"):
        return _type(schema)
    wire_names = {f"field_{number}": key for number, key in enumerate(schema["properties"])}
    fields = [
        (field, _type(schema["properties"][key]) | msgspec.UnsetType, msgspec.UNSET)
        for field, key in wire_names.items()
    ]
    return msgspec.defstruct(name, fields, rename=wire_names)


def _type(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _named(schema["$ref"].rpartition("/")[2])
    kind, form = schema.get("type"), schema.get("format")
    if isinstance(kind, list) or kind is None:
        return Any
    if kind in _SCALARS:
        return _SCALARS[kind]
    if kind == "array":
        return GenericAlias(list, (_type(schema["items"]),))
    if kind == "object":
        values = schema.get("additionalProperties")
        return GenericAlias(dict, (str, _type(values) if isinstance(values, dict) else Any))
    return datetime.datetime if form in {"date-time", "date-time-local"} else str


def _decoder(model: str, is_list: bool) -> Any:
    return msgspec.json.Decoder(GenericAlias(list, (_named(model),)) if is_list else _named(model))


def decode(path: str, model: str, is_list: bool, repeat: int) -> float:
    """Measure how long a document takes to become structures.

    Args:
        path: The document.
        model: The name of its schema.
        is_list: Whether the document is a list of them.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    content = Path(path).read_bytes()
    return processor_time_of(partial(_decoder(model, is_list).decode, content), repeat)


def encode(path: str, model: str, is_list: bool, repeat: int) -> float:
    """Measure how long structures take to become a document.

    Args:
        path: The document that the structures are made of.
        model: The name of its schema.
        is_list: Whether the document is a list of them.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    value = _decoder(model, is_list).decode(Path(path).read_bytes())
    return processor_time_of(partial(msgspec.json.encode, value), repeat)


serve(decode, encode)
