# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How requests prove who sends them: with the token, or with user name and password."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ..errors import InvalidRequest
from ..settings.token import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from ..settings.config import Config

__all__ = ["TokenAuth", "auth_of"]


class TokenAuth:
    """Sets the header that carries the token, on each request as it is sent.

    Each HTTP library takes a function for its `auth`.

    So the token is in no dictionary of headers that could be printed or copied.

    Args:
        read_token: Returns the token to use now.
        header_name: The header's name.
        prefix: The word before the token; an empty string for the bare token.
    """

    def __init__(self, read_token: Callable[[], str], *, header_name: str, prefix: str) -> None:
        self._read_token = read_token
        self._header_name = header_name
        self._prefix = f"{prefix} " if prefix else ""

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
            request.headers[self._header_name] = self._prefix + Secret(self._read_token()).read()
        except InvalidRequest as error:
            del request  # its description shows the whole URL
            raise error.with_traceback(None) from None
        return request

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
