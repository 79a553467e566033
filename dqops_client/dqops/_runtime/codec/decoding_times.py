"""Dates, times and durations: how they are read.

Reading is tolerant where servers differ (fraction digits, offsets, epoch numbers), and gives the
same on every version of Python.
"""

from __future__ import annotations

import datetime
import math
import re
import sys
from typing import TYPE_CHECKING, Any

from .problems import mismatch, out_of_range

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "decode_date",
    "decode_duration",
    "decode_instant",
    "decode_local_date_time",
    "parse_date_time",
    "parse_instant",
]

# An epoch number from here on counts milliseconds: read as seconds it would lie beyond the year
# 5100, read as milliseconds it lies after March 1973.
FIRST_EPOCH_MILLISECONDS = 100_000_000_000

_DateTime = datetime.datetime

# datetime.fromisoformat is many times as fast as all else, but it takes more than it should, and
# not the same in every version of Python. So it only gets the forms that Java writes, as far as
# some characters and the length tell; it checks the rest.
_LENGTH_WITHOUT_FRACTION = len("2024-01-31T10:20:30.Z")  # where a point promises one
_LOCAL_LENGTHS = frozenset({19, 23, 26})
_from_iso = _DateTime.fromisoformat
if sys.version_info >= (3, 14):

    def _from_iso(text: str, read: Callable[[str], _DateTime] = _from_iso) -> _DateTime:
        if text[11:13] == "24":
            raise ValueError("24:00 is not a time of day")  # newer versions make the next
        return read(text)


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

# Patterns are compiled when something needs them: few programs meet one of these forms.
# What servers write, and a little more: the seconds and the offset may be missing, and between date
# and time there may be any character, as for `fromisoformat`.
_DATE_TIME = (
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:.(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(?P<offset>[Zz]|(?P<sign>[+-])(\d\d)(?::?(\d\d)(?::(\d\d))?)?)?)?"
)
_WEEK_DATE = r"\A(\d{4}-W\d\d-\d)."
_RARE_DATE_TIME = (
    r"\d{4}(?:\d{4}|-?W\d\d-?\d|-?\d{3})T\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?"
    r"(?:Z|[+-]\d\d(?::?\d\d)?)?"
)


