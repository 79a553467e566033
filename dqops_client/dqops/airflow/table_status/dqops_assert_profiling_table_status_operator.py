"""Judges the profiling checks of a table without running anything."""

from __future__ import annotations

from typing import Any

from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)

__all__ = ["DqopsAssertProfilingTableStatusOperator"]

_TYPES = {"profiling": True, "monitoring": False, "partitioned": False}


class DqopsAssertProfilingTableStatusOperator(DqopsAssertTableStatusOperator):
    """As `DqopsAssertTableStatusOperator`, for profiling checks.

    Args:
        **kwargs: Those of `DqopsAssertTableStatusOperator`, but for the types of checks.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, **_TYPES})
