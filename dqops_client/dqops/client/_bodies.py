"""How the body of a successful answer becomes the result of an operation."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import DecodeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._conversion import Converter

__all__ = ["BinaryBody", "Body", "JsonBody", "NoBody", "TextBody", "parse_json"]


def parse_json(content: bytes) -> Any:
    """Parse a JSON document.

    Args:
        content: The document in UTF-8, UTF-16 or UTF-32.

    Returns:
        The value.

    Raises:
        DecodeError: The text is no JSON, is cut off, or is nested too deeply.
    """
    try:
        return json.loads(content)
    except UnicodeDecodeError as error:
        raise DecodeError(f"the text is not valid {error.encoding}") from None
    except json.JSONDecodeError as error:
        raise DecodeError(f"this is not valid JSON ({error})") from None
    except ValueError:
        # Python's limit, which keeps a server from occupying the processor with one number.
        raise DecodeError("a number in the JSON has too many digits") from None
    except RecursionError:
        raise DecodeError("the JSON is nested too deeply") from None


class Body:
    """How a body is read.

    An empty body gives None for every kind: the server leaves the body out where it has no result
    (yet), such as a job that was still running when the wait timed out.
    """

    __slots__ = ()

    def read(self, content: bytes, encoding: str, models: str) -> Any:
        """Read a body.

        Args:
            content: The body.
            encoding: The text encoding that the answer's headers name.
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

    def read(self, content: bytes, encoding: str, models: str) -> Any:  # noqa: ARG002  # no result
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

    def read(self, content: bytes, encoding: str, models: str) -> Any:  # noqa: ARG002  # by JSON
        """Parse the document and convert its value; null gives None."""
        if not content.strip():
            return None
        value = parse_json(content)
        if value is None:
            return None
        if self._decode is None:
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

    def read(self, content: bytes, encoding: str, models: str) -> Any:  # noqa: ARG002  # no model
        """Return the text."""
        if not content:
            return None
        try:
            text = content.decode(encoding)
        except (LookupError, ValueError):  # some encodings raise no UnicodeDecodeError
            raise DecodeError(f"the text is not valid {encoding}") from None
        if text.lstrip()[:1] == '"':
            try:
                value = json.loads(text)
            except ValueError:
                return text
            return value if isinstance(value, str) else text
        return text


class BinaryBody(Body):
    """Bytes that are passed on as they are, with the file name that the headers give."""

    __slots__ = ()

    def read(self, content: bytes, encoding: str, models: str) -> Any:  # noqa: ARG002  # as it is
        """Wrap the bytes in a `File`."""
        from io import BytesIO

        from .types import File

        return File(BytesIO(content))
