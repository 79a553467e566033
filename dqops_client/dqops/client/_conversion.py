"""How JSON values become Python values, and back.

Every property of a generated model names one of the converters of this module. Reading is tolerant
where a newer or older server may differ (unknown enum values, several forms of time) and strict
where a wrong value would surface far away from its cause (a text where a number belongs).

Converters name models and enumerations by their class name only; the class is looked up in the
generated package of models when the first value arrives, so that importing a model or an operation
loads nothing that is not used.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from ._mismatch import mismatch
from ._times import (
    decode_date,
    decode_duration,
    decode_instant,
    decode_local_date_time,
    encode_date,
    encode_duration,
    encode_instant,
    encode_local_date_time,
)
from .errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import TypeAlias

    Function: TypeAlias = Callable[[Any], Any]

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DURATION",
    "INSTANT",
    "INTEGER",
    "LOCAL_DATE_TIME",
    "NUMBER",
    "TEXT",
    "UUID_TEXT",
    "Converter",
    "EnumOf",
    "ListOf",
    "ModelOf",
    "Nullable",
    "OneOf",
]

_PLAIN = frozenset({str, int, float, bool})


class Converter:
    """How one kind of JSON value becomes a Python value, and back.

    Attributes:
        exact: Values of exactly this class are taken as they are, without a call. None where
            every value needs converting.
        nullable: Whether null is a value like any other here.
    """

    __slots__ = ()
    exact: type | None = None
    nullable: bool = False

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that reads a JSON value other than null.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function that returns the Python value or raises `DecodeError`.
        """
        raise NotImplementedError

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # for subclasses
        """Make the function that writes a Python value other than None.

        Args:
            models: The package in which the names of models and enumerations are looked up.

        Returns:
            A function that returns the JSON value, or None where both are the same.
        """
        return None


class _Scalar(Converter):
    """A converter that is one pair of functions, whatever the package of models."""

    __slots__ = ("_decode", "_encode", "exact")

    def __init__(
        self, decode: Function, encode: Function | None = None, exact: type | None = None
    ) -> None:
        self._decode = decode
        self._encode = encode
        self.exact = exact

    def decoder(self, models: ModuleType) -> Function:  # noqa: ARG002  # scalars name no model
        """Return the reading function."""
        return self._decode

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # see above
        """Return the writing function."""
        return self._encode


def _decode_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise mismatch("a text", value)


