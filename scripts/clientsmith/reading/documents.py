"""Reads YAML specifications the way YAML 1.2 and JSON understand them.

PyYAML alone follows YAML 1.1: `no` becomes false, `2024-01-31` a date, `12:30` a number, and the
second of two equal keys wins. Here only what JSON knows is recognised, every key is text (so the
status `200` of a response is the key `'200'`), equal keys are an error, and anchors are refused:
an alias would be one definition in two places, which is what `$ref` is for.
"""

from __future__ import annotations

import copy
import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from clientsmith.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: How many lists and mappings may stand in each other; more than any specification needs.
DEEPEST = 64

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
    """Parses YAML and gives scalars the tags of the core schema; `_Reader` builds the values."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # as PyYAML declares it


for _name, _expression, _first_characters in _CORE_SCHEMA:
    _Loader.add_implicit_resolver(_TAG + _name, _expression, _first_characters)


_NOTHING = object()
# How many values aliases may add to a document.
_MOST_COPIED = 1_000_000


def _size(value: Any) -> int:
    count, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return count


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


def load_document(
    path: Path, repository: Path, *, strict: bool = True, may_be_empty: bool = False
) -> Document:
    """Read a YAML (or JSON) file that holds a mapping.

    Args:
        path: The file.
        repository: The folder that names in errors are relative to.
        strict: Whether anchors, merge keys and repeated keys are refused.
        may_be_empty: Whether a file with nothing in it is an empty mapping.

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
    if may_be_empty and not re.sub(r"(?m)^\s*#.*$", "", text).strip():
        return Document(path, name, {})
    return Document(path, name, load_text(text, name, strict=strict))


