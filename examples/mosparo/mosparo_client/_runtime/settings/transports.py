# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Which library carries the calls of a client: what is asked for, whatever is installed."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

from ..._identity import DISTRIBUTION, NAME
from ..errors import InvalidRequest

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Transport: TypeAlias = Literal["httpx", "httpx2", "aiohttp"]

__all__ = ["check_transport", "has_usable"]

_CHOICES = "'httpx', 'httpx2' or 'aiohttp'"
# The oldest usable versions: older ones of aiohttp have no timeout for sending.
_OLDEST = {"aiohttp": (3, 12), "httpx2": (2, 16)}


def check_transport(transport: Transport | None) -> Transport:
    """Check the choice of what carries calls.

    Args:
        transport: The choice; None for what the environment variable says.

    Returns:
        The choice; httpx where nothing is chosen.

    Raises:
        InvalidRequest: It is unknown or not installed.
    """
    named = "transport"
    if transport is None:
        named = f"the environment variable {NAME.upper()}_TRANSPORT"
        transport = os.environ.get(f"{NAME.upper()}_TRANSPORT", "").strip().lower() or "httpx"  # type: ignore[assignment]
    if transport not in ("httpx", "httpx2", "aiohttp"):
        raise InvalidRequest(f"{named} must be {_CHOICES}, not {transport!r}")
    if transport in _OLDEST and not has_usable(transport):
        oldest = ".".join(map(str, _OLDEST[transport]))
        raise InvalidRequest(
            f"{named} is {transport!r}, which needs {transport} {oldest} or later: run pip install "
            f'"{DISTRIBUTION}[{transport}]"'
        )
    return transport


@cache
def has_usable(distribution: str) -> bool:
    """Find out whether a usable version of a library is installed, without importing it.

    Args:
        distribution: The library.

    Returns:
        Whether it is.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = re.match(r"(\d+)\.(\d+)", version(distribution))
    except PackageNotFoundError:
        return False
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST[distribution]
