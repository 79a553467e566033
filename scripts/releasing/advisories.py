"""Looks up locked requirements in a file of advisories, where no database can be asked.

    python -m releasing.advisories FILE [LOCK]

The file is an export of OSV for PyPI: the `all.zip` that osv.dev offers, a folder with its files,
or one JSON file with an advisory or an array of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .sbom import LOCK, REPOSITORY, read_lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def read_advisories(place: Path) -> Iterator[dict[str, Any]]:
    """Read an export.

    Args:
        place: A zip file, a folder or a JSON file.

    Yields:
        The advisories that have not been withdrawn.
    """
    for text in _texts(place):
        content = json.loads(text)
        for each in content if isinstance(content, list) else [content]:
            if "withdrawn" not in each:
                yield each


def _texts(place: Path) -> Iterator[str | bytes]:
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield file.read_bytes()
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield archive.read(name)
    else:
        yield place.read_bytes()


def concerns(advisory: dict[str, Any], name: str, version: str) -> bool:
    """Tell whether an advisory is about a version of a package.

    Args:
        advisory: The advisory, as the OSV format has it.
        name: The canonical name of the package.
        version: Its version.

    Returns:
        Whether it is. A version that cannot be compared counts as concerned.
    """
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI" or canonicalize_name(package["name"]) != name:
            continue
        if version in affected.get("versions", ()):
            return True
        ranges = [each for each in affected.get("ranges", ()) if each["type"] == "ECOSYSTEM"]
        if any(_is_within(each["events"], version) for each in ranges):
            return True
        if not ranges and not affected.get("versions"):
            return True  # without either, all versions are
    return False


def _is_within(events: list[dict[str, str]], version: str) -> bool:
    """Go through the events of a range in the order of their versions."""
    try:
        own = Version(version)
        ordered = sorted(
            (Version(at), kind == "introduced", kind)
            for event in events
            for kind, at in event.items()
        )
    except InvalidVersion:
        return True
    is_affected = False
    for at, _, kind in ordered:
        if kind == "introduced" and at <= own:
            is_affected = True
        elif (kind == "fixed" and at <= own) or (kind == "last_affected" and at < own):
            is_affected = False
    return is_affected


def main(arguments: Sequence[str] | None = None) -> int:
    """Report what is known about the locked requirements.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0 where nothing is, 1 where something is, and 2 where the file holds no advisory of PyPI.
    """
    parser = argparse.ArgumentParser(prog="releasing.advisories")
    parser.add_argument("advisories", type=Path, help="an export of OSV")
    parser.add_argument("lock", type=Path, nargs="?", default=REPOSITORY / LOCK)
    options = parser.parse_args(arguments)
    locked = read_lock(options.lock.read_text(encoding="utf-8"))
    count, found = 0, []
    for advisory in read_advisories(options.advisories):
        packages = [each.get("package", {}) for each in advisory.get("affected", ())]
        count += any(each.get("ecosystem") == "PyPI" for each in packages)
        found += [
            f"{each.name} {each.version}: {advisory['id']}"
            f"{_other_names(advisory)}: {advisory.get('summary') or 'no summary'}"
            for each in locked
            if concerns(advisory, each.name, each.version)
        ]
    print("".join(f"{line}\n" for line in sorted(set(found))), end="")
    print(f"{len(locked)} packages, {count} advisories, {len(set(found))} vulnerabilities found")
    if not count:
        print(f"{options.advisories} has no advisory for PyPI", file=sys.stderr)
        return 2
    return 1 if found else 0


def _other_names(advisory: dict[str, Any]) -> str:
    aliases = ", ".join(sorted(advisory.get("aliases", ())))
    return f" ({aliases})" if aliases else ""


if __name__ == "__main__":
    sys.exit(main())
