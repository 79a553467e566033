"""Checks of what the constructors of faults are given."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

__all__ = ["before_or_after", "check", "one_of", "pointer", "retry_after_text"]


def check(is_right: bool, message: str) -> None:
    """Refuse an argument that is not right.

    Args:
        is_right: Whether it is.
        message: What would be right.

    Raises:
        ValueError: It is not right.
    """
    if not is_right:
        raise ValueError(message)


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Refuse a word that is none of the possible ones.

    Args:
        name: The argument's name.
        value: The word.
        choices: The possible ones.

    Returns:
        The word.

    Raises:
        ValueError: It is another one.
    """
    check(value in choices, f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def before_or_after(value: str) -> str:
    """Refuse what is no value of the argument `when`.

    Args:
        value: The word.

    Returns:
        The word.

    Raises:
        ValueError: It is another one.
    """
    return one_of("when", value, ("before", "after"))


def pointer(path: str | None) -> str | None:
    """Refuse what is no JSON pointer.

    Args:
        path: The pointer, or None.

    Returns:
        The pointer, or None.

    Raises:
        ValueError: It is something else.
    """
    check(
        path is None or path == "" or path.startswith("/"),
        f"path must be a JSON pointer such as '/jobId/jobId', got {path!r}",
    )
    return path


def retry_after_text(value: float | datetime) -> str:
    """Write the value of the header Retry-After.

    Args:
        value: Seconds, or a time; one without a zone is the local time of this machine.

    Returns:
        The seconds, or an HTTP date.

    Raises:
        ValueError: The seconds are negative.
    """
    if isinstance(value, datetime):
        return format_datetime(value.astimezone(UTC), usegmt=True)
    check(0 <= value < float("inf"), f"retry_after must be >= 0, got {value!r}")
    return f"{value:g}" if value % 1 else str(int(value))
