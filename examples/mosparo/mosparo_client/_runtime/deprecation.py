# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Marks what a later version removes."""

from __future__ import annotations

import inspect
import warnings
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorated = TypeVar("Decorated", bound=Callable[..., Any])

__all__ = ["deprecated"]


def deprecated(
    *, since: str, until: str, replacement: str, argument: str | None = None
) -> Callable[[Decorated], Decorated]:
    """Warn whoever calls a function or makes an instance of a class, and say so in its docstring.

    Args:
        since: The first version that warns.
        until: The version that no longer has it.
        replacement: What to write in its place, as a clause such as "use `jobs.gate`".
        argument: The keyword argument that is deprecated; without it, all of the function is.

    Returns:
        The decorator.
    """

    def decorate(decorated: Decorated) -> Decorated:
        subject = f"{decorated.__qualname__}()"
        if argument is not None:
            subject = f"the argument {argument!r} of {subject}"
        message = f"{subject} is deprecated since {since}, and {until} removes it: {replacement}"
        is_class = isinstance(decorated, type)
        target: Any = decorated
        called: Any = target.__init__ if is_class else target

        def warn(arguments: dict[str, Any]) -> None:
            if argument is None or argument in arguments:
                warnings.warn(message, DeprecationWarning, stacklevel=3)

        @wraps(called)
        def function(*args: Any, **kwargs: Any) -> Any:
            warn(kwargs)
            return called(*args, **kwargs)

        @wraps(called)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            warn(kwargs)
            return await called(*args, **kwargs)

        found: Any = coroutine if inspect.iscoroutinefunction(called) else function
        if is_class:
            target.__init__ = found
            found = target
        if decorated.__doc__:
            sentence = f"{message[0].upper()}{message[1:]}."
            found.__doc__ = f"{inspect.cleandoc(decorated.__doc__)}\n\nDeprecated: {sentence}"
        return found  # type: ignore[no-any-return]

    return decorate
