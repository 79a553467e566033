# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Reads a response to an operation: the result, or the error that it stands for."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ..._identity import NAME
from ..declare.bodies import HtmlBody, JoinedTextBody, NoBody, TextBody
from ..declare.response import Response, http_status
from ..errors import DecodeError, NoResult
from ..settings.redaction import account_secrets
from ..settings.shown import credential_names, secret_parts, shown_url
from ..showing import excerpt
from .bodies import Received, body_of_type, read_body
from .content_headers import charset_of, encoding_of
from .path import query_pairs
from .styles import styled

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..declare.bodies import Body
    from ..declare.messages import Arguments, RawResponse
    from ..declare.operation import Operation
    from ..settings.config import Config
    from ..statuses import UnexpectedStatus
    from .server_versions import Span

__all__ = ["read_response", "result_body", "result_of", "unexpected_status"]


# How many arguments a message shows, and what it shows without quotes.
_MOST_SHOWN = 12
_PLAIN = re.compile(r"[\w.:+*-]{1,60}")


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
    if _is_unwanted_page(body, response, content):
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
    if _is_html(response, content) or content.lstrip()[:1] == b"<":
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


def unexpected_status(
    operation: Operation,
    config: Config,
    response: RawResponse,
    arguments: Arguments | None = None,
) -> UnexpectedStatus:
    """Make the error of a status that is no result."""
    from ..statuses import BadRequest, NotFound, OperationNotSupported, kind_of_status

    redactor = config.redactor_of(response, secret_parts(operation, response.url))
    content = redactor.in_content(response.content)
    parsed = _read_error(operation, response, content)
    kind: Callable[..., UnexpectedStatus] = kind_of_status(response.status_code)
    if kind is NotFound and _is_of_router(parsed):
        since, until = _versions_of(operation)
        kind = partial(OperationNotSupported, since=since, until=until)
    advice = _advice_of(operation, response.status_code) or _advice(config, response)
    if kind is BadRequest and arguments is not None:
        # The server may say that a value is wrong, and not which.
        sent = redactor.in_text(_shown_arguments(operation, arguments))
        advice = f"{advice or BadRequest.advice}{sent}"
    return kind(
        response.status_code,
        content,
        operation=operation.name,
        method=operation.method,
        url=shown_url(operation, response.url),
        headers=redactor.in_headers(response.headers),
        parsed=parsed,
        advice=advice,
        attempts=response.attempts,
        elapsed=response.elapsed,
        unrepeated=response.unrepeated,
    )


def _shown_arguments(operation: Operation, arguments: Arguments) -> str:
    """Show the arguments in path and query that a server may have failed to read."""
    path = {
        name: value
        for name, value in (arguments.path or {}).items()
        if name in operation.enums or not isinstance(value, str)
    }
    given = styled({**path, **(arguments.query or {})}, operation.styles or {})
    hidden = {*operation.secrets, *credential_names(given)}
    shown = [
        f"{operation.argument(name)}={text if _PLAIN.fullmatch(text) else excerpt(text)}"
        for name, text in query_pairs(given)
        if name not in hidden
    ]
    return f" Sent: {', '.join(shown[:_MOST_SHOWN])}." if shown else ""


def _is_of_router(parsed: Any) -> bool:
    """Tell whether a 404 says that there is nothing at this path.

    Spring's router sends the path with it, and no message; what a server's own code does not find
    has neither.
    """
    has_path = isinstance(getattr(parsed, "path", None), str)
    return (
        has_path
        and getattr(parsed, "error", None) == "Not Found"
        and not getattr(parsed, "message", None)
    )


def _versions_of(operation: Operation) -> Span:
    """Give the first and the last version of the server that have an operation, where known."""
    from .server_versions import Span, tables_of

    tables = tables_of(operation.models)
    return tables.callable_operations.get(operation.name, Span()) if tables else Span()


def _advice_of(operation: Operation, status: int) -> str | None:
    advice = operation.advice
    return advice.get(status) or advice.get(f"{status // 100}XX") or advice.get("default")


def _advice(config: Config, response: RawResponse) -> str | None:
    """Say what is wrong with the token, where the settings tell."""
    if response.status_code != 401:
        return None
    if config.token is not None:
        twice = f"{config.prefix} {config.prefix} ".lower()
        if any(
            each.lower().startswith(twice) for each in response.credentials(config.auth_header_name)
        ):
            return (
                f"The API key that was sent begins with '{config.prefix} ': pass the key alone, "
                "because the client writes that word before it."
            )
        return "The API key that was sent is wrong: mistyped, revoked, or for another server."
    if credential_names(config.headers) or account_secrets(config.base_url):
        return None
    if config.httpx_args.get("auth") is not None:
        return None
    return (
        "No API key was sent: pass one, as in AuthenticatedClient(base_url, token=...), or set "
        f"{NAME.upper()}_API_KEY and use AuthenticatedClient.from_env()."
    )


def _read_error(operation: Operation, response: RawResponse, content: bytes) -> Any:
    """Read an error body as far as it can be understood."""
    errors, status = operation.errors, response.status_code
    body = errors.get(status) or errors.get(f"{status // 100}XX") or errors.get("default")
    if body is None and errors and not any(isinstance(each, str) for each in errors):
        # Errors that a framework sends look alike, whatever their status; the specification
        # lists them once for each operation, under the status of the server's own errors. Where it
        # lists ranges, it says itself which statuses are meant.
        body = errors[max(errors)]
    if body is not None:
        body = body_of_type(body, response.headers)
    if body is None or not content:
        return None
    from ..codec.documents import parse_json

    try:
        if not isinstance(body, TextBody) and not isinstance(parse_json(content), (dict, list)):
            return None
        if _is_unwanted_page(body, response, content):
            return None
        return read_body(body, Received(content, "utf-8", response.headers), operation.models)
    except DecodeError:
        # A proxy's page, or an error of another kind: the exception carries the content.
        return None


def _is_success(status_code: int) -> bool:
    return 200 <= status_code < 300


def _is_unwanted_page(body: Body, response: RawResponse, content: bytes) -> bool:
    """Whether an HTML page has come where the specification promises plain text."""
    if isinstance(body, HtmlBody):
        return not body.pages and _begins_as_page(content)
    return isinstance(body, (JoinedTextBody, TextBody)) and _is_html(response, content)


def _is_html(response: RawResponse, content: bytes) -> bool:
    """Whether a body is an HTML page, by what the server says or by how it begins."""
    return "html" in response.headers.get("Content-Type", "").lower() or _begins_as_page(content)


def _begins_as_page(content: bytes) -> bool:
    return content.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))
