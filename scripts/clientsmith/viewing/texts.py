"""Texts out of a specification, made safe for the place in the code where they go.

Nothing that a specification says may become code: a text is either within a string literal
(`literal`) or within a docstring (`one_line`).
"""

from __future__ import annotations

from typing import Any

from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import safe_for_docstring

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text(value: UntrustedString | str | None) -> str:
    """Unwrap a text of the generator.

    Args:
        value: A text out of the document.

    Returns:
        The text itself; whoever puts it into code has to escape it.
    """
    if isinstance(value, UntrustedString):
        return str(value.get_untrusted_value())
    return str(value) if value is not None else ""


def literal(value: UntrustedString | str) -> str:
    """Write a text as a string literal of Python.

    Unlike the generator's own filter it keeps every character: what cannot be seen, such as line
    breaks and marks for right-to-left text, is escaped.

    Args:
        value: A text out of the document.

    Returns:
        The literal with its quotes.
    """
    return '"' + "".join(map(_escaped, text(value))) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(value: Any) -> str:
    """Fold a description into one line that is safe within a docstring.

    Args:
        value: A text out of the document.

    Returns:
        The text without line breaks, without what cannot be seen, and without anything that could
        end the docstring.
    """
    visible = "".join(
        character
        for character in (text(value) if value else "")
        if character.isprintable() or character.isspace()
    )
    return " ".join(str(safe_for_docstring(visible)).split())


def first_sentence(value: str) -> tuple[str, str]:
    """Split a description into the docstring's summary and the rest.

    Args:
        value: A text in one line.

    Returns:
        The first sentence and what follows it.
    """
    head, separator, rest = value.partition(". ")
    if separator and len(head) < 140:
        return f"{head}.", rest
    return value, ""


__all__ = ["first_sentence", "literal", "one_line", "text"]
