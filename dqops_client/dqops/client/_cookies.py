"""Keeps only those cookies of an answer that a request can carry.

httpx keeps all of them. One that is not ASCII would make every further request fail.
"""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._http_settings import AsyncHttpxClient, HttpxClient

__all__ = ["set_cookies"]


class _SendableOnly(DefaultCookiePolicy):
    """The standard library's rules, and that a cookie can be written into a header."""

    def set_ok(self, cookie: Cookie, request: Any) -> bool:
        # With an old form of cookies, path and domain are sent as well.
        text = f"{cookie.name}{cookie.value}{cookie.path}{cookie.domain}"
        return text.isascii() and text.isprintable() and super().set_ok(cookie, request)


def set_cookies(client: HttpxClient | AsyncHttpxClient, cookies: Mapping[str, str]) -> None:
    """Replace the cookies of an httpx client, in one step.

    Args:
        client: The client, which from now on keeps only cookies that can be sent.
        cookies: The values by name.
    """
    jar = CookieJar(_SendableOnly())
    filled = type(client.cookies)(jar)
    for name, value in cookies.items():
        filled.set(name, value)
    client.cookies = jar  # given httpx's own class, it would fill a jar without our policy
