"""How two sides are compared."""

from __future__ import annotations

import pytest
from comparing.facts import Difference, Fact, compare

MODULE = {"pets": Fact("module")}
FUNCTION = {**MODULE, "pets.list": Fact("function", "function", "pets")}
PARAMETER = {**FUNCTION, "pets.list(limit)": Fact("parameter", "positional", "pets.list")}


def test_equal_sides_have_no_difference() -> None:
    """Every place is counted, and none is listed."""
    comparison = compare(PARAMETER, PARAMETER)

    assert () == comparison.differences
    assert {"pets": "module", "pets.list": "function", "pets.list(limit)": "parameter"} == dict(
        comparison.kinds
    )


def test_what_is_part_of_a_missing_place_is_not_listed() -> None:
    """Where a module is missing, its functions are counted with it."""
    comparison = compare(PARAMETER, {})

    assert (Difference("pets", "module", "missing"),) == comparison.differences
    assert {"pets.list": "pets", "pets.list(limit)": "pets"} == dict(comparison.covered)


def test_what_we_have_in_addition_is_a_difference_too() -> None:
    """An extra parameter is listed with its value."""
    comparison = compare(FUNCTION, PARAMETER)

    expected = Difference("pets.list(limit)", "parameter", "extra", ours="positional")
    assert (expected,) == comparison.differences


def test_a_difference_of_the_parent_hides_none_below_it() -> None:
    """A function of another kind may still lack a parameter."""
    ours = {**MODULE, "pets.list": Fact("function", "async function", "pets")}
    comparison = compare(PARAMETER, ours)

    assert ["pets.list", "pets.list(limit)"] == [item.place for item in comparison.differences]


def test_values_that_belong_to_the_value_of_the_parent_are_not_listed() -> None:
    """Where one side has text and the other an enumeration, its values say nothing new."""
    theirs = {"kind": Fact("property", "string")}
    ours = {
        "kind": Fact("property", "enumeration"),
        "kind = cat": Fact("value", "", "kind", belongs_to_value=True),
    }
    comparison = compare(theirs, ours)

    assert ["kind"] == [item.place for item in comparison.differences]


def test_only_ours_leaves_out_what_is_missing_as_a_whole() -> None:
    """A missing module is left out with all of it; a missing function of ours is not."""
    comparison = compare({**PARAMETER, "owners": Fact("module")}, MODULE, only_ours=True)

    assert ["pets.list"] == [item.place for item in comparison.differences]
    assert "owners" not in comparison.kinds


@pytest.mark.parametrize(
    ("rule", "theirs", "ours", "agrees"),
    [
        ("equal", "a", "a", True),
        ("equal", "a", "b", False),
        ("prefix", "a, b", "a, b, c", True),
        ("prefix", "a, b", "a, c, b", False),
        ("prefix", "", "a", True),
        ("prefix", "a", "", False),
        ("order", "a, b", "x, a, y, b", True),
        ("order", "a, b", "b, a", False),
        ("media", "*/*", "text/csv", True),
        ("media", "text/csv", "*/*", True),
        ("media", "text/csv", "application/json", False),
    ],
)
def test_values_agree_by_rule(rule: str, theirs: str, ours: str, agrees: bool) -> None:
    """What counts as equal depends on what the value is."""
    their_fact = Fact("x", theirs, rule=rule)  # type: ignore[arg-type]  # one of the rules
    our_fact = Fact("x", ours, rule=rule)  # type: ignore[arg-type]

    assert agrees == their_fact.agrees(our_fact)
