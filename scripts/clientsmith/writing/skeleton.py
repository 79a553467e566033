"""What openapi-python-client gets to see: names, and nothing that it could stumble over.

It decides on the names of modules, classes, properties and parameters, and writes files by our
templates. What values are is told by the document itself (`viewing.kinds`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.reading.grammar import METHODS
from clientsmith.viewing.lowering import is_class

if TYPE_CHECKING:
    from clientsmith.viewing.lowering import Lowered

__all__ = ["skeleton", "skeleton_key"]


def skeleton_key(key: str, schema: Any) -> str:
    """Give what a property is called in the skeleton: its name in Python where that is given."""
    chosen = schema.get("x-python-name") if isinstance(schema, dict) else None
    return chosen if isinstance(chosen, str) else key


def skeleton(lowered: Lowered) -> dict[str, Any]:
    """Make the document for openapi-python-client.

    Args:
        lowered: The lowered document.

    Returns:
        A document with the same operations, parameters, classes and properties.
    """
    document = lowered.document
    parameters = document.get("components", {}).get("parameters", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "API", "version": "1"},
        "paths": {
            path: {
                method: _operation(item[method], item.get("parameters", []), parameters)
                for method in METHODS
                if method in item
            }
            for path, item in document.get("paths", {}).items()
        },
        "components": {
            "schemas": {
                name: _class(schema) for name, schema in lowered.schemas.items() if is_class(schema)
            }
        },
    }


def _operation(
    operation: dict[str, Any], shared: list[dict[str, Any]], components: dict[str, Any]
) -> dict[str, Any]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for parameter in (*operation.get("parameters", []), *shared):
        while "$ref" in parameter:
            parameter = components[parameter["$ref"].rpartition("/")[2]]
        found.setdefault(
            (parameter["in"], parameter["name"]),
            {
                "name": parameter["name"],
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": {"type": "string"},
            },
        )
    return {
        "operationId": operation["operationId"],
        "tags": operation["tags"],
        "parameters": list(found.values()),
        "responses": {"204": {"description": "None."}},
    }


def _class(schema: dict[str, Any]) -> dict[str, Any]:
    if "enum" in schema:
        kept = {key: each for key, each in schema.items() if key in {"enum", "x-enum-varnames"}}
        kind = "integer" if isinstance(schema["enum"][0], int) else "string"
        return {"type": kind, **kept}
    names = {key: skeleton_key(key, each) for key, each in schema.get("properties", {}).items()}
    required = [names[key] for key in schema.get("required", []) if key in names]
    return {
        "type": "object",
        "properties": {name: {} for name in names.values()},
        **({"required": required} if required else {}),
    }
