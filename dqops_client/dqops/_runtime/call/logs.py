"""The records about calls, on the logger `dqops.client`: one for each call, without secrets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..declare.operation import Operation
    from ..transport.failures import TransportFailure

__all__ = ["log_answer", "log_failure", "log_repetition", "logger"]

#: Everything that the client logs: DEBUG for each call, INFO for what is sent again, WARNING for a
#: result that is missing because the server refused.
logger = logging.getLogger("dqops.client")
# As the documentation of `logging` asks of libraries: a program that has not set up logging does
# not get records on its standard error.
logger.addHandler(logging.NullHandler())


def log_answer(
    operation: Operation, request: Mapping[str, Any], status: int, seconds: float, attempts: int
) -> None:
    """Record a call that was answered, whatever the status.

    Args:
        operation: What was called.
        request: The arguments of the request.
        status: The status of the answer.
        seconds: How long the call took, with all attempts and pauses.
        attempts: How many times the request was sent.
    """
    path = operation.show_address(request["url"])
    logger.debug(
        "%s: %s %s answered with %d after %.3f s%s",
        operation.name,
        operation.method,
        path,
        status,
        seconds,
        "" if attempts == 1 else f" and {attempts} attempts",
        extra=_details(operation, path, status=status, seconds=seconds, attempts=attempts),
    )


def log_failure(
    operation: Operation, request: Mapping[str, Any], failure: TransportFailure
) -> None:
    """Record a call that got no answer.

    Args:
        operation: What was called.
        request: The arguments of the request.
        failure: What the caller gets.
    """
    path = operation.show_address(request["url"])
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


def log_repetition(
    operation: Operation,
    request: Mapping[str, Any],
    *,
    problem: str,
    attempts: int,
    pause: float,
) -> None:
    """Record that a request will be sent again.

    Args:
        operation: What was called.
        request: The arguments of the request.
        problem: A status, or the name of an exception.
        attempts: How many times the request was sent.
        pause: How many seconds will pass before it is sent again.
    """
    path = operation.show_address(request["url"])
    logger.info(
        "%s: %s %s: %s at attempt %d; it is sent again in %.2f s",
        operation.name,
        operation.method,
        path,
        problem,
        attempts,
        pause,
        extra=_details(operation, path, status=None, seconds=None, attempts=attempts),
    )


def _details(operation: Operation, path: str, **further: Any) -> dict[str, Any]:
    """Name what handlers that write structured records can use."""
    details = {"operation": operation.name, "method": operation.method, "path": path, **further}
    return {f"dqops_{name}": value for name, value in details.items()}
