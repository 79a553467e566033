"""What is shown in the place of secrets, and what finds them.

Descriptions of settings show names alone. Servers and proxies echo requests in their error pages,
with the header that carries the token; a `Redactor` takes it out of errors about the response.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ..urls import mask_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..declare.operation import Operation

__all__ = [
    "HIDDEN",
    "Hidden",
    "Redactor",
    "account_secrets",
    "credential_names",
    "mask_url",
    "secret_parts",
    "show_names",
    "show_url",
    "shown_url",
    "without_values",
]

# Parts of the names of headers.
_CREDENTIALS = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token"
)  # fmt: skip


class _Hidden:
    """What descriptions show in the place of a secret."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<hidden>"


HIDDEN = _Hidden()


class Hidden(dict[str, str]):
    """A dictionary whose values are shown nowhere, for headers and cookies."""

    def __repr__(self) -> str:
        return show_names(self)


def without_values(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a dictionary by its names.

    Args:
        mapping: The dictionary.

    Returns:
        The names, each with a value that is shown as `<hidden>`.
    """
    return dict.fromkeys(mapping, HIDDEN)


def show_names(mapping: Mapping[str, Any]) -> str:
    """Write a dictionary as `repr` does, with its values hidden.

    Args:
        mapping: The dictionary.

    Returns:
        The text.
    """
    return repr(without_values(mapping))


def show_url(url: str) -> str:
    """Write an address as `repr` does, without what may be secret in it.

    Args:
        url: The address.

    Returns:
        The text.
    """
    return repr(mask_url(url))


def credential_names(headers: Mapping[str, str]) -> list[str]:
    """List the header fields whose values are probably secret.

    Args:
        headers: The fields by name.

    Returns:
        Their names.
    """
    return [name for name in headers if any(part in name.lower() for part in _CREDENTIALS)]


def shown_url(operation: Operation, url: str) -> str:
    """Describe a URL of an operation without what may be secret in it.

    Args:
        operation: The operation.
        url: The URL, or the end of it.

    Returns:
        The URL without user name, password, query, fragment and secret path parameters.
    """
    shown = mask_url(url)
    if not operation.secrets:
        return shown
    segments = shown.rstrip("/").split("/")
    for place, segment in enumerate(reversed(operation.path.strip("/").split("/")), 1):
        if segment[1:-1] in operation.secrets and place <= len(segments):
            segments[-place] = "***"
    return "/".join(segments)


# Of a header that may be a credential; a shorter value would blank ordinary words.
_SHORTEST_CREDENTIAL = 8

_MASK = "<hidden>"


def secret_parts(operation: Operation, url: str) -> list[str]:
    """List the secret path parameters in a URL of an operation.

    Args:
        operation: The operation.
        url: The URL without query and fragment.

    Returns:
        Their values, as they stand in the URL.
    """
    if not operation.secrets:
        return []
    segments = url.rstrip("/").split("/")
    return [
        segments[-place]
        for place, segment in enumerate(reversed(operation.path.strip("/").split("/")), 1)
        if segment[1:-1] in operation.secrets and place <= len(segments)
    ]


class Redactor:
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
    def of_values(cls, values: Iterable[str], secrets: Iterable[str] = ()) -> Redactor:
        """Redact credentials, and each word of them that is long enough.

        Args:
            values: What headers and cookies held.
            secrets: What is redacted as it is, such as the token.

        Returns:
            The redactor.
        """
        found = set(secrets)
        for value in values:
            found.update(_words(value))
        return cls(found)

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
