"""What can become of a job besides its end: the exceptions of `dqops.jobs`.

    ClientError                  of `dqops.client.errors`
    +-- JobError
        +-- JobAlreadyExists     the business key is taken; nothing was sent
        +-- JobNotConfirmed      it is not known whether the server took the job on
        +-- JobForgotten         the server does not know the job, or no longer
        +-- JobUnreachable       the server refuses to tell about the job
        +-- JobTimeout           the time is over; the job goes on
        +-- JobCancelled         somebody cancelled the job
        +-- JobFailed            the job ended with an error
        +-- QualityGateFailed    the job ended, and the data is not good enough

A submission that the server refuses, or that never reaches it, raises what `dqops.client` raises:
`Unauthorized`, `BadRequest`, `ConnectionFailure` ... No job was started then.
"""
# ruff: noqa: N818  # as in `dqops.client.errors`

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..client.errors import ClientError

if TYPE_CHECKING:
    from .handles import AsyncJobHandle, JobHandle
    from .job import Job
    from .outcome import Outcome

__all__ = [
    "JobAlreadyExists",
    "JobCancelled",
    "JobError",
    "JobFailed",
    "JobForgotten",
    "JobNotConfirmed",
    "JobTimeout",
    "JobUnreachable",
    "QualityGateFailed",
]


class JobError(ClientError):
    """Base of the exceptions about a job.

    Attributes:
        kind: The kind of the job, such as `run_checks`.
        business_key: The key by which the job can be looked up, also in another process.
        job_id: The server's number for the job; None where it is not known.
        handle: What waits for, looks up or cancels the job; None in an exception that was pickled,
            because the client in it may hold a token.
    """

    def __init__(self, message: str, job: Job) -> None:
        super().__init__(message)
        self.kind = job.kind.name
        self.business_key = job.business_key
        self.job_id = job.job_id
        self.handle: JobHandle[Any] | AsyncJobHandle[Any] | None = None

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
        error_message: The server's own words, or an empty text.
    """

    def __init__(self, message: str, job: Job, error_message: str) -> None:
        super().__init__(message, job)
        self.error_message = error_message


class QualityGateFailed(JobError):
    """Checks found that the data is not good enough.

    Attributes:
        outcome: The whole outcome of the job.
    """

    def __init__(self, message: str, job: Job, outcome: Outcome[Any]) -> None:
        super().__init__(message, job)
        self.outcome = outcome
