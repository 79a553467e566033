# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Enumerations that stay open: a value that a newer server invents is kept, not refused."""

from __future__ import annotations

import operator
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

__all__ = ["OpenIntEnum", "OpenStrEnum", "OrderedStrEnum"]


class _OpenEnum(Enum):
    """What open enumerations have in common, whatever their values are made of."""

    @property
    def is_known(self) -> bool:
        """Whether this version of the SDK lists the value."""
        # Not by name: a member may have the very name that an unknown value is given.
        return type(self)._value2member_map_.get(self._value_) is self

    @classmethod
    def decode(cls, value: Any) -> Self:
        """Take a value from the wire, known or not.

        Calling the class, as in ``CheckType("typo")``, still raises `ValueError`: a program's own
        typing error should not pass for news from the server.

        Args:
            value: The string or number that the server sent.

        Returns:
            The member; for an unknown value one that is in no listing of the members, prints and
            compares as the value itself, and is sent back unchanged.
        """
        known = cls._value2member_map_.get(value)
        if known is not None:
            return known  # type: ignore[return-value]  # the map holds members of this class
        return cls._make_unknown(value)

    @classmethod
    def _make_unknown(cls, value: Any) -> Self:
        unknown = cls._member_type_.__new__(cls, value)  # type: ignore[attr-defined]
        unknown._name_ = f"UNKNOWN_{value}"
        unknown._value_ = value
        return unknown  # type: ignore[no-any-return]

    def __str__(self) -> str:
        return str(self._value_)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # Enum would call the class, which refuses unknown values.
        return type(self).decode, (self._value_,)


class OpenStrEnum(str, _OpenEnum):
    """An open enumeration of strings; its members are strings too."""

    __str__ = _OpenEnum.__str__
    __reduce_ex__ = _OpenEnum.__reduce_ex__


class OrderedStrEnum(OpenStrEnum):
    """An open enumeration whose order means something: members compare by it, not as strings.

    They compare with each other, with plain strings, and with the members of another enumeration if
    one of the two enumerations has both values. Anything else raises `TypeError`.
    """

    def __lt__(self, other: object) -> bool:
        return _compare(self, other, operator.lt)

    def __le__(self, other: object) -> bool:
        return _compare(self, other, operator.le)

    def __gt__(self, other: object) -> bool:
        return _compare(self, other, operator.gt)

    def __ge__(self, other: object) -> bool:
        return _compare(self, other, operator.ge)


def _compare(one: OrderedStrEnum, other: object, compare: Callable[[int, int], bool]) -> bool:
    if isinstance(other, str) and (isinstance(other, OrderedStrEnum) or type(other) is str):
        second = str.__str__(other._value_ if isinstance(other, Enum) else other)
        for enumeration in (type(one), type(other)):
            if issubclass(enumeration, Enum):
                ranks = list(enumeration._value2member_map_)
                if one._value_ in ranks and second in ranks:
                    return compare(ranks.index(one._value_), ranks.index(second))
    known = ", ".join(map(str, type(one)))
    raise TypeError(
        f"cannot compare {one._value_!r} and {other!r} as {type(one).__name__}; it orders {known}"
    )


class OpenIntEnum(int, _OpenEnum):
    """An open enumeration of integers; its members are integers too."""

    __str__ = _OpenEnum.__str__
    __reduce_ex__ = _OpenEnum.__reduce_ex__
