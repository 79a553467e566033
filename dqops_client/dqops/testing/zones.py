"""Local times of the configured time zone.

A local time is written as a `datetime` in UTC, whatever the zone: so they can be compared.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

__all__ = ["instant_of", "local_time", "month_before", "months_between", "truncated", "zone_of"]


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """Look up a time zone.

    Args:
        name: Its name, such as `Europe/Warsaw`.

    Returns:
        The time zone.

    Raises:
        ValueError: There is no such time zone, or this machine does not know it.
    """
    if name in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as error:
        raise ValueError(f"time_zone must be the name of a time zone, got {name!r}") from error


def local_time(moment: datetime, zone: tzinfo) -> datetime:
    """Tell what clocks show.

    Args:
        moment: A point in time.
        zone: Where.

    Returns:
        The local time.
    """
    return moment.astimezone(zone).replace(tzinfo=UTC, fold=0)


def instant_of(local: datetime, zone: tzinfo) -> datetime:
    """Tell when clocks show a time; the first time, if they do so twice.

    Args:
        local: The local time.
        zone: Where.

    Returns:
        The point in time (UTC).
    """
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:  # at the end of the calendar it does not matter
        return local


def months_between(earlier: datetime, later: datetime) -> int:
    """Count calendar months.

    Args:
        earlier: A local time.
        later: Another one.

    Returns:
        How many months later the second one is; 0 in the same month.
    """
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def month_before(moment: datetime) -> datetime:
    """Tell when the month before began.

    Args:
        moment: A local time.

    Returns:
        The first of the month before.
    """
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first - timedelta(days=1)).replace(day=1)


def truncated(moment: datetime, truncation: str) -> datetime:
    """Tell in which period of profiling checks a local time is.

    Args:
        moment: The local time.
        truncation: A `ProfilingTimePeriodTruncation`.

    Returns:
        When the period began.
    """
    hour = moment.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    unit = truncation.rpartition("_per_")[2]
    return {
        "hour": hour,
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }.get(unit, moment.replace(microsecond=moment.microsecond // 1000 * 1000))
