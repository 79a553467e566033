"""The cookie that says which data domain a request works on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["data_domain_of", "switching_headers"]

_COOKIE = "DQODataDomain"


def data_domain_of(headers: Mapping[str, str]) -> str:
    """Read the name of the data domain that a request works on.

    Args:
        headers: The headers of the request by their names in lower case.

    Returns:
        The technical name; empty if the request does not say.
    """
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == _COOKIE:
            return unquote(value)
    return ""


def switching_headers(name: str) -> dict[str, str]:
    """Tell a client to work on another data domain.

    Args:
        name: The technical name; any string, which ends neither the header nor a part of it.

    Returns:
        The headers of the response.
    """
    return {"Location": "/", "Set-Cookie": f"{_COOKIE}={quote(name, safe='')}; Path=/"}
