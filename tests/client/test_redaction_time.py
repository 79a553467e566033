"""Redaction takes time in proportion to what is searched, whatever is in it."""

from __future__ import annotations

import string
import time

import pytest
from support.runtime import Redactor

CORE = "bcDEF0123456789"
# Far more than a linear search takes on a busy machine, far less than a quadratic one.
LONGEST = 1.0


def bodies(token: str, size: int) -> dict[str, str]:
    """Make texts that look like the beginning of a token in many ways."""
    pieces = {
        "backslashes": "\\",
        "backslashes and letters": "\\" * 50 + "u002",
        "entities": "&aaaaaaaa",
        "numeric entities": "&#00000000",
        "per cent": "%2",
        "the token but for its end": token[:-1],
        "the token but for its beginning": token[1:],
        "the core": CORE,
        "a letter": "b",
        "the first character": token[0],
        "many spellings of it": f"\\{token[0]}&#{ord(token[0])};%{ord(token[0]):02x}",
    }
    return {name: piece * (size // len(piece)) for name, piece in pieces.items()}


@pytest.mark.parametrize(
    "first", [string.ascii_letters[0], *string.digits[:1], *string.punctuation]
)
def test_a_token_of_every_first_character(first: str) -> None:
    """A megabyte of anything takes milliseconds."""
    token = f"{first}{CORE}"
    hider = Redactor([token])
    for name, text in bodies(token, 1_000_000).items():
        began = time.process_time()
        shown = hider.in_text(text)
        assert time.process_time() - began < LONGEST, name
        assert token not in shown
        assert token not in hider.in_text(f"{text[:100]} {token} {text[:100]}")


@pytest.mark.parametrize(
    "token", ["-" * 20, "-._~+/=" * 3, "a-b-c-d-e-f-g-h", "\\" * 20, "&&&&&&&&&&"]
)
def test_tokens_of_few_letters(token: str) -> None:
    """They are found as they are, in time, too."""
    hider = Redactor([token])
    for name, text in bodies(token, 1_000_000).items():
        began = time.process_time()
        hider.in_text(text)
        assert time.process_time() - began < LONGEST, name
    assert hider.in_text(f"before {token} after") == "before <hidden> after"


def test_many_secrets() -> None:
    """Each cookie and header is searched for."""
    hider = Redactor([f"{letter}-secret-{letter * 5}" for letter in string.ascii_lowercase])
    text = "-secret-" * 100_000
    began = time.process_time()
    hider.in_text(text)
    assert time.process_time() - began < 5 * LONGEST


@pytest.mark.parametrize("first", "-_.~+/=a")
def test_every_spelling_is_hidden(first: str) -> None:
    """As JSON, HTML and addresses escape it, JSON within JSON included."""
    token = f"{first}ab/cd-EF012345+=="
    spellings = [
        token,
        token.upper(),
        "".join(f"%{ord(each):02X}" if not each.isalnum() else each for each in token),
        "".join(f"\\u{ord(each):04x}" if not each.isalnum() else each for each in token),
        "".join(f"\\\\\\u{ord(each):04x}" if not each.isalnum() else each for each in token),
        "".join(f"&#{ord(each)};" if not each.isalnum() else each for each in token),
        "".join(f"&#x00{ord(each):x};" if not each.isalnum() else each for each in token),
        token.replace("/", "\\/"),
        token.replace("/", "&sol;").replace("+", "&plus;"),
    ]
    hider = Redactor([token])
    for spelling in spellings:
        assert hider.in_text(f"x {spelling} y {spelling} z") == "x <hidden> y <hidden> z"
        assert hider.in_content(f"<{spelling}>".encode()) == b"<<hidden>>"


def test_a_text_that_is_nothing_but_beginnings() -> None:
    """What would take too long to search is not shown at all."""
    hider = Redactor([f"-{CORE}-x"])
    assert hider.in_text(CORE * 100_000) == "<hidden>"


def test_secrets_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compiled for them: that takes as long as a call, for each new cookie."""
    hider = Redactor([f"{letter}-secret-{letter * 5}" for letter in string.ascii_lowercase])
    monkeypatch.setattr("re.compile", None)
    assert "a text" == hider.in_text("a text")
