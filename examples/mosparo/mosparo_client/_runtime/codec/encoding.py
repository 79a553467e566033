# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Writing functions: from a Python value to a JSON value.

Those for dates and times are in `encoding_times`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from ..declare.unset import UNSET
from .encoding_times import (
    encode_date,
    encode_duration,
    encode_instant,
    encode_local_date_time,
)
from .unknown_values import NO_LISTS, as_list, check_keys, check_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType
    from typing import TypeAlias, TypeGuard

    Function: TypeAlias = Callable[[Any], Any]

__all__ = [
    "encode_any",
    "encode_date",
    "encode_duration",
    "encode_instant",
    "encode_local_date_time",
    "enum_encoder",
    "list_encoder",
    "model_encoder",
]

_PLAIN = frozenset({str, int, float, bool})


def encode_any(value: Any) -> Any:
    """Write a Python value of any of the kinds that the converters produce.

    Args:
        value: A model, an enumeration's member, a date or time, a list of such, or plain JSON.

    Returns:
        The JSON value: what is `UNSET` is left out of an object, and null elsewhere. What is of
        none of these kinds stays as it is.
    """
    if value is None or type(value) in _PLAIN:
        return value
    if value is UNSET:
        return None
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [encode_any(item) for item in value]
    # A class has the method, too, but no object to call it for.
    if hasattr(value, "to_dict") and not isinstance(value, type):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: encode_any(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, datetime.datetime):
        return encode_instant(value)
    if isinstance(value, datetime.date):
        return encode_date(value)
    if isinstance(value, datetime.timedelta):
        return encode_duration(value)
    if type(value).__module__ == "uuid":
        return str(value)
    return [encode_any(item) for item in value] if _stands_for_list(value) else value


def _stands_for_list(value: Any) -> TypeGuard[Iterable[Any]]:
    if isinstance(value, (type, *NO_LISTS)) or hasattr(value, "read"):  # such as an open file
        return False
    return isinstance(value, (Collection, Iterator))


def enum_encoder(name: str, models: ModuleType) -> Function:
    """Make the function that writes a member of an enumeration, or a plain string or number.

    Args:
        name: The name of the enumeration.
        models: The package that has it.

    Returns:
        The function.
    """

    def encode(value: Any) -> Any:
        written = getattr(value, "_value_", None)
        if written is not None:
            return written
        check_value(getattr(models, name), value)
        return value

    return encode


def model_encoder(name: str, models: ModuleType) -> Function:
    """Make the function that writes a model, or a dictionary in its place.

    Args:
        name: The name of the model.
        models: The package that has it.

    Returns:
        The function.
    """

    def encode(value: Any) -> Any:
        try:
            to_dict = type(value).to_dict
        except AttributeError:
            check_keys(models, name, value)
            return encode_any(value)  # a plain dictionary will do as well
        return to_dict(value)

    return encode


def list_encoder(encode_item: Function | None) -> Function:
    """Make the function that writes a list.

    Args:
        encode_item: Writes an item; None where items stay as they are.

    Returns:
        The function.
    """

    def encode(value: Any) -> Any:
        if value is None or value is UNSET:
            return None
        if type(value) is not list:
            as_list(value)
        if encode_item is None:
            return [None if item is UNSET else item for item in value]
        return [None if item is None or item is UNSET else encode_item(item) for item in value]

    return encode
