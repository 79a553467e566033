"""A document of others may refer to other files, and into anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from clientsmith.adopting.adopted import read_adopted
from clientsmith.errors import PipelineError, SeveralError
from clientsmith.writing.regenerate import default_generator, generate

from .test_adopted import TARGET, write_target

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """\
openapi: 3.1.0
info: {title: Split, version: "1"}
paths:
  /things: {$ref: "paths/things.yaml"}
  /ids:
    get:
      operationId: list_ids
      responses:
        "200":
          description: The IDs.
          content:
            application/json:
              schema:
                type: array
                items: {$ref: "schemas/thing.yaml#/Thing/properties/id"}
"""
FILES = {
    "paths/things.yaml": """\
get:
  operationId: list_things
  parameters: [{$ref: "../common.json#/components/parameters/Limit"}]
  responses:
    "200":
      description: The things.
      content:
        application/json: {schema: {type: array, items: {$ref: "../schemas/thing.yaml#/Thing"}}}
    "404": {$ref: "../common.json#/components/responses/Missing"}
""",
    "schemas/thing.yaml": """\
Thing:
  type: object
  required: [id]
  properties:
    id: &id {type: string}
    parent: *id
    parts: {type: array, items: {$ref: "#/Thing"}}
    maker: &maker {$ref: "maker.yaml"}
    seller: *maker
""",
    "schemas/maker.yaml": "{type: object, properties: {name: {type: string}}}\n",
    "common.json": """\
{"components": {
  "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
  "responses": {"Missing": {"description": "None.", "content": {"application/json":
    {"schema": {"$ref": "#/components/schemas/Problem"}}}}},
  "schemas": {"Problem": {"type": "object", "properties": {"title": {"type": "string"}}}}
}}
""",
}


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write files beside the document."""
    for name, text in files.items():
        path = folder / "openapi" / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_other_files_become_components(tmp_path: Path) -> None:
    """Path items, parameters, responses and schemas, by paths relative to the file they are in."""
    target = write_target(tmp_path.resolve(), DOCUMENT)
    write_files(tmp_path, FILES)
    (tmp_path / "out").mkdir()
    package = generate(target, tmp_path / "out", default_generator()).package
    things = (package / "api" / "default" / "list_things.py").read_text()
    ids = (package / "api" / "default" / "list_ids.py").read_text()
    thing = (package / "models" / "thing.py").read_text()

    assert 'results={200: JsonBody(ListOf(ModelOf("Thing")))}' in things
    assert 'errors={404: JsonBody(ModelOf("Problem"))}' in things
    assert "limit: int | Unset" in things
    assert "-> list[str] | None" in ids
    for annotation in (
        "id: str",
        "parent: str | Unset",
        "parts: list[Thing] | Unset",
        "maker: Maker | Unset",
        "seller: Maker | Unset",
    ):
        assert annotation in thing


WRONG = {
    "a file that is not there": ("paths/other.yaml", "refers to a file that is not there"),
    "a file outside": ("../../generator-config.yml", "refers to a file that is not there"),
    "a place that is not there": ("common.json#/paths/x", "refers to nothing"),
    "another server": ("https://example.com/paths.yaml", "is not in this document"),
    "an absolute path": ("/etc/hostname", "is not in this document"),
    "no pointer": ("common.json#things", "has no JSON pointer behind '#'"),
    "itself": ("circle.yaml", "the references lead in a circle"),
}


@pytest.mark.parametrize(("reference", "message"), WRONG.values(), ids=list(WRONG))
def test_a_reference_that_leads_nowhere_is_an_error(
    tmp_path: Path, reference: str, message: str
) -> None:
    """It tells the place; nothing is fetched, and no file outside of the folder is read."""
    target = write_target(tmp_path, DOCUMENT.replace("paths/things.yaml", reference))
    write_files(tmp_path, {**FILES, "circle.yaml": '{$ref: "circle.yaml"}\n'})

    with pytest.raises(PipelineError, match=re.escape(message)) as caught:
        read_adopted(target)
    assert ("openapi/library/openapi.yaml", "/paths/~1things") == (
        caught.value.file,
        caught.value.pointer,
    )


def test_all_references_that_lead_nowhere_are_told_by_their_cause(tmp_path: Path) -> None:
    """One name that is missing is one problem, however often it is used."""
    response = "{'200': {description: '', content: {application/json: {schema: {$ref: %s}}}}}"
    paths = "".join(
        f"  /things{number}: {{get: {{responses: {response % repr(reference)}}}}}\n"
        for number in range(200)
        for reference in ["#/components/schemas/" + ("Lost" if number else "Other")]
    )
    document = f"openapi: 3.0.0\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}"
    with pytest.raises(SeveralError) as caught:
        read_adopted(write_target(tmp_path, document))

    assert [1, 199] == sorted(len(group) for group in caught.value.groups())
    assert str(caught.value).startswith(
        "200 problems:\n199 x '#/components/schemas/Lost' refers to nothing\n"
    )


def test_references_of_security_schemes_are_told_with_the_others(tmp_path: Path) -> None:
    """All that lead nowhere are there at once."""
    document = DOCUMENT.replace("paths/things.yaml", "paths/lost.yaml")
    document += "components: {securitySchemes: {a: {$ref: '#/x/b'}, c: {$ref: '#/x/d'}}}\n"
    target = write_target(tmp_path, document)
    write_files(tmp_path, FILES)
    with pytest.raises(SeveralError) as caught:
        read_adopted(target)

    assert ["/paths/~1things", *(f"/components/securitySchemes/{name}" for name in "ac")] == [
        each.pointer for each in caught.value.problems
    ]


def test_all_operations_that_are_not_there_to_leave_out_are_told(tmp_path: Path) -> None:
    """By the name that the target has for each."""
    target = write_target(
        tmp_path,
        DOCUMENT,
        TARGET + "  leave_out: {lost: Slow., GET /lost: Slow., list_ids: Slow.}\n",
    )
    write_files(tmp_path, FILES)
    with pytest.raises(SeveralError) as caught:
        read_adopted(target)

    assert [f"there is no operation {name!r} to leave out" for name in ("lost", "GET /lost")] == [
        each.message for each in caught.value.problems
    ]
