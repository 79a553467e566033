"""What a difference between two Python APIs means; docs/versioning.md has the rules."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from releasing.annotations import relation
from releasing.differences import Difference
from releasing.facts import parent_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from releasing.differences import Level
    from releasing.facts import Facts

__all__ = ["compare_python"]

_DEPRECATED = re.compile(r" \[deprecated(?: argument (\w+))? since (\S+) until (\S+); (.*)\]$")
_FUNCTION = re.compile(r"^((?:classmethod |staticmethod )?(?:async )?def) \((.*)\)(?: -> (.*))?$")
_CLASS = re.compile(r"^(class|record|protocol)\((.*)\)$")
_VALUE = re.compile(r"^(attribute)(?: ((?:(?! = ).)+))?(?: = (.*))?$")
_PROPERTY = re.compile(r"^property (.*?)( \(writable\))?$")
_FIELD = re.compile(r"^Field\[(.*)\]$")


def compare_python(old: Facts, new: Facts) -> list[Difference]:
    """Compare two Python APIs.

    Args:
        old: The facts about the released one.
        new: The facts about the other one.

    Returns:
        What differs, sorted by name; what is true of all functions of an operation is said once.
    """
    found: list[Difference] = []
    for name, text in old.items():
        if name in new:
            found += (_with_deprecation(old, each) for each in _changed(name, text, new[name]))
        elif (
            _is_topmost(name, old, new)
            and not _is_inherited(name, new)
            and not _is_base_of_what_is_gone(name, old, new)
        ):
            gone = Difference(name=name, what="gone", level="major")
            found.append(_with_deprecation(old, gone))
    for name, text in new.items():
        if name not in old and _is_topmost(name, new, old):
            found += _added(name, text, new, _is_inherited(name, old))
    return sorted(_folded(found), key=lambda each: (each.name, each.what))


def _is_topmost(name: str, here: Facts, there: Facts) -> bool:
    """Whether what has this member is in both, so that the member itself is what differs."""
    parent = parent_of(name, ".")
    return parent not in here or parent in there


def _is_base_of_what_is_gone(name: str, old: Facts, new: Facts) -> bool:
    """Whether a private class goes with all classes that inherit from it, of which is told."""
    if not name.startswith("(private)."):
        return False
    classes = {each: _CLASS.match(_plain(text)) for each, text in old.items()}
    heirs = [each for each, found in classes.items() if found and name in found[2].split(", ")]
    return bool(heirs) and not any(heir in new for heir in heirs)


def _with_deprecation(old: Facts, difference: Difference) -> Difference:
    name = difference.name
    if difference.level != "major":
        return difference
    while name:
        if told := _DEPRECATED.search(old.get(name, "")):
            argument, since, until, _ = told.groups()
            if argument is None or f"argument {argument!r}" in difference.what:
                return replace(difference, deprecation=f"deprecated since {since} until {until}")
        name = parent_of(name, ".")
    return difference


def _is_inherited(name: str, facts: Facts) -> bool:
    """Whether a member is that of a base of its class."""
    owner, _, member = name.rpartition(".")
    found = _CLASS.match(_plain(facts.get(owner, "")))
    return found is not None and any(
        f"{base}.{member}" in facts for base in found[2].split(", ") if base
    )


def _added(name: str, text: str, new: Facts, is_inherited: bool) -> Iterator[Difference]:
    owner = _CLASS.match(_plain(new.get(parent_of(name, "."), "")))
    value = _VALUE.match(_plain(text))
    if is_inherited:
        return
    if owner and owner[1] == "record" and value and value[3] is None:
        yield Difference(name=name, what="new, and needed by the constructor", level="major")
    elif owner and owner[1] == "protocol":
        yield Difference(name=name, what="new", level="major", affected="implementers")
    else:
        yield Difference(name=name, what="new", level="minor")


def _changed(name: str, old: str, new: str) -> Iterator[Difference]:
    told_before, told = _DEPRECATED.search(old), _DEPRECATED.search(new)
    if told and (not told_before or told_before.groups() != told.groups()):
        what = f"argument {told[1]!r} deprecated" if told[1] else "deprecated"
        yield Difference(
            name=name, what=f"{what} since {told[2]} until {told[3]}; {told[4]}", level="minor"
        )
    old, new = _plain(old), _plain(new)
    if old == new:
        return
    for pattern, compare in (
        (_FUNCTION, _functions),
        (_CLASS, _classes),
        (_PROPERTY, _properties),
        (_VALUE, _values),
    ):
        before, after = pattern.match(old), pattern.match(new)
        if before and after:
            yield from compare(name, before, after)
            return
    # A property takes the place of an attribute unseen, as long as it is only read.
    before, after = _VALUE.match(old), _PROPERTY.match(new)
    if before and before[2] and after:
        yield from _result(name, "type", before[2], after[1])
        return
    if old.startswith("type ") and new.startswith("type "):
        kind = relation(old[5:], new[5:])
        level: Level = "minor" if kind == "wider" else "major"
        if kind != "same":
            yield Difference(name=name, what=f"type {old[5:]} -> {new[5:]}", level=level)
        return
    yield Difference(name=name, what=f"{_short(old)} -> {_short(new)}", level="major")


def _plain(text: str) -> str:
    return _DEPRECATED.sub("", text)


def _bases(described: re.Match[str]) -> list[str]:
    # Nobody asks what is generic; whether a type may be subscripted, type checkers find out.
    return [each for each in described[2].split(", ") if each != "typing.Generic"]


def _classes(name: str, old: re.Match[str], new: re.Match[str]) -> Iterator[Difference]:
    before, after = _bases(old), _bases(new)
    is_exception = "BaseException" in before
    for base in before:
        # `Exception` and what is above it say nothing that the other bases do not say.
        if base and base not in after:
            word = "no longer caught by `except" if is_exception else "no longer an instance of `"
            what = f"{word} {base}`" if is_exception else f"{word}{base}`"
            yield Difference(name=name, what=what, level="major")
    for base in after:
        if base and base not in before:
            yield Difference(name=name, what=f"from now on also a `{base}`", level="minor")
    if new[1] == "protocol" and old[1] != "protocol":
        yield Difference(name=name, what="from now on a protocol", level="major")


def _properties(name: str, old: re.Match[str], new: re.Match[str]) -> Iterator[Difference]:
    yield from _result(name, "type", old[1], new[1])
    if old[2] and not new[2]:
        yield Difference(name=name, what="can no longer be assigned", level="major")
    elif new[2] and not old[2]:
        yield Difference(name=name, what="can be assigned", level="minor")


def _values(name: str, old: re.Match[str], new: re.Match[str]) -> Iterator[Difference]:
    before, after = _read_and_written(old[2]), _read_and_written(new[2])
    if before and after:
        yield from _result(name, "type", before[0], after[0])
        if before[1:] != before[:1] or after[1:] != after[:1]:
            yield from _argument(name, "what the constructor takes", before[1], after[1])
    elif before:
        yield Difference(name=name, what=f"type {old[2]} -> none", level="major")
    if old[3] == new[3]:
        return
    if old[3] is None:
        yield Difference(name=name, what="optional from now on", level="minor")
    elif new[3] is None:
        yield Difference(name=name, what="needed from now on", level="major")
    elif {old[3], new[3]} != {"UNSET", "ABSENT"}:  # neither is sent
        yield Difference(name=name, what=f"default {old[3]} -> {new[3]}", level="major")


def _read_and_written(annotation: str | None) -> tuple[str, str] | None:
    """Split the type of a model's field into what is read and what the constructor takes."""
    if annotation is None:
        return None
    if found := _FIELD.match(annotation):
        node = ast.parse(f"x[{found[1]}]", mode="eval").body
        assert isinstance(node, ast.Subscript)
        assert isinstance(node.slice, ast.Tuple)
        return ast.unparse(node.slice.elts[0]), ast.unparse(node.slice.elts[1])
    return annotation, annotation


