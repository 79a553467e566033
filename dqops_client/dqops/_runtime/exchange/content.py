"""How request bodies are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...client.errors import InvalidRequest
from ...client.types import UNSET, File
from ..codec.encoding import encode_any
from ..codec.model import Model
from ..codec.plan import models_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["binary_content", "form_content", "json_content", "text_content"]

_LONE_SURROGATE = "the body holds a lone surrogate, which UTF-8 cannot express"


def json_content(value: Any) -> bytes:
    """Write a JSON document.

    Args:
        value: A model, a list of models, or plain JSON.

    Returns:
        The document in UTF-8.

    Raises:
        InvalidRequest: Something in it has no JSON form, such as NaN or an unrelated object.
    """
    from ..codec import json_io

    try:
        if json_io.orjson is not None:
            return json_io.dumps(encode_any(value))
        from ..codec.json_text import write_any

        return write_any(value)
    except InvalidRequest as error:
        raise InvalidRequest(f"{_find_refused(value)}: {error}") from None
    except UnicodeEncodeError:
        raise InvalidRequest(_LONE_SURROGATE) from None
    except RecursionError:
        raise InvalidRequest(
            "the body cannot be written as JSON: it is nested too deeply, or holds itself"
        ) from None
    except (TypeError, ValueError, AttributeError) as error:
        place = _find_problem(value)
        raise InvalidRequest(f"the body cannot be written as JSON{place}: {error}") from None


def _find_problem(value: Any) -> str:
    """Name the place of the first value that has no JSON form, such as ` at a.b[2]`."""
    place = ""
    try:
        plain = encode_any(value)
        passed: set[int] = set()  # because it may hold itself
        while isinstance(plain, (dict, list)) and id(plain) not in passed:
            passed.add(id(plain))
            items = plain.items() if isinstance(plain, dict) else enumerate(plain)
            for step, item in items:
                if not _is_json(item):
                    place += f"[{step}]" if isinstance(plain, list) else f".{step}"
                    plain = item
                    break
            else:
                break  # a key, not a value
    except (TypeError, ValueError, AttributeError):
        return ""  # a model of which not even the plain form can be made
    return f" at {place.removeprefix('.')}" if place else ""


def _find_refused(value: Any, place: str = "json_body") -> str:
    """Name the place of the first value that its own kind refuses, such as `json_body.a.b[2]`."""
    for step, item, encode in _parts(value):
        try:
            encode(item)
        except InvalidRequest:
            return _find_refused(item, place + step)
        except (TypeError, ValueError, AttributeError):
            continue  # another problem, which is not the one that was told
    return place


def _parts(value: Any) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """List what a model, list or dictionary holds, each with what writes it."""
    if isinstance(value, Model):
        models = models_of(type(value))
        for each in value._properties:
            item = getattr(value, each.name)
            if item is not UNSET:
                yield f".{each.name}", item, each.converter.encoder(models) or encode_any
        encode = value._additional.encoder(models) or encode_any
        for key, item in value.additional_properties.items():
            yield f"[{key!r}]", item, encode
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"[{key!r}]", item, encode_any
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield f"[{index}]", item, encode_any


def _is_json(value: Any) -> bool:
    from ..codec.json_io import dumps

    try:
        dumps(value)
    except (TypeError, ValueError):
        return False
    return True


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
    from urllib.parse import urlencode

    from .path import query_pairs

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
