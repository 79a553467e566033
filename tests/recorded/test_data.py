"""The test data is the whole recording, in words of our own."""

from __future__ import annotations

import re
from typing import Any

from recorded.exchanges import exchanges, flow
from recorded.prepare import Words

_REPLACED = re.compile(r"[A-Z][a-z]+ \d+")


def test_every_exchange_is_there() -> None:
    """All exchanges of the recording are in the data."""
    assert (len(exchanges()), len(flow())) == (497, 93)


def test_no_text_is_left() -> None:
    """No text that somebody has written is in requests and responses."""
    words = Words()
    kept = {text for each in (*exchanges(), *flow()) for text in _texts(_written(each.line))}
    assert [text for text in kept if words.of(text) != text and not _REPLACED.fullmatch(text)] == []


def _written(line: dict[str, Any]) -> list[Any]:
    return [line.get(key) for key in ("json", "request_json", "keywords", "arguments")]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in (*value, *value.values()) for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []
