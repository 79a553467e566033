"""Compares two releases as a whole, and finds which change of a specification made which other."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from releasing.comparing_behaviour import compare_behaviour
from releasing.comparing_python import compare_python
from releasing.comparing_specification import compare_specifications
from releasing.differences import asked_version, release_of
from releasing.specification import names_of_pointers, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from releasing.baseline import Release
    from releasing.differences import Difference
    from releasing.facts import Facts

__all__ = ["PIPELINE", "Comparison", "compare", "operations_using"]

_ARGUMENT = re.compile(r"argument '(\w+)'")
_SHORT_NAME = re.compile(r"attribute = (\w+)$")
_UNTIL = re.compile(r" until (\S+)$")
_GENERATED = ("api", "groups", "models")
#: The cause of what differs in generated code where the specification does not.
PIPELINE = "the pipeline"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two releases.

    Attributes:
        old: The released one.
        version: The version that the other one declares.
        python: The differences of the Python API.
        specifications: Those of each specification, by the package that is generated from it.
        behaviour: Those of the tables.
    """

    old: Release
    version: str
    python: list[Difference]
    specifications: dict[str, list[Difference]]
    behaviour: list[Difference]

    @property
    def all(self) -> list[Difference]:
        """All differences."""
        found = [*self.python, *self.behaviour]
        for each in self.specifications.values():
            found += each
        return found

    @property
    def asked(self) -> str:
        """The lowest version that may bring these differences."""
        return asked_version(self.old.version, self.all)

    def problems(self) -> Iterator[str]:
        """Say why this version may not be released as it is."""
        if release_of(self.version) < release_of(self.asked):
            yield (
                f"pyproject.toml says {self.version}, and what differs from {self.old.version} "
                f"asks for {self.asked} at least"
            )
        for each in (*self.python, *self.behaviour):
            if each.level != "major" or each.name in self.old.accepted:
                continue
            until = _UNTIL.search(each.deprecation)
            if until and release_of(until[1]) > release_of(self.version):
                yield f"{each.name}: {each.what}, and is {each.deprecation}, not {self.version}"
            elif not until and each.cause in {"", PIPELINE}:
                yield (
                    f"{each.name}: {each.what}; deprecate it for a minor release first, or add "
                    "its name and the reason to baseline/accepted.yaml"
                )


def compare(old: Release, new: Release) -> Comparison:
    """Compare two releases.

    Args:
        old: The released one.
        new: The other one.

    Returns:
        What differs.
    """
    specifications = {
        package: compare_specifications(facts, new.specifications[package])
        for package, facts in old.specifications.items()
    }
    python = compare_python(old.python, new.python)
    for package, differences in specifications.items():
        pointers = {
            **names_of_pointers(old.specifications[package]),
            **names_of_pointers(new.specifications[package]),
        }
        names = {**old.python, **new.python}
        python = [_with_cause(each, package, names, pointers, differences) for each in python]
    return Comparison(
        old=old,
        version=new.version,
        python=python,
        specifications=specifications,
        behaviour=compare_behaviour(old.behaviour, new.behaviour),
    )


def _with_cause(
    difference: Difference,
    package: str,
    names: Facts,
    pointers: dict[str, str],
    changes: list[Difference],
) -> Difference:
    folder, _, rest = difference.name.removeprefix(f"{package}.").partition(".")
    if not difference.name.startswith(f"{package}.") or folder not in _GENERATED:
        return difference
    parts = [plain(part) for part in rest.split(".")]
    if short := _SHORT_NAME.match(names.get(difference.name, "")):
        parts.append(plain(short[1]))
    own = next((pointers[part] for part in reversed(parts) if part in pointers), None)
    if own is None:
        return replace(difference, cause=PIPELINE)
    wanted = {*parts, *(plain(name) for name in _ARGUMENT.findall(difference.what))}
    found = [each.name for each in changes if f"{each.name}/".startswith(f"{own}/")]
    # The parameter, property or value itself, if it is there.
    exact = [name for name in found if plain(name.rpartition("/")[2]) in wanted and name != own]
    cause = next(iter([*exact, *found]), PIPELINE)
    return replace(difference, cause=cause)


def operations_using(facts: Facts, pointer: str) -> list[str]:
    """Name the operations that a pointer belongs to, or whose arguments or result hold the schema.

    Args:
        facts: The facts of a specification.
        pointer: The JSON pointer of what changed.

    Returns:
        Their ids, sorted.
    """
    names = {key.rpartition("/")[2] for key in facts if key.count("/") == 3 and "/schemas/" in key}
    holders: dict[str, set[str]] = {}
    for key, text in facts.items():
        owner = "/".join(key.split("/")[:4])
        for name in names.intersection(re.findall(r"\w+", text)):
            holders.setdefault(f"/components/schemas/{name}", set()).add(owner)
    todo = ["/".join(pointer.split("/")[:4])]
    seen = set(todo)
    while todo:
        for holder in holders.get(todo.pop(), ()):
            if holder not in seen:
                seen.add(holder)
                todo.append(holder)
    return sorted(
        facts[each].split(" ")[1] for each in seen if facts.get(each, "").startswith("operation ")
    )
