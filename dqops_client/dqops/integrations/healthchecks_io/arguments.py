"""Arguments as the server takes them: ids, slugs, tags, times."""

from __future__ import annotations

import math
import operator
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dqops.client.errors import InvalidRequest
from dqops.client.types import UNSET

from .exceptions import BadAPIRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dqops.client.types import Unset

__all__ = [
    "check_identifier",
    "check_uuid",
    "is_ping_key",
    "moment_to_send",
    "ping_number",
    "ping_slug",
    "run_identifier",
    "seconds_to_send",
    "tags_to_send",
]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UNIQUE_KEY = re.compile(r"[0-9a-f]{40}")
_SLUG = re.compile(r"[a-z0-9_-]+")
_PING_KEY = re.compile(r"[A-Za-z0-9_-]+")


def check_uuid(value: Any, name: str = "uuid") -> str:
    """Make sure that an id is a UUID, because it becomes a part of the path.

    Args:
        value: The id of a check or of a project.
        name: What the argument is called.

    Returns:
        The UUID in lower case, the only one that the server knows.

    Raises:
        BadAPIRequestError: It is not a UUID. The message does not show it: whoever knows the UUID
            of a check can send its pings.
    """
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value.lower()
    raise BadAPIRequestError(f"{name} must be a UUID, got {_described(value)}; nothing was sent")


def check_identifier(value: Any) -> str:
    """Make sure that an id is a UUID or a unique key.

    Args:
        value: The id of a check.

    Returns:
        The id.

    Raises:
        BadAPIRequestError: It is neither.
    """
    if isinstance(value, str) and _UNIQUE_KEY.fullmatch(value):
        return value
    try:
        return check_uuid(value)
    except BadAPIRequestError:
        raise BadAPIRequestError(
            "check_id must be a UUID or a unique key of 40 hexadecimal digits, got "
            f"{_described(value)}; nothing was sent"
        ) from None


def ping_slug(value: Any) -> str:
    """Make sure that a slug is one that a check can have.

    Args:
        value: The slug of a check.

    Returns:
        The slug.

    Raises:
        BadAPIRequestError: It has other characters.
    """
    if isinstance(value, str) and _SLUG.fullmatch(value):
        return value
    raise BadAPIRequestError(
        "slug must consist of the characters a-z, 0-9, '-' and '_', got "
        f"{str(value)[:120]!r}; nothing was sent"
    )


def is_ping_key(value: Any) -> bool:
    """Tell whether a project can have a ping key.

    Args:
        value: The ping key.

    Returns:
        Whether it has the right characters.
    """
    return isinstance(value, str) and _PING_KEY.fullmatch(value) is not None


def run_identifier(value: Any) -> UUID | Unset:
    """Make sure that the id of a run is a UUID with hyphens.

    Args:
        value: The id; None or an empty string for none.

    Returns:
        The argument of the operation.

    Raises:
        BadAPIRequestError: It is not a UUID.
    """
    if value is None or value == "":
        return UNSET
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise BadAPIRequestError(f"run_id must be a UUID, got {str(value)[:120]!r}; nothing was sent")


def ping_number(value: Any) -> int:
    """Make sure that the number of a ping is an integer.

    Args:
        value: The number.

    Returns:
        The number.

    Raises:
        BadAPIRequestError: It is not an integer >= 0.
    """
    if not isinstance(value, bool) and hasattr(value, "__index__"):
        number = operator.index(value)
        if number >= 0:
            return number
    raise BadAPIRequestError(f"number must be an integer >= 0, got {value!r}; nothing was sent")


def tags_to_send(tags: str | Iterable[str] | None) -> list[str] | Unset:
    """Write the tags to look for.

    Args:
        tags: The tags, all of which a check must have; a string has blanks between them.

    Returns:
        The argument of the operation.

    Raises:
        InvalidRequest: They are not strings.
    """
    if tags is None:
        return UNSET
    try:
        found = tags.split() if isinstance(tags, str) else list(tags)
    except TypeError:
        raise InvalidRequest(f"tags must be a string or strings, got {tags!r}") from None
    if not all(isinstance(tag, str) for tag in found):
        raise InvalidRequest(f"tags must be strings, got {found!r}")
    return found or UNSET


def seconds_to_send(value: float | timedelta | None) -> int | Unset:
    """Write a duration.

    Args:
        value: Seconds, or a timedelta; a negative one counts as None.

    Returns:
        The argument of the operation; a fraction counts as a whole second.

    Raises:
        InvalidRequest: It is neither.
    """
    if isinstance(value, timedelta):
        value = value.total_seconds()
    return _rounded("seconds", value, math.ceil, "a number or a timedelta")


def moment_to_send(name: str, value: float | datetime | None) -> int | Unset:
    """Write a point in time.

    Args:
        name: `start` or `end`.
        value: Seconds since 1970, or a datetime; a negative number counts as None.

    Returns:
        The argument of the operation: a full second, such that nothing is left out that a fraction
        would let in.

    Raises:
        InvalidRequest: It is neither.
    """
    if isinstance(value, datetime):
        try:
            value = value.timestamp()
        except (ValueError, OverflowError, OSError):  # NaT of pandas, local times of year 1
            value = math.nan
    rounded = math.ceil if name == "end" else math.floor
    return _rounded(name, value, rounded, "a number of seconds or a datetime")


def _rounded(name: str, value: Any, rounded: Any, expected: str) -> int | Unset:
    if value is None:
        return UNSET
    is_number = not isinstance(value, bool) and (
        hasattr(value, "__index__") or hasattr(value, "__float__")
    )
    if not is_number or not math.isfinite(value):
        raise InvalidRequest(f"{name} must be {expected}, got {value!r}")
    number = int(rounded(value))
    return UNSET if number < 0 else number


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"a string of {len(value)} characters"
    return "None" if value is None else f"a value of type {type(value).__name__}"
