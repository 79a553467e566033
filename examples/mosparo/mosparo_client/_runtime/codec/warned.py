# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Warnings that are given once, at the line of the program that they are about."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from ..errors import ClientWarning

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["warn_once"]

# The package that this runtime is of, whose frames are not the program's.
_PACKAGE = __name__.partition("._runtime.")[0]
_MOST_WARNINGS = 1000

_told: set[Hashable] = set()


def warn_once(about: Hashable, told: str) -> None:
    """Warn of something that has not been warned of yet; of a thousand things at most.

    Args:
        about: What tells this warning from others.
        told: Its text.
    """
    if about in _told or len(_told) >= _MOST_WARNINGS:
        return
    warnings.warn(told, ClientWarning, stacklevel=_depth())
    _told.add(
        about
    )  # not where the warning is raised as an exception: the next call raises it, too


def _depth() -> int:
    """Count the frames up to the program's own."""
    depth, frame = 2, sys._getframe(2)
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        depth, frame = depth + 1, frame.f_back
    return depth


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
