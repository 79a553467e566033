# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Settings from environment variables, as containers and pipelines are given them."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from ..._identity import EXAMPLE_URL, NAME
from ..errors import InvalidRequest
from ..settings.checks import check_seconds

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from datetime import timedelta
    from typing import TypedDict

    from ..settings.checks import Transport
    from ..settings.retries import Retries
    from ..transport.http_settings import Timeout

    class ConnectionOptions(TypedDict, total=False):
        """What an object takes besides the URL, and the environment to read."""

        environ: Mapping[str, str]
        cookies: Mapping[str, str] | None
        headers: Mapping[str, str] | None
        timeout: Timeout | float | timedelta | None
        verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext
        follow_redirects: bool
        httpx_args: Mapping[str, Any] | None
        transport: Transport | None
        retries: Retries | None
        deadline: float | timedelta | None
        max_body_bytes: int | None
        strict_enums: bool
        server_version: str | None

    class ClientOptions(ConnectionOptions, total=False):
        """The arguments of a `Client`, and the environment to read."""

        base_url: str
        raise_on_unexpected_status: bool

    class TokenOptions(ClientOptions, total=False):
        """The arguments of an `AuthenticatedClient`, and the environment to read."""

        token: str | Callable[[], str]
        prefix: str
        auth_header_name: str

    class CredentialOptions(TokenOptions, total=False):
        """The same, for an API with several security schemes."""

        credentials: Mapping[str, str | Callable[[], str]] | None


__all__ = ["read_environment", "read_token"]

_PREFIX = NAME.upper()
_URL = f"{_PREFIX}_URL"
_KEY = f"{_PREFIX}_API_KEY"
_KEY_FILE = f"{_PREFIX}_API_KEY_FILE"
_TIMEOUT = f"{_PREFIX}_TIMEOUT"

_LONGEST_KEY = 65_536  # bytes of a file; a longer one is no API key


def read_environment(options: Mapping[str, Any], *, with_token: bool) -> dict[str, Any]:
    """Complete the arguments of a client with what the environment says.

    Args:
        options: The arguments that are given, and `environ`.
        with_token: Whether there has to be a token.

    Returns:
        All arguments.

    Raises:
        InvalidRequest: A variable is missing or invalid.
    """
    arguments = {name: options[name] for name in options if name != "environ"}
    environ: Mapping[str, str] = options.get("environ", os.environ)
    if "base_url" not in arguments:
        arguments["base_url"] = _base_url(environ)
    if with_token and "token" not in arguments:
        arguments["token"] = _token(environ)
    if "timeout" not in arguments and environ.get(_TIMEOUT):
        arguments["timeout"] = _seconds(environ[_TIMEOUT])
    return arguments


def read_token(environ: Mapping[str, str]) -> str | Callable[[], str] | None:
    """Find the API key, or what reads it; None where no variable names one."""
    if not environ.get(_KEY) and not environ.get(_KEY_FILE):
        return None
    return _token(environ)


def _base_url(environ: Mapping[str, str]) -> str:
    value = environ.get(_URL, "").strip()
    if not value:
        raise InvalidRequest(
            f"the environment variable {_URL} is not set: set it to {EXAMPLE_URL!r} or another URL"
        )
    return value


def _token(environ: Mapping[str, str]) -> str | Callable[[], str]:
    has_key = bool(environ.get(_KEY))
    path = environ.get(_KEY_FILE, "")
    if has_key and path:
        raise InvalidRequest(
            f"both {_KEY} and {_KEY_FILE} are set: remove the one that does not hold the API key"
        )
    if path:
        key_file = KeyFile(path)
        key_file()  # to tell now what is wrong with it
        return key_file
    if not has_key:
        raise InvalidRequest(
            f"neither {_KEY} nor {_KEY_FILE} is set: set {_KEY} to an API key, or {_KEY_FILE} to "
            "the path of a file that holds one"
        )
    return environ[_KEY].strip()


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise InvalidRequest(f"{_TIMEOUT} must be a number of seconds, got {text!r}") from None
    check_seconds(_TIMEOUT, seconds, or_zero=False, or_none=False)
    return seconds


class KeyFile:
    """Reads an API key from a file, for each request: timestamps do not show every change.

    Args:
        path: The file.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._path!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._path,)

    def __call__(self) -> str:
        """Return the key.

        Raises:
            InvalidRequest: The file cannot be read, or holds no key.
        """
        content, key = b"", ""
        try:
            content = self._content()
            key = content.decode("utf-8-sig").strip()
            problem = "" if key else "holds no API key"
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            problem = "is not UTF-8"
        if len(content) > _LONGEST_KEY:
            problem = f"is larger than {_LONGEST_KEY:,} bytes, too large for an API key"
        if problem:
            # Not above: that exception may have the content, and would be the context of this one.
            del content
            raise InvalidRequest(f"{_KEY_FILE} names {self._path!r}, which {problem}")
        return key

    def _content(self) -> bytes:
        # A pipe without a writer would block the call before anything could be found out about it.
        file = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            mode = os.fstat(file).st_mode
            if not stat.S_ISREG(mode):
                is_folder = stat.S_ISDIR(mode)
                raise OSError(0, "Is a directory" if is_folder else "Is not a regular file")
            return os.read(file, _LONGEST_KEY + 1)
        finally:
            os.close(file)
