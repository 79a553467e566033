"""Runs monitoring checks, then judges what is true of the data."""

from __future__ import annotations

from typing import Any

from dqops.airflow.run_checks.dqops_run_checks_operator import DqopsRunChecksOperator

__all__ = ["DqopsRunMonitoringChecksOperator"]


class DqopsRunMonitoringChecksOperator(DqopsRunChecksOperator):
    """As `DqopsRunChecksOperator`, for monitoring checks.

    Args:
        **kwargs: Those of `DqopsRunChecksOperator` but for `check_type`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "check_type": "monitoring"})
