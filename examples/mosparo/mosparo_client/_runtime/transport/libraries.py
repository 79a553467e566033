# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The HTTP libraries that a client can be made of: httpx, and httpx2, which continues it.

Both have the same names, so that code takes the library as an argument. httpx is always
there; httpx2 is imported only where it was chosen.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from ..._identity import DISTRIBUTION, VERSION

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["library", "library_of", "mixed", "user_agent"]

_LIBRARIES: dict[str, ModuleType] = {"aiohttp": httpx, "httpx": httpx}


def library(transport: str) -> ModuleType:
    """Import the library whose clients a choice of transport makes.

    Args:
        transport: The choice. aiohttp is a transport for clients of httpx.

    Returns:
        The library.
    """
    found = _LIBRARIES.get(transport)
    if found is None:
        found = _LIBRARIES[transport] = importlib.import_module(transport)
    return found


def library_of(thing: Any, default: ModuleType = httpx) -> ModuleType:
    """Tell which library an object comes from.

    Args:
        thing: A client, transport, response or exception, or one of a subclass.
        default: What is returned for an object of neither.

    Returns:
        The library.
    """
    kind: Any = type(thing)
    return _library_of_class(kind) or default


@lru_cache(maxsize=64)
def _library_of_class(kind: type[Any]) -> ModuleType | None:
    packages = [each.__module__.partition(".")[0] for each in kind.__mro__]
    # Our own failures are of httpx, and those of httpx2 also of that.
    name = next((each for each in ("httpx2", "httpx") if each in packages), "")
    return library(name) if name else None


@cache
def mixed(kind: type[Any], http: ModuleType, base: str) -> type[Any]:
    """Make a class of ours one of a library's, too.

    Args:
        kind: The class.
        http: The library.
        base: The name of the library's class.

    Returns:
        A subclass of both.
    """
    names = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__slots__": ()}
    return type(kind.__name__.lstrip("_"), (kind, getattr(http, base)), names)


@cache
def user_agent(http: ModuleType) -> str:
    """Name the SDK, Python and the HTTP library with their versions.

    Args:
        http: The HTTP library.

    Returns:
        The value of the header User-Agent.
    """
    ours = VERSION
    if ours is None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            ours = version(DISTRIBUTION)
        except PackageNotFoundError:  # run from its source, without an installation
            ours = "unknown"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{DISTRIBUTION}/{ours} python/{python} {http.__name__}/{http.__version__}"
