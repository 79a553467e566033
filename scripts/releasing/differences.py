"""A difference between two releases, and the version that differences ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Difference", "Level", "asked_version", "release_of"]

Level = Literal["patch", "minor", "major"]
_LEVELS: tuple[Level, ...] = ("patch", "minor", "major")

# A specification deprecates nothing: the server has it or not.
_POINTERS = ("/components/", "/paths/")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs, and for whom.

    Attributes:
        name: What it is about: a name of Python, a JSON pointer, a row of a table.
        what: What happened to it.
        level: The step of the version that it asks for; a `major` one is breaking.
        affected: Who has to care: those who call, or also those who write classes of their own.
        cause: The change of the specification that made it; empty where it was made by hand.
        deprecation: What said before that this would come; empty without one.
    """

    name: str
    what: str
    level: Level
    affected: Literal["callers", "implementers"] = "callers"
    cause: str = ""
    deprecation: str = ""

    def __str__(self) -> str:
        kind = "breaking" if self.level == "major" else self.level
        notes = [f"by {self.cause}"] if self.cause else []
        if self.deprecation:
            notes.append(self.deprecation)
        elif self.level == "major" and not self.cause and not self.name.startswith(_POINTERS):
            notes.append("not deprecated before")
        note = f" ({'; '.join(notes)})" if notes else ""
        return f"{kind:8} {self.affected:12} {self.name}: {self.what}{note}"


def release_of(version: str) -> tuple[int, int, int]:
    """Read a version such as `1.2.3`, without what follows (`.dev0`, `rc1`).

    Raises:
        ValueError: It is none.
    """
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?(?![\d.]*\d)", version)
    if not found:
        raise ValueError(f"expected a version such as 1.2.3, got {version!r}")
    return int(found[1]), int(found[2]), int(found[3] or 0)


def asked_version(released: str, differences: Iterable[Difference]) -> str:
    """Name the lowest version that may follow a release.

    Before 1.0.0 a breaking difference asks for a minor step, and anything else for a patch.

    Args:
        released: The version of the release.
        differences: What differs from it.

    Returns:
        The version; that of the release where nothing differs.
    """
    steps = [_LEVELS.index(each.level) for each in differences]
    major, minor, patch = release_of(released)
    if not steps:
        return released
    step = max(steps) if major else max(steps) - 1
    if step == 2:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == 1 else f"{major}.{minor}.{patch + 1}"
