"""What becomes of a string in the place of an enumeration's member that is no known value.

It is sent, because a newer server may know it, and a warning tells what may be meant. Where the
client is strict it is refused. A member that was read from a response is no string of the program:
it is sent back, known or not.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest
from ..suggestions import did_you_mean
from .warned import warn_once

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_value", "refusing_unknown_values"]


class _Mode(threading.local):
    refuses = False


_mode = _Mode()


@contextmanager
def refusing_unknown_values() -> Iterator[None]:
    """Refuse unknown values in this thread, instead of warning of them."""
    _mode.refuses = True
    try:
        yield
    finally:
        _mode.refuses = False


def check_value(enumeration: Any, value: Any) -> None:
    """Check a value that is no member.

    Args:
        enumeration: The enumeration.
        value: The value; what is no string or number, as the members are, is left to the server.

    Raises:
        InvalidRequest: It is unknown, and unknown values are refused.
    """
    known = enumeration._value2member_map_
    if not isinstance(value, enumeration._member_type_) or value in known:
        return
    hint = did_you_mean(str(value), map(str, known))
    told = f"{value!r} is no value of {enumeration.__name__} that this version knows"
    if _mode.refuses:
        raise InvalidRequest(told + (hint or f"; those are {', '.join(map(repr, known))}"))
    warn_once(
        (enumeration.__name__, value),
        f"{told}{f'{hint} It' if hint else '; it'} is sent as it is; strict_enums=True refuses it",
    )
