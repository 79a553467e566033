# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Finds secrets in what came back, and blanks them.

Servers and proxies echo requests in their error pages, with the header that carries the token; a
`Redactor` takes it out of errors about the response.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Redactor",
    "account_secrets",
    "proxy_secrets",
]

# Of a header that may be a credential; a shorter value would blank ordinary words.
_SHORTEST_CREDENTIAL = 8

_MASK = "<hidden>"

_LETTERS = r"[^\W_]+"
# At so many places of one string, a part of a secret may stand that proves not to be the whole.
_MOST_PLACES = 10_000
# How many characters one character of a secret may become, by `_spellings`.
_LONGEST_SPELLING = 40


class Redactor:
    """Blanks the token, and other credentials that were sent, in what came back.

    Args:
        secrets: What to blank.
    """

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first, so that no part of it is replaced before it.
        self._secrets = [
            _Spellings(secret) for secret in sorted(set(secrets), key=len, reverse=True) if secret
        ]

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
        """Blank the secrets in a string.

        Args:
            text: The string.

        Returns:
            The same string, or one with `<hidden>` in it.
        """
        for secret in self._secrets:
            text = secret.hide_in(text)
        return text

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
        """Blank the secrets in the headers of a response.

        Args:
            headers: The headers.

        Returns:
            The same headers, or others with `<hidden>` in them.
        """
        # As bytes: a header that is not ASCII cannot be written from a string.
        pairs = [(name, self.in_content(value)) for name, value in headers.raw]
        changed: Mapping[str, str] = type(headers)(pairs)
        return changed


def account_secrets(url: str) -> set[str]:
    """List the secret strings that the account in a URL becomes.

    Args:
        url: The URL.

    Returns:
        The password, and what is sent for it; nothing if the URL has no account.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return set()
    if parts.username is None:
        return set()
    password = unquote(parts.password or "")
    account = f"{unquote(parts.username)}:{password}"
    return {b64encode(account.encode()).decode(), *_words(password)}


def proxy_secrets(httpx_args: Mapping[str, Any]) -> set[str]:
    """List the secret strings of the accounts at proxies, which a proxy may send back.

    Args:
        httpx_args: Further arguments of the HTTP library's clients.

    Returns:
        Passwords, and what is sent for them, of these arguments and of the environment.
    """
    proxy = httpx_args.get("proxy")
    secrets: set[str] = set()
    account = getattr(proxy, "raw_auth", None)
    if account is not None:  # httpx keeps it apart from the URL
        name, password = (part.decode("latin-1") for part in account)
        secrets |= account_secrets(f"http://{quote(name)}:{quote(password)}@proxy")
    elif proxy is not None:
        secrets |= account_secrets(str(proxy))
    for name, value in os.environ.items():
        if name.lower().endswith("_proxy") and "@" in value:
            secrets |= account_secrets(value if "://" in value else f"http://{value}")
    return secrets


def _words(value: str) -> set[str]:
    """List a value, and each word of it: "Bearer" may be lost, and one of many cookies kept."""
    words = [value, *re.split(r"[\s;=,]+", value)]
    return {word for word in words if len(word) >= _SHORTEST_CREDENTIAL}


class _Spellings:
    """A secret as it is, and as JSON, HTML and URLs escape it.

    JSON in a JSON string is escaped twice, so that there are more backslashes than one. What is
    searched for first is the longest run of letters and digits, which nothing escapes; only where
    that is found, the characters before and after it are looked at. So a search takes time in
    proportion to the string, whatever is in it.

    Args:
        secret: The secret.
    """

    __slots__ = ("_core", "_parts", "_patterns", "_plain", "_reach")

    def __init__(self, secret: str) -> None:
        core = max(re.findall(_LETTERS, secret), key=len, default="")
        start = secret.find(core)
        before, after = secret[:start], secret[start:]
        self._plain = secret
        self._core = core.lower()
        self._parts = before, after
        self._patterns: tuple[re.Pattern[str], re.Pattern[str]] | None = None
        self._reach = len(before) * _LONGEST_SPELLING

    def hide_in(self, text: str) -> str:
        """Blank the secret in a string; all of a string in which it would take too long to find."""
        if not self._core:
            return text.replace(self._plain, _MASK)
        folded = text.lower()
        if len(folded) != len(text):  # some letters beyond Latin-1 have no lower case of one letter
            folded = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
        place = folded.find(self._core)
        if place < 0:
            return text
        before_core, from_core = self._compiled()
        parts: list[str] = []
        end = places = 0
        while place >= 0:
            places += 1
            if places > _MOST_PLACES:
                return _MASK
            after = from_core.match(text, place)
            before = None
            if after is not None:
                reach = max(end, place - self._reach)
                before = before_core.match(text[reach:place][::-1])
            if after is None or before is None:
                place = folded.find(self._core, place + 1)
                continue
            parts += (text[end : place - before.end()], _MASK)
            end = after.end()
            place = folded.find(self._core, end)
        return "".join((*parts, text[end:])) if parts else text

    def _compiled(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Give the patterns, whose making takes as long as a call; most responses need none."""
        if self._patterns is None:
            before, after = self._parts
            self._patterns = (
                re.compile("".join(map(_reversed_spellings, before[::-1])), re.IGNORECASE),
                re.compile("".join(map(_spellings, after)), re.IGNORECASE),
            )
        return self._patterns


def _spellings(character: str) -> str:
    """Make a pattern for a character in all its spellings."""
    if character.isalnum():
        return re.escape(character)
    number = ord(character)
    return (
        rf"(?:\\{{0,32}}{re.escape(character)}|\\{{1,32}}u{number:04x}|&#0{{0,6}}{number};"
        rf"|&#x0{{0,6}}{number:x};|&[a-z]{{1,8}};|%{number:02x})"
    )


def _reversed_spellings(character: str) -> str:
    """Make a pattern for the same, read from the end to the beginning."""
    if character.isalnum():
        return re.escape(character)
    number = ord(character)
    return (
        rf"(?:{re.escape(character)}\\{{0,32}}|{f'{number:04x}'[::-1]}u\\{{1,32}}"
        rf"|;{str(number)[::-1]}0{{0,6}}#&|;{f'{number:x}'[::-1]}0{{0,6}}x#&|;[a-z]{{1,8}}&"
        rf"|{f'{number:02x}'[::-1]}%)"
    )
