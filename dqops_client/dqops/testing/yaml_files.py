"""YAML files, with errors that name file and line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

__all__ = ["WrongFileError", "read_yaml"]

# How many lists and mappings may stand in each other; more than any seed needs.
_DEEPEST = 64
# How many values there may be, those that an alias stands for included.
_MOST_VALUES = 1_000_000

_TAG = "tag:yaml.org,2002:"
# What JSON has, and points in time; no sets, no bytes.
_TAGS = ("bool", "float", "int", "map", "null", "seq", "str", "timestamp")


class WrongFileError(ValueError):
    """A file is not YAML.

    Args:
        message: What is wrong.
        source: The file, and the line where it is known.
    """

    def __init__(self, message: str, source: str) -> None:
        super().__init__(f"{source}: {message}")
        self.message = message
        self.source = source


def read_yaml(path: str | Path) -> tuple[yaml.Node | None, Any]:
    """Read a file.

    Args:
        path: The file.

    Returns:
        Its nodes, which know their lines, and its content; both are None if it is empty.

    Raises:
        FileNotFoundError: There is no such file.
        WrongFileError: It is not YAML, or nested too deeply, or too large.
    """
    name = str(path)
    try:
        loader = _Loader(Path(path).read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            return (None, None) if node is None else (node, loader.construct_document(node))
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise WrongFileError(f"the file is not in UTF-8: {error}", name) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source = name if mark is None else f"{name}, line {mark.line + 1}"
        raise WrongFileError(f"not YAML: {error.problem}", source) from error
    except yaml.YAMLError as error:
        raise WrongFileError(f"not YAML: {error}", name) from error


class _Loader(yaml.SafeLoader):
    """Reads what JSON can hold, and points in time, within bounds."""

    yaml_constructors = {  # noqa: RUF012 - as PyYAML declares it
        tag: yaml.SafeLoader.yaml_constructors[tag]
        for tag in (None, *(_TAG + name for name in _TAGS))
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # How deep each node is nested in itself, and how many values it stands for.
        self._depths: dict[yaml.Node, int] = {}
        self._counts: dict[yaml.Node, int] = {}
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> Any:
        """Read a node, and refuse it before anything follows its aliases."""
        is_alias = self.check_event(yaml.AliasEvent)
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse(f"nested more than {_DEEPEST} deep")
        node: Any = super().compose_node(parent, index)
        self._depth -= 1
        if not is_alias:
            self._measure(node)
        elif node not in self._counts:
            self._refuse("an alias stands inside of what it stands for")
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make a value of a node; what Python cannot make of it is an error of the file, too."""
        try:
            value = super().construct_object(node, deep)
        except ValueError as error:
            raise ConstructorError(None, None, str(error), node.start_mark) from error
        if isinstance(value, float) and not math.isfinite(value):
            raise ConstructorError(None, None, f"{value} is not a JSON number", node.start_mark)
        return value

    def _measure(self, node: yaml.Node) -> None:
        below: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            below = [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            below = node.value
        self._depths[node] = 1 + max((self._depths[each] for each in below), default=0)
        self._counts[node] = 1 + sum(self._counts[each] for each in below)
        if self._depths[node] > _DEEPEST:
            self._refuse(f"nested more than {_DEEPEST} deep")
        if self._counts[node] > _MOST_VALUES:
            self._refuse(f"more than {_MOST_VALUES:,} values")

    def _refuse(self, message: str) -> NoReturn:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        raise ComposerError(None, None, message, event.start_mark)
