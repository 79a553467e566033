# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Turns what aiohttp raises into what httpx's own transport would raise."""

from __future__ import annotations

import errno
import os

import aiohttp
import httpx

__all__ = ["WriteTimeoutError", "origin", "translate"]


class WriteTimeoutError(Exception):
    """The server does not take the request."""


def translate(error: BaseException) -> httpx.TransportError | None:
    """Make httpx's exception of aiohttp's.

    Args:
        error: What was raised.

    Returns:
        The exception; None where the error is neither aiohttp's nor the operating system's.
    """
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(str(error))
    if isinstance(error, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(str(error))
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ClientSSLError)):
        return httpx.ConnectError(str(error))
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return httpx.RemoteProtocolError("Server disconnected without sending a response.")
    if isinstance(error, aiohttp.ClientPayloadError):
        return _translate_payload_error(error)
    if isinstance(error, aiohttp.ClientResponseError):
        return httpx.RemoteProtocolError(_first_line(error.message))
    if isinstance(error.__cause__, WriteTimeoutError):
        return httpx.WriteTimeout("the server does not take the request")
    if isinstance(error, ValueError):  # of a header or the URL
        return httpx.LocalProtocolError(str(error))
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return httpx.ReadError(str(error))
    return None


def origin(error: BaseException) -> BaseException:
    """Find what the operating system or TLS said, rather than what aiohttp made of it.

    Args:
        error: What was raised.

    Returns:
        The cause to show.
    """
    return error.__cause__ if isinstance(error.__cause__, OSError) else error


def _translate_payload_error(error: aiohttp.ClientPayloadError) -> httpx.TransportError:
    # aiohttp mentions what the operating system said in the message alone.
    if "ConnectionResetError" in str(error):
        return httpx.ReadError(os.strerror(errno.ECONNRESET))
    return httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def _first_line(message: str) -> str:
    """Shorten what aiohttp says about a response; further on it quotes the response."""
    return message.partition("\n")[0].partition(": b'")[0].rstrip(":")
