"""Overlays correct documents of others; what one no longer matches is an error."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from clientsmith.adopting.jsonpath import find
from clientsmith.adopting.overlays import apply_overlay
from clientsmith.errors import PipelineError, SeveralError
from clientsmith.reading.documents import Document

CONTENT = yaml.safe_load("""
paths:
  /things:
    get: {operationId: a, tags: [x], parameters: [{name: size, in: query}, {name: page, in: query}]}
  /things/{id}:
    get: {operationId: b, deprecated: true}
    put: {operationId: c}
components: {schemas: {Thing: {type: object, required: [a], properties: {a: {type: string}}}}}
""")
PATHS: dict[str, list[Any]] = {
    "$.paths['/things'].get.operationId": ["a"],
    '$.paths["/things/{id}"].put.operationId': ["c"],
    "$.paths['/things'].get.parameters[?@.name == 'page'].in": ["query"],
    "$.paths['/things'].get.parameters[?(@.name == 'page' || @.name=='size')].name": [
        *("size", "page")
    ],
    "$.paths.*.get[?@ == 'b']": ["b"],
    "$.paths['/things'].get.parameters[0].name": ["size"],
    "$.paths['/things'].get.parameters[-1].name": ["page"],
    "$..operationId": ["a", "b", "c"],
    "$.paths.*[?@.deprecated].operationId": ["b"],
    "$.paths.*[?!@.deprecated].operationId": ["a", "c"],
    "$.paths['/things','/other'].get.operationId": ["a"],
    "$..parameters[*].name": ["size", "page"],
    "$.nothing": [],
}


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
def test_paths(path: str, expected: list[Any]) -> None:
    """What a path matches, in the order of the document."""
    assert expected == [value for _, _, value in find(path, CONTENT)]


@pytest.mark.parametrize("path", ["paths", "$.a[", "$.a[?@ ~ 1]", "$.a[1:2]", "$ .a"])
def test_what_is_no_path_is_told(path: str) -> None:
    """A path that is not understood matches nothing silently."""
    with pytest.raises(ValueError, match=r"\S"):
        find(path, CONTENT)


def overlay(*actions: dict[str, Any]) -> Document:
    """Make an overlay."""
    path = Path("overlay.yaml")
    return Document(path, path.name, {"overlay": "1.0.0", "actions": list(actions)})


def test_actions_are_applied_in_their_order() -> None:
    """Mappings are merged, lists get an item, values are replaced, and what is removed is gone."""
    content = apply_overlay(
        CONTENT,
        overlay(
            {"target": "$.components.schemas.Thing", "update": {"properties": {"b": {}}}},
            {"target": "$.components.schemas.Thing.required", "update": "b"},
            {"target": "$.components.schemas.Thing", "update": {"required": ["b", "c"]}},
            {"target": "$.paths['/things'].get.operationId", "update": "list"},
            {"target": "$..parameters[?@.in == 'query']", "remove": True},
        ),
    )

    assert {"a": {"type": "string"}, "b": {}} == (
        content["components"]["schemas"]["Thing"]["properties"]
    )
    assert ["a", "b", "c"] == content["components"]["schemas"]["Thing"]["required"]
    assert {"operationId": "list", "tags": ["x"], "parameters": []} == (
        content["paths"]["/things"]["get"]
    )
    assert CONTENT["paths"]["/things"]["get"]["operationId"] == "a"


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "matches nothing": (
        {"target": "$.paths['/other']", "remove": True},
        "/actions/0/target",
        "matches nothing",
    ),
    "is there already": (
        {"target": "$.components.schemas.Thing.type", "update": "object"},
        "/actions/0",
        "is already what the action makes of it",
    ),
    "is in the list already": (
        {"target": "$.components.schemas.Thing.required", "update": "a"},
        "/actions/0",
        "is already what the action makes of it",
    ),
    "has the items of a list within": (
        {"target": "$.components.schemas.Thing", "update": {"required": ["a"]}},
        "/actions/0",
        "is already what the action makes of it",
    ),
    "does nothing": ({"target": "$.paths"}, "/actions/0", "expected 'update'"),
    "unknown key": ({"target": "$.paths", "updte": {}}, "/actions/0/updte", "unknown key"),
    "no path": ({"target": "paths", "remove": True}, "/actions/0/target", "begins with '$'"),
    "the whole": ({"target": "$", "remove": True}, "/actions/0/target", "cannot be removed"),
}


@pytest.mark.parametrize(("action", "pointer", "message"), WRONG.values(), ids=list(WRONG))
def test_what_does_not_fit_is_told(action: dict[str, Any], pointer: str, message: str) -> None:
    """An action that the document has overtaken is an error, and so is one that is none."""
    with pytest.raises(PipelineError, match=re.escape(message)) as caught:
        apply_overlay(CONTENT, overlay(action))
    assert ("overlay.yaml", pointer) == (caught.value.file, caught.value.pointer)


THREE = overlay(
    {"target": "$.paths['/things'].get", "update": {"summary": "List things"}},
    {"target": "$.components.schemas.Thing.properties.a", "update": {"format": "date"}},
    {"target": "$.paths['/things/{id}'].put", "remove": True},
)
MENDED: dict[str, tuple[Any, str, str]] = {
    "by the same correction": (
        lambda content: content["components"]["schemas"]["Thing"]["properties"]["a"].update(
            format="date"
        ),
        "/actions/1",
        "'$.components.schemas.Thing.properties.a' is already what the action makes of it",
    ),
    "by leaving it out": (
        lambda content: content["paths"]["/things/{id}"].pop("put"),
        "/actions/2/target",
        "\"$.paths['/things/{id}'].put\" matches nothing",
    ),
}


@pytest.mark.parametrize(("mend", "pointer", "message"), MENDED.values(), ids=list(MENDED))
def test_an_overlay_of_three_corrections_tells_which_one_is_mended(
    mend: Any, pointer: str, message: str
) -> None:
    """The next version of the document mends one itself: its action is named, and what to do."""
    apply_overlay(CONTENT, THREE)
    content = copy.deepcopy(CONTENT)
    mend(content)
    with pytest.raises(PipelineError, match=re.escape(message)) as caught:
        apply_overlay(content, THREE)

    assert ("overlay.yaml", pointer) == (caught.value.file, caught.value.pointer)
    assert "delete the action" in (caught.value.hint or "")


def test_all_actions_that_are_mended_are_told_at_once() -> None:
    """Those of a document that has mended two; what is still wrong is no problem."""
    content = copy.deepcopy(CONTENT)
    for mend, _, _ in MENDED.values():
        mend(content)
    with pytest.raises(SeveralError) as caught:
        apply_overlay(content, THREE)

    assert [(pointer, message) for _, pointer, message in MENDED.values()] == [
        (each.pointer, each.message) for each in caught.value.problems
    ]
