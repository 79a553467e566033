"""The comparison with a contract tells every difference, and nothing else."""

from __future__ import annotations

import copy
import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from comparing.contract import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPENAPI = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
security: [{bearer: [VIEW]}]
tags: [{name: pets}, {name: other}]
paths:
  /pets/{petId}:
    get:
      operationId: getPet
      tags: [pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer, format: int64}}
        - {name: kinds, in: query,
           schema: {type: array, items: {$ref: "#/components/schemas/Kind"}}}
        - {name: since, in: query, schema: {type: string, format: date-time-local}}
      responses:
        200:
          description: The pet.
          x-may-be-empty: true
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
        404:
          description: None.
          content: {application/json: {schema: {type: array, items: {}, maxItems: 0}}}
    put:
      operationId: putPets
      tags: [pets]
      security: [{bearer: [EDIT]}]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer, format: int64}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
      responses:
        204: {description: Done.}
  /health:
    get:
      operationId: getHealth
      tags: [other]
      security: []
      responses:
        200: {description: OK, content: {application/json: {schema: {type: string}}}}
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Kind: {type: string, enum: [cat, dog-like]}
    Format: {type: string, enum: [a/b, a-b], x-enum-varnames: [AB, A_DASH_B]}
    Pet:
      type: object
      properties:
        petName: {type: string}
        kind: {$ref: "#/components/schemas/Kind"}
        format: {$ref: "#/components/schemas/Format"}
        born: {type: string, format: date-time}
        opened: {type: string, format: date-time-local}
        span: {type: string, format: duration}
        weight: {type: [number, "null"], format: double}
        anything: {}
        mother: {$ref: "#/components/schemas/Pet"}
        byName: {type: object, additionalProperties: {$ref: "#/components/schemas/Pet"}}
        days: {type: array, items: {type: string, format: date}}
        settings: {$ref: "#/components/schemas/Settings"}
    Settings:
      type: object
      additionalProperties: {}
"""


def _property(name: str, **facts: Any) -> dict[str, Any]:
    return {"python_name": name, "omitted_when": "null", **facts}


def _parameter(name: str, place: str, python_name: str, **facts: Any) -> dict[str, Any]:
    is_path = place == "path"
    return {
        "name": name,
        "in": place,
        "python_name": python_name,
        "required": is_path,
        "positional": is_path,
        **facts,
    }


PET_ID = _parameter("petId", "path", "pet_id", type="integer", format="int64", java_type="Long")
CONTRACT: dict[str, Any] = {
    "operations": [
        {
            "tag": "pets",
            "operation": "get_pet",
            "operationId": "getPet",
            "method": "GET",
            "path": "/pets/{petId}",
            "permission": "VIEW",
            "request_body": None,
            "parameters": [
                PET_ID,
                _parameter("kinds", "query", "kinds", type="array", items={"enum": "Kind"})
                | {"explode": True},
                _parameter("since", "query", "since", type="string", format="date-time")
                | {"java_type": "LocalDateTime"},
            ],
            "responses": {
                "200": {"schema": "Pet", "array": False, "empty": False, "may_be_empty": True},
                "404": {"schema": "Pet", "array": True, "always_empty_array": True},
            },
        },
        {
            "tag": "pets",
            "operation": "put_pets",
            "operationId": "putPets",
            "method": "PUT",
            "path": "/pets/{petId}",
            "permission": "EDIT",
            "parameters": [PET_ID],
            "request_body": {
                "schema": "Pet",
                "array": True,
                "required": True,
                "media_type": "application/json",
            },
            "responses": {"204": {"empty": True}},
        },
        {
            "tag": "other",
            "operation": "get_health",
            "operationId": "getHealth",
            "method": "GET",
            "path": "/health",
            "permission": None,
            "request_body": None,
            "parameters": [],
            "responses": {"200": {"type": "string", "raw_text": True, "empty": False}},
        },
    ],
    "schemas": {
        "Pet": {
            "required": [],
            "properties": {
                "petName": _property("pet_name", type="string"),
                "kind": _property("kind", type="string", enum="Kind"),
                "format": _property("format_", type="string", enum="Format"),
                "born": _property(
                    "born",
                    type="string",
                    format="date-time",
                    java_time="Instant",
                    corrected_from="integer int64",
                ),
                "opened": _property(
                    "opened", type="string", format="date-time", java_time="LocalDateTime"
                ),
                "span": _property("span", type="string", format="duration", java_time="Duration"),
                "weight": _property("weight", type="number", format="double", nullable=True),
                "anything": _property("anything", type="any"),
                "mother": _property("mother", ref="Pet"),
                "byName": _property(
                    "by_name",
                    type="object",
                    additionalProperties={"ref": "Pet"},
                    official_map_class="PetByName",
                ),
                "days": _property("days", type="array", items={"type": "string", "format": "date"}),
                "settings": _property("settings", ref="Settings"),
            },
        },
        "Settings": {"required": [], "properties": {}, "map_of": {"type": "any"}},
        "Unreached": {"required": [], "properties": {"x": _property("x", type="string")}},
    },
    "enums": {
        "Kind": {"CAT": "cat", "DOG_LIKE": "dog-like"},
        # The server knows a value that has no name in the contract.
        "Format": {"AB": "a/b", "java_source_values": ["a-b", "a/b"]},
    },
}


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Give a function that compares a document with a contract and returns code and output."""

    def run(
        *arguments: str, openapi: str = OPENAPI, contract: Any = CONTRACT, intended: str = "{}"
    ) -> tuple[int, str]:
        for name, text in {
            "openapi/targets.yaml": dedent("""\
                pets:
                  root: pets/openapi.yaml
                  bundle: pets.bundle.yaml
                  manifest: pets.manifest.json
                  package: packages/pets
                  import_name: pets
                  runtime: pets
                  generator_config: generator-config.yml
                """),
            "generator-config.yml": "post_hooks: []\n",
            "openapi/pets/openapi.yaml": openapi,
            "intended.yaml": intended,
            **{f"contract/{name}.json": json.dumps(facts) for name, facts in contract.items()},
        }.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        places = ["--repository", str(tmp_path), "--intended", str(tmp_path / "intended.yaml")]
        code = main([str(tmp_path / "contract"), *places, *arguments])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def test_agreement(compare: Callable[..., tuple[int, str]]) -> None:
    """Where both sides say the same there are only counts, and the code is 0."""
    assert compare() == (
        0,
        dedent("""\
                          contract    bundle
            schemas              2         2
            enums                2         2
            properties          12        12
            operations           3         3
            parameters           4         4
            responses            4         4
            0 differences, 0 intended ones
            """),
    )


