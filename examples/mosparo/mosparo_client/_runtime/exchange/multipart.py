# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Writes forms of several parts, with files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..codec.encoding import encode_any
from ..declare.response import File
from ..declare.unset import Unset
from ..errors import InvalidRequest
from .content import binary_content
from .path import query_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["multipart_content"]


def multipart_content(value: Any) -> tuple[str, bytes]:
    """Write the parts of a form.

    Args:
        value: A model or a dictionary. A file is a `File` or bytes, an object is sent as JSON, a
            list as a part for each item.

    Returns:
        The media type with its boundary, and the body.

    Raises:
        InvalidRequest: A part cannot be written.
    """
    fields = encode_any(value)
    if not isinstance(fields, dict):
        raise InvalidRequest(
            f"multipart_data must be a model or a dictionary, got {type(value).__name__}"
        )
    boundary = uuid4().hex
    pieces: list[bytes] = []
    for name, headers, content in _parts(fields):
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{headers}'
        pieces += [head.encode(), b"\r\n\r\n", content, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(pieces)


def _parts(fields: dict[Any, Any]) -> Iterator[tuple[str, str, bytes]]:
    for key, value in fields.items():
        name = str(key)
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if item is None or isinstance(item, Unset):
                continue
            if isinstance(item, (File, bytes, bytearray, memoryview)):
                yield name, _file_headers(name, item), binary_content(item)
            elif isinstance(item, (dict, list, tuple)):
                yield name, "\r\nContent-Type: application/json", _json(name, item)
            else:
                for _, text in query_pairs({name: item}, "multipart_data[{!r}]".format):
                    yield name, "", text.encode()


def _file_headers(name: str, item: Any) -> str:
    file_name = item.file_name if isinstance(item, File) else None
    media_type = (item.mime_type if isinstance(item, File) else None) or "application/octet-stream"
    if not media_type.isprintable() or not media_type.isascii():
        raise InvalidRequest(f"multipart_data[{name!r}]: its mime_type must be printable ASCII")
    return f'; filename="{_quoted(file_name or name)}"\r\nContent-Type: {media_type}'


def _json(name: str, item: Any) -> bytes:
    try:
        return json.dumps(item, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InvalidRequest(
            f"multipart_data[{name!r}] cannot be written as JSON: {error}"
        ) from None


def _quoted(name: str) -> str:
    """Write a name so that it cannot end its header, as browsers do."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raise InvalidRequest("a part has a name with a lone surrogate") from None
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
