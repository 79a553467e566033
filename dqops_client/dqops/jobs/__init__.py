"""Jobs that a pipeline can be staked on: submitted once, followed to their end, cancelled.

    from dqops import jobs

    outcome = jobs.run_checks(client, CheckSearchFilters(connection="warehouse"), timeout=3600)
    verdict = jobs.gate(client, CheckSearchFilters(connection="warehouse"), at_least="error")
    verdict.raise_if_failed()

`dqops.jobs.aio` has the same functions for asynchronous programs. Everything here is loaded when it
is first named.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

    from . import aio as aio
    from .asynchronous_many import AsyncAsCompleted as AsyncAsCompleted
    from .blocking import attach as attach
    from .blocking import changes as changes
    from .blocking import collect_error_samples as collect_error_samples
    from .blocking import collect_statistics_on_data_groups as collect_statistics_on_data_groups
    from .blocking import collect_statistics_on_table as collect_statistics_on_table
    from .blocking import delete_stored_data as delete_stored_data
    from .blocking import import_tables as import_tables
    from .blocking import list_jobs as list_jobs
    from .blocking import run as run
    from .blocking import run_checks as run_checks
    from .blocking import submit as submit
    from .blocking import synchronize_folders as synchronize_folders
    from .gates import failures as failures
    from .gates import gate as gate
    from .gates import judge as judge
    from .handles import AsyncJobHandle as AsyncJobHandle
    from .handles import JobHandle as JobHandle
    from .heartbeat import Heartbeat as Heartbeat
    from .history import JobRecord as JobRecord
    from .job_errors import JobAlreadyExists as JobAlreadyExists
    from .job_errors import JobCancelled as JobCancelled
    from .job_errors import JobError as JobError
    from .job_errors import JobFailed as JobFailed
    from .job_errors import JobForgotten as JobForgotten
    from .job_errors import JobNotConfirmed as JobNotConfirmed
    from .job_errors import JobTimeout as JobTimeout
    from .job_errors import JobUnreachable as JobUnreachable
    from .judging.criteria import Criteria as Criteria
    from .judging.failures import Failure as Failure
    from .judging.failures import Failures as Failures
    from .judging.records import CheckVerdict as CheckVerdict
    from .judging.records import FailedResult as FailedResult
    from .judging.records import Problem as Problem
    from .judging.records import TableVerdict as TableVerdict
    from .judging.records import Threshold as Threshold
    from .kinds import COLLECT_ERROR_SAMPLES as COLLECT_ERROR_SAMPLES
    from .kinds import COLLECT_STATISTICS_ON_DATA_GROUPS as COLLECT_STATISTICS_ON_DATA_GROUPS
    from .kinds import COLLECT_STATISTICS_ON_TABLE as COLLECT_STATISTICS_ON_TABLE
    from .kinds import DELETE_STORED_DATA as DELETE_STORED_DATA
    from .kinds import IMPORT_TABLES as IMPORT_TABLES
    from .kinds import RUN_CHECKS as RUN_CHECKS
    from .kinds import SYNCHRONIZE_FOLDERS as SYNCHRONIZE_FOLDERS
    from .kinds import JobKind as JobKind
    from .kinds import JobRequest as JobRequest
    from .many import AsCompleted as AsCompleted
    from .many import JobsInterrupted as JobsInterrupted
    from .many import as_completed as as_completed
    from .many import run_many as run_many
    from .progress import JobProgress as JobProgress
    from .results import ChecksNotExecuted as ChecksNotExecuted
    from .results import ClocksDiffer as ClocksDiffer
    from .results import NothingEvaluated as NothingEvaluated
    from .results import NothingSelected as NothingSelected
    from .results import NotInThisRun as NotInThisRun
    from .results import Outcome as Outcome
    from .results import QualityGateFailed as QualityGateFailed
    from .results import ResultsTooOld as ResultsTooOld
    from .results import Verdict as Verdict
    from .timing import Timing as Timing
    from .watching import AsyncWatcher as AsyncWatcher

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
    "aio",
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
    "run",
    "run_checks",
    "run_many",
    "submit",
    "synchronize_folders",
]

_MODULES = {
    "Criteria": "judging.criteria",
    "Failure": "judging.failures",
    "Failures": "judging.failures",
    "failures": "gates",
    "Verdict": "results",
    "Threshold": "judging.records",
    "TableVerdict": "judging.records",
    "Problem": "judging.records",
    "FailedResult": "judging.records",
    "CheckVerdict": "judging.records",
    "judge": "gates",
    "gate": "gates",
    "ResultsTooOld": "results",
    "NotInThisRun": "results",
    "NothingSelected": "results",
    "NothingEvaluated": "results",
    "ClocksDiffer": "results",
    "ChecksNotExecuted": "results",
    "attach": "blocking",
    "changes": "blocking",
    "collect_error_samples": "blocking",
    "collect_statistics_on_data_groups": "blocking",
    "collect_statistics_on_table": "blocking",
    "delete_stored_data": "blocking",
    "import_tables": "blocking",
    "list_jobs": "blocking",
    "run": "blocking",
    "run_checks": "blocking",
    "submit": "blocking",
    "synchronize_folders": "blocking",
    "JobAlreadyExists": "job_errors",
    "JobCancelled": "job_errors",
    "JobError": "job_errors",
    "JobFailed": "job_errors",
    "JobForgotten": "job_errors",
    "JobNotConfirmed": "job_errors",
    "JobTimeout": "job_errors",
    "JobUnreachable": "job_errors",
    "JobsInterrupted": "many",
    "QualityGateFailed": "results",
    "AsyncJobHandle": "handles",
    "JobHandle": "handles",
    "JobRecord": "history",
    "COLLECT_ERROR_SAMPLES": "kinds",
    "COLLECT_STATISTICS_ON_DATA_GROUPS": "kinds",
    "COLLECT_STATISTICS_ON_TABLE": "kinds",
    "DELETE_STORED_DATA": "kinds",
    "IMPORT_TABLES": "kinds",
    "JobKind": "kinds",
    "JobRequest": "kinds",
    "RUN_CHECKS": "kinds",
    "SYNCHRONIZE_FOLDERS": "kinds",
    "AsCompleted": "many",
    "AsyncAsCompleted": "asynchronous_many",
    "as_completed": "many",
    "run_many": "many",
    "Outcome": "results",
    "Heartbeat": "heartbeat",
    "JobProgress": "progress",
    "Timing": "timing",
    "AsyncWatcher": "watching",
}


if not TYPE_CHECKING:
    # Out of sight of type checkers, which would let every misspelt name pass.
    def __getattr__(name: str) -> Any:
        import importlib

        if name in _MODULES:
            found: Any = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
            globals()[name] = found  # the next look-up does not come here
            return found
        if name in {"aio", "display", "errors"}:
            return importlib.import_module(f"{__name__}.{name}")
        from .._runtime.suggestions import no_such_name

        raise no_such_name(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
