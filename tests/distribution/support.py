"""What the tests of the built wheel share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Run(Protocol):
    """Runs a command and gives what it prints, or fails with it."""

    def __call__(self, *command: str | Path, folder: Path, search_path: str = "") -> str:
        """Run a command in a folder, with a PYTHONPATH."""
        ...
