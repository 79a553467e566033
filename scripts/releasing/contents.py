"""Compares what is in a wheel with the list of it that reviews see.

    python -m releasing.contents [--write] WHEEL...

`distribution/dqops_client.contents` has a line for each file of the wheel. A line with the manifest
of a specification stands for the files that are generated from it, which it names.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
LISTS = REPOSITORY / "distribution"
_SOURCES = "dqops_client/"
_MANIFEST = ".manifest.json"


def names_of(wheel: Path) -> set[str]:
    """List the files of a wheel.

    Args:
        wheel: The wheel.

    Returns:
        Their names, without the version in them.
    """
    name, version = wheel.name.split("-")[:2]
    with zipfile.ZipFile(wheel) as archive:
        return {
            each.replace(f"{name}-{version}.dist-info/", f"{name}.dist-info/", 1)
            for each in archive.namelist()
        }


def list_of(wheel: Path) -> Path:
    """Find the list for a wheel.

    Args:
        wheel: The wheel.

    Returns:
        The list of its distribution.
    """
    return LISTS / f"{wheel.name.partition('-')[0]}.contents"


def differences(wheel: Path, listed: Sequence[str]) -> list[str]:
    """Compare a wheel with a list.

    Args:
        wheel: The wheel.
        listed: The lines of the list.

    Returns:
        A line for each file that only one of them has.
    """
    found, expected = names_of(wheel), _expanded(listed)
    return [
        *(f"{name} is in the wheel and not in the list" for name in sorted(found - expected)),
        *(f"{name} is in the list and not in the wheel" for name in sorted(expected - found)),
    ]


def differences_of(files: Sequence[Path]) -> list[str]:
    """Compare each wheel with its list.

    Args:
        files: What was built; what is no wheel has no list.

    Returns:
        A line for each difference.
    """
    return [
        difference
        for each in files
        if each.suffix == ".whl"
        for difference in differences(each, _lines_of(list_of(each)))
    ]


def _lines_of(listing: Path) -> list[str]:
    return listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []


def write(wheel: Path) -> None:
    """Write the list for a wheel.

    Args:
        wheel: The wheel.
    """
    found = names_of(wheel)
    manifests = [
        each
        for each in sorted(path.name for path in (REPOSITORY / "openapi").glob(f"*{_MANIFEST}"))
        if _generated(each) and _generated(each) <= found
    ]
    by_hand = found.difference(*map(_generated, manifests))
    lines = [*(f"openapi/{each}" for each in manifests), *sorted(by_hand)]
    list_of(wheel).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _expanded(listed: Sequence[str]) -> set[str]:
    names: set[str] = set()
    for line in listed:
        folder, _, name = line.rpartition("/")
        names |= _generated(name) if folder == "openapi" and name.endswith(_MANIFEST) else {line}
    return names


def _generated(manifest: str) -> set[str]:
    outputs = json.loads((REPOSITORY / "openapi" / manifest).read_text(encoding="utf-8"))["outputs"]
    return {each.removeprefix(_SOURCES) for each in outputs if each.startswith(_SOURCES)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare wheels with their lists, or write the lists.

    Args:
        arguments: The command line; by default that of the process.

    Returns:
        0, or 1 where a wheel is not what its list says.
    """
    parser = argparse.ArgumentParser(prog="releasing.contents")
    parser.add_argument("wheels", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="write the lists")
    options = parser.parse_args(arguments)
    if options.write:
        for wheel in options.wheels:
            write(wheel)
    found = differences_of(options.wheels)
    print("".join(f"{line}\n" for line in found), end="", file=sys.stderr)
    if found:
        print("If that is right, run `make build-contents` and commit the lists.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
