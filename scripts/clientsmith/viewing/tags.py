"""Finds the property that tells the models of a union apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.viewing.types import component_name

if TYPE_CHECKING:
    from clientsmith.viewing.types import Types

__all__ = ["tagged_models"]


def tagged_models(
    schema: dict[str, Any], alternatives: list[dict[str, Any]], types: Types
) -> tuple[str, dict[str, str]] | None:
    """Find the property that tells the models of a union apart.

    Args:
        schema: The union.
        alternatives: What it consists of.
        types: The schemas and classes of the document.

    Returns:
        The property, and the classes by its values; None where no property tells.
    """
    names = [component_name(each.get("$ref")) for each in alternatives]
    names = [
        name
        for name in dict.fromkeys(names)
        if name in types.classes and "enum" not in types.schemas[name]
    ]
    if len(names) < 2:
        return None
    found = _by_discriminator(schema.get("discriminator"), names, types) or _by_values(names, types)
    if found is None:
        return None
    key, by_value = found
    return key, {value: types.classes[name][0] for value, name in by_value.items()}


def _by_discriminator(
    discriminator: Any, names: list[str], types: Types
) -> tuple[str, dict[str, str]] | None:
    if not isinstance(discriminator, dict) or "propertyName" not in discriminator:
        return None
    key = str(discriminator["propertyName"])
    mapping = discriminator.get("mapping") or {}
    found = {str(value): component_name(reference) for value, reference in mapping.items()}
    found = {value: name for value, name in found.items() if name in names}
    for name in names:
        if name not in found.values():
            for value in _values(types, name, key) or [types.spelt(name)]:
                found.setdefault(value, name)
    return key, found


def _by_values(names: list[str], types: Types) -> tuple[str, dict[str, str]] | None:
    """Look for a property of which no two models have a value in common."""
    for key in types.schemas[names[0]].get("properties", ()):
        lists = [_values(types, name, key) for name in names]
        values = [value for each in lists for value in each]
        if all(lists) and len(set(values)) == len(values):
            return key, {
                value: name for name, each in zip(names, lists, strict=True) for value in each
            }
    return None


def _values(types: Types, name: str, key: str) -> list[str]:
    """List the values that a property of a model can have, where they are listed and strings."""
    found = types.plain(types.schemas[name].get("properties", {}).get(key, {}))
    values = [found["const"]] if "const" in found else found.get("enum", [])
    return list(values) if all(isinstance(value, str) for value in values) else []
