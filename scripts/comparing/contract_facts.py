"""Reads a folder of facts about an API (operations.json, schemas.json, enums.json) as `Facts`.

What the facts look like is described in the README of that folder. The comparison with a bundle is
in `comparing.contract`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

# The Java type whose text has no offset; everything else with a time is a point in time.
_LOCAL_TIME = "LocalDateTime"


@dataclass
class Facts:
    """What one side says: the value of each fact by its name, and how much there is.

    Names begin with what they are about, such as `schema Pet.name` or `operation jobs/run_checks
    parameter query wait`; values are texts that both sides write in the same way.
    """

    values: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, value: Any) -> None:
        """Add a fact."""
        self.values[name] = str(value)

    def count(self, what: str, number: int = 1) -> None:
        """Count something."""
        self.counts[what] = self.counts.get(what, 0) + number


@dataclass(frozen=True)
class Selection:
    """Which operations to compare; without tags and operations, all of them.

    Attributes:
        tags: Groups of which every operation is compared.
        operations: Further single operations, as `group/operation`.
    """

    tags: frozenset[str] = frozenset()
    operations: frozenset[str] = frozenset()

    def includes(self, tag: str, operation: str) -> bool:
        """Tell whether an operation is compared."""
        everything = not self.tags and not self.operations
        return everything or tag in self.tags or f"{tag}/{operation}" in self.operations


class Contract:
    """The facts of a contract folder.

    Args:
        folder: The folder.

    Raises:
        PipelineError: A file is missing or is no JSON.
    """

    def __init__(self, folder: Path) -> None:
        self._operations: list[dict[str, Any]] = _load(folder / "operations.json")
        self._schemas: dict[str, Any] = _load(folder / "schemas.json")
        self._enums: dict[str, Any] = _load(folder / "enums.json")

    def facts(self, selection: Selection) -> Facts:
        """Collect the facts of some operations, and of all that they reach.

        Args:
            selection: Which operations.

        Returns:
            The facts.
        """
        facts = Facts()
        reached: dict[str, None] = {}
        for operation in self._operations:
            if selection.includes(operation["tag"], operation["operation"]):
                self._operation(operation, facts, reached)
        self._reached(facts, reached)
        return facts

    def _operation(self, operation: dict[str, Any], facts: Facts, reached: dict[str, None]) -> None:
        name = f"operation {operation['tag']}/{operation['operation']}"
        facts.count("operations")
        facts.add(name, f"{operation['method']} {operation['path']}")
        facts.add(f"{name} operationId", operation["operationId"])
        facts.add(f"{name} permission", operation["permission"] or "none")
        positional = [each["name"] for each in operation["parameters"] if each["positional"]]
        facts.add(f"{name} path parameters", ", ".join(positional) or "none")
        for parameter in operation["parameters"]:
            facts.count("parameters")
            # The name that the server reads is the one that works.
            key = parameter.get("server_reads_name", parameter["name"])
            flags = " required" if parameter["required"] else ""
            if parameter.get("explode"):
                flags += " exploded"
            fact = f"{name} parameter {parameter['in']} {key}"
            facts.add(fact, f"{self.type_of(parameter, reached)}{flags}")
            facts.add(f"{fact} in Python", parameter["python_name"])
        if operation["request_body"]:
            body = operation["request_body"]
            required = " required" if body["required"] else ""
            content = f"{body['media_type']}: {self._body(body, reached)}{required}"
            facts.add(f"{name} body", content)
        for status, response in operation["responses"].items():
            facts.count("responses")
            facts.add(f"{name} response {status}", self._response(response, reached))

    def _response(self, response: dict[str, Any], reached: dict[str, None]) -> str:
        if response.get("empty"):
            return "nothing"
        media_type = response.get("media_type", "application/json")
        if response.get("raw_bytes"):
            return f"{media_type}: bytes"
        text = "[]" if response.get("always_empty_array") else self._body(response, reached)
        return f"{media_type}: {text}{' or nothing' if response.get('may_be_empty') else ''}"

    def _body(self, body: dict[str, Any], reached: dict[str, None]) -> str:
        schema = body.get("schema")
        if schema is None:
            inner = self.type_of(body, reached)
        elif schema in self._schemas:
            inner = self.type_of({"ref": schema}, reached)
        elif schema in self._enums:
            inner = self.type_of({"enum": schema}, reached)
        else:
            inner = str(schema)
        return f"list of {inner}" if body.get("array") else inner

    def type_of(self, fact: dict[str, Any], reached: dict[str, None]) -> str:
        """Write a type in the words that both sides use.

        Args:
            fact: A property, parameter or item.
            reached: Takes the names of the schemas and enums that it refers to.

        Returns:
            Such as `string date-time`, `list of enum CheckType` or `schema TableSpec`.
        """
        null = " or null" if fact.get("nullable") else ""
        name = fact.get("ref") or fact.get("enum")
        if name:
            reached[name] = None
            return f"{'enum' if name in self._enums else 'schema'} {name}{null}"
        match fact.get("type"):
            case "array":
                return f"list of {self.type_of(fact['items'], reached)}{null}"
            case "object":
                values = fact.get("additionalProperties", {"type": "any"})
                keys = f" by {fact['key_format']}" if "key_format" in fact else ""
                return f"map{keys} of {self.type_of(values, reached)}{null}"
            case "any" | None:
                return "any"
            case kind:
                form = fact.get("format")
                if form == "date-time" and _LOCAL_TIME in (
                    fact.get("java_time"),
                    fact.get("java_type"),
                ):
                    form = "date-time-local"
                return f"{kind} {form}{null}" if form else f"{kind}{null}"

    def _reached(self, facts: Facts, reached: dict[str, None]) -> None:
        done: set[str] = set()
        while todo := [name for name in reached if name not in done]:
            for name in todo:
                done.add(name)
                if name in self._enums:
                    self._enum(name, facts)
                else:
                    self._schema(name, facts, reached)

    def _enum(self, name: str, facts: Facts) -> None:
        facts.count("enums")
        members = dict(self._enums[name])
        values = members.pop("java_source_values", list(members.values()))
        facts.add(f"enum {name}", ", ".join(sorted(map(repr, values))))
        for member, value in members.items():
            facts.add(f"enum {name}.{member}", repr(value))

    def _schema(self, name: str, facts: Facts, reached: dict[str, None]) -> None:
        facts.count("schemas")
        schema = self._schemas[name]
        values = schema.get("map_of")
        inner = f"map of {self.type_of(values, reached)}" if values else "object"
        facts.add(f"schema {name}", inner)
        facts.add(f"schema {name} required", ", ".join(sorted(schema["required"])) or "none")
        always_sent = ", ".join(sorted(schema.get("always_sent", []))) or "nothing"
        facts.add(f"schema {name} always sent", always_sent)
        for key, fact in schema["properties"].items():
            facts.count("properties")
            facts.add(f"schema {name}.{key}", self.type_of(fact, reached))
            facts.add(f"schema {name}.{key} in Python", fact["python_name"])
            if "official_map_class" in fact:
                facts.add(f"schema {name}.{key} class", fact["official_map_class"])


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PipelineError(f"cannot be read: {error}", path.name) from error


__all__ = ["Contract", "Facts", "Selection"]
