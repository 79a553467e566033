"""Builds the request of an operation from its arguments."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...client.errors import InvalidRequest
from ...client.types import UNSET, Unset
from . import content
from .path import check_query_length, fill_path, query_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..declare.operation import Operation

__all__ = ["build_request"]


def build_request(
    operation: Operation,
    *,
    path: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    cookies: Mapping[str, Any] | None = None,
    json: Any = UNSET,
    text: Any = UNSET,
    form: Any = UNSET,
    binary: Any = UNSET,
    allowed: Mapping[str, bool] | None = None,
) -> dict[str, Any]:
    """Build the arguments of `httpx.Client.request`; see `Operation.request`."""
    try:
        if operation.times:
            path, query, headers, cookies = (
                _with_times(operation, values) for values in (path, query, headers, cookies)
            )
        request: dict[str, Any] = {
            "method": operation.method,
            "url": fill_path(operation.path, path or {}),
        }
        pairs = query_pairs(query or {})
        if pairs:
            check_query_length(pairs)
            request["params"] = pairs
        sent_headers = _header_fields(headers or {}, cookies or {})
        if operation.refused or operation.needed:
            from .body_rules import check_body

            check_body(operation, json, allowed or {})
        if operation.content_type is not None:
            sent_headers["Content-Type"] = operation.content_type
        content = _written_body(json, text, form, binary)
        if content is not None:
            sent_headers["Content-Type"], request["content"] = content
    except InvalidRequest as error:
        raise InvalidRequest(f"{operation.name}: {error}; nothing was sent") from None
    if sent_headers:
        request["headers"] = sent_headers
    if operation.wait is not None:
        seconds = _wait(operation.wait, query or {})
        if seconds is not None:
            request["wait"] = seconds
    if operation.is_redirection:
        # The redirection is the answer, and its cookies are not those of where it leads.
        request["follow_redirects"] = False
    return request


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


def _with_times(operation: Operation, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Write the dates and times among parameters, each in its own format."""
    written = dict(values or {})
    for name, (argument, converter) in (operation.times or {}).items():
        value = written.get(name)
        if value is None or isinstance(value, Unset):
            continue
        encode = converter.encoder(import_module(operation.models))
        if encode is not None:
            try:
                written[name] = encode(value)
            except InvalidRequest as error:
                raise InvalidRequest(f"{argument}: {error}") from None
    return written


def _written_body(json: Any, text: Any, form: Any, binary: Any) -> tuple[str, bytes] | None:
    if not isinstance(json, Unset):
        return "application/json", content.json_content(json)
    if not isinstance(text, Unset):
        return "text/plain; charset=utf-8", content.text_content(text)
    if not isinstance(form, Unset):
        return "application/x-www-form-urlencoded", content.form_content(form)
    if not isinstance(binary, Unset):
        return "application/octet-stream", content.binary_content(binary)
    return None


def _header_fields(headers: Mapping[str, Any], cookies: Mapping[str, Any]) -> dict[str, str]:
    """Write header and cookie parameters, and refuse what a header cannot carry."""
    if not headers and not cookies:
        return {}
    from ..settings.checks import check_cookies, check_headers

    fields = check_headers(dict(query_pairs(headers, "header")))
    sent_cookies = check_cookies(dict(query_pairs(cookies, "cookie")))
    if sent_cookies:
        fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in sent_cookies.items())
    return fields
