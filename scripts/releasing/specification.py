"""Lists what a bundled specification says of operations, parameters, statuses and schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from releasing.facts import Facts

__all__ = ["names_of_pointers", "plain", "specification_facts"]

# What explains or shows, and changes nothing.
_WORDS = {"description", "example", "examples", "summary", "title"}
_STRUCTURE = {
    *("$ref", "additionalProperties", "anyOf", "enum", "format", "items", "oneOf", "properties"),
    *("required", "type", "x-always-sent", "x-python-name"),
}
_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "trace")


def specification_facts(bundle: dict[str, Any]) -> Facts:
    """List the facts.

    Args:
        bundle: A bundled document of OpenAPI 3.

    Returns:
        The facts by JSON pointer; items of lists have their names in place of their numbers.
    """
    facts: Facts = {}
    for path, item in bundle["paths"].items():
        for method in _METHODS:
            if method in item:
                pointer = f"/paths/{_escaped(path)}/{method}"
                facts.update(_operation(bundle, pointer, item, item[method]))
    for name, schema in bundle.get("components", {}).get("schemas", {}).items():
        facts.update(_schema(f"/components/schemas/{_escaped(name)}", schema))
    return facts


def names_of_pointers(facts: Facts) -> dict[str, str]:
    """Find pointers by what generated code calls operations and schemas, as letters and digits.

    Args:
        facts: The facts of a specification.

    Returns:
        The pointers.
    """
    found = {}
    for pointer, text in facts.items():
        kind, _, rest = text.partition(" ")
        if kind == "operation":
            found[plain(rest.partition(" ")[0])] = pointer
        elif pointer.startswith("/components/schemas/") and pointer.count("/") == 3:
            found[plain(pointer.rpartition("/")[2])] = pointer
    return found


def plain(name: str) -> str:
    """Leave of a name its letters and digits, which Python and JSON write alike."""
    return "".join(filter(str.isalnum, name)).lower()


def _operation(
    bundle: dict[str, Any], pointer: str, item: dict[str, Any], operation: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    extras = [
        f"{key}={_json(operation[key])}"
        for key in sorted(operation)
        if key.startswith("x-") or key in {"deprecated", "security"}
    ]
    yield pointer, " ".join(["operation", operation["operationId"], *extras])
    for given in (*item.get("parameters", ()), *operation.get("parameters", ())):
        parameter = _resolved(bundle, given)
        needed = "required" if parameter.get("required") else "optional"
        text = f"{needed} in {parameter['in']} {_type(parameter.get('schema', {}))}"
        notes = [f"{key}={_json(parameter[key])}" for key in sorted(parameter) if key[:2] == "x-"]
        yield f"{pointer}/parameters/{_escaped(parameter['name'])}", " ".join([text, *notes])
    if "requestBody" in operation:
        body = _resolved(bundle, operation["requestBody"])
        needed = "required" if body.get("required") else "optional"
        yield f"{pointer}/requestBody", f"{needed} {_content(body)}"
    for status, given in operation["responses"].items():
        yield f"{pointer}/responses/{status}", _content(_resolved(bundle, given))


def _schema(pointer: str, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield pointer, f"schema {_type(schema, nested=False)}"
    for value in schema.get("enum", ()):
        yield f"{pointer}/enum/{_escaped(str(value))}", "value"
    required = schema.get("required", ())
    sent = schema.get("x-always-sent", ())
    for name, each in schema.get("properties", {}).items():
        needed = "required" if name in required else "optional"
        text = f"{needed} {_type(each)}{' always sent' if name in sent else ''}"
        yield f"{pointer}/properties/{_escaped(name)}", text


def _type(schema: Any, *, nested: bool = True) -> str:
    if not isinstance(schema, dict):
        return "any" if schema else "nothing"
    if "$ref" in schema:
        text = schema["$ref"].rpartition("/")[2]
    elif alternatives := schema.get("oneOf", schema.get("anyOf")):
        text = " | ".join(map(_type, alternatives))
    else:
        kinds = schema.get("type", "any")
        text = " | ".join([kinds] if isinstance(kinds, str) else kinds)
        if "format" in schema:
            text += f"({schema['format']})"
        if "items" in schema:
            text += f"[{_type(schema['items'])}]"
        if nested and "properties" in schema:
            names = (f"{name}: {_type(each)}" for name, each in schema["properties"].items())
            text += "{" + ", ".join(names) + "}"
        if "additionalProperties" in schema:
            text += "{*: " + _type(schema["additionalProperties"]) + "}"
        if nested and "enum" in schema:
            text += " of " + _json(schema["enum"])
    others = [
        f"{key}={_json(schema[key])}"
        for key in sorted(schema)
        if key not in _WORDS and key not in _STRUCTURE
    ]
    return " ".join([text, *others])


def _content(holder: dict[str, Any]) -> str:
    kinds = holder.get("content", {})
    texts = [f"{kind}: {_type(each.get('schema', {}))}" for kind, each in sorted(kinds.items())]
    keys = ("x-may-be-empty", "x-result")
    notes = [f"{key}={_json(holder[key])}" for key in keys if key in holder]
    return ", ".join(texts or ["no body"]) + "".join(f" {note}" for note in notes)


def _resolved(bundle: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in found:
        target: Any = bundle
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        found = target
    return found


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _escaped(part: str) -> str:
    # A space would end the name in the baseline's lines.
    return part.replace("~", "~0").replace("/", "~1").replace(" ", "%20")
