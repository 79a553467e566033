"""What is done with each request before it is sent, and with each response before it is read.

Credentials stay where they belong, no body fills the memory, and of the cookies of responses those
are kept that a request can carry, and not without limit.
"""

from __future__ import annotations

import ipaddress
import logging
import sys
import warnings
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from ..._identity import PUBLIC_PACKAGE
from ..errors import InsecureTransportWarning
from ..settings.headers import MOST_COOKIE_BYTES, MOST_COOKIES
from ..settings.shown import credential_names
from .http_settings import library_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "ACCEPT_ENCODING",
    "OWN_HEADERS",
    "TARGET_OF",
    "bounding",
    "is_exposed",
    "set_cookies",
    "stripping",
    "tell_of_dropped_cookies",
    "warning",
]

#: Where a request tells which URL its `target` with a token is for.
TARGET_OF = "target_of"
#: Where a request tells the headers with credentials that an operation chose.
OWN_HEADERS = "own_headers"
#: The compressions that are asked for. Others make it impossible to say how much memory is needed.
ACCEPT_ENCODING = "gzip, deflate"

_HIGHEST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}
# What stands between a caller and a request: this package, and what it uses.
_PACKAGE = __name__.partition("_runtime.")[0]
_LIBRARIES = frozenset({"anyio", "contextlib", "httpx", "httpx2"})


def stripping(base_url: httpx.URL, header_name: str) -> Callable[[httpx.Request], None]:
    """Make what takes the credentials out of a request that a redirection sends elsewhere.

    httpx itself takes out `Authorization` only. The token may be in another header, and cookies of
    the client belong to no host, so that httpx would send them to every one.

    Args:
        base_url: The URL of the server that the credentials are for.
        header_name: The header that carries the token.

    Returns:
        A function for the event hooks of an httpx client.
    """
    scheme, host, port = base_url.raw_scheme, base_url.raw_host, base_url.port

    def strip(request: httpx.Request) -> None:
        url = request.url
        extensions = request.extensions
        if TARGET_OF in extensions and extensions[TARGET_OF] != str(url):
            # A redirection; it would be sent to the path of the first request, token included.
            kept = {k: v for k, v in extensions.items() if k not in {"target", TARGET_OF}}
            request.extensions = kept
        if url.raw_host == host and url.port == port and url.raw_scheme == scheme:
            return
        if not 0 <= (url.port or 0) <= _HIGHEST_PORT:
            raise httpx.InvalidURL("there is no such port")
        if _is_upgrade(base_url, url):
            return
        own = (header_name, *extensions.get(OWN_HEADERS, ()))
        for name in {*credential_names(request.headers), *own}:
            request.headers.pop(name, None)

    return strip


def warning(base_url: httpx.URL) -> Callable[[httpx.Request], None]:
    """Make what warns once of credentials that everyone on the way can read.

    Args:
        base_url: The URL of the server.

    Returns:
        A function for the event hooks of an httpx client.
    """
    is_told = False

    def warn(_: httpx.Request) -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            warnings.warn(
                f"credentials are sent to {_host(base_url)} over plain http, where everyone on the "
                "way can read them: use a URL with https://, or silence "
                f"{PUBLIC_PACKAGE}.errors.InsecureTransportWarning if the network is trusted",
                InsecureTransportWarning,
                stacklevel=_callers_level(),
            )

    return warn


def _callers_level() -> int:
    """Count the frames up to the one that calls an operation, as `warnings.warn` does."""
    level = 1
    frame = sys._getframe(1)
    while (above := frame.f_back) is not None:
        frame, level = above, level + 1
        module = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] not in _LIBRARIES and not f"{module}.".startswith(_PACKAGE):
            return level
    return 1


def is_exposed(base_url: httpx.URL) -> bool:
    """Whether what is sent to a URL can be read on the way.

    Args:
        base_url: The URL.

    Returns:
        False for https, and for this machine itself.
    """
    host = _host(base_url).rstrip(".").lower()
    if base_url.scheme != "http" or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def _host(url: httpx.URL) -> str:
    """Name the host as it is sent: `httpx.URL.host` fails where international names are invalid."""
    return url.raw_host.decode("ascii")


def _is_upgrade(base_url: httpx.URL, url: httpx.URL) -> bool:
    """Whether a URL is the same one with TLS, as httpx sees it too."""
    return (
        (base_url.scheme, url.scheme, url.raw_host) == ("http", "https", base_url.raw_host)
        and (base_url.port or _PORTS["http"]) == _PORTS["http"]
        and (url.port or _PORTS["https"]) == _PORTS["https"]
    )


