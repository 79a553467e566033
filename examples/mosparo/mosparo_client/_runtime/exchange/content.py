# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How request bodies are checked and written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..declare.response import File
from ..declare.unset import Unset
from ..errors import InvalidRequest
from .path import query_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..declare.operation import Operation

__all__ = ["binary_content", "check_body", "check_model", "form_content", "text_content"]

_LONE_SURROGATE = "text_body contains a lone surrogate, which UTF-8 cannot encode"


def text_content(value: Any) -> bytes:
    """Write a string.

    Args:
        value: The string, or a `File` with it.

    Returns:
        The string in UTF-8.

    Raises:
        InvalidRequest: It is something else.
    """
    if isinstance(value, File):
        return binary_content(value)
    if not isinstance(value, str):
        raise InvalidRequest(f"text_body must be a string or a File, got {type(value).__name__}")
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
        InvalidRequest: A field cannot be written as a string.
    """
    from ..codec.encoding import encode_any

    fields = encode_any(value)
    if not isinstance(fields, dict):
        raise InvalidRequest(
            f"form_data must be a model or a dictionary, got {type(value).__name__}"
        )
    return urlencode(query_pairs(fields, "form_data[{!r}]".format)).encode("ascii")


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
            raise InvalidRequest("the payload of a File must be open in binary mode")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise InvalidRequest(f"binary_body must be a File or bytes, got {type(value).__name__}")


def check_model(operation: Operation, body: Any) -> None:
    """Refuse a JSON body of another model, or with misspelt keys: servers ignore what is unknown.

    Args:
        operation: The operation.
        body: A model, a list of models, or plain JSON.

    Raises:
        InvalidRequest: It is another model, or a key of plain JSON is not spelt as it should be.
    """
    for each in body if isinstance(body, (list, tuple)) else (body,):
        if type(each).__name__ != operation.body:
            _check_other(operation, each)


def _check_other(operation: Operation, body: Any) -> None:
    from ..codec.model import Model  # loaded by now if the body is one

    if isinstance(body, Model):
        if operation.body not in [base.__name__ for base in type(body).__mro__]:
            raise InvalidRequest(f"json_body must be {operation.body}, got {type(body).__name__}")
    elif isinstance(body, Mapping):
        from ..codec.unknown_values import check_keys

        with suppress(RecursionError):  # which the writer tells of
            check_keys(import_module(operation.models), operation.body or "", body, "json_body: ")


def check_body(operation: Operation, body: Any, allowed: Mapping[str, bool]) -> None:
    """Check a JSON body against the rules of its operation.

    Args:
        operation: The operation.
        body: A model, a list of models, or plain JSON.
        allowed: The arguments that let it hold what is refused.

    Raises:
        InvalidRequest: It holds what it must not, or lacks what it must hold.
    """
    if isinstance(body, Unset):
        return
    for place, (argument, reason) in (operation.refused or {}).items():
        for found, holds_it in _places(body, place.split("."), "json_body"):
            if holds_it and not allowed.get(argument):
                raise InvalidRequest(
                    f"{found} must not be sent: {reason}; pass {argument}=True to send it anyway"
                )
    for place, reason in (operation.needed or {}).items():
        for found, holds_it in _places(body, place.split("."), "json_body"):
            if not holds_it:
                raise InvalidRequest(f"{found} must be set: {reason}")


def _places(value: Any, steps: list[str], at: str) -> Iterator[tuple[str, bool]]:
    """Find the objects that could have a property, and tell whether they have it.

    Properties of models are called by their names in Python, as the program calls them.
    """
    step, *rest = steps
    if step == "*":
        items: Iterable[tuple[Any, Any]] = ()
        if isinstance(value, Mapping):
            items = value.items()
        elif isinstance(value, (list, tuple)):
            items = enumerate(value)
        for key, item in items:
            yield from _places(item, rest, f"{at}[{key!r}]")
        return
    found = _held(value, step)
    if found is None:
        return
    name, held = found
    is_set = held is not None and not isinstance(held, Unset)
    if not rest:
        yield f"{at}.{name}", is_set
    elif is_set:
        yield from _places(held, rest, f"{at}.{name}")


def _held(value: Any, key: str) -> tuple[str, Any] | None:
    """Look a property up; None where the value is no object."""
    if isinstance(value, Mapping):
        return key, value.get(key)
    for item in getattr(type(value), "_properties", ()):
        if item.key == key and not isinstance(held := getattr(value, item.name), Unset):
            return item.name, held
        if item.key == key:
            return item.name, value.additional_properties.get(key)
    return None
