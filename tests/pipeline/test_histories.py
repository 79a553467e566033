"""Notes about what only newer servers know, in what is generated and nowhere else."""

from __future__ import annotations

import copy
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.errors import PipelineError
from clientsmith.targets import load_targets
from clientsmith.viewing.histories import with_notes
from clientsmith.writing.manifest import input_hashes

from .support import FILES, Repository

if TYPE_CHECKING:
    from pathlib import Path

    from clientsmith.targets import Target

_AGE = {"type": "integer", "description": "How old it is"}
DOCUMENT: dict[str, Any] = {
    "info": {"title": "Demo"},
    "paths": {
        "/pets": {
            "parameters": [{"$ref": "#/components/parameters/limit"}],
            "get": {
                "operationId": "listPets",
                "tags": ["pets"],
                "description": "List all pets.",
                "parameters": [
                    {"name": "kind", "in": "query", "description": "Which ones?"},
                    {"name": "limit", "in": "header", "description": "Not that one."},
                ],
            },
            "post": {"operationId": "addPet", "tags": ["pets"], "deprecated": True},
        },
        "/cats": {"get": {"operationId": "listCats", "tags": ["pets"]}},
    },
    "components": {
        "parameters": {"limit": {"name": "limit", "in": "query", "description": "How many."}},
        "schemas": {
            "Pet": {"description": "A pet.", "properties": {"age": _AGE, "name": {}}},
            "Cat": {"properties": {"age": _AGE, "kind": {"$ref": "#/components/schemas/Kind"}}},
            "Kind": {"description": "What it is.", "enum": ["cat", "dog", "fox", "emu"]},
        },
    },
}
VERSIONS = """\
    versions: [1.9.0, 1.10.0, 2.0.0]
    operations:
      pets:
        list_pets:
          since: 1.9.0
          parameters_since: {kind: 1.10.0, limit: 2.0.0}
          parameters_until: {limit: 2.0.0}
        list_cats: {since: 1.10.0, path_since: 2.0.0}
        add_pet: {since: 1.9.0, until: 1.10.0}
    schemas:
      Cat: {since: 1.10.0}
    properties:
      Pet:
        age: {since: 2.0.0}
        name: {until: 1.10.0}
    values:
      Kind:
        dog: {since: 2.0.0}
        emu: {since: 1.10.0}
        fox: {since: 1.10.0}
    """


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """Give a target whose servers' versions are known."""
    repository = Repository(tmp_path)
    entry = dedent(FILES["openapi/targets.yaml"])
    repository.write("openapi/targets.yaml", f"{entry}  versions: demo.versions.yaml\n")
    repository.write("openapi/demo.versions.yaml", VERSIONS)
    return repository.target


def test_what_is_newer_than_the_oldest_server_gets_a_note(target: Target) -> None:
    """Operations, query parameters, schemas, properties and values; each at its own place."""
    noted = with_notes(DOCUMENT, target)
    pets, schemas = noted["paths"]["/pets"], noted["components"]["schemas"]

    told = {each["in"] + each["name"]: each["description"] for each in pets["get"]["parameters"]}
    assert told == {
        "querykind": "Which ones? Since Demo 1.10.0.",
        "querylimit": "How many. Since Demo 2.0.0 until 2.0.0.",
        "headerlimit": "Not that one.",
    }
    assert "List all pets." == pets["get"]["description"]
    assert "description" not in pets["post"]
    assert "Since Demo 2.0.0." == noted["paths"]["/cats"]["get"]["description"]
    assert "Since Demo 1.10.0." == schemas["Cat"]["description"]
    assert "How old it is. Since Demo 2.0.0." == schemas["Pet"]["properties"]["age"]["description"]
    assert "Until Demo 1.10.0." == schemas["Pet"]["properties"]["name"]["description"]
    assert schemas["Kind"]["description"] == (
        "What it is. Since Demo 1.10.0: `emu`, `fox`. Since Demo 2.0.0: `dog`."
    )


def test_nothing_else_changes(target: Target) -> None:
    """Neither the document that is given, nor what several schemas share."""
    before = copy.deepcopy(DOCUMENT)
    noted = with_notes(DOCUMENT, target)

    assert before == DOCUMENT
    assert _AGE == noted["components"]["schemas"]["Cat"]["properties"]["age"]
    assert DOCUMENT["components"]["parameters"] == noted["components"]["parameters"]


def test_a_target_without_versions_has_no_notes(tmp_path: Path) -> None:
    """The file is optional."""
    assert DOCUMENT == with_notes(DOCUMENT, Repository(tmp_path).target)


def test_the_file_is_an_input(target: Target) -> None:
    """A change to it is a drift of what was generated."""
    assert "openapi/demo.versions.yaml" in input_hashes(target, [])


def test_a_file_that_is_missing_or_something_else_is_told(target: Target) -> None:
    """With its name."""
    assert target.versions is not None
    target.versions.write_text("versions: []\n", encoding="utf-8")
    with pytest.raises(PipelineError, match=r"demo\.versions\.yaml: cannot be read as versions"):
        with_notes(DOCUMENT, target)
    target.versions.unlink()
    with pytest.raises(PipelineError, match=r"demo\.versions\.yaml does not exist"):
        load_targets(target.repository)
