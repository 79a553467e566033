"""The formats of the specification: what strings and numbers must look like.

Own checks, because those of jsonschema depend on which optional packages are installed, and know
neither local times nor the nine fraction digits of Java.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FORMATS", "without_offset"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = r"T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_LOCAL = re.compile(rf"{_DATE.pattern}{_TIME}", re.ASCII)
_OFFSET = re.compile(rf"({_DATE.pattern}{_TIME})(?:Z|[+-]\d{{2}}:?\d{{2}})", re.ASCII)
_DURATION = re.compile(
    r"-?P(?=.)(?:-?\d+D)?(?:T(?=.)(?:-?\d+H)?(?:-?\d+M)?(?:-?\d+(?:\.\d{1,9})?S)?)?", re.ASCII
)


def without_offset(text: str) -> str:
    """Drop the offset of a point in time.

    Args:
        text: The string.

    Returns:
        What is left of a point in time; any other string as it is.
    """
    match = _OFFSET.fullmatch(text)
    return text if match is None else match.group(1)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_local(text: str) -> bool:
    if _LOCAL.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text.partition(".")[0])
    except ValueError:
        return False
    return True


def _date(value: object) -> bool:
    return not isinstance(value, str) or (bool(_DATE.fullmatch(value)) and _is_date(value))


def _date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    match = _OFFSET.fullmatch(value)
    return match is not None and _is_local(match.group(1))


def _date_time_local(value: object) -> bool:
    return not isinstance(value, str) or _is_local(value)


def _duration(value: object) -> bool:
    return not isinstance(value, str) or bool(_DURATION.fullmatch(value))


def _fits(value: object, bits: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int):
        return True
    limit = 1 << (bits - 1)
    return -limit <= value < limit


def _int32(value: object) -> bool:
    return _fits(value, 32)


def _int64(value: object) -> bool:
    return _fits(value, 64)


#: Functions that tell whether a value has a format, by its name; values of other types than a
#: format is for have it.
FORMATS: Mapping[str, Callable[[object], bool]] = {
    "date": _date,
    "date-time": _date_time,
    "date-time-local": _date_time_local,
    "duration": _duration,
    "int32": _int32,
    "int64": _int64,
}
