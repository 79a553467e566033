"""How the body of a successful answer becomes the result of an operation."""

from __future__ import annotations

import gc

from ...client.errors import DecodeError

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .conversion import Converter

__all__ = [
    "BinaryBody",
    "Body",
    "HtmlBody",
    "JoinedTextBody",
    "JsonBody",
    "NoBody",
    "Received",
    "TextBody",
    "file_name_of",
    "media_type_of",
    "parse_json",
]

# In bytes of UTF-8; most file systems take 255, and some that encrypt names take fewer.
_LONGEST_NAME = 200
_LONGEST_SUFFIX = 20


_LARGE = 16_384  # bytes of JSON from which on the search for garbage is felt


class Received:
    """What came in an answer.

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


def parse_json(content: bytes, *, is_exact: bool = True) -> Any:
    """Parse a JSON document.

    Args:
        content: The document in UTF-8, UTF-16 or UTF-32.
        is_exact: Whether whole numbers beyond 64 bits are sure to keep all digits.

    Returns:
        The value.

    Raises:
        DecodeError: The text is no JSON, is cut off, or is nested too deeply.
    """
    from ..codec.json_io import loads

    try:
        return loads(content, is_exact=is_exact)
    except ValueError as error:
        problem = _json_problem(error)
    except RecursionError:
        problem = "the JSON is nested too deeply"
    raise DecodeError(problem)


def _json_problem(error: ValueError) -> str:
    from json import JSONDecodeError

    if isinstance(error, UnicodeDecodeError):
        return f"the text is not valid {error.encoding}"
    if isinstance(error, JSONDecodeError):
        return f"this is not valid JSON ({error})"
    # Python's limit, which keeps a server from occupying the processor with one number.
    return "a number in the JSON has too many digits"


class Body:
    """How a body is read.

    An empty body gives None for every kind: the server leaves the body out where it has no result
    (yet), such as a job that was still running when the wait timed out.
    """

    __slots__ = ()

    def read(self, received: Received, models: str) -> Any:
        """Read a body.

        Args:
            received: What came.
            models: The import name of the package of models.

        Returns:
            The result.

        Raises:
            DecodeError: The body is not what the specification says.
        """
        raise NotImplementedError


class NoBody(Body):
    """An operation without a result; anything that comes all the same is passed over."""

    __slots__ = ()

    def read(self, received: Received, models: str) -> Any:  # noqa: ARG002  # no result
        """Return None."""
        return None


class JsonBody(Body):
    """A JSON document.

    Args:
        converter: How its value is read.
    """

    __slots__ = ("_decode", "converter")

    def __init__(self, converter: Converter) -> None:
        self.converter = converter
        self._decode: Callable[[Any], Any] | None = None

    def read(self, received: Received, models: str) -> Any:
        """Parse the document and convert its value; null gives None."""
        content = received.content
        if len(content) < _LARGE or not gc.isenabled():
            return self._convert(content, models)
        # Nothing of what is made here is garbage, and to look for it again and again, which Python
        # does whenever some hundred objects were made, takes a third of the time.
        gc.disable()
        try:
            return self._convert(content, models)
        finally:
            gc.enable()

    def _convert(self, content: bytes, models: str) -> Any:
        if not content.strip():
            return None
        from ..codec import json_io
        from ..codec.long_numbers import NOTICED

        if json_io.orjson is None:
            return self._read_value(parse_json(content), models)
        NOTICED.is_any = False
        try:
            result = self._read_value(parse_json(content, is_exact=False), models)
        except DecodeError:
            if not NOTICED.is_any:
                raise
        else:
            if not NOTICED.is_any:
                return result
        return self._read_value(parse_json(content), models)

    def _read_value(self, value: Any, models: str) -> Any:
        if value is None:
            return None
        if self._decode is None:
            from importlib import import_module

            self._decode = self.converter.decoder(import_module(models))
        try:
            return self._decode(value)
        except RecursionError:
            raise DecodeError("the JSON is nested too deeply") from None


class TextBody(Body):
    """A text: bare, or as a JSON string where the server writes one.

    Spring writes a `String` result without quotes even under `application/json`.
    """

    __slots__ = ()

    def read(self, received: Received, models: str) -> Any:  # noqa: ARG002  # a text has no model
        """Return the text."""
        if not received.content:
            return None
        text = _decode_text(received)
        if "json" in received.headers.get("Content-Type", ""):
            text = text.strip()  # white space around a JSON value means nothing
        if text.lstrip()[:1] == '"':
            import json

            try:
                value = json.loads(text)
            except ValueError:
                return text
            return value if isinstance(value, str) else text
        return text


class HtmlBody(TextBody):
    """A text that the server sends as `text/html`.

    Args:
        pages: Whether it may be an HTML page. Some servers send short plain texts under this type;
            a page in place of one comes from something else, such as a proxy, and is refused.
    """

    __slots__ = ("pages",)

    def __init__(self, *, pages: bool = True) -> None:
        self.pages = pages


class JoinedTextBody(Body):
    """A list of texts that the server writes one after the other, with nothing between them.

    Spring writes a stream of `String` that way. A JSON list is read as well, which is what the
    server means to send.

    Args:
        vocabulary: What the texts are, which tells them apart; see `codec.vocabulary`.
    """

    __slots__ = ("vocabulary",)

    def __init__(self, vocabulary: str) -> None:
        self.vocabulary = vocabulary

    def read(self, received: Received, models: str) -> Any:  # noqa: ARG002  # texts have no model
        """Return the texts in their order."""
        from ..codec.decoding import decode_text, list_decoder
        from ..codec.vocabulary import split

        content = received.content.strip()
        if content == b"null":
            return None
        if content[:1] in {b"[", b"{", b'"'}:
            return list_decoder(decode_text, str)(parse_json(content))
        return split(_decode_text(received), self.vocabulary)


class BinaryBody(Body):
    """Bytes that are passed on as they are, with the file name and type that the headers give."""

    __slots__ = ()

    def read(self, received: Received, models: str) -> Any:  # noqa: ARG002  # as it is
        """Wrap the bytes in a `File`."""
        from io import BytesIO

        from ...client.types import File

        return File(
            BytesIO(received.content),
            file_name_of(received.headers),
            media_type_of(received.headers),
        )


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
