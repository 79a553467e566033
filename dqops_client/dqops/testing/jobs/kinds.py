"""The kinds of jobs, and how each looks in JSON."""

from __future__ import annotations

from .records import JobKind

__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "COLLECT_ERROR_SAMPLES_ON_TABLE",
    "COLLECT_STATISTICS",
    "COLLECT_STATISTICS_ON_TABLE",
    "DELETE_STORED_DATA",
    "FOLDERS",
    "IMPORT_TABLES",
    "RUN_CHECKS",
    "RUN_CHECKS_ON_TABLE",
    "SYNCHRONIZE_FOLDERS",
]

_SAMPLES = {"data_scope": "table", "dummy_sensor_execution": False}
#: The folders that can be synchronized, as the parameters of such a job name them.
FOLDERS = (
    "sources",
    "sensors",
    "rules",
    "checks",
    "settings",
    "credentials",
    "dictionaries",
    "patterns",
    "dataSensorReadouts",
    "dataCheckResults",
    "dataStatistics",
    "dataErrors",
    "dataIncidents",
)

COLLECT_ERROR_SAMPLES = JobKind(
    "collect_error_samples", "collectErrorSamplesParameters", "error_sampler_result", _SAMPLES
)
COLLECT_ERROR_SAMPLES_ON_TABLE = JobKind(
    "collect_error_samples_on_table",
    "collectErrorSamplesOnTableParameters",
    "error_sampler_result",
    _SAMPLES,
)
COLLECT_STATISTICS = JobKind(
    "collect_statistics", "collectStatisticsParameters", "collect_statistics_result"
)
COLLECT_STATISTICS_ON_TABLE = JobKind(
    "collect_statistics_on_table",
    "collectStatisticsOnTableParameters",
    "collect_statistics_result",
)
DELETE_STORED_DATA = JobKind(
    "delete_stored_data",
    "deleteStoredDataParameters",
    defaults=dict.fromkeys(
        (
            "deleteErrors",
            "deleteStatistics",
            "deleteCheckResults",
            "deleteSensorReadouts",
            "deleteErrorSamples",
            "deleteIncidents",
            "deleteChecksConfiguration",
        ),
        False,
    ),
)
IMPORT_TABLES = JobKind("import_tables", "importTableParameters")
RUN_CHECKS = JobKind("run_checks", "runChecksParameters", "run_checks_result")
RUN_CHECKS_ON_TABLE = JobKind(
    "run_checks_on_table",
    "runChecksOnTableParameters",
    "run_checks_result",
    {"dummy_execution": False},
)
SYNCHRONIZE_FOLDERS = JobKind(
    "synchronize_multiple_folders",
    "synchronizeMultipleFoldersParameters",
    defaults={
        "direction": "full",
        "forceRefreshNativeTables": False,
        "detectCronSchedules": False,
        **dict.fromkeys(FOLDERS, False),
        "synchronizeFolderWithLocalChanges": False,
    },
)
