# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""JSON by orjson where it is installed (the extra `speed`), with the standard library's results.

orjson does what is plain, which is nearly everything. Whatever it refuses, or would read or write
in another way, goes to the standard library, whose result and whose error it then is. So it is
decided, with orjson and without:

- NaN, Infinity and numbers beyond the range of a float, such as 1e400, are read, as nan and inf.
  They are never written: ValueError.
- Integers keep all their digits, up to the 4,300 that Python reads. In a property that the
  specification describes as a number with a fraction, those beyond 64 bits become floats.
- Of duplicate keys the last counts, in the place of the first.
- UTF-8, UTF-16 and UTF-32 are read, with a byte order mark or without. What is not valid
  raises UnicodeDecodeError; single surrogates are read and not written.
- Keys are written in their order; those that are not strings as the standard library writes them.
- A UUID is written as its string, and an enumeration's member as its value.

Two things differ, and neither changes a value: how the exponent of a float is written (`1e-7` or
`1e-07`), and that before Python 3.12 orjson reads up to 1,024 nested lists, and the standard
library as many as the recursion limit allows.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from .numbers import plain_number

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["dump_text", "dumps", "loads"]

orjson: ModuleType | None
try:
    import orjson
except ImportError:
    orjson = None

# Refuse what the standard library refuses, and leave subclasses of plain values to it.
_ONLY_PLAIN: int = (
    0
    if orjson is None
    else orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)

# orjson makes floats of integers that fit into 64 bits neither with a sign nor without: those
# of more than 20 digits, some of 20, and negative ones from -9223372036854775809. A search for
# digits is slow; for zeros, after making zeros of all digits (and signs), it takes a third of
# orjson's own time.
_DIGITS_AND_SIGNS = bytes.maketrans(b"-123456789", b"0000000000")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_TWENTY = b"0" * 20
_NEGATIVE = re.compile(rb"-9[0-9]{18}")
_SMALLEST = -(2**63)


def loads(content: bytes, *, is_exact: bool = True) -> Any:
    """Parse a JSON document.

    Args:
        content: The document in UTF-8, UTF-16 or UTF-32.
        is_exact: Whether integers beyond 64 bits are sure to keep all digits. Without, some
            may become floats, and a third of the time is saved; see `numbers`.

    Returns:
        The value.

    Raises:
        ValueError: It is not JSON (`json.JSONDecodeError`), not valid UTF-8
            (`UnicodeDecodeError`), or has a number with too many digits.
        RecursionError: It is nested too deeply.
    """
    if orjson is not None and not (is_exact and _has_long_number(content)):
        try:
            return orjson.loads(content)
        except ValueError:
            pass
    return json.loads(content)


def _has_long_number(content: bytes) -> bool:
    """Whether there may be an integer in it that is beyond 64 bits."""
    if not _has_twenty(content, _DIGITS_AND_SIGNS):
        return False
    # Hashes are often negative numbers of 19 digits, nearly all of which fit.
    return _has_twenty(content, _DIGITS) or any(
        int(number) < _SMALLEST for number in _NEGATIVE.findall(content)
    )


def _has_twenty(content: bytes, as_zeros: bytes) -> bool:
    # `rfind` takes half of the time of `in`.
    return content.translate(as_zeros).rfind(_TWENTY) >= 0


def dumps(value: Any) -> bytes:
    """Write a JSON document.

    Args:
        value: Plain JSON values; UUIDs and members of enumerations may be among them.

    Returns:
        The document in UTF-8, without white space.

    Raises:
        TypeError: Something in it has no JSON form.
        ValueError: It holds NaN, an infinity, or a single surrogate (`UnicodeEncodeError`).
        RecursionError: It is nested too deeply, or holds itself.
    """
    if orjson is not None:
        try:
            content: bytes = orjson.dumps(value, option=_ONLY_PLAIN)
        except TypeError:
            pass
        else:
            if not _has_null(content):
                return content
    return dump_text(value).encode("utf-8")


def dump_text(value: Any) -> str:
    """Write a JSON document as `dumps` does, never with orjson.

    Args:
        value: The same as for `dumps`.

    Returns:
        The string, in which there may be single surrogates.

    Raises:
        TypeError: Something in it has no JSON form.
        ValueError: It holds NaN or an infinity.
        RecursionError: It is nested too deeply, or holds itself.
    """
    return _ENCODER.encode(value)


def _has_null(content: bytes) -> bool:
    """Whether there may be a null in it, as which orjson also writes NaN and infinities."""
    # `rfind` takes half of the time of `in`.
    return content == b"null" or any(
        content.rfind(null) >= 0 for null in (b":null", b",null", b"[null")
    )


def _plain(value: Any) -> Any:
    """Write what orjson knows without being asked."""
    if isinstance(value, Enum):
        return value.value
    if type(value).__module__ == "uuid":
        return str(value)
    number = plain_number(value)
    if number is not None:
        return number
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


# Without the search for what holds itself, which takes a fifth of the time; the recursion limit
# finds that, too.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
    separators=(",", ":"),
    default=_plain,
)
