"""Specifications of connections, tables and so on, as JSON documents that are never changed.

A changed document is a new one that shares what is unchanged, so that whoever holds the old one
(a snapshot, a response under way) keeps what it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Document", "copied", "part_of", "with_part"]

Document = Mapping[str, Any]


def part_of(document: Document, path: Sequence[str]) -> Any:
    """Look up a nested part.

    Args:
        document: The document.
        path: The names of the properties, from the outermost inwards.

    Returns:
        The part, or None if it is absent.
    """
    part: Any = document
    for name in path:
        if not isinstance(part, Mapping) or name not in part:
            return None
        part = part[name]
    return part


def with_part(document: Document, path: Sequence[str], value: Any) -> Document:
    """Make a document with another part.

    Args:
        document: The document, which stays as it is.
        path: The names of the properties, from the outermost inwards; not empty.
        value: The new part; None to leave it out.

    Returns:
        The new document. Objects on the way to the part are made if they are absent.
    """
    name, *rest = path
    if value is None and name not in document:
        return document
    if rest:
        inner = document.get(name)
        value = with_part(inner if isinstance(inner, Mapping) else {}, rest, value)
    if value is None:
        return {key: part for key, part in document.items() if key != name}
    return {**document, name: value}


def copied(value: Any) -> Any:
    """Copy a JSON value, so that the caller may go on to change what it has given.

    Args:
        value: Mappings, sequences and scalars.

    Returns:
        Dictionaries, lists and scalars.
    """
    if isinstance(value, Mapping):
        return {str(name): copied(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [copied(part) for part in value]
    return value
