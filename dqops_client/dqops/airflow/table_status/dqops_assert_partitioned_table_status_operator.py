"""Judges the partitioned checks of a table without running anything."""

from __future__ import annotations

from typing import Any

from dqops.airflow.table_status.dqops_assert_table_status_operator import (
    DqopsAssertTableStatusOperator,
)

__all__ = ["DqopsAssertPartitionedTableStatusOperator"]

_TYPES = {"profiling": False, "monitoring": False, "partitioned": True}


class DqopsAssertPartitionedTableStatusOperator(DqopsAssertTableStatusOperator):
    """As `DqopsAssertTableStatusOperator`, for partitioned checks.

    Args:
        **kwargs: Those of `DqopsAssertTableStatusOperator`, but for the types of checks.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, **_TYPES})
