"""Make the test data from a recording of a real server.

    python -m recorded.prepare RECORDING.jsonl.gz FLOWS

FLOWS is a folder with the raw requests and responses of one session, each in a file of its own.
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

from dqops.testing.http.errors import RefusedRequestError
from simulator.support import SPECIFICATION

from recorded.exchanges import DATA, FLOW

__all__ = ["Words"]

# What is no text: identifiers, paths, numbers, times, patterns without spaces.
_NAME = re.compile(r"[\w.\-/:+*%#,=(){}\[\]$^]*")
# What has a space, and is a value with a meaning nevertheless.
_VALUES = re.compile(
    r"no grouping|[\d*/]+( [\d*/]+){4}|[A-Z]+( [A-Z]+)+|\d{4}-\d\d[\d :-]* UTC"
    r"|Internal Server Error|Unsupported Media Type|Bad Request|Not Found|judge[ \w]*"
)
_OWN_ADDRESS = re.compile(r"[\w.]+@example\.com")
# Addresses of others stay out, whoever they belong to.
_FOREIGN = re.compile(r"https?://(?!(localhost|127\.0\.0\.1|judge|[\w.]*example\.com)\b).*")
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
        if _FOREIGN.fullmatch(text):
            return self._known.setdefault(text, f"https://example.com/{len(self._known)}")
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


_STEP = re.compile(
    r"### REQUEST: (?P<method>\w+) https?://[^/]+(?P<url>\S+)\n"
    r"(### REQUEST BODY:\n(?P<body>.*)\n)?"
    r"(### curl extra: (?P<extra>.*)\n)?"
    r"### RESPONSE:\nHTTP/1.1 (?P<status>\d+) .*\n(?P<headers>(.+\n)*)\n(?P<text>.*)"
)
_EXTRA = re.compile(r"-H ([\w-]+): ([\w/-]+(?: \w[\w-]*)?)")


def prepared_flow(folder: Path) -> list[dict[str, Any]]:
    """Make the test data of a session.

    Args:
        folder: Where its files are; what is no single request is left out.

    Returns:
        The exchanges in their order.
    """
    words = Words()
    steps = []
    for path in sorted(folder.glob("*.txt")):
        found = _STEP.match(path.read_text(encoding="utf-8"))
        if found is not None:
            steps.append({"name": path.stem, **_step(words, found)})
    return steps


def _step(words: Words, found: re.Match[str]) -> dict[str, Any]:
    try:
        operation = SPECIFICATION.match(found["method"], found["url"].partition("?")[0])[0].name
    except RefusedRequestError:
        operation = ""  # there is none
    lines = (line.partition(": ") for line in found["headers"].splitlines())
    headers = {name.lower(): value for name, _, value in lines}
    if headers.get("content-length", "0") != "0":
        headers["content-length"] = "n"
    is_plain = not found["text"].startswith("{") or found["text"].endswith("}")
    text = found["text"] if is_plain else ""
    extra = found["extra"] or ""
    request = found["body"] or ("x" if extra.endswith("-d x") else "")
    return {
        "operation": operation,
        "method": found["method"],
        "url": words.of_url(found["url"]),
        "request_headers": dict(_EXTRA.findall(extra)),
        **_request(words, {"request_body": request}),
        "status": int(found["status"]),
        "headers": headers,
        **_body(words, {"body": text, "body_encoding": "text"}),
        **({} if is_plain else {"is_shortened": True}),
    }


def main() -> None:
    """Write the test data."""
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as lines:
        recording = [json.loads(line) for line in lines]
    _write(DATA, prepared(recording))
    _write(FLOW, prepared_flow(Path(sys.argv[2])))


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    text = "".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in lines
    )
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
