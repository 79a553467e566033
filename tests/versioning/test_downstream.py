"""Programs of users of each release do what they did."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from releasing.downstream import changed_files, programs, releases, run_program

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = [path for release in releases() for path in programs(release)]


@pytest.mark.filterwarnings("default::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    "path", PROGRAMS, ids=[f"{path.parent.name}-{path.stem}" for path in PROGRAMS]
)
def test_behaviour(path: Path) -> None:
    """A program prints what it printed at its release."""
    printed = run_program(path)
    gc.collect()  # clients that a program does not close are no matter of the next test
    assert path.with_suffix(".out").read_text(encoding="utf-8") == printed


def test_programs_are_kept() -> None:
    """The programs and what they did are not edited after their release."""
    assert {path.name: [] for path in releases()} == {
        path.name: changed_files(path) for path in releases()
    }
    assert all(len(programs(path)) >= 10 for path in releases())
