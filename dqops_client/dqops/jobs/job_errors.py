"""What can become of a job besides its end; `dqops.jobs.errors` has all exceptions."""
# ruff: noqa: N818  # as in `dqops.client.errors`

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .._runtime.public import publish
from ..client.errors import ClientError

if TYPE_CHECKING:
    from .job import Job
    from .timing import Seconds

__all__ = [
    "Handle",
    "JobAlreadyExists",
    "JobCancelled",
    "JobError",
    "JobFailed",
    "JobForgotten",
    "JobNotConfirmed",
    "JobTimeout",
    "JobUnreachable",
]


class Handle(Protocol):
    """What `JobHandle` and `AsyncJobHandle` have; the calls of the latter are awaited."""

    @property
    def business_key(self) -> str:
        """The key by which `attach` finds the job, also in another process."""
        ...

    @property
    def job_id(self) -> int | None:
        """The server's number for the job; None as long as it is not known."""
        ...

    @property
    def attached(self) -> bool:
        """Whether somebody else submitted the job."""
        ...

    @property
    def kind(self) -> str:
        """The kind of the job, such as `run_checks`."""
        ...

    def entry(self, *, timeout: Seconds | None = ...) -> Any:
        """Ask what the server tells about the job."""
        ...

    def status(self, *, timeout: Seconds | None = ...) -> Any:
        """Ask for the status of the job."""
        ...

    def wait(
        self,
        *,
        timeout: Seconds | None = ...,
        on_progress: Any = None,
        cancel_on_interrupt: bool = False,
    ) -> Any:
        """Wait for the end of the job."""
        ...

    def result(self, *, timeout: Seconds | None = ...) -> Any:
        """Wait for the end of the job and give only its result."""
        ...

    def cancel(self, *, timeout: Seconds | None = ...) -> Any:
        """Stop the job, and come back when it has ended."""
        ...


class JobError(ClientError):
    """Base of the exceptions about a job.

    Attributes:
        kind: The kind of the job, such as `run_checks`.
        business_key: The key by which the job can be looked up, also in another process; empty if
            a gate judged without running anything.
        job_id: The server's number for the job; None where it is not known.
        handle: What waits for, looks up or cancels the job; None in an exception that was pickled,
            because the client in it may hold a token.
    """

    def __init__(self, message: str, job: Job | None) -> None:
        super().__init__(message)
        self.kind = "run_checks" if job is None else job.kind.name
        self.business_key = "" if job is None else job.business_key
        self.job_id = None if job is None else job.job_id
        self.handle: Handle | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        restore, arguments, state = super().__reduce__()
        return restore, arguments, {**state, "handle": None}


class JobAlreadyExists(JobError):
    """The server knows a job of this business key already; nothing was sent."""


class JobNotConfirmed(JobError):
    """The submission failed half-way, and neither its success nor its failure could be proved.

    The job may run. Look it up later by its business key before it is submitted again.
    """


class JobForgotten(JobError):
    """The server does not know the job: it was restarted, or its job history is over.

    It is not known whether the job ended, and it is never run again on the quiet.
    """


class JobUnreachable(JobError):
    """The server refuses to tell about the job, for example because the API key was revoked.

    The job goes on.
    """


class JobTimeout(JobError):
    """The time is over. Unless the message says that nothing was sent, the job goes on."""


class JobCancelled(JobError):
    """The job was cancelled before it ended, here or elsewhere."""


class JobFailed(JobError):
    """The job ended with an error.

    Attributes:
        error_message: The server's own words, or an empty string.
    """

    def __init__(self, message: str, job: Job, error_message: str) -> None:
        super().__init__(message, job)
        self.error_message = error_message


publish(
    "jobs",
    (
        JobAlreadyExists,
        JobCancelled,
        JobError,
        JobFailed,
        JobForgotten,
        JobNotConfirmed,
        JobTimeout,
        JobUnreachable,
    ),
    package="dqops",
)
