"""Buttons that lead from a task to DQOps."""

from __future__ import annotations

from typing import Any

from airflow.providers.common.compat.sdk import BaseOperatorLink, XCom

__all__ = ["DqopsJobLink", "DqopsTableLink"]


class _DqopsLink(BaseOperatorLink):
    key = ""

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002
        """Look the URL up that the task has told.

        Args:
            operator: The operator.
            ti_key: The task instance.

        Returns:
            The URL; empty before the task has told it.
        """
        told = XCom.get_value(key="dqops_job", ti_key=ti_key) or {}
        return told.get(self.key) or ""


class DqopsTableLink(_DqopsLink):
    """Leads to the checks of the table in DQOps."""

    name = "Table in DQOps"
    key = "table_link"


class DqopsJobLink(_DqopsLink):
    """Leads to what DQOps tells about the job."""

    name = "Job in DQOps"
    key = "job_link"
