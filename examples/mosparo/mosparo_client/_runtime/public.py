# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What classes are given: a public module for tracebacks, and parameters for type checkers."""

from __future__ import annotations

from .._identity import PUBLIC_PACKAGE

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Generic", "publish"]


class Generic:
    """Takes parameters and drops them; `typing.Generic` takes several times as long."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type[Generic]:
        return cls


def publish(module: str, classes: Iterable[type], *, package: str = PUBLIC_PACKAGE) -> None:
    """Name the module that programs import classes from.

    Args:
        module: The module within the package; empty for the package itself.
        classes: The classes, which that module has under their own names.
        package: The package.
    """
    for each in classes:
        each.__module__ = f"{package}.{module}" if module else package
