"""Header fields and cookies, checked before anything is sent, and the token of a client.

No message here holds the value of a token, header or cookie; see `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest
from .shown import HIDDEN, forgetting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import ClassVar

__all__ = [
    "MOST_COOKIES",
    "MOST_COOKIE_BYTES",
    "ApiKey",
    "Secret",
    "as_secret",
    "check_cookies",
    "check_header_name",
    "check_headers",
    "check_prefix",
    "merge_headers",
    "newest_cookies",
    "sendable_cookies",
    "value_problem",
]

# RFC 9110, section 5.6.2: what a header's (and a cookie's) name is made of.
_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_UNSENDABLE = r"[^\t\x20-\x7e]"
# What a server may make each further request carry: so many cookies, and so many bytes.
MOST_COOKIES = 100
MOST_COOKIE_BYTES = 32 * 1024


@forgetting
def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Check and copy header fields.

    Args:
        headers: The fields by name.

    Returns:
        A new dictionary.

    Raises:
        InvalidRequest: A name or a value cannot be sent.
    """
    problem = _mapping_problem("header", headers)
    if problem:
        raise InvalidRequest(problem)
    return dict(headers)


@forgetting
def check_cookies(cookies: Mapping[str, str]) -> dict[str, str]:
    """Check and copy cookies.

    Args:
        cookies: The values by name.

    Returns:
        A new dictionary.

    Raises:
        InvalidRequest: A name or a value cannot be sent.
    """
    problem = _mapping_problem("cookie", cookies)
    if problem:
        raise InvalidRequest(problem)
    return dict(cookies)


