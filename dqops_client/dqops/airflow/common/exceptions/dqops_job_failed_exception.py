"""Jobs that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import AirflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DqopsJobFailedException"]


class DqopsJobFailedException(AirflowException):
    """The job ended with an error, or was cancelled; a retry runs it anew.

    Args:
        ti: The task instance, which gets the return value as an XCom.
        return_value: What is known of the job.
        message: Why it failed.
    """

    def __init__(
        self, ti: Any, return_value: Mapping[str, Any], message: str = "DQOps job has failed!"
    ) -> None:
        super().__init__(message)
        ti.xcom_push("return_value", return_value)
