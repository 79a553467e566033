"""How an answer goes out: what every door to the simulator does with it, well or badly."""

from __future__ import annotations

import enum
import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .messages import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["NEVER", "Delivery", "Ending", "Piece", "compressed"]

#: Seconds to wait, and the bytes to send then.
Piece = tuple[float, bytes]

#: A delay that ends only with the connection.
NEVER = float("inf")

# What the real server compresses, and from which size in bytes on.
_COMPRESSED_TYPES = ("application/json", "text/")
_COMPRESSED_FROM = 2048
_WITHOUT_BODY = frozenset({204, 304})


class Ending(enum.Enum):
    """What becomes of the connection after an answer."""

    KEPT = "kept"
    CLOSED = "closed"
    RESET = "reset"


@dataclass(frozen=True)
class Delivery:
    """An answer, and how it goes out.

    Args:
        answer: The answer. Its body's length is told in the head, however much of it is sent.
        delay: Seconds before anything is sent; `NEVER` for an answer that never comes.
        pieces: The body in pieces with pauses; None for the whole body at once.
        is_endless: Whether the length is not told, because nobody knows it.
        is_silent: Whether nothing of the answer is sent, so that only the ending shows.
        garbage: What is sent in place of HTTP; empty for the answer.
        ending: What becomes of the connection.
    """

    answer: Answer
    delay: float = 0.0
    pieces: Iterable[Piece] | None = None
    is_endless: bool = False
    is_silent: bool = False
    garbage: bytes = b""
    ending: Ending = Ending.KEPT

    def has_body(self, method: str) -> bool:
        """Tell whether a body is sent, be it an empty one.

        Args:
            method: The HTTP method of the request.

        Returns:
            False for the answers that never have a body.
        """
        return method != "HEAD" and self.answer.status not in _WITHOUT_BODY

    def body_pieces(self, method: str) -> Iterator[Piece]:
        """Go through the body as it is sent.

        Args:
            method: The HTTP method of the request.

        Yields:
            The pieces, none of them empty.
        """
        if not self.has_body(method):
            return
        pieces = ((0.0, self.answer.body),) if self.pieces is None else self.pieces
        for pause, data in pieces:
            if data:
                yield pause, data

    def head(self) -> list[tuple[str, str]]:
        """Give the headers, with those that tell where the body ends.

        Returns:
            Names and values.
        """
        headers = list(self.answer.headers.items())
        if self.is_endless:
            return [*headers, ("Transfer-Encoding", "chunked")]
        if self.answer.status in _WITHOUT_BODY:
            return headers
        # The answer to HEAD has the length of a body that is not sent.
        return [*headers, ("Content-Length", str(len(self.answer.body)))]


def compressed(answer: Answer, request_headers: Mapping[str, str]) -> Answer:
    """Compress an answer where the real server would.

    Args:
        answer: The answer.
        request_headers: The headers of the request by their names in lower case.

    Returns:
        The answer with a compressed body; the same one if it is short, is not text or JSON, or the
        client does not want it.
    """
    media_type = answer.headers.get("Content-Type", "")
    if (
        len(answer.body) < _COMPRESSED_FROM
        or not media_type.startswith(_COMPRESSED_TYPES)
        or "Content-Encoding" in answer.headers
        or not _takes_gzip(request_headers.get("accept-encoding", ""))
    ):
        return answer
    # Without a time, so that the same answer has the same bytes.
    body = gzip.compress(answer.body, compresslevel=6, mtime=0)
    return Answer(answer.status, body, {**answer.headers, "Content-Encoding": "gzip"})


def _takes_gzip(accept_encoding: str) -> bool:
    weights: dict[str, str] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        weights[coding.strip()] = parameters.replace(" ", "").removeprefix("q=")
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and weight.strip("0.") != "" if weight else weight == ""
