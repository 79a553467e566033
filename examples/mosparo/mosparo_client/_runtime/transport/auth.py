# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How requests prove who sends them: with the token, or with user name and password."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

from ..._identity import AUTH_NAME, AUTH_PLACE, AUTH_PREFIX, SCHEMES
from ..errors import InvalidRequest
from ..settings.headers import Secret
from .hooks import OWN_HEADERS, TARGET_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from ..settings.config import Config

__all__ = ["TokenAuth", "auth_of", "own_auth_of"]

_USUAL = (AUTH_PLACE, AUTH_NAME, AUTH_PREFIX)


class TokenAuth:
    """Sets the header that carries the token, on each request as it is sent.

    Each HTTP library takes a function for its `auth`.

    So the token is in no dictionary of headers that could be printed or copied.

    Args:
        read_token: Returns the token to use now.
        header_name: The header's name.
        prefix: The word before the token; an empty string for the bare token.
        place: Where an operation wants it; None for what the client says.
    """

    def __init__(
        self,
        read_token: Callable[[], str],
        *,
        header_name: str,
        prefix: str,
        place: str | None = None,
    ) -> None:
        self._read_token = read_token
        self._header_name = header_name
        self._prefix = f"{prefix} " if prefix else ""
        # A client that names another header than this API's place for the token means a header.
        self._place = place or (AUTH_PLACE if header_name == AUTH_NAME else "header")
        self._is_own = place is not None

    def __call__(self, request: httpx.Request) -> httpx.Request:
        """Set the header.

        Args:
            request: The request that is about to be sent.

        Returns:
            The same request.

        Raises:
            InvalidRequest: The token is empty or cannot be sent in a header.
        """
        try:
            if self._place == "query":
                self._set_query(request)
            elif self._place == "cookie":
                cookies = [
                    request.headers.get("Cookie", ""),
                    f"{self._header_name}={self._token()}",
                ]
                request.headers["Cookie"] = "; ".join(filter(None, cookies))
            else:
                request.headers[self._header_name] = self._prefix + self._token()
                if self._is_own:
                    own = (*request.extensions.get(OWN_HEADERS, ()), self._header_name)
                    request.extensions = {**request.extensions, OWN_HEADERS: own}
        except InvalidRequest as error:
            del request  # its description shows the whole URL
            raise error.with_traceback(None) from None
        return request

    def _token(self) -> str:
        token = Secret(self._read_token()).read()
        if self._prefix == "Basic " and ":" in token:
            return b64encode(token.encode()).decode("ascii")
        return token

    def _set_query(self, request: httpx.Request) -> None:
        """Add the token to what is sent, but not to the URL, which is shown in many places."""
        path = request.extensions.get("target", request.url.raw_path)
        separator = b"&" if b"?" in path else b"?"
        pair = urlencode({self._header_name: self._token()}).encode("ascii")
        request.extensions = {
            **request.extensions,
            "target": path + separator + pair,
            TARGET_OF: str(request.url),
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}(header_name={self._header_name!r}, token=<hidden>)"


def auth_of(config: Config) -> TokenAuth | tuple[str, str] | None:
    """Make what authenticates the requests of a client.

    Args:
        config: The settings of the client.

    Returns:
        The token's, or else that of the user name in the URL; None if there is neither.
    """
    if config.token is not None:
        return TokenAuth(
            config.token.read, header_name=config.auth_header_name, prefix=config.prefix
        )
    parts = urlsplit(config.base_url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def own_auth_of(
    config: Config, schemes: tuple[tuple[str, ...], ...]
) -> Callable[[httpx.Request], httpx.Request] | None:
    """Make what authenticates an operation that needs other security schemes than the usual one.

    Args:
        config: The settings of the client.
        schemes: The alternatives, the best first.

    Returns:
        What sets the credentials; None if what the client does anyway is right. The token serves
        the usual scheme, or else the first one that has no credential of its own.
    """
    if config.token is None:
        return None
    given = config.credentials
    # Those that are given by name are meant; else one that nothing is missing for.
    names = min(schemes, key=lambda each: _missing(each, given))
    usual = [name for name in names if SCHEMES[name] == _USUAL]
    with_token = next(iter((*usual, *(name for name in names if name not in given))), None)
    found: list[Callable[[httpx.Request], httpx.Request]] = []
    for name in names:
        place, key, prefix = SCHEMES[name]
        if name == with_token:
            if config.auth_header_name != AUTH_NAME or SCHEMES[name] == _USUAL:
                key, prefix, place = config.auth_header_name, config.prefix, ""
            found.append(_auth(config.token, key, prefix, place))
        elif name in given:
            found.append(_auth(given[name], key, prefix, place))
    return found[0] if len(found) == 1 else _Together(found)


def _missing(names: tuple[str, ...], given: Mapping[str, Secret]) -> int:
    if all(name in given for name in names):
        return 0
    return 1 + sum(name not in given and SCHEMES[name] != _USUAL for name in names)


def _auth(secret: Secret, name: str, prefix: str, place: str) -> TokenAuth:
    return TokenAuth(secret.read, header_name=name, prefix=prefix, place=place or None)


class _Together:
    """Sets several credentials.

    Args:
        each: What sets one.
    """

    def __init__(self, each: list[Callable[[httpx.Request], httpx.Request]]) -> None:
        self._each = each

    def __call__(self, request: httpx.Request) -> httpx.Request:
        for set_credential in self._each:
            request = set_credential(request)
        return request

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._each)})"
