"""Who hears that a run began and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .._runtime.public import publish
from ..client.errors import InvalidRequest

if TYPE_CHECKING:
    from .results import Outcome

__all__ = ["Heartbeat", "check_heartbeat"]


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


def check_heartbeat(heartbeat: object) -> None:
    """Refuse what does not have the methods of a heartbeat.

    Args:
        heartbeat: What a caller passes; None for nobody.

    Raises:
        InvalidRequest: A method is missing.
    """
    if heartbeat is None:
        return
    for name in ("started", "finished", "failed"):
        if not callable(getattr(heartbeat, name, None)):
            raise InvalidRequest(
                f"heartbeat must be an object with the methods started(), finished(outcome) and "
                f"failed(error), got {type(heartbeat).__name__} without {name}"
            )


publish("jobs", (Heartbeat,), package="dqops")
