"""How the server writes values into JSON."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = [
    "compact",
    "exact_instant",
    "instant",
    "java_duration",
    "local_date_time",
    "offset_date_time",
    "offset_time",
    "stable_hash",
    "stable_uuid",
]


def instant(moment: datetime) -> str:
    """Write a point in time as the server writes a Java `Instant`.

    Args:
        moment: A time in UTC.

    Returns:
        ISO string that ends with `Z` and has no fraction, or one of 3 or 6 digits.
    """
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond == 0:
        return f"{text}Z"
    if moment.microsecond % 1000 == 0:
        return f"{text}.{moment.microsecond // 1000:03d}Z"
    return f"{text}.{moment.microsecond:06d}Z"


def exact_instant(moment: datetime, number: int) -> str:
    """Write a point in time with nanoseconds, as the server writes the times of jobs.

    Args:
        moment: A time in UTC.
        number: The number of a job or of a change, from which the nanoseconds are made.

    Returns:
        ISO string that ends with `Z` and has a fraction of 9 digits, or fewer where the server has
        no nanoseconds to tell, which is rare.
    """
    nanoseconds = (number * 7919 + 391) % 1000
    if nanoseconds == 0:
        return instant(moment)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}{nanoseconds:03d}Z"


def local_date_time(moment: datetime) -> str:
    """Write a local time as the server writes a Java `LocalDateTime`.

    Args:
        moment: A time; its time zone, if it has one, is left out.

    Returns:
        ISO string without an offset, with as many fraction digits as needed.
    """
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond:06d}".rstrip("0").rstrip(".")


def offset_date_time(moment: datetime) -> str:
    """Write a point in time as the framework writes it into error bodies.

    Args:
        moment: A time in UTC.

    Returns:
        ISO string with milliseconds and the offset `+00:00`.
    """
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+00:00"


def offset_time(moment: datetime) -> str:
    """Write a point in time as the server writes a Java `ZonedDateTime`, to the second.

    Args:
        moment: A time with its zone.

    Returns:
        ISO string that ends with the offset, or with `Z` for none.
    """
    text = moment.replace(microsecond=0).isoformat()
    return f"{text.removesuffix('+00:00')}Z" if text.endswith("+00:00") else text


def java_duration(length: timedelta) -> str:
    """Write a time span as the server writes a Java `Duration`, to the second.

    Args:
        length: The time span; not negative.

    Returns:
        ISO string without days, such as `PT26H3S`.
    """
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def compact(properties: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is None, as the server does for nearly every property.

    Args:
        properties: The properties of one JSON object.

    Returns:
        A new dictionary without the entries that are None.
    """
    return {name: value for name, value in properties.items() if value is not None}


def stable_hash(*parts: str) -> int:
    """Make a number that identifies something by its names.

    Args:
        parts: The names, from the outermost inwards.

    Returns:
        A signed number of 64 bits, the same in every process.
    """
    digest = hashlib.sha256("\x00".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def stable_uuid(*parts: str) -> str:
    """Make an identifier of the form that the server gives to results.

    Args:
        parts: The names of what is identified, from the outermost inwards.

    Returns:
        A string like a UUID, the same in every process.
    """
    digest = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
    lengths = (8, 4, 4, 4, 12)
    starts = (0, 8, 12, 16, 20)
    return "-".join(
        digest[start : start + length] for start, length in zip(starts, lengths, strict=True)
    )
