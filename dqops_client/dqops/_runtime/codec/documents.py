"""JSON documents: from bytes to values and back, with the errors that a caller gets."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from ..declare.unset import UNSET
from ..errors import DecodeError, InvalidRequest
from . import json_io
from .encoding import encode_any
from .numbers import NOTICED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["parse_json", "read_document", "write_document"]


def parse_json(content: bytes, *, is_exact: bool = True) -> Any:
    """Parse a JSON document.

    Args:
        content: The document in UTF-8, UTF-16 or UTF-32.
        is_exact: Whether integers beyond 64 bits are sure to keep all digits.

    Returns:
        The value.

    Raises:
        DecodeError: The document is not JSON, is cut off, or is nested too deeply.
    """
    try:
        return json_io.loads(content, is_exact=is_exact)
    except ValueError as error:
        problem = _json_problem(error)
    except RecursionError:
        problem = "the JSON is nested too deeply"
    raise DecodeError(problem)


def _json_problem(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not valid {error.encoding}"
    if isinstance(error, JSONDecodeError):
        return f"not valid JSON ({error})"
    # Python's limit, which keeps a server from occupying the processor with one number.
    return "a number in the JSON has too many digits"


def read_document(content: bytes, decode: Callable[[Any], Any]) -> Any:
    """Parse a JSON document and convert its value.

    Args:
        content: The document in UTF-8, UTF-16 or UTF-32.
        decode: Converts the value.

    Returns:
        The converted value.

    Raises:
        DecodeError: The document is not what the specification says.
    """
    if json_io.orjson is None:
        return _convert(parse_json(content), decode)
    NOTICED.is_any = False
    try:
        result = _convert(parse_json(content, is_exact=False), decode)
    except DecodeError:
        if not NOTICED.is_any:
            raise
    else:
        if not NOTICED.is_any:
            return result
    return _convert(parse_json(content), decode)


def _convert(value: Any, decode: Callable[[Any], Any]) -> Any:
    try:
        return decode(value)
    except RecursionError:
        raise DecodeError("the JSON is nested too deeply") from None


def write_document(value: Any, name: str = "json_body") -> bytes:
    """Write a JSON document.

    Args:
        value: A model, a list of models, or plain JSON.
        name: What it is, for messages.

    Returns:
        The document in UTF-8.

    Raises:
        InvalidRequest: Something in it has no JSON form, such as NaN or an unrelated object.
    """
    try:
        return json_io.dumps(encode_any(value))
    except InvalidRequest as error:
        raise InvalidRequest(f"{_find_refused(value, name)}: {error}") from None
    except UnicodeEncodeError:
        raise InvalidRequest(
            f"{name} contains a lone surrogate, which UTF-8 cannot encode"
        ) from None
    except RecursionError:
        raise InvalidRequest(
            f"{name} cannot be written as JSON: it is nested too deeply, or contains itself"
        ) from None
    except (TypeError, ValueError, AttributeError) as error:
        place = _find_problem(value)
        raise InvalidRequest(f"{name}{place} cannot be written as JSON: {error}") from None


def _find_problem(value: Any) -> str:
    """Name the place of the first value that has no JSON form, such as `.a.b[2]`."""
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
    return place


def _find_refused(value: Any, place: str) -> str:
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
    if hasattr(type(value), "_properties"):
        for each in value._properties:
            item = getattr(value, each.name)
            if item is not UNSET:
                yield f".{each.name}", item, value._encode[each.key]
        for key, item in value.additional_properties.items():
            yield f"[{key!r}]", item, value._encode.additional
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f"[{key!r}]", item, encode_any
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield f"[{index}]", item, encode_any


def _is_json(value: Any) -> bool:
    try:
        json_io.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
