# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Packages whose modules are loaded when they are first named."""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

__all__ = ["load_modules"]


def load_modules(
    package: str, path: Iterable[str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the functions `__getattr__` and `__dir__` of a package.

    Args:
        package: The name of the package.
        path: Its `__path__`.

    Returns:
        Both functions.
    """

    def names() -> list[str]:
        from pkgutil import iter_modules

        return sorted(module.name for module in iter_modules(path))

    def load(name: str) -> Any:
        if not name.startswith("_"):
            from importlib import import_module

            try:
                return import_module(f"{package}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{package}.{name}":
                    raise
        from ..suggestions import no_such_name

        raise no_such_name(package, name, names())

    return load, names
