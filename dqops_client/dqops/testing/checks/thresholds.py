"""What rules say about measured values, as far as their parameters alone tell it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..documents import Document

__all__ = [
    "bounds_of",
    "expected_value",
    "failing_value",
    "history_needed",
    "passing_value",
    "severity_of",
]

_NAMES = ("warning", "error", "fatal")
# Rules that compare a value with earlier ones have parameters that are no limits of the value.
_COMPARES = re.compile(r"_(anomaly|changed?)(_|$)")
_ENOUGH_FOR_ANOMALIES = 30
_ENOUGH_FOR_CHANGES = 1
#: What a table or column has of anything, if nobody says it.
_MUCH = 1000.0

_Limits = tuple[float | None, float | None]


def severity_of(check_name: str, spec: Document, value: float | None) -> int | None:
    """Compare a value with the limits of a check's rules.

    Args:
        check_name: The check's name.
        spec: How it is configured.
        value: What its sensor has measured.

    Returns:
        The severity from 0 to 3; None if the parameters of the rules do not tell it.
    """
    severity = 0
    for number, name in enumerate(_NAMES, 1):
        if spec.get(name) is None:
            continue
        limits = _limits(check_name, spec[name])
        if limits is None or value is None:
            return None
        if not _is_within(limits, value):
            severity = number
    return severity


def bounds_of(check_name: str, spec: Document) -> dict[str, float]:
    """Give the limits of a check's rules as results show them.

    Args:
        check_name: The check's name.
        spec: How it is configured.

    Returns:
        The limits by the names of the API, such as `errorLowerBound`.
    """
    bounds: dict[str, float] = {}
    for name in _NAMES:
        limits = None if spec.get(name) is None else _limits(check_name, spec[name])
        for side, limit in zip(("Lower", "Upper"), limits or (), strict=False):
            if limit is not None:
                bounds[f"{name}{side}Bound"] = limit
    return bounds


def expected_value(check_name: str, spec: Document) -> float | None:
    """Tell what the rules of a check expect, as results show it.

    Args:
        check_name: The check's name.
        spec: How it is configured.

    Returns:
        The limit of the mildest rule; None for rules with two limits, or without any.
    """
    for name in _NAMES:
        limits = None if spec.get(name) is None else _limits(check_name, spec[name])
        if limits is not None:
            lower, upper = limits
            if lower is None or upper is None or lower == upper:
                return upper if lower is None else lower
    return None


def passing_value(check_name: str, spec: Document, category: str) -> float | None:
    """Find a value that passes all rules of a check.

    Args:
        check_name: The check's name.
        spec: How it is configured.
        category: Its category.

    Returns:
        The value; a plausible one if the rules allow many.
    """
    limits = [_limits(check_name, spec[name]) for name in _NAMES if spec.get(name) is not None]
    lower = max((low for low, _ in filter(None, limits) if low is not None), default=None)
    upper = min((high for _, high in filter(None, limits) if high is not None), default=None)
    if "percent" in check_name:
        usual = 100.0 if lower is not None else 0.0
    elif category == "availability" or upper is not None:
        usual = 0.0
    else:
        usual = _MUCH
    if lower is not None:
        usual = max(usual, lower)
    return usual if upper is None else min(usual, upper)


def failing_value(check_name: str, spec: Document, severity: int) -> float | None:
    """Find a value for which the rules of a check give a severity.

    Args:
        check_name: The check's name.
        spec: How it is configured.
        severity: The severity from 1 to 3.

    Returns:
        The value; None if the parameters of the rules do not tell it.
    """
    rule = spec.get(_NAMES[severity - 1])
    limits = None if rule is None else _limits(check_name, rule)
    if limits is None:
        return None
    lower, upper = limits
    candidates = (
        None if lower is None else lower - 1,
        None if upper is None else upper + 1,
        # Between two limits that are close to each other.
        None if lower is None else lower - 0.01,
        None if upper is None else upper + 0.01,
    )
    for value in candidates:
        if value is not None and severity_of(check_name, spec, value) == severity:
            return value
    return None


def history_needed(check_name: str) -> int:
    """Tell how many earlier readouts a check needs before its rules say anything.

    Args:
        check_name: Its name.

    Returns:
        Their number.
    """
    if "_anomaly" in check_name:
        return _ENOUGH_FOR_ANOMALIES
    return _ENOUGH_FOR_CHANGES if re.search(r"_change(_|$)", check_name) else 0


def _limits(check_name: str, rule: Mapping[str, Any]) -> _Limits | None:
    """Read the lower and the upper limit off a rule; None if it has none."""
    if _COMPARES.search(check_name):
        return None
    lower: float | None = None
    upper: float | None = None
    for name, value in rule.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if name.startswith("min_") or name in ("from", "expected_value"):
            lower = float(value)
        if (name.startswith("max_") and "diff" not in name) or name in ("to", "expected_value"):
            upper = float(value)
    return None if lower is None and upper is None else (lower, upper)


def _is_within(limits: _Limits, value: float) -> bool:
    lower, upper = limits
    return (lower is None or value >= lower) and (upper is None or value <= upper)
