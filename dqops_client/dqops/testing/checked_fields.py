"""Checks of what the classes that users make a simulated server of are given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

__all__ = ["check_fields", "check_time"]

# What a field must be, by the beginning of its annotation.
_KINDS: Mapping[str, tuple[type[Any], str]] = {
    "str": (str, "a string"),
    "datetime": (datetime, "a datetime"),
    "Document": (Mapping, "a mapping"),
    "Mapping": (Mapping, "a mapping"),
    "Sequence": (Iterable, "a list"),
}


def check_fields(made: Any) -> None:
    """Refuse fields of a dataclass whose values are of a wrong type.

    Args:
        made: The object, whose annotations are strings.

    Raises:
        ValueError: A field has a value of a wrong type.
    """
    for name, kind, wanted, or_none in _wanted(made.__class__):
        value = getattr(made, name)
        if value is None and or_none:
            continue
        if not isinstance(value, kind) or (kind is Iterable and isinstance(value, str | Mapping)):
            raise ValueError(
                f"{type(made).__name__}: {name} must be {wanted}"
                f"{' or None' if or_none else ''}, got {value!r}"
            )


@cache
def _wanted(made: type[Any]) -> tuple[tuple[str, type[Any], str, bool], ...]:
    """List the fields of a dataclass that must be something, with what that is."""
    found = []
    for field in fields(made):
        annotation = str(field.type)
        beginning = annotation.partition("[")[0].partition(" ")[0]
        if beginning in _KINDS and field.repr:  # no message shows a secret
            found.append((field.name, *_KINDS[beginning], annotation.endswith("| None")))
    return tuple(found)


def check_time(name: str, value: object) -> None:
    """Refuse what is no time.

    Args:
        name: The argument's name.
        value: The time.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(value, datetime):
        raise ValueError(f"{name} must be a datetime, got {value!r}")
