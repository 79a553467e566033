# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What is seen from outside: modules of classes, and bodies, statuses and URLs in messages."""

from __future__ import annotations

from .._identity import PUBLIC_PACKAGE

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Generic",
    "describe_status",
    "doubled_segment",
    "excerpt",
    "mask_url",
    "publish",
    "shorten_url",
]


class Generic:
    """Takes parameters and drops them; `typing.Generic` takes several times as long."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type[Generic]:
        return cls


def publish(module: str, classes: Iterable[type], *, package: str = PUBLIC_PACKAGE) -> None:
    """Name the module that programs import classes from.

    Args:
        module: The module within the package; empty for the package itself.
        classes: The classes, which that module has under their own names.
        package: The package.
    """
    for each in classes:
        each.__module__ = f"{package}.{module}" if module else package


# Long enough for the first lines of a proxy's error page, short enough for one line of a log.
EXCERPT_LENGTH = 200
# Longer than any that is asked for.
URL_LENGTH = 1000

_LOOKED_AT = 16_384  # bytes or characters of a body that an excerpt is taken from


def describe_status(status_code: int) -> str:
    """Name a status for a reader.

    Args:
        status_code: Any HTTP status.

    Returns:
        For example `404 Not Found`, or `520 (not a registered status)`.
    """
    from http import HTTPStatus

    try:
        return f"{status_code} {HTTPStatus(status_code).phrase}"
    except ValueError:
        return f"{status_code} (not a registered status)"


def shorten_url(url: str) -> str:
    """Shorten a URL for a message: a redirection may lead to one of any length.

    Args:
        url: The URL.

    Returns:
        At most `URL_LENGTH` characters of it, with an ellipsis if that is not all.
    """
    return url if len(url) <= URL_LENGTH else f"{url[:URL_LENGTH]}..."


def excerpt(content: bytes | str) -> str:
    """Shorten a body for a message: one line, printable, at most `EXCERPT_LENGTH` characters.

    Args:
        content: The body, or a string out of it.

    Returns:
        The quoted beginning, with an ellipsis where something was left out.
    """
    # Pages begin with empty lines and are indented, so look at far more than is shown.
    beginning = content[:_LOOKED_AT]
    if isinstance(beginning, bytes):
        beginning = beginning.decode("utf-8", errors="replace")
    line = " ".join(beginning.split())
    if len(line) <= EXCERPT_LENGTH and len(content) <= _LOOKED_AT:
        return repr(line)
    return repr(line[:EXCERPT_LENGTH] + "...")


def mask_url(text: str) -> str:
    """Describe a URL without user name, password, query and fragment.

    Args:
        text: The URL, well formed or not.

    Returns:
        The URL to show.
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


def doubled_segment(url_path: str, path: str) -> str:
    """Name what a URL ends in although the paths that are added to it begin with it.

    Args:
        url_path: The path in the URL.
        path: A path that is added to it.

    Returns:
        The segment, such as `api`; empty if there is none.
    """
    last = url_path.rstrip("/").rpartition("/")[2]
    return last if path.split("/")[1] == last else ""
