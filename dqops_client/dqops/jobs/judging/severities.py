"""The order of severities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._runtime.suggestions import did_you_mean
from ...client.errors import InvalidRequest

if TYPE_CHECKING:
    from ...client.models import RuleSeverityLevel

__all__ = ["COUNTS", "SEVERITIES", "as_severity", "check_severity", "fails_from", "rank"]

#: From harmless to bad.
SEVERITIES = ("valid", "warning", "error", "fatal")
#: The properties that count them, in a status and in the summary of a run.
COUNTS = ("valid_results", "warnings", "errors", "fatals")

_RANKS = {name: number for number, name in enumerate(SEVERITIES)}


def rank(severity: str | None) -> int:
    """Tell how bad a severity is.

    Args:
        severity: Its name; None for no severity.

    Returns:
        A number that grows from `valid` (0) on; -1 for none. A severity that only a newer server
        knows counts as the worst.
    """
    return -1 if severity is None else _RANKS.get(severity, len(_RANKS))


def as_severity(text: str) -> RuleSeverityLevel:
    """Give a severity as the member of the enumeration that it is.

    Args:
        text: Its name; one that only a newer server knows is kept.

    Returns:
        The member, which also is a string.
    """
    from ...client.models import RuleSeverityLevel

    return RuleSeverityLevel.decode(text)


def check_severity(at_least: str) -> RuleSeverityLevel:
    """Refuse what cannot be the limit of a gate.

    Args:
        at_least: The lowest severity that is too bad.

    Returns:
        The same as a member of the enumeration.

    Raises:
        InvalidRequest: There is no such severity.
    """
    if at_least not in tuple(_RANKS):  # also where it has no hash
        hint = did_you_mean(at_least, SEVERITIES)
        raise InvalidRequest(
            f"at_least must be one of {', '.join(SEVERITIES)}, got {at_least!r}; nothing was "
            f"sent{hint}"
        )
    return as_severity(str(at_least))


def fails_from(at_least: str) -> str:
    """Say which severities fail a gate, for messages.

    Args:
        at_least: The lowest severity that is too bad.

    Returns:
        For example `error or worse fails`.
    """
    worse = "" if at_least == SEVERITIES[-1] else " or worse"
    return f"{at_least}{worse} fails"
