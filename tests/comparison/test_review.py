"""Which differences are intended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from comparing.facts import Fact, compare
from comparing.report import report
from comparing.review import Count, Intended, load_intended, review

if TYPE_CHECKING:
    from pathlib import Path

THEIRS = {
    "pets": Fact("module"),
    "pets.list": Fact("function", "", "pets"),
    "pets.Pet(age)": Fact("field", "integer", "pets"),
    "phantom": Fact("module"),
    "phantom.list": Fact("function", "", "phantom"),
}
OURS = {
    "pets": Fact("module"),
    "pets.list": Fact("function", "", "pets"),
    "pets.Pet(age)": Fact("field", "string", "pets"),
    "pets.close": Fact("function", "", "pets"),
}


def test_counts_tell_equal_intended_and_differing_places() -> None:
    """What is part of an intended place is intended with it."""
    reviewed = review(
        compare(THEIRS, OURS),
        [Intended(("phantom*",), "Never sent."), Intended(("*.close",), "Handy.", "extra")],
    )

    assert {
        "field": Count(compared=1, differing=1),
        "function": Count(compared=3, equal=1, intended=2),
        "module": Count(compared=2, equal=1, intended=1),
    } == reviewed.counts
    assert ["pets.Pet(age)"] == [difference.place for difference in reviewed.unexplained]
    assert [] == reviewed.stale


@pytest.mark.parametrize(
    ("entry", "explains"),
    [
        (Intended(("pets.Pet(age)",), "x"), True),
        (Intended(("pets.*",), "x", "different"), True),
        (Intended(("pets.*",), "x", "different", "int*", "*ing"), True),
        (Intended(("pets.Pet",), "x"), False),
        (Intended(("pets.*(age)",), "x", "missing"), False),
        (Intended(("pets.*",), "x", "different", "number"), False),
        (Intended(("pets.*",), "x", "different", None, "number"), False),
    ],
)
def test_an_entry_explains_what_it_is_precise_about(entry: Intended, explains: bool) -> None:
    """Place, change and both values have to match, where an entry names them."""
    reviewed = review(compare(THEIRS, OURS), [entry])

    places = [item.place for _, found in reviewed.intended for item in found]
    assert explains == ("pets.Pet(age)" in places)


def test_a_pattern_that_matches_nothing_is_stale() -> None:
    """Of an entry with several patterns only those are told that explain nothing."""
    reviewed = review(compare(THEIRS, OURS), [Intended(("phantom", "ghost"), "Never sent.")])

    assert [("ghost",)] == [entry.places for entry in reviewed.stale]


def test_the_report_tells_reasons_and_everything_that_is_left() -> None:
    """Every difference is printed: below its reason, or as not explained."""
    reviewed = review(
        compare(THEIRS, OURS),
        [Intended(("phantom",), "Never sent."), Intended(("ghost",), "x", pointer="f.yaml#/1")],
    )

    assert [
        "intended, 1: Never sent.",
        "  missing    phantom",
        "",
        "stale entries, 1: they explain no difference",
        "  f.yaml#/1: ghost",
        "",
        "not explained, 2:",
        "  different  pets.Pet(age): integer -> string",
        "  extra      pets.close",
        "",
        "          compared     equal  intended differing",
        "field            1         0         0         1",
        "function         3         1         1         1",
        "module           2         1         1         0",
        "total            6         2         2         2",
    ] == list(report(reviewed))


def test_the_file_gives_one_or_several_places(tmp_path: Path) -> None:
    """A place is text or a list of texts; the rest is optional, except the reason."""
    path = tmp_path / "differences.yaml"
    path.write_text(
        "intended:\n"
        "  - {place: a, reason: Because.}\n"
        "  - {place: [b, c], change: extra, ours: x, reason: Why not.}\n",
        encoding="utf-8",
    )

    assert [
        Intended(("a",), "Because.", pointer="differences.yaml#/intended/0"),
        Intended(("b", "c"), "Why not.", "extra", ours="x", pointer="differences.yaml#/intended/1"),
    ] == load_intended(path)


def test_no_file_lists_nothing(tmp_path: Path) -> None:
    """A new target has no intended differences yet."""
    assert [] == load_intended(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("intended: {}\n", "#: expected a mapping with the one key 'intended', an array"),
        ("intended: []\nmore: x\n", "#: expected a mapping with the one key 'intended', an"),
        ("intended: [x]\n", "#/intended/0: expected a mapping with the keys place, change, theirs"),
        ("intended: [{place: x}]\n", "#/intended/0: 'reason' must be a string"),
        ("intended: [{reason: x}]\n", "#/intended/0: 'place' must be a pattern or a list of"),
        ("intended: [{place: [], reason: x}]\n", "#/intended/0: 'place' must be a pattern"),
        ("intended: [{place: x, why: x}]\n", "#/intended/0/why: unknown key 'why'; known: place"),
        ("intended: [{place: x, reason: x, ours: 1}]\n", "#/intended/0: 'ours' must be a string"),
        (
            "intended: [{place: x, reason: x, change: gone}]\n",
            "#/intended/0/change: expected one of missing, extra, different",
        ),
        ("intended: [\n", ": broken YAML at line 2"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(
    tmp_path: Path, text: str, expected: str
) -> None:
    """Nothing is accepted that a typing error could have made."""
    path = tmp_path / "differences.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        load_intended(path)

    expected = f"differences.yaml{expected}".replace("#:", ":")
    assert expected == str(caught.value)[: len(expected)]