def line_of(text: str, pointer: str) -> int | None:
    """Find the line of a place in a document.

    Args:
        text: The document.
        pointer: The place, as a JSON pointer.

    Returns:
        The line, from 1, of the place or of the last step on the way that there is; None where the
        text cannot be read.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
        parts = from_pointer(pointer)
    except (RecursionError, ValueError, yaml.YAMLError):
        return None
    line = 0
    for part in parts:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == part]
            if not found:
                break
            line, node = found[-1][0].start_mark.line, found[-1][1]
        elif isinstance(node, yaml.SequenceNode) and part.isdecimal():
            if int(part) >= len(node.value):
                break
            node = node.value[int(part)]
            line = node.start_mark.line
    return line + 1


def load_text(text: str, name: str, *, strict: bool = True) -> dict[str, Any]:
    """Read YAML or JSON text that holds a mapping.

    Args:
        text: The YAML, or JSON where the name ends in `.json`.
        name: What errors call it.
        strict: Whether anchors, merge keys and repeated keys are refused.

    Returns:
        The mapping.

    Raises:
        PipelineError: It is no YAML, repeats a key, or holds something else than a mapping.
    """
    try:
        is_json = name.endswith(".json") and text.lstrip()[:1] in {"", "{"}
        content = _read_json(text) if is_json else _read_yaml(text, strict=strict)
    except json.JSONDecodeError as error:
        place = f"at line {error.lineno}, column {error.colno}"
        raise PipelineError(f"broken JSON {place}: {error.msg}", name) from error
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
        raise PipelineError(str(refusal), name, refusal.pointer, refusal.hint) from None
    if content is _NOTHING:
        raise PipelineError("is empty; expected a mapping", name)
    if not isinstance(content, dict):
        raise PipelineError(f"expected a mapping, got {_describe(content)}", name)
    return content


def _read_yaml(text: str, *, strict: bool) -> Any:
    reader = _Reader(text, strict=strict)
    try:
        return reader.document()
    finally:
        reader.close()


def _read_json(text: str) -> Any:
    if not text.strip():
        return _NOTHING

    def refuse(constant: str) -> None:
        raise _RefusedError(f"JSON has no number {constant!r}", "")

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _RefusedError(f"the key {twice!r} occurs twice in one mapping", "")
        return found

    try:
        content = json.loads(text, parse_constant=refuse, object_pairs_hook=mapping)
        json.dumps(content, ensure_ascii=False).encode()
    except RecursionError:
        raise _RefusedError(f"is nested more than {DEEPEST} levels deep", "") from None
    except UnicodeEncodeError:
        raise _RefusedError("holds half of a surrogate pair", "") from None
    _check_depth(content)
    return content


def _check_depth(content: Any) -> None:
    level = [((), content)]
    for _ in range(DEEPEST + 1):
        inner: list[tuple[tuple[Any, ...], Any]] = []
        for parts, value in level:
            if isinstance(value, dict):
                inner += [((*parts, key), item) for key, item in value.items()]
            elif isinstance(value, list):
                inner += [((*parts, index), item) for index, item in enumerate(value)]
        level = inner
    if level:
        place = to_pointer(level[0][0][:DEEPEST])
        raise _RefusedError(f"is nested more than {DEEPEST} levels deep", place)


class _RefusedError(Exception):
    """Valid YAML that is not accepted."""

    def __init__(self, message: str, pointer: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.hint = hint


class _Reader:
    """Builds values from the events of the parser.

    PyYAML's own composer calls itself for each level, in C without any bound: a document of
    100,000 brackets would end the process with a segmentation fault.

    Args:
        text: The document.
        strict: Whether anchors, merge keys and repeated keys are refused.
    """

    def __init__(self, text: str, *, strict: bool) -> None:
        self._loader = _Loader(text)
        self._parts: list[str] = []
        self._strict = strict
        self._anchors: dict[str, Any] = {}
        self._copied = 0

    def close(self) -> None:
        self._loader.dispose()

    def document(self) -> Any:
        """Read the only document; `_NOTHING` if there is none."""
        self._loader.get_event()  # the start of the stream
        if self._loader.check_event(yaml.StreamEndEvent):
            return _NOTHING
        self._loader.get_event()  # the start of the document
        content = self._value(self._loader.get_event())
        self._loader.get_event()  # the end of the document
        if not self._loader.check_event(yaml.StreamEndEvent):
            mark = self._loader.get_event().start_mark
            raise yaml.MarkedYAMLError(problem="a second document begins", problem_mark=mark)
        return content

    def _value(self, event: Any) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self._anchored(event, self._scalar(event))
        if isinstance(event, yaml.AliasEvent):
            if not self._strict:
                return self._alias(event)
            raise self._refused(
                f"the alias '*{event.anchor}' repeats another part of the file",
                event,
                "Anchors and aliases are not accepted: give it a name and refer to it by $ref.",
            )
        if len(self._parts) >= DEEPEST:
            raise self._refused(f"is nested more than {DEEPEST} levels deep", event)
        if isinstance(event, yaml.SequenceStartEvent):
            self._check_tag(event, "seq")
            return self._anchored(event, self._sequence())
        self._check_tag(event, "map")
        return self._anchored(event, self._mapping())

    def _anchored(self, event: Any, value: Any) -> Any:
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: Any) -> Any:
        """Copy what an anchor names, as often as a document can mean it."""
        if event.anchor not in self._anchors:
            raise self._refused(f"there is no anchor {event.anchor!r} before this alias", event)
        value = self._anchors[event.anchor]
        self._copied += _size(value)
        if self._copied > _MOST_COPIED:
            raise self._refused("aliases would make the document too large", event)
        return copy.deepcopy(value)

    def _sequence(self) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            self._parts.append(str(len(result)))
            result.append(self._value(event))
            self._parts.pop()
        return result

    def _mapping(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused("a key must be a string", event)
            key = event.value
            self._parts.append(key)
            if key in result and (self._strict or key != "<<"):
                raise self._refused(f"the key {key!r} occurs twice in one mapping", event)
            if key == "<<" and not event.style and not self._strict:
                merged = self._value(self._loader.get_event())
                for each in merged if isinstance(merged, list) else [merged]:
                    for inner, value in each.items() if isinstance(each, dict) else ():
                        result.setdefault(inner, value)
                self._parts.pop()
                continue
            if key == "<<" and not event.style:
                raise self._refused(
                    "the merge key '<<' is not accepted",
                    event,
                    "Put what is common into a schema of its own and combine with allOf.",
                )
            result[key] = self._value(self._loader.get_event())
            self._parts.pop()
        return result

    def _refused(self, message: str, event: Any, hint: str | None = None) -> _RefusedError:
        line = event.start_mark.line + 1
        return _RefusedError(f"line {line}: {message}", to_pointer(self._parts), hint)

    def _check_tag(self, event: Any, kind: str) -> None:
        if event.tag not in {None, "!", _TAG + kind}:
            raise self._refused(f"the tag {event.tag!r} is not accepted", event)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = event.tag
        if tag in {None, "!"}:
            tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)
        kind = tag.removeprefix(_TAG)
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
                raise self._refused(f"JSON has no number {text!r}", event)
        except (KeyError, ValueError):
            raise self._refused(f"{text!r} is not of the type {kind!r}", event) from None
        raise self._refused(f"the tag {tag!r} is not accepted", event)


def _describe(value: Any) -> str:
    if isinstance(value, list):
        return "an array"
    return "nothing" if value is None else "a single value"
