# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How request bodies are written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from ..codec.encoding import encode_any
from ..declare.response import File
from ..errors import InvalidRequest
from .path import query_pairs

__all__ = ["binary_content", "form_content", "text_content"]

_LONE_SURROGATE = "the body holds a lone surrogate, which UTF-8 cannot express"


def text_content(value: Any) -> bytes:
    """Write a plain text.

    Args:
        value: The text, or a `File` with it.

    Returns:
        The text in UTF-8.

    Raises:
        InvalidRequest: It is no text.
    """
    if isinstance(value, File):
        return binary_content(value)
    if not isinstance(value, str):
        raise InvalidRequest(f"the body must be a text, not {type(value).__name__}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidRequest(_LONE_SURROGATE) from None


def form_content(value: Any) -> bytes:
    """Write the fields of a form.

    Args:
        value: A model or a dictionary.

    Returns:
        The fields, percent-encoded.

    Raises:
        InvalidRequest: A field cannot be written as text.
    """
    fields = encode_any(value)
    if not isinstance(fields, dict):
        raise InvalidRequest(f"the body must be a model, not {type(value).__name__}")
    return urlencode(query_pairs(fields, "the body's field")).encode("ascii")


def binary_content(value: Any) -> bytes:
    """Read the bytes of a file.

    Args:
        value: A `File`, or the bytes themselves.

    Returns:
        The bytes.

    Raises:
        InvalidRequest: It is neither.
    """
    if isinstance(value, File):
        value = value.payload.read()
        if isinstance(value, str):
            raise InvalidRequest("the body's File must be open for reading bytes, not text")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise InvalidRequest(f"the body must be a File or bytes, not {type(value).__name__}")
