# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Keeps the cookies of answers, but for those that no request can carry.

httpx keeps all of them, and one that is not ASCII would make every further request fail. It also
takes a tenth of a call to look for cookies in an answer that has none.
"""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["set_cookies"]


class _SendableOnly(DefaultCookiePolicy):
    """The standard library's rules, and that a cookie can be written into a header."""

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        # With an old form of cookies, path and domain are sent as well.
        text = f"{cookie.name}{cookie.value}{cookie.path}{cookie.domain}"
        return text.isascii() and text.isprintable() and super().set_ok(cookie, request)


class _Cookies(httpx.Cookies):
    """Looks for cookies only in answers that have some."""

    def extract_cookies(self, response: httpx.Response) -> None:
        # `in response.headers` takes longer.
        if any(name.lower() == b"set-cookie" for name, _ in response.headers.raw):
            super().extract_cookies(response)


def set_cookies(client: httpx.Client | httpx.AsyncClient, cookies: Mapping[str, str]) -> None:
    """Replace the cookies of an httpx client, in one step.

    Args:
        client: The client, which from now on keeps only cookies that can be sent.
        cookies: The values by name.
    """
    jar = CookieJar(_SendableOnly())
    filled = httpx.Cookies(jar)
    for name, value in cookies.items():
        filled.set(name, value)
    client.cookies = jar  # given httpx's own class, it would fill a jar without our policy
    # Type checkers take it for what was assigned.
    client.cookies.__class__ = _Cookies  # type: ignore[assignment, unused-ignore]