def _decode_integer(value: Any) -> int:
    if isinstance(value, bool):
        raise mismatch("a whole number", value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise mismatch("a whole number", value)


def _decode_number(value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    # Java servers quote the numbers that JSON has no form for.
    if isinstance(value, str) and value in {"NaN", "Infinity", "-Infinity"}:
        return float(value)
    raise mismatch("a number", value)


def _decode_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise mismatch("true or false", value)


def _same(value: Any) -> Any:
    return value


def _decode_uuid(value: Any) -> Any:
    from uuid import UUID

    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            pass
    raise mismatch("a UUID", value)


def encode_any(value: Any) -> Any:
    """Write a Python value of any of the kinds that the converters produce.

    Args:
        value: A model, an enumeration's member, a date or time, a list of such, or plain JSON.

    Returns:
        The JSON value. What is of none of these kinds stays as it is.
    """
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (list, tuple)):
        return [encode_any(item) for item in value]
    # A class has the method, too, but no object to call it for.
    if hasattr(value, "to_dict") and not isinstance(value, type):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: encode_any(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        return encode_instant(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return encode_duration(value)
    if type(value).__module__ == "uuid":
        return str(value)
    return value


ANY: Converter = _Scalar(_same, encode_any)
TEXT: Converter = _Scalar(_decode_text, exact=str)
INTEGER: Converter = _Scalar(_decode_integer, exact=int)
NUMBER: Converter = _Scalar(_decode_number, exact=float)
BOOLEAN: Converter = _Scalar(_decode_boolean, exact=bool)
INSTANT: Converter = _Scalar(decode_instant, encode_instant)
LOCAL_DATE_TIME: Converter = _Scalar(decode_local_date_time, encode_local_date_time)
DATE: Converter = _Scalar(decode_date, encode_date)
DURATION: Converter = _Scalar(decode_duration, encode_duration)
UUID_TEXT: Converter = _Scalar(_decode_uuid, str)


def _encode_enum(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


class ModelOf(Converter):
    """A JSON object that becomes a model.

    Args:
        name: The class name in the package of models.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that builds the model."""
        name = self.name

        def decode(value: Any) -> Any:
            return getattr(models, name).from_dict(value)

        return decode

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # models know how
        """Return the function that calls `to_dict`; a plain dictionary will do as well."""
        return encode_any


class EnumOf(Converter):
    """A JSON text or number out of an open list.

    Args:
        name: The class name in the package of models.
        kind: The class of the JSON values, `str` or `int`.
    """

    __slots__ = ("kind", "name")

    def __init__(self, name: str, kind: type = str) -> None:
        self.name = name
        self.kind = kind

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that finds the member."""
        name, kind = self.name, self.kind
        expected = "a text" if kind is str else "a whole number"

        def decode(value: Any) -> Any:
            if isinstance(value, Enum):
                value = value.value  # from a dictionary that a program made
            if not isinstance(value, kind) or isinstance(value, bool):
                raise mismatch(f"{expected} ({name})", value)
            return getattr(models, name).decode(value)

        return decode

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # members know
        """Return the function that takes the member's value."""
        return _encode_enum


class ListOf(Converter):
    """A JSON list; a null in it is kept as None.

    Args:
        item: The converter of the items.
    """

    __slots__ = ("item",)

    def __init__(self, item: Converter) -> None:
        self.item = item

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that reads every item."""
        exact = self.item.exact
        decode_item = self.item.decoder(models)

        def decode(value: Any) -> list[Any]:
            if not isinstance(value, list):
                raise mismatch("a list", value)
            items: list[Any] = []
            for position, item in enumerate(value):
                if item is None or type(item) is exact:
                    items.append(item)
                    continue
                try:
                    items.append(decode_item(item))
                except DecodeError as error:
                    error.within(position)
                    raise
            return items

        return decode

    def encoder(self, models: ModuleType) -> Function | None:
        """Make the function that writes every item."""
        encode_item = self.item.encoder(models)

        def encode(value: Any) -> Any:
            if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
                # No list: let the server judge it, rather than send its characters or keys.
                return encode_any(value)
            if encode_item is None:
                return list(value)
            return [None if item is None else encode_item(item) for item in value]

        return encode


class Nullable(Converter):
    """A value for which the specification allows null; null becomes None.

    Args:
        inner: The converter of every other value.
    """

    __slots__ = ("exact", "inner")
    nullable = True

    def __init__(self, inner: Converter) -> None:
        self.inner = inner
        self.exact = inner.exact

    def decoder(self, models: ModuleType) -> Function:
        """Return the inner reading function."""
        decode_inner = self.inner.decoder(models)
        return lambda value: None if value is None else decode_inner(value)

    def encoder(self, models: ModuleType) -> Function | None:
        """Return the inner writing function."""
        encode_inner = self.inner.encoder(models)
        if encode_inner is None:
            return None
        return lambda value: None if value is None else encode_inner(value)


class OneOf(Converter):
    """A value of one of several kinds; the first that fits is taken.

    Args:
        kinds: The converters, in the order in which they are tried.
    """

    __slots__ = ("kinds", "nullable")

    def __init__(self, *kinds: Converter) -> None:
        self.kinds = kinds
        self.nullable = any(kind.nullable for kind in kinds)

    def decoder(self, models: ModuleType) -> Function:
        """Make the function that tries one kind after the other."""
        decoders = [kind.decoder(models) for kind in self.kinds]

        def decode(value: Any) -> Any:
            if value is None:
                return None
            problems: list[str] = []
            for decode_kind in decoders:
                try:
                    return decode_kind(value)
                except DecodeError as error:  # noqa: PERF203  # to try is what this is about
                    place = f" at {error.field_path}" if error.field_path else ""
                    problems.append(error.problem + place)
            raise DecodeError("no alternative fits: " + "; ".join(dict.fromkeys(problems)))

        return decode

    def encoder(self, models: ModuleType) -> Function | None:  # noqa: ARG002  # by the value alone
        """Return the function that writes by the class of the value."""
        return encode_any
