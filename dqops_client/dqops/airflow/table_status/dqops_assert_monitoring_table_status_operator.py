"""Judges the monitoring checks of a table without running anything."""

from __future__ import annotations

from typing import Any

from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)

__all__ = ["DqopsAssertMonitoringTableStatusOperator"]

_TYPES = {"profiling": False, "monitoring": True, "partitioned": False}


class DqopsAssertMonitoringTableStatusOperator(DqopsAssertTableStatusOperator):
    """As `DqopsAssertTableStatusOperator`, for monitoring checks.

    Args:
        **kwargs: Those of `DqopsAssertTableStatusOperator`, but for the types of checks.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, **_TYPES})
