# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How the body of a response becomes a value."""

from __future__ import annotations

import json
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..declare.bodies import (
    BinaryBody,
    BodyByType,
    EventsBody,
    HtmlBody,
    JoinedTextBody,
    JsonBody,
    LinesBody,
    NoBody,
    TextBody,
)
from ..declare.conversion import STRING
from ..declare.response import File
from ..errors import DecodeError
from .content_headers import charset_of, encoding_of, file_name_of, media_type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..declare.bodies import Body

__all__ = ["Received", "body_of_type", "is_html", "is_unwanted_page", "items_body", "read_body"]


class Received:
    """What came in a response.

    Args:
        content: The body.
        encoding: The encoding of text.
        headers: The headers; names are matched without regard to case.
    """

    __slots__ = ("content", "encoding", "headers")

    def __init__(self, content: bytes, encoding: str, headers: Mapping[str, str]) -> None:
        self.content = content
        self.encoding = encoding
        self.headers = headers


def read_body(body: Body, received: Received, models: str) -> Any:
    """Read a body.

    Args:
        body: Its kind.
        received: What came.
        models: The import name of the package of models.

    Returns:
        The value.

    Raises:
        DecodeError: The body is not what the specification says.
    """
    body = body_of_type(body, received.headers)
    return _READERS[type(body)](body, received, models)


def body_of_type(body: Body, headers: Mapping[str, str]) -> Body:
    """Choose how a body is read by the media type that came, where that is the question.

    Args:
        body: The kind of body that an operation declares.
        headers: The headers of the response.

    Returns:
        A kind of body that is read in one way.
    """
    if not isinstance(body, BodyByType):
        return body
    media_type = (media_type_of(headers) or "").lower()
    found = body.kinds.get(media_type)
    if found is None:
        for pattern in (f"{media_type.partition('/')[0]}/*", "*/*"):
            found = found or body.kinds.get(pattern)
    if found is None and media_type.endswith("+json"):
        found = body.kinds.get("application/json")
    return found or next(iter(body.kinds.values()))


def items_body(body: Body) -> tuple[str, LinesBody] | None:
    """Find what is read item by item in what an operation declares.

    Args:
        body: The kind of body.

    Returns:
        Its media type, as far as that matters, and its kind; None where there is none.
    """
    if isinstance(body, EventsBody):
        return "text/event-stream", body
    if isinstance(body, LinesBody):
        return "", body
    if isinstance(body, BodyByType):
        for media_type, each in body.kinds.items():
            if isinstance(each, LinesBody):
                return media_type, each
    return None


def _read_nothing(body: Body, received: Received, models: str) -> Any:  # noqa: ARG001  # no result
    return None


def _read_json(body: JsonBody, received: Received, models: str) -> Any:
    content = received.content
    if not content.strip():
        return None
    from ..codec.documents import read_document

    return read_document(content, _decoder_of(body, models))


def _read_lines(body: LinesBody, received: Received, models: str) -> Any:
    from .lines import LineParser

    parser = LineParser()
    parser.feed(received.content)
    parser.finish()
    return [decode_line(body, line, models) for line in iter(parser.next, None)]


def decode_line(body: LinesBody, line: bytes, models: str) -> Any:
    """Read one of several JSON documents.

    Args:
        body: The kind of body.
        line: The document.
        models: The import name of the package of models.

    Raises:
        DecodeError: It is not what the specification says.
    """
    from ..codec.documents import read_document

    return read_document(line, _decoder_of(body, models))


def _read_events(body: EventsBody, received: Received, models: str) -> Any:
    from .lines import EventParser

    parser = EventParser()
    parser.feed(received.content)
    return [decode_event(body, event.data, models) for event in iter(parser.next, None)]


def decode_event(body: LinesBody, data: str, models: str) -> Any:
    """Read the data of a server-sent event.

    Args:
        body: The kind of body.
        data: The data.
        models: The import name of the package of models.

    Returns:
        What it is by the specification; the string itself where that is no JSON.

    Raises:
        DecodeError: It is JSON of another kind.
    """
    if body.converter is STRING or not _is_json(data):
        return data
    from ..codec.documents import read_document

    return read_document(data.encode(), _decoder_of(body, models))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (RecursionError, ValueError):
        return False
    return True


def _decoder_of(body: JsonBody, models: str) -> Callable[[Any], Any]:
    if body.decode is None:
        from ..codec.converters import decoder

        body.decode = _or_null(decoder(body.converter, import_module(models)))
    return body.decode


def _or_null(decode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else decode(value)


def _read_text(body: TextBody, received: Received, models: str) -> Any:  # noqa: ARG001  # no model
    if not received.content:
        return None
    text = _decode_text(received)
    if "json" in received.headers.get("Content-Type", ""):
        text = text.strip()  # white space around a JSON value means nothing
    if text.lstrip()[:1] == '"':
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return value if isinstance(value, str) else text
    return text


def _read_joined(body: JoinedTextBody, received: Received, models: str) -> Any:  # noqa: ARG001
    content = received.content.strip()
    if content == b"null":
        return None
    if content[:1] in {b"[", b"{", b'"'}:
        from ..codec.decoding import decode_string, list_decoder
        from ..codec.documents import parse_json

        return list_decoder(decode_string, str)(parse_json(content))
    from .joined_text import split_words

    return split_words(_decode_text(received), body.vocabulary)


def _read_binary(body: BinaryBody, received: Received, models: str) -> Any:  # noqa: ARG001
    return File(
        BytesIO(received.content), file_name_of(received.headers), media_type_of(received.headers)
    )


_READERS: dict[type[Body], Callable[[Any, Received, str], Any]] = {
    NoBody: _read_nothing,
    JsonBody: _read_json,
    LinesBody: _read_lines,
    EventsBody: _read_events,
    TextBody: _read_text,
    HtmlBody: _read_text,
    JoinedTextBody: _read_joined,
    BinaryBody: _read_binary,
}


def _decode_text(received: Received) -> str:
    try:
        return received.content.decode(received.encoding)
    except (LookupError, ValueError):  # some encodings raise no UnicodeDecodeError
        problem = f"the string is not valid {received.encoding}"
    charset = charset_of(received.headers)
    if charset and not encoding_of(charset):
        problem += f"; its charset {charset[:100]!r} is not supported"
    raise DecodeError(problem)


def is_unwanted_page(body: Body, headers: Mapping[str, str], content: bytes) -> bool:
    """Tell whether an HTML page has come where the specification promises plain text.

    Args:
        body: The kind of body.
        headers: The headers of the response.
        content: The body.
    """
    if isinstance(body, HtmlBody):
        return not body.pages and _begins_as_page(content)
    return isinstance(body, (JoinedTextBody, TextBody)) and is_html(headers, content)


def is_html(headers: Mapping[str, str], content: bytes) -> bool:
    """Tell whether a body is an HTML page, by what the server says or by how it begins.

    Args:
        headers: The headers of the response.
        content: The body.
    """
    return "html" in headers.get("Content-Type", "").lower() or _begins_as_page(content)


def _begins_as_page(content: bytes) -> bool:
    return content.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))
