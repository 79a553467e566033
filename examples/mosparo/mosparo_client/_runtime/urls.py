# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""URLs as they may be shown."""

from __future__ import annotations

__all__ = ["mask_url"]


def mask_url(text: str) -> str:
    """Describe an address without user name, password, query and fragment.

    Args:
        text: The address, well formed or not.

    Returns:
        The address to show.
    """
    import re

    shown = text.partition("?")[0].partition("#")[0]
    scheme, slashes, rest = shown.partition("://") if "://" in shown else ("", "", shown)
    host = rest.split("/", 1)[0]
    # A password with an unescaped '/' or '@' reaches further than a parser would say: then what
    # looks like the port is no number.
    if "@" not in host and not ("@" in rest and re.match(r"[^\[]*:\D", host)):
        return shown
    return f"{scheme}{slashes}***@{rest.rpartition('@')[2]}"
