"""Which call of each operation is shown: its arguments, from `calls.yaml` and the specification."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsite.catalogue import Described

__all__ = ["Call", "Step", "call_of", "world_calls"]

_FILE = Path(__file__).with_name("calls.yaml")
_NOTHING: dict[str, Any] = {}


@dataclass(frozen=True)
class Step:
    """A call that prepares the server.

    Args:
        operation: The name of the operation.
        chosen: Arguments and `body` that are wanted in place of the usual ones.
    """

    operation: str
    chosen: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """A call that is shown.

    Args:
        operation: The operation.
        arguments: The values of path and query parameters by their names in the URL.
        body: What is sent, as JSON or text; None for nothing.
        before: What is called before.
        needs_key: Whether the server fails without an API key, even where it asks nobody for one.
    """

    operation: Described
    arguments: Mapping[str, Any]
    body: Any
    before: Step | None
    needs_key: bool

    @property
    def named(self) -> dict[str, Any]:
        """The arguments by their names in Python: those of the path, then those of the query."""
        parameters = self.operation.parameters
        return {
            each.name: self.arguments[each.key] for each in parameters if each.key in self.arguments
        }


def call_of(operation: Described, chosen: Mapping[str, Any] = _NOTHING) -> Call:
    """Choose the call that is shown for an operation.

    Args:
        operation: The operation.
        chosen: Arguments and `body` that are wanted in place of the usual ones.

    Returns:
        The call.

    Raises:
        KeyError: A required parameter has no value in `calls.yaml`.
    """
    settings = _settings()
    values = {**settings["values"], **settings["groups"].get(operation.group, {})}
    chosen = {**settings["operations"].get(operation.name, {}), **chosen}
    body = chosen.pop("body", None)
    before = chosen.pop("before", None)
    needs_key = chosen.pop("needs_key", False)
    arguments = {}
    for each in operation.parameters:
        if each.key in chosen:
            arguments[each.key] = chosen.pop(each.key)
        elif each.is_required:
            arguments[each.key] = values[each.key]
    if chosen:
        raise KeyError(f"{operation.name} has no parameter {', '.join(chosen)}")
    if body is None and operation.body_argument:
        body = operation.body_example
    return Call(operation, arguments, body, _step(before) if before else None, needs_key)


def world_calls() -> list[Step]:
    """List the calls that bring the server into the state in which examples find it.

    Returns:
        The calls, in their order.
    """
    return [_step(each) for each in _settings()["world"]]


def _step(text: str | Mapping[str, Any]) -> Step:
    """Read a step: the name of an operation, or that with arguments."""
    if isinstance(text, str):
        return Step(text, {})
    ((operation, chosen),) = text.items()
    return Step(operation, chosen)


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return settings
