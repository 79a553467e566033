"""The last release as data: `baseline/` holds what programs rely on, in text files."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from releasing.behaviour import behaviour_facts
from releasing.facts import load_facts, save_facts
from releasing.python_surface import python_surface
from releasing.specification import specification_facts

if TYPE_CHECKING:
    from releasing.facts import Facts

__all__ = ["REPOSITORY", "Release", "declared_version"]

REPOSITORY = Path(__file__).resolve().parents[2]
_ACCEPTED = """\
# Breaking differences from this release that no deprecation precedes, and why they are made all the
# same: names as `make api-diff` prints them, and reasons. A release empties this file.
"""
_SPECIFICATIONS = {
    "dqops": ("openapi/dqops.bundle.json", "dqops.client"),
    "healthchecks_io": (
        "openapi/healthchecks_io.bundle.yaml",
        "dqops.integrations.healthchecks_io.client",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Release:
    """What programs rely on in one version.

    Attributes:
        version: Its version.
        python: Names, signatures, types, bases and members.
        specifications: What each specification says, by the package that is generated from it.
        behaviour: Tables of what the package does.
        accepted: Reasons for breaking differences from it, by what differs.
    """

    version: str
    python: Facts
    specifications: dict[str, Facts]
    behaviour: Facts
    accepted: dict[str, str]

    @classmethod
    def of_tree(cls, repository: Path = REPOSITORY) -> Release:
        """Read the working tree."""
        sources = repository / "dqops_client"
        return cls(
            version=declared_version(repository),
            python=python_surface(sources),
            specifications={
                package: specification_facts(_bundle(repository / path))
                for path, package in _SPECIFICATIONS.values()
            },
            behaviour=behaviour_facts(sources / "dqops"),
            accepted={},
        )

    @classmethod
    def load(cls, folder: Path = REPOSITORY / "baseline") -> Release:
        """Read what `save` wrote."""
        accepted = yaml.safe_load((folder / "accepted.yaml").read_text(encoding="utf-8"))
        return cls(
            version=(folder / "VERSION").read_text(encoding="utf-8").strip(),
            python=load_facts(folder / "python.txt", "."),
            specifications={
                package: load_facts(folder / f"{name}.txt", "/")
                for name, (_, package) in _SPECIFICATIONS.items()
            },
            behaviour=load_facts(folder / "behaviour.txt", "/"),
            accepted=accepted or {},
        )

    def save(self, folder: Path = REPOSITORY / "baseline") -> None:
        """Write the files; the next release is compared with them."""
        save_facts(folder / "python.txt", self.python, ".")
        for name, (_, package) in _SPECIFICATIONS.items():
            save_facts(folder / f"{name}.txt", self.specifications[package], "/")
        save_facts(folder / "behaviour.txt", self.behaviour, "/")
        (folder / "VERSION").write_text(f"{self.version}\n", encoding="utf-8", newline="\n")
        (folder / "accepted.yaml").write_text(_ACCEPTED, encoding="utf-8", newline="\n")


def declared_version(repository: Path = REPOSITORY) -> str:
    """Read the version in `pyproject.toml`."""
    text = (repository / "pyproject.toml").read_text(encoding="utf-8")
    version: str = tomllib.loads(text)["project"]["version"]
    return version


def _bundle(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    return found
