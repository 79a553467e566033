# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Suggestions for misspelt names, and names listed in messages."""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import NoReturn

__all__ = ["did_you_mean", "listed", "no_such_name", "refuse_keywords", "refuse_positions"]

# How many names are offered.
_MOST = 3


def did_you_mean(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Suggest names for a misspelt one.

    Args:
        name: The misspelt name.
        known: The valid names.
        cutoff: How close a name has to be, from 0 to 1.

    Returns:
        The end of an error message; empty if no name is close.
    """
    from difflib import get_close_matches  # takes longer to import than most programs need it

    by_lower = {each.lower(): each for each in sorted(known)}
    lower = str(name).lower()
    words = set(lower.split("_"))
    similar = get_close_matches(lower, by_lower, n=_MOST, cutoff=cutoff)
    if not get_close_matches(lower, similar, n=1, cutoff=0.8):
        # A name that is left short, such as `table` for `full_table_name`, resembles others more.
        longer = sorted((each for each in by_lower if words < set(each.split("_"))), key=len)
        similar = longer[:_MOST] or similar
    names = [repr(by_lower[each]) for each in similar]
    return f"; did you mean {' or '.join(names)}?" if names else ""


def listed(names: Iterable[str], most: int) -> str:
    """List names in a message.

    Args:
        names: The names.
        most: How many are shown.

    Returns:
        The first of them, and how many more there are.
    """
    shown = list(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return f"{', '.join(shown[:most])}{more}"


def no_such_name(
    module: str, name: str, known: Iterable[str], hint: str = ""
) -> AttributeError | ImportError:
    """Make what the `__getattr__` of a module raises for a name that it does not have.

    Args:
        module: The name of the module.
        name: The name.
        known: The names that there are.
        hint: The end of the message, if similar names are not to be looked for.

    Returns:
        An AttributeError with what may be meant; an ImportError for `from module import name`, as
        Python would put a message of its own in the place of an AttributeError.
    """
    import sys

    hint = hint or ("" if name.startswith("_") else did_you_mean(name, known))
    caller = sys._getframe(2)
    if caller.f_code.co_code[caller.f_lasti] == _import_from():
        return ImportError(f"cannot import name {name!r} from {module!r}{hint}", name=module)
    return AttributeError(f"module {module!r} has no attribute {name!r}{hint}")


def _import_from() -> int:
    from opcode import opmap

    return opmap["IMPORT_FROM"]


def refuse_keywords(function: str, given: Iterable[str], known: Iterable[str]) -> NoReturn:
    """Refuse keyword arguments that a function does not have.

    Args:
        function: The name of the function.
        given: The names of these arguments.
        known: The names of those that it has.

    Raises:
        TypeError: In any case, with what may be meant by the first.
    """
    name = next(iter(given))
    raise TypeError(
        f"{function}() got an unexpected keyword argument {name!r}{did_you_mean(name, known)}"
    )


def refuse_positions(function: str, given: int, code: CodeType) -> NoReturn:
    """Refuse more positional arguments than a function takes.

    Args:
        function: The name of the function.
        given: How many were given.
        code: The function's code.

    Raises:
        TypeError: In any case, with the arguments that are passed by name.
    """
    most = code.co_argcount
    others = code.co_varnames[most : most + code.co_kwonlyargcount]
    hint = f"; pass all others by name: {', '.join(f'{each}=...' for each in others)}"
    raise TypeError(
        f"{function}() takes {most} positional argument{'s' * (most != 1)}, got {given}"
        f"{hint if others else ''}"
    )
