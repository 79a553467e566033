# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""`UNSET`, the value of what was left out."""

from __future__ import annotations

from ..public import publish

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final, Literal, NoReturn

__all__ = ["UNSET", "Unset"]


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

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final[Unset] = Unset()

publish("types", (Unset,))
