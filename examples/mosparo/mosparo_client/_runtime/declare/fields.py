# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What type checkers take the properties of models for; nothing of it is there at run time.

A property may be set to more than it is read as: to a string in place of a member of an
enumeration, to a dictionary in place of a map model, and to nothing where the server always sends
it, although requests need not.
"""

from __future__ import annotations

from .unset import UNSET

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any, Generic, Self, TypeVar, overload

    Got = TypeVar("Got")
    Given = TypeVar("Given")

    class Field(Generic[Got, Given]):
        """A property that is read as `Got` and may be set to `Given`."""

        @overload
        def __get__(self, model: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, model: object, owner: Any) -> Got: ...
        def __get__(self, model: Any, owner: Any) -> Any: ...
        def __set__(self, model: Any, value: Given) -> None: ...


__all__ = ["ABSENT"]

#: `UNSET` as the default of a `Field`.
ABSENT: Any = UNSET
