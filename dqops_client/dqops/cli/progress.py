"""How a job is doing, in lines, where no terminal can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import say

if TYPE_CHECKING:
    from typing import Self

    from ..jobs import JobProgress

__all__ = ["Lines", "Nothing"]


class Nothing:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def __call__(self, progress: JobProgress) -> None:
        """Hear how a job is doing."""


class Lines(Nothing):
    """Says a line whenever the state of a job changes."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, progress: JobProgress) -> None:
        """Say how a job is doing, if that is news."""
        state = f"{progress.kind} {progress.job_id} {progress.phase} {progress.status}"
        if state != self._said:
            self._said = state
            say(str(progress))
