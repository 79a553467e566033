# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Dates, times and durations: how they are written."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from ..errors import InvalidRequest

__all__ = [
    "encode_date",
    "encode_duration",
    "encode_instant",
    "encode_local_date_time",
]

_UTC = datetime.UTC
_DateTime = datetime.datetime
_MICROSECOND = datetime.timedelta(microseconds=1)

# Pieces that are ready, because `isoformat` takes up to twice as long.
_TWO_DIGITS = tuple(f"{number:02d}" for number in range(60))
_WITH_COLON = tuple(f"{digits}:" for digits in _TWO_DIGITS)
_THREE_DIGITS = tuple(str(number)[1:] for number in range(1000, 2000))


class _Days(dict[int, str]):
    """How days are written, by their number; a bounded number is kept."""

    __slots__ = ()
    _MOST = 4096

    def __missing__(self, ordinal: int) -> str:
        if len(self) >= self._MOST:
            self.clear()
        self[ordinal] = written = f"{datetime.date.fromordinal(ordinal).isoformat()}T"
        return written


_DAYS = _Days()


def encode_instant(value: Any) -> Any:
    """Write a point in time as the server reads it.

    Args:
        value: A datetime; a naive one counts as UTC. What is neither date nor time is returned
            unchanged.

    Returns:
        An ISO 8601 string with an offset, `Z` for UTC.

    Raises:
        InvalidRequest: It is a date, or no time at all (pandas' `NaT`).
    """
    if type(value) is not _DateTime:
        return _iso_string(_with_time(value)) if isinstance(value, datetime.date) else value
    if (zone := value.tzinfo) is not _UTC and zone is not None:
        return _iso_string(value)
    if microsecond := value.microsecond:
        return (
            f"{_DAYS[value.toordinal()]}{_WITH_COLON[value.hour]}{_WITH_COLON[value.minute]}"
            f"{_TWO_DIGITS[value.second]}.{_THREE_DIGITS[microsecond // 1000]}"
            f"{_THREE_DIGITS[microsecond % 1000]}Z"
        )
    return (
        f"{_DAYS[value.toordinal()]}{_WITH_COLON[value.hour]}{_WITH_COLON[value.minute]}"
        f"{_TWO_DIGITS[value.second]}Z"
    )


def _with_time(value: datetime.date) -> datetime.datetime:
    """Refuse a date, and what pandas writes for a missing time."""
    if value != value:  # NaT is not equal to itself
        raise InvalidRequest(f"expected a date or time, got {type(value).__name__}")
    if not isinstance(value, datetime.datetime):
        raise InvalidRequest(f"expected a date and a time of day, got the date {value}")
    return value


def _iso_string(value: datetime.datetime) -> str:
    written = value.isoformat()
    if value.tzinfo is None:
        return written + "Z"
    return written[:-6] + "Z" if written.endswith("+00:00") else written


# What was read is often one object for all results; see `LOCAL_DATE_TIMES`.
_local_string = lru_cache(maxsize=1024)(_DateTime.isoformat)


def encode_local_date_time(value: Any) -> Any:
    """Write a time on some wall clock.

    Args:
        value: A datetime without an offset. What is neither date nor time is returned unchanged.

    Returns:
        An ISO 8601 string.

    Raises:
        InvalidRequest: It has an offset, is a date, or is no time at all (pandas' `NaT`).
    """
    is_plain = type(value) is _DateTime
    if not is_plain:
        if not isinstance(value, datetime.date):
            return value
        value = _with_time(value)
    if value.tzinfo is not None:
        raise InvalidRequest(
            f"expected a local date and time without an offset, got {value.isoformat()}: the "
            "server would ignore the offset. Convert the time to the server's time zone and pass "
            "it with tzinfo=None"
        )
    return _local_string(value) if is_plain else value.isoformat()


def encode_date(value: Any) -> Any:
    """Write a date.

    Args:
        value: A date. What is neither date nor time is passed on as it is.

    Returns:
        An ISO 8601 string.

    Raises:
        InvalidRequest: It has a time of day, or is no date at all (pandas' `NaT`).
    """
    if type(value) is datetime.date:
        return value.isoformat()
    if not isinstance(value, datetime.date):
        return value
    if isinstance(value, datetime.datetime):
        moment = _with_time(value)
        raise InvalidRequest(
            f"expected a date without a time of day, got {moment.isoformat()}: which day it is "
            "depends on the time zone. Pass a date, such as value.date()"
        )
    return value.isoformat()


def encode_duration(value: Any) -> Any:
    """Write a duration in seconds, as java.time.Duration reads it."""
    if not isinstance(value, datetime.timedelta):
        return value
    microseconds = value // _MICROSECOND
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    sign = "-" if microseconds < 0 else ""
    decimals = f".{fraction:06d}".rstrip("0") if fraction else ""
    return f"PT{sign}{seconds}{decimals}S"
