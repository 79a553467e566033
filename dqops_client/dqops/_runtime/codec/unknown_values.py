"""What becomes of values and keys that are not known.

A string in the place of an enumeration's member that is no known value is sent, because a newer
server may know it, and a warning tells what may be meant. Where the client is strict it is refused.
A member that was read from a response is no string of the program: it is sent back, known or not.

A misspelt key of a dictionary in the place of a model is refused: servers ignore it, and a filter
that is ignored selects everything. So is a string in the place of a list.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..declare.conversion import ListOf, ModelOf, Nullable
from ..declare.unset import UNSET
from ..errors import InvalidRequest
from ..suggestions import did_you_mean, listed
from .warned import warn_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["NO_LISTS", "as_list", "check_keys", "check_value", "refusing_unknown_values"]


#: What can be iterated over, and is meant as one value.
NO_LISTS = (str, bytes, bytearray, memoryview, Mapping)
_MOST_SHOWN = 8
_LONGEST_SHOWN = 60


class _Mode(threading.local):
    refuses = False


_mode = _Mode()


@contextmanager
def refusing_unknown_values() -> Iterator[None]:
    """Refuse unknown values in this thread, instead of warning of them."""
    _mode.refuses = True
    try:
        yield
    finally:
        _mode.refuses = False


def check_value(enumeration: Any, value: Any) -> None:
    """Check a value that is no member.

    Args:
        enumeration: The enumeration.
        value: The value; what is no string or number, as the members are, is left to the server.

    Raises:
        InvalidRequest: It is unknown, and unknown values are refused.
    """
    known = enumeration._value2member_map_
    if not isinstance(value, enumeration._member_type_) or value in known:
        return
    hint = did_you_mean(str(value), map(str, known))
    told = f"{value!r} is no value of {enumeration.__name__} that this version knows"
    if _mode.refuses:
        raise InvalidRequest(told + (hint or f"; those are {', '.join(map(repr, known))}"))
    warn_once(
        (enumeration.__name__, value),
        f"{told}{f'{hint} It' if hint else '; it'} is sent as it is; strict_enums=True refuses it",
    )


def check_keys(
    models: ModuleType, name: str, value: Any, place: str = "", *, extra: bool = False
) -> None:
    """Refuse misspelt keys of a dictionary in the place of a model, and of those within it.

    A dictionary with no key that the model has is refused, too; what has one may hold others, which
    a newer server may know.

    Args:
        models: The package that has the model.
        name: The name of the model.
        value: The dictionary, or a list of such; anything else is passed over.
        place: What stands before the name in the message.
        extra: Whether they are the extra fields of a model, of which none is known.

    Raises:
        InvalidRequest: A key is not spelt as it should be, or none is known.
    """
    if isinstance(value, (list, tuple)):
        for each in value:
            if isinstance(each, Mapping):
                check_keys(models, name, each, place)
    if not isinstance(value, Mapping):
        return
    model = getattr(models, name)
    keys = {item.name: item.key for item in model._properties}
    kinds = {item.key: item.converter for item in model._properties}
    for key, held in value.items():
        if key in kinds or not kinds:
            inner = kinds[key] if kinds else model.__dict__.get("_additional")
            if isinstance(inner, ListOf) and held is not None and held is not UNSET:
                try:
                    as_list(held)
                except InvalidRequest as error:
                    raise InvalidRequest(f"{place}{name}.{key}: {error}") from None
            while isinstance(inner, (ListOf, Nullable)):
                inner = inner.item if isinstance(inner, ListOf) else inner.inner
            if isinstance(inner, ModelOf):
                check_keys(models, inner.name, held, place)
        elif isinstance(key, str):
            hint = f"; write {keys[key]!r}" if key in keys else did_you_mean(key, kinds)
            if hint:  # otherwise it may be something that a newer server knows
                raise InvalidRequest(f"{place}{name} has no property {key!r}{hint}")
    is_open = not kinds or "_additional" in model.__dict__
    if value and not extra and not is_open and kinds.keys().isdisjoint(value):
        raise InvalidRequest(
            f"{place}{name} has none of {listed(map(repr, value), _MOST_SHOWN)}, but "
            f"{listed(map(repr, kinds), _MOST_SHOWN)}; "
            f"{name}.from_dict() sends what newer servers know"
        )


def as_list(value: Any, of: str = "") -> Any:
    """Refuse what cannot be sent as an array: servers describe it in words of their own.

    Args:
        value: What stands for a list: anything to iterate over, but no string and no object.
        of: The name of the class that its items are of, for the message.

    Returns:
        The value.

    Raises:
        InvalidRequest: It is something else.
    """
    if isinstance(value, Iterable) and not isinstance(value, NO_LISTS):
        return value
    wanted = f"a list of {of}" if of else "a list"
    if not isinstance(value, str):
        raise InvalidRequest(f"expected {wanted}, got {type(value).__name__}")
    if len(value) > _LONGEST_SHOWN:
        raise InvalidRequest(f"expected {wanted}, got a string of {len(value):,} characters")
    raise InvalidRequest(f"expected {wanted}, got {value!r}: write [{value!r}]")
