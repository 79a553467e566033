"""Whether the server will take a schedule: cron, OnCalendar, and time zones."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

from .time_zones import LEGACY_TIME_ZONES, NO_TIME_ZONES

__all__ = ["is_time_zone", "schedule_problem"]


# Where the server looks from whether a schedule ever comes true.
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def schedule_problem(schedule: str) -> str:
    """Look for a mistake in a schedule, with the libraries that the server itself uses.

    They come with the extra `healthchecks`. Without them the server is left to judge.

    Args:
        schedule: A cron expression of five fields, or an OnCalendar expression.

    Returns:
        What is wrong, or an empty string.
    """
    try:
        from cronsim import CronSim, CronSimError
        from oncalendar import OnCalendar, OnCalendarError
    except ModuleNotFoundError:
        return ""
    # As the server tells them apart.
    is_cron = "\n" not in schedule.strip() and len(schedule.split()) == 5
    try:
        next((CronSim if is_cron else OnCalendar)(schedule, _BEGINNING))
    except (CronSimError, OnCalendarError) as error:
        kind = "cron" if is_cron else "OnCalendar"
        return f"is not a valid {kind} expression ({error}); cron has five fields"
    except StopIteration:
        return "is never due"
    return ""


def is_time_zone(name: str) -> bool:
    """Tell whether a time zone exists.

    Args:
        name: Its IANA name.

    Returns:
        Whether it does; True for any name on a machine without a time zone database.
    """
    known = _time_zones()
    return not known or name in known or name in LEGACY_TIME_ZONES


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones() - NO_TIME_ZONES)
