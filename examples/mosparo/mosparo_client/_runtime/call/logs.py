# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The log records about calls, one for each call, without secrets."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from ..._identity import NAME, PUBLIC_PACKAGE
from ..errors import ClientWarning
from ..settings.shown import shown_url

if TYPE_CHECKING:
    from typing import Any

    from ..declare.messages import RawResponse, Request
    from ..declare.operation import Operation
    from ..transport.failures import TransportFailure

__all__ = [
    "log_failure",
    "log_response",
    "log_retry",
    "log_unexpected_status",
    "logger",
    "warn_of_none",
]

#: Everything that the client logs: DEBUG for each call, INFO for each retry, WARNING for a result
#: that is missing because of an unexpected status.
logger = logging.getLogger(PUBLIC_PACKAGE)
# As the documentation of `logging` asks of libraries: a program that has not set up logging does
# not get records on its standard error.
logger.addHandler(logging.NullHandler())

_has_warned = False
# From `warn_of_none` up to who called a function: it is called by `_finish`, `call`, `_call`,
# `Operation.result`, the function, and what looks for misspelt keywords.
_CALLER = 8


def log_response(
    operation: Operation, request: Request, status: int, seconds: float, attempts: int
) -> None:
    """Record a call that got a response, whatever the status.

    Args:
        operation: What was called.
        request: The request.
        status: The status of the response.
        seconds: How long the call took, with all attempts and pauses.
        attempts: How many times the request was sent.
    """
    path = shown_url(operation, request.path)
    logger.debug(
        "%s: %s %s: status %d after %.3f s%s",
        operation.name,
        operation.method,
        path,
        status,
        seconds,
        "" if attempts == 1 else f" and {attempts} attempts",
        extra=_details(operation, path, status=status, seconds=seconds, attempts=attempts),
    )


def log_failure(operation: Operation, request: Request, failure: TransportFailure) -> None:
    """Record a call that got no response.

    Args:
        operation: What was called.
        request: The request.
        failure: What the caller gets.
    """
    path = shown_url(operation, request.path)
    logger.debug(
        "%s: %s %s failed with %s after %.3f s%s",
        operation.name,
        operation.method,
        path,
        type(failure).__name__,
        failure.elapsed,
        "" if failure.attempts == 1 else f" and {failure.attempts} attempts",
        extra=_details(
            operation, path, status=None, seconds=failure.elapsed, attempts=failure.attempts
        ),
    )


def log_retry(
    operation: Operation,
    request: Request,
    *,
    problem: str,
    attempts: int,
    pause: float,
) -> None:
    """Record a retry before its pause.

    Args:
        operation: What was called.
        request: The request.
        problem: A status, or the name of an exception.
        attempts: How many times the request was sent.
        pause: How many seconds there are until it is sent again.
    """
    path = shown_url(operation, request.path)
    logger.info(
        "%s: %s %s: %s at attempt %d; retrying in %.2f s",
        operation.name,
        operation.method,
        path,
        problem,
        attempts,
        pause,
        extra=_details(operation, path, status=None, seconds=None, attempts=attempts),
    )


def log_unexpected_status(operation: Operation, response: RawResponse) -> None:
    """Warn that a result is missing because of an unexpected status.

    Args:
        operation: What was called.
        response: The response.
    """
    logger.warning(
        "%s: %s %s: status %d, so the result is None. Create the client with "
        "raise_on_unexpected_status=True to get an exception instead.",
        operation.name,
        operation.method,
        shown_url(operation, response.url),
        response.status_code,
    )


def warn_of_none(operation: Operation, response: RawResponse) -> None:
    """Warn of a None in place of an error, once: most programs have not set up a logger.

    Args:
        operation: What was called.
        response: The response.
    """
    global _has_warned
    if _has_warned:
        return
    _has_warned = True
    warnings.warn(
        f"{operation.name}: status {response.status_code}, so the result is None. Create the "
        "client with raise_on_unexpected_status=True to get an exception instead. "
        "(This warning is shown once; the logger records every such call.)",
        ClientWarning,
        stacklevel=_CALLER,
    )


def _details(operation: Operation, path: str, **further: Any) -> dict[str, Any]:
    """Name what handlers that write structured records can use."""
    details = {"operation": operation.name, "method": operation.method, "path": path, **further}
    return {f"{NAME}_{name}": value for name, value in details.items()}
