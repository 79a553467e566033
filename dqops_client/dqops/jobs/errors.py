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
            +-- NothingSelected      the filters select no table, or no active check
            +-- NothingEvaluated     no check has a result
            +-- NotInThisRun         the run evaluated nothing
            +-- ChecksNotExecuted    checks failed technically
            +-- ResultsTooOld        results are older than they may be
            +-- ClocksDiffer         results are from the future

`JobsInterrupted` is the KeyboardInterrupt of several jobs, with the outcomes of those that ended.

A submission that the server refuses, or that never reaches it, raises what `dqops.client` raises:
`Unauthorized`, `BadRequest`, `ConnectionFailure` ... No job was started then.
"""

from __future__ import annotations

from .job_errors import (
    JobAlreadyExists,
    JobCancelled,
    JobError,
    JobFailed,
    JobForgotten,
    JobNotConfirmed,
    JobTimeout,
    JobUnreachable,
)
from .many import JobsInterrupted
from .results import (
    ChecksNotExecuted,
    ClocksDiffer,
    NothingEvaluated,
    NothingSelected,
    NotInThisRun,
    QualityGateFailed,
    ResultsTooOld,
)

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
