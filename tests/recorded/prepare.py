"""Make the test data from a recording of a real server.

    python -m recorded.prepare RECORDING.jsonl.gz

Each line of a recording is an object with `operation`, `method`, `url`, `request_body`, `status`,
`headers`, `body`, `body_encoding` and `replay`, the arguments of the call in Python.

Names, values of enumerations, numbers, times and shapes stay as they were. Whatever may be a text
that somebody has written (help, descriptions, messages, SQL, files) is replaced by words of our
own: the same text always by the same words, in requests, URLs and responses alike.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from simulator.support import SPECIFICATION

from recorded.exchanges import DATA

__all__ = ["Words"]

# What is no text: identifiers, paths, numbers, times, patterns without spaces.
_NAME = re.compile(r"[\w.\-/:+*%#,=(){}\[\]$^]*")
# What has a space, and is a value with a meaning nevertheless.
_VALUES = re.compile(
    r"no grouping|[\d*/]+( [\d*/]+){4}|[A-Z]+( [A-Z]+)+|\d{4}-\d\d[\d :-]* UTC"
    r"|Internal Server Error|Unsupported Media Type|Bad Request|Not Found|judge[ \w]*"
)
_OWN_ADDRESS = re.compile(r"[\w.]+@example\.com")
_LABELS = {
    "dashboard_name": "Dashboard",
    "description": "Description",
    "errorMessage": "Message",
    "folder_name": "Folder",
    "friendly_name": "Name",
    "help_text": "Help",
    "message": "Message",
    "policy_name": "Policy",
    "sqlTemplate": "Template",
    "trace": "Trace",
}
_EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


class Words:
    """Replaces texts by words of our own, the same text always by the same words."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, value: Any, name: str = "") -> Any:
        """Replace the texts in a JSON value.

        Args:
            value: The JSON value.
            name: The property whose value it is.

        Returns:
            The value with other texts, and with the same shape.
        """
        if isinstance(value, dict):
            return {self.of(key): self.of(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self.of(part, name) for part in value]
        return self._text(value, name) if isinstance(value, str) else value

    def _text(self, text: str, name: str) -> str:
        if text in self._known:
            return self._known[text]
        if _NAME.fullmatch(text) or _VALUES.fullmatch(text) or _OWN_ADDRESS.fullmatch(text):
            return text
        return self._known.setdefault(text, f"{_LABELS.get(name, 'Text')} {len(self._known)}")

    def of_url(self, url: str) -> str:
        """Replace the texts that stand in the path of a URL."""
        path, mark, query = url.partition("?")
        parts = [quote(self.of(unquote(part)), safe="") for part in path.split("/")]
        return "/".join(parts) + mark + query


def prepared(recording: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make the test data of a recording.

    Args:
        recording: The exchanges as they were recorded.

    Returns:
        The exchanges as `recorded.exchanges.Exchange` reads them.
    """
    words = Words()
    # First the bodies, whose properties tell what a text is.
    bodies = [_body(words, each) for each in recording]
    return [_exchange(words, each, body) for each, body in zip(recording, bodies, strict=True)]


def _exchange(words: Words, each: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    operation, _ = SPECIFICATION.match(each["method"], each["url"].partition("?")[0])
    headers = dict(each["headers"])
    headers.pop("connection", None)  # depends on how many requests came before
    if headers.get("content-length", "0") != "0":
        headers["content-length"] = "n"
    replay = each["replay"]
    keywords = {
        name: [kind, model, words.of(value)] for name, (kind, model, value) in replay["kw"].items()
    }
    request = _request(words, each)
    return {
        "operation": operation.name,
        "method": each["method"],
        "url": words.of_url(each["url"]),
        **request,
        "arguments": words.of(replay["args"]),
        "enums": replay["enums"],
        "keywords": keywords,
        "status": each["status"],
        "headers": headers,
        **body,
    }


def _body(words: Words, each: dict[str, Any]) -> dict[str, Any]:
    text = each["body"]
    if each["body_encoding"] == "base64":
        content = base64.b64decode(text)
        is_zip = content.startswith(b"PK")
        return {"base64": base64.b64encode(_EMPTY_ZIP if is_zip else content).decode()}
    if not text:
        return {}
    try:
        return {"json": words.of(json.loads(text))}
    except ValueError:
        return {"text": text}


def _request(words: Words, each: dict[str, Any]) -> dict[str, Any]:
    text = each["request_body"]
    if not text:
        return {}
    try:
        return {"request_json": words.of(json.loads(text))}
    except ValueError:
        return {"request_text": words.of(text)}


def main() -> None:
    """Write the test data."""
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        recording = [json.loads(line) for line in lines]
    text = "".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n"
        for each in prepared(recording)
    )
    Path(DATA).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
