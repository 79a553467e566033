# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Numbers and booleans of NumPy, which is not imported for them."""

from __future__ import annotations

from typing import Any

__all__ = ["plain_number"]

_TIMES = frozenset({"datetime64", "timedelta64"})  # the latter passes for a whole number


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
