# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The error for a JSON value of the wrong kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import DecodeError
from .long_numbers import notice_long_numbers

__all__ = ["OutOfRangeError", "describe", "mismatch", "out_of_range"]


class OutOfRangeError(DecodeError):
    """A date or time that there is, and that Python cannot hold: 24:00, a leap second, year 0.

    It costs the property that it is in, not the answer: the property stays `UNSET`, and what came
    is kept with those that the specification does not list.
    """


def describe(value: Any) -> str:
    """Name the kind of a JSON value for an error message, with a glimpse of the value.

    Args:
        value: Any value out of a JSON document.

    Returns:
        For example `the text 'abc'` or `a list of 3 items`.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {'true' if value else 'false'}"
    if isinstance(value, str):
        shortened = value if len(value) <= 60 else value[:60] + "..."
        return f"the text {shortened!r}"
    if isinstance(value, (int, float)):
        # A whole number can have more digits than Python is willing to print.
        is_huge = isinstance(value, int) and abs(value) >= 10**30
        return "a very large number" if is_huge else f"the number {value!r}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, Mapping):
        return f"an object with {len(value)} propert{'y' if len(value) == 1 else 'ies'}"
    return f"a value of type {type(value).__name__}"


def mismatch(expected: str, value: Any) -> DecodeError:
    """Make the error for a value of the wrong kind.

    Args:
        expected: What belongs there, with its article.
        value: What was found.

    Returns:
        The error, for the caller to raise.
    """
    return _made(DecodeError, expected, value)


def out_of_range(expected: str, value: Any) -> DecodeError:
    """Make the error for a date or time that Python cannot hold.

    Args:
        expected: What belongs there, with its article.
        value: What was found.

    Returns:
        The error, for the caller to raise.
    """
    return _made(OutOfRangeError, expected, value)


def _made(kind: type[DecodeError], expected: str, value: Any) -> DecodeError:
    if isinstance(value, float):
        notice_long_numbers(value)  # it is shown
    return kind(f"expected {expected}, found {describe(value)}")
