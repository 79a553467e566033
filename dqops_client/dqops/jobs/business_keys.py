"""What a business key may be."""

from __future__ import annotations

from ..client.errors import InvalidRequest

__all__ = ["check_business_key"]

_LONGEST_KEY = 200
# Many proxies and servers refuse these in a path, however they are encoded.
_REFUSED_CHARACTERS = "/\\;%"


def check_business_key(key: str) -> str:
    """Refuse a key by which the job could not be looked up without doubt.

    Args:
        key: The key.

    Returns:
        The same key.

    Raises:
        InvalidRequest: It is none.
    """
    problem = ""
    if not isinstance(key, str):
        problem = f"must be a string, got {type(key).__name__}"
    elif not 0 < len(key) <= _LONGEST_KEY:
        problem = f"must have 1 to {_LONGEST_KEY} characters, got {len(key)}"
    elif key.isdigit():
        problem = f"must not be {key!r}: the server would also find the job with that number"
    elif key in {".", ".."} or not key.isprintable() or set(_REFUSED_CHARACTERS) & set(key):
        problem = (
            f"must not be {key!r}: it becomes a part of the URL, so it must be printable and have "
            f"none of {' '.join(_REFUSED_CHARACTERS)} in it"
        )
    if problem:
        raise InvalidRequest(f"a business key {problem}; nothing was sent")
    return key
