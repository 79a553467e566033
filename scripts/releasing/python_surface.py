"""Reads the public Python API of the package with griffe, without importing it."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import griffe

from releasing.facts import MODULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from releasing.facts import Facts

__all__ = ["PUBLIC", "python_surface"]

#: The public modules; an asterisk stands for all modules below that one.
PUBLIC = (
    "dqops",
    "dqops.client",
    "dqops.client.errors",
    "dqops.client.types",
    "dqops.client.downloads",
    "dqops.client.raw",
    "dqops.client.api.*",
    "dqops.client.groups.*",
    "dqops.client.models.*",
    "dqops.jobs",
    "dqops.jobs.aio",
    "dqops.checks",
    "dqops.checks.aio",
    "dqops.frames",
    "dqops.reports",
    "dqops.health",
    "dqops.testing",
    "dqops.testing.healthchecks",
    "dqops.testing.pytest_plugin",
    "dqops.integrations.healthchecks_io",
    "dqops.integrations.healthchecks_io.client",
    "dqops.integrations.healthchecks_io.client.api.*",
    "dqops.integrations.healthchecks_io.client.models.*",
    "dqops.airflow.*",
    "dqops.dagster",
    "dqops.prefect",
)
# Private classes that public ones inherit from; their modules may change.
_PRIVATE = "(private)"
_METHODS = {
    *("__init__", "__call__", "__enter__", "__exit__", "__aenter__", "__aexit__"),
    *("__iter__", "__next__", "__aiter__", "__anext__", "__len__", "__getitem__", "__contains__"),
    *("__bool__", "__await__"),
}
# Of a class's constructor arguments these are fields, beside generated models.
_RECORDS = re.compile(r"^(attrs\.)?(define|frozen|mutable|dataclass|model)\b")
_LONGEST_VALUE = 100


def python_surface(folder: Path, package: str = "dqops", public: Iterable[str] = PUBLIC) -> Facts:
    """List what a program can name, call, subclass and catch.

    Args:
        folder: The folder that has the package.
        package: The name of the package.
        public: The public modules.

    Returns:
        The facts by dotted name.
    """
    loader = griffe.GriffeLoader(search_paths=[folder], allow_inspection=False, store_source=False)
    loader.load(package)
    return _Surface(loader.modules_collection, tuple(public)).facts


class _Surface:
    """The facts about the modules of a collection."""

    def __init__(self, collection: Any, public: tuple[str, ...]) -> None:
        self.facts: Facts = {}
        self._collection = collection
        self._homes: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        modules = [module for pattern in public for module in self._modules(pattern)]
        self.facts.update({module.path: MODULE for module in modules})
        exports = {
            f"{module.path}.{name}": member
            for module in modules
            for name, member in self._exports(module)
        }
        found = {name: self._resolve(member) for name, member in exports.items()}
        # An object belongs where it is defined, or else to the first module that exports it.
        for name, each in sorted(found.items(), key=lambda pair: exports[pair[0]].is_alias):
            if each is not None:
                self._homes.setdefault(each.path, name)
        for name, each in found.items():
            if each is None:
                self.facts[name] = f"alias {exports[name].target_path}"
            elif self._homes[each.path] != name:
                self.facts[name] = f"alias {self._homes[each.path]}"
            elif not each.is_module:
                self._describe(name, each)

    def _modules(self, pattern: str) -> Iterator[Any]:
        try:
            module = self._collection[pattern.removesuffix(".*")]
        except KeyError:
            return
        yield module
        if pattern.endswith(".*"):
            for name, member in module.members.items():
                if not member.is_alias and member.is_module and not name.startswith("_"):
                    yield from self._modules(f"{module.path}.{name}.*")

    def _exports(self, module: Any) -> Iterator[tuple[str, Any]]:
        exports = module.exports
        for name, member in module.members.items():
            # `from .x import y as y` exports, too, as type checkers see it.
            wanted = name in exports if exports is not None else not name.startswith("_")
            if exports is None and member.is_alias and not module.is_init_module:
                wanted = False
            if wanted and (member.is_alias or not member.is_module):
                yield name, member

    def _resolve(self, member: Any) -> Any:
        while member.is_alias:
            try:
                member = self._collection[member.target_path]
            except (KeyError, griffe.GriffeError):
                return None
        return member

    def _describe(self, name: str, found: Any) -> None:
        if found.is_class:
            self._describe_class(name, found)
        elif found.is_function:
            self._describe_function(name, found)
        else:
            self.facts[name] = self._attribute_text(found, is_enum=False) + _deprecation(found)

    def _describe_class(self, name: str, found: Any) -> None:
        ancestors = list(dict.fromkeys(self._ancestors(found)))
        kind = "record" if _is_record(found) or f"{_PRIVATE}.Model" in ancestors else "class"
        if any(each in {"typing.Protocol", "abc.ABC"} for each in ancestors):
            kind = "protocol"
        self.facts[name] = f"{kind}({', '.join(ancestors)}){_deprecation(found)}"
        is_enum = any(each.rpartition(".")[2].endswith("Enum") for each in ancestors)
        for member_name, member in found.members.items():
            if member_name.startswith("_") and member_name not in _METHODS:
                continue
            if member.is_alias or member.is_module:
                continue
            path = f"{name}.{member_name}"
            if member.is_function:
                self._describe_function(path, member)
            elif member.is_class:
                self._describe_class(path, member)
            else:
                text = self._attribute_text(member, is_enum=is_enum)
                self.facts[path] = text + _deprecation(member)

    def _describe_function(self, name: str, found: Any) -> None:
        overloads = found.overloads or ()
        for number, overload in enumerate(overloads, 1):
            self.facts[f"{name}.@{number}"] = self._function_text(overload)
        text = "overloaded" if overloads else self._function_text(found)
        self.facts[name] = text + _deprecation(found)

    def _function_text(self, found: Any) -> str:
        kind = "async def" if "async" in found.labels else "def"
        for label in ("classmethod", "staticmethod"):
            if label in found.labels:
                kind = f"{label} {kind}"
        text = re.sub(r"^[^(]*", "def f", found.signature().partition("\n")[0], count=1)
        node = ast.parse(f"{text}: ...").body[0]
        assert isinstance(node, ast.FunctionDef)
        values = {each.name: self._constant(each.default) for each in found.parameters}
        positional = [*node.args.posonlyargs, *node.args.args]
        pairs = (
            (positional[len(positional) - len(node.args.defaults) :], node.args.defaults),
            (node.args.kwonlyargs, node.args.kw_defaults),
        )
        for names, defaults in pairs:
            for position, name in enumerate(names):
                if value := values.get(name.arg):
                    defaults[position] = value
        for annotated in (*positional, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg):
            if annotated is not None:
                annotation = found.parameters[annotated.arg].annotation
                if annotated.annotation is not None and annotation is not None:
                    annotated.annotation = ast.parse(self._type(annotation), mode="eval").body
        result = "" if found.returns is None else f" -> {self._type(found.returns)}"
        return " ".join(f"{kind} ({ast.unparse(node.args)}){result}".split())

    def _attribute_text(self, found: Any, *, is_enum: bool) -> str:
        if "property" in found.labels:
            setter = " (writable)" if found.setter is not None else ""
            return f"property {self._type(found.annotation)}{setter}"
        value = None if found.value is None else " ".join(str(found.value).split())
        if is_enum and found.annotation is None:
            return f"value {value}"
        if str(found.annotation).endswith("TypeAlias"):
            return f"type {value}"
        text = (
            "attribute" if found.annotation is None else f"attribute {self._type(found.annotation)}"
        )
        if value is None or ("class-attribute" not in found.labels and found.parent.is_class):
            return text
        return f"{text} = {_shown(value)}"

    def _type(self, annotation: Any) -> str:
        """Write a type, with what private names stand for in place of them."""
        text = " ".join(str(annotation).split())
        if isinstance(annotation, str):
            return text
        aliases = {}
        for each in annotation.iterate(flat=True):
            path = each.canonical_path if isinstance(each, griffe.ExprName) else ""
            if path and path not in self._aliases:
                self._aliases[path] = ""  # a type that holds itself stays as it is written
                found = self._alias(path)
                self._aliases[path] = "" if found is None else self._type(found.value)
            if self._aliases.get(path):
                aliases[each.name] = self._aliases[path]
        if not aliases and not (text.count("'") and "Literal" not in text):
            return text
        node = _Expanding(aliases).visit(ast.parse(text.strip("'\""), mode="eval"))
        return ast.unparse(node)

    def _alias(self, path: str) -> Any:
        """Find what a private name of a type stands for, if it is one."""
        try:
            found = self._resolve(self._collection[path])
        except (KeyError, griffe.GriffeError):
            return None
        if found is None or not found.is_attribute or not found.parent.is_module:
            return None
        is_public = path in self._homes or self.facts.get(found.parent.path) == MODULE
        is_type = isinstance(found.value, (griffe.ExprBinOp, griffe.ExprSubscript, griffe.ExprName))
        return None if is_public or not is_type else found

    def _constant(self, default: Any) -> ast.expr | None:
        """Read what a default is that has a name, where that is plain."""
        try:
            value = str(self._resolve(self._collection[default.canonical_path]).value)
            ast.literal_eval(value.removeprefix("frozenset(").removesuffix(")"))
            return ast.parse(value, mode="eval").body
        except (AttributeError, KeyError, SyntaxError, ValueError, griffe.GriffeError):
            return None

    def _ancestors(self, found: Any) -> Iterator[str]:
        for base in found.bases:
            path = getattr(base, "canonical_path", str(base))
            try:
                resolved = self._resolve(self._collection[path])
            except (KeyError, griffe.GriffeError):
                resolved = None
            if resolved is None or not resolved.is_class:
                yield from _foreign_ancestors(path)
                continue
            home = self._homes.get(resolved.path)
            if home is None:
                home = f"{_PRIVATE}.{resolved.name}"
                if home not in self.facts:
                    self.facts[_PRIVATE] = "bases of public classes"
                    self._describe_class(home, resolved)
            yield home
            yield from self._ancestors(resolved)


class _Expanding(ast.NodeTransformer):
    """Puts what they stand for in place of names."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Keep the strings of `Literal`; others are names."""
        is_literal = ast.unparse(node.value).rpartition(".")[2] == "Literal"
        found = node if is_literal else self.generic_visit(node)
        assert isinstance(found, ast.expr)
        return found

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Take the quotes off a name."""
        return ast.parse(node.value, mode="eval").body if isinstance(node.value, str) else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name."""
        text = self._texts.get(node.id)
        return node if text is None else ast.parse(text, mode="eval").body


