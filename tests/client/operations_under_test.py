"""The operations of the specification, and arguments that the simulated server accepts."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from dqops.client import models
from dqops.testing.specification.shipped import load_specification

if TYPE_CHECKING:
    from types import ModuleType

    from dqops.testing.specification import Operation

SPECIFICATION = load_specification()
OPERATIONS = list(SPECIFICATION.operations.values())
GROUPS: dict[str, list[Operation]] = defaultdict(list)
for _operation in OPERATIONS:
    GROUPS[_operation.tag].append(_operation)

#: Path parameters that name something which the simulated server has.
KNOWN = {
    "connectionName": "warehouse",
    "schemaName": "public",
    "tableName": "orders",
    "columnName": "customer_id",
    "jobId": "the-job",
    "timeScale": "daily",
    "sequenceNumber": 0,
}


def key_for(operation: str) -> str:
    """Name the job that an operation is asked about: some wait for jobs of one kind only."""
    return "the-samples-job" if "collect_error_samples" in operation else "the-job"


def module(operation: Operation) -> ModuleType:
    """Import the generated module of an operation."""
    return importlib.import_module(f"dqops.client.api.{operation.tag}.{operation.name}")


def path_arguments(operation: Operation) -> list[Any]:
    """Choose the positional arguments, in path order."""
    schemas = {
        parameter["name"]: SPECIFICATION.resolve(f"{place}/schema")[1]
        for place, parameter in operation.parameters
        if parameter["in"] == "path"
    }
    arguments: list[Any] = []
    for part in operation.path.split("/"):
        if not part.startswith("{"):
            continue
        name = part[1:-1]
        if name == "jobId":
            arguments.append(key_for(operation.name))
        elif name in KNOWN:
            arguments.append(KNOWN[name])
        elif "enum" in schemas[name]:
            arguments.append(schemas[name]["enum"][0])
        else:
            # Any name will do, and an odd one shows that it stays one segment of the path.
            arguments.append(1 if schemas[name]["type"] == "integer" else "a/b ?c#d%2F\u00fc")
    return arguments


def required_arguments(operation: Operation) -> dict[str, Any]:
    """Choose the query arguments that cannot be left out."""
    arguments: dict[str, Any] = {}
    for place, parameter in operation.parameters:
        if parameter["in"] == "query" and parameter.get("required"):
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter["name"]).lower()
            _, schema = SPECIFICATION.resolve(f"{place}/schema")
            arguments[name] = schema["enum"][0] if "enum" in schema else "any"
    return arguments


def body(operation: Operation) -> dict[str, Any]:
    """Build the request body from the specification's example, as a keyword argument."""
    _, content = SPECIFICATION.resolve(operation.pointer)
    if "requestBody" not in content:
        return {}
    place, request_body = SPECIFICATION.resolve(f"{operation.pointer}/requestBody")
    if request_body.get("x-empty"):
        return {}
    ((media_type, media),) = request_body["content"].items()
    place = f"{place}/content/{media_type.replace('/', '~1')}"
    _, example = SPECIFICATION.resolve(f"{place}/examples/{next(iter(media['examples']))}")
    value = example["value"]
    if media_type == "text/plain":
        return {"text_body": value}
    return {"json_body": typed(f"{place}/schema", value)}


def typed(schema: str, value: Any) -> Any:
    """Make of a JSON value what a schema says, independently of the generated operations."""
    pointer, content = SPECIFICATION.resolve(schema)
    if content.get("type") == "array":
        return [typed(f"{pointer}/items", item) for item in value]
    if content.get("type") == "object":
        return getattr(models, pointer.rpartition("/")[2]).from_dict(value)
    return value
