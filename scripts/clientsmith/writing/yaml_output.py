"""Writes YAML that is the same bytes on every machine.

An emitter of our own, because what PyYAML writes depends on whether it was built with the C
library, and on its version. The output is the plain block subset of YAML: every parser, of
YAML 1.1 and 1.2 alike, reads back the same values. Lines are never folded.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Text without quotes begins with a letter, `_`, `/` or `$`; inside it nothing may look like the
# end of a key or like a comment.
_PLAIN = re.compile(r"[A-Za-z_/$]")
_NOT_PLAIN = re.compile(r":(?: |\Z)| #| \Z")
# Characters that need an escape. Not str.isprintable(): that depends on the version of Python.
_ESCAPED = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# What begins with a letter and is still no text, to a parser of YAML 1.1 or 1.2.
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def dump(content: dict[str, Any], header: str = "") -> str:
    """Write a mapping as block YAML, its keys in the order in which they are.

    Args:
        content: Mappings with text keys, lists, text, numbers, booleans and None.
        header: A line of comment for the first line.

    Returns:
        The text, ending with a line break.

    Raises:
        TypeError: A value is none of the above.
        ValueError: A number is not finite.
    """
    lines = [f"# {header}"] if header else []
    lines.extend(_block(content, "") if content else ["{}"])
    return "\n".join(lines) + "\n"


def _block(value: dict[str, Any] | list[Any], indent: str) -> Iterator[str]:
    """Give the lines of a mapping or list that is not empty."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list) and item:
                # The first line of the item stands beside the dash.
                lines = _block(item, indent + "  ")
                yield f"{indent}- {next(lines).lstrip(' ')}"
                yield from lines
            else:
                yield from _entry(f"{indent}-", item, indent)
        return
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"The key {key!r} is not a string.")
        start = f"{indent}{_text(key)}:"
        if isinstance(item, dict | list) and item:
            yield start
            yield from _block(item, indent + "  ")
        else:
            yield from _entry(start, item, indent)


def _entry(start: str, value: Any, indent: str) -> Iterator[str]:
    """Give the lines of a single value (or an empty container) behind its key or dash."""
    if isinstance(value, str) and _fits_literal(value):
        lines = value.split("\n")
        keeps_end = lines[-1] == ""
        yield f"{start} {'|' if keeps_end else '|-'}"
        for line in lines[:-1] if keeps_end else lines:
            yield f"{indent}  {line}" if line else ""
    else:
        yield f"{start} {_single(value)}"


def _single(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    raise TypeError(f"{value!r} has no form in JSON.")


def _float(value: float) -> str:
    text = repr(value)
    if "n" in text:
        raise ValueError(f"JSON has no number {text}.")
    # YAML 1.1 takes a number for one only when its mantissa has a point.
    mantissa, exponent_sign, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + exponent_sign + exponent


def _text(value: str) -> str:
    if (
        _PLAIN.match(value)
        and not _ESCAPED.search(value)
        and not _NOT_PLAIN.search(value)
        and value.lower() not in _WORDS
    ):
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _fits_literal(value: str) -> bool:
    """Tell whether a text of several lines can stand as it is, without markers and escapes."""
    lines = value.split("\n")
    content = lines[:-1] if lines[-1] == "" else lines
    return (
        len(lines) > 1
        and content[0] != ""
        and not content[0].startswith(" ")
        and content[-1] != ""
        and all(not _ESCAPED.search(line) and line == line.rstrip(" ") for line in content)
    )
