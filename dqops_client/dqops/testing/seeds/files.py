"""Seeds from YAML files, with errors that name file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from ..specification.shipped import load_specification
from ..specification.validation import Validation
from ..yaml_files import WrongFileError, read_yaml
from .reading import Place, SeedError, unknown_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..specification import Specification

__all__ = ["read_seed"]

_Seed = TypeVar("_Seed")

_SCHEMAS = "/components/schemas"
# The schemas of the documents that stand in a seed by their names.
_NAMED_DOCUMENTS = {
    "rules": "RuleModel",
    "sensors": "SensorModel",
    "checks": "CheckDefinitionModel",
    "table_policies": "TableQualityPolicySpec",
    "column_policies": "ColumnQualityPolicySpec",
    "default_schedules": "CronScheduleSpec",
}


def read_seed(path: str | Path, build: Callable[[Any], _Seed]) -> _Seed:
    """Read a seed from a YAML file.

    Args:
        path: The file.
        build: Makes a seed of plain data.

    Returns:
        The seed.

    Raises:
        FileNotFoundError: There is no such file.
        SeedError: It is not YAML, or not a seed.
    """
    try:
        tree, content = read_yaml(path)
    except WrongFileError as error:
        raise SeedError(error.message, source=error.source) from error
    try:
        seed = build({} if content is None else content)
        _check_documents(content or {})
    except SeedError as error:
        line = _line(tree, error.place)
        source = f"{path}, line {line}"
        raise SeedError(error.message, error.place, source) from error
    return seed


def _line(node: yaml.Node | None, place: Place) -> int:
    """Find the line of a place; that of the innermost part of it that there is."""
    if node is None:
        return 1
    line = node.start_mark.line + 1
    if not place:
        return line
    step, *rest = place
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                # A key that is wrong stands here, also if its value begins on another line.
                return _line(value, tuple(rest)) if rest else key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return _line(node.value[step], tuple(rest))
    return line


def _check_documents(seed: Mapping[str, Any]) -> None:
    """Compare the documents in a seed with the schemas of the API."""
    documents = list(_documents(seed))
    if not documents:
        return
    specification = load_specification()
    validation = Validation(specification)
    for place, schema, document in documents:
        pointer = f"{_SCHEMAS}/{schema}"
        _check_keys(specification, pointer, document, place)
        for where, what in validation.problems(pointer, document):
            steps = tuple(_step(part) for part in where.split("/")[1:])
            raise SeedError(what, (*place, *steps))


def _documents(seed: Mapping[str, Any], start: Place = ()) -> Iterator[tuple[Place, str, Any]]:
    """Go through the documents of a seed, with their places and schemas."""
    for index, connection in enumerate(seed.get("connections", ())):
        place: Place = (*start, "connections", index)
        if "spec" in connection:
            yield (*place, "spec"), "ConnectionSpec", connection["spec"]
        for number, table in enumerate(connection.get("tables", ())):
            table_place: Place = (*place, "tables", number)
            if "spec" in table:
                yield (*table_place, "spec"), "TableSpec", table["spec"]
            for position, column in enumerate(table.get("columns", ())):
                if "spec" in column:
                    spec_place: Place = (*table_place, "columns", position, "spec")
                    yield spec_place, "ColumnSpec", column["spec"]
    for key, schema in _NAMED_DOCUMENTS.items():
        for name, document in seed.get(key, {}).items():
            yield (*start, key, name), schema, document
    if "default_webhooks" in seed:
        webhooks = seed["default_webhooks"]
        yield (*start, "default_webhooks"), "IncidentNotificationSpec", webhooks
    domains = seed.get("data_domains")
    if isinstance(domains, Mapping):
        for name, domain in domains.items():
            yield from _documents(domain or {}, ("data_domains", name))


def _check_keys(specification: Specification, pointer: str, value: Any, place: Place) -> None:
    """Refuse properties that the schema does not have; the API would keep and ignore them."""
    pointer, schema = specification.resolve(pointer)
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for key, part in value.items():
            if key in known:
                _check_keys(specification, f"{pointer}/properties/{key}", part, (*place, key))
            elif isinstance(others, Mapping):
                below = f"{pointer}/additionalProperties"
                _check_keys(specification, below, part, (*place, key))
            elif known:
                raise SeedError(unknown_key(list(known), str(key)), (*place, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str) and "items" in schema:
        for index, item in enumerate(value):
            _check_keys(specification, f"{pointer}/items", item, (*place, index))


def _step(text: str) -> str | int:
    return int(text) if text.isdigit() else text.replace("~1", "/").replace("~0", "~")
