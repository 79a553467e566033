"""Keeps what a request proves its sender with out of errors about the answer.

Servers and proxies echo requests in their error pages, with the header that carries the token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .masking import credential_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...client.client import AuthenticatedClient, Client
    from .http import HttpxResponse
    from .token import Secret

__all__ = ["Hider", "account_secrets"]

# Of a header that may be a credential; a shorter value would blank ordinary words.
_SHORTEST_CREDENTIAL = 8

_MASK = "<hidden>"


class Hider:
    """Blanks the token, and other credentials that were sent, in what came back.

    Args:
        secrets: What to blank.
    """

    __slots__ = ("_pattern",)

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first, so that no part of it is replaced before it.
        forms = [_any_spelling(secret) for secret in sorted(set(secrets), key=len, reverse=True)]
        self._pattern = re.compile("|".join(filter(None, forms)) or r"(?!)", re.IGNORECASE)

    @classmethod
    def of_answer(
        cls,
        client: AuthenticatedClient | Client,
        response: HttpxResponse,
        further: Iterable[str] = (),
    ) -> Hider:
        """Hide what was sent for an answer.

        Args:
            client: Whose token it is.
            response: The answer, for the headers of its request, and of those before it.
            further: What else is secret.

        Returns:
            What hides it.
        """
        secret: Secret | None = getattr(client, "_token", None)
        # What a function returns may be another token by now; the one that was sent is in a header.
        secrets = {secret.read() if secret is not None and secret.is_fixed else "", *further}
        token_header = getattr(client, "auth_header_name", "Authorization")
        for answer in (*response.history, response):
            sent = answer.request.headers
            names = {*credential_names(sent), *({token_header} if token_header in sent else ())}
            for name in names:
                secrets.update(_words(sent[name]))
        return cls(secrets)

    @classmethod
    def of_client(cls, client: AuthenticatedClient | Client) -> Hider:
        """Hide what a client sends, where the request itself is not known.

        Args:
            client: Whose credentials they are. Authentication in `httpx_args` is not looked at.

        Returns:
            What hides it.
        """
        secret: Secret | None = getattr(client, "_token", None)
        secrets = {"" if secret is None else secret.read()}
        headers, cookies = client._headers, client._cookies
        for value in (*(headers[name] for name in credential_names(headers)), *cookies.values()):
            secrets.update(_words(value))
        secrets.update(account_secrets(client._base_url))
        return cls(secrets)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def in_text(self, text: str) -> str:
        """Blank the secrets in a text.

        Args:
            text: The text.

        Returns:
            The same text, or one with `<hidden>` in it.
        """
        return self._pattern.sub(_MASK, text)

    def in_content(self, content: bytes) -> bytes:
        """Blank the secrets in a body.

        Args:
            content: The body, in any encoding that contains ASCII.

        Returns:
            The same body, or one with `<hidden>` in it.
        """
        text = content.decode("latin-1")  # a byte is a character, so nothing else changes
        return self.in_text(text).encode("latin-1")

    def in_headers(self, headers: Any) -> Mapping[str, str]:
        """Blank the secrets in the headers of an answer.

        Args:
            headers: The headers.

        Returns:
            The same headers, or others with `<hidden>` in them.
        """
        # As bytes: a header that is not ASCII cannot be written from text.
        pairs = [(name, self.in_content(value)) for name, value in headers.raw]
        changed: Mapping[str, str] = type(headers)(pairs)
        return changed


def account_secrets(url: str) -> set[str]:
    """List the secret texts that the account in an address becomes.

    Args:
        url: The address.

    Returns:
        The password, and what is sent for it; nothing if the address has no account.
    """
    from base64 import b64encode
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(url)
    if parts.username is None:
        return set()
    password = unquote(parts.password or "")
    account = f"{unquote(parts.username)}:{password}"
    return {b64encode(account.encode()).decode(), *_words(password)}


def _words(value: str) -> set[str]:
    """List a value, and each word of it: "Bearer" may be lost, and one of many cookies kept."""
    words = [value, *re.split(r"[\s;=,]+", value)]
    return {word for word in words if len(word) >= _SHORTEST_CREDENTIAL}


def _any_spelling(secret: str) -> str:
    """Make a pattern for a secret as it is, and as JSON, HTML, and addresses escape it.

    JSON in a text of JSON is escaped twice, so that there are more backslashes than one.
    """
    return "".join(
        re.escape(character)
        if character.isalnum()
        else (
            rf"(?:\\*{re.escape(character)}|\\+u{ord(character):04x}|&#0*{ord(character)};"
            rf"|&#x0*{ord(character):x};|&[a-z]+;|%{ord(character):02x})"
        )
        for character in secret
    )
