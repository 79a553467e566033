"""What tests of real processes share."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds for a task to come where it is expected, on a busy machine.
_WITHIN = 150.0


def free_port() -> int:
    """Find a port of loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def wait_until(condition: Callable[[], Any], what: str, within: float = _WITHIN) -> Any:
    """Wait until something is true, and give it."""
    end = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within:g} s: {what}")
        time.sleep(0.1)
    return found
