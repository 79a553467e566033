"""Facts about what programs rely on, by name, and the text files that a release keeps them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MODULE", "Facts", "load_facts", "parent_of", "save_facts"]

#: What is said of a module; its members are not indented below another module.
MODULE = "module"
_ARGUMENTS = re.compile(r"^(?:async )?def (\(.*\))(?= -> |$)")
_SHARED = re.compile(r"\(as (\w+)\)")
_LONG = 40

#: What is said of each name; names of members begin with the name of what has them.
Facts = dict[str, str]


def parent_of(name: str, separator: str) -> str:
    """Name what a member belongs to; an empty string for what belongs to nothing."""
    return name.rpartition(separator)[0]


def save_facts(path: Path, facts: Facts, separator: str) -> None:
    """Write facts into a file, a line for each, members indented below what has them.

    Args:
        path: The file.
        facts: The facts.
        separator: What stands between the parts of a name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(_lines(facts, separator)), encoding="utf-8", newline="\n")


def load_facts(path: Path, separator: str) -> Facts:
    """Read what `save_facts` wrote.

    Args:
        path: The file.
        separator: What stands between the parts of a name.

    Returns:
        The facts.
    """
    facts: Facts = {}
    above: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        content = line.lstrip(" ")
        name, _, text = content.partition(" ")
        del above[(len(line) - len(content)) // 2 :]
        parent = above[-1] if above else ""
        if shared := _SHARED.search(text):
            other = facts[f"{parent}{separator}{shared[1]}"]
            text = text.replace(shared[0], _arguments(other))
        above.append(f"{parent}{separator}{name}" if above else name)
        facts[above[-1]] = text
    return facts


def _lines(facts: Facts, separator: str) -> Iterator[str]:
    depths: dict[str, int] = {}
    same: dict[tuple[str, str], str] = {}
    for name in sorted(facts, key=lambda name: _place(facts, name, separator)):
        text = facts[name]
        parent = "" if text == MODULE else parent_of(name, separator)
        while parent and parent not in depths:
            parent = parent_of(parent, separator)
        depth = depths[parent] + 1 if parent else 0
        depths[name] = depth
        shown = name if depth == 0 else name[len(parent) + len(separator) :]
        arguments = _arguments(text)
        first = same.setdefault((parent, arguments), shown)
        if first != shown and len(arguments) > _LONG:
            text = text.replace(arguments, f"(as {first})", 1)
        yield f"{'  ' * depth}{shown} {text}".rstrip() + "\n"


def _place(facts: Facts, name: str, separator: str) -> tuple[str, list[str]]:
    """Sort modules by name, and their members below them, whatever characters follow."""
    module = name
    while module and facts.get(module) != MODULE:
        module = parent_of(module, separator)
    return module, name.split(separator)


def _arguments(text: str) -> str:
    """Cut out the arguments of a function; an empty string for what is none."""
    found = _ARGUMENTS.search(text)
    return found[1] if found else ""
