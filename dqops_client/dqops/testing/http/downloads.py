"""Responses that are files."""

from __future__ import annotations

import re
from urllib.parse import quote

from .messages import Response

__all__ = ["attachment", "download", "file_name"]

# What a file name may have without quotes.
_BARE = re.compile(r"[A-Za-z0-9._:-]+")
# What a file name may have between plain quotes.
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]")


def download(content: bytes, media_type: str, name: str, *, is_quoted: bool = True) -> Response:
    """Make a response that is a file.

    Args:
        content: What is in it.
        media_type: Its media type.
        name: Its name; any string.
        is_quoted: Whether the name stands in quotes where it need not.

    Returns:
        The response, whose Content-Disposition has the name.
    """
    is_bare = not is_quoted and _BARE.fullmatch(name)
    disposition = f"attachment; filename={name}" if is_bare else attachment(name)
    return Response(200, content, {"Content-Type": media_type, "Content-Disposition": disposition})


def file_name(stem: str, suffix: str) -> str:
    """Give a name its suffix, unless it has it.

    Args:
        stem: The name.
        suffix: The suffix with its dot.

    Returns:
        The file name.
    """
    return stem if stem.lower().endswith(suffix) else f"{stem}{suffix}"


def attachment(name: str) -> str:
    """Write the header Content-Disposition for a file.

    Args:
        name: The file's name; any string, which ends neither the header nor a part of it.

    Returns:
        The header's value.
    """
    plain = _UNSAFE.sub("_", name)
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
