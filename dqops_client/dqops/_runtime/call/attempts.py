"""Whether a request is sent again, and when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..exchange.reading import OUTCOME
from ..settings.retries import retry_after
from .logs import log_answer, log_failure, log_repetition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ...client.client import AuthenticatedClient, Client
    from ..declare.operation import Operation
    from ..settings.http import HttpxResponse
    from ..transport.failures import TransportFailure

__all__ = ["Attempts"]


class Attempts:
    """The attempts of a call, and whether there is to be another one.

    Args:
        operation: What is called.
        client: Where and how to send the request.
        request: The arguments of the request.
        started: When the call began, by `time.monotonic`; None for now.

    Attributes:
        request: The arguments of the request, with what the client says about each.
        end: When the time of the call is over, by `time.monotonic`; None for never.
    """

    __slots__ = (
        "_attempts",
        "_client",
        "_is_unsent",
        "_operation",
        "_reason",
        "_started",
        "end",
        "request",
    )

    def __init__(
        self,
        operation: Operation,
        client: AuthenticatedClient | Client,
        request: Mapping[str, Any],
        started: float | None = None,
    ) -> None:
        self._operation = operation
        self._client = client
        self._started = time.monotonic() if started is None else started
        self._attempts = 0
        self._is_unsent = True
        self._reason = ""
        self.request = client._with_options(request)
        self.end = None if client._deadline is None else self._started + client._deadline

    def pause_after_failure(self, failure: TransportFailure) -> float | None:
        """Decide what follows on an attempt without an answer.

        Args:
            failure: What it raised; if nothing follows, it is completed.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        self._is_unsent = self._is_unsent and failure.is_unsent
        pause = None
        if failure.is_passing and (failure.is_unsent or self._operation.is_repeatable):
            pause = self._pause(None)
        if pause is None:
            failure.complete(
                url=self._operation.show_address(failure.url),
                attempts=self._attempts,
                elapsed=self._elapsed(),
                is_unsent=self._is_unsent,
                reason=self._reason,
            )
            log_failure(self._operation, self.request, failure)
        else:
            self._log_repetition(type(failure).__name__, pause)
        return pause

    def pause_after_answer(self, response: HttpxResponse) -> float | None:
        """Decide what follows on an answer.

        Args:
            response: The answer; if nothing follows, it gets to know about the attempts.

        Returns:
            How many seconds to wait before the next attempt; None for the end of the call.
        """
        self._attempts += 1
        self._is_unsent = False
        pause = None
        status = response.status_code
        retries = self._client._retries
        if (
            retries is not None
            and status in retries.statuses
            and status not in self._operation.results
            and self._operation.is_repeatable
        ):
            pause = self._pause(retry_after(response.headers))
        if pause is None:
            elapsed = self._elapsed()
            response.extensions[OUTCOME] = {
                "attempts": self._attempts,
                "elapsed": elapsed,
                "unrepeated": self._reason,
            }
            log_answer(self._operation, self.request, status, elapsed, self._attempts)
        else:
            self._log_repetition(f"status {status}", pause)
        return pause

    def _pause(self, asked: float | None) -> float | None:
        """Choose how long to wait; None, with the reason, if there can be no further attempt."""
        retries = self._client._retries
        if retries is None or self._attempts >= retries.max_attempts:
            return None
        if asked is not None and asked > retries.max_wait:
            self._reason = (
                f"the server asks to wait for {asked:g} s, and max_wait is {retries.max_wait:g} s"
            )
            return None
        pause = retries.pause(self._attempts, asked)
        if self.end is not None and time.monotonic() + pause >= self.end:
            self._reason = f"the deadline of {self._client._deadline:g} s is too near"
            return None
        return pause

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _log_repetition(self, problem: str, pause: float) -> None:
        log_repetition(
            self._operation, self.request, problem=problem, attempts=self._attempts, pause=pause
        )
