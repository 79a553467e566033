"""Decoding with our package, just as its operations do it, and encoding by `to_dict`.

Whether orjson is used is decided by whether it is installed.
"""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dqops._runtime.declare.bodies import JsonBody
from dqops._runtime.declare.conversion import ListOf, ModelOf
from dqops._runtime.exchange.bodies import Received, read_body

from benchmarks.peers.serving import processor_time_of, serve

_ORJSON: Any = import_module("orjson") if find_spec("orjson") else None


def _body(model: str, is_list: bool) -> JsonBody:
    """Make what a generated operation has for an answer."""
    converter = ModelOf(model)
    return JsonBody(ListOf(converter) if is_list else converter)


def _read(body: JsonBody, content: bytes) -> Any:
    return read_body(body, Received(content, "utf-8", {}), "dqops.client.models")


def _write(value: Any) -> bytes:
    """Do what a program does with models, as `conversion_generated` does it."""
    plain = [item.to_dict() for item in value] if isinstance(value, list) else value.to_dict()
    if _ORJSON is not None:
        content: bytes = _ORJSON.dumps(plain)
        return content
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def decode(path: str, model: str, is_list: bool, repeat: int) -> float:
    """Measure how long a document takes to become models.

    Args:
        path: The document.
        model: The model.
        is_list: Whether the document is a list of them.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    return processor_time_of(partial(_read, _body(model, is_list), Path(path).read_bytes()), repeat)


def encode(path: str, model: str, is_list: bool, repeat: int) -> float:
    """Measure how long models take to become a document.

    Args:
        path: The document that the models are made of.
        model: The model.
        is_list: Whether the document is a list of them.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    value = _read(_body(model, is_list), Path(path).read_bytes())
    return processor_time_of(partial(_write, value), repeat)


serve(decode, encode)
