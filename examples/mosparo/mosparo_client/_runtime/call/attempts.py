# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Whether a request is retried, and when: without input or output, for all ways of calling."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ..settings.retries import retry_after
from .logs import log_failure, log_response, log_retry, logger

if TYPE_CHECKING:
    from ..declare.messages import RawResponse, Request
    from ..declare.operation import Operation
    from ..settings.config import Config
    from ..transport.failures import TransportFailure

__all__ = ["Attempts"]

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
