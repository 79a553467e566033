"""What is shown of settings: descriptions show names alone, and tracebacks no arguments."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from ..._identity import AUTH_NAME, AUTH_PLACE, SCHEMES
from ..errors import InvalidRequest
from ..public import mask_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import ParamSpec, TypeVar

    from ..declare.operation import Operation

    _P = ParamSpec("_P")
    _T = TypeVar("_T")

__all__ = [
    "HIDDEN",
    "Hidden",
    "credential_names",
    "forgetting",
    "secret_parts",
    "show_names",
    "show_url",
    "shown_url",
    "without_values",
]

# Parts of the names of headers.
_CREDENTIALS = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token"
)  # fmt: skip
# Headers whose names do not tell that this API has a credential in them.
_OWN = frozenset(
    name.lower()
    for place, name, _ in ((AUTH_PLACE, AUTH_NAME, ""), *SCHEMES.values())
    if place == "header"
)


class _Hidden:
    """What descriptions show in the place of a secret."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


HIDDEN = _Hidden()


class Hidden(dict[str, str]):
    """A dictionary whose values are shown nowhere, for headers and cookies."""

    def __repr__(self) -> str:
        return show_names(self)


def without_values(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a dictionary by its names.

    Args:
        mapping: The dictionary.

    Returns:
        The names, each with a value that is shown as `<hidden>`.
    """
    return dict.fromkeys(mapping, HIDDEN)


def show_names(mapping: Mapping[str, Any]) -> str:
    """Write a dictionary as `repr` does, with its values hidden.

    Args:
        mapping: The dictionary.

    Returns:
        The string.
    """
    return repr(without_values(mapping))


def show_url(url: str) -> str:
    """Write a URL as `repr` does, without what may be secret in it.

    Args:
        url: The URL.

    Returns:
        The string.
    """
    return repr(mask_url(url))


def shown_url(operation: Operation, url: str) -> str:
    """Describe a URL of an operation without what may be secret in it.

    Args:
        operation: The operation.
        url: The URL, or the end of it.

    Returns:
        The URL without user name, password, query, fragment and secret path parameters.
    """
    shown = mask_url(url)
    if not operation.secrets:
        return shown
    segments = shown.rstrip("/").split("/")
    for place, segment in enumerate(reversed(operation.path.strip("/").split("/")), 1):
        if segment[1:-1] in operation.secrets and place <= len(segments):
            segments[-place] = "***"
    return "/".join(segments)


def secret_parts(operation: Operation, url: str) -> list[str]:
    """List the secret path parameters in a URL of an operation.

    Args:
        operation: The operation.
        url: The URL without query and fragment.

    Returns:
        Their values, as they stand in the URL.
    """
    if not operation.secrets:
        return []
    segments = url.rstrip("/").split("/")
    return [
        segments[-place]
        for place, segment in enumerate(reversed(operation.path.strip("/").split("/")), 1)
        if segment[1:-1] in operation.secrets and place <= len(segments)
    ]


def credential_names(headers: Mapping[str, str]) -> list[str]:
    """List the header fields whose values are probably secret.

    Args:
        headers: The fields by name.

    Returns:
        Their names.
    """
    lower = {name: name.lower() for name in headers}
    return [
        name
        for name in headers
        if lower[name] in _OWN or any(part in lower[name] for part in _CREDENTIALS)
    ]


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
