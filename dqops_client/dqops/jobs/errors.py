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
        +-- QualityGateFailed    the data is not good, or is not known to be
            +-- NothingSelected      the filters select no table, or no check
            +-- NothingEvaluated     no check has a result
            +-- NotInThisRun         the run evaluated nothing
            +-- ChecksNotExecuted    checks failed technically
            +-- ResultsTooOld        results are older than they may be
            +-- ClocksDiffer         results are from the future

`JobsInterrupted` is the KeyboardInterrupt of several jobs, with the outcomes of those that ended.

A submission that the server refuses, or that never reaches it, raises what `dqops.client` raises:
`Unauthorized`, `BadRequest`, `ConnectionFailure` ... No job was started then.
"""
# ruff: noqa: N818  # as in `dqops.client.errors`

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..client.errors import ClientError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .handles import AsyncJobHandle, JobHandle
    from .job import Job
    from .judging.failures import Failures
    from .judging.verdict import Verdict
    from .outcome import Outcome

__all__ = [
    "ChecksNotExecuted",
    "ClocksDiffer",
    "JobAlreadyExists",
    "JobCancelled",
    "JobError",
    "JobFailed",
    "JobForgotten",
    "JobNotConfirmed",
    "JobTimeout",
    "JobUnreachable",
    "JobsInterrupted",
    "NotInThisRun",
    "NothingEvaluated",
    "NothingSelected",
    "QualityGateFailed",
    "ResultsTooOld",
]


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
        error_message: The server's own words, or an empty string.
    """

    def __init__(self, message: str, job: Job, error_message: str) -> None:
        super().__init__(message, job)
        self.error_message = error_message


class JobsInterrupted(KeyboardInterrupt):
    """Ctrl-C while several jobs were under way.

    Attributes:
        outcomes: For each request, in order, the outcome or the exception; None for a job that had
            not ended.
    """

    def __init__(self, outcomes: Sequence[Outcome[Any] | Exception | None]) -> None:
        ended = sum(each is not None for each in outcomes)
        super().__init__(f"{ended} of {len(outcomes)} jobs had ended; .outcomes has what they gave")
        self.outcomes = list(outcomes)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.outcomes,)


class QualityGateFailed(JobError):
    """The data is not good enough, or it is not known to be.

    A subclass says why if no check says that the data is bad.

    Attributes:
        outcome: The whole outcome of the run; None if nothing was run.
        verdict: What is true of the data; None only if it could not be read.
    """

    def __init__(
        self,
        message: str,
        job: Job | None,
        outcome: Outcome[Any] | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        super().__init__(message, job)
        self.outcome = outcome
        self.verdict = verdict

    @property
    def failures(self) -> Failures:
        """What is wrong with the data, a row for each bad result; empty if that is not known."""
        from .judging.failures import Failures

        return Failures() if self.verdict is None else self.verdict.failures


class NothingSelected(QualityGateFailed):
    """The filters select no table, or no check: a name may be mistyped."""


class NothingEvaluated(QualityGateFailed):
    """No check of a table has a result: none was ever run, or none had enough history."""


class NotInThisRun(QualityGateFailed):
    """The run evaluated no check of a table, so that what is known is from before."""


class ChecksNotExecuted(QualityGateFailed):
    """Checks failed technically, as with a database that cannot be reached or a broken rule."""


class ResultsTooOld(QualityGateFailed):
    """Results are older than `max_age`."""


class ClocksDiffer(QualityGateFailed):
    """Results are from the future, so that it cannot be told how old they are."""
