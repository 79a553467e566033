# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The HTTP libraries, and the settings of a client that only they can check.

httpx2 continues httpx. Both have the same names, so that code takes the library as an argument.
httpx is always there; httpx2 is imported only where it was chosen.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from ..._identity import DISTRIBUTION, VERSION
from ..errors import InvalidRequest
from ..public import mask_url
from ..settings.checks import as_seconds, check_base_url, check_seconds
from ..settings.shown import forgetting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

__all__ = [
    "AsyncHttpxClient",
    "Headers",
    "HttpxClient",
    "HttpxResponse",
    "Timeout",
    "as_timeout",
    "check_httpx_args",
    "check_server_url",
    "library",
    "library_of",
    "mixed",
    "user_agent",
]

HttpxClient = httpx.Client
AsyncHttpxClient = httpx.AsyncClient
HttpxResponse = httpx.Response
Headers = httpx.Headers
Timeout = httpx.Timeout

# What `httpx_args` may hold, as far as both httpx clients know it.
_CLIENT_ARGUMENTS = frozenset(httpx.Client.__init__.__kwdefaults__ or ())

# Which argument of ours sets what httpx calls by this name.
_OUR_ARGUMENTS = {
    "base_url": "base_url",
    "cookies": "cookies",
    "follow_redirects": "follow_redirects",
    "headers": "headers",
    "timeout": "timeout",
    "verify": "verify_ssl",
}

# What httpx itself would complain about when it is first needed, in the middle of a call.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "default_encoding": (
        "the name of an encoding or a function",
        lambda value: isinstance(value, str) or callable(value),
    ),
    "max_redirects": (
        "an integer >= 0",
        lambda value: type(value) is int and value >= 0,
    ),
}


@forgetting
def check_server_url(base_url: str) -> str:
    """Check the URL that all paths are appended to.

    Args:
        base_url: The URL; httpx's own kind will do, too, as it did for the official client.

    Returns:
        The URL.

    Raises:
        InvalidRequest: It is not the URL of an HTTP server, has a query or a fragment, or httpx
            cannot read it, for example because of an invalid international host name.
    """
    text = check_base_url(str(base_url) if isinstance(base_url, httpx.URL) else base_url)
    try:
        httpx.URL(text)
        return text
    except httpx.InvalidURL:
        shown = mask_url(text)
    raise InvalidRequest(f"base_url {shown!r} is not a valid URL")


def as_timeout(value: Any) -> httpx.Timeout:
    """Make an httpx timeout.

    Args:
        value: Seconds for each of connecting, reading, writing and waiting for a free connection,
            or a timedelta; an `httpx.Timeout` or its tuple for different limits; None for no limit.

    Returns:
        The timeout.

    Raises:
        InvalidRequest: It is no number of seconds > 0; only the wait for a free connection may
            take 0.
    """
    value = as_seconds(value)
    if isinstance(value, bool) or not (
        value is None
        or isinstance(value, (int, float))
        or hasattr(value, "as_dict")
        or (isinstance(value, tuple) and 2 <= len(value) <= 4)
    ):
        raise InvalidRequest(
            "timeout must be a number of seconds, a timedelta, None or an httpx.Timeout, got "
            f"{type(value).__name__}"
        )
    if isinstance(value, (int, float)):
        check_seconds("timeout", value, or_zero=False, or_none=True)
    as_dict: Any = getattr(value, "as_dict", None)  # of a Timeout of httpx or httpx2
    timeout = httpx.Timeout(value) if as_dict is None else httpx.Timeout(**as_dict())
    for name, seconds in timeout.as_dict().items():
        if seconds is not None:
            check_seconds(f"the {name} timeout", seconds, or_zero=name == "pool", or_none=True)
    return timeout


@forgetting
def check_httpx_args(httpx_args: Mapping[str, Any]) -> dict[str, Any]:
    """Check and copy further arguments of the httpx clients.

    Args:
        httpx_args: The arguments by name.

    Returns:
        A new dictionary.

    Raises:
        InvalidRequest: An argument is unknown, or has an argument of the client's own.
    """
    problem = ""
    for name in httpx_args:
        if name in _OUR_ARGUMENTS:
            problem = (
                f"httpx_args must not hold {name!r}: use the client's argument "
                f"{_OUR_ARGUMENTS[name]}= for it"
            )
        elif name not in _CLIENT_ARGUMENTS:
            problem = f"httpx_args holds {name!r}, which httpx.Client does not know"
        elif name in _KINDS and not _KINDS[name][1](httpx_args[name]):
            problem = f"httpx_args[{name!r}] must be {_KINDS[name][0]}"
    if problem:
        raise InvalidRequest(problem)
    return dict(httpx_args)


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
