"""Describes a client package; runs in that package's own interpreter.

    python probe.py FOLDER IMPORT_NAME

It is a program of its own, never imported by the pipeline: it imports the package, and everything
of it, and prints JSON. It needs the standard library only, of Python 3.8 or later, because the
interpreter is the one that the package was installed for. Nothing is sent anywhere.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_CONTAINER_METHODS = ("__contains__", "__delitem__", "__getitem__", "__setitem__")


class _Stand:
    """Stands for a value of any type while a model writes itself."""

    def __init__(self, value: str) -> None:
        self.value = value

    def to_dict(self) -> dict[str, Any]:
        return {"stand": self.value}

    def isoformat(self) -> str:
        return self.value

    def __iter__(self) -> Iterator[Any]:
        return iter(())


def describe(folder: str, import_name: str) -> dict[str, Any]:
    """Describe every public module of a package."""
    package = Path(folder, *import_name.split("."))
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = list(path.relative_to(package).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        if any(part.startswith("_") for part in parts):
            continue
        name = ".".join([import_name, *parts])
        module = importlib.import_module(name)
        if Path(module.__file__ or "").resolve() != path.resolve():
            raise ImportError(f"{name} was found elsewhere: {module.__file__}")
        modules[name] = _describe_module(module, import_name)
    return modules


def _describe_module(module: ModuleType, import_name: str) -> dict[str, Any]:
    listed = list(getattr(module, "__all__", ()))
    here = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (
            getattr(value, "__module__", None) == module.__name__
            or type(value).__module__ == module.__name__
        )
        and not isinstance(value, type(sys))
        and type(value).__name__ not in {"TypeVar", "ParamSpec"}
    ]
    result: dict[str, Any] = {"functions": {}, "classes": {}, "names": [], "listed": listed}
    for name in sorted({*listed, *here}):
        value = getattr(module, name)
        is_elsewhere = name not in here and inspect.isclass(value)
        if is_elsewhere and not value.__module__.rpartition(".")[2].startswith("_"):
            # Re-exported from a public module, which describes it.
            result["names"].append([name, value.__module__])
        elif inspect.isclass(value):
            result["classes"][name] = _describe_class(value, import_name)
        elif inspect.isfunction(value):
            result["functions"][name] = {
                "async": inspect.iscoroutinefunction(value),
                "parameters": _parameters(value),
            }
        else:
            result["names"].append([name, None])
    return result


def _describe_class(cls: type, import_name: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "kind": "class",
        "methods": {},
        "parameters": [],
        "keys": {},
        "members": {},
    }
    if issubclass(cls, enum.Enum):
        mixed_in = [base.__name__ for base in (str, int) if issubclass(cls, base)]
        result["kind"] = " of ".join(["enum", *mixed_in])
        result["members"] = {
            name: json.dumps(member.value) for name, member in cls.__members__.items()
        }
        return result
    if issubclass(cls, BaseException):
        result["kind"] = "exception"
    try:
        result["parameters"] = _parameters(cls)
    except ValueError:  # a class without a constructor of its own
        result["parameters"] = []
    # What else a model holds is an attribute in every client, an argument only in some.
    arguments = {parameter[0] for parameter in result["parameters"]} - {"additional_properties"}
    for name in dir(cls):
        if name.startswith("_") and name not in _CONTAINER_METHODS:
            continue
        owner = next(base for base in cls.__mro__ if name in vars(base))
        # The methods of our models are in a package beside the client's.
        package = import_name.partition(".")[0]
        if name not in arguments and owner.__module__.partition(".")[0] == package:
            result["methods"][name] = _describe_method(vars(owner)[name])
    if hasattr(cls, "to_dict") and hasattr(cls, "from_dict"):
        result["kind"] = "model"
        result["keys"] = {
            name: key
            for name in [parameter[0] for parameter in result["parameters"]]
            for key in [_key(cls, name)]
            if key is not None
        }
    return result


def _describe_method(value: Any) -> str:
    if isinstance(value, (classmethod, staticmethod)):
        value = value.__func__
    if not inspect.isfunction(value):
        return "property"
    parameters = []
    for name, kind, default in _parameters(value)[1:]:
        star = {"var-positional": "*", "var-keyword": "**"}.get(kind, "")
        parameters.append(star + name + ("" if default is None else "=" + default))
    word = "async " if inspect.iscoroutinefunction(value) else ""
    return word + "(" + ", ".join(parameters) + ")"


def _parameters(function: Callable[..., Any]) -> list[tuple[str, str, str | None]]:
    """List the parameters: name, kind, default (None where there is none)."""
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "positional-only",
        inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
        inspect.Parameter.VAR_POSITIONAL: "var-positional",
        inspect.Parameter.KEYWORD_ONLY: "keyword-only",
        inspect.Parameter.VAR_KEYWORD: "var-keyword",
    }
    return [
        (parameter.name, kinds[parameter.kind], _default(parameter.default))
        for parameter in inspect.signature(function).parameters.values()
    ]


def _default(value: Any) -> str | None:
    if value is inspect.Parameter.empty:
        return None
    if type(value).__name__ in {"Unset", "_Unset"}:
        return "UNSET"
    if isinstance(value, enum.Enum):
        if type(value).__module__.startswith("attr"):  # attrs' NOTHING: made anew for each object
            return "a new value"
        return f"{type(value).__name__}.{value.name}"
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text


def _key(cls: type, name: str) -> str | None:
    """Find the JSON name of an attribute: the key that changes when only it does."""
    required = {
        parameter: _Stand("required")
        for parameter, kind, default in _parameters(cls)
        if default is None and not kind.startswith("var-")
    }
    written: list[dict[str, Any]] = []
    values: tuple[Any, ...] = (None, _Stand("one"), _Stand("two"), {})
    changes: list[dict[str, Any]] = [{}, *({name: value} for value in values)]
    for change in changes:
        try:
            model = cls(**required)
            for attribute, value in change.items():
                setattr(model, attribute, value)
            written.append(model.to_dict())
        except Exception:  # noqa: S112  # the next value may be of its type
            continue
    changed = {
        str(key)
        for one in written
        for other in written
        for key in {*one, *other}
        if key not in one or key not in other or one[key] != other[key]
    }
    return changed.pop() if len(changed) == 1 else None


def main() -> None:
    """Print the description of the package that the command line names."""
    folder, import_name = sys.argv[1:]
    sys.path[0] = folder  # the package must be found there, not what lies beside this program
    json.dump(describe(folder, import_name), sys.stdout)


if __name__ == "__main__":
    main()
