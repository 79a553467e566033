"""Reads YAML specifications the way YAML 1.2 and JSON understand them.

PyYAML alone follows YAML 1.1: `no` becomes false, `2024-01-31` a date, `12:30` a number, and the
second of two equal keys wins. Here only what JSON knows is recognised, every key is text (so the
status `200` of a response is the key `'200'`), equal keys are an error, and anchors are refused:
an alias would be one definition in two places, which is what `$ref` is for.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from scripts.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
# The core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema); the text after each
# expression lists the characters that a match can begin with.
_CORE_SCHEMA = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"), list("-+0123456789")),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
        ),
        list("-+.0123456789"),
    ),
)


class _Loader(_BaseLoader):  # type: ignore[misc] # the C class is chosen at run time
    """Composes nodes whose tags follow the core schema; `_Builder` makes values of them."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # as PyYAML declares it


for _name, _expression, _first_characters in _CORE_SCHEMA:
    _Loader.add_implicit_resolver(_TAG + _name, _expression, _first_characters)


@dataclass(frozen=True, eq=False)
class Document:
    """One file that has been read.

    Args:
        path: Where the file is.
        name: Its path relative to the repository, with forward slashes: what errors show.
        content: The mapping that it holds.
    """

    path: Path
    name: str
    content: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Location:
    """A place in a document, as a path of keys and indexes."""

    document: Document
    parts: tuple[str, ...] = ()

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return to_pointer(self.parts)

    def __str__(self) -> str:
        return f"{self.document.name}#{self.pointer}"

    def child(self, *parts: str | int) -> Location:
        """Give the place of something inside this one."""
        return Location(self.document, self.parts + tuple(map(str, parts)))

    def error(self, message: str, hint: str | None = None) -> PipelineError:
        """Give an error that points here."""
        return PipelineError(message, self.document.name, self.pointer, hint)


def to_pointer(parts: Iterable[str | int]) -> str:
    """Write a path of keys and indexes as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def from_pointer(pointer: str) -> tuple[str, ...]:
    """Read a JSON pointer (RFC 6901).

    Raises:
        ValueError: The text is no JSON pointer.
    """
    if pointer == "":
        return ()
    if not pointer.startswith("/") or re.search(r"~(?![01])", pointer):
        raise ValueError(pointer)
    return tuple(
        part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")
    )


def name_of(path: Path, repository: Path) -> str:
    """Give a path as it is shown and recorded: relative to the repository, forward slashes."""
    return path.relative_to(repository).as_posix()


def load_document(path: Path, repository: Path) -> Document:
    """Read a YAML (or JSON) file that holds a mapping.

    Args:
        path: The file.
        repository: The folder that names in errors are relative to.

    Returns:
        The document; its mappings keep the order of the file.

    Raises:
        PipelineError: The file cannot be read, is no YAML, repeats a key, or holds no mapping.
    """
    name = name_of(path, repository)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PipelineError(f"cannot be read: {error.strerror}", name) from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"is not UTF-8 text (byte {error.start})", name) from error
    return Document(path, name, load_text(text, name))


def load_text(text: str, name: str) -> dict[str, Any]:
    """Read YAML text that holds a mapping.

    Args:
        text: The YAML.
        name: What errors call it.

    Returns:
        The mapping.

    Raises:
        PipelineError: It is no YAML, repeats a key, or holds something else than a mapping.
    """
    root: Node | None = None
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        if root is None:
            raise PipelineError("is empty; a mapping is expected", name)
        content = _Builder().value(root)
    except yaml.reader.ReaderError as error:
        character = ord(error.character) if isinstance(error.character, str) else error.character
        raise PipelineError(
            f"broken YAML: the character U+{character:04X} is not allowed", name
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise PipelineError(f"broken YAML{place}: {error.problem}", name) from error
    except _RefusedError as refusal:
        line = refusal.node.start_mark.line + 1
        pointer = to_pointer(_path_to(refusal.node, root) or ())
        raise PipelineError(f"line {line}: {refusal}", name, pointer, refusal.hint) from None
    except RecursionError:
        raise PipelineError("is nested too deeply", name) from None
    if not isinstance(content, dict):
        raise PipelineError(f"holds {_describe(content)}; a mapping is expected", name)
    return content


Node: TypeAlias = "yaml.ScalarNode | yaml.SequenceNode | yaml.MappingNode"


class _RefusedError(Exception):
    """A node that is good YAML but not accepted; its pointer is searched only when needed."""

    def __init__(self, node: Node, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.node = node
        self.hint = hint


class _Builder:
    """Makes values of composed nodes."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def value(self, node: Node) -> Any:
        # The composer gives an alias the very node of its anchor.
        if id(node) in self._seen:
            raise _RefusedError(
                node,
                "an alias repeats this part of the file",
                "Anchors and aliases are not accepted: give it a name and refer to it by $ref.",
            )
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != _TAG + "seq":
                raise _RefusedError(node, f"the tag {node.tag!r} is not accepted")
            return [self.value(item) for item in node.value]
        if node.tag != _TAG + "map":
            raise _RefusedError(node, f"the tag {node.tag!r} is not accepted")
        return self._mapping(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _RefusedError(key_node, "a key must be text")
            key = key_node.value
            if key in result:
                raise _RefusedError(key_node, f"the key {key!r} is there twice in one mapping")
            if key == "<<" and not key_node.style:
                raise _RefusedError(
                    key_node,
                    "the merge key '<<' is not accepted",
                    "Put what is common into a schema of its own and combine with allOf.",
                )
            result[key] = self.value(value_node)
        return result


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    if kind == "str":
        return text
    if kind == "null":
        return None
    try:
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind == "int":
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        if kind == "float":
            number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            if math.isfinite(number):
                return number
            raise _RefusedError(node, f"JSON has no number {text!r}")
    except (KeyError, ValueError):
        raise _RefusedError(node, f"{text!r} is not of the type {kind!r}") from None
    raise _RefusedError(node, f"the tag {node.tag!r} is not accepted")


def _path_to(wanted: Node, node: Node | None) -> tuple[str, ...] | None:
    """Find a node (a key counts as the place of its value) below another one."""
    if node is wanted:
        return ()
    children: list[tuple[str, Node, Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(str(index), item, item) for index, item in enumerate(node.value)]
    for part, key, value in children:
        if key is wanted:
            return (part,) if isinstance(key, yaml.ScalarNode) else ()
        found = _path_to(wanted, value)
        if found is not None:
            return (part, *found)
    return None


def _describe(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else "a single value"
