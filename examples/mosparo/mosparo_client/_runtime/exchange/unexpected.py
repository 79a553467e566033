# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What is told of a status that is no result."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..._identity import NAME
from ..declare.bodies import TextBody
from ..errors import DecodeError
from ..public import doubled_segment, excerpt
from ..settings.redaction import account_secrets
from ..settings.shown import credential_names, secret_parts, shown_url
from ..statuses import BadRequest, NotFound, OperationNotSupported, kind_of_status
from .bodies import Received, body_of_type, is_unwanted_page, read_body
from .path import query_pairs
from .styles import styled

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..declare.messages import Arguments, RawResponse
    from ..declare.operation import Operation
    from ..settings.config import Config
    from ..statuses import UnexpectedStatus
    from .server_versions import Span

__all__ = ["unexpected_status"]

# How many arguments a message shows, and what it shows without quotes.
_MOST_SHOWN = 12
_PLAIN = re.compile(r"[\w.:+*-]{1,60}")


def unexpected_status(
    operation: Operation,
    config: Config,
    response: RawResponse,
    arguments: Arguments | None = None,
) -> UnexpectedStatus:
    """Make the error of a status that is no result."""
    redactor = config.redactor_of(response, secret_parts(operation, response.url))
    content = redactor.in_content(response.content)
    parsed = _read_error(operation, response, content)
    kind: Callable[..., UnexpectedStatus] = kind_of_status(response.status_code)
    doubled = _doubled_path(operation, config) if kind is NotFound else None
    if kind is NotFound and doubled is None and _is_of_router(parsed):
        since, until = _versions_of(operation)
        newer = operation.replaced_by
        kind = partial(OperationNotSupported, since=since, until=until, replaced_by=newer)
    advice = doubled or _advice_of(operation, response.status_code) or _advice(config, response)
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


def _doubled_path(operation: Operation, config: Config) -> str | None:
    """Say that the URL ends in what the paths of operations begin with, if it does."""
    segment = doubled_segment(urlsplit(config.base_url).path, operation.path)
    if not segment:
        return None
    return f"Leave '/{segment}' out of base_url: the paths of operations begin with it."


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
    how = config.how_to_authenticate or (
        "pass one, as in AuthenticatedClient(base_url, token=...), or set "
        f"{NAME.upper()}_API_KEY and use AuthenticatedClient.from_env()."
    )
    return f"No API key was sent: {how}"


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
        if is_unwanted_page(body, response.headers, content):
            return None
        return read_body(body, Received(content, "utf-8", response.headers), operation.models)
    except DecodeError:
        # A proxy's page, or an error of another kind: the exception carries the content.
        return None
