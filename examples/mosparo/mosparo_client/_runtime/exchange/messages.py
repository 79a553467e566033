# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Builds the request of an operation from its arguments, and reads the response to it.

A response is the result, or the error that it stands for.
"""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..declare.bodies import JoinedTextBody, NoBody, TextBody
from ..declare.conversion import LOCAL_DATE_TIME
from ..declare.messages import Request
from ..declare.response import Response, http_status
from ..declare.unset import Unset
from ..errors import DecodeError, InvalidRequest, NoResult
from ..settings.headers import check_cookies, check_headers
from .bodies import Received, body_of_type, is_html, is_unwanted_page, items_body, read_body
from .content_headers import charset_of, encoding_of
from .path import check_query_length, fill_path, query_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..declare.bodies import Body
    from ..declare.messages import Arguments, RawResponse
    from ..declare.operation import Operation
    from ..settings.config import Config

__all__ = ["ask_for_items", "build_request", "read_response", "result_body", "result_of"]


def build_request(
    operation: Operation, arguments: Arguments, *, strict_enums: bool = False
) -> Request:
    """Build the request of an operation.

    Args:
        operation: The operation.
        arguments: Its arguments.
        strict_enums: Whether strings that are no known values of enumerations are refused.

    Returns:
        The request.

    Raises:
        InvalidRequest: An argument cannot be sent; the message names operation and argument.
    """
    if strict_enums:
        from ..codec.unknown_values import refusing_unknown_values

        with refusing_unknown_values():
            return build_request(operation, arguments)
    path_values, query = arguments.path, arguments.query
    header_values, cookies = arguments.headers, arguments.cookies
    try:
        if operation.enums:
            for values in (path_values, query, header_values, cookies):
                _check_enums(operation, values or {})
        if operation.bounds:
            for values in (path_values, query, header_values, cookies):
                _check_bounds(operation, values or {})
        if operation.styles:
            from .styles import styled

            path_values, query, header_values, cookies = (
                styled(values, operation.styles)
                for values in (path_values, query, header_values, cookies)
            )
        if operation.times:
            path_values, query, header_values, cookies = (
                _with_times(operation, values)
                for values in (path_values, query, header_values, cookies)
            )
        path = fill_path(operation.path, path_values or {}, operation.plain, operation.argument)
        pairs = query_pairs(query, operation.argument) if query else []
        if pairs:
            check_query_length(pairs)
        headers = _header_fields(operation, header_values or {}, cookies or {})
        if operation.content_type is not None:
            headers["Content-Type"] = operation.content_type
        body = None
        if operation.body is not None or operation.needs_body or _holds_body(arguments):
            from .content import written_body

            body = written_body(operation, arguments)
        if body is not None:
            headers["Content-Type"] = body[0]
    except InvalidRequest as error:
        told = str(error)
        end = " Nothing was sent" if told.endswith("?") else "; nothing was sent"
        raise InvalidRequest(f"{operation.name}: {told}{end}") from None
    return Request(
        operation.method,
        path,
        params=pairs or None,
        headers=headers or None,
        content=None if body is None else body[1],
        # The redirection is the result, and its cookies are not those of where it leads.
        follow_redirects=False if operation.is_redirection else None,
        is_public=operation.is_public,
        schemes=operation.schemes,
        wait=None if operation.wait is None else _wait(operation.wait, arguments.query or {}),
    )


def ask_for_items(operation: Operation, request: Request) -> None:
    """Let a request say that its response is to be read item by item, where it can be."""
    for body in operation.results.values():
        found = items_body(body)
        if found is not None and found[0]:
            request.headers = {"Accept": found[0], **(request.headers or {})}
            return


def _wait(wait: tuple[str, float, str], query: Mapping[str, Any]) -> float | None:
    """Tell how many seconds the server may take to respond; None if it responds at once."""
    name, default, switch = wait
    waits = query.get(switch)
    if waits is not None and not isinstance(waits, Unset) and not waits:
        return None
    seconds = query.get(name)
    try:
        return default if seconds is None or isinstance(seconds, Unset) else float(seconds)
    except (OverflowError, TypeError, ValueError):
        return default  # the server will say what is wrong with it


def _check_enums(operation: Operation, values: Mapping[str, Any]) -> None:
    """Look for strings that are no known values among parameters."""
    for name in operation.enums.keys() & values.keys():
        value = values[name]
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if type(each) is not str:
                continue
            from ..codec.unknown_values import check_value

            try:
                check_value(getattr(import_module(operation.models), operation.enums[name]), each)
            except InvalidRequest as error:
                raise InvalidRequest(f"{operation.argument(name)}: {error}") from None


def _check_bounds(operation: Operation, values: Mapping[str, Any]) -> None:
    """Refuse numbers that the specification does not allow."""
    bounds = operation.bounds or {}
    for name in bounds.keys() & values.keys():
        value = values[name]
        if type(value) is not int and not _is_number(value):
            continue
        least, most = bounds[name]
        if least is not None and value < least:
            raise InvalidRequest(f"{operation.argument(name)} must be >= {least}, got {value}")
        if most is not None and value > most:
            raise InvalidRequest(f"{operation.argument(name)} must be <= {most}, got {value}")


def _is_number(value: Any) -> bool:
    from numbers import Real  # as numpy's numbers are

    return issubclass(type(value), Real) and not isinstance(value, bool)


def _with_times(operation: Operation, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write the dates and times among parameters, each in its own format.

    A date in place of a local time is the start of that day, on the same clock. In a body it is
    refused: fields there are ends of time spans as well, and which end of the day is meant is open.
    """
    from ..codec.converters import encoder

    written = dict(values or {})
    for name, (argument, converter) in (operation.times or {}).items():
        value = written.get(name)
        if value is None or isinstance(value, Unset):
            continue
        if converter is LOCAL_DATE_TIME and type(value) is datetime.date:
            value = datetime.datetime.combine(value, datetime.time())
        encode = encoder(converter, import_module(operation.models))
        if encode is not None:
            try:
                written[name] = encode(value)
            except InvalidRequest as error:
                raise InvalidRequest(f"{argument}: {error}") from None
    return written


def _holds_body(arguments: Arguments) -> bool:
    given = (arguments.json, arguments.text, arguments.form, arguments.multipart, arguments.binary)
    return bool(arguments.further) or not all(isinstance(each, Unset) for each in given)


def _header_fields(
    operation: Operation, headers: Mapping[str, Any], cookies: Mapping[str, Any]
) -> dict[str, str]:
    """Write header and cookie parameters, and refuse what a header cannot carry."""
    if not headers and not cookies:
        return {}
    fields = check_headers(dict(query_pairs(headers, operation.argument)))
    sent_cookies = check_cookies(dict(query_pairs(cookies, operation.argument)))
    if sent_cookies:
        fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in sent_cookies.items())
    return fields


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
