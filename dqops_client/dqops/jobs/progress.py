"""How callers hear of a job while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .._runtime.public import publish
from ..client.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from ..client.models import DqoJobStatus

    ProgressCallback: TypeAlias = Callable[["JobProgress"], object]
    AsyncProgressCallback: TypeAlias = Callable[["JobProgress"], Awaitable[object] | object]

__all__ = ["JobProgress", "check_callback"]

#: `submitting`: about to be sent. `confirming`: sending failed half-way, and the job is looked up.
#: `following`: the server has it. `ended`: it has ended. `judging`: a gate reads what is true now.
Phase = Literal["submitting", "confirming", "following", "ended", "judging"]


@dataclass(frozen=True)
class JobProgress:
    """How a job is doing.

    Attributes:
        kind: The kind of the job, such as `run_checks`.
        business_key: Its business key.
        job_id: The server's number for it; None as long as it is not known.
        phase: `submitting`, `confirming` (sending failed half-way, and the job is looked up),
            `following`, `ended`, or `judging` (a gate reads the status of the tables).
        status: What the server last said; None before it said anything.
        elapsed: Seconds since the call began.
        problem: What went wrong with the last request, which is tried again; None if it went well.
        judged: How many tables a gate has judged; None in other phases.
        tables: How many it will judge; None as long as it is not known.
        label: What the job is about, such as the name of its table; empty if nobody says.
    """

    kind: str
    business_key: str
    job_id: int | None
    phase: Phase
    status: DqoJobStatus | None
    elapsed: float
    problem: str | None
    judged: int | None = None
    tables: int | None = None
    label: str = ""

    @property
    def name(self) -> str:
        """The job for people: its kind, and its label or else its number."""
        number = "" if self.job_id is None else f" {self.job_id}"
        return f"{self._what} {self.label}" if self.label else f"{self._what}{number}"

    @property
    def _what(self) -> str:
        has_run = self.phase != "judging" or self.job_id is not None
        return self.kind if has_run else "gate"

    def __str__(self) -> str:
        state = self.phase if self.status is None else str(self.status)
        if self.judged is not None:
            known = "" if self.tables is None else f" of {self.tables}"
            state = f"{state}, {self.judged}{known} tables"
        problem = "" if self.problem is None else f"; trying again: {self.problem}"
        number = "" if self.job_id is None else f" {self.job_id}"
        job = f"{self._what} job{number}" if self._what == self.kind else self._what
        name = f"{self._what} {self.label}" if self.label else job
        return f"{name}: {state}, {self.elapsed:.0f} s{problem}"


def check_callback(on_progress: object) -> None:
    """Refuse what cannot be called with how it goes.

    Args:
        on_progress: What a caller passes; None for nobody.

    Raises:
        InvalidRequest: It cannot be called.
    """
    if on_progress is not None and not callable(on_progress):
        raise InvalidRequest(
            f"on_progress must be a function that takes a JobProgress, got {on_progress!r}"
        )


publish("jobs", (JobProgress,), package="dqops")
