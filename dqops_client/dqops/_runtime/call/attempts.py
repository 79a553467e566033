"""The attempts of a call, for all ways of calling: whether to retry, and when; and what is logged.

There is a log record for each call, without secrets.
"""

from __future__ import annotations

import logging
import time
import warnings
from typing import TYPE_CHECKING

from ..._identity import NAME, PUBLIC_PACKAGE
from ..errors import ClientWarning
from ..settings.retries import retry_after
from ..settings.shown import shown_url

if TYPE_CHECKING:
    from typing import Any

    from ..declare.messages import RawResponse, Request
    from ..declare.operation import Operation
    from ..settings.config import Config
    from ..transport.failures import TransportFailure


__all__ = [
    "Attempts",
    "log_failure",
    "log_response",
    "log_retry",
    "log_unexpected_status",
    "logger",
    "warn_of_none",
]

_FIRST_FAILURE = 400  # the lowest status that may be worth another attempt


class Attempts:
    """The attempts of a call, and whether there will be another one.

    Args:
        operation: What is called.
        config: The settings of the client.
        request: The request.

    Attributes:
        end: The deadline of the call by `time.monotonic`; None without one.
    """

    __slots__ = (
        "_attempts",
        "_config",
        "_is_unsent",
        "_operation",
        "_reason",
        "_request",
        "_started",
        "end",
    )

    def __init__(self, operation: Operation, config: Config, request: Request) -> None:
        self._operation = operation
        self._config = config
        self._request = request
        self._started = time.monotonic()
        self._attempts = 0
        self._is_unsent = True
        self._reason = ""
        self.end = None if config.deadline is None else self._started + config.deadline

    def after_failure(self, failure: TransportFailure) -> float | None:
        """Decide what follows an attempt without a response.

        Args:
            failure: What it raised; its message is completed at the end of the call.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        self._is_unsent = self._is_unsent and failure.is_unsent
        pause = None
        if failure.is_transient and (failure.is_unsent or self._operation.is_repeatable):
            pause = self._pause(None)
        if pause is None:
            failure.complete(
                operation=self._operation,
                attempts=self._attempts,
                elapsed=self._elapsed(),
                is_unsent=self._is_unsent,
                reason=self._reason,
            )
            log_failure(self._operation, self._request, failure)
        else:
            self._log_retry(type(failure).__name__, pause)
        return pause

    def after_response(self, response: RawResponse) -> float | None:
        """Decide what follows a response.

        Args:
            response: The response; at the end of the call it is told about the attempts.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        status = response.status_code
        # The call that succeeds at once is what has to be fast.
        if status >= _FIRST_FAILURE or self._attempts > 1:
            self._is_unsent = False
            pause = self._pause_after(response)
            if pause is not None:
                self._log_retry(f"status {status}", pause)
                return pause
            response.attempts = self._attempts
            response.elapsed = self._elapsed()
            response.unrepeated = self._reason
        if logger.isEnabledFor(logging.DEBUG):
            log_response(self._operation, self._request, status, self._elapsed(), self._attempts)
        return None

    def _pause_after(self, response: RawResponse) -> float | None:
        retries = self._config.retries
        status = response.status_code
        if (
            retries is not None
            and status in retries.statuses
            and status not in self._operation.results
            and self._operation.is_repeatable
        ):
            return self._pause(retry_after(response.headers))
        return None

    def _pause(self, asked: float | None) -> float | None:
        """Choose how long to wait; None, with the reason, where no retry is possible."""
        retries = self._config.retries
        if retries is None or self._attempts >= retries.max_attempts:
            return None
        if asked is not None and asked > retries.max_wait:
            self._reason = (
                f"the server asks to wait for {asked:g} s, and max_wait is {retries.max_wait:g} s"
            )
            return None
        pause = retries.pause(self._attempts, asked)
        if self.end is not None and time.monotonic() + pause >= self.end:
            self._reason = f"the deadline of {self._config.deadline:g} s is too near"
            return None
        return pause

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _log_retry(self, problem: str, pause: float) -> None:
        log_retry(
            self._operation, self._request, problem=problem, attempts=self._attempts, pause=pause
        )


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