@pytest.mark.parametrize(
    ("arguments", "operations", "schemas"),
    [
        (["--all"], 3, 2),
        (["--tags", "pets"], 2, 2),
        (["--tags", "other"], 1, 0),
        (["--operations", "pets/get_pet"], 1, 2),
        (["--tags", "other", "--operations", "pets/put_pets"], 2, 2),
    ],
)
def test_selection(
    compare: Callable[..., tuple[int, str]], arguments: list[str], operations: int, schemas: int
) -> None:
    """Only the chosen operations, and what they reach, are compared."""
    code, output = compare(*arguments)
    assert code == 0
    assert f"operations  {operations:>10}{operations:>10}\n" in output
    assert f"schemas     {schemas:>10}{schemas:>10}\n" in output


def test_more_that_is_always_sent(
    compare: Callable[..., tuple[int, str]],
) -> None:
    """A server that was seen to send more than its contract promises keeps the contract."""
    more = OPENAPI.replace("    Pet:\n", "    Pet:\n      x-always-sent: [petName]\n")
    code, output = compare(openapi=more)
    assert (0, False) == (code, "always sent" in output)
    contract = copy.deepcopy(CONTRACT)
    contract["schemas"]["Pet"]["always_sent"] = ["kind"]
    code, output = compare(openapi=more, contract=contract)
    assert (1, True) == (code, "the contract says kind; the bundle says petName" in output)


