"""What the headers of a response say about its body: the media type and the file name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["file_name_of", "media_type_of"]

# In bytes of UTF-8; most file systems take 255, and some that encrypt names take fewer.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20


def media_type_of(headers: Mapping[str, str]) -> str | None:
    """Read the media type of a body.

    Args:
        headers: The headers of an answer.

    Returns:
        For example `application/zip`, without parameters, or None.
    """
    media_type = headers.get("Content-Type", "").partition(";")[0].strip()
    return media_type or None


def file_name_of(headers: Mapping[str, str]) -> str | None:
    """Read the file name that the server suggests.

    Args:
        headers: The headers of an answer.

    Returns:
        The name without any folder, which could lead out of the one to save it in, and shortened to
        what file systems take; None where there is no usable name.
    """
    from email.message import Message

    message = Message()
    message["Content-Disposition"] = " ".join(headers.get("Content-Disposition", "").split())
    try:
        # The standard library knows RFC 2231, which is how names beyond ASCII are written.
        name = message.get_filename()
    except (LookupError, TypeError, ValueError):
        return None  # the body is of use without a name
    if not name:
        return None
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    is_usable = last not in {"", ".", ".."} and last.isprintable()
    return _shortened(last) if is_usable else None


def _shortened(name: str) -> str:
    """Shorten a file name that no file system takes, but not what tells the kind of file."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = _LONGEST_NAME - len(f"{dot}{suffix}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip()}{dot}{suffix}"
