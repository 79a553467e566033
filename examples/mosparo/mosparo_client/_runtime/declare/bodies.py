# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What the body of a response may be; `exchange.bodies` reads it."""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .conversion import Converter

__all__ = [
    "BinaryBody",
    "Body",
    "BodyByType",
    "EventsBody",
    "HtmlBody",
    "JoinedTextBody",
    "JsonBody",
    "LinesBody",
    "NoBody",
    "TextBody",
]


class Body:
    """A kind of body.

    An empty body gives None for every kind: the server leaves the body out where it has no result
    (yet), such as a job that was still running when the wait timed out.
    """

    __slots__ = ()


class NoBody(Body):
    """An operation without a result; a body that comes all the same is ignored."""

    __slots__ = ()


class JsonBody(Body):
    """A JSON document.

    Args:
        converter: How its value is read.

    Attributes:
        decode: The function that reads the value, once it is known.
    """

    __slots__ = ("converter", "decode")

    def __init__(self, converter: Converter) -> None:
        self.converter = converter
        self.decode: Callable[[Any], Any] | None = None


class TextBody(Body):
    """A string: bare, or as a JSON string where the server writes one.

    Spring writes a `String` result without quotes even under `application/json`.
    """

    __slots__ = ()


class HtmlBody(TextBody):
    """A string that the server sends as `text/html`.

    Args:
        pages: Whether it may be an HTML page. Some servers send short plain text under this type;
            a page in place of one comes from something else, such as a proxy, and is refused.
    """

    __slots__ = ("pages",)

    def __init__(self, *, pages: bool = True) -> None:
        self.pages = pages


class JoinedTextBody(Body):
    """A list of strings that the server writes one after the other, with nothing between them.

    Spring writes a stream of `String` that way. A JSON list is read as well, which is what the
    server means to send.

    Args:
        vocabulary: What the strings are, which tells them apart; see `exchange.bodies`.
    """

    __slots__ = ("vocabulary",)

    def __init__(self, vocabulary: str) -> None:
        self.vocabulary = vocabulary


class BinaryBody(Body):
    """Bytes, with the file name and type that the headers give."""

    __slots__ = ()


class LinesBody(JsonBody):
    """JSON documents, one a line.

    Args:
        converter: How the value of each line is read.
    """

    __slots__ = ()


class EventsBody(LinesBody):
    """Server-sent events with data of JSON; data that is no JSON is a string.

    Args:
        converter: How the data of each event is read.
    """

    __slots__ = ()


class BodyByType(Body):
    """A body that is read by the media type that the server names.

    Args:
        kinds: The kinds of bodies by media type, which may end in `*`; the first is that of a body
            of another media type.
    """

    __slots__ = ("kinds",)

    def __init__(self, kinds: Mapping[str, Body]) -> None:
        self.kinds = kinds
