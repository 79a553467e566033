"""Where the token of a client goes, by the security schemes of a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.texts import literal

__all__ = ["Token", "alternatives", "asked_by", "further_schemes", "operations_of", "token_of"]

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
    asked = [
        *document.get("security", ()),
        *(r for each in operations_of(document) for r in each.get("security", ())),
        schemes,
    ]
    for name in [name for requirement in asked for name in requirement]:
        if schemes[name].get("type") in _SERVED:
            return _token(schemes[name])
    return _token({})


def alternatives(
    document: dict[str, Any], asked: list[dict[str, Any]], usual: Token
) -> list[list[str]]:
    """List the alternatives that an operation asks for.

    Args:
        document: The document.
        asked: The alternatives, as the document has them.
        usual: Where the token goes unless an operation says otherwise.

    Returns:
        The names of the schemes of each that a credential serves, the usual one first; those
        alternatives first that are best for a client with one token. Nothing where that token goes
        to its usual place anyway.
    """
    schemes = _schemes(document)
    found: list[list[str]] = []
    for requirement in asked:
        served = [name for name in requirement if schemes[name].get("type") in _SERVED]
        served.sort(key=lambda name: _token(schemes[name]) != usual)
        if served and served not in found:
            found.append(served)
    found.sort(key=lambda names: (_token(schemes[names[0]]) != usual, len(names)))
    is_usual = all([_token(schemes[name]) for name in names] == [usual] for names in found)
    return [] if is_usual else found


def further_schemes(document: dict[str, Any]) -> dict[str, Token]:
    """List the security schemes that operations name which need more than the usual one.

    Args:
        document: The document.

    Returns:
        Where their credentials go, by name, that of the usual one included; nothing for an API with
        one scheme.
    """
    schemes, usual = _schemes(document), token_of(document)
    names = {
        name: None
        for each in operations_of(document)
        for names in alternatives(document, asked_by(document, each), usual)
        for name in names
    }
    return {name: _token(schemes[name]) for name in sorted(names)}


def asked_by(document: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the alternatives of security schemes of an operation, or else those of the document."""
    found: list[dict[str, Any]] = operation.get("security", document.get("security", []))
    return found


def operations_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """List the operations of a document."""
    return [
        item[method]
        for item in document.get("paths", {}).values()
        for method in METHODS
        if method in item
    ]


def _schemes(document: dict[str, Any]) -> dict[str, Any]:
    schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
    return schemes


def _token(scheme: dict[str, Any]) -> Token:
    if scheme.get("type") == "apiKey":
        return Token(str(scheme.get("in")), literal(scheme["name"]), "")
    is_basic = scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "basic"
    return Token("header", '"Authorization"', "Basic" if is_basic else "Bearer")
