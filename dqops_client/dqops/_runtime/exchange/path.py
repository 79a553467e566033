"""URL paths and query strings that no argument can break out of."""

from __future__ import annotations

import datetime
import math
import re
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from ..declare.unset import Unset
from ..errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = ["check_query_length", "fill_path", "query_pairs"]

# httpx refuses a URL of more than 65536 characters, base URL included.
_LONGEST_PART = 60_000

_PLACEHOLDER = r"\{([^{}]+)\}"
# The usual names, in which nothing is to be encoded.
_PLAIN = r"[0-9A-Za-z_-]+"


def fill_path(
    template: str,
    values: Mapping[str, Any],
    plain: Collection[str] = (),
    named: Callable[[str], str] = str,
) -> str:
    """Put path parameters into a path template.

    Every value stays one path segment: whatever is in it, slashes and question marks included, is
    percent-encoded.

    Args:
        template: A path such as `/api/jobs/jobs/{jobId}`.
        values: The value of each placeholder; a string, a number or an enumeration member.
        plain: The placeholders whose values must need no percent-encoding, because the server
            decodes the path before it splits it.
        named: Gives the name of an argument, for messages.

    Returns:
        The path without its leading slash, so that it is joined to a base URL that has a prefix.

    Raises:
        InvalidRequest: A value is missing or empty, is `.` or `..` (servers and proxies fold those
            even when they are encoded), is not a string, number or enumeration member, is too long
            for a URL, or is not plain where it must be.
    """
    pieces = list(_pieces(template))
    pieces[1::2] = [_segment(name, values.get(name), plain, named) for name in pieces[1::2]]
    path = "".join(pieces)
    if len(path) > _LONGEST_PART:
        raise InvalidRequest(
            f"the path would be {len(path):,} characters long; the limit is {_LONGEST_PART:,}"
        )
    return path.lstrip("/")


@cache
def _pieces(template: str) -> tuple[str, ...]:
    """Split a template, of which a program has a few; every second piece is a parameter's name."""
    return tuple(re.split(_PLACEHOLDER, template)) if "{" in template else (template,)


def _segment(name: str, value: Any, plain: Collection[str], named: Callable[[str], str]) -> str:
    text = _scalar_text(value)
    if text is None:
        raise InvalidRequest(
            f"{named(name)} must be a string, a number or an enumeration member, got {_kind(value)}"
        )
    if re.fullmatch(_PLAIN, text):
        return text
    if not text:
        raise InvalidRequest(f"{named(name)} must not be empty")
    if name in plain:
        raise InvalidRequest(
            f"{named(name)} must consist of letters, digits, '-' and '_': this server splits paths "
            "at an encoded '/', too"
        )
    if text in {".", ".."}:
        raise InvalidRequest(
            f"{named(name)} must not be {text!r}: servers and proxies resolve it as a step in the "
            "path, so the request would go to another URL"
        )
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise InvalidRequest(
            f"{named(name)} contains a lone surrogate, which UTF-8 cannot encode"
        ) from None


def query_pairs(
    values: Mapping[str, Any], named: Callable[[str], str] = str
) -> list[tuple[str, str]]:
    """Write query parameters, or other named values, as strings; what is UNSET or None is left out.

    Args:
        values: By name, a string, number, boolean, date, time, duration, enumeration member, or a
            list of such (sent as one pair for each item).
        named: Gives the name of an argument, for messages.

    Returns:
        Names and values, not yet encoded.

    Raises:
        InvalidRequest: A value is of another kind, or all of them are too long for a URL.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if value is None or isinstance(value, Unset):
            continue
        for item in value if _is_list(value) else (value,):
            text = _scalar_text(item)
            if text is None:
                raise InvalidRequest(
                    f"{named(name)} must be a string, number, boolean, date, time, duration, "
                    f"enumeration member or a list of these, got {_kind(item)}"
                )
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise InvalidRequest(
                    f"{named(name)} contains a lone surrogate, which UTF-8 cannot encode"
                )
            pairs.append((name, text))
    return pairs


def _is_list(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return True
    if isinstance(value, (str, int, float, bool, Enum)):
        return False
    from collections.abc import Collection, Iterator

    from ..codec.unknown_values import NO_LISTS

    return isinstance(value, (Collection, Iterator)) and not isinstance(value, NO_LISTS)


def check_query_length(pairs: list[tuple[str, str]]) -> None:
    """Make sure that query parameters fit into a URL.

    Args:
        pairs: Names and values, not yet encoded.

    Raises:
        InvalidRequest: They do not.
    """
    # A character becomes 12 at most: four bytes of UTF-8 in three characters each.
    if 12 * sum(len(name) + len(text) for name, text in pairs) <= _LONGEST_PART:
        return
    length = len(urlencode(pairs))
    if length > _LONGEST_PART:
        raise InvalidRequest(
            f"the query would be {length:,} characters long; the limit is {_LONGEST_PART:,}"
        )


def _kind(value: Any) -> str:
    if isinstance(value, float):
        return repr(value)  # the only numbers that are refused: NaN and the infinities
    return "UNSET" if isinstance(value, Unset) else type(value).__name__


def _scalar_text(value: Any) -> str | None:
    """Write one value, or return None where it is of a kind that has no single string."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return str.__str__(value)  # not str(): a subclass may print itself as something else
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return None if isinstance(value, float) and not math.isfinite(value) else str(value)
    if isinstance(value, datetime.datetime):
        if value != value:  # pandas' NaT is not equal to itself
            return None
        if value.tzinfo is None:
            return value.isoformat()
        from ..codec.encoding_times import encode_instant

        return str(encode_instant(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        from ..codec.encoding_times import encode_duration

        return str(encode_duration(value))
    if type(value).__module__ == "uuid":
        return str(value)
    return _number_text(value)


def _number_text(value: Any) -> str | None:
    """Write a number of another library, such as `decimal` or NumPy."""
    from decimal import Decimal
    from numbers import Integral, Real

    if type(value).__module__ == "numpy":
        from ..codec.numbers import plain_number

        plain = plain_number(value)
        return None if plain is None else _scalar_text(plain)
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, (Decimal, Real)) and math.isfinite(value):
        return str(value)
    return None
