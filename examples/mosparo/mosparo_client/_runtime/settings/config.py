# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""All settings of a client at one moment."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from .headers import merge_headers, newest_cookies, sendable_cookies
from .retries import Frozen
from .shown import credential_names

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    from ..declare.messages import RawResponse
    from .checks import Transport
    from .headers import Secret
    from .redaction import Redactor
    from .retries import Retries

    class Timeouts(Protocol):
        """Seconds that each step of a request may take; None for no limit."""

        connect: float | None
        read: float | None
        write: float | None
        pool: float | None


__all__ = ["Config", "PerRequest"]


class PerRequest:
    """What `with_options` adds to each request, on top of what the connections were made with.

    Args:
        timeout: The limits of each step; None for those of the connections.
        headers: Header fields.
        cookies: Cookies.
    """

    __slots__ = ("cookies", "headers", "timeout")

    def __init__(
        self,
        timeout: Timeouts | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self.timeout = timeout
        self.headers = headers or {}
        self.cookies = cookies or {}

    def merged(
        self, timeout: Timeouts | None, headers: Mapping[str, str], cookies: Mapping[str, str]
    ) -> PerRequest:
        """Make what a view of a view adds.

        Args:
            timeout: The limits of each step; None for the same.
            headers: Header fields; they replace those of the same name.
            cookies: Cookies; they replace those of the same name.
        """
        return PerRequest(
            self.timeout if timeout is None else timeout,
            merge_headers(self.headers, headers),
            {**self.cookies, **cookies},
        )

    def keeping(self, cookies: Mapping[str, str], sent: Iterable[str]) -> PerRequest:
        """Make what a view adds when it keeps further cookies.

        Args:
            cookies: The values by name; they replace those of the same name.
            sent: The names of all cookies that are not dropped.
        """
        every = {**self.cookies, **cookies}
        kept = {name: every[name] for name in sent if name in every}
        return PerRequest(self.timeout, self.headers, kept)


class Config(Frozen):
    """The settings of a client, checked. They never change, and are shown nowhere.

    Attributes:
        base_url: The URL that all paths are appended to.
        cookies: Cookies to send with each request.
        headers: Headers to send with each request.
        timeout: The limits of each step of a request.
        verify_ssl: Whether, and by what, the server's certificate is verified.
        follow_redirects: Whether redirections are followed.
        raise_on_unexpected_status: Whether a response that is no success raises.
        httpx_args: Further arguments of the HTTP library's clients.
        transport: Which library carries calls.
        retries: When a request is sent again; None for never.
        deadline: Seconds that a call may take in all; None for any time.
        max_body_bytes: How large a body may be; None for any size.
        strict_enums: Whether strings that are no known values of enumerations are refused.
        server_version: The version of the server; None where it is not known.
        token: The token; None without one.
        prefix: The word before the token.
        auth_header_name: The header that carries the token.
        credentials: Further ones, by the security scheme.
        how_to_authenticate: What to do where a token is missing; empty for the usual advice.
        per_request: What each request gets on top; None for nothing.
        kept_cookies: The names of those cookies that came in responses, the oldest first.
    """

    base_url: str
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    timeout: Timeouts
    verify_ssl: bool | str | ssl.SSLContext
    follow_redirects: bool
    raise_on_unexpected_status: bool
    httpx_args: Mapping[str, Any]
    transport: Transport
    retries: Retries | None
    deadline: float | None
    max_body_bytes: int | None
    strict_enums: bool
    server_version: str | None
    token: Secret | None
    prefix: str
    auth_header_name: str
    credentials: Mapping[str, Secret]
    how_to_authenticate: str
    per_request: PerRequest | None
    kept_cookies: tuple[str, ...]

    def __init__(self, **settings: Any) -> None:
        usual = {"token": None, "prefix": "", "auth_header_name": "Authorization"}
        vars(self).update(usual, credentials={}, how_to_authenticate="")
        vars(self).update(per_request=None, kept_cookies=())
        vars(self).update(settings)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        aside: dict[str, Any] = {"per_request": None, "kept_cookies": ()}
        return {**vars(self), **aside} == {**vars(other), **aside}

    __hash__ = None  # type: ignore[assignment]

    def changed(self, **settings: Any) -> Config:
        """Make settings of which some differ.

        Args:
            **settings: The fields that differ.

        Returns:
            The settings.
        """
        return Config(**{**vars(self), **settings})

    def keeping(self, cookies: Mapping[str, str]) -> Config:
        """Make settings with further cookies, and without the oldest of those that were added so.

        Args:
            cookies: The values by name; they replace those of the same name.

        Returns:
            The settings. Cookies that the client was made with stay, however many there are.
        """
        known = {name: self.cookies[name] for name in self.kept_cookies if name not in cookies}
        added = {
            name: cookies[name]
            for name in cookies
            if name in self.kept_cookies or name not in self.cookies
        }
        kept = newest_cookies({**known, **added})
        dropped = (known.keys() | added.keys()) - kept.keys()
        every = {**self.cookies, **cookies}
        return self.changed(
            cookies={name: every[name] for name in every if name not in dropped},
            kept_cookies=tuple(kept),
        )

    def cookies_of(self, response: RawResponse) -> dict[str, str]:
        """List the cookies of a response that further requests may carry.

        Args:
            response: The response.

        Returns:
            The values by name; without names that repeat a secret, because descriptions of the
            client show the names.
        """
        redactor = self.redactor_of(response)
        return {
            name: value
            for name, value in sendable_cookies(response.cookies()).items()
            if name in self.cookies or redactor.in_text(name) == name
        }

    def independent(self, **settings: Any) -> Config:
        """Make the settings of a client that shares neither token nor connections with this one.

        Args:
            **settings: The fields that differ.

        Returns:
            The settings.
        """
        own = {
            "token": copy(self.token),
            "credentials": {name: copy(each) for name, each in self.credentials.items()},
        }
        return self.changed(**{**own, "per_request": None, **settings})

    def redactor(self) -> Redactor:
        """Redact what the client sends, where the request itself is not known.

        Returns:
            The redactor. Authentication in `httpx_args` is not looked at.
        """
        from .redaction import Redactor, account_secrets, proxy_secrets

        values = [self.headers[name] for name in credential_names(self.headers)]
        token = "" if self.token is None else self.token.read()
        return Redactor.of_values(
            [*values, *self.cookies.values()],
            {
                token,
                *(each.read() for each in self.credentials.values()),
                *account_secrets(self.base_url),
                *proxy_secrets(self.httpx_args),
            },
        )

    def redactor_of(self, response: RawResponse, further: Iterable[str] = ()) -> Redactor:
        """Redact what was sent for a response.

        Args:
            response: The response.
            further: What else is secret.

        Returns:
            The redactor.
        """
        from .redaction import Redactor, proxy_secrets

        # What a function returns may be another token by now; the one that was sent is in a header.
        held = [*self.credentials.values(), *(() if self.token is None else (self.token,))]
        return Redactor.of_values(
            response.credentials(self.auth_header_name),
            {
                *(each.read() for each in held if each.is_fixed),
                *further,
                *proxy_secrets(self.httpx_args),
            },
        )