@dataclass(frozen=True, kw_only=True)
class _Parameter:
    """An argument of a function."""

    name: str
    position: int | None
    is_keyword: bool
    annotation: str | None
    default: str | None
    is_variable: bool = False


def _unparsed(node: ast.expr | None) -> str | None:
    return None if node is None else ast.unparse(node)


def _parameters(text: str) -> dict[str, _Parameter]:
    node = ast.parse(f"def f({text}): ...").body[0]
    assert isinstance(node, ast.FunctionDef)
    given = node.args
    ordinary = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(ordinary) - len(given.defaults)) + list(given.defaults)
    rows: list[tuple[ast.arg, int | None, bool, ast.expr | None, bool]] = [
        (each, position, position >= len(given.posonlyargs), default, False)
        for position, (each, default) in enumerate(zip(ordinary, defaults, strict=True))
    ]
    rows += [
        (each, None, True, default, False)
        for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
    ]
    rows += [(each, None, False, None, True) for each in (given.vararg, given.kwarg) if each]
    stars = {id(given.vararg): "*", id(given.kwarg): "**"}
    return {
        f"{stars.get(id(each), '')}{each.arg}": _Parameter(
            name=each.arg,
            position=position,
            is_keyword=is_keyword,
            annotation=_unparsed(each.annotation),
            default=_unparsed(default),
            is_variable=is_variable,
        )
        for each, position, is_keyword, default, is_variable in rows
    }


