# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Reads a response to an operation: the result, or the error that it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..declare.bodies import JoinedTextBody, NoBody, TextBody
from ..declare.response import Response, http_status
from ..errors import DecodeError, NoResult
from .bodies import Received, body_of_type, is_html, is_unwanted_page, read_body
from .content_headers import charset_of, encoding_of

if TYPE_CHECKING:
    from ..declare.bodies import Body
    from ..declare.messages import Arguments, RawResponse
    from ..declare.operation import Operation
    from ..settings.config import Config

__all__ = ["read_response", "result_body", "result_of"]


def read_response(
    operation: Operation,
    config: Config,
    response: RawResponse,
    arguments: Arguments | None = None,
) -> tuple[Response[Any], bool]:
    """Read a response.

    Args:
        operation: What was called.
        config: The settings of the client.
        response: The response.
        arguments: The arguments of the operation, for messages.

    Returns:
        The response, and whether it is a result: a status that is one, with a body that can be
        read where it needs one. Without a result `parsed` is None.

    Raises:
        UnexpectedStatus: The response is no success, and the client raises on that.
        DecodeError: The body is not what the specification says.
    """
    status = response.status_code
    body = result_body(operation, status)
    parsed = None if body is None else _read(operation, config, response, body)
    is_result = body is not None and (parsed is not None or not _needs_body(status, body))
    if not is_result and (config.raise_on_unexpected_status or response.is_unfollowed):
        from .unexpected import unexpected_status  # with the exceptions of all statuses

        raise unexpected_status(operation, config, response, arguments)
    read = Response(
        status_code=http_status(status),
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )
    return read, is_result


def result_of(operation: Operation, response: Response[Any]) -> Any:
    """Take the result out of a response, where None stands for nothing but no result.

    Args:
        operation: What was called, by a client that raises on what is no success.
        response: The response, read.

    Raises:
        NoResult: There is none, and there should be one.
    """
    status = int(response.status_code)
    has_result = not operation.may_be_empty and not isinstance(
        result_body(operation, status), NoBody
    )
    if response.parsed is None and has_result:
        raise NoResult(operation.name, status, has_waited=operation.wait is not None)
    return response.parsed


def _needs_body(status_code: int, body: Body) -> bool:
    """Whether a status is a result only with a body that can be read, as of a health check."""
    return not _is_success(status_code) and not isinstance(body, NoBody)


def result_body(operation: Operation, status_code: int) -> Body | None:
    """Find how a result is read; None for a status that is no result."""
    results = operation.results
    body = results.get(status_code) or results.get(f"{status_code // 100}XX")
    if body is None and _is_success(status_code):
        # Another success than the specified one, as servers of other versions send: its body
        # means the same.
        body = results.get("default") or next(iter(results.values()), NoBody())
    return body


def _read(operation: Operation, config: Config, response: RawResponse, body: Body) -> Any:
    try:
        return _read_body(operation, response, body, response.content)
    except DecodeError as error:
        found = error
    if not _is_success(response.status_code):
        # Not the result that this status can be, but a failure, such as the page of a proxy.
        return None
    # Raised here and not above, so that what is known of the body with the token in it is
    # neither the context of this error nor a local variable in its traceback.
    found = _explain(operation, config, response, body, found)
    raise found


def _read_body(operation: Operation, response: RawResponse, body: Body, content: bytes) -> Any:
    body = body_of_type(body, response.headers)
    if is_unwanted_page(body, response.headers, content):
        raise DecodeError("expected plain text, got an HTML page")
    # JSON needs no header to tell its encoding.
    is_text = isinstance(body, (JoinedTextBody, TextBody))
    encoding = "utf-8"
    if is_text:
        encoding = encoding_of(charset_of(response.headers)) or response.default_encoding
    received = Received(content, encoding, response.headers)
    return read_body(body, received, operation.models)


def _explain(
    operation: Operation,
    config: Config,
    response: RawResponse,
    body: Body,
    found: DecodeError,
) -> DecodeError:
    """Make the error that the caller gets, with the place of the problem in the response."""
    redactor = config.redactor_of(response)
    content = redactor.in_content(response.content)
    if content != response.content:
        # Messages quote values, and those may be shortened in the middle of the token.
        try:
            _read_body(operation, response, body, content)
            found = DecodeError("the problem is not shown, because it contains the token")
        except DecodeError as error:
            found = error
    problem = found.problem
    if is_html(response.headers, content) or content.lstrip()[:1] == b"<":
        problem += ". A proxy or another server may have responded: check base_url"
    content_type: str | None = response.headers.get("Content-Type")
    return DecodeError(
        problem,
        operation=operation.name,
        field_path=found.field_path,
        status_code=response.status_code,
        content_type=None if content_type is None else redactor.in_text(content_type),
        content=content,
    )


def _is_success(status_code: int) -> bool:
    return 200 <= status_code < 300
