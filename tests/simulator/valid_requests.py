"""A valid request for every operation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from simulator.support import SPECIFICATION

if TYPE_CHECKING:
    from dqops.testing.specification import Operation

JSON = "application/json"
# Names of the default seed, so that as many operations as possible find what they look for.
NAMES = {
    "connectionName": "warehouse",
    "schemaName": "public",
    "tableName": "orders",
    "columnName": "customer_id",
    "jobId": "1",
    "sequenceNumber": "0",
}
VALUES = {"integer": 1, "boolean": True, "number": 1.5}


class ValidRequest(NamedTuple):
    """What has to be sent."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None


def valid_request(operation: Operation) -> ValidRequest:
    """Make a request with everything that an operation needs."""
    path = operation.path
    query: dict[str, Any] = {}
    for pointer, parameter in operation.parameters:
        name = parameter["name"]
        _, schema = SPECIFICATION.resolve(f"{pointer}/schema")
        value = schema["enum"][0] if "enum" in schema else VALUES.get(schema["type"], "a name")
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(str(NAMES.get(name, value))))
        elif parameter.get("required"):
            query[name] = value
    headers: dict[str, str] = {}
    content = None
    if operation.body_media_type is not None:
        headers["Content-Type"] = operation.body_media_type
    if operation.body is not None:
        place = operation.body.removesuffix("/schema")
        _, examples = SPECIFICATION.resolve(f"{place}/examples")
        _, example = SPECIFICATION.resolve(f"{place}/examples/{next(iter(examples))}")
        is_json = operation.body_media_type == JSON
        content = (json.dumps(example["value"]) if is_json else example["value"]).encode()
    return ValidRequest(
        operation.method, f"{path}?{urlencode(query)}" if query else path, headers, content
    )
