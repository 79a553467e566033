# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Gives classes the public module that they are imported from, which tracebacks then show."""

from __future__ import annotations

from .._identity import PUBLIC_PACKAGE

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["publish"]


def publish(module: str, classes: Iterable[type], *, package: str = PUBLIC_PACKAGE) -> None:
    """Name the module that programs import classes from.

    Args:
        module: The module within the package; empty for the package itself.
        classes: The classes, which that module has under their own names.
        package: The package.
    """
    for each in classes:
        each.__module__ = f"{package}.{module}" if module else package
