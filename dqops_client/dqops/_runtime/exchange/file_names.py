"""File names that servers suggest, made safe to use on any system."""

from __future__ import annotations

import re

__all__ = ["safe_file_name"]

# In bytes of UTF-8; most file systems take 255, and some that encrypt names take fewer.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20

# What Windows does not accept in a name; a colon would lead to another drive or a hidden stream.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names of devices of Windows, in any folder and with any extension.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.I)


def safe_file_name(suggested: str) -> str | None:
    """Make a suggested name one that can be saved, on any system, in the folder that is meant.

    Args:
        suggested: What the server sent.

    Returns:
        The name without folders, leading dots, and characters that Windows does not accept, and
        shortened to what file systems take; None where nothing usable is left.
    """
    last = suggested.replace("\\", "/").rpartition("/")[2]
    if not last.isprintable():
        return None
    name = _shortened(_trimmed(_FORBIDDEN.sub("_", last)))
    if not name.strip("_"):
        return None
    return f"_{name}" if _DEVICE.match(name) else name


def _trimmed(name: str) -> str:
    # A leading dot hides a file, and names such as .bashrc have effects; Windows drops trailing
    # dots and spaces.
    return name.lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    """Shorten a file name that no file system takes, but not what tells the kind of file."""
    encoded = name.encode(errors="replace")
    if len(encoded) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode(errors="replace")) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = _LONGEST_NAME - len(f"{dot}{suffix}".encode(errors="replace"))
    return _trimmed(stem.encode(errors="replace")[:room].decode(errors="ignore")) + dot + suffix
