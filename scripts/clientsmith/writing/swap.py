"""Puts new files and folders in the place of old ones: all of them, or none."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def replace_all(replacements: Sequence[tuple[Path, Path]], backups: Path) -> None:
    """Move files and whole folders to their places.

    Args:
        replacements: Pairs of the new file or folder and its place, all on one file system.
        backups: An empty folder on that file system, for what was there before.

    Raises:
        PipelineError: A move failed; everything is as it was.
    """
    moves = [
        _Move(new, place, backups / str(index)) for index, (new, place) in enumerate(replacements)
    ]
    try:
        for move in moves:
            move.do()
    except BaseException as error:  # an interrupt must not leave half of the new files either
        for move in reversed(moves):
            move.undo()
        if isinstance(error, OSError):
            raise PipelineError(
                f"the generated files cannot be put in place: {error.strerror or error}",
                hint="Everything is as it was before.",
            ) from error
        raise


@dataclass
class _Move:
    """One replacement.

    `undo` may be called at any time: before `do`, in the middle of it, or afterwards.
    """

    new: Path
    place: Path
    backup: Path
    created: Path | None = None

    def do(self) -> None:
        self._create_parents()
        if self.place.is_dir():
            # A folder cannot be replaced in one step; for a moment there is none.
            self.place.rename(self.backup)
        elif self.place.exists():
            # A file can, so it is only copied away; under its final name when it is complete.
            copy = self.backup.with_name(f"{self.backup.name}.part")
            shutil.copy2(self.place, copy)
            copy.rename(self.backup)
        self.new.replace(self.place)

    def undo(self) -> None:
        is_in_place = not self.new.exists()
        if is_in_place and self.place.is_dir():
            self.place.rename(self.new)
        if self.backup.exists():
            self.backup.replace(self.place)
        elif is_in_place:
            self.place.unlink(missing_ok=True)
        if self.created is not None and self.created.exists():
            shutil.rmtree(self.created)

    def _create_parents(self) -> None:
        missing = [folder for folder in self.place.parents if not folder.exists()]
        if missing:
            self.created = missing[-1]
            self.place.parent.mkdir(parents=True)
