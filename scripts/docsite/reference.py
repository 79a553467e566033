"""The reference of the public modules that are written by hand, from their docstrings."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from docsite.forms import formatted
from docsite.markdown import fenced, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["MODULES", "reference_page_of", "reference_pages"]

#: The public modules, in the order of the navigation.
MODULES = (
    "dqops",
    "dqops.client",
    "dqops.client.errors",
    "dqops.client.types",
    "dqops.client.downloads",
    "dqops.jobs",
    "dqops.checks",
    "dqops.frames",
    "dqops.reports",
    "dqops.health",
    "dqops.testing",
    "dqops.integrations.healthchecks_io",
)
_STARS: dict[Any, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}
_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields):$", re.MULTILINE)
_ENTRY = re.compile(r"^(\*{0,2}[\w.]+)(?: \([^)]*\))?: ?", re.MULTILINE)


class _Described(NamedTuple):
    """A public name of a module."""

    name: str
    value: Any
    signature: str


def reference_page_of(module: str) -> str:
    """Name the page of a module.

    Args:
        module: Its import name.

    Returns:
        The file name.
    """
    return f"reference/{module.replace('.', '_')}.md"


def reference_pages() -> Iterator[tuple[str, str]]:
    """Write the pages.

    Yields:
        File names and their Markdown.
    """
    pages = {name: list(_members(import_module(name))) for name in MODULES}
    programs = [
        f"{each.signature.replace('class ', 'def ', 1)}: ..." if each.signature else ""
        for members in pages.values()
        for member in members
        for each in (member, *_methods(member))
    ]
    signatures = iter(formatted(programs))
    for name, members in pages.items():
        module = import_module(name)
        lines = [f"# {name}", "", *_documentation(inspect.getdoc(module) or ""), ""]
        for member in members:
            lines += _entry(member, next(signatures), level=2)
            for method in _methods(member):
                lines += _entry(method, next(signatures), level=3, owner=member.name)
        yield reference_page_of(name), "\n".join(lines)
    yield "reference/index.md", "\n".join(_index())


def _index() -> Iterator[str]:
    yield from ("# Reference", "")
    yield "The public modules that are written by hand. Whatever is not listed here, in"
    yield "[operations](../operations/index.md) or in [models](../models/index.md) is private."
    yield ""
    yield from table(
        ("module", "what it is"),
        (
            (
                f"[{name}]({reference_page_of(name).removeprefix('reference/')})",
                (inspect.getdoc(import_module(name)) or "").partition("\n\n")[0].replace("\n", " "),
            )
            for name in MODULES
        ),
    )


def _members(module: ModuleType) -> Iterator[_Described]:
    names = [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]
    for name in sorted(names, key=lambda each: (each.isupper(), each.lower())):
        yield _described(name, getattr(module, name))


def _methods(member: _Described) -> list[_Described]:
    """List the public methods and properties that a class itself has."""
    if not isinstance(member.value, type) or issubclass(member.value, BaseException):
        return []
    found = []
    for name, value in vars(member.value).items():
        if name.startswith("_") or not inspect.getdoc(value):
            continue
        function = getattr(value, "__func__", value)
        if isinstance(function, FunctionType):
            found.append(_described(name, function))
        elif isinstance(value, property):
            found.append(_Described(name, value, ""))
    return found


def _described(name: str, value: Any) -> _Described:
    if isinstance(value, type):
        return _Described(name, value, f"class {name}{_arguments(value) or '()'}")
    if isinstance(value, FunctionType):
        begin = "async def" if inspect.iscoroutinefunction(value) else "def"
        return _Described(name, value, f"{begin} {name}{_arguments(value)}")
    return _Described(name, value, "")


def _arguments(value: Any) -> str:
    """Write the arguments of a function or class, without `self`, and what is returned."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    shown, kind = [], None
    for each in signature.parameters.values():
        if each.name in {"self", "cls"}:
            continue
        if each.kind is each.KEYWORD_ONLY and kind not in {each.KEYWORD_ONLY, each.VAR_POSITIONAL}:
            shown.append("*")
        kind = each.kind
        text = f"{_STARS.get(kind, '')}{each.name}"
        if each.annotation is not each.empty:
            text += f": {_annotation(each.annotation)}"
        if each.default is not each.empty:
            text += f" = {each.default!r}" if _is_plain(each.default) else " = ..."
        shown.append(text)
    if isinstance(value, type):
        return (
            ""
            if shown in (["*args", "**kwargs"], ["*arguments: Any", "**named: Any"])
            else f"({', '.join(shown)})"
        )
    returned = signature.return_annotation
    after = "" if returned is signature.empty else f" -> {_annotation(returned)}"
    return f"({', '.join(shown)}){after}"


def _annotation(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return text.replace("typing.", "")


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool) or value in ((), {})


def _entry(member: _Described, signature: str, *, level: int, owner: str = "") -> Iterator[str]:
    anchor = f"{owner}.{member.name}" if owner else member.name
    yield f"{'#' * level} {member.name} {{ #{anchor} }}"
    yield ""
    if signature:
        shown = signature.removesuffix(": ...").removesuffix(":\n    ...")
        if member.signature.startswith("class "):
            shown = shown.replace("def ", "class ", 1)
        yield from fenced(shown, "python")
        yield ""
    elif not isinstance(member.value, property):
        yield f"`{member.name} = {member.value!r}`" if _is_plain(member.value) else ""
        yield ""
        if _is_plain(member.value):
            return
    text = inspect.getdoc(member.value) or ""
    if (
        member.value.__class__.__module__ == "builtins"
        and not signature
        and text == inspect.getdoc(type(member.value))
    ):
        return
    yield from _documentation(text)
    yield ""


def _documentation(text: str) -> Iterator[str]:
    """Turn a docstring into Markdown: its sections become lists."""
    parts = _SECTION.split(text)
    yield from _prose(parts[0].strip())
    for title, content in zip(parts[1::2], parts[2::2], strict=True):
        yield ""
        yield f"**{'Arguments' if title == 'Args' else title}**"
        yield ""
        body = inspect.cleandoc(content)
        if title in {"Returns", "Yields"}:
            yield " ".join(body.split())
            continue
        body, _, rest = body.partition("\n\n")
        for entry in re.split(r"\n(?=\S)", body):
            named = _ENTRY.sub(r"`\1`: ", " ".join(entry.split()), count=1)
            yield f"- {named}"
        if rest:
            yield ""
            yield from _prose(rest)


def _prose(text: str) -> Iterator[str]:
    """Write paragraphs; those that are indented are code."""
    code: list[str] = []
    for paragraph in [*text.split("\n\n"), ""]:
        if paragraph and all(line.startswith("    ") for line in paragraph.split("\n")):
            code.append(paragraph)
            continue
        if code:
            block = inspect.cleandoc("\n" + "\n\n".join(code))
            yield from fenced(block, "python" if _is_python(block) else "text")
            yield ""
            code = []
        if paragraph.strip():
            yield paragraph
            yield ""


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
