# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Warnings of what a server of a known version would ignore, refuse or lack.

Servers ignore query parameters and properties that they do not know, and refuse such values of
enumerations without a reason. Nothing is held back: what a table says of versions may be wrong for
one server, and a missing operation is told by the server itself.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..codec.warned import warn_once
from ..declare.conversion import EnumOf, ListOf, ModelOf, Nullable, Tagged
from ..exchange.server_versions import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..declare.conversion import Converter
    from ..declare.messages import Arguments, Request
    from ..declare.operation import Operation
    from ..exchange.server_versions import Span, Tables

__all__ = ["warn_of_version"]


def warn_of_version(
    operation: Operation, arguments: Arguments, request: Request, version: str
) -> None:
    """Warn of what a server does not know, once for each thing and version.

    Args:
        operation: What is called.
        arguments: Its arguments.
        request: The request that was made of them.
        version: The version of the server.
    """
    tables = tables_of(operation.models)
    if tables is not None:
        _warn_of_unknown_version(tables, version)
        _Look(operation, tables, version).at(arguments, request)


def _warn_of_unknown_version(tables: Tables, version: str) -> None:
    """Warn of a version that is older or newer than those that are known."""
    if tables.is_known(version):
        return
    oldest, newest = tables.versions[0], tables.versions[-1]
    warn_once(
        ("server_version", version),
        f"server_version {version!r} is none of those that are known, {oldest} to {newest}; the "
        f"server is taken for one of version {tables.nearest(version)}",
    )


class _Look:
    def __init__(self, operation: Operation, tables: Tables, version: str) -> None:
        self._operation = operation
        self._tables = tables
        self._version = tables.nearest(version)
        self._named = tables.named(version)
        self._models = operation.models

    def at(self, arguments: Arguments, request: Request) -> None:
        operation, tables = self._operation, self._tables
        name = operation.name
        if self._warn(tables.callable_operations, name, "the operation is missing"):
            return
        for key in dict.fromkeys(key for key, _ in request.params or ()):
            self._warn(tables.parameters, (name, key), f"ignores {operation.argument(key)}")
        for values in (arguments.path or {}, arguments.query or {}):
            for key in operation.enums.keys() & values.keys():
                value = values[key]
                for each in value if isinstance(value, (list, tuple)) else (value,):
                    self._value(operation.enums[key], each)
        if operation.body is not None and request.content:
            body = json.loads(request.content)
            model = ModelOf(operation.body)
            self._json(body, ListOf(model) if isinstance(body, list) else model)

    def _json(self, value: Any, kind: Converter) -> None:
        """Look at what is sent, as far as its kind is known."""
        while isinstance(kind, Nullable):
            kind = kind.inner
        if isinstance(kind, EnumOf):
            self._value(kind.name, value)
        elif isinstance(kind, ListOf) and isinstance(value, list):
            for each in value:
                self._json(each, kind.item)
        elif isinstance(kind, Tagged) and isinstance(value, dict):
            tagged = kind.kinds.get(value.get(kind.key, ""))
            if tagged is not None:
                self._json(value, tagged)
        elif isinstance(kind, ModelOf) and isinstance(value, dict):
            model = getattr(import_module(self._models), kind.name)
            properties = {item.key: item for item in getattr(model, "_properties", ())}
            further = getattr(model, "_additional", None)
            for key, inner in value.items():
                item = properties.get(key)
                if item is None:
                    if further is not None:
                        self._json(inner, further)
                elif not self._warn(
                    self._tables.properties, (kind.name, key), f"ignores {kind.name}.{item.name}"
                ):
                    self._json(inner, item.converter)

    def _value(self, enumeration: str, value: Any) -> None:
        text = str(value)
        self._warn(self._tables.values, (enumeration, text), f"refuses {enumeration} {text!r}")

    def _warn(self, table: Mapping[Any, Span], key: Any, does: str) -> bool:
        """Warn of one thing where the server does not know it, and tell whether that is so."""
        span = table.get(key)
        if span is None or self._tables.has(span, self._version):
            return False
        server = f"a server of version {self._named}"
        said = f"{does} on {server}" if does.startswith("the ") else f"{server} {does}"
        warn_once((key, self._named), f"{self._operation.name}: {said}; it is known {span}")
        return True
