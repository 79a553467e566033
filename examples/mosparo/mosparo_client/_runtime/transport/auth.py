# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How requests prove who sends them: with the token, or with user name and password."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

from ..._identity import AUTH_NAME, AUTH_PLACE
from ..errors import InvalidRequest
from ..settings.token import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from ..settings.config import Config

__all__ = ["OWN_HEADER", "TARGET_OF", "TokenAuth", "auth_of", "own_auth_of"]

#: Where a request tells which URL its `target` with a token is for.
TARGET_OF = "target_of"
#: Where a request tells the header that has its token, if an operation chose it.
OWN_HEADER = "own_header"


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
                    request.extensions = {**request.extensions, OWN_HEADER: self._header_name}
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
        path = request.url.raw_path
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


def own_auth_of(config: Config, token: tuple[str, str, str]) -> TokenAuth | None:
    """Make what authenticates an operation that wants the token in another place.

    Args:
        config: The settings of the client.
        token: The place, the name there, and the word before the token.

    Returns:
        None if there is no token, or if the client chooses its own header.
    """
    if config.token is None or config.auth_header_name != AUTH_NAME:
        return None
    place, name, prefix = token
    return TokenAuth(config.token.read, header_name=name, prefix=prefix, place=place)
