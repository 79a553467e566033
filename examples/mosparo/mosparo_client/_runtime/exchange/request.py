# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Builds the request of an operation from its arguments."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..declare.conversion import LOCAL_DATE_TIME
from ..declare.messages import Request
from ..declare.unset import Unset
from ..errors import InvalidRequest
from ..settings.headers import check_cookies, check_headers
from .bodies import items_body
from .path import check_query_length, fill_path, query_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..declare.messages import Arguments
    from ..declare.operation import Operation

__all__ = ["ask_for_items", "build_request"]


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
