"""Requests and responses without a network: what every door to the simulator speaks."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BARE_TEXT", "JSON", "Request", "Response", "reason_phrase"]

#: The media type of nearly every body.
JSON = "application/json"
#: How the real server declares a string that it sends without quotes.
BARE_TEXT = "application/json;charset=UTF-8"

# What the proxies of a well-known network send, and no standard knows.
_UNOFFICIAL_PHRASES = {
    520: "Web Server Returned an Unknown Error",
    521: "Web Server Is Down",
    522: "Connection Timed Out",
    523: "Origin Is Unreachable",
    524: "A Timeout Occurred",
}


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Args:
        method: The HTTP method in capitals.
        path: The path as it was sent, percent-encoded, without the query.
        query: The query as it was sent, without the question mark.
        headers: The headers by their names in lower case.
        body: The body; empty if there is none.
        cut: Set when the connection of the request is gone, because the server has restarted or
            stopped: nobody can get a response any more.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)


@dataclass(frozen=True)
class Response:
    """A response to be sent.

    Args:
        status: The HTTP status.
        body: The body; empty for none.
        headers: The headers, without those that the door itself adds (Content-Length, Connection).
        is_streamed: Whether the body is sent without its length, as the real server sends lists.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_streamed: bool = False

    @classmethod
    def of_json(cls, status: int, value: Any) -> Response:
        """Make a response of a JSON value.

        Args:
            status: The HTTP status.
            value: What `json.dumps` takes.

        Returns:
            The response.
        """
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return cls(status, text.encode(), {"Content-Type": JSON})

    @classmethod
    def of_bare_text(cls, status: int, text: str) -> Response:
        """Make a response of a string that is sent without quotes, although it is declared as JSON.

        Args:
            status: The HTTP status.
            text: The body.

        Returns:
            The response.
        """
        return cls(status, text.encode(), {"Content-Type": BARE_TEXT})


def reason_phrase(status: int) -> str:
    """Give the words that belong to a status.

    Args:
        status: The HTTP status.

    Returns:
        The reason phrase.
    """
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return _UNOFFICIAL_PHRASES.get(status, "Unknown")
