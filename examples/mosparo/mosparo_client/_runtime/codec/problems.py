# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What is wrong with a JSON value: another kind than expected, out of range, nested too deeply.

Nesting has a limit, so that whatever was read can be written, printed and copied as well: all of
these are recursive. Without a limit, a server could send something that is read where little of
Python's stack is in use and fails later, where more of it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import DecodeError
from .numbers import notice_long_numbers

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "MOST_LEVELS",
    "OutOfRangeError",
    "bounded",
    "check_nesting",
    "describe",
    "mismatch",
    "out_of_range",
]

#: How many models of one kind may be in each other, such as folders, and how many lists and objects
#: in a value that the specification does not describe. Real responses have a few.
MOST_LEVELS = 50

_TOO_DEEP = "the JSON is nested too deeply"
_NESTED = frozenset({dict, list})


class OutOfRangeError(DecodeError):
    """A date or time that there is, and that Python cannot hold: 24:00, a leap second, year 0.

    It costs the property that it is in, not the response: the property stays `UNSET`, and what came
    is kept with those that the specification does not list.
    """


def describe(value: Any) -> str:
    """Describe a JSON value for an error message.

    Args:
        value: Any value out of a JSON document.

    Returns:
        For example `'abc'` or `an array of 3 items`.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        shortened = value if len(value) <= 60 else value[:60] + "..."
        return repr(shortened)
    if isinstance(value, (int, float)):
        # An integer can have more digits than Python is willing to print.
        is_huge = isinstance(value, int) and abs(value) >= 10**30
        return "a very large number" if is_huge else repr(value)
    if isinstance(value, (list, tuple)):
        return f"an array of {len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, Mapping):
        return f"an object with {len(value)} propert{'y' if len(value) == 1 else 'ies'}"
    return f"a value of type {type(value).__name__}"


def mismatch(expected: str, value: Any) -> DecodeError:
    """Make the error for a value of the wrong kind.

    Args:
        expected: What belongs there, with its article.
        value: What came.

    Returns:
        The error, for the caller to raise.
    """
    return _made(DecodeError, expected, value)


def out_of_range(expected: str, value: Any) -> DecodeError:
    """Make the error for a date or time that Python cannot hold.

    Args:
        expected: What belongs there, with its article.
        value: What came.

    Returns:
        The error, for the caller to raise.
    """
    return _made(OutOfRangeError, expected, value)


def _made(kind: type[DecodeError], expected: str, value: Any) -> DecodeError:
    if isinstance(value, float):
        notice_long_numbers(value)  # it is shown
    return kind(f"expected {expected}, got {describe(value)}")


def check_nesting(value: Any) -> None:
    """Refuse a JSON value that is nested too deeply.

    Args:
        value: The value.

    Raises:
        DecodeError: It has more than `MOST_LEVELS` lists and objects in each other.
    """
    waiting = [(value, 1)] if type(value) in _NESTED else []
    while waiting:
        holder, level = waiting.pop()
        if level > MOST_LEVELS:
            raise DecodeError(_TOO_DEEP)
        items = holder.values() if type(holder) is dict else holder
        waiting += [(item, level + 1) for item in items if type(item) in _NESTED]


@cache  # so that all who read a model count together
def bounded(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Limit how often a reading function is called from within itself.

    Args:
        decode: Reads a model that may hold others of its kind.

    Returns:
        The same with the limit; beyond it, a `DecodeError` is raised.
    """
    from threading import local

    within = local()

    def decode_bounded(value: Any) -> Any:
        level = getattr(within, "level", 0)
        if level >= MOST_LEVELS:
            raise DecodeError(_TOO_DEEP)
        within.level = level + 1
        try:
            return decode(value)
        finally:
            within.level = level

    return decode_bounded
