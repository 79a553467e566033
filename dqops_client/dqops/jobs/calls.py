"""Carries out the calls of procedures, synchronously and asynchronously."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._runtime.declare.operation import check_client

if TYPE_CHECKING:
    from ..client import AuthenticatedClient, Client
    from .steps import Call

__all__ = ["call", "call_async"]


def call(client: AuthenticatedClient | Client, step: Call) -> Any:
    """Carry out a call.

    Args:
        client: Where to send it.
        step: What to call.

    Returns:
        The result; None for no body.

    Raises:
        ClientError: It failed; also for a status that is no success, whatever the client says
            about raising.
    """
    return _operation(step).sync(*step.path, client=_for(client, step), **step.arguments)


async def call_async(client: AuthenticatedClient | Client, step: Call) -> Any:
    """Carry out a call without blocking the event loop.

    Args:
        client: Where to send it.
        step: What to call.

    Returns:
        The result; None for no body.

    Raises:
        ClientError: It failed; also for a status that is no success, whatever the client says
            about raising.
    """
    return await _operation(step).asyncio(*step.path, client=_for(client, step), **step.arguments)


def _operation(step: Call) -> Any:
    group, _, name = step.operation.rpartition("/")
    return import_module(f"dqops.client.api.{group or 'jobs'}.{name}")


def _for(client: AuthenticatedClient | Client, step: Call) -> AuthenticatedClient | Client:
    """Make the view of the client for one call: the procedures do their own retries."""
    check_client(step.operation, client)
    if step.timeout is None:
        view = client._raising()
    else:
        view = client._raising(timeout=step.timeout, deadline=step.timeout, retries=None)
    if "/" in step.operation:
        # What the procedures read themselves they can judge whatever an older server ignores.
        view._change(server_version=None)
    return view
