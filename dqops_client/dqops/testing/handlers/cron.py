"""When a cron expression is due next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["next_time"]


def next_time(expression: str, now: datetime) -> datetime | None:
    """Find when a cron expression is due next.

    Args:
        expression: Minutes, hours, days of the month, months and days of the week.
        now: The local time.

    Returns:
        The local time, after now; None if it is never due, or no such expression.
    """
    from cronsim import CronSim, CronSimError  # loaded here, because few tests look at schedules

    try:
        return next(CronSim(expression.replace("?", "*"), now), None)
    except CronSimError:
        return None
