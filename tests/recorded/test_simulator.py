"""The simulated server responds as the real one did, except where the differences are listed."""

from __future__ import annotations

from recorded.differences import NEW, found_differences, listed_differences, read_groups
from recorded.world import World

# Run `python -m recorded.differences` in `tests` to renew the list.


def test_differences_are_those_that_are_listed() -> None:
    """No difference is missing in the list, and none is listed that is gone."""
    world = World()
    try:
        found = found_differences(world)
    finally:
        world.close()
    listed = listed_differences()
    missing = _without(found, listed)
    gone = _without(listed, found)
    assert (missing, gone) == ({}, {})


def test_every_difference_has_a_reason() -> None:
    """Each group says why it is so, and which part of the server it belongs to."""
    assert [group for group in read_groups() if group["reason"] == NEW] == []


def _without(
    differences: dict[str, list[str]], others: dict[str, list[str]]
) -> dict[str, list[str]]:
    left = {
        key: [text for text in texts if text not in others.get(key, ())]
        for key, texts in differences.items()
    }
    return {key: texts for key, texts in left.items() if texts}
