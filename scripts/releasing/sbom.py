"""Lists what the package depends on as a CycloneDX document, which the wheel carries (PEP 770).

    python -m releasing.sbom [--check]

Versions are those of `requirements/testing.txt`, which the tests run with. What only the tests need
is left out, and so are the orchestrators, whose hundreds of packages are chosen where they run.
There is no serial number and no time in it, so that the same requirements give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
PLACE = Path("distribution", "dqops-client.cdx.json")
LOCK = Path("requirements", "testing.txt")
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_VIA = re.compile(r"^    #(?: via(?: (.+))?|   (.+))$")
# Not in the lock.
_ORCHESTRATORS = {"airflow", "dagster", "prefect"}


class Pinned(NamedTuple):
    """A line of a lock: a package, its version, where it applies, and what asks for it."""

    name: str
    version: str
    marker: str
    wanted_by: list[str]

    @property
    def url(self) -> str:
        """The package as a URL."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str) -> list[Pinned]:
    """Read a lock as `uv pip compile` writes it.

    Args:
        text: The lock, with its comments.

    Returns:
        The packages.
    """
    found: list[Pinned] = []
    for line in text.splitlines():
        if pinned := _PINNED.match(line):
            name, version, marker = pinned.groups(default="")
            found.append(Pinned(canonicalize_name(name), version, marker, []))
        elif (via := _VIA.match(line)) and (parent := via[1] or via[2]):
            found[-1].wanted_by.append(parent)
    return found


def read_project(repository: Path) -> dict[str, Any]:
    """Read what the package says about itself.

    Args:
        repository: The repository.

    Returns:
        The table `project` of its pyproject.toml.
    """
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def build(repository: Path) -> str:
    """Make the document.

    Args:
        repository: The repository, with pyproject.toml and the lock.

    Returns:
        The document as JSON.
    """
    project = read_project(repository)
    lock = read_lock((repository / LOCK).read_text(encoding="utf-8"))
    extras = project["optional-dependencies"]
    of_extras = [
        line for extra in extras.keys() - _ORCHESTRATORS - {"all"} for line in extras[extra]
    ]
    required = _closure(project["dependencies"], lock)
    optional = _closure(of_extras, lock) - required
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    listed = [each for each in lock if each.name in required | optional]
    direct = {canonicalize_name(Requirement(each).name) for each in project["dependencies"]}
    of_extras_direct = {canonicalize_name(Requirement(each).name) for each in of_extras}
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
            }
        },
        "components": [_component(each, is_required=each.name in required) for each in listed],
        "dependencies": [
            {
                "ref": own,
                "dependsOn": [
                    each.url for each in listed if each.name in direct | of_extras_direct
                ],
            },
            *(
                {
                    "ref": each.url,
                    "dependsOn": [other.url for other in listed if each.name in other.wanted_by],
                }
                for each in listed
            ),
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write(repository: Path) -> None:
    """Write the document.

    Args:
        repository: The repository.
    """
    (repository / PLACE).write_text(build(repository), encoding="utf-8", newline="\n")


def _component(pinned: Pinned, *, is_required: bool) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": pinned.url,
        "name": pinned.name,
        "version": pinned.version,
        "scope": "required" if is_required else "optional",
        "purl": pinned.url,
    }
    if pinned.marker:
        component["properties"] = [{"name": "dqops-client:marker", "value": pinned.marker}]
    return component


def _closure(requirements: Iterable[str], lock: list[Pinned]) -> set[str]:
    """Follow requirements through a lock."""
    found: set[str] = set()
    pending: list[str] = [canonicalize_name(Requirement(each).name) for each in requirements]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [each.name for each in lock if name in each.wanted_by]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the document, or check that the one that is there is up to date.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0, or 1 where it is not up to date.
    """
    parser = argparse.ArgumentParser(prog="releasing.sbom")
    parser.add_argument("--check", action="store_true", help="only check that it is up to date")
    options = parser.parse_args(arguments)
    if not options.check:
        write(REPOSITORY)
    elif build(REPOSITORY) != (REPOSITORY / PLACE).read_text(encoding="utf-8"):
        print(f"{PLACE} is not what the requirements say: run `make regenerate`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
