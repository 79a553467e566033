"""Checks of what the constructors of faults are given."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["before_or_after", "check", "number", "one_of", "pointer", "retry_after_text", "status"]


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


def number(name: str, value: Any, wanted: str, is_right: Callable[[Any], bool]) -> None:
    """Refuse a number that is out of range, and what is no number.

    Args:
        name: The argument's name.
        value: The number.
        wanted: What would be right, such as `>= 0`.
        is_right: Tells whether a number is right.

    Raises:
        ValueError: It is not right.
    """
    try:
        right = not isinstance(value, bool) and bool(is_right(value))
    except (TypeError, ValueError):
        right = False
    check(right, f"{name} must be {wanted}, got {value!r}")


def status(value: int, least: int = 200, most: int = 599) -> int:
    """Refuse what is no status of a response.

    Args:
        value: The status.
        least: The lowest one.
        most: The highest one.

    Returns:
        The status.

    Raises:
        ValueError: It is something else.
    """
    wanted = f"an integer from {least} to {most}"
    number("status", value, wanted, lambda each: isinstance(each, int) and least <= each <= most)
    return value


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
        path is None or path == "" or (isinstance(path, str) and path.startswith("/")),
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
    wanted = "a number of seconds >= 0, or a datetime"
    number("retry_after", value, wanted, lambda each: 0 <= each < float("inf"))
    return f"{value:g}" if value % 1 else str(int(value))