def _functions(name: str, old: re.Match[str], new: re.Match[str]) -> Iterator[Difference]:
    if old[1] != new[1]:
        yield Difference(name=name, what=f"`{old[1]}` -> `{new[1]}`", level="major")
    before, after = _parameters(old[2]), _parameters(new[2])
    takes_more = any(key.startswith("**") for key in after)
    for key, parameter in before.items():
        label = f"argument {key!r}"
        other = after.get(key)
        if other is None:
            is_taken = takes_more and parameter.position is None and not parameter.is_variable
            what = "among other keywords" if is_taken else "gone"
            level: Level = "minor" if is_taken else "major"
            yield Difference(name=name, what=f"{label} {what}", level=level)
            continue
        if parameter.is_keyword and not other.is_keyword:
            yield Difference(name=name, what=f"{label} no longer by keyword", level="major")
        if parameter.position is not None and other.position is None:
            yield Difference(name=name, what=f"{label} by keyword only", level="major")
        elif parameter.position is not None and other.position != parameter.position:
            yield Difference(name=name, what=f"{label} in another position", level="major")
        if parameter.annotation and other.annotation:
            yield from _argument(name, label, parameter.annotation, other.annotation)
        if parameter.default != other.default and not parameter.is_variable:
            yield from _default(name, label, parameter.default, other.default)
    for key, parameter in after.items():
        if key not in before:
            is_needed = parameter.default is None and not parameter.is_variable
            what = f"argument {key!r} new{', and needed' if is_needed else ''}"
            yield Difference(name=name, what=what, level="major" if is_needed else "minor")
    if old[3] and new[3]:
        yield from _result(name, "result", old[3], new[3])


def _default(name: str, label: str, old: str | None, new: str | None) -> Iterator[Difference]:
    if old is None:
        yield Difference(name=name, what=f"{label} optional from now on", level="minor")
    elif new is None:
        yield Difference(name=name, what=f"{label} needed from now on", level="major")
    elif {old, new} != {"UNSET", "ABSENT"}:
        yield Difference(name=name, what=f"{label}: default {old} -> {new}", level="major")


def _argument(name: str, label: str, old: str, new: str) -> Iterator[Difference]:
    """What is given may be of more types than before."""
    kind = relation(old, new)
    if kind != "same":
        level: Level = "minor" if kind == "wider" else "major"
        yield Difference(name=name, what=f"{label}: {old} -> {new} ({kind})", level=level)


def _result(name: str, label: str, old: str, new: str) -> Iterator[Difference]:
    """What is received may be of fewer types than before."""
    kind = relation(old, new)
    if kind != "same":
        level: Level = "minor" if kind == "narrower" else "major"
        yield Difference(name=name, what=f"{label}: {old} -> {new} ({kind})", level=level)


def _short(text: str, length: int = 80) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."


def _folded(found: Iterable[Difference]) -> Iterator[Difference]:
    """Say once what is true of all functions of an operation."""
    groups: dict[tuple[str, Difference], list[str]] = {}
    for each in found:
        owner, _, member = each.name.rpartition(".")
        groups.setdefault((owner, replace(each, name="")), []).append(member)
    functions = {"asyncio", "asyncio_detailed", "sync", "sync_detailed"}
    for (owner, each), members in groups.items():
        if len(members) > 1 and functions.issuperset(members):
            yield replace(each, name=f"{owner}.{{{','.join(sorted(members))}}}")
        else:
            yield from (replace(each, name=f"{owner}.{member}".strip(".")) for member in members)
