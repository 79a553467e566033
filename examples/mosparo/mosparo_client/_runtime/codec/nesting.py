# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""A limit to nesting, so that whatever was read can be written, printed and copied as well.

All of these are recursive, as is reading. Without a limit, a server could send something that is
read where little of Python's stack is in use and fails later, where more of it is.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOST_LEVELS", "bounded", "check_nesting"]

#: How many models of one kind may be in each other, such as folders, and how many lists and objects
#: in a value that the specification does not describe. Real answers have a few.
MOST_LEVELS = 50

_TOO_DEEP = "the JSON is nested too deeply"
_NESTED = frozenset({dict, list})


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
