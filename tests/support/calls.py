"""Requests that no operation makes, and how they are sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from support.runtime import send_once, send_once_async

if TYPE_CHECKING:
    from dqops.client import AuthenticatedClient, Client

__all__ = ["get", "send"]


def get(path: str = "/api/x", **further: Any) -> dict[str, Any]:
    """Return the arguments of a plain request."""
    return {"method": "GET", "url": path, **further}


def send(client: AuthenticatedClient | Client, mode: str, request: dict[str, Any]) -> int:
    """Send a request synchronously or asynchronously, close the connections, return the status."""
    if mode == "sync":
        with client:
            return send_once(client, request, operation="look_up").status_code

    async def main() -> int:
        async with client:
            response = await send_once_async(client, request, operation="look_up")
            return response.status_code

    return asyncio.run(main())