def parse_date_time(text: str) -> datetime.datetime:
    """Read an ISO 8601 date and time, with any number of fraction digits, with or without offset.

    Args:
        text: For example `2024-01-31T10:20:30.123456789Z`; digits beyond the microsecond are cut
            off, because `datetime` has no room for them. A date alone is its midnight.

    Returns:
        A datetime with the offset of the string, or a naive one where it has none.

    Raises:
        ValueError: The string is something else, or lies outside the years 1 to 9999.
    """
    found = re.fullmatch(_DATE_TIME, text, re.ASCII | re.DOTALL)
    if found is None:
        return _parse_rare_form(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    microsecond = int((found[7] or "0")[:6].ljust(6, "0"))
    zone: datetime.timezone | None = None
    if found["sign"]:
        hours, minutes, seconds = (int(part or 0) for part in found.groups()[9:12])
        offset = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
        zone = datetime.timezone(-offset if found["sign"] == "-" else offset)
    elif found["offset"]:
        zone = datetime.UTC
    return datetime.datetime(year, month, day, hour, minute, second, microsecond, zone)


def _parse_rare_form(text: str) -> datetime.datetime:
    """Read the forms of ISO 8601 that servers seldom write: basic, week dates, days of the year."""
    text = re.sub(_WEEK_DATE, r"\1T", text, flags=re.ASCII | re.DOTALL)
    if re.fullmatch(_RARE_DATE_TIME, text, re.ASCII) is None:
        # dateutil takes less than that for a date and time, such as a year alone.
        raise ValueError("not a date and time in ISO 8601")
    from dateutil.parser import isoparse

    moment = isoparse(text)
    offset = moment.utcoffset()
    if offset is None:
        return moment
    # The same class of time zone as in the other forms.
    return moment.replace(tzinfo=datetime.timezone(offset) if offset else datetime.UTC)


def _from_epoch(value: float) -> datetime.datetime:
    if abs(value) >= FIRST_EPOCH_MILLISECONDS:
        return _EPOCH + datetime.timedelta(milliseconds=value)
    return _EPOCH + datetime.timedelta(seconds=value)


def _decode_moment(value: Any, expected: str) -> datetime.datetime:
    try:
        if isinstance(value, str):
            return parse_date_time(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _from_epoch(value)
    except (ValueError, OverflowError):
        if _is_out_of_range(value):
            raise out_of_range(expected, value) from None
    # Not ISO 8601; the message shows the value.
    raise mismatch(expected, value)


# Dates and times as ISO 8601 and Java know them, of which `datetime` holds only a part.
_WIDE_DATE_TIME = (
    r"([+-]?\d{4,9})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_LEAP_YEAR = 2000


def _is_out_of_range(value: Any) -> bool:
    """Whether a value that `datetime` refuses is a date or time all the same."""
    if not isinstance(value, str):
        return isinstance(value, int) or math.isfinite(value)  # an epoch number
    found = re.fullmatch(_WIDE_DATE_TIME, value, re.ASCII)
    if found is None:
        return False
    *whole, fraction = (part or "0" for part in found.groups())
    year, month, day, hour, minute, second = map(int, whole)
    is_leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    try:
        datetime.date(_LEAP_YEAR if is_leap_year else _LEAP_YEAR + 1, month, day)
    except ValueError:
        return False
    is_midnight = hour == 24 and not (minute or second or fraction.strip("0"))
    return (hour <= 23 or is_midnight) and minute <= 59 and second <= 60


def decode_instant(value: Any) -> datetime.datetime:
    """Read a point in time; one without an offset counts as UTC."""
    try:
        if (
            value[10] == "T"
            and value[16] == ":"
            and value[19] in ".Z"
            and value[-1] == "Z"
            and len(value) != _LENGTH_WITHOUT_FRACTION
        ):
            return _from_iso(value)
    except (ValueError, TypeError, LookupError):
        pass  # not a string, or not a time
    moment = _decode_moment(value, "a date and time in ISO 8601, or seconds since 1970")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


#: Reads a string that looks like a point in time: `:` before the seconds, `Z` at the end, one of
#: the lengths that Java writes. What it makes of anything else depends on Python's version.
parse_instant = _from_iso


def decode_local_date_time(value: Any) -> datetime.datetime:
    """Read a time on some wall clock, which has no offset; one that comes is dropped."""
    if (
        type(value) is str
        and len(value) in _LOCAL_LENGTHS
        and value[10] == "T"
        and value[16] == ":"
        and value[19:20] in {"", "."}
    ):
        try:
            moment = _from_iso(value)
        except ValueError:
            pass  # not a time
        else:
            if moment.tzinfo is None:
                return moment
    moment = _decode_moment(value, "a local date and time in ISO 8601")
    return moment.replace(tzinfo=None)


def decode_date(value: Any) -> datetime.date:
    """Read a date; a time of day that comes with it is dropped."""
    if isinstance(value, str):
        try:
            return parse_date_time(value).date()
        except ValueError:
            if _is_out_of_range(value):
                raise out_of_range("a date such as 2024-01-31", value) from None
    raise mismatch("a date such as 2024-01-31", value)


# The form in which java.time.Duration prints itself; every part can have its own sign.
_DURATION = (
    r"(?P<sign>[+-]?)P(?:(?P<days>[+-]?\d+)D)?"
    r"(?:T(?:(?P<hours>[+-]?\d+)H)?(?:(?P<minutes>[+-]?\d+)M)?"
    r"(?:(?P<seconds>[+-]?\d+)(?:[.,](?P<fraction>\d{0,9}))?S)?)?"
)


def _parse_duration(text: str) -> datetime.timedelta:
    found = re.fullmatch(_DURATION, text, re.IGNORECASE | re.ASCII)
    if found is None or found[0][-1] in "PpTt":
        raise ValueError("not a duration")
    # Whole numbers all the way: a float would lose microseconds of long durations.
    fraction = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    duration = datetime.timedelta(
        days=int(found["days"] or 0),
        hours=int(found["hours"] or 0),
        minutes=int(found["minutes"] or 0),
        seconds=int(found["seconds"] or 0),
        microseconds=-fraction if (found["seconds"] or "").startswith("-") else fraction,
    )
    return -duration if found["sign"] == "-" else duration


def decode_duration(value: Any) -> datetime.timedelta:
    """Read a duration; a number counts seconds."""
    try:
        if isinstance(value, str):
            return _parse_duration(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.timedelta(seconds=value)
    except (ValueError, OverflowError):
        pass
    raise mismatch("a duration such as PT1H30M", value)
