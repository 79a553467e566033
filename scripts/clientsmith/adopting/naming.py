"""Gives component schemas names that are names of classes in Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from clientsmith.viewing.types import ORIGINAL_NAME

if TYPE_CHECKING:
    from clientsmith.adopting.notes import Notes

__all__ = ["rename_components"]

_BODY = re.compile(r"Body_(?P<operation>\w+?)_(?:post|put|patch|delete|get)\Z")
_COMPONENT = re.compile(r"#/components/(?P<section>\w+)/(?P<name>.*)", re.DOTALL)


def rename_components(content: dict[str, Any], taken: frozenset[str], notes: Notes) -> None:
    """Rename component schemas, and other components whose names OpenAPI does not allow.

    Args:
        content: The document; it is changed.
        taken: Names that the generated code needs for itself.
        notes: Takes what was done.
    """
    components = content.get("components", {})
    renamed: dict[tuple[str, str], str] = {}
    for section, values in components.items():
        if section in {"schemas", "securitySchemes"} or not isinstance(values, dict):
            continue
        names: set[str] = set()
        for name in values:
            plain = _distinct(re.sub(r"[^A-Za-z0-9._-]+", "_", name) or "_", names)
            names.add(plain)
            renamed[section, name] = plain
    classes, modules = set(taken), set[str]()
    schemas = components.get("schemas", {})
    # Names that are good already have the first choice.
    for name in sorted(
        schemas, key=lambda name: (_class_name(name) != name, list(schemas).index(name))
    ):
        chosen, number = _class_name(name), 1
        if chosen in taken:
            chosen = f"{chosen}Model"
        wanted = chosen
        while chosen in classes or _module(chosen) in modules:
            number += 1
            chosen = f"{wanted}{number}"
        classes.add(chosen)
        modules.add(_module(chosen))
        renamed["schemas", name] = chosen
        if chosen != name:
            notes.add("a schema has another name in Python", ("components", "schemas", name))
    for section, values in components.items():
        if section != "securitySchemes" and isinstance(values, dict):
            components[section] = {
                renamed.get((section, name), name): _named(section, name, value, renamed)
                for name, value in values.items()
            }
    _rewrite(content, renamed)


def _named(section: str, name: str, value: Any, renamed: dict[tuple[str, str], str]) -> Any:
    if section != "schemas" or renamed["schemas", name] == name or not isinstance(value, dict):
        return value
    return {**value, ORIGINAL_NAME: name}


def _class_name(name: str) -> str:
    found = _BODY.fullmatch(name)
    if found is not None:
        # FastAPI's name for the body of an operation.
        words = re.sub(r"_+", "_", found["operation"])
        name = f"{pascal_case(words)}Body"
    plain = re.sub(r"\W+", "_", name)
    return str(ClassName(plain, "Model")) or "Model"


def _module(name: str) -> str:
    return str(PythonIdentifier(name, "field_"))


def _distinct(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _rewrite(content: dict[str, Any], renamed: dict[tuple[str, str], str]) -> None:
    waiting: list[Any] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        if not isinstance(value, dict):
            continue
        if isinstance(value.get("$ref"), str):
            value["$ref"] = _reference(value["$ref"], renamed)
        discriminator = value.get("discriminator")
        if isinstance(discriminator, dict) and isinstance(discriminator.get("mapping"), dict):
            discriminator["mapping"] = {
                key: _reference(each, renamed) for key, each in discriminator["mapping"].items()
            }
        waiting += value.values()


def _reference(reference: str, renamed: dict[tuple[str, str], str]) -> str:
    found = _COMPONENT.fullmatch(reference)
    if found is None:
        return reference
    section, name = found["section"], found["name"].replace("~1", "/").replace("~0", "~")
    return f"#/components/{section}/{renamed.get((section, name), name)}"
