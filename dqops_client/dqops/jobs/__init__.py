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
    from .errors import ChecksNotExecuted as ChecksNotExecuted
    from .errors import ClocksDiffer as ClocksDiffer
    from .errors import JobAlreadyExists as JobAlreadyExists
    from .errors import JobCancelled as JobCancelled
    from .errors import JobError as JobError
    from .errors import JobFailed as JobFailed
    from .errors import JobForgotten as JobForgotten
    from .errors import JobNotConfirmed as JobNotConfirmed
    from .errors import JobsInterrupted as JobsInterrupted
    from .errors import JobTimeout as JobTimeout
    from .errors import JobUnreachable as JobUnreachable
    from .errors import NothingEvaluated as NothingEvaluated
    from .errors import NothingSelected as NothingSelected
    from .errors import NotInThisRun as NotInThisRun
    from .errors import QualityGateFailed as QualityGateFailed
    from .errors import ResultsTooOld as ResultsTooOld
    from .handles import AsyncJobHandle as AsyncJobHandle
    from .handles import JobHandle as JobHandle
    from .history import JobRecord as JobRecord
    from .judging.blocking import failures as failures
    from .judging.blocking import gate as gate
    from .judging.blocking import judge as judge
    from .judging.criteria import Criteria as Criteria
    from .judging.failures import Failure as Failure
    from .judging.failures import Failures as Failures
    from .judging.verdict import CheckVerdict as CheckVerdict
    from .judging.verdict import FailedResult as FailedResult
    from .judging.verdict import Problem as Problem
    from .judging.verdict import TableVerdict as TableVerdict
    from .judging.verdict import Threshold as Threshold
    from .judging.verdict import Verdict as Verdict
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
    from .many import as_completed as as_completed
    from .many import run_many as run_many
    from .outcome import Outcome as Outcome
    from .progress import Heartbeat as Heartbeat
    from .progress import JobProgress as JobProgress
    from .tasks import AsyncAsCompleted as AsyncAsCompleted
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
    "failures": "judging.blocking",
    "Verdict": "judging.verdict",
    "Threshold": "judging.verdict",
    "TableVerdict": "judging.verdict",
    "Problem": "judging.verdict",
    "FailedResult": "judging.verdict",
    "CheckVerdict": "judging.verdict",
    "judge": "judging.blocking",
    "gate": "judging.blocking",
    "ResultsTooOld": "errors",
    "NotInThisRun": "errors",
    "NothingSelected": "errors",
    "NothingEvaluated": "errors",
    "ClocksDiffer": "errors",
    "ChecksNotExecuted": "errors",
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
    "JobAlreadyExists": "errors",
    "JobCancelled": "errors",
    "JobError": "errors",
    "JobFailed": "errors",
    "JobForgotten": "errors",
    "JobNotConfirmed": "errors",
    "JobTimeout": "errors",
    "JobUnreachable": "errors",
    "JobsInterrupted": "errors",
    "QualityGateFailed": "errors",
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
    "AsyncAsCompleted": "tasks",
    "as_completed": "many",
    "run_many": "many",
    "Outcome": "outcome",
    "Heartbeat": "progress",
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
