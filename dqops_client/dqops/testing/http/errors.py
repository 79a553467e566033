"""Refusals of the simulator, and how they look in a response."""

from __future__ import annotations

import zlib
from html import escape
from typing import TYPE_CHECKING

from .messages import Response, reason_phrase
from .wire import offset_date_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .messages import Request

__all__ = ["RefusedRequestError", "error_response"]

_PAGE = "text/html;charset=UTF-8"


class RefusedRequestError(Exception):
    """A request that cannot be served; it becomes a response with an error body.

    Args:
        status: The HTTP status of the response.
        message: What is wrong, for the reader of the error body.
        headers: Headers of the response besides its Content-Type.
        is_told: Whether the error body has the message; otherwise it has null in its place.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        is_told: bool = True,
    ) -> None:
        super().__init__(message)
        self.is_told = is_told
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def error_response(
    refusal: RefusedRequestError, request: Request, moment: datetime, number: int = 0
) -> Response:
    """Write the error body that the framework of the real server writes.

    Args:
        refusal: What went wrong.
        request: The request.
        moment: The time of the error in UTC.
        number: How many requests the server had before this one; it becomes the request's id.

    Returns:
        The response with its body (`SpringErrorPayload`); a page if the client asks for pages.
    """
    phrase = reason_phrase(refusal.status)
    # The name of the connection, which there need not be one of, and the number of the request.
    request_id = f"{zlib.crc32(b'%d' % number):08x}-{number + 1}"
    if _wants_page(request.headers.get("accept", "")):
        text = f"{request_id}: {refusal.status} {phrase}. {refusal.message}"
        page = f"<html><body><h1>Error</h1><p>{escape(text)}</p></body></html>"
        return Response(refusal.status, page.encode(), {"Content-Type": _PAGE, **refusal.headers})
    body = {
        "timestamp": offset_date_time(moment),
        "path": request.path,
        "status": refusal.status,
        "error": phrase,
        "message": refusal.message if refusal.is_told else None,
        "requestId": request_id,
        # The real server sends a stack trace here. There is no Java behind this one.
        "trace": f"dqops.testing: {refusal.status} {phrase}: {refusal.message}",
    }
    response = Response.of_json(refusal.status, body)
    return Response(response.status, response.body, {**response.headers, **refusal.headers})


def _wants_page(accept: str) -> bool:
    """Tell whether a client, such as a browser, asks for a page."""
    kinds = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    return not kinds.isdisjoint({"text/html", "text/*"})