def bounding(max_bytes: int | None) -> Callable[[httpx.Response], None]:
    """Make what is called with each response before its body is read.

    Args:
        max_bytes: How many bytes a body that is read as a whole may have, and a line of one that
            is read line by line; None for any number.

    Returns:
        A function for the event hooks of a client of an HTTP library.
    """

    def bound(response: httpx.Response) -> None:
        length = b""
        is_compressed = is_chunked = False
        for name, value in response.headers.raw:  # `headers.get` takes longer
            lower = name.lower()
            if lower == b"content-encoding":
                is_compressed = True
            elif lower == b"content-length":
                length = value
            elif lower == b"transfer-encoding":
                is_chunked = True
        if is_chunked and length:
            # RFC 9112, section 6.3: one of them is a lie, perhaps to get past somebody.
            raise library_of(response).RemoteProtocolError(
                "the response has a Content-Length and a Transfer-Encoding",
                request=response.request,
            )
        # The library checks the length, so that such a body needs no more attention.
        is_known = length.isdigit() and not is_compressed
        if is_known and (max_bytes is None or int(length) <= max_bytes):
            return
        from .bounded import bound_body  # which takes time to load

        bound_body(response, max_bytes)

    return bound


logger = logging.getLogger(PUBLIC_PACKAGE)


class _SendableOnly(DefaultCookiePolicy):
    """The standard library's rules, and that a cookie can be written into a header.

    One that is not ASCII would make every further request fail.
    """

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        # With an old form of cookies, path and domain are sent as well.
        text = f"{cookie.name}{cookie.value}{cookie.path}{cookie.domain}"
        return text.isascii() and text.isprintable() and super().set_ok(cookie, request)


class _BoundedJar(CookieJar):
    """Drops the oldest cookies of responses where they become too many."""

    def __init__(self) -> None:
        super().__init__(_SendableOnly())
        self._sizes: dict[tuple[str, str, str], int] = {}
        self._is_receiving = False
        self._is_told = False

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep the cookies of a response.

        Args:
            response: The response.
            request: The request.
        """
        with self._cookies_lock:  # type: ignore[attr-defined]  # an RLock, unknown to typeshed
            self._is_receiving = True
            try:
                super().extract_cookies(response, request)
            finally:
                self._is_receiving = False

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep a cookie.

        Args:
            cookie: The cookie. One that the program has set is never dropped.
        """
        with self._cookies_lock:  # type: ignore[attr-defined]
            super().set_cookie(cookie)
            if self._is_receiving:
                self._bound(cookie)

    def _bound(self, cookie: Cookie) -> None:
        key = (cookie.domain, cookie.path, cookie.name)
        self._sizes.pop(key, None)
        self._sizes[key] = sum(map(len, (*key, cookie.value or "")))
        while len(self._sizes) > MOST_COOKIES or sum(self._sizes.values()) > MOST_COOKIE_BYTES:
            oldest = next(iter(self._sizes))
            del self._sizes[oldest]
            try:
                self.clear(*oldest)
            except KeyError:  # it has expired
                continue
            self._tell()

    def _tell(self) -> None:
        if not self._is_told:
            self._is_told = True
            tell_of_dropped_cookies()


def tell_of_dropped_cookies() -> None:
    """Write a warning into the log."""
    logger.warning(
        "The server sets more than %d cookies or %d KiB of them; the oldest are dropped.",
        MOST_COOKIES,
        MOST_COOKIE_BYTES // 1024,
    )


class _Cookies(httpx.Cookies):
    """Looks for cookies only in responses that have some; httpx takes a tenth of a call for it."""

    def extract_cookies(self, response: httpx.Response) -> None:
        # `in response.headers` takes longer.
        if any(name.lower() == b"set-cookie" for name, _ in response.headers.raw):
            super().extract_cookies(response)


def set_cookies(client: httpx.Client | httpx.AsyncClient, cookies: Mapping[str, str]) -> None:
    """Replace the cookies of an HTTP client, in one step.

    Args:
        client: The client.
        cookies: The values by name.
    """
    jar = _BoundedJar()
    http = library_of(client)
    filled = http.Cookies(jar)
    for name, value in cookies.items():
        filled.set(name, value)
    client.cookies = jar  # given the library's own class, it would fill a jar without our policy
    if http is httpx:
        # Type checkers take it for what was assigned.
        client.cookies.__class__ = _Cookies  # type: ignore[assignment, unused-ignore]
