"""Decoding and encoding with a client that openapi-python-client has generated.

    python -m benchmarks.peers.conversion_generated PACKAGE

The official client is one, too.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.serving import processor_time_of, serve

if TYPE_CHECKING:
    from collections.abc import Callable

models = import_module(f"{sys.argv[1]}.models")


def _parser(parser: str) -> Callable[[bytes], Any]:
    loads: Callable[[bytes], Any] = import_module(parser).loads
    return loads


def _read(model: str, is_list: bool, loads: Callable[[bytes], Any], content: bytes) -> Any:
    """Do what a generated operation does with an answer."""
    value = loads(content)
    from_dict = getattr(models, model).from_dict
    return [from_dict(item) for item in value] if is_list else from_dict(value)


def _write(value: Any, parser: str) -> bytes:
    """Do what a generated operation and httpx do with a body."""
    plain = [item.to_dict() for item in value] if isinstance(value, list) else value.to_dict()
    if parser == "json":
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    content: bytes = import_module(parser).dumps(plain)
    return content


def decode(path: str, model: str, is_list: bool, parser: str, repeat: int) -> float:
    """Measure how long a document takes to become models.

    Args:
        path: The document.
        model: The model.
        is_list: Whether the document is a list of them.
        parser: The module that parses JSON.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    content = Path(path).read_bytes()
    return processor_time_of(partial(_read, model, is_list, _parser(parser), content), repeat)


def encode(path: str, model: str, is_list: bool, parser: str, repeat: int) -> float:
    """Measure how long models take to become a document.

    Args:
        path: The document that the models are made of.
        model: The model.
        is_list: Whether the document is a list of them.
        parser: The module that writes JSON.
        repeat: How often to do it.

    Returns:
        Seconds.
    """
    value = _read(model, is_list, json.loads, Path(path).read_bytes())
    return processor_time_of(partial(_write, value, parser), repeat)


serve(decode, encode)
