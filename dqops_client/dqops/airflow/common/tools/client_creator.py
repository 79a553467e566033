"""Clients as the official operators make them."""

from __future__ import annotations

from dqops.client import Client
from dqops.client.types import UNSET, Unset

__all__ = ["EXTRA_TIMEOUT_SECONDS", "create_client"]

#: Seconds that the client waits longer than the server.
EXTRA_TIMEOUT_SECONDS = 1


def create_client(base_url: str, *, wait_timeout: int | Unset | None = UNSET) -> Client:
    """Make a client without an API key; `DqopsHook` makes those of connections.

    Args:
        base_url: The URL of the server.
        wait_timeout: Seconds that a request may ask the server to wait.

    Returns:
        The client.
    """
    if wait_timeout is None or isinstance(wait_timeout, Unset):
        return Client(base_url)
    return Client(base_url, timeout=wait_timeout + EXTRA_TIMEOUT_SECONDS)
