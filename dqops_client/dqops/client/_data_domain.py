"""Data domains of DQOps, which a cookie chooses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from .._runtime.errors import InvalidRequest
from .._runtime.settings.headers import check_cookies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._runtime.client.environment import ClientOptions

__all__ = ["data_domain_cookie", "with_data_domain"]

_Options = TypeVar("_Options", bound="ClientOptions")


def data_domain_cookie(name: str) -> dict[str, str]:
    """Make the cookie that selects a data domain of a DQOps server.

    Args:
        name: The technical name of the data domain.

    Returns:
        The cookie's value by its name.

    Raises:
        InvalidRequest: It is not a `str`.
    """
    if not isinstance(name, str):
        raise InvalidRequest(f"data_domain must be a string, got {type(name).__name__}")
    return check_cookies({"DQODataDomain": quote(name, safe="")})


def with_data_domain(options: _Options) -> _Options:
    """Add the data domain that the environment names to the arguments of a client.

    Args:
        options: The arguments, and `environ`.

    Returns:
        The arguments with the cookie; cookies among them override it.
    """
    given: Mapping[str, Any] = options
    name = given.get("environ", os.environ).get("DQOPS_DATA_DOMAIN")
    if not name:
        return options
    cookies = check_cookies(given.get("cookies") or {})
    return cast("_Options", {**options, "cookies": {**data_domain_cookie(name), **cookies}})
