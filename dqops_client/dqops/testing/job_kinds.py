"""The kinds of jobs, and how each looks in JSON."""

from __future__ import annotations

from .job_records import JobKind

__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "COLLECT_ERROR_SAMPLES_ON_TABLE",
    "COLLECT_STATISTICS",
    "COLLECT_STATISTICS_ON_TABLE",
    "DELETE_STORED_DATA",
    "IMPORT_TABLES",
    "RUN_CHECKS",
    "RUN_CHECKS_ON_TABLE",
    "SYNCHRONIZE_FOLDERS",
]

COLLECT_ERROR_SAMPLES = JobKind(
    "collect_error_samples", "collectErrorSamplesParameters", "error_sampler_result"
)
COLLECT_ERROR_SAMPLES_ON_TABLE = JobKind(
    "collect_error_samples_on_table", "collectErrorSamplesOnTableParameters", "error_sampler_result"
)
COLLECT_STATISTICS = JobKind(
    "collect_statistics", "collectStatisticsParameters", "collect_statistics_result"
)
COLLECT_STATISTICS_ON_TABLE = JobKind(
    "collect_statistics_on_table",
    "collectStatisticsOnTableParameters",
    "collect_statistics_result",
)
DELETE_STORED_DATA = JobKind("delete_stored_data", "deleteStoredDataParameters")
IMPORT_TABLES = JobKind("import_tables", "importTableParameters")
RUN_CHECKS = JobKind("run_checks", "runChecksParameters", "run_checks_result")
RUN_CHECKS_ON_TABLE = JobKind(
    "run_checks_on_table", "runChecksOnTableParameters", "run_checks_result"
)
SYNCHRONIZE_FOLDERS = JobKind(
    "synchronize_multiple_folders", "synchronizeMultipleFoldersParameters"
)
