"""What can carry calls, one after the other, and what is of the library that is in use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from support.runtime import library

if TYPE_CHECKING:
    from types import ModuleType

    from support.runtime import Transport

__all__ = [
    "ASYNC_TRANSPORTS",
    "MODES",
    "SYNC_TRANSPORTS",
    "in_two_modes",
    "in_use",
    "library_in_use",
]

ASYNC_TRANSPORTS: tuple[Transport, ...] = ("httpx", "httpx2", "aiohttp")
SYNC_TRANSPORTS: tuple[Transport, ...] = ("httpx", "httpx2")
MODES = (
    *(f"sync-{each}" for each in SYNC_TRANSPORTS),
    *(f"async-{each}" for each in ASYNC_TRANSPORTS),
)

#: For what happens before a request is sent, or after its response has been received: no HTTP
#: library has a part in it, so that two modes show as much as all.
in_two_modes = pytest.mark.parametrize("mode", ["sync-httpx", "async-aiohttp"], indirect=True)


def library_in_use() -> ModuleType:
    """Return the HTTP library that the test has chosen."""
    return library(os.environ.get("DQOPS_TRANSPORT", "httpx"))


def in_use(kind: type[Any]) -> Any:
    """Find what has the same name in the HTTP library that the test has chosen."""
    return getattr(library_in_use(), kind.__name__, kind)
