"""What is known of each operation: by its specification, its module and the server versions."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import yaml
from clientsmith.targets import REPOSITORY, load_targets
from clientsmith.viewing.histories import with_notes
from dqops.testing.specification import Specification
from dqops.testing.specification.shipped import load_specification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from dqops.testing.specification import Operation

__all__ = ["Described", "Parameter", "described_operations", "specification"]

_VERSIONS = REPOSITORY / "openapi" / "dqops.versions.yaml"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation.

    Args:
        name: Its name in Python.
        key: Its name in the URL.
        place: `path` or `query`.
        is_required: Whether it must be given.
        annotation: Its type, as the generated function declares it.
        schema: Its schema.
        description: What it means, with a note where only newer servers know it.
    """

    name: str
    key: str
    place: str
    is_required: bool
    annotation: str
    schema: Mapping[str, Any]
    description: str


@dataclass(frozen=True)
class Described:
    """An operation with all that its page tells.

    Args:
        operation: What the specification says.
        history: What `openapi/dqops.versions.yaml` says.
    """

    operation: Operation
    history: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name in Python."""
        return self.operation.name

    @property
    def group(self) -> str:
        """The name of its group."""
        return self.operation.tag

    @cached_property
    def raw(self) -> Mapping[str, Any]:
        """The operation as it stands in the bundled specification."""
        found: Mapping[str, Any] = specification().resolve(self.operation.pointer)[1]
        return found

    @property
    def short_name(self) -> str:
        """The short name of its method, or the long one where it has none."""
        return str(self.raw.get("x-short-name", self.name))

    @cached_property
    def module(self) -> ModuleType:
        """The generated module."""
        return import_module(f"dqops.client.api.{self.group}.{self.name}")

    @cached_property
    def signature(self) -> inspect.Signature:
        """The signature of `sync`; its annotations are strings."""
        return inspect.signature(self.module.sync)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of path and query, in the order of the signature."""
        found = {}
        names = {name.replace("_", ""): name for name in self.signature.parameters}
        for pointer, raw in self.operation.parameters:
            key = raw["name"]
            name = raw.get("x-python-name") or names[key.lower()]
            found[name] = Parameter(
                name=name,
                key=key,
                place=raw["in"],
                is_required=bool(raw.get("required")),
                annotation=str(self.signature.parameters[name].annotation),
                schema=specification().resolve(f"{pointer}/schema")[1],
                description=" ".join(raw.get("description", "").split()),
            )
        return tuple(found[name] for name in self.signature.parameters if name in found)

    @property
    def body_argument(self) -> str:
        """The name of the argument that is sent as the body; empty without one."""
        for name in ("json_body", "text_body"):
            if name in self.signature.parameters:
                return name
        return ""

    @property
    def is_archive(self) -> bool:
        """Whether the result is a file that nobody prints."""
        return "application/zip" in self.operation.result_media_types

    @cached_property
    def body_example(self) -> Any:
        """The first example that the specification has for the body."""
        assert self.operation.body is not None
        place = self.operation.body.removesuffix("/schema")
        examples = specification().resolve(f"{place}/examples")[1]
        return specification().resolve(f"{place}/examples/{next(iter(examples))}")[1]["value"]


@lru_cache(maxsize=1)
def specification() -> Specification:
    """Load the bundled specification, with notes about what only newer servers know.

    Returns:
        The specification.
    """
    target = load_targets()["dqops"]
    return Specification(with_notes(load_specification().document, target))


@lru_cache(maxsize=1)
def described_operations() -> tuple[Described, ...]:
    """List all operations.

    Returns:
        The operations, ordered by group and name.
    """
    versions = yaml.safe_load(_VERSIONS.read_text(encoding="utf-8"))["operations"]
    operations = sorted(specification().operations.values(), key=lambda each: (each.tag, each.name))
    return tuple(
        Described(each, versions.get(each.tag, {}).get(each.name, {})) for each in operations
    )
