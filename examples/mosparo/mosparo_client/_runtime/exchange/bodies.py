# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How the body of a response becomes a value."""

from __future__ import annotations

import json
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..codec.converters import decoder
from ..codec.decoding import decode_text, list_decoder
from ..codec.documents import parse_json, read_document
from ..declare.bodies import BinaryBody, HtmlBody, JoinedTextBody, JsonBody, NoBody, TextBody
from ..declare.response import File
from ..errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..declare.bodies import Body

__all__ = ["Received", "file_name_of", "media_type_of", "read_body"]


# In bytes of UTF-8; most file systems take 255, and some that encrypt names take fewer.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20


class Received:
    """What came in a response.

    Args:
        content: The body.
        encoding: The text encoding that the headers name.
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
    return _READERS[type(body)](body, received, models)


def _read_nothing(body: Body, received: Received, models: str) -> Any:  # noqa: ARG001  # no result
    return None


def _read_json(body: JsonBody, received: Received, models: str) -> Any:
    content = received.content
    if not content.strip():
        return None
    decode = body.decode
    if decode is None:
        decode = body.decode = _or_null(decoder(body.converter, import_module(models)))
    return read_document(content, decode)


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
    from ..codec.vocabulary import split  # which loads the time zones

    content = received.content.strip()
    if content == b"null":
        return None
    if content[:1] in {b"[", b"{", b'"'}:
        return list_decoder(decode_text, str)(parse_json(content))
    return split(_decode_text(received), body.vocabulary)


def _read_binary(body: BinaryBody, received: Received, models: str) -> Any:  # noqa: ARG001
    return File(
        BytesIO(received.content), file_name_of(received.headers), media_type_of(received.headers)
    )


_READERS: dict[type[Body], Callable[[Any, Received, str], Any]] = {
    NoBody: _read_nothing,
    JsonBody: _read_json,
    TextBody: _read_text,
    HtmlBody: _read_text,
    JoinedTextBody: _read_joined,
    BinaryBody: _read_binary,
}


def _decode_text(received: Received) -> str:
    try:
        return received.content.decode(received.encoding)
    except (LookupError, ValueError):  # some encodings raise no UnicodeDecodeError
        raise DecodeError(f"the text is not valid {received.encoding}") from None


def media_type_of(headers: Mapping[str, str]) -> str | None:
    """Read the media type of a body.

    Args:
        headers: The headers of an answer.

    Returns:
        For example `application/zip`, without parameters, or None.
    """
    media_type = headers.get("Content-Type", "").partition(";")[0].strip()
    return media_type or None


def file_name_of(headers: Mapping[str, str]) -> str | None:
    """Read the file name that the server suggests.

    Args:
        headers: The headers of an answer.

    Returns:
        The name without any folder, which could lead out of the one to save it in, and shortened to
        what file systems take; None where there is no usable name.
    """
    from email.message import Message

    message = Message()
    message["Content-Disposition"] = " ".join(headers.get("Content-Disposition", "").split())
    try:
        # The standard library knows RFC 2231, which is how names beyond ASCII are written.
        name = message.get_filename()
    except (LookupError, TypeError, ValueError):
        return None  # the body is of use without a name
    if not name:
        return None
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    is_usable = last not in {"", ".", ".."} and last.isprintable()
    return _shortened(last) if is_usable else None


def _shortened(name: str) -> str:
    """Shorten a file name that no file system takes, but not what tells the kind of file."""
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = _LONGEST_NAME - len(f"{dot}{suffix}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip()}{dot}{suffix}"
