"""Bad data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DqopsDataQualityIssueDetectedException", "DqopsGateFailedException"]


class DqopsDataQualityIssueDetectedException(AirflowException):
    """The data is not good, or is not known to be.

    Args:
        ti: The task instance, which gets the return value as an XCom.
        return_value: What the task would have returned.
        message: Which checks failed, and why.
    """

    def __init__(
        self,
        ti: Any,
        return_value: Mapping[str, Any],
        message: str = "DQOps has detected a data quality issue!",
    ) -> None:
        super().__init__(message)
        self.return_value = return_value
        ti.xcom_push("return_value", return_value)


class DqopsGateFailedException(DqopsDataQualityIssueDetectedException, AirflowFailException):
    """The same, not to be retried: data does not get better by running the task again."""
