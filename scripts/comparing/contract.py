"""Compares the bundled specification with a contract: `python -m comparing.contract FOLDER`.

Both sides are written down as facts in the same words (`contract_facts` for the contract), and
whatever one of them lacks or says differently is printed. The project needs no contract to build or
to test; this is for whoever maintains the specification.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.checking.supported import member_names, operation_name
from clientsmith.errors import PipelineError
from clientsmith.reading.bundle import bundle_specification
from clientsmith.reading.documents import load_document
from clientsmith.reading.grammar import METHODS
from clientsmith.targets import REPOSITORY, load_targets
from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from comparing.contract_facts import Contract, Facts, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTED = ("schemas", "enums", "properties", "operations", "parameters", "responses")


class Bundled:
    """The facts of a bundled document.

    Args:
        bundle: The document.
    """

    def __init__(self, bundle: dict[str, Any]) -> None:
        self._bundle = bundle
        self._schemas: dict[str, Any] = bundle.get("components", {}).get("schemas", {})

    def facts(self, selection: Selection) -> Facts:
        """Collect the facts of some operations, and of all that they reach.

        Args:
            selection: Which operations.

        Returns:
            The facts.
        """
        facts = Facts()
        reached: dict[str, None] = {}
        for path, item in self._bundle["paths"].items():
            for method in METHODS:
                if method in item:
                    self._operation(path, method, item, facts, reached, selection)
        self._reached(facts, reached)
        return facts

    def _operation(
        self,
        path: str,
        method: str,
        item: dict[str, Any],
        facts: Facts,
        reached: dict[str, None],
        selection: Selection,
    ) -> None:
        operation = item[method]
        tag, identifier = operation["tags"][0], operation["operationId"]
        if operation.get("deprecated") or not selection.includes(tag, operation_name(identifier)):
            # What only older servers have is not in the contract, which describes the newest one.
            return
        name = f"operation {tag}/{operation_name(identifier)}"
        facts.count("operations")
        facts.add(name, f"{method.upper()} {path}")
        facts.add(f"{name} operationId", identifier)
        facts.add(f"{name} permission", _permission(operation, self._bundle))
        positions = {
            each["name"]: path.index(f"{{{each['name']}}}")
            for each in self._parameters(item, operation)
            if each["in"] == "path"
        }
        ordered = ", ".join(sorted(positions, key=lambda key: positions[key]))
        facts.add(f"{name} path parameters", ordered or "none")
        for parameter in self._parameters(item, operation):
            facts.count("parameters")
            kind = self.type_of(parameter["schema"], reached)
            flags = " required" if parameter.get("required") else ""
            explodes = parameter.get("explode", parameter["in"] in {"query", "cookie"})
            if kind.startswith("list of") and explodes:
                flags += " exploded"
            fact = f"{name} parameter {parameter['in']} {parameter['name']}"
            facts.add(fact, f"{kind}{flags}")
            facts.add(f"{fact} in Python", parameter.get("x-python-name", _python_name(parameter)))
        body = self._resolve(operation.get("requestBody", {}))
        if body and not body.get("x-empty"):
            required = " required" if body.get("required") else ""
            facts.add(f"{name} body", f"{self._content(body['content'], reached)}{required}")
        for status, reference in operation["responses"].items():
            facts.count("responses")
            response = self._resolve(reference)
            content = self._content(response.get("content", {}), reached)
            empty = " or nothing" if response.get("x-may-be-empty") else ""
            facts.add(f"{name} response {status}", f"{content}{empty}")

    def _parameters(self, item: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
        listed = [*item.get("parameters", []), *operation.get("parameters", [])]
        found = {(each["in"], each["name"]): each for each in map(self._resolve, listed)}
        return list(found.values())

    def _content(self, content: dict[str, Any], reached: dict[str, None]) -> str:
        parts: list[str] = []
        for media_type, media in content.items():
            schema = media.get("schema", {})
            is_bytes = schema.get("format") == "binary" or (
                not schema and not media_type.endswith("json")
            )
            if is_bytes:
                parts.append(f"{media_type}: bytes")
            elif schema.get("type") == "array" and schema.get("maxItems") == 0:
                parts.append(f"{media_type}: []")
            else:
                parts.append(f"{media_type}: {self.type_of(schema, reached)}")
        return "; ".join(parts) or "nothing"

    def type_of(self, schema: dict[str, Any], reached: dict[str, None]) -> str:
        """Write a type in the words that both sides use.

        Args:
            schema: A schema of the document.
            reached: Takes the names of the component schemas that it refers to.

        Returns:
            Such as `string date-time`, `list of enum CheckType` or `schema TableSpec`.
        """
        if "$ref" in schema:
            return self._type_of_component(schema["$ref"].rpartition("/")[2], reached)
        for union in ("anyOf", "oneOf"):
            if union in schema:
                kinds = [self.type_of(each, reached) for each in schema[union]]
                return " or ".join(sorted(kinds, key=lambda kind: (kind == "null", kind)))
        types = schema.get("type", "any")
        types = types if isinstance(types, list) else [types]
        null = " or null" if "null" in types and len(types) > 1 else ""
        named = [each for each in types if each != "null"] or ["null"]
        return " or ".join(self._simple_type(each, schema, reached) for each in named) + null

    def _simple_type(self, kind: str, schema: dict[str, Any], reached: dict[str, None]) -> str:
        if "enum" in schema:
            return f"enum of {', '.join(map(repr, schema['enum']))}"
        match kind:
            case "array":
                return f"list of {self.type_of(schema.get('items', {}), reached)}"
            case "object" if schema.get("properties"):
                return f"object with {', '.join(schema['properties'])}"
            case "object":
                values = schema.get("additionalProperties", {})
                keys = schema.get("propertyNames", {}).get("format")
                inner = self.type_of(values if isinstance(values, dict) else {}, reached)
                return f"map by {keys} of {inner}" if keys else f"map of {inner}"
        return f"{kind} {schema['format']}" if "format" in schema else kind

    def _type_of_component(self, name: str, reached: dict[str, None]) -> str:
        schema = self._schemas[name]
        if "enum" in schema or schema.get("type") == "object":
            reached[name] = None
            return f"{'enum' if 'enum' in schema else 'schema'} {name}"
        # A name for a type that is no class: the type itself counts.
        return self.type_of(schema, reached)

    def _reached(self, facts: Facts, reached: dict[str, None]) -> None:
        done: set[str] = set()
        while todo := [name for name in reached if name not in done]:
            for name in todo:
                done.add(name)
                schema = self._schemas[name]
                if "enum" in schema:
                    _enum(name, schema, facts)
                else:
                    self._schema(name, schema, facts, reached)

    def _schema(
        self, name: str, schema: dict[str, Any], facts: Facts, reached: dict[str, None]
    ) -> None:
        facts.count("schemas")
        values = schema.get("additionalProperties")
        inner = f"map of {self.type_of(values, reached)}" if isinstance(values, dict) else "object"
        facts.add(f"schema {name}", inner)
        facts.add(
            f"schema {name} required", ", ".join(sorted(schema.get("required", []))) or "none"
        )
        always_sent = ", ".join(sorted(schema.get("x-always-sent", []))) or "nothing"
        facts.add(f"schema {name} always sent", always_sent)
        properties: dict[str, Any] = schema.get("properties", {})
        python_names = [str(PythonIdentifier(key, "field_")) for key in properties]
        for (key, value), python_name in zip(properties.items(), python_names, strict=True):
            facts.count("properties")
            facts.add(f"schema {name}.{key}", self.type_of(value, reached))
            if python_names.count(python_name) > 1:
                python_name = str(PythonIdentifier(key, "field_", skip_snake_case=True))
            python_name = value.get("x-python-name", python_name)
            facts.add(f"schema {name}.{key} in Python", python_name)
            if "object" in (value.get("type"), *value.get("type", [])):
                facts.add(
                    f"schema {name}.{key} class",
                    ClassName(f"{pascal_case(name)}{pascal_case(value.get('title', key))}", ""),
                )

    def _resolve(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            _, _, section, name = value["$ref"].split("/")
            value = self._bundle["components"][section][name]
        return value


def _enum(name: str, schema: dict[str, Any], facts: Facts) -> None:
    facts.count("enums")
    values = [value for value in schema["enum"] if value is not None]
    facts.add(f"enum {name}", ", ".join(sorted(map(repr, values))))
    members = member_names(values, schema.get("x-enum-varnames", []))
    for member, value in zip(members, values, strict=True):
        facts.add(f"enum {name}.{member}", repr(value))


def _permission(operation: dict[str, Any], bundle: dict[str, Any]) -> str:
    requirements = operation.get("security", bundle.get("security", []))
    roles = [role for each in requirements for names in each.values() for role in names]
    return ", ".join(roles) or "none"


def _python_name(parameter: dict[str, Any]) -> str:
    name = str(PythonIdentifier(parameter["name"], "field_"))
    return f"{name}_{parameter['in']}" if name in {"client", "url"} else name


def differences(contract: Facts, bundle: Facts) -> dict[str, str]:
    """List what the two sides do not agree on.

    Args:
        contract: The facts of the contract.
        bundle: The facts of the bundle.

    Returns:
        What differs, by the name of the fact; in the order of the names.
    """
    found: dict[str, str] = {}
    for name in sorted(contract.values.keys() | bundle.values.keys()):
        one, other = contract.values.get(name), bundle.values.get(name)
        if one is None and _is_nameless(name, contract, bundle):
            continue
        if one is None:
            found[name] = f"extra: {other}"
        elif other is None:
            found[name] = f"missing: {one}"
        elif one != other and not _adds_what_was_recorded(name, one, other):
            found[name] = f"differs: the contract says {one}; the bundle says {other}"
    return found


def _adds_what_was_recorded(name: str, contract: str, bundle: str) -> bool:
    """Tell whether a server was seen to send more, always, than its source promises."""
    return name.endswith(" always sent") and (
        contract == "nothing" or set(contract.split(", ")) <= set(bundle.split(", "))
    )


def _is_nameless(name: str, contract: Facts, bundle: Facts) -> bool:
    """Tell whether a member of an enum has a value that the contract has no name for."""
    enum = name.partition(".")[0]
    named = {value for fact, value in contract.values.items() if fact.startswith(f"{enum}.")}
    return (
        name.startswith("enum ")
        and bundle.values[name] not in named
        and contract.values.get(enum) == bundle.values.get(enum)
    )


def load_intended(path: Path) -> dict[str, dict[str, str]]:
    """Read the differences that are intended.

    Args:
        path: A YAML file: by the name of a fact, the `difference` as it is printed and its
            `reason`.

    Returns:
        The entries.

    Raises:
        PipelineError: An entry lacks one of the two.
    """
    content = load_document(path, path.parent).content
    for name, entry in content.items():
        if not isinstance(entry, dict) or entry.keys() != {"difference", "reason"}:
            raise PipelineError(f"{name!r} needs a difference and a reason", path.name)
    return content


def report(contract: Facts, bundle: Facts, intended: dict[str, dict[str, str]]) -> tuple[str, bool]:
    """Write the counts and every difference.

    Args:
        contract: The facts of the contract.
        bundle: The facts of the bundle.
        intended: The differences that are intended.

    Returns:
        The text, and whether there is no difference but the intended ones.
    """
    lines = [f"{'':<12}{'contract':>10}{'bundle':>10}"]
    lines += [
        f"{what:<12}{contract.counts.get(what, 0):>10}{bundle.counts.get(what, 0):>10}"
        for what in COUNTED
    ]
    found = differences(contract, bundle)
    expected = {name for name, entry in intended.items() if found.get(name) == entry["difference"]}
    for name in sorted(expected):
        lines.append(f"intended: {name}: {found[name]}\n  because {intended[name]['reason']}")
    unexpected = [f"{name}: {text}" for name, text in found.items() if name not in expected]
    subjects = contract.values.keys() | bundle.values.keys()
    unexpected += [
        f"{name}: is listed as an intended difference, but is none"
        for name in sorted(intended.keys() & subjects - expected - found.keys())
    ]
    lines += unexpected
    lines.append(f"{len(unexpected)} differences, {len(expected)} intended ones")
    return "\n".join(lines), not unexpected


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where both sides agree, 1 where they do not or one of them cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m comparing.contract", description=__doc__)
    parser.add_argument("contract", type=Path, help="the folder of the contract")
    parser.add_argument("--tags", default="", help="compare these groups, separated by commas")
    parser.add_argument("--operations", default="", help="and these, as group/operation")
    parser.add_argument("--all", action="store_true", help="compare everything; the default")
    parser.add_argument("--target", help="the target; by default the first one")
    parser.add_argument("--repository", type=Path, default=REPOSITORY)
    parser.add_argument(
        "--intended",
        type=Path,
        help="the file of intended differences; by default the one beside the bundle, if any",
    )
    options = parser.parse_args(arguments)
    selection = Selection(
        frozenset(filter(None, options.tags.split(","))),
        frozenset(filter(None, options.operations.split(","))),
    )
    if options.all and (selection.tags or selection.operations):
        parser.error("--all does not go with --tags and --operations")
    try:
        targets = load_targets(options.repository)
        name = options.target or next(iter(targets))
        if name not in targets:
            parser.error(f"unknown target {name!r}; known: {', '.join(targets)}")
        bundle = Bundled(bundle_specification(targets[name]).content).facts(selection)
        contract = Contract(options.contract).facts(selection)
        beside = targets[name].bundle.with_name(f"{name}.contract-differences.yaml")
        intended = options.intended or (beside if beside.exists() else None)
        text, is_good = report(contract, bundle, load_intended(intended) if intended else {})
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(text)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
