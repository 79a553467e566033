"""Descriptions of settings, without the secrets that are in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "HIDDEN",
    "credential_names",
    "mask_url",
    "show_names",
    "show_url",
    "without_values",
]

# Parts of the names of headers.
_CREDENTIALS = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token"
)  # fmt: skip


class _Hidden:
    """What descriptions show in the place of a secret."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


HIDDEN = _Hidden()


def mask_url(text: str) -> str:
    """Describe an address without user name, password, query and fragment.

    Args:
        text: The address, well formed or not.

    Returns:
        The address to show.
    """
    shown = text.partition("?")[0].partition("#")[0]
    scheme, slashes, rest = shown.partition("://") if "://" in shown else ("", "", shown)
    host = rest.split("/", 1)[0]
    # A password with an unescaped '/' or '@' reaches further than a parser would say: then what
    # looks like the port is no number.
    if "@" not in host and not ("@" in rest and re.match(r"[^\[]*:\D", host)):
        return shown
    return f"{scheme}{slashes}***@{rest.rpartition('@')[2]}"


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
        The text.
    """
    return repr(without_values(mapping))


def show_url(url: str) -> str:
    """Write an address as `repr` does, without what may be secret in it.

    Args:
        url: The address.

    Returns:
        The text.
    """
    return repr(mask_url(url))


def credential_names(headers: Mapping[str, str]) -> list[str]:
    """List the header fields whose values are probably secret.

    Args:
        headers: The fields by name.

    Returns:
        Their names.
    """
    return [name for name in headers if any(part in name.lower() for part in _CREDENTIALS)]
