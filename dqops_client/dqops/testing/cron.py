"""When a cron expression is due next."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["next_time"]

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NAMES = {
    name: str(number)
    for names in (
        ("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
        ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
    )
    for number, name in enumerate(names)
    if name
}
# Whatever is not due within some years never is: the 30th of February.
_LONGEST = timedelta(days=9 * 366)


def next_time(expression: str, now: datetime) -> datetime | None:
    """Find when a cron expression is due next.

    Args:
        expression: Minutes, hours, days of the month, months and days of the week.
        now: The local time.

    Returns:
        The local time, after now; None if it is not due in the next years, or no such expression.
    """
    fields = expression.upper().split()
    if len(fields) != len(_RANGES):
        return None
    try:
        minutes, hours, days, months, weekdays = (
            _values(field, *limits) for field, limits in zip(fields, _RANGES, strict=True)
        )
    except ValueError:
        return None
    # As in cron, two restrictions of the day are alternatives.
    is_either = fields[2] not in "*?" and fields[4] not in "*?"
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    while day - now < _LONGEST:
        is_day, is_weekday = day.day in days, day.isoweekday() % 7 in weekdays
        if day.month in months and ((is_day or is_weekday) if is_either else is_day and is_weekday):
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    due = day.replace(hour=hour, minute=minute)
                    if due > now:
                        return due
        day += timedelta(days=1)
    return None


def _values(field: str, lowest: int, highest: int) -> set[int]:
    """Read a field: numbers, ranges and steps, divided by commas."""
    values: set[int] = set()
    for part in field.split(","):
        range_text, _, step = part.partition("/")
        first, _, last = range_text.partition("-")
        if first in ("*", "?"):
            start, end = lowest, highest
        else:
            start = int(_NAMES.get(first, first))
            end = int(_NAMES.get(last, last)) if last else (highest if step else start)
        if not lowest <= start <= end <= highest:
            raise ValueError(f"{part!r} is out of range")
        values.update(range(start, end + 1, int(step or 1)))
    # Sunday is both 0 and 7.
    return values | {0} if highest == 7 and 7 in values else values
