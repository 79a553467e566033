"""What verdicts say, in a line for each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import many

if TYPE_CHECKING:
    from ..jobs import Failure, Verdict

__all__ = ["expected", "summary"]


def summary(verdict: Verdict) -> str:
    """Say in a line or a few what a verdict says.

    Args:
        verdict: The verdict.

    Returns:
        The string.
    """
    from ..jobs.results import asides

    judged = [table for table in verdict.tables if table.skipped is None]
    checks = many(sum(len(table.checks) for table in judged), "check")
    word = "passed" if verdict.passed else "failed" if verdict.failed_checks else "not known"
    failed = len(verdict.failed_checks)
    tables = many(len(judged), "table")
    line = f"{word}: {checks} of {tables} judged, {failed} at {verdict.at_least}"
    line += " or worse"
    technical = sum(failure.error_message is not None for failure in verdict.failures)
    if technical:
        line += f", {technical} failed technically"
    # What failed technically is among the rows.
    problems = verdict.failures.problems
    return "\n".join(
        [
            line,
            *(f"{problem.kind.replace('_', ' ')}: {problem}" for problem in problems),
            *asides(verdict),
        ]
    )


def expected(failure: Failure) -> str:
    """Say what a check wanted.

    Args:
        failure: What is wrong.

    Returns:
        The bounds, or the message of a check that failed technically.
    """
    if failure.error_message:
        return failure.error_message
    bounds = []
    if failure.lower_bound is not None:
        bounds.append(f">= {failure.lower_bound:g}")
    if failure.upper_bound is not None:
        bounds.append(f"<= {failure.upper_bound:g}")
    if not bounds and failure.expected_value is not None:
        bounds.append(f"{failure.expected_value:g}")
    return " and ".join(bounds)
