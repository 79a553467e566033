"""The recorded exchanges."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DATA", "FLOW", "Exchange", "exchanges", "flow"]

#: Made by `recorded.prepare`; one JSON object a line.
DATA = Path(__file__).with_name("exchanges.jsonl.gz")
#: A session whose order counts; made by `recorded.prepare` as well.
FLOW = Path(__file__).with_name("flow.jsonl.gz")


@dataclass(frozen=True)
class Exchange:
    """A request to the real server, and what it responded.

    Args:
        key: The operation's name and which of its exchanges this is, such as `get_column 2`.
        line: What the data says.
    """

    key: str
    line: dict[str, Any]

    @property
    def operation(self) -> str:
        """The operation's name; empty if no operation has the path."""
        return str(self.line["operation"])

    @property
    def method(self) -> str:
        """The HTTP method."""
        return str(self.line["method"])

    @property
    def url(self) -> str:
        """Path and query of the request."""
        return str(self.line["url"])

    @property
    def status(self) -> int:
        """The HTTP status of the response."""
        return int(self.line["status"])

    @property
    def content_type(self) -> str | None:
        """The Content-Type of the response."""
        content_type: str | None = self.line["headers"].get("content-type")
        return content_type

    @property
    def is_chunked(self) -> bool:
        """Whether the response had no Content-Length."""
        return "transfer-encoding" in self.line["headers"]

    @property
    def json(self) -> Any:
        """The body of the response as a JSON value; None if it is no JSON or absent."""
        return self.line.get("json")

    @cached_property
    def body(self) -> bytes:
        """The body of the response."""
        if "json" in self.line:
            return _json(self.line["json"])
        if "base64" in self.line:
            return base64.b64decode(self.line["base64"])
        return str(self.line.get("text", "")).encode()

    @cached_property
    def request_body(self) -> bytes:
        """The body of the request."""
        if "request_json" in self.line:
            return _json(self.line["request_json"])
        return str(self.line.get("request_text", "")).encode()


@lru_cache(maxsize=1)
def exchanges() -> tuple[Exchange, ...]:
    """Read all exchanges, in the order of the data.

    Returns:
        The exchanges.
    """
    seen: Counter[str] = Counter()
    found: list[Exchange] = []
    for line in _lines(DATA):
        seen[line["operation"]] += 1
        found.append(Exchange(f"{line['operation']} {seen[line['operation']]}", line))
    return tuple(found)


def flow() -> tuple[Exchange, ...]:
    """Read the session.

    Returns:
        Its exchanges in their order; their keys are the numbers and names of its steps.
    """
    return tuple(Exchange(line["name"], line) for line in _lines(FLOW))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for text in lines:
            yield json.loads(text)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
