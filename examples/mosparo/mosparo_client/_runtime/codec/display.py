# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""How models are shown in notebooks and by rich: as tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ..declare.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_html", "as_rich"]

# What is deeper, or comes later in a long list, is only counted.
_DEEPEST = 4
_MOST = 50


def as_html(value: Any) -> str:
    """Show a model as an HTML table.

    Args:
        value: The model.

    Returns:
        The table; nested models are tables that can be opened.
    """
    return f"<b>{escape(type(value).__name__)}</b>{_html(value, 0)}"


def as_rich(value: Any) -> Any:
    """Show a model as a tree, for rich.

    Args:
        value: The model.

    Returns:
        A `rich.tree.Tree`.
    """
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(type(value).__name__, style="bold"))
    _grow(tree, value, 0)
    return tree


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Go through what a model, a mapping or a list holds."""
    if hasattr(value, "_properties"):
        for each in value._properties:
            found = getattr(value, each.name)
            if found is not UNSET:
                yield each.name, found
        yield from value.additional_properties.items()
    elif hasattr(value, "items"):
        yield from value.items()
    else:
        yield from ((str(number), each) for number, each in enumerate(value))


def _is_nested(value: Any) -> bool:
    return hasattr(value, "_properties") or isinstance(value, (dict, list, tuple))


def _html(value: Any, depth: int) -> str:
    rows = []
    items = list(_items(value))
    for name, each in items[:_MOST]:
        if not _is_nested(each):
            shown = escape(_text(each))
        elif depth >= _DEEPEST:
            shown = escape(_count(each))
        else:
            inner = _html(each, depth + 1)
            shown = f"<details><summary>{escape(_count(each))}</summary>{inner}</details>"
        rows.append(
            f'<tr><th style="text-align:left;vertical-align:top">{escape(str(name))}</th>'
            f'<td style="text-align:left">{shown}</td></tr>'
        )
    if len(items) > _MOST:
        rows.append(f"<tr><td></td><td>{len(items) - _MOST} more</td></tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _grow(tree: Any, value: Any, depth: int) -> None:
    from rich.text import Text

    items = list(_items(value))
    for name, each in items[:_MOST]:
        label = Text(f"{name}: ", style="dim")
        if _is_nested(each):
            branch = tree.add(label + Text(_count(each), style="default"))
            if depth < _DEEPEST:
                _grow(branch, each, depth + 1)
        else:
            tree.add(label + Text(_text(each), style="default"))
    if len(items) > _MOST:
        tree.add(f"{len(items) - _MOST} more")


def _text(value: Any) -> str:
    return (
        value.isoformat(" ")
        if hasattr(value, "isoformat") and hasattr(value, "hour")
        else str(value)
    )


def _count(value: Any) -> str:
    count = sum(1 for _ in _items(value))
    return f"{count} value" if count == 1 else f"{count} values"
