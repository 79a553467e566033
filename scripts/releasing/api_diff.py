"""Tells what changed since the last release, for whom, and which version that asks for.

python -m releasing.api_diff            # everything, and the verdict
python -m releasing.api_diff --check    # only what keeps this version from being released
python -m releasing.api_diff --notes    # the changes of the specifications, by operation
python -m releasing.api_diff --write    # make this tree the baseline of its version, or of another
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from releasing.baseline import REPOSITORY, Release, declared_version
from releasing.comparing import compare, operations_using

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from releasing.comparing import Comparison

__all__ = ["main", "release_notes", "report", "unannounced"]

_NAMED = 3  # operations of one line of the notes
_OPERATION = 4  # parts of its pointer
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line.

    Returns:
        0; 1 where the version may not be released as it is.
    """
    parser = argparse.ArgumentParser(prog="python -m releasing.api_diff", description=__doc__)
    modes = parser.add_mutually_exclusive_group()
    for mode in ("check", "notes"):
        modes.add_argument(f"--{mode}", action="store_true")
    modes.add_argument("--write", metavar="VERSION", nargs="?", const=declared_version())
    chosen = parser.parse_args(arguments)
    tree = Release.of_tree()
    if chosen.write:
        replace(tree, version=chosen.write).save()
        print(f"baseline/ is {chosen.write} now")
        return 0
    comparison = compare(Release.load(), tree)
    if chosen.notes:
        print("\n".join(release_notes(comparison, tree)))
        return 0
    if not chosen.check:
        print("\n".join(report(comparison)))
    problems = [*comparison.problems(), *unannounced(comparison, REPOSITORY)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def unannounced(comparison: Comparison, repository: Path) -> Iterator[str]:
    """Say that `news/` is empty although something differs.

    Args:
        comparison: What differs.
        repository: The root of the repository.
    """
    if comparison.all and not any((repository / "news").glob("+*.md")):
        yield f"news/ has no file about what differs from {comparison.old.version}"


def report(comparison: Comparison) -> Iterator[str]:
    """Write all differences, a line for each, and the version that they ask for."""
    yield from _section("Python", comparison.python)
    for package, differences in comparison.specifications.items():
        yield from _section(f"Specification of {package}", differences)
    yield from _section("Behaviour", comparison.behaviour)
    yield (
        f"{len(comparison.all)} differences from {comparison.old.version} ask for "
        f"{comparison.asked}; pyproject.toml says {comparison.version}"
    )


def release_notes(comparison: Comparison, new: Release) -> Iterator[str]:
    """Write what changed in the specifications for people who call operations."""
    for package, differences in comparison.specifications.items():
        by_operations: dict[tuple[str, ...], list[str]] = {}
        for each in differences:
            is_old = each.name in comparison.old.specifications[package]
            facts = (comparison.old if is_old else new).specifications[package]
            ids = operations_using(facts, each.name)
            names = tuple(_CAPITAL.sub("_", each_id).lower() for each_id in ids)
            parts = [part.replace("~1", "/").replace("~0", "~") for part in each.name.split("/")]
            subject = parts[-1]
            if parts[1] == "components":
                subject = ".".join(dict.fromkeys((parts[3], parts[-1])))
            elif len(parts) == _OPERATION:
                subject = f"{parts[3].upper()} {parts[2]}"
            by_operations.setdefault(names, []).append(f"`{subject}`: {each.what}")
        for names, texts in sorted(by_operations.items()):
            shown = ", ".join(f"`{name}`" for name in names[:_NAMED]) or "No operation"
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield f"- {shown}{more}: {'; '.join(texts)}"


def _section(title: str, differences: Sequence[object]) -> Iterator[str]:
    if differences:
        yield f"{title}:"
        yield from (f"  {each}" for each in differences)
        yield ""


if __name__ == "__main__":
    sys.exit(main())
