# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What a client is told, checked before anything is sent.

No message here has the value of a token, header or cookie, nor the user name and password of a
URL. Functions that are given such a value forget it before they raise, so that tools which
print the local variables of a traceback show none either.
"""

from __future__ import annotations

import os
import re
import ssl
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..._identity import DISTRIBUTION, EXAMPLE_URL, NAME
from ..errors import InvalidRequest
from ..public import mask_url
from .shown import forgetting

if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    Transport: TypeAlias = Literal["httpx", "httpx2", "aiohttp"]

__all__ = [
    "as_seconds",
    "check_base_url",
    "check_deadline",
    "check_max_body_bytes",
    "check_seconds",
    "check_server_version",
    "check_transport",
    "check_verify_ssl",
    "has_usable",
]

# 31 years. Sockets and event loops take a little more, and then fail in ways of their own.
_MOST_SECONDS = 1_000_000_000

_TRANSPORTS = "'httpx', 'httpx2' or 'aiohttp'"
# The oldest usable versions: older ones of aiohttp have no timeout for sending.
_OLDEST = {"aiohttp": (3, 12), "httpx2": (2, 16)}
_VERSION = r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,9}"


@forgetting
def check_base_url(text: str) -> str:
    """Check the URL that all paths are appended to.

    Args:
        text: The URL; whitespace around it is dropped.

    Returns:
        The URL.

    Raises:
        InvalidRequest: It is not the URL of an HTTP server, or has a query or a fragment.
    """
    problem = _base_url_problem(text)
    if problem:
        raise InvalidRequest(problem)
    # One slash at the end or none makes no difference; two would become part of every path.
    url = text.strip()
    return url.rstrip("/") + "/" if url.endswith("//") else url


def _base_url_problem(text: object) -> str:
    if not isinstance(text, str):
        return f"base_url must be a string, got {type(text).__name__}"
    text = text.strip()
    if not text:
        return f"base_url is empty; expected for example {EXAMPLE_URL!r}"
    shown = repr(mask_url(text))
    if any(each.isspace() or each < " " or each == "\x7f" for each in text):
        return f"base_url {shown} contains whitespace or a control character"
    try:
        parts = urlsplit(text)
    except ValueError:
        return f"base_url is not a valid URL; expected for example {EXAMPLE_URL!r}"
    # 'localhost:8888' looks like the scheme 'localhost' with the path '8888'.
    if "://" not in text:
        return f"base_url {shown} has no scheme; add 'http://' or 'https://'"
    if parts.scheme not in {"http", "https"}:
        return f"base_url {shown} must start with 'http://' or 'https://'"
    if not parts.hostname:
        return f"base_url {shown} has no host; expected for example {EXAMPLE_URL!r}"
    if ":" not in parts.hostname and not all(
        1 <= len(label) <= 63 for label in parts.hostname.removesuffix(".").split(".")
    ):
        return f"base_url {shown}: each part of the host name must have 1 to 63 characters"
    try:
        _ = parts.port
    except ValueError:
        # Not shown: 'http://user:password' without a host has the password in the port's place.
        return "the port in base_url must be a number from 0 to 65535"
    if "?" in text or "#" in text:
        return f"base_url {shown} must not have a query or fragment: paths are appended to it"
    return ""


def check_deadline(deadline: float | timedelta | None) -> float | None:
    """Check how long a whole call may take.

    Args:
        deadline: Seconds, or a timedelta; None for any time.

    Returns:
        Seconds.

    Raises:
        InvalidRequest: It is no positive number.
    """
    if deadline is None:
        return None
    seconds = as_seconds(deadline)
    check_seconds("deadline", seconds, or_zero=False, or_none=True)
    return float(seconds)


def as_seconds(value: Any) -> Any:
    """Make a number of seconds of a timedelta; anything else stays as it is."""
    return value.total_seconds() if isinstance(value, timedelta) else value


def check_seconds(name: str, value: object, *, or_zero: bool, or_none: bool) -> None:
    """Check a number of seconds.

    Args:
        name: What it is, for the message.
        value: The number.
        or_zero: Whether it may be 0.
        or_none: Whether it could be None, for the message.

    Raises:
        InvalidRequest: It is none, or one that not every clock can count.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if (value > 0 or (or_zero and value == 0)) and value <= _MOST_SECONDS:
            return
        # Python does not print integers of more than some thousand digits.
        shown = repr(value) if abs(value) < 10**30 or isinstance(value, float) else "a larger one"
    else:
        shown = repr(value)
    wanted = ">= 0" if or_zero else "> 0"
    no_limit = ", or None for no limit" if or_none else ""
    raise InvalidRequest(
        f"{name} must be a number of seconds {wanted} and <= {_MOST_SECONDS:,}{no_limit}, "
        f"got {shown}"
    )


