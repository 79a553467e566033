"""Fragments of the changelog are checked, and put together at a release."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from releasing.api_diff import unannounced
from releasing.baseline import REPOSITORY
from releasing.comparing import compare
from releasing.news import build_changelog, problems_of_news

from .trees import Copy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with the changelog and its configuration, and without news."""
    for name in ("CHANGELOG.md", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / "news").mkdir()
    shutil.copy(REPOSITORY / "news" / "README.md", tmp_path / "news")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("+pages.fixed.md", "Pages end.\n", None),
        ("pages.fixed.md", "Pages end.\n", "expected a name such as +few-words.added.md"),
        ("+pages.repaired.md", "Pages end.\n", "expected a name such as +few-words.added.md"),
        ("+pages.fixed.md", "", "expected one to 600 characters"),
        ("+pages.fixed.md", "Pages end", "end with a full stop"),
        ("+pages.fixed.md", "- Pages end.", "expected plain sentences"),
    ],
)
def test_fragments(name: str, text: str, expected: str | None, repository: Path) -> None:
    """A fragment has a name with a type, and sentences."""
    (repository / "news" / name).write_text(text, encoding="utf-8")
    problems = list(problems_of_news(repository))
    assert (expected is None) == (not problems)
    assert expected is None or expected in problems[0]


def test_unreleased_changes_are_fragments(repository: Path) -> None:
    """A changelog that is written by hand is refused."""
    path = repository / "CHANGELOG.md"
    path.write_text("## Unreleased\n", encoding="utf-8")
    assert ["expected releases only" in each for each in problems_of_news(repository)] == [True]


def test_differences_without_news_are_refused(repository: Path, tmp_path: Path) -> None:
    """What differs from the last release has a fragment; what does not needs none."""
    copy = Copy.make(tmp_path / "copy")
    old = copy.release("1.2.3")
    assert [] == list(unannounced(compare(old, copy.release("1.2.3")), repository))
    del copy.behaviour["/retries/503"]
    comparison = compare(old, copy.release("2.0.0"))
    said = ["news/ has no file about what differs from 1.2.3"]
    assert said == list(unannounced(comparison, repository))
    (repository / "news" / "+retries.removed.md").write_text("No retries.\n", encoding="utf-8")
    assert [] == list(unannounced(comparison, repository))


def test_release(repository: Path) -> None:
    """A release has its own section, with the operations that changed, and no news any more."""
    (repository / "news" / "+pages.fixed.md").write_text("Pages end.\n", encoding="utf-8")
    build_changelog(repository, "9.8.7", ["- `runChecks`: `wait`: parameter gone"])
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    section = text.partition("## 9.8.7")[2].partition("\n## 0.1.0")[0]
    assert "### Fixed\n\n- Pages end.\n" in section
    assert "### Operations and schemas\n\n- `runChecks`: `wait`: parameter gone" in section
    assert [each.name for each in (repository / "news").iterdir()] == ["README.md"]
    assert [] == list(problems_of_news(repository))
