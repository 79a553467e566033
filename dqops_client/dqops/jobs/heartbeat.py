"""Who hears that a run began and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .._runtime.public import publish

if TYPE_CHECKING:
    from .results import Outcome

__all__ = ["Heartbeat"]


class Heartbeat(Protocol):
    """Somebody who wants to know that a run began and how it ended, such as a monitoring service.

    With asynchronous calls, what a method returns is awaited if it can be. What `started` and
    `finished` raise goes to the caller, so that a heartbeat may insist; what `failed` raises is
    logged, and the caller gets the job's own error.
    """

    def started(self) -> Any:
        """Hear that a job is about to be submitted."""
        ...

    def finished(self, outcome: Outcome[Any]) -> Any:
        """Hear that a job ended.

        Args:
            outcome: What came out; its severities tell whether that is good news.
        """
        ...

    def failed(self, error: BaseException) -> Any:
        """Hear that there is no outcome.

        Args:
            error: Why: a `ClientError`, KeyboardInterrupt, a task's cancellation, or any other.
        """
        ...


publish("jobs", (Heartbeat,), package="dqops")
