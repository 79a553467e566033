"""Reads the answer to an operation: the result, or the error that it stands for."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ...client.errors import UNFOLLOWED, DecodeError, InvalidRequest, kind_of_status
from ..declare.bodies import Body, HtmlBody, JoinedTextBody, NoBody, Received, TextBody, parse_json
from ..settings.redaction import Hider
from .response import Response

if TYPE_CHECKING:
    from ...client.client import AuthenticatedClient, Client
    from ...client.errors import UnexpectedStatus
    from ..declare.operation import Operation
    from ..settings.http import HttpxResponse

__all__ = ["OUTCOME", "http_status", "read_answer", "result_body", "unexpected_status"]


#: Where an answer that came after several attempts tells about them, among its extensions.
OUTCOME = "dqops.outcome"


def read_answer(
    operation: Operation, client: AuthenticatedClient | Client, response: HttpxResponse
) -> Response[Any]:
    body = result_body(operation, response.status_code)
    parsed = None if body is None else _read(operation, client, response, body)
    if body is None or (parsed is None and _needs_body(response.status_code, body)):
        _refuse(operation, client, response)
    if operation.keeps_cookies and body is not None:
        client.keep_cookies(_sendable_cookies(response))
    return Response(
        status_code=http_status(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )


def _needs_body(status_code: int, body: Body) -> bool:
    """Whether a status is a result only with a body that can be read, as of a health check."""
    return not _is_success(status_code) and not isinstance(body, NoBody)


def result_body(operation: Operation, status_code: int) -> Body | None:
    """Find how a result is read; None for a status that is no result."""
    body = operation.results.get(status_code)
    if body is None and _is_success(status_code):
        # Another success than the specified one, as servers of other versions send: its body
        # means the same.
        body = next(iter(operation.results.values()), NoBody())
    return body


def _read(
    operation: Operation, client: AuthenticatedClient | Client, response: HttpxResponse, body: Body
) -> Any:
    try:
        return _read_body(operation, response, body, response.content)
    except DecodeError as error:
        found = error
    if not _is_success(response.status_code):
        # Not the answer that this status can be, but a failure, such as the page of a proxy.
        return None
    # Raised here and not above, so that what is known of the body with the token in it is
    # neither the context of this error nor a local variable in its traceback.
    found = _explain(operation, client, response, body, found)
    raise found


def _read_body(operation: Operation, response: HttpxResponse, body: Body, content: bytes) -> Any:
    if _is_unwanted_page(body, response, content):
        raise DecodeError("expected a plain text, found an HTML page")
    # JSON needs no header to tell its encoding, and httpx takes its time to look for one.
    is_text = isinstance(body, (JoinedTextBody, TextBody))
    encoding = response.encoding if is_text else None
    received = Received(content, encoding or "utf-8", response.headers)
    return body.read(received, operation.models)


def _explain(
    operation: Operation,
    client: AuthenticatedClient | Client,
    response: HttpxResponse,
    body: Body,
    found: DecodeError,
) -> DecodeError:
    """Make the error that the caller gets, with the place of the problem in the answer."""
    hide = Hider.of_answer(client, response)
    content = hide.in_content(response.content)
    if content != response.content:
        # Messages quote values, and those may be shortened in the middle of the token.
        try:
            _read_body(operation, response, body, content)
            found = DecodeError("it cannot be shown without the token that is in it")
        except DecodeError as error:
            found = error
    problem = found.problem
    if _is_html(response, content) or content.lstrip()[:1] == b"<":
        problem += ". A proxy or another server seems to have answered: check the base URL"
    content_type: str | None = response.headers.get("Content-Type")
    return DecodeError(
        problem,
        operation=operation.name,
        field_path=found.field_path,
        status_code=response.status_code,
        content_type=None if content_type is None else hide.in_text(content_type),
        content=content,
    )


def _refuse(
    operation: Operation, client: AuthenticatedClient | Client, response: HttpxResponse
) -> None:
    """Raise the error of a status that is no result, or log it where the client says so."""
    if client.raise_on_unexpected_status or UNFOLLOWED in response.extensions:
        raise unexpected_status(operation, client, response)
    from ..call.logs import logger

    logger.warning(
        "%s: %s %s answered with status %d; the result is None. Create the client with "
        "raise_on_unexpected_status=True to get an exception instead.",
        operation.name,
        operation.method,
        _address(operation, response),
        response.status_code,
    )


def unexpected_status(
    operation: Operation, client: AuthenticatedClient | Client, response: HttpxResponse
) -> UnexpectedStatus:
    """Make the error of a status that is no result."""
    hide = Hider.of_answer(client, response, operation.secret_parts(str(response.url)))
    content = hide.in_content(response.content)
    return kind_of_status(response.status_code)(
        response.status_code,
        content,
        operation=operation.name,
        method=operation.method,
        url=_address(operation, response),
        headers=hide.in_headers(response.headers),
        parsed=_read_error(operation, response, content),
        advice=operation.advice.get(response.status_code),
        **response.extensions.get(OUTCOME, {}),
    )


def _read_error(operation: Operation, response: HttpxResponse, content: bytes) -> Any:
    """Read an error body as far as it can be understood."""
    body = operation.errors.get(response.status_code)
    if body is None and operation.errors:
        # Errors that a framework sends look alike, whatever their status; the specification
        # lists them once for each operation, under the status of the server's own errors.
        body = operation.errors[max(operation.errors)]
    if body is None or not content:
        return None
    try:
        if not isinstance(body, TextBody) and not isinstance(parse_json(content), (dict, list)):
            return None
        if _is_unwanted_page(body, response, content):
            return None
        return body.read(Received(content, "utf-8", response.headers), operation.models)
    except DecodeError:
        # A proxy's page, or an error of another kind: the exception carries the content.
        return None


def http_status(status_code: int) -> HTTPStatus:
    """Make an `HTTPStatus` of any number.

    Args:
        status_code: The status of an answer.

    Returns:
        The registered status; for any other number a member that is in no listing of the statuses
        and compares as the number.
    """
    try:
        return HTTPStatus(status_code)
    except ValueError:
        # The same form as the members of http.HTTPStatus itself, made without registering it.
        unknown = int.__new__(HTTPStatus, status_code)
        unknown._name_ = f"UNKNOWN_{status_code}"
        unknown._value_ = status_code
        unknown.phrase = ""  # type: ignore[misc]  # typeshed has properties, http sets attributes
        unknown.description = ""  # type: ignore[misc]  # see above
        return unknown


def _address(operation: Operation, response: HttpxResponse) -> str:
    """Name the address that was asked, without what may be secret in it."""
    url = response.url.copy_with(query=None, fragment=None, userinfo=b"")
    return operation.show_address(str(url))


def _sendable_cookies(response: HttpxResponse) -> dict[str, str]:
    """Read the cookies of an answer, but for those that no request could carry."""
    from ..settings.checks import check_cookies

    cookies: dict[str, str] = {}
    for cookie in response.cookies.jar:
        with suppress(InvalidRequest):
            cookies.update(check_cookies({cookie.name: cookie.value or ""}))
    return cookies


def _is_success(status_code: int) -> bool:
    return 200 <= status_code < 300


def _is_unwanted_page(body: Body, response: HttpxResponse, content: bytes) -> bool:
    """Whether an HTML page has come where the specification promises a plain text."""
    if isinstance(body, HtmlBody):
        return not body.pages and _begins_as_page(content)
    return isinstance(body, (JoinedTextBody, TextBody)) and _is_html(response, content)


def _is_html(response: HttpxResponse, content: bytes) -> bool:
    """Whether a body is an HTML page, by what the server says or by how it begins."""
    return "html" in response.headers.get("Content-Type", "").lower() or _begins_as_page(content)


def _begins_as_page(content: bytes) -> bool:
    return content.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))
