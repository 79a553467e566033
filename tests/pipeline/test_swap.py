"""Files and folders are replaced together or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from clientsmith.writing.swap import replace_all

if TYPE_CHECKING:
    from collections.abc import Callable


class Tree:
    """Two folders and two files to replace; the last of each is not there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.backups = path / "backups"
        self.backups.mkdir()
        for name in ("new/one", "new/two", "place/one"):
            (path / name).mkdir(parents=True)
            (path / name / "file.py").write_text(name)
        for name in ("new/three.txt", "new/four.txt", "place/three.txt"):
            (path / name).write_text(name)
        self.replacements = [
            (path / "new" / name, path / "place" / name)
            for name in ("one", "two", "three.txt", "four.txt")
        ]

    def place(self) -> dict[str, str]:
        """Read what is in place."""
        place = self.path / "place"
        return {
            path.relative_to(place).as_posix(): path.read_text()
            for path in sorted(place.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Give something to replace."""
    return Tree(tmp_path)


OLD = {"one/file.py": "place/one", "three.txt": "place/three.txt"}


def test_everything_is_replaced(tree: Tree) -> None:
    """New files and folders take the place of old ones, or of nothing."""
    replace_all(tree.replacements, tree.backups)

    assert tree.place() == {
        "four.txt": "new/four.txt",
        "one/file.py": "new/one",
        "three.txt": "new/three.txt",
        "two/file.py": "new/two",
    }


def test_missing_folders_are_created(tree: Tree) -> None:
    """A new package can be put where nothing is yet."""
    place = tree.path / "place" / "a" / "b" / "one"
    replace_all([(tree.path / "new" / "one", place)], tree.backups)

    assert (place / "file.py").read_text() == "new/one"


def fail_at(
    monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException, *, before: bool
) -> list[str]:
    """Make the given move fail, either instead of it or right after it was done."""
    calls: list[str] = []

    def wrap(original: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def move(self: Path, target: Path) -> Path:
            calls.append(self.name)
            if len(calls) == step and before:
                raise error
            result = original(self, target)
            if len(calls) == step:
                raise error
            return result

        return move

    monkeypatch.setattr(Path, "rename", wrap(Path.rename))
    monkeypatch.setattr(Path, "replace", wrap(Path.replace))
    return calls


MOVES = 6  # two for each thing that is there, one for each that is not


def test_the_number_of_moves(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests below let each move fail; this one knows how many there are."""
    calls = fail_at(monkeypatch, 0, OSError(), before=True)
    replace_all(tree.replacements, tree.backups)

    assert len(calls) == MOVES


@pytest.mark.parametrize("before", [True, False], ids=["instead", "afterwards"])
@pytest.mark.parametrize("step", range(1, MOVES + 1))
def test_a_failing_move_changes_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, step: int, *, before: bool
) -> None:
    """Whichever move fails, what was there is there again."""
    calls = fail_at(monkeypatch, step, OSError(28, "No space left on device"), before=before)
    with pytest.raises(PipelineError) as caught:
        replace_all(tree.replacements, tree.backups)

    assert len(calls) >= step
    assert tree.place() == OLD
    assert (
        str(caught.value) == "the generated files cannot be put in place: No space left on device\n"
        "  hint: Everything is as it was before."
    )


@pytest.mark.parametrize("before", [True, False], ids=["instead", "afterwards"])
@pytest.mark.parametrize("step", range(1, MOVES + 1))
def test_an_interrupt_changes_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, step: int, *, before: bool
) -> None:
    """An interrupt between two moves goes on as one, after the rollback."""
    fail_at(monkeypatch, step, KeyboardInterrupt(), before=before)
    with pytest.raises(KeyboardInterrupt):
        replace_all(tree.replacements, tree.backups)

    assert tree.place() == OLD


def test_created_folders_are_removed(tree: Tree) -> None:
    """A rollback leaves no empty folders behind."""
    replacements = [
        (tree.path / "new" / "one", tree.path / "place" / "a" / "b" / "one"),
        (tree.path / "new" / "nothing", tree.path / "place" / "nothing"),
    ]
    with pytest.raises(PipelineError):
        replace_all(replacements, tree.backups)

    assert not (tree.path / "place" / "a").exists()
