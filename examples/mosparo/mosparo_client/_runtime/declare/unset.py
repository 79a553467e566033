# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""`UNSET`, the value of what was left out."""

from __future__ import annotations

from ..public import publish

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final, Literal, NoReturn, TypeGuard, TypeVar

    T = TypeVar("T")

__all__ = ["UNSET", "Unset", "is_set", "or_none"]


class Unset:
    """The type of `UNSET`: a property or parameter that was left out.

    There is one instance only, so that ``is UNSET`` works after copying and unpickling too. It is
    false and empty: servers leave out empty lists, and a loop over such a list needs no check.
    """

    __slots__ = ()
    _instance: Unset | None = None

    def __new__(cls) -> Unset:  # noqa: PYI034  # there is one instance, of this class
        """Return the one instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __iter__(self) -> Iterator[NoReturn]:
        return iter(())

    def __len__(self) -> Literal[0]:
        return 0

    def __repr__(self) -> str:
        return "UNSET"

    def __format__(self, form: str) -> str:
        if form:
            raise TypeError(
                f"{_formatted()} was left out (UNSET), so it cannot be formatted as {form!r}; "
                "`is_set` and `or_none` of `types` tell"
            )
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final[Unset] = Unset()


def _formatted() -> str:
    """Name the attribute that an f-string of the program read, from its own code."""
    import dis
    import sys

    frame = sys._getframe(2)
    before = [each for each in dis.get_instructions(frame.f_code) if each.offset < frame.f_lasti]
    while before and before[-1].opname in {"LOAD_CONST", "CACHE", "EXTENDED_ARG"}:
        before.pop()
    if before and before[-1].opname == "LOAD_ATTR":
        return repr(before[-1].argval)
    return "the value"


def is_set(value: T | Unset) -> TypeGuard[T]:
    """Tell whether a value was not left out; type checkers know it then."""
    return value is not UNSET


def or_none(value: T | Unset) -> T | None:
    """Take None for what was left out."""
    return None if isinstance(value, Unset) else value


publish("types", (Unset,))
