# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Reading functions: from a JSON value to a Python value, or a `DecodeError`.

Those for dates and times are in `decoding_times`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from ..errors import DecodeError
from .decoding_times import (
    decode_date,
    decode_duration,
    decode_instant,
    decode_local_date_time,
    parse_instant,
)
from .numbers import as_float_if_long, notice_long_numbers
from .problems import OutOfRangeError, check_nesting, mismatch

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    Function: TypeAlias = Callable[[Any], Any]
    # The keys that a model knows, those that it needs, and the function that reads it.
    Variant: TypeAlias = tuple[frozenset[str], frozenset[str], Function]

__all__ = [
    "LOCAL_DATE_TIMES",
    "best_decoder",
    "decode_boolean",
    "decode_date",
    "decode_duration",
    "decode_instant",
    "decode_integer",
    "decode_local_date_time",
    "decode_number",
    "decode_string",
    "decode_uuid",
    "list_decoder",
    "member_decoder",
    "one_of_decoder",
    "parse_instant",
    "pass_on",
    "tagged_decoder",
]


class _LocalDateTimes(dict[str, "datetime.datetime"]):
    """Local times by their strings: beginnings of days and hours, which all results have in common.

    What is looked for and not there is read; a bounded number of usual length is kept.
    """

    __slots__ = ()
    _MOST = 1024
    _LONGEST = len("2024-01-31T10:20:30.123456789")

    def __missing__(self, value: Any) -> datetime.datetime:
        moment = decode_local_date_time(value)
        if type(value) is str and len(value) <= self._LONGEST:  # true would be found as 1
            if len(self) >= self._MOST:
                self.clear()
            self[value] = moment
        return moment


LOCAL_DATE_TIMES = _LocalDateTimes()


def decode_string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise mismatch("a string", value)


def decode_integer(value: Any) -> int:
    if isinstance(value, bool):
        raise mismatch("an integer", value)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        notice_long_numbers(value)
        return int(value)
    raise mismatch("an integer", value)


def decode_number(value: Any) -> float:
    if isinstance(value, bool):
        raise mismatch("a number", value)
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return as_float_if_long(value)
    # Java servers quote the numbers that JSON has no form for.
    if isinstance(value, str) and value in {"NaN", "Infinity", "-Infinity"}:
        return float(value)
    raise mismatch("a number", value)


def decode_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise mismatch("a boolean", value)


def pass_on(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        check_nesting(value)
    if not isinstance(value, str):
        notice_long_numbers(value)
    return value


def decode_uuid(value: Any) -> Any:
    from uuid import UUID

    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            pass
    raise mismatch("a UUID", value)


def member_decoder(enumeration: type[Enum], kind: type) -> Function:
    """Make the function that finds an enumeration's member, known or not.

    Args:
        enumeration: The enumeration, an `OpenStrEnum` or `OpenIntEnum`.
        kind: The class of the JSON values, `str` or `int`.

    Returns:
        The function.
    """
    expected = f"{'a string' if kind is str else 'an integer'} ({enumeration.__name__})"
    member: Function = enumeration.decode  # type: ignore[attr-defined]  # of open enumerations

    def decode(value: Any) -> Any:
        if isinstance(value, Enum):
            value = value.value  # from a dictionary that a program made
        if not isinstance(value, kind) or isinstance(value, bool):
            raise mismatch(expected, value)
        return member(value)

    return decode


def list_decoder(decode_item: Function, exact: type | None) -> Function:
    """Make the function that reads an array; a null in it is kept as None.

    Args:
        decode_item: Reads an item.
        exact: The class of items that are taken as they are.

    Returns:
        The function.
    """

    def decode(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise mismatch("an array", value)
        items: list[Any] = []
        if exact is None:
            try:
                for item in value:
                    items.append(decode_item(item))  # noqa: PERF401  # how far it came is needed
                return items
            except DecodeError as error:
                # Nothing is read twice: that would be twice as often with each list in a list.
                if value[len(items)] is not None:
                    error.within(len(items))
                    raise
        for position in range(len(items), len(value)):
            item = value[position]
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


def one_of_decoder(decoders: Sequence[Function]) -> Function:
    """Make the function that takes the first reading that fits.

    Args:
        decoders: The reading functions, in the order in which they are tried.

    Returns:
        The function.
    """

    def decode(value: Any) -> Any:
        if value is None:
            return None
        problems: list[str] = []
        for decode_kind in decoders:
            try:
                return decode_kind(value)
            except OutOfRangeError:
                raise  # a date or time that cannot be held, which another kind would not be either
            except DecodeError as error:  # to try is what this is about
                place = f" at {error.field_path}" if error.field_path else ""
                problems.append(error.problem + place)
        raise DecodeError("no variant matches: " + "; ".join(dict.fromkeys(problems)))

    return decode


def best_decoder(variants: Sequence[Variant]) -> Function:
    """Make the function that reads an object as the model that knows most of its keys.

    Args:
        variants: The models; of those that know as many keys, the first is taken.

    Returns:
        The function.
    """

    def decode(value: Any) -> Any:
        if len(variants) == 1 or not isinstance(value, dict):
            return variants[0][2](value)
        fitting = [each for each in variants if each[1] <= value.keys()] or variants
        ordered = sorted(fitting, key=lambda each: -len(each[0] & value.keys()))
        return one_of_decoder([each[2] for each in ordered])(value)

    return decode


def tagged_decoder(key: str, decoders: Mapping[str, Function]) -> Function:
    """Make the function that reads an object as the model that one of its properties names.

    Args:
        key: The property.
        decoders: The reading functions by its values.

    Returns:
        The function; it passes on what has another value there, or none.
    """

    def decode(value: Any) -> Any:
        if not isinstance(value, dict):
            raise mismatch("an object", value)
        tag = value.get(key)
        if isinstance(tag, Enum):
            tag = tag.value  # from a dictionary that a program made
        decode_model = decoders.get(tag) if isinstance(tag, str) else None
        return pass_on(value) if decode_model is None else decode_model(value)

    return decode
