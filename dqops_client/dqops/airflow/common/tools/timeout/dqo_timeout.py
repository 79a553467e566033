"""The timeout of a job."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from dqops.airflow.common.exceptions.dqops_timeout_exception import DqopsTimeoutException

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["handle_dqo_timeout"]

_logger = logging.getLogger(__name__)


def handle_dqo_timeout(fail_on_timeout: bool, ti: Any, return_value: Mapping[str, Any]) -> None:
    """Raise, or only warn, after a job did not end in time.

    Args:
        fail_on_timeout: Whether to raise.
        ti: The task instance, which gets the return value as an XCom.
        return_value: What is known of the job.

    Raises:
        DqopsTimeoutException: `fail_on_timeout` says so.
    """
    if fail_on_timeout:
        ti.xcom_push("return_value", return_value)
        raise DqopsTimeoutException("DQOps' job has timed out!")
    _logger.warning("DQOps' job has timed out!")
