# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What the headers of a response say about its body: media type, charset and file name.

The standard library takes quadratic time to parse some headers, so what is too long to be meant is
ignored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["charset_of", "encoding_of", "file_name_of", "media_type_of"]

# More than a file name of 255 characters beyond ASCII takes, written twice.
_LONGEST_HEADER = 4096

# Python knows a hundred more, some of which take quadratic time, and loads a module for each.
_CHARSETS = {
    "ascii": "ascii",
    "cp1252": "cp1252",
    "iso88591": "latin-1",
    "iso885915": "iso8859-15",
    "latin1": "latin-1",
    "usascii": "ascii",
    "utf8": "utf-8",
    "utf16": "utf-16",
    "utf16be": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf32": "utf-32",
    "windows1252": "cp1252",
}

# In bytes of UTF-8; most file systems take 255, and some that encrypt names take fewer.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20

# What Windows does not accept in a name; a colon would lead to another drive or a hidden stream.
_FORBIDDEN = r'[<>:"|?*]'
# Names of devices of Windows, in any folder and with any extension.
_DEVICE = r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)"


def charset_of(headers: Mapping[str, str]) -> str:
    """Read the charset of text.

    Args:
        headers: The headers of a response.

    Returns:
        For example `utf-16`, as the server wrote it; an empty string where it names none.
    """
    content_type = headers.get("Content-Type", "")
    if "charset" not in content_type.lower() or len(content_type) > _LONGEST_HEADER:
        return ""
    from email.message import Message

    message = Message()
    message["Content-Type"] = " ".join(content_type.split())
    try:
        return message.get_content_charset("")
    except (LookupError, TypeError, ValueError):
        return ""


def encoding_of(charset: str) -> str:
    """Find how text in a charset is decoded.

    Args:
        charset: The charset, as a server writes it.

    Returns:
        What Python calls it; an empty string for one that is not supported.
    """
    return _CHARSETS.get(charset.lower().replace("-", "").replace("_", ""), "")


def media_type_of(headers: Mapping[str, str]) -> str | None:
    """Read the media type of a body.

    Args:
        headers: The headers of a response.

    Returns:
        For example `application/zip`, without parameters, or None.
    """
    media_type = headers.get("Content-Type", "").partition(";")[0].strip()
    return media_type or None


def file_name_of(headers: Mapping[str, str]) -> str | None:
    """Read the file name that the server suggests.

    Args:
        headers: The headers of a response.

    Returns:
        A name that can be saved on any system, without any folder, which could lead out of the one
        to save it in; None where there is no usable name.
    """
    from email.message import Message

    disposition = headers.get("Content-Disposition", "")
    if not disposition or len(disposition) > _LONGEST_HEADER:
        return None
    message = Message()
    message["Content-Disposition"] = " ".join(disposition.split())
    try:
        # The standard library knows RFC 2231, which is how names beyond ASCII are written.
        name = message.get_filename()
    except (LookupError, TypeError, ValueError):
        return None  # the body is of use without a name
    return _safe_file_name(name) if name else None


def _safe_file_name(suggested: str) -> str | None:
    """Make a name one that can be saved, on any system, in the folder that is meant."""
    last = suggested.replace("\\", "/").rpartition("/")[2]
    if not last.isprintable():
        return None
    name = _shortened(_trimmed(re.sub(_FORBIDDEN, "_", last)))
    if not name.strip("_"):
        return None
    return f"_{name}" if re.match(_DEVICE, name, re.IGNORECASE) else name


def _trimmed(name: str) -> str:
    # A leading dot hides a file, and names such as .bashrc have effects; Windows drops trailing
    # dots and spaces.
    return name.lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    """Shorten a file name that no file system takes, but not what tells the kind of file."""
    encoded = name.encode()
    if len(encoded) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = _LONGEST_NAME - len(f"{dot}{suffix}".encode())
    return _trimmed(stem.encode()[:room].decode(errors="ignore")) + dot + suffix
