"""The responses of the server: JSON where the API speaks, HTML or nothing from the framework."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..http.messages import JSON, Request, Response

__all__ = [
    "CORS",
    "FORBIDDEN",
    "LARGEST_BODY",
    "NOT_FOUND",
    "READING",
    "TOO_LARGE",
    "UUID_PATTERN",
    "View",
    "empty",
    "error",
    "json_response",
    "page",
    "redirect",
    "text",
]

#: The UUID of a check in a path, which is case-sensitive.
UUID_PATTERN = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
#: The headers with which browsers may read a response on other sites.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "X-Api-Key",
    "Access-Control-Max-Age": "600",
}
#: What responds to a request to one path.
View = Callable[[Request], Response]
#: Methods that need no CSRF token.
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: The framework reads no larger body; in bytes.
LARGEST_BODY = 2_621_440

# What the web framework gives to every response that is not said to be anything else.
_HTML = {"Content-Type": "text/html; charset=utf-8"}

_PAGE = """
<!doctype html>
<html lang="en">
<head>
  <title>{title}</title>
</head>
<body>
  <h1>{title}</h1><p></p>
</body>
</html>
"""


def json_response(status: int, value: Any) -> Response:
    """Make a response of the API.

    Args:
        status: The HTTP status.
        value: What `json.dumps` takes.

    Returns:
        The response.
    """
    return Response(status, json.dumps(value).encode(), {"Content-Type": JSON})


def error(status: int, message: str) -> Response:
    """Make an error of the API.

    Args:
        status: The HTTP status.
        message: What is wrong.

    Returns:
        The response.
    """
    return json_response(status, {"error": message})


def text(status: int, body: str) -> Response:
    """Make plain text, which the server declares as HTML.

    Args:
        status: The HTTP status.
        body: The text.

    Returns:
        The response.
    """
    return Response(status, body.encode(), _HTML)


def empty(status: int) -> Response:
    """Make a response without a body.

    Args:
        status: The HTTP status.

    Returns:
        The response.
    """
    return Response(status, b"", _HTML)


def redirect(location: str) -> Response:
    """Lead to the same path with a slash at its end.

    Args:
        location: The path and the query.

    Returns:
        The response.
    """
    return Response(301, b"", {**_HTML, "Location": location})


def page(status: int, title: str) -> Response:
    """Make a page of the web framework.

    Args:
        status: The HTTP status.
        title: What the page says.

    Returns:
        The response.
    """
    return Response(status, _PAGE.format(title=title).encode(), _HTML)


#: What the framework sends for a path that belongs to nothing.
NOT_FOUND = page(404, "Not Found")
#: What it sends for a write to a page that browsers read, because there is no CSRF token.
FORBIDDEN = page(403, "Forbidden")
#: What it sends for a body of more than `LARGEST_BODY` bytes.
TOO_LARGE = page(400, "Bad Request")
