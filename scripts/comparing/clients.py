"""The facts of a Python client: modules, functions, parameters, models, enumerations.

What a program that uses the client can see counts, except annotations: they may be better.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError

from comparing.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PROBE = Path(__file__).with_name("probe.py")
_LONGEST = 120  # seconds

_NO_VALUE = "no default"


def find_root(path: Path, import_name: str) -> Path:
    """Find the folder that a package is imported from.

    Args:
        path: That folder, or the folder of the package itself.
        import_name: The import name of the package.

    Returns:
        The folder that has to be on the search path.

    Raises:
        PipelineError: The package is not there.
    """
    path = path.resolve()
    parts = import_name.split(".")
    if tuple(path.parts[-len(parts) :]) == tuple(parts) and path.is_dir():
        return path.parents[len(parts) - 1]
    if path.joinpath(*parts).is_dir():
        return path
    raise PipelineError(
        f"the package {import_name!r} is not there",
        str(path),
        hint="Give the folder of the package, or the site-packages folder that it is in.",
    )


def find_interpreter(root: Path) -> Path:
    """Find the interpreter of the virtual environment that a folder belongs to.

    Args:
        root: A folder, such as site-packages.

    Returns:
        The interpreter; the one that runs now where the folder is in no virtual environment.
    """
    for folder in (root, *root.parents):
        if (folder / "pyvenv.cfg").is_file():
            for name in ("bin/python", "Scripts/python.exe"):
                if (folder / name).exists():
                    return folder / name
    return Path(sys.executable)


def describe(root: Path, import_name: str, interpreter: Path) -> dict[str, Any]:
    """Import a client in a process of its own and describe it.

    Args:
        root: The folder that it is imported from.
        import_name: Its import name.
        interpreter: What to import it with.

    Returns:
        What `probe.py` found, by module.

    Raises:
        PipelineError: The client cannot be imported there.
    """
    # Without `-B` the interpreter would write into the tree that it describes.
    command = [str(interpreter), "-B", str(_PROBE), str(root), import_name]
    # One search path for both sides would let one of them be found in place of the other.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        completed = subprocess.run(  # noqa: S603  # the interpreter is the caller's choice
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
            env=environment,
        )
    except OSError as error:
        raise PipelineError(f"cannot be run: {error.strerror}", str(interpreter)) from error
    except subprocess.TimeoutExpired as error:
        message = f"importing {import_name!r} took more than {_LONGEST} s"
        raise PipelineError(message, str(root)) from error
    if completed.returncode:
        lines = completed.stderr.strip().splitlines() or ["no message"]
        raise PipelineError(
            f"{import_name!r} cannot be imported: {lines[-1]}",
            str(root),
            hint=f"It was tried with {interpreter}; `--python` names another interpreter.",
        )
    description: dict[str, Any] = json.loads(completed.stdout)
    return description


def client_facts(description: dict[str, Any], *, listed_only: bool = False) -> dict[str, Fact]:
    """Turn the description of a client into facts.

    Args:
        description: What `describe` returned.
        listed_only: Whether a module's `__all__` decides what is public, where it has one.

    Returns:
        The facts by place.
    """
    return {
        place: fact
        for name, module in description.items()
        for place, fact in _module(name, module, listed_only=listed_only)
    }


def _module(name: str, module: dict[str, Any], *, listed_only: bool) -> Iterator[tuple[str, Fact]]:
    listed = module["listed"] if listed_only else []

    def is_public(item: str) -> bool:
        return not listed or item in listed

    yield name, Fact("module")
    for item, function in module["functions"].items():
        if is_public(item):
            value = "async function" if function["async"] else "function"
            yield f"{name}.{item}", Fact("function", value, name)
            yield from _parameters(f"{name}.{item}", "parameter", function["parameters"])
    for item, described in module["classes"].items():
        if is_public(item):
            yield from _class(name, item, described)
    for item, origin in module["names"]:
        if is_public(item):
            # A name that stands for a class of another module is part of that module.
            yield f"{name}.{item}", Fact("name", "", origin or name)


def _class(module: str, name: str, described: dict[str, Any]) -> Iterator[tuple[str, Fact]]:
    place = f"{module}.{name}"
    kind: str = described["kind"]
    counted_as = {"model": "model", "enum": "enum"}.get(kind.split()[0], "class")
    yield place, Fact(counted_as, kind, module)
    if counted_as != "enum":
        counted_in_it = "field" if counted_as == "model" else "parameter"
        yield from _parameters(place, counted_in_it, described["parameters"])
    for attribute, key in described["keys"].items():
        # Part of the field: where that is missing, its key says nothing new.
        yield f"{place}.to_dict {attribute}", Fact("key", key, f"{place}({attribute})")
    for method, signature in described["methods"].items():
        yield f"{place}.{method}", Fact("method", signature, place)
    for member, value in described["members"].items():
        yield f"{place}.{member}", Fact("member", value, place)


def _parameters(
    place: str, kind: str, parameters: Sequence[Sequence[Any]]
) -> Iterator[tuple[str, Fact]]:
    for name, how, default in parameters:
        value = f"{how}, {_NO_VALUE if default is None else f'default {default}'}"
        yield f"{place}({name})", Fact(kind, value, place)
    positional = [name for name, how, _ in parameters if how.startswith("positional")]
    named = [name for name, how, _ in parameters if how == "keyword-only"]
    yield f"{place} positions", Fact("order", ", ".join(positional), place, "prefix")
    yield f"{place} keywords", Fact("order", ", ".join(named), place, "order")
