# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Keeps arguments that may hold credentials out of tracebacks."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ..errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["forgetting"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def forgetting(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let no traceback of `InvalidRequest` hold the arguments of a function.

    Tools that print tracebacks show the local variables of each frame. So the frames of the
    function, and of all that it called, are dropped; the message says what was refused.

    Args:
        function: The function.

    Returns:
        The same with that promise.
    """

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except InvalidRequest as error:
            del args, kwargs
            raise error.with_traceback(None) from None

    return call
