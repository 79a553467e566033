"""The answers of the server: JSON where the API speaks, HTML or nothing from the framework."""

from __future__ import annotations

from typing import Any

from ..messages import Answer

__all__ = ["NOT_FOUND", "empty", "error", "json_answer", "page", "text"]

# What the web framework gives to every answer that is not said to be anything else.
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


def json_answer(status: int, value: Any) -> Answer:
    """Make an answer of the API.

    Args:
        status: The HTTP status.
        value: What `json.dumps` takes.

    Returns:
        The answer.
    """
    return Answer.of_json(status, value)


def error(status: int, message: str) -> Answer:
    """Make an error of the API.

    Args:
        status: The HTTP status.
        message: What is wrong.

    Returns:
        The answer.
    """
    return json_answer(status, {"error": message})


def text(status: int, body: str) -> Answer:
    """Make a plain text, which the server declares as HTML.

    Args:
        status: The HTTP status.
        body: The text.

    Returns:
        The answer.
    """
    return Answer(status, body.encode(), _HTML)


def empty(status: int) -> Answer:
    """Make an answer without a body.

    Args:
        status: The HTTP status.

    Returns:
        The answer.
    """
    return Answer(status, b"", _HTML)


def page(status: int, title: str) -> Answer:
    """Make a page of the web framework.

    Args:
        status: The HTTP status.
        title: What the page says.

    Returns:
        The answer.
    """
    return Answer(status, _PAGE.format(title=title).encode(), _HTML)


#: What the framework says to an address that belongs to nothing.
NOT_FOUND = page(404, "Not Found")
