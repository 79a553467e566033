"""Checks the news fragments, and puts them together as the changelog of a release.

python -m releasing.news                  # fail where a fragment is not as it should be
python -m releasing.news --build 1.2.3    # write CHANGELOG.md, and delete the fragments
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

from releasing.api_diff import release_notes
from releasing.baseline import REPOSITORY, Release
from releasing.comparing import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["build_changelog", "main", "problems_of_news"]

_NAME = re.compile(r"\+[a-z0-9-]+\.(?P<kind>[a-z]+)\.md")
_LONGEST = 600
_MARK = "<!-- releases -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line.

    Returns:
        0; 1 where a fragment is not as it should be.
    """
    parser = argparse.ArgumentParser(prog="python -m releasing.news", description=__doc__)
    parser.add_argument("--build", metavar="VERSION")
    chosen = parser.parse_args(arguments)
    problems = list(problems_of_news(REPOSITORY))
    for problem in problems:
        print(problem, file=sys.stderr)
    if chosen.build and not problems:
        tree = Release.of_tree()
        notes = list(release_notes(compare(Release.load(), tree), tree))
        build_changelog(REPOSITORY, chosen.build, notes)
    return 1 if problems else 0


def problems_of_news(repository: Path) -> Iterator[str]:
    """Say what is wrong with the fragments in `news/`.

    Args:
        repository: The root of the repository.
    """
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = [each["directory"] for each in settings["tool"]["towncrier"]["type"]]
    for path in sorted((repository / "news").iterdir()):
        if path.name == "README.md":
            continue
        shown = f"news/{path.name}"
        found = _NAME.fullmatch(path.name)
        if not found or found["kind"] not in kinds:
            yield f"{shown}: expected a name such as +few-words.added.md, of {', '.join(kinds)}"
            continue
        text = path.read_text(encoding="utf-8").strip()
        if not text.endswith((".", "`", ")")) or len(text) > _LONGEST:
            yield f"{shown}: expected one to {_LONGEST} characters that end with a full stop"
        if re.match(r"[-*#]", text):
            yield f"{shown}: expected plain sentences; the changelog makes an item of them"
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    if re.search(r"^## Unreleased", changelog, re.MULTILINE) or _MARK not in changelog:
        yield "CHANGELOG.md: expected releases only; what is not released is a file in news/"


def build_changelog(repository: Path, version: str, notes: list[str]) -> None:
    """Put the fragments into the changelog as a new release, and delete them.

    Args:
        repository: The root of the repository.
        version: The version of the release.
        notes: What changed in the specifications, by operation.
    """
    command = [sys.executable, "-m", "towncrier", "build", "--yes", "--version", version]
    subprocess.run(command, cwd=repository, check=True)  # noqa: S603 - towncrier
    if notes:
        path = repository / "CHANGELOG.md"
        before, mark, after = path.read_text(encoding="utf-8").partition(_MARK)
        # The section of this release ends where that of the one before begins.
        section, heading, older = after.partition("\n## ")
        newer, heading_of_older, older = older.partition("\n## ")
        told = "\n".join(["", "### Operations and schemas", "", *notes, ""])
        path.write_text(
            f"{before}{mark}{section}{heading}{newer.rstrip()}\n{told}{heading_of_older}{older}",
            encoding="utf-8",
            newline="\n",
        )


if __name__ == "__main__":
    sys.exit(main())
