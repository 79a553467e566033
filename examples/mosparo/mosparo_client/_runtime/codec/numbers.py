# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Numbers that need care: integers beyond 64 bits, and those of NumPy.

orjson makes floats of integers beyond 64 bits without a word. To search every document for them
takes a third of the time of orjson itself. But such a float is only wrong where something else than
a number with a fraction is read. There it is noticed, and the document is read once more, by the
standard library.
"""

from __future__ import annotations

import threading
from typing import Any

__all__ = ["NOTICED", "as_float_if_long", "notice_long_numbers", "plain_number"]

_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)
# A float of this size or more may have been an integer that is beyond 64 bits.
_FIRST = 2.0**63

# NumPy is not imported for its numbers. The latter passes for an integer.
_TIMES = frozenset({"datetime64", "timedelta64"})


class _Noticed(threading.local):
    """What was noticed in a thread.

    Attributes:
        is_any: Whether there was such a float, since somebody set this to False.
    """

    is_any = False


NOTICED = _Noticed()


def notice_long_numbers(value: Any) -> None:
    """Take note if a JSON value is, or holds, a float that may have been a long integer.

    Args:
        value: The value.
    """
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if type(item) is float:
            if abs(item) >= _FIRST:
                NOTICED.is_any = True
        elif type(item) is dict:
            waiting += item.values()
        elif type(item) is list:
            waiting += item


def as_float_if_long(value: int) -> int | float:
    """Make of an integer what orjson makes of it.

    Args:
        value: The number.

    Returns:
        The number itself if it fits into 64 bits; else the nearest float, infinity beyond all.
    """
    if _SMALLEST <= value <= _LARGEST:
        return value
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def plain_number(value: Any) -> int | float | bool | None:
    """Make a plain number, or boolean, of one of NumPy.

    Args:
        value: Any value.

    Returns:
        The number; None for what is none.
    """
    kind = type(value)
    if kind.__module__ != "numpy" or kind.__name__ in _TIMES:
        return None
    from numbers import Integral, Real

    if kind.__name__ in {"bool", "bool_"}:
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else None
