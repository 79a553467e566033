"""How a response goes out: what every door to the simulator does with it, well or badly."""

from __future__ import annotations

import enum
import gzip
import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .messages import Response

__all__ = ["NEVER", "Delivery", "Ending", "Piece", "compressed"]

#: Seconds to wait, and the bytes to send then.
Piece = tuple[float, bytes]

#: A delay that ends only with the connection.
NEVER = float("inf")

# What the real server compresses, and from which size in bytes on, where it knows the size.
_COMPRESSED_TYPES = ("application/json", "text/html")
_COMPRESSED_FROM = 2048
_WITHOUT_BODY = frozenset({204, 304})
_WEIGHT = re.compile(r"[01](\.\d{0,3})?")


class Ending(enum.Enum):
    """What becomes of the connection after a response."""

    KEPT = "kept"
    CLOSED = "closed"
    RESET = "reset"


@dataclass(frozen=True)
class Delivery:
    """A response, and how it goes out.

    Args:
        response: The response. Its body's length is told in the head, however much of it is sent.
        delay: Seconds before anything is sent; `NEVER` for a response that never comes.
        pieces: The body in pieces with pauses; None for the whole body at once.
        is_endless: Whether the length is not told, because nobody knows it.
        is_silent: Whether nothing of the response is sent, so that only the ending shows.
        garbage: What is sent in place of HTTP; empty for the response.
        ending: What becomes of the connection.
    """

    response: Response
    delay: float = 0.0
    pieces: Iterable[Piece] | None = None
    is_endless: bool = False
    is_silent: bool = False
    garbage: bytes = b""
    ending: Ending = Ending.KEPT

    @property
    def is_chunked(self) -> bool:
        """Whether the body is sent in chunks, without its length."""
        has_length = not (self.is_endless or self.response.is_streamed)
        return not has_length and self.response.status not in _WITHOUT_BODY

    def has_body(self, method: str) -> bool:
        """Tell whether a body is sent, be it an empty one.

        Args:
            method: The HTTP method of the request.

        Returns:
            False for the responses that never have a body.
        """
        return method != "HEAD" and self.response.status not in _WITHOUT_BODY

    def body_pieces(self, method: str) -> Iterator[Piece]:
        """Go through the body as it is sent.

        Args:
            method: The HTTP method of the request.

        Yields:
            The pieces, none of them empty.
        """
        if not self.has_body(method):
            return
        pieces = ((0.0, self.response.body),) if self.pieces is None else self.pieces
        for pause, data in pieces:
            if data:
                yield pause, data

    def head(self) -> list[tuple[str, str]]:
        """Give the headers, with those that tell where the body ends.

        Returns:
            Names and values.
        """
        headers = [
            (name, part)
            for name, value in self.response.headers.items()
            # The real server sends a line for each.
            for part in (value.split(", ") if name == "Vary" else (value,))
        ]
        if self.is_chunked:
            return [*headers, ("Transfer-Encoding", "chunked")]
        if self.response.status in _WITHOUT_BODY:
            return headers
        # The response to HEAD has the length of a body that is not sent.
        return [*headers, ("Content-Length", str(len(self.response.body)))]


def compressed(response: Response, request_headers: Mapping[str, str]) -> Response:
    """Compress a response where the real server would.

    Args:
        response: The response.
        request_headers: The headers of the request by their names in lower case.

    Returns:
        The response with a compressed body; the same one if its length is known and short, if it is
        neither JSON nor a page, or if the client does not want it.
    """
    media_type = response.headers.get("Content-Type", "")
    coding = _wanted_coding(request_headers.get("accept-encoding", ""))
    if (
        coding is None
        or (len(response.body) < _COMPRESSED_FROM and not response.is_streamed)
        or not response.body
        or not media_type.startswith(_COMPRESSED_TYPES)
        or "Content-Encoding" in response.headers
    ):
        return response
    if coding == "gzip":
        # Without a time, so that the same response has the same bytes.
        body = gzip.compress(response.body, compresslevel=6, mtime=0)
    else:
        body = zlib.compress(response.body)
    return replace(response, body=body, headers={**response.headers, "Content-Encoding": coding})


def _wanted_coding(accept_encoding: str) -> str | None:
    """Choose a coding as the real server does: gzip, unless deflate is preferred."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        text = parameters.replace(" ", "").removeprefix("q=")
        weights[coding.strip()] = float(text) if _WEIGHT.fullmatch(text) else 1.0
    either = weights.get("*", 0.0)
    gzip_weight, deflate_weight = weights.get("gzip", either), weights.get("deflate", either)
    if max(gzip_weight, deflate_weight) <= 0:
        return None
    return "gzip" if gzip_weight >= deflate_weight else "deflate"