def _is_record(found: Any) -> bool:
    return any(_RECORDS.match(str(each.value)) for each in found.decorators)


def _foreign_ancestors(path: str) -> Iterator[str]:
    """Name a class of another distribution; of an exception also what else catches it."""
    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module or "builtins"), name)
    except (AttributeError, ImportError):
        yield path
        return
    yield path
    if isinstance(found, type) and issubclass(found, BaseException):
        for each in found.__mro__[1:-1]:
            yield each.__name__ if each.__module__ == "builtins" else f"{module}.{each.__name__}"


def _shown(value: str) -> str:
    """Show a value if it is short; of a call only what makes it."""
    node = ast.parse(value, mode="eval").body
    if isinstance(node, ast.Call):
        return f"{ast.unparse(node.func)}(...)"
    return value if len(value) <= _LONGEST_VALUE and not isinstance(node, ast.JoinedStr) else "..."


def _deprecation(found: Any) -> str:
    for each in getattr(found, "decorators", ()):
        node = ast.parse(str(each.value), mode="eval").body
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("deprecated"):
            told = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
            argument = f" argument {told['argument']}" if "argument" in told else ""
            return (
                f" [deprecated{argument} since {told['since']} until {told['until']};"
                f" {told['replacement']}]"
            )
    return ""
