"""Data domains of DQOps, which a cookie chooses."""

from __future__ import annotations

from urllib.parse import quote

from .._runtime.settings.checks import check_cookies
from .errors import InvalidRequest

__all__ = ["data_domain_cookie"]


def data_domain_cookie(name: str) -> dict[str, str]:
    """Make the cookie that tells a DQOps server which data domain to work on.

    Args:
        name: The technical name of the data domain.

    Returns:
        The cookie's value by its name.

    Raises:
        InvalidRequest: It is no text.
    """
    if not isinstance(name, str):
        raise InvalidRequest(f"data_domain must be a text, not {type(name).__name__}")
    return check_cookies({"DQODataDomain": quote(name, safe="")})
