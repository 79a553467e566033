"""All that `dqops.jobs` has, with asynchronous calls: `from dqops.jobs import aio`."""

from __future__ import annotations

from .asynchronous import (
    attach,
    changes,
    collect_error_samples,
    collect_statistics_on_data_groups,
    collect_statistics_on_table,
    delete_stored_data,
    import_tables,
    list_jobs,
    run,
    run_checks,
    submit,
    synchronize_folders,
)
from .asynchronous_gates import failures, gate, judge, raise_for_severity
from .asynchronous_many import AsyncAsCompleted, as_completed, run_many
from .errors import (
    ChecksNotExecuted,
    ClocksDiffer,
    JobAlreadyExists,
    JobCancelled,
    JobError,
    JobFailed,
    JobForgotten,
    JobNotConfirmed,
    JobsInterrupted,
    JobTimeout,
    JobUnreachable,
    NothingEvaluated,
    NothingSelected,
    NotInThisRun,
    QualityGateFailed,
    ResultsTooOld,
)
from .handles import AsyncJobHandle, JobHandle
from .heartbeat import Heartbeat
from .history import JobRecord
from .judging.criteria import Criteria
from .judging.failures import Failure, Failures
from .judging.records import CheckVerdict, FailedResult, Problem, TableVerdict, Threshold
from .kinds import (
    COLLECT_ERROR_SAMPLES,
    COLLECT_STATISTICS_ON_DATA_GROUPS,
    COLLECT_STATISTICS_ON_TABLE,
    DELETE_STORED_DATA,
    IMPORT_TABLES,
    RUN_CHECKS,
    SYNCHRONIZE_FOLDERS,
    JobKind,
    JobRequest,
)
from .many import AsCompleted
from .progress import JobProgress
from .results import Outcome, Verdict
from .timing import Timing
from .watching import AsyncWatcher

__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "COLLECT_STATISTICS_ON_DATA_GROUPS",
    "COLLECT_STATISTICS_ON_TABLE",
    "DELETE_STORED_DATA",
    "IMPORT_TABLES",
    "RUN_CHECKS",
    "SYNCHRONIZE_FOLDERS",
    "AsCompleted",
    "AsyncAsCompleted",
    "AsyncJobHandle",
    "AsyncWatcher",
    "CheckVerdict",
    "ChecksNotExecuted",
    "ClocksDiffer",
    "Criteria",
    "FailedResult",
    "Failure",
    "Failures",
    "Heartbeat",
    "JobAlreadyExists",
    "JobCancelled",
    "JobError",
    "JobFailed",
    "JobForgotten",
    "JobHandle",
    "JobKind",
    "JobNotConfirmed",
    "JobProgress",
    "JobRecord",
    "JobRequest",
    "JobTimeout",
    "JobUnreachable",
    "JobsInterrupted",
    "NotInThisRun",
    "NothingEvaluated",
    "NothingSelected",
    "Outcome",
    "Problem",
    "QualityGateFailed",
    "ResultsTooOld",
    "TableVerdict",
    "Threshold",
    "Timing",
    "Verdict",
    "as_completed",
    "attach",
    "changes",
    "collect_error_samples",
    "collect_statistics_on_data_groups",
    "collect_statistics_on_table",
    "delete_stored_data",
    "failures",
    "gate",
    "import_tables",
    "judge",
    "list_jobs",
    "raise_for_severity",
    "run",
    "run_checks",
    "run_many",
    "submit",
    "synchronize_folders",
]
