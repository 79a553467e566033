# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Keeps the cookies of responses: those that a request can carry, and not without limit."""

from __future__ import annotations

import logging
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from ..._identity import PUBLIC_PACKAGE
from ..settings.headers import MOST_COOKIE_BYTES, MOST_COOKIES
from .libraries import library_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["set_cookies", "tell_of_dropped_cookies"]

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
