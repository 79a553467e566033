"""Where the token of a client goes, by the security schemes of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.texts import literal

__all__ = ["Token", "chosen", "own_token", "token_of"]

_SERVED = frozenset({"apiKey", "http", "oauth2", "openIdConnect"})


@dataclass(frozen=True)
class Token:
    """Where the token of an API goes.

    Attributes:
        place: `header`, `query` or `cookie`.
        name: The name of that header, query parameter or cookie, as Python.
        prefix: The word before the token in a header.
    """

    place: str
    name: str
    prefix: str

    @property
    def as_python(self) -> str:
        """The three as a tuple in Python."""
        return f'("{self.place}", {self.name}, "{self.prefix}")'


def token_of(document: dict[str, Any]) -> Token:
    """Choose where clients send their token unless they, or an operation, say otherwise.

    Args:
        document: The document.

    Returns:
        That of the scheme that the document asks for first, of those that a token can serve.
    """
    schemes = _schemes(document)
    operations = [
        item[method]
        for item in document.get("paths", {}).values()
        for method in METHODS
        if method in item
    ]
    asked = [
        *document.get("security", ()),
        *(r for each in operations for r in each.get("security", ())),
        schemes,
    ]
    for name in [name for requirement in asked for name in requirement]:
        if schemes[name].get("type") in _SERVED:
            return _token(schemes[name])
    return _token({})


def own_token(document: dict[str, Any], asked: list[dict[str, Any]], usual: Token) -> Token | None:
    """Tell where an operation wants the token, if it is not the usual place.

    Args:
        document: The document.
        asked: The alternatives that the operation asks for.
        usual: The usual place.

    Returns:
        Where; None for the usual place.
    """
    names = chosen(document, asked, usual)
    token = _token(_schemes(document)[names[0]]) if names else usual
    return None if token == usual else token


def chosen(document: dict[str, Any], asked: list[dict[str, Any]], usual: Token) -> list[str]:
    """Choose one of several alternatives: the one with the usual place, or else the shortest.

    Args:
        document: The document.
        asked: The alternatives.
        usual: The usual place of the token.

    Returns:
        The names of its schemes, the one that the token is for first; nothing where a token serves
        none of them.
    """
    schemes = _schemes(document)
    found: list[list[str]] = []
    for requirement in asked:
        served = [name for name in requirement if schemes[name].get("type") in _SERVED]
        served.sort(key=lambda name: _token(schemes[name]) != usual)
        if served:
            found.append([*served, *(name for name in requirement if name not in served)])
    found.sort(key=lambda names: (_token(schemes[names[0]]) != usual, len(names)))
    return found[0] if found else []


def _schemes(document: dict[str, Any]) -> dict[str, Any]:
    schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
    return schemes


def _token(scheme: dict[str, Any]) -> Token:
    if scheme.get("type") == "apiKey":
        return Token(str(scheme.get("in")), literal(scheme["name"]), "")
    is_basic = scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic"
    return Token("header", '"Authorization"', "Basic" if is_basic else "Bearer")
