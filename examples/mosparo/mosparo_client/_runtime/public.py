# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Gives classes the public module that they are imported from, which tracebacks then show."""

from __future__ import annotations

from .._identity import PUBLIC_PACKAGE

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["publish"]


def publish(module: str, classes: Iterable[type]) -> None:
    """Name the module that programs import classes from.

    Args:
        module: The module within the public package.
        classes: The classes, which that module has under their own names.
    """
    for each in classes:
        each.__module__ = f"{PUBLIC_PACKAGE}.{module}"
