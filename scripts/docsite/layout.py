"""How output is shown: broken into lines and, if it is long, cut."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

__all__ = ["cut", "json_lines", "python_lines"]

_WIDTH = 88
_TOKEN = re.compile(
    r"""(?P<enum><\w+\.\w+:\ (?:'[^']*'|-?\d+)>)
    |(?P<string>b?'(?:[^'\\]|\\.)*'|b?"(?:[^"\\]|\\.)*")
    |(?P<open>[\[({])
    |(?P<close>[\])}])
    |(?P<comma>,\ ?)
    |(?P<other>[^\[({\])},'"<]+|.)""",
    re.VERBOSE | re.DOTALL,
)


class _Group(NamedTuple):
    """What stands in brackets, with the text before them."""

    before: str
    bracket: str
    items: list[list[_Group | str]]
    close: str


def python_lines(text: str, width: int = _WIDTH) -> str:
    """Break what `print` wrote of a Python object into lines; nothing but space is added.

    Args:
        text: The text, such as the `repr` of a model.
        width: How long a line may be.

    Returns:
        The lines.
    """
    if len(text) <= width or "\n" in text or text[-1:] not in {"]", ")", "}"}:
        return text
    stack: list[_Group] = [_Group("", "", [[]], "")]
    for match in _TOKEN.finditer(text):
        token, inner = match.group(), stack[-1].items[-1]
        if match.lastgroup == "open":
            before = inner.pop() if inner and isinstance(inner[-1], str) else ""
            assert isinstance(before, str)
            stack.append(_Group(before, token, [[]], ""))
        elif match.lastgroup == "close" and len(stack) > 1:
            ended = stack.pop()._replace(close=token)
            stack[-1].items[-1].append(ended)
        elif match.lastgroup == "comma":
            stack[-1].items.append([])
        elif inner and isinstance(inner[-1], str):
            inner[-1] += token
        else:
            inner.append(token)
    return "\n".join(_item_lines(_first(stack[0].items), "", width))


def json_lines(text: str) -> str:
    """Break JSON into lines, as `python -m json.tool` does; another text stays as it is.

    Args:
        text: The text of a body.

    Returns:
        The lines.
    """
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if not isinstance(value, dict | list):
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)


def cut(text: str, lines: int = 24, width: int = 400) -> str:
    """Leave out what is too long to be looked at, and say how much that is.

    Args:
        text: The text.
        lines: How many lines are shown.
        width: How much of a line is shown.

    Returns:
        The text that is shown.
    """
    all_lines = [
        line if len(line) <= width else f"{line[:width]} ... {len(line) - width} more characters"
        for line in text.rstrip("\n").split("\n")
    ]
    if len(all_lines) <= lines + 1:
        return "\n".join(all_lines)
    return "\n".join([*all_lines[:lines], f"... {len(all_lines) - lines} more lines"])


def _first(items: list[list[_Group | str]]) -> list[_Group | str]:
    """Put the items of the outermost level into one."""
    joined = list(items[0])
    for item in items[1:]:
        joined += [", ", *item]
    return joined


def _flat(part: _Group | str) -> str:
    if isinstance(part, str):
        return part
    inner = ", ".join("".join(map(_flat, item)) for item in part.items)
    return f"{part.before}{part.bracket}{inner}{part.close}"


def _item_lines(item: list[_Group | str], indent: str, width: int) -> list[str]:
    flat = "".join(map(_flat, item))
    groups = [part for part in item if not isinstance(part, str)]
    is_simple = all(
        isinstance(part, str) for group in groups for each in group.items for part in each
    )
    if len(indent) + len(flat) < width or not groups or (is_simple and len(flat) < width):
        return [indent + flat]
    widest = max(groups, key=lambda group: len(_flat(group)))
    place = item.index(widest)
    before = "".join(map(_flat, item[:place])) + widest.before + widest.bracket
    after = widest.close + "".join(map(_flat, item[place + 1 :]))
    lines = [indent + before]
    for number, each in enumerate(widest.items):
        inner = _item_lines(each, indent + "    ", width)
        if number < len(widest.items) - 1:
            inner[-1] += ","
        lines += inner
    return [*lines, indent + after]