def check_max_body_bytes(max_body_bytes: int | None) -> int | None:
    """Check how large the body of a response may be.

    Args:
        max_body_bytes: The number of bytes, or None for any number.

    Returns:
        The same.

    Raises:
        InvalidRequest: It is not an integer >= 1.
    """
    if max_body_bytes is not None and (type(max_body_bytes) is not int or max_body_bytes < 1):
        raise InvalidRequest(
            f"max_body_bytes must be an integer >= 1, or None for no limit, got {max_body_bytes!r}"
        )
    return max_body_bytes


def check_verify_ssl(
    verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext,
) -> bool | str | ssl.SSLContext:
    """Check how a server's TLS certificate is to be verified.

    Args:
        verify_ssl: Whether it must be valid; the path of certificates; or an `ssl.SSLContext`.

    Returns:
        The same, a path as a string.

    Raises:
        InvalidRequest: It is of another kind, or the path does not exist.
    """
    if isinstance(verify_ssl, (bool, ssl.SSLContext)):
        return verify_ssl
    if not isinstance(verify_ssl, (str, os.PathLike)):
        raise InvalidRequest(
            "verify_ssl must be True, False, the path of a file or folder of certificates, or an "
            f"ssl.SSLContext, got {type(verify_ssl).__name__}"
        )
    path = os.fspath(verify_ssl)
    if not os.path.exists(path):  # noqa: PTH110 - the path may be of any kind that open() takes
        raise InvalidRequest(f"verify_ssl: there is no file or folder {path!r}")
    return path


def check_server_version(version: str | None) -> str | None:
    """Check the version of a server.

    Args:
        version: Numbers with points between them, such as `1.7.0` or `1.7`; None for none.

    Returns:
        The version.

    Raises:
        InvalidRequest: It is something else.
    """
    if version is None or (isinstance(version, str) and re.fullmatch(_VERSION, version)):
        return version
    got = repr(version[:40]) if isinstance(version, str) else type(version).__name__
    raise InvalidRequest(f"server_version must be a version such as '1.7.0', or None, got {got}")


def check_transport(transport: Transport | None) -> Transport:
    """Check the choice of what carries calls.

    Args:
        transport: The choice; None for what the environment variable says.

    Returns:
        The choice; httpx where nothing is chosen.

    Raises:
        InvalidRequest: It is unknown or not installed.
    """
    named = "transport"
    if transport is None:
        named = f"the environment variable {NAME.upper()}_TRANSPORT"
        transport = os.environ.get(f"{NAME.upper()}_TRANSPORT", "").strip().lower() or "httpx"  # type: ignore[assignment]
    if transport not in ("httpx", "httpx2", "aiohttp"):
        raise InvalidRequest(f"{named} must be {_TRANSPORTS}, not {transport!r}")
    if transport in _OLDEST and not has_usable(transport):
        oldest = ".".join(map(str, _OLDEST[transport]))
        raise InvalidRequest(
            f"{named} is {transport!r}, which needs {transport} {oldest} or later: run pip install "
            f'"{DISTRIBUTION}[{transport}]"'
        )
    return transport


@cache
def has_usable(distribution: str) -> bool:
    """Find out whether a usable version of a library is installed, without importing it.

    Args:
        distribution: The library.

    Returns:
        Whether it is.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = re.match(r"(\d+)\.(\d+)", version(distribution))
    except PackageNotFoundError:
        return False
    return found is not None and (int(found[1]), int(found[2])) >= _OLDEST[distribution]
