"""Applies overlays (OpenAPI Overlay 1.0): reviewed corrections of a document of others."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from clientsmith.adopting.jsonpath import find
from clientsmith.errors import Problems, raise_all
from clientsmith.reading.documents import Location

if TYPE_CHECKING:
    from clientsmith.reading.documents import Document

__all__ = ["apply_overlay"]

_KEYS = frozenset({"overlay", "info", "extends", "actions"})
_ACTION_KEYS = frozenset({"target", "description", "update", "remove"})


def apply_overlay(content: dict[str, Any], overlay: Document) -> dict[str, Any]:
    """Apply the actions of an overlay in their order.

    Args:
        content: The document; it is not changed.
        overlay: The overlay.

    Returns:
        The document with what the overlay updates and without what it removes.

    Raises:
        PipelineError: The overlay is not one, or actions match nothing: the document says by now
            what they wanted, or something else.
    """
    location = Location(overlay)
    version = overlay.content.get("overlay")
    if not isinstance(version, str) or not version.startswith("1."):
        raise location.child("overlay").error(f"expected overlay: 1.0.0, got {version!r}")
    actions = overlay.content.get("actions")
    if not isinstance(actions, list) or not actions:
        raise location.child("actions").error("expected an array of actions")
    for key in overlay.content:
        if key not in _KEYS and not key.startswith("x-"):
            raise location.child(key).error(f"unknown key {key!r}")
    content = copy.deepcopy(content)
    problems = Problems()
    for index, action in enumerate(actions):
        with problems.collecting():
            _apply(content, action, location.child("actions", index))
    raise_all(problems)
    return content


def _apply(content: dict[str, Any], action: Any, location: Location) -> None:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise location.error("expected a mapping with the key 'target'")
    for key in action:
        if key not in _ACTION_KEYS and not key.startswith("x-"):
            raise location.child(key).error(f"unknown key {key!r}")
    try:
        found = find(action["target"], content)
    except ValueError as error:
        raise location.child("target").error(f"{action['target']!r}: {error}") from None
    if not found:
        raise location.child("target").error(
            f"{action['target']!r} matches nothing",
            "The document has changed: delete the action if what it corrects is mended, "
            "or change its target.",
        )
    if action.get("remove") is True:
        # The last items of lists first, so that the places of the others stay what they are.
        for holder, key, _ in reversed(found):
            if holder is None:
                raise location.child("target").error("the document itself cannot be removed")
            del holder[key]
        return
    if "update" not in action:
        raise location.error("expected 'update', or 'remove: true'")
    changed = False
    for holder, key, value in found:
        before = copy.deepcopy(value)
        if isinstance(value, dict) and isinstance(action["update"], dict):
            _merge(value, action["update"])
            changed |= value != before
        elif isinstance(value, list):
            if action["update"] not in value:
                value.append(copy.deepcopy(action["update"]))
                changed = True
        elif holder is not None:
            holder[key] = copy.deepcopy(action["update"])
            changed |= holder[key] != before
        else:
            raise location.child("update").error("expected a mapping")
    if not changed:
        raise location.error(
            f"{action['target']!r} is already what the action makes of it",
            "The document is mended: delete the action.",
        )


def _merge(value: dict[str, Any], update: dict[str, Any]) -> None:
    for key, item in update.items():
        if isinstance(value.get(key), dict) and isinstance(item, dict):
            _merge(value[key], item)
        elif isinstance(value.get(key), list) and isinstance(item, list):
            # What is there already is not there twice, so that a mended document is noticed.
            value[key] += [copy.deepcopy(each) for each in item if each not in value[key]]
        else:
            value[key] = copy.deepcopy(item)
