"""Puts the changelog into the wheel, with what no release has put into it yet."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_MARK = "<!-- releases -->\n"


class WheelChangelog(BuildHookInterface[Any]):
    """Writes `dqops/CHANGELOG.md`: the releases, and above them a section from `news/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file to the wheel.

        Args:
            version: What is built: "standard", or "editable", which needs no changelog.
            build_data: What the wheel is made of.
        """
        if version == "editable":
            return
        root = Path(self.root)
        kinds = [
            (each["directory"], each["name"])
            for each in self.metadata.config["tool"]["towncrier"]["type"]
        ]
        text = complete(root, self.metadata.version, kinds)
        with tempfile.NamedTemporaryFile("wb", suffix=".md", delete=False) as file:
            file.write(text.encode())
        self._file = Path(file.name)
        build_data["force_include"][file.name] = "dqops/CHANGELOG.md"

    def finalize(self, version: str, _data: dict[str, Any], _artifact: str) -> None:
        """Delete what was written.

        Args:
            version: What is built.
        """
        if version != "editable":
            self._file.unlink()


def complete(root: Path, version: str, kinds: list[tuple[str, str]]) -> str:
    """Write the changelog with the changes that are not released.

    Args:
        root: The root of the repository.
        version: The version that is built.
        kinds: The types of changes, each with its heading, in the order of the sections.

    Returns:
        The changelog.
    """
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = []
    for kind, heading in kinds:
        places = sorted((root / "news").glob(f"+*.{kind}.md"))
        texts = [each.read_text(encoding="utf-8").strip() for each in places]
        if texts:
            items = "\n".join("- " + text.replace("\n", "\n  ") for text in texts)
            sections.append(f"### {heading}\n\n{items}\n")
    if not sections:
        return changelog
    # The version stays that of the last release until the next one is made.
    is_released = f"\n## {version}" in changelog
    title = "## Not released" if is_released else f"## {version} (not released)"
    before, mark, released = changelog.partition(_MARK)
    return "\n".join([f"{before}{mark}\n{title}\n", *sections]) + released
