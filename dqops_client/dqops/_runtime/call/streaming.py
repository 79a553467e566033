"""Sends a request whose answer is read piece by piece."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from ...client.downloads import AsyncDownload, Download
from ..exchange.reading import result_body, unexpected_status
from . import calls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ...client.client import AuthenticatedClient, Client
    from ..declare.operation import Operation

__all__ = ["stream", "stream_async"]


@contextmanager
def stream(
    operation: Operation, client: AuthenticatedClient | Client, request: dict[str, Any]
) -> Iterator[Download]:
    """Send the request and let the caller read the body piece by piece.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: What `request` returned.

    Yields:
        The download; at the end of the block it is closed, read or not.

    Raises:
        UnexpectedStatus: The answer is no success, whatever the client says about raising:
            there is nothing to read.
        TransportFailure: No answer came.
    """
    opened = calls.open_stream(operation, client, request)
    response = opened.response
    try:
        if result_body(operation, response.status_code) is None:
            with opened.reading():
                response.read()
            raise unexpected_status(operation, client, response)
        yield Download(response, operation.name, opened.reading)
    finally:
        opened.close()


@asynccontextmanager
async def stream_async(
    operation: Operation, client: AuthenticatedClient | Client, request: dict[str, Any]
) -> AsyncIterator[AsyncDownload]:
    """Send the request and let the caller read the body without blocking the event loop.

    Args:
        operation: What is called.
        client: Where and how to send it.
        request: What `request` returned.

    Yields:
        The download; at the end of the block it is closed, read or not.

    Raises:
        UnexpectedStatus: The answer is no success, whatever the client says about raising:
            there is nothing to read.
        TransportFailure: No answer came.
    """
    opened = await calls.open_stream_async(operation, client, request)
    response = opened.response
    try:
        if result_body(operation, response.status_code) is None:
            with opened.reading():
                await response.aread()
            raise unexpected_status(operation, client, response)
        yield AsyncDownload(response, operation.name, opened.reading)
    finally:
        await opened.aclose()
