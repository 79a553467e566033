"""Plain data into the objects of a seed, with errors that name the place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast

__all__ = [
    "Place",
    "SeedError",
    "build",
    "build_all",
    "is_relative",
    "moment_of",
    "place_text",
    "unknown_key",
]

_T = TypeVar("_T")
_RELATIVE = re.compile(r"-(\d{1,6})([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# The fields that hold points in time, wherever they stand.
_MOMENTS = frozenset({"executed_at", "first_seen", "last_seen", "time_period", "created_at"})


#: The keys and indexes that lead to a place in a seed.
Place = tuple["str | int", ...]


class SeedError(ValueError):
    """A seed is not what it should be; the message names the place in it.

    Args:
        message: What is wrong.
        place: The keys and indexes that lead to it.
        source: The file and line, where the seed comes from a file.
    """

    def __init__(self, message: str, place: Place = (), source: str = "") -> None:
        self.message = message
        self.place = place
        self.source = source
        parts = (source, place_text(place), message)
        super().__init__(": ".join(part for part in parts if part))

    def inside(self, place: Place) -> SeedError:
        """Tell where the place of this error is.

        Args:
            place: The keys and indexes that lead to what this error is about.

        Returns:
            The same error with its whole place.
        """
        return SeedError(self.message, (*place, *self.place), self.source)


def build(kind: type[_T], value: Any, place: Place, now: datetime) -> _T:
    """Make an object of a mapping with the names of its fields.

    Args:
        kind: The data class of the object.
        value: The mapping, or an object of this class already.
        place: Where the value stands in the seed, for messages.
        now: The time (UTC) to which relative times refer.

    Returns:
        The object.

    Raises:
        SeedError: A key is unknown or missing, or a value is not possible.
    """
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        raise SeedError(f"expected a mapping, got {_shown(value)}", place)
    entries = dict(cast("Mapping[str, Any]", value))
    known = [item.name for item in fields(cast("Any", kind)) if item.init]
    for key in entries:
        if key not in known:
            raise SeedError(unknown_key(known, str(key)), (*place, str(key)))
    for name in sorted(_MOMENTS & set(entries)):
        if entries[name] is not None:
            entries[name] = moment_of(entries[name], (*place, name), now)
    try:
        return kind(**entries)
    except SeedError as error:
        # What is nested knows its own place only.
        raise error.inside(place) from error
    except RecursionError as error:
        raise SeedError("nested too deeply", place) from error
    except (TypeError, ValueError, AttributeError) as error:
        message = re.sub(r"^(\w+\.)*__init__\(\) ", "", str(error))
        raise SeedError(message, place) from error


def build_all(kind: type[_T], values: Any, place: Place, now: datetime) -> tuple[_T, ...]:
    """Make objects of a list of mappings.

    Args:
        kind: The data class of the objects.
        values: The list.
        place: Where it stands in the seed, for messages.
        now: The time (UTC) to which relative times refer.

    Returns:
        The objects.

    Raises:
        SeedError: It is no list, or one of the values is not possible.
    """
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise SeedError(f"expected a list, got {_shown(values)}", place)
    return tuple(build(kind, value, (*place, index), now) for index, value in enumerate(values))


def is_relative(value: Any) -> bool:
    """Tell whether a point in time is relative to now.

    Args:
        value: What a seed has for a point in time.

    Returns:
        Whether it is `now`, or a string such as `-2h`.
    """
    return isinstance(value, str) and (value == "now" or _RELATIVE.fullmatch(value) is not None)


def moment_of(value: Any, place: Place, now: datetime) -> datetime:
    """Read a point in time.

    Args:
        value: A `datetime` or a day, ISO 8601 text, `now`, or a time before now: `-` and a number
            with the unit `s`, `m`, `h`, `d` or `w` (seconds to weeks), such as `-2h`.
        place: Where it stands in the seed, for messages.
        now: The time (UTC) to which relative times refer.

    Returns:
        The time; without a zone if it was given without one.

    Raises:
        SeedError: It is none of these.
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value == "now":
        return now
    if isinstance(value, str):
        relative = _RELATIVE.fullmatch(value)
        if relative is not None:
            number, unit = relative.groups()
            return now - timedelta(**{_UNITS[unit]: int(number)})
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise SeedError(
        "expected a time such as 2026-01-31T10:20:30Z, 'now', or '-2h' for two hours ago "
        f"(units: s, m, h, d, w), got {_shown(value)}",
        place,
    )


def unknown_key(known: Sequence[str], key: str) -> str:
    """Say that a key is unknown, and what it may have been meant to be.

    Args:
        known: The keys that there are.
        key: The unknown key.

    Returns:
        The message.
    """
    close = difflib.get_close_matches(key, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return f"unknown key.{hint} Known keys: {', '.join(known)}"


def place_text(place: Place) -> str:
    """Write a place.

    Args:
        place: The keys and indexes that lead to it.

    Returns:
        Text such as `connections[0].name`.
    """
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
