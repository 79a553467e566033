"""Severities as numbers. Those of this client also compare by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dqops.client.errors import InvalidRequest

if TYPE_CHECKING:
    from dqops.client.models import CheckResultStatus, RuleSeverityLevel

__all__ = ["get_severity_value_from_check_result", "get_severity_value_from_rule_severity"]

_NUMBERS = {"valid": 0, "warning": 1, "error": 2, "fatal": 3}


def get_severity_value_from_rule_severity(rule_severity: RuleSeverityLevel | str) -> int:
    """Turn a severity into a number.

    Args:
        rule_severity: The severity.

    Returns:
        0 for valid to 3 for fatal.

    Raises:
        InvalidRequest: There is no such severity.
    """
    return _number(rule_severity, _NUMBERS)


def get_severity_value_from_check_result(
    check_result_status: CheckResultStatus | str | None,
) -> int:
    """Turn the status of a check's result into a number.

    Args:
        check_result_status: The status; None for no result.

    Returns:
        0 for valid to 3 for fatal, and 4 for a check that failed technically.

    Raises:
        InvalidRequest: There is no such status.
    """
    if check_result_status is None:
        return 0
    return _number(check_result_status, {**_NUMBERS, "execution_error": 4})


def _number(told: object, numbers: dict[str, int]) -> int:
    found = numbers.get(str(told))
    if found is None:
        raise InvalidRequest(f"expected one of {', '.join(numbers)}, got {str(told)!r}")
    return found
