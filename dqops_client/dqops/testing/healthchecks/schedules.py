"""When a check expects its next ping."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from dqops.integrations.healthchecks_io.time_zones import LEGACY_TIME_ZONES, NO_TIME_ZONES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_cron", "is_time_zone", "is_valid_schedule", "next_time", "time_zone_name"]

# Where the server looks from whether a schedule ever comes true.
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def is_cron(schedule: str) -> bool:
    """Tell whether an expression is taken for cron; anything else is taken for OnCalendar.

    Args:
        schedule: The expression.

    Returns:
        True for five fields on one line.
    """
    return "\n" not in schedule.strip() and len(schedule.split()) == 5


def is_valid_schedule(schedule: str) -> bool:
    """Tell whether the server accepts an expression.

    Args:
        schedule: The expression.

    Returns:
        Whether it can be understood, and comes true at some time after 1999.
    """
    try:
        next(_times(schedule, _BEGINNING))
    except (StopIteration, ValueError):
        return False
    return True


def is_time_zone(name: str) -> bool:
    """Tell whether the server knows a time zone.

    Args:
        name: Its IANA name.

    Returns:
        Whether there is one.
    """
    return name in LEGACY_TIME_ZONES or name in available_timezones() - NO_TIME_ZONES


def time_zone_name(name: str) -> str:
    """Give the name under which the server keeps a time zone.

    Args:
        name: A name that is known.

    Returns:
        The name of today.
    """
    return LEGACY_TIME_ZONES.get(name, name)


def next_time(schedule: str, zone: str, after: datetime) -> datetime | None:
    """Find when a schedule comes true next.

    Args:
        schedule: A valid expression.
        zone: The name of the time zone that it is meant in.
        after: Any time with a zone.

    Returns:
        The time in UTC; None if it never does again.
    """
    found = next(_times(schedule, after.astimezone(ZoneInfo(zone))), None)
    return None if found is None else found.astimezone(UTC)


def _times(schedule: str, after: datetime) -> Iterator[datetime]:
    # What the real server uses, too. Loaded here, because most checks have no schedule.
    try:
        from cronsim import CronSim, CronSimError
        from oncalendar import OnCalendar, OnCalendarError
    except ModuleNotFoundError as error:
        raise ImportError(
            f"checks with a schedule need the package {error.name!r}, which is not installed. "
            'Install everything that dqops.testing needs with: pip install "dqops-client[testing]"',
            name=error.name,
        ) from error
    try:
        return CronSim(schedule, after) if is_cron(schedule) else OnCalendar(schedule, after)
    except (CronSimError, OnCalendarError) as error:
        raise ValueError(f"{schedule!r} is not a schedule") from error
