# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Writes parameters that are lists or objects in the way that an operation says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..declare.unset import Unset
from ..errors import InvalidRequest
from .path import query_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["styled"]

_SEPARATORS = {"comma": ",", "space": " ", "pipe": "|"}


def styled(values: Mapping[str, Any] | None, styles: Mapping[str, str]) -> dict[str, Any]:
    """Write values in their styles.

    Args:
        values: The parameters of one part of the request, by their names on the wire.
        styles: The style of each that has one: `comma`, `space` and `pipe` join the items of a list
            (and the names and values of an object), `deep` writes `name[key]`, `fields` each
            property as a parameter of its own, `json` a JSON document.

    Returns:
        Strings, numbers and lists of such.

    Raises:
        InvalidRequest: A value does not fit to its style.
    """
    found: dict[str, Any] = {}
    for name, value in (values or {}).items():
        style = styles.get(name)
        if style is None or value is None or isinstance(value, Unset):
            found[name] = value
            continue
        from ..codec.encoding import encode_any

        plain = encode_any(value)
        if style == "json":
            try:
                found[name] = json.dumps(plain, separators=(",", ":"), allow_nan=False)
            except (TypeError, ValueError) as error:
                raise InvalidRequest(f"{name} cannot be written as JSON: {error}") from None
        elif style in _SEPARATORS:
            found[name] = _joined(name, plain, _SEPARATORS[style])
        elif not isinstance(plain, dict):
            raise InvalidRequest(
                f"{name} must be a model or a dictionary, got {type(value).__name__}"
            )
        elif style == "deep":
            _deepen(found, name, plain)
        else:
            found.update(plain)
    return found


def _joined(name: str, value: Any, separator: str) -> Any:
    if isinstance(value, dict):
        items = [item for pair in value.items() for item in pair]
    elif isinstance(value, (list, tuple, set, frozenset)):
        items = list(value)
    else:
        return value
    return separator.join(text for _, text in query_pairs({name: items}, f"{name}: {{}}".format))


def _deepen(found: dict[str, Any], name: str, value: dict[str, Any]) -> None:
    for key, item in value.items():
        if isinstance(item, dict):
            _deepen(found, f"{name}[{key}]", item)
        else:
            found[f"{name}[{key}]"] = item
