"""The table of what a simulated server does."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from maintenance.simulated_operations import main, render

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Known:
    """An operation."""

    name: str
    group: str
    has_behaviour: bool = True
    is_deprecated: bool = False


OPERATIONS = [
    Known("feed", "pets"),
    Known("sell", "pets", has_behaviour=False),
    Known("open", "shop"),
]


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give a module that simulates a server."""
    made = ModuleType("petshop")
    made.simulated_operations = lambda: OPERATIONS  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "petshop", made)
    return made


def test_groups_are_counted_and_operations_are_listed() -> None:
    """A row for each group, one for all, and one for each operation."""
    lines = render([*OPERATIONS, Known("shut", "shop", is_deprecated=True)]).splitlines()
    rows = [line for line in lines if line.startswith("|") and "---" not in line]
    assert [
        "| group | operations | state | example |",
        "| [pets](#pets) | 2 | 1 | 1 |",
        "| [shop](#shop) | 2 | 2 | 0 |",
        "| all | 4 | 3 | 1 |",
        "| operation | response | note |",
        "| `feed` | state | |",
        "| `sell` | example | |",
        "| operation | response | note |",
        "| `open` | state | |",
        "| `shut` | state | Deprecated. |",
    ] == rows


def test_document_is_written_and_checked(
    module: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check fails until the document is written, and again when something has changed."""
    document = tmp_path / "docs" / "table.md"
    arguments = ["petshop", str(document)]
    assert (1, False) == (main(["--check", *arguments]), document.exists())
    assert "not up to date; run `make regenerate`" in capsys.readouterr().err
    assert [0, 0, 0] == [main(arguments), main(arguments), main(["--check", *arguments])]
    module.simulated_operations = lambda: OPERATIONS[1:]  # type: ignore[attr-defined]
    assert 1 == main(["--check", *arguments])
