"""The part of JSONPath (RFC 9535) that overlays need.

Names, indexes, wildcards, descendants, and filters that compare a path with a literal, or ask
whether there is one, joined by `&&` and `||`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["find"]

# The object or list that holds a value, its key or index there, and the value.
Match: TypeAlias = "tuple[Any, Any, Any]"

_NAME = re.compile(r"\.(?P<deep>\.)?(?:(?P<name>[\w$-]+)|(?P<all>\*))|\.\.(?=\[)")
_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_COMPARISON = re.compile(
    rf"(?P<not>!\s*)?@(?P<path>(?:\.[\w$-]+|\[(?:{_STRING}|\d+)\])*)\s*"
    rf"(?:(?P<operator>==|!=|<=|>=|<|>)\s*(?P<value>{_STRING}|-?\d+(?:\.\d+)?|true|false|null))?"
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: bool(a == b and type(a) is type(b)),
    "!=": lambda a, b: bool(a != b or type(a) is not type(b)),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def find(path: str, document: Any) -> list[Match]:
    """Find what a path matches.

    Args:
        path: The path, such as `$.paths['/things'].get.parameters[?@.name == 'size']`.
        document: The document.

    Returns:
        The matches in the order of the document.

    Raises:
        ValueError: The path is not one, or holds more than is supported.
    """
    if not path.startswith("$"):
        raise ValueError("a path begins with '$'")
    found: list[Match] = [(None, None, document)]
    position = 1
    while position < len(path):
        step, position = _step(path, position)
        seen: set[tuple[int, Any]] = set()
        following: list[Match] = []
        for match in found:
            for each in step(match):
                if (id(each[0]), each[1]) not in seen:
                    seen.add((id(each[0]), each[1]))
                    following.append(each)
        found = following
    return found


def _step(path: str, position: int) -> tuple[Callable[[Match], Iterator[Match]], int]:
    match = _NAME.match(path, position)
    if match is not None:
        deep = match["deep"] is not None or match[0] == ".."
        if match[0] == "..":
            inner, end = _bracket(path, match.end())
        elif match["all"]:
            inner, end = _any, match.end()
        else:
            inner, end = _named(match["name"]), match.end()
        return (_descending(inner) if deep else inner), end
    if path[position] == "[":
        return _bracket(path, position)
    raise ValueError(f"{path[position:]!r} is not understood")


def _bracket(path: str, position: int) -> tuple[Callable[[Match], Iterator[Match]], int]:
    end = _end_of_bracket(path, position)
    content = path[position + 1 : end].strip()
    if content == "*":
        return _any, end + 1
    if content.startswith("?"):
        return _filtered(content[1:].strip()), end + 1
    if re.fullmatch(r"-?\d+", content):
        return _at(int(content)), end + 1
    names = re.findall(_STRING, content)
    if names and re.fullmatch(rf"(?:{_STRING})(?:\s*,\s*(?:{_STRING}))*", content):
        steps = [_named(_text(name)) for name in names]
        return (lambda match: (each for step in steps for each in step(match))), end + 1
    raise ValueError(f"[{content}] is not understood")


def _end_of_bracket(path: str, position: int) -> int:
    depth, index = 0, position
    while index < len(path):
        quoted = re.compile(_STRING).match(path, index)
        if quoted is not None:
            index = quoted.end()
            continue
        depth += {"[": 1, "]": -1}.get(path[index], 0)
        if depth == 0:
            return index
        index += 1
    raise ValueError("a bracket is not closed")


def _text(quoted: str) -> str:
    inner = quoted[1:-1]
    if quoted[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    try:
        return str(json.loads(f'"{inner}"'))
    except ValueError:
        raise ValueError(f"{quoted} is not a string") from None


def _named(name: str) -> Callable[[Match], Iterator[Match]]:
    def step(match: Match) -> Iterator[Match]:
        value = match[2]
        if isinstance(value, dict) and name in value:
            yield value, name, value[name]

    return step


def _at(index: int) -> Callable[[Match], Iterator[Match]]:
    def step(match: Match) -> Iterator[Match]:
        value = match[2]
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value, index % len(value), value[index]

    return step


def _any(match: Match) -> Iterator[Match]:
    value = match[2]
    if isinstance(value, dict):
        yield from ((value, key, item) for key, item in list(value.items()))
    elif isinstance(value, list):
        yield from ((value, index, item) for index, item in enumerate(list(value)))


def _descending(step: Callable[[Match], Iterator[Match]]) -> Callable[[Match], Iterator[Match]]:
    def descend(match: Match) -> Iterator[Match]:
        waiting = [match]
        while waiting:
            each = waiting.pop()
            yield from step(each)
            waiting += reversed(list(_any(each)))

    return descend


def _filtered(condition: str) -> Callable[[Match], Iterator[Match]]:
    if condition.startswith("(") and condition.endswith(")"):
        condition = condition[1:-1].strip()
    alternatives = [
        [_test(each.strip()) for each in _split(part, "&&")] for part in _split(condition, "||")
    ]

    def step(match: Match) -> Iterator[Match]:
        for each in _any(match):
            if any(all(test(each[2]) for test in tests) for tests in alternatives):
                yield each

    return step


def _split(text: str, separator: str) -> list[str]:
    parts, start, index = [], 0, 0
    while index < len(text):
        quoted = re.compile(_STRING).match(text, index)
        if quoted is not None:
            index = quoted.end()
        elif text.startswith(separator, index):
            parts.append(text[start:index])
            index += len(separator)
            start = index
        else:
            index += 1
    return [*parts, text[start:]]


def _test(condition: str) -> Callable[[Any], bool]:
    match = _COMPARISON.fullmatch(condition)
    if match is None:
        raise ValueError(f"the filter {condition!r} is not understood")
    path, operator = f"${match['path']}", match["operator"]
    if operator is None:
        wanted = match["not"] is None
        return lambda value: bool(find(path, value)) is wanted
    literal = match["value"]
    expected = _text(literal) if literal[0] in "'\"" else json.loads(literal)

    def test(value: Any) -> bool:
        found = find(path, value)
        if not found:
            return operator == "!="
        try:
            return _OPERATORS[operator](found[0][2], expected)
        except TypeError:
            return False

    return test
