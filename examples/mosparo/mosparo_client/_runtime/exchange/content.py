# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How request bodies are checked and written."""

from __future__ import annotations

import json
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
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from ..declare.messages import Arguments
    from ..declare.operation import Operation

__all__ = ["written_body"]

_LONE_SURROGATE = "text_body contains a lone surrogate, which UTF-8 cannot encode"


def written_body(operation: Operation, arguments: Arguments) -> tuple[str, bytes] | None:
    """Check and write the body of a request.

    Args:
        operation: The operation.
        arguments: Its arguments.

    Returns:
        The value of its header Content-Type, and the body; None for no body.

    Raises:
        InvalidRequest: It cannot be sent.
    """
    if operation.body_is_list and not isinstance(arguments.json, Unset):
        arguments.json = _list_body(operation, arguments.json)
    if operation.body is not None:
        _check_model(operation, arguments.json)
    if operation.refused or operation.needed:
        _check_body(operation, arguments.json, arguments.allowed or {})
    given = [key for key in _BODIES if not isinstance(getattr(arguments, key), Unset)]
    if not isinstance(arguments.multipart, Unset):
        given.append("multipart")
    further = [
        (way, media_type, value)
        for (way, media_type), value in (arguments.further or {}).items()
        if not isinstance(value, Unset)
    ]
    count = len(given) + len(further)
    if count > 1 or (operation.needs_body and not count):
        shown = [_BODIES[key][1] if key in _BODIES else "multipart_data" for key in given]
        names = ", ".join([*shown, *(media_type for _, media_type, _ in further)])
        raise InvalidRequest(f"exactly one body must be given, got {names or 'none'}")
    if given == ["multipart"]:
        return _multipart_content(arguments.multipart)
    for way in given:
        media_type = operation.content_types.get(way, _BODIES[way][0])
        further = [(way, media_type, getattr(arguments, way))]
    for way, media_type, value in further:
        charset = "; charset=utf-8" if way == "text" else ""
        return f"{media_type}{charset}", _BODIES[way][2](value)
    return None


def _text_content(value: Any) -> bytes:
    """Write a string.

    Args:
        value: The string, or a `File` with it.

    Returns:
        The string in UTF-8.

    Raises:
        InvalidRequest: It is something else.
    """
    if isinstance(value, File):
        return _binary_content(value)
    if not isinstance(value, str):
        raise InvalidRequest(f"text_body must be a string or a File, got {type(value).__name__}")
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidRequest(_LONE_SURROGATE) from None


def _form_content(value: Any) -> bytes:
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


def _binary_content(value: Any) -> bytes:
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


def _json_content(value: Any) -> bytes:
    from ..codec.documents import write_document  # which takes time to load

    return write_document(value)


# The media type, the name of the argument, and the function that writes it.
_BODIES: dict[str, tuple[str, str, Callable[[Any], bytes]]] = {
    "json": ("application/json", "json_body", _json_content),
    "text": ("text/plain", "text_body", _text_content),
    "form": ("application/x-www-form-urlencoded", "form_data", _form_content),
    "binary": ("application/octet-stream", "binary_body", _binary_content),
}


def _multipart_content(value: Any) -> tuple[str, bytes]:
    """Write the parts of a form.

    Args:
        value: A model or a dictionary. A file is a `File` or bytes, an object is sent as JSON, a
            list as a part for each item.

    Returns:
        The media type with its boundary, and the body.

    Raises:
        InvalidRequest: A part cannot be written.
    """
    from uuid import uuid4

    from ..codec.encoding import encode_any

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
                yield name, _file_headers(name, item), _binary_content(item)
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


def _list_body(operation: Operation, body: Any) -> list[Any]:
    """Take whatever stands for a list as a JSON body; the list can be gone through twice."""
    from ..codec.unknown_values import as_list

    try:
        return list(as_list(body, of=operation.body or ""))
    except InvalidRequest as error:
        raise InvalidRequest(f"json_body: {error}") from None


def _check_model(operation: Operation, body: Any) -> None:
    """Refuse a JSON body of another model, or with misspelt keys: servers ignore what is unknown.

    Args:
        operation: The operation.
        body: A model, a list of models, or plain JSON.

    Raises:
        InvalidRequest: It is another model; or a key of plain JSON, or of a model that selects what
            the request is about, is not spelt as it should be.
    """
    for each in body if isinstance(body, (list, tuple)) else (body,):
        if type(each).__name__ != operation.body:
            _check_other(operation, each)
        if getattr(each, "_selects", False):
            _check_selection(import_module(operation.models), each)


def _check_other(operation: Operation, body: Any) -> None:
    from ..codec.model import Model  # loaded by now if the body is one

    if isinstance(body, Model):
        if operation.body not in [base.__name__ for base in type(body).__mro__]:
            raise InvalidRequest(f"json_body must be {operation.body}, got {type(body).__name__}")
    elif isinstance(body, Mapping):
        from ..codec.unknown_values import check_keys

        with suppress(RecursionError):  # which the writer tells of
            check_keys(import_module(operation.models), operation.body or "", body, "json_body: ")


def _check_selection(models: ModuleType, selection: Any) -> None:
    """Refuse misspelt extra fields of a model that selects what a request is about."""
    from ..codec.interpreting import generated_class
    from ..codec.unknown_values import check_keys

    name = generated_class(type(selection)).__name__
    check_keys(models, name, selection.additional_properties, "json_body: ", extra=True)
    for item in selection._properties:
        held = getattr(selection, item.name)
        if getattr(held, "_selects", False):
            wanted = getattr(item.converter, "name", "")
            if wanted not in [base.__name__ for base in type(held).__mro__]:
                found = type(held).__name__
                raise InvalidRequest(f"json_body: {name}.{item.key} must be {wanted}, got {found}")
            _check_selection(models, held)


def _check_body(operation: Operation, body: Any, allowed: Mapping[str, bool]) -> None:
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
