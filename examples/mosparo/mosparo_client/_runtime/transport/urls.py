# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""URLs without what belongs into a header."""

from __future__ import annotations

import httpx

__all__ = ["without_account"]


def without_account(url: str) -> str:
    """Take user name and password out of a URL: the HTTP libraries log the URL of each request.

    Args:
        url: The URL.

    Returns:
        The same URL without them.
    """
    return str(httpx.URL(url).copy_with(userinfo=b""))
