"""Tells whether one type of Python takes more values than another, from how both are written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Relation", "relation"]

Relation = Literal["same", "wider", "narrower", "other"]

# What else takes the values of a type, for type checkers.
_ABOVE = {
    "bool": "int",
    "int": "float",
    "float": "complex",
    "datetime": "date",
    "Path": "PathLike",
    "list": "MutableSequence",
    "MutableSequence": "Sequence",
    "tuple": "Sequence",
    "Sequence": "Collection",
    "frozenset": "Set",
    "set": "MutableSet",
    "MutableSet": "Set",
    "Set": "Collection",
    "dict": "MutableMapping",
    "MutableMapping": "Mapping",
    "Mapping": "Collection",
    "Collection": "Iterable",
    "Generator": "Iterator",
    "Iterator": "Iterable",
    "AsyncGenerator": "AsyncIterator",
    "AsyncIterator": "AsyncIterable",
    "Coroutine": "Awaitable",
}
_COVARIANT = {
    *("AsyncIterable", "AsyncIterator", "Awaitable", "Collection", "Iterable", "Iterator"),
    *("Response", "Sequence", "Set", "frozenset", "tuple", "type"),
}
_ANYTHING = {"Any", "object"}


def relation(old: str, new: str) -> Relation:
    """Compare two types.

    Args:
        old: An annotation.
        new: Another one.

    Returns:
        What the new one is beside the old one.
    """
    before, after = list(_alternatives(_parsed(old))), list(_alternatives(_parsed(new)))
    is_wider = all(any(_is_within(each, other) for other in after) for each in before)
    is_narrower = all(any(_is_within(each, other) for other in before) for each in after)
    if is_wider and is_narrower:
        return "same"
    return "wider" if is_wider else "narrower" if is_narrower else "other"


def _parsed(text: str) -> ast.expr:
    return ast.parse(text.strip("'\""), mode="eval").body


def _head(node: ast.expr) -> str:
    """Name a type without its module, which may be written or not."""
    if isinstance(node, ast.Subscript):
        return _head(node.value)
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        node = _parsed(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    elif isinstance(node, ast.Subscript) and _head(node) in {"Literal", "Optional", "Union"}:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if _head(node) == "Literal":
            for part in parts:
                yield ast.Subscript(value=ast.Name("Literal"), slice=part)
            return
        for part in parts:
            yield from _alternatives(part)
        if _head(node) == "Optional":
            yield ast.Constant(None)
    else:
        yield node


def _is_within(narrow: ast.expr, wide: ast.expr) -> bool:
    """Whether a type, which is no union, takes all values of another one."""
    first, second = _head(narrow), _head(wide)
    if second in _ANYTHING or ast.unparse(narrow) == ast.unparse(wide):
        return True
    if first == "Literal" and isinstance(narrow, ast.Subscript):
        kind = type(ast.literal_eval(narrow.slice)).__name__
        return kind == second
    path = [first]
    while path[-1] in _ABOVE:
        path.append(_ABOVE[path[-1]])
    return second in path and _has_same_arguments(narrow, wide, is_exact=second not in _COVARIANT)


def _has_same_arguments(narrow: ast.expr, wide: ast.expr, *, is_exact: bool) -> bool:
    if not isinstance(wide, ast.Subscript):
        return True
    if not isinstance(narrow, ast.Subscript):
        return False
    first, second = (
        each.slice.elts if isinstance(each.slice, ast.Tuple) else [each.slice]
        for each in (narrow, wide)
    )
    # The last one of a mapping may be narrower, too; its keys may not.
    found = [
        relation(ast.unparse(one), ast.unparse(other))
        for one, other in zip(first, second, strict=False)
    ]
    if len(first) != len(second):
        return False
    if _head(wide) == "Mapping":
        return found[0] == "same" and found[1] in {"same", "wider"}
    return all(each == "same" or (each == "wider" and not is_exact) for each in found)