def sendable_cookies(cookies: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep of received cookies those that a request can carry.

    Args:
        cookies: Names and values.

    Returns:
        The values by name.
    """
    kept: dict[str, str] = {}
    for name, value in cookies:
        with suppress(InvalidRequest):
            kept.update(check_cookies({name: value}))
    return kept


def newest_cookies(cookies: dict[str, str]) -> dict[str, str]:
    """Keep of cookies as many as a server may make each request carry.

    Args:
        cookies: The values by name, the oldest first.

    Returns:
        The newest of them, in the same order.
    """
    size = 0
    kept: list[str] = []
    for name in reversed(cookies):
        size += len(name) + len(cookies[name])
        if len(kept) == MOST_COOKIES or size > MOST_COOKIE_BYTES:
            break
        kept.append(name)
    return {name: cookies[name] for name in reversed(kept)}


def check_header_name(name: str) -> str:
    """Check a header's name.

    Args:
        name: The name.

    Returns:
        The name.

    Raises:
        InvalidRequest: It is not a header name.
    """
    if not isinstance(name, str) or not re.fullmatch(_NAME, name):
        raise InvalidRequest(f"auth_header_name must be a valid header name, got {name!r}")
    return name


@forgetting
def check_prefix(prefix: str | None) -> str:
    """Check what stands before the token in its header.

    Args:
        prefix: The word, or an empty string (None too) for the bare token.

    Returns:
        The word, or an empty string.

    Raises:
        InvalidRequest: It cannot be sent.
    """
    prefix = "" if prefix is None else prefix
    problem = value_problem(prefix)
    if problem:
        raise InvalidRequest(f"prefix {problem}")
    return prefix


def merge_headers(headers: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Add header fields to others.

    Args:
        headers: The fields to begin with.
        added: The fields that replace those of the same name, written in any case.

    Returns:
        A new dictionary.
    """
    replaced = {name.lower() for name in added}
    return {name: headers[name] for name in headers if name.lower() not in replaced} | dict(added)


def _mapping_problem(kind: str, mapping: object) -> str:
    if not isinstance(mapping, Mapping):
        return f"{kind}s must be a mapping of strings to strings, got {type(mapping).__name__}"
    for name, value in mapping.items():
        if not isinstance(name, str) or not re.fullmatch(_NAME, name):
            return f"{name!r} is not a valid {kind} name"
        problem = value_problem(value)
        if not problem and kind == "cookie" and ";" in str(value):
            problem = "contains a ';', which ends a cookie"
        if problem:
            return f"the value of the {kind} {name!r} {problem}"
    return ""


def value_problem(value: object) -> str:
    """Say why a string cannot be sent in a header, without showing it.

    Args:
        value: The string, or what should be one.

    Returns:
        What is wrong with it; an empty string for nothing.
    """
    if not isinstance(value, str):
        return f"must be a string, got {type(value).__name__}"
    found = re.search(_UNSENDABLE, value)
    if found:
        character = found.group()
        if character in "\r\n":
            kind = "a line break"
        elif ord(character) < 128:
            kind = "a control character"
        else:
            kind = "a character outside ASCII"
        return f"contains {kind} (at index {found.start()}), which a header cannot carry"
    if value != value.strip():
        return "starts or ends with whitespace; strip it first"
    return ""


class Secret:
    """Holds a token so that it is shown, compared and copied safely, and never pickled.

    Args:
        value: The token, or what returns the one to use now.
    """

    __slots__ = ("_value",)

    #: What messages call it.
    _name: ClassVar[str] = "token"
    _value: str | Callable[[], str]

    @forgetting
    def __init__(self, value: str | Callable[[], str]) -> None:
        if not callable(value):
            value = self._cleaned(value)
        problem = "" if callable(value) else _token_problem(value)
        if problem:
            raise InvalidRequest(f"the {self._name} {problem}")
        self._value = value

    def _cleaned(self, value: Any) -> Any:
        return value

    @property
    def is_fixed(self) -> bool:
        """Whether it is a string, and not what returns one."""
        return isinstance(self._value, str)

    @forgetting
    def read(self) -> str:
        """Return the token itself.

        Raises:
            InvalidRequest: What returns it failed, or returned no token.
        """
        if isinstance(self._value, str):
            return self._value
        value = failed = ""
        try:
            value = self._cleaned(self._value())
        except InvalidRequest:
            raise
        except Exception as error:
            failed = type(error).__name__
        if failed:
            # Not above, and without what it says: the message of that exception, which would be the
            # context of this one, may hold the token, as may the local variables of the function.
            raise InvalidRequest(
                f"no {self._name}: the function that returns it raised {failed}; nothing was sent. "
                "Its message is not shown, because it may be secret; call the function to see it"
            )
        problem = _token_problem(value)
        if problem:
            raise InvalidRequest(
                f"the {self._name} that the function returned {problem}; nothing was sent"
            )
        return value

    def replace(self, other: Secret) -> None:
        """Take over another secret's token.

        Args:
            other: Where the token is from.
        """
        self._value = other._value

    def __repr__(self) -> str:
        return repr(HIDDEN)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        if isinstance(self._value, str) and isinstance(other._value, str):
            import hmac  # which few programs need

            return hmac.compare_digest(self._value, other._value)
        return self._value is other._value

    def __copy__(self) -> Secret:
        copied = type(self).__new__(type(self))
        copied._value = self._value
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self.__copy__()

    def __reduce__(self) -> str:
        raise TypeError("a token cannot be pickled")


class ApiKey(Secret):
    """The same for what its user calls an API key; white space around it is dropped."""

    __slots__ = ()

    _name = "API key"

    @forgetting
    def _cleaned(self, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value


def _token_problem(value: object) -> str:
    return value_problem(value) or ("is empty" if not value else "")


@forgetting
def as_secret(value: str | Callable[[], str] | Secret) -> Secret:
    """Make a new secret.

    Args:
        value: A token, what returns one, or a secret to copy.

    Returns:
        A secret that shares nothing with the given one.

    Raises:
        InvalidRequest: The token is empty or cannot be sent in a header.
    """
    return value.__copy__() if isinstance(value, Secret) else Secret(value)
