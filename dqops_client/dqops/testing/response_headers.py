"""What the real server adds to responses, whatever the operation says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .http.messages import BARE_TEXT, JSON, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .specification import Operation

__all__ = ["UNAUTHORIZED", "completed"]

#: What a wrong API key gets; the body is empty, and has no type.
UNAUTHORIZED = Response(401, is_streamed=True)

_ALL = {
    "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "0",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "0",
    "Referrer-Policy": "no-referrer",
}
_VARY = {"Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
# Lists that are sent as a whole.
_NOT_STREAMED = ("_comments", "_labels")
# Sent piece by piece as well, although they are no lists.
_STREAMED = ("_error_samples_download", "download_logs")
_UNTYPED = frozenset({"get_user"})
_TYPED = frozenset({"update_table_partitioned_checks_model"})


def completed(
    response: Response, operation: Operation | None, request_headers: Mapping[str, str]
) -> Response:
    """Add the headers that the real server sends with every response.

    Args:
        response: What the operation, or the refusal of the request, says.
        operation: What the request was for; None if it was for none.
        request_headers: The headers of the request by their names in lower case.

    Returns:
        The response with its headers, and with a type where the real server gives one to no body.
    """
    if response == UNAUTHORIZED:
        return replace(response, headers=_ALL)
    headers = {**_VARY, **response.headers}
    is_streamed = response.is_streamed
    if operation is not None:
        is_error_text = (
            response.status >= 400 and bool(response.body) and not _is_list(response.body)
        )
        is_streamed = is_streamed or (_is_streamed(operation, response) and not is_error_text)
        media_type = _type_of_nothing(operation, response)
        if not response.body and media_type is not None:
            headers.setdefault("Content-Type", media_type)
    if "origin" in request_headers:
        headers["Access-Control-Allow-Origin"] = "*"
    return Response(response.status, response.body, {**headers, **_ALL}, is_streamed)


def _is_list(body: bytes) -> bool:
    return body.startswith(b"[")


def _is_streamed(operation: Operation, response: Response) -> bool:
    if operation.name.endswith(_STREAMED):
        # Nothing to download is known at once; that there is no such table is not.
        return bool(response.body) or response.status >= 400
    return bool(response.body) and operation.is_list and not operation.name.endswith(_NOT_STREAMED)


def _type_of_nothing(operation: Operation, response: Response) -> str | None:
    """Give the Content-Type of a response without a body."""
    if operation.name in _UNTYPED or (300 <= response.status < 400):
        return None
    if operation.name.endswith("_error_samples_download"):
        return BARE_TEXT if response.status >= 400 else operation.result_media_types[0]
    _, specified = operation.responses[operation.result_status]
    if "content" in specified:
        return operation.result_media_types[0]
    return JSON if operation.name in _TYPED and response.status < 300 else None