DIFFERENCES = [
    # A change of the document (old, new), and what is printed.
    (("petName: {type: string}", "petName: {type: integer}"),
     "schema Pet.petName: differs: the contract says string; the bundle says integer"),
    (("        petName: {type: string}\n", ""), "schema Pet.petName: missing: string"),
    (("mother:", "extra: {type: boolean}\n        mother:"), "schema Pet.extra: extra: boolean"),
    (("format: duration", "format: date"),
     "schema Pet.span: differs: the contract says string duration; the bundle says string date"),
    (("opened: {type: string, format: date-time-local}",
      "opened: {type: string, format: date-time}"),
     ("schema Pet.opened: differs: the contract says string date-time-local; "
     "the bundle says string date-time")),
    (('{type: [number, "null"], format: double}', "{type: number, format: double}"),
     ("schema Pet.weight: differs: the contract says number double or null; "
     "the bundle says number double")),
    (("anything: {}", "anything: {type: string}"),
     "schema Pet.anything: differs: the contract says any; the bundle says string"),
    (("additionalProperties: {$ref: \"#/components/schemas/Pet\"}",
      "additionalProperties: {type: string}"),
     ("schema Pet.byName: differs: the contract says map of schema Pet; "
     "the bundle says map of string")),
    (("type: object\n      additionalProperties: {}", "type: object"),
     "schema Settings: differs: the contract says map of any; the bundle says object"),
    (("      type: object\n      properties:", ("      type: object\n      required: [kind]\n"
      "      properties:")),
     "schema Pet required: differs: the contract says none; the bundle says kind"),
    (("[cat, dog-like]", "[cat, dog-like, fish]"), "enum Kind.FISH: extra: 'fish'"),
    (("[cat, dog-like]", "[cat]"), "enum Kind.DOG_LIKE: missing: 'dog-like'"),
    (("[cat, dog-like]", "[cat, dog-like], x-enum-varnames: [CAT, DOG]"),
     "enum Kind.DOG: extra: 'dog-like'"),
    (("[a/b, a-b], x-enum-varnames: [AB, A_DASH_B]", "[a/b], x-enum-varnames: [AB]"),
     "enum Format: differs: the contract says 'a-b', 'a/b'; the bundle says 'a/b'"),
    (("operationId: putPets", "operationId: put_pets"),
     ("operation pets/put_pets operationId: differs: the contract says putPets; "
     "the bundle says put_pets")),
    (("operationId: putPets", "operationId: setPets"),
     "operation pets/put_pets: missing: PUT /pets/{petId}"),
    (("    put:", "    post:"),
     ("operation pets/put_pets: differs: the contract says PUT /pets/{petId}; "
     "the bundle says POST /pets/{petId}")),
    (("[EDIT]", "[VIEW]"),
     "operation pets/put_pets permission: differs: the contract says EDIT; the bundle says VIEW"),
    (("name: since", "name: after"),
     "operation pets/get_pet parameter query since: missing: string date-time-local"),
    (("name: since, in: query,", "name: since, in: query, required: true,"),
     ("operation pets/get_pet parameter query since: differs: the contract says "
     "string date-time-local; the bundle says string date-time-local required")),
    (("name: kinds, in: query,", "name: kinds, in: query, explode: false,"),
     ("operation pets/get_pet parameter query kinds: differs: the contract says "
     "list of enum Kind exploded; the bundle says list of enum Kind")),
    (("        204: {description: Done.}", "        200: {description: Done.}"),
     "operation pets/put_pets response 204: missing: nothing"),
    (("          x-may-be-empty: true\n", ""),
     ("operation pets/get_pet response 200: differs: the contract says "
     "application/json: schema Pet or nothing; the bundle says application/json: schema Pet")),
    ((", maxItems: 0", ""),
     ("operation pets/get_pet response 404: differs: the contract says application/json: []; "
     "the bundle says application/json: list of any")),
    (("            schema: {type: array, items: {$ref: \"#/components/schemas/Pet\"}}",
      "            schema: {$ref: \"#/components/schemas/Pet\"}"),
     ("operation pets/put_pets body: differs: the contract says application/json: "
     "list of schema Pet required; the bundle says application/json: schema Pet required")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line"), DIFFERENCES)
def test_difference(
    compare: Callable[..., tuple[int, str]], change: tuple[str, str], line: str
) -> None:
    """A difference is printed, whichever side it is on, and the code is 1."""
    old, new = change
    assert OPENAPI.count(old) == 1
    code, output = compare(openapi=OPENAPI.replace(old, new))
    assert code == 1
    assert line in output.splitlines()


def test_python_names(compare: Callable[..., tuple[int, str]]) -> None:
    """The names that the generator gives to properties and map classes are compared, too."""
    contract = copy.deepcopy(CONTRACT)
    contract["schemas"]["Pet"]["properties"]["petName"]["python_name"] = "petname"
    contract["schemas"]["Pet"]["properties"]["byName"]["official_map_class"] = "PetMap"
    code, output = compare(contract=contract)
    assert code == 1
    assert output.splitlines()[-3:] == [
        "schema Pet.byName class: differs: the contract says PetMap; the bundle says PetByName",
        (
            "schema Pet.petName in Python: differs: the contract says petname; "
            "the bundle says pet_name"
        ),
        "2 differences, 0 intended ones",
    ]


def test_intended_difference(compare: Callable[..., tuple[int, str]]) -> None:
    """An intended difference is told with its reason, and is no failure."""
    intended = "schema Pet.extra: {difference: 'extra: boolean', reason: It is newer.}\n"
    intended += "schema Pet.extra in Python: {difference: 'extra: extra', reason: It is newer.}\n"
    openapi = OPENAPI.replace("mother:", "extra: {type: boolean}\n        mother:")
    code, output = compare(openapi=openapi, intended=intended)
    assert code == 0
    assert "intended: schema Pet.extra: extra: boolean\n  because It is newer.\n" in output
    assert output.endswith("0 differences, 2 intended ones\n")


@pytest.mark.parametrize("difference", ["extra: string", "missing: boolean"])
def test_intended_difference_that_is_none(
    compare: Callable[..., tuple[int, str]], difference: str
) -> None:
    """An entry of the list that is out of date is a failure."""
    intended = f"schema Pet.petName: {{difference: '{difference}', reason: Once it was.}}"
    code, output = compare(intended=intended)
    assert code == 1
    assert "schema Pet.petName: is listed as an intended difference, but is none" in output


def test_contract_that_cannot_be_read(
    compare: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """A missing file of the contract is told by name."""
    contract = {name: facts for name, facts in CONTRACT.items() if name != "enums"}
    code, output = compare(contract=contract)
    assert code == 1
    assert output.startswith("enums.json: cannot be read")
    assert not (tmp_path / "contract" / "enums.json").exists()
