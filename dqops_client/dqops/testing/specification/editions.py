"""What a server of an older version has of the specification.

Such a server lacks operations, and responds at their paths as at any that it does not know. It
ignores query parameters and properties that it lacks, refuses values of enumerations that it
lacks, and its responses have none of them.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..._runtime.exchange.server_versions import tables_of
from ..http.messages import JSON, Response
from .document import METHODS, Specification, escaped, operation_name
from .validation import Validation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..._runtime.exchange.server_versions import Span, Tables
    from .document import Operation

__all__ = ["DOCUMENT_PATH", "Edition", "edition_of", "known_version"]

#: Where a server describes itself.
DOCUMENT_PATH = "/v2/api-docs"

_ABSENT: Any = object()


def known_version(version: str) -> str:
    """Find the version of which it is known what it has.

    Args:
        version: Any version, such as `1.7`.

    Returns:
        The version, such as `1.7.0`.

    Raises:
        ValueError: It is no version, or one from before all that are known.
    """
    tables = _tables()
    if not isinstance(version, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,9}){1,3}", version):
        raise ValueError(f"server_version must be a version such as '1.7', got {version!r}")
    known = tables.nearest(version)
    if _numbers(known)[:2] > _numbers(version)[:2]:
        raise ValueError(f"server_version must be {known} or later, got {version!r}")
    return known


class Edition:
    """The specification as far as a version of the server has it.

    Args:
        specification: The whole specification.
        version: The version; None for all that any version has.

    Attributes:
        specification: What that version has of it.
        validation: Compares requests and responses with that.
        match: Finds the operation of a request among those that are there.
    """

    def __init__(self, specification: Specification, version: str | None) -> None:
        self._version = version
        self._schemas: Mapping[str, Any] = {}
        self._properties: dict[str, set[str]] = {}
        self._values: dict[str, set[str]] = {}
        self._affected: frozenset[str] = frozenset()
        if version is not None:
            tables = _tables()
            self._properties = _lacking(tables, tables.properties, version)
            self._values = _lacking(tables, tables.values, version)
            document = _reduced(
                specification.document, tables, version, self._properties, self._values
            )
            specification = Specification(document)
            self._schemas = document["components"]["schemas"]
            self._affected = _reaching(self._schemas, {*self._properties, *self._values})
        self.specification = specification
        self.validation = _validation(specification)
        self.match = lru_cache(maxsize=1024)(specification.match)

    def body(self, operation: Operation, value: Any) -> Any:
        """Take out of the body of a request what the server ignores.

        Args:
            operation: What the request is for.
            value: The body.

        Returns:
            The rest.
        """
        return value if operation.body is None else self._kept(operation.body, value)

    def response(self, operation: Operation, response: Response) -> Response:
        """Take out of a response what the server does not know.

        Args:
            operation: What the request was for.
            response: The response of a server of today.

        Returns:
            The response.
        """
        if not self._affected or response.status not in operation.responses:
            return response
        pointer, specified = operation.responses[response.status]
        is_json = response.headers.get("Content-Type") == JSON
        if not is_json or not response.body or JSON not in specified.get("content", {}):
            return response
        schema = f"{pointer}/content/{escaped(JSON)}/schema"
        if self.specification.resolve(schema)[1].get("type") == "string":
            return response
        value = self._kept(schema, json.loads(response.body))
        reduced = Response.of_json(response.status, value)
        return Response(response.status, reduced.body, response.headers)

    def described(self) -> dict[str, Any]:
        """Give what the server says of itself, as far as it counts."""
        paths: dict[str, Any] = {}
        tables = _tables()
        for operation in self.specification.operations.values():
            raw = self.specification.resolve(operation.pointer)[1]
            described = {"operationId": raw["operationId"], "tags": raw["tags"]}
            paths.setdefault(operation.path, {})[operation.method.lower()] = described
        # Operations that it has under another path, which is not known.
        for name, span in tables.operations.items():
            is_there = self._version is not None and tables.has(span, self._version)
            if is_there and name not in self.specification.operations:
                paths[f"/{name}"] = {"get": {"operationId": _camel_case(name)}}
        schemas = self.specification.document["components"]["schemas"]
        definitions = {
            name: {"type": "object", "properties": {key: {} for key in schema["properties"]}}
            for name, schema in schemas.items()
            if schema.get("properties")
        }
        info = self.specification.document["info"]
        return {
            "swagger": "2.0",
            "info": {"title": info["title"], "version": "v1"},
            "paths": paths,
            "definitions": definitions,
        }

    def _kept(self, pointer: str, value: Any) -> Any:
        kept = self._of({"$ref": f"#{pointer}"}, value) if self._affected else value
        return value if kept is _ABSENT else kept

    def _of(self, schema: Any, value: Any) -> Any:
        if not isinstance(schema, dict):
            return value
        reference = schema.get("$ref")
        if reference is not None:
            where, found = self.specification.resolve(reference.removeprefix("#"))
            name = where.rpartition("/")[2] if where.startswith("/components/schemas/") else ""
            if name and where.count("/") == 3:
                return self._named(name, found, value) if name in self._affected else value
            return self._of(found, value)
        for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            value = self._of(each, value)
            if value is _ABSENT:
                return value
        if isinstance(value, list):
            kept = (self._of(schema.get("items"), each) for each in value)
            return [each for each in kept if each is not _ABSENT]
        if isinstance(value, dict):
            return self._object(schema, value, ())
        return value

    def _named(self, name: str, schema: Any, value: Any) -> Any:
        if isinstance(value, str):
            return _ABSENT if value in self._values.get(name, ()) else value
        if isinstance(value, dict):
            return self._object(schema, value, self._properties.get(name, ()))
        return self._of(schema, value)

    def _object(self, schema: Any, value: dict[str, Any], lacking: Collection[str]) -> Any:
        properties = schema.get("properties", {})
        further = schema.get("additionalProperties")
        kept = {
            key: self._of(properties.get(key, further), each)
            for key, each in value.items()
            if key not in lacking
        }
        return {key: each for key, each in kept.items() if each is not _ABSENT}


@lru_cache(maxsize=32)
def edition_of(specification: Specification, version: str | None) -> Edition:
    """Give what a version has of a specification; made once for all servers of a process.

    Args:
        specification: The whole specification.
        version: A known version; None for all that any version has.

    Returns:
        The edition.
    """
    return Edition(specification, version)


@lru_cache(maxsize=32)
def _validation(specification: Specification) -> Validation:
    return Validation(specification)


def _tables() -> Tables:
    tables = tables_of("dqops.client.models")
    assert tables is not None
    return tables


def _lacking(
    tables: Tables, table: Mapping[tuple[str, str], Span], version: str
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for (holder, part), span in table.items():
        if not tables.has(span, version):
            found.setdefault(holder, set()).add(part)
    return found


def _reduced(
    document: Mapping[str, Any],
    tables: Tables,
    version: str,
    properties: Mapping[str, set[str]],
    values: Mapping[str, set[str]],
) -> dict[str, Any]:
    """Make the document of a version."""
    parameters = _lacking(tables, tables.parameters, version)
    absent = {
        name for name, span in tables.callable_operations.items() if not tables.has(span, version)
    }
    shared = document["components"].get("parameters", {})
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        kept = {}
        for method, operation in item.items():
            name = operation_name(operation["operationId"]) if method in METHODS else ""
            if name in absent:
                continue
            lacking = parameters.get(name, ())
            kept[method] = operation
            if lacking:
                named = {
                    id(each): shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
                    for each in operation["parameters"]
                }
                own = [
                    each
                    for each in operation["parameters"]
                    if named[id(each)]["name"] not in lacking
                ]
                kept[method] = {**operation, "parameters": own}
        if kept.keys() & {*METHODS}:
            paths[path] = kept
    schemas = dict(document["components"]["schemas"])
    for name, lacking in properties.items():
        schemas[name] = _without(schemas[name], lacking)
    for name, lacking in values.items():
        known = [each for each in schemas[name]["enum"] if each not in lacking]
        schemas[name] = {**schemas[name], "enum": known}
    return {
        **document,
        "paths": paths,
        "components": {**document["components"], "schemas": schemas},
    }


def _without(schema: Mapping[str, Any], lacking: set[str]) -> dict[str, Any]:
    found = dict(schema)
    found["properties"] = {
        key: each for key, each in schema["properties"].items() if key not in lacking
    }
    for key in ("required", "x-always-sent"):
        if key in schema:
            found[key] = [each for each in schema[key] if each not in lacking]
    return found


def _reaching(schemas: Mapping[str, Any], wanted: set[str]) -> frozenset[str]:
    """Find the schemas from which references lead to some others, and those themselves."""
    referred: dict[str, set[str]] = {}
    for name, schema in schemas.items():
        for other in re.findall(r'"#/components/schemas/([^"/]+)"', json.dumps(schema)):
            referred.setdefault(other, set()).add(name)
    found: set[str] = set()
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += referred.get(name, ())
    return frozenset(found)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
