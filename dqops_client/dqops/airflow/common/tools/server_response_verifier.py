"""Checks of responses as the official operators make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dqops.airflow.common.exceptions.dqops_empty_response_exception import (
    DqopsEmptyResponseException,
)
from dqops.airflow.common.exceptions.dqops_internal_server_error_exception import (
    DqopsInternalServerErrorException,
)

if TYPE_CHECKING:
    from dqops.client.types import Response

__all__ = ["verify_server_response_correctness"]


def verify_server_response_correctness(response: Response[Any]) -> None:
    """Refuse a response of status 500, and one without a body.

    Args:
        response: The response.

    Raises:
        DqopsInternalServerErrorException: Its status is 500.
        DqopsEmptyResponseException: It has no body.
    """
    if response.status_code == 500:
        raise DqopsInternalServerErrorException(response.content.decode(errors="replace")[:500])
    if not response.content:
        raise DqopsEmptyResponseException("DQOps did not return any data!")
