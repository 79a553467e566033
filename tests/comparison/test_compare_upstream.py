"""The comparison of our specification with a document of the server, on small ones."""

from __future__ import annotations

import copy
import gzip
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from clientsmith.errors import PipelineError
from comparing.upstream import load, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

OURS: dict[str, Any] = {
    "openapi": "3.1.0",
    "servers": [{"url": "http://localhost:8080/shop"}],
    "paths": {
        "/pets/{petId}": {
            "parameters": [{"$ref": "#/components/parameters/PetId"}],
            "put": {
                "operationId": "updatePet",
                "tags": ["pets"],
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"$ref": "#/components/schemas/Kind"}}
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    }
                },
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Pet"},
                                }
                            }
                        }
                    },
                    "404": {"description": "No such pet."},
                },
            },
        }
    },
    "components": {
        "parameters": {
            "PetId": {
                "name": "petId",
                "in": "path",
                "required": True,
                "schema": {"type": "integer"},
            }
        },
        "schemas": {
            "Kind": {"type": "string", "enum": ["cat", "dog"]},
            "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "born": {"type": "string", "format": "date-time"},
                    "mother": {"$ref": "#/components/schemas/Pet", "description": "If known."},
                    "weights": {
                        "type": "object",
                        "additionalProperties": {"type": "number", "format": "double"},
                    },
                    "owner": {"type": ["string", "null"]},
                },
            },
        },
    },
}

# The same API in the words of Swagger 2, with an enumeration where it is used instead of by name,
# another name of the path parameter's place in the text, and `allOf` for what a pet inherits.
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "basePath": "/shop/",
    "consumes": ["application/json"],
    "paths": {
        "/pets/{petId}": {
            "put": {
                "operationId": "updatePet",
                "tags": ["pets"],
                "produces": ["*/*"],
                "parameters": [
                    {"name": "petId", "in": "path", "required": True, "type": "integer"},
                    {"name": "kind", "in": "query", "type": "string", "enum": ["cat", "dog"]},
                    {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
                ],
                "responses": {
                    "200": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}},
                    "404": {"description": "Not Found"},
                },
            }
        }
    },
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "kind": {"type": "string", "enum": ["cat", "dog"]},
                "born": {"type": "string", "format": "date-time"},
                "mother": {"$ref": "#/definitions/Pet"},
                "weights": {
                    "type": "object",
                    "additionalProperties": {"type": "number", "format": "double"},
                },
                "owner": {"type": "string", "x-nullable": True},
            },
        }
    },
}

# And in those of OpenAPI 3.0, with `allOf` and `nullable`.
OPENAPI: dict[str, Any] = {
    "openapi": "3.0.1",
    "servers": [{"url": "/{place}", "variables": {"place": {"default": "shop"}}}],
    "paths": copy.deepcopy(OURS["paths"]),
    "components": {
        "parameters": copy.deepcopy(OURS["components"]["parameters"]),
        "schemas": {
            "Kind": copy.deepcopy(OURS["components"]["schemas"]["Kind"]),
            "Pet": {
                "allOf": [
                    {
                        "type": "object",
                        "required": ["name"],
                        "properties": {
                            "name": {"type": "string"},
                            "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}]},
                        },
                    },
                    {
                        "properties": {
                            "born": {"type": "string", "format": "date-time"},
                            "mother": {
                                "description": "If known.",
                                "allOf": [{"$ref": "#/components/schemas/Pet"}],
                            },
                            "weights": {
                                "type": "object",
                                "additionalProperties": {"type": "number", "format": "double"},
                            },
                            "owner": {"type": "string", "nullable": True},
                        }
                    },
                ]
            },
        },
    },
}

PUT = "PUT /shop/pets/{petId}"


class Documents:
    """A document of a server, ours, and the list of intended differences."""

    def __init__(self, folder: Path) -> None:
        self.upstream = folder / "upstream.json"
        self.ours = folder / "ours.yaml"
        self.differences = folder / "differences.yaml"
        self.ours.write_text(yaml.safe_dump(OURS), encoding="utf-8")

    def compare(self, upstream: dict[str, Any], *options: str) -> int:
        """Run the command."""
        self.upstream.write_text(json.dumps(upstream), encoding="utf-8")
        return self.compare_with(str(self.upstream), *options)

    def compare_with(self, source: str, *options: str) -> int:
        """Run the command with a file or an address."""
        ours = ("--ours", str(self.ours), "--differences", str(self.differences))
        return main([source, *ours, *options])


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    """Give our document, and a place for another."""
    return Documents(tmp_path)


def _found(output: str) -> list[str]:
    """The differences that are not explained."""
    lines = output.splitlines()
    if not any(line.startswith("not explained") for line in lines):
        return []
    start = next(i for i, line in enumerate(lines) if line.startswith("not explained")) + 1
    return [" ".join(line.split()) for line in lines[start : lines.index("", start)]]


@pytest.mark.parametrize(
    ("upstream", "parameters"), [(OURS, 2), (SWAGGER, 2), (OPENAPI, 2)], ids=["3.1", "2.0", "3.0"]
)
def test_the_same_api_is_the_same_in_every_version_of_the_format(
    documents: Documents,
    capsys: pytest.CaptureFixture[str],
    upstream: dict[str, Any],
    parameters: int,
) -> None:
    """The words of Swagger 2, OpenAPI 3.0 and 3.1 for the same thing are equal."""
    code = documents.compare(upstream)

    output = capsys.readouterr().out
    assert (0, []) == (code, _found(output))
    assert ["parameter", str(parameters), str(parameters), "0", "0"] in [
        line.split() for line in output.splitlines()
    ]


def _change(place: list[str], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        for part in place[:-1]:
            document = document[part]
        if value is None:
            del document[place[-1]]
        else:
            document[place[-1]] = value

    return change


IN_PUT = ["paths", "/pets/{petId}", "put"]
IN_PET = ["definitions", "Pet", "properties"]


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        pytest.param(
            ["paths", "/pets"],
            {"get": {"responses": {"200": {}}}},
            ["missing GET /shop/pets"],
            id="an operation that we lack, once",
        ),
        pytest.param(IN_PUT, None, [f"extra {PUT}"], id="an operation that only we have"),
        pytest.param(
            [*IN_PUT, "operationId"],
            "changePet",
            [f"different {PUT} operationId: changePet -> updatePet"],
            id="another operationId",
        ),
        pytest.param(
            [*IN_PUT, "deprecated"], True, [f"missing {PUT} deprecated"], id="a deprecation"
        ),
        pytest.param(
            [*IN_PUT, "parameters"],
            [
                {"name": "petId", "in": "path", "required": True, "type": "string"},
                {"name": "kind", "in": "query", "type": "string", "enum": ["cat", "cow"]},
                {"name": "wait", "in": "query", "type": "boolean", "required": True},
            ],
            [
                f"extra {PUT} body: Pet",
                f"different {PUT} path petId: string, required -> integer, required",
                f"missing {PUT} query kind = cow",
                f"extra {PUT} query kind = dog",
                f"missing {PUT} query wait: boolean, required",
            ],
            id="parameters, their values, and the body",
        ),
        pytest.param(
            [*IN_PUT, "produces"],
            ["text/csv"],
            [f"different {PUT} 200 media type: text/csv -> application/json"],
            id="another media type",
        ),
        pytest.param(
            [*IN_PUT, "responses"],
            {"200": {"schema": {"$ref": "#/definitions/Pet"}}, "201": {}},
            [
                f"different {PUT} 200: Pet -> list of Pet",
                f"missing {PUT} 201: no body",
                f"extra {PUT} 404: no body",
            ],
            id="answers",
        ),
        pytest.param(
            ["definitions", "Owner"],
            {"type": "object", "properties": {"name": {"type": "string"}}},
            ["missing schema Owner: object"],
            id="a schema that we lack, once",
        ),
        pytest.param(
            [*IN_PET, "age"],
            {"type": "integer", "format": "int32"},
            ["missing schema Pet.age: integer(int32)"],
            id="a property that we lack",
        ),
        pytest.param(
            [*IN_PET, "name"], None, ["extra schema Pet.name: string, required"], id="one we have"
        ),
        pytest.param(
            [*IN_PET, "born"],
            {"type": "integer", "format": "int64"},
            ["different schema Pet.born: integer(int64) -> string(date-time)"],
            id="a property of another type",
        ),
        pytest.param(
            [*IN_PET, "kind"],
            {"type": "string"},
            ["different schema Pet.kind: string -> enumeration"],
            id="text instead of an enumeration",
        ),
        pytest.param(
            [*IN_PET, "kind"],
            {"type": "string", "enum": ["cat", "dog", "cow"]},
            ["missing schema Pet.kind = cow"],
            id="a value that we lack",
        ),
        pytest.param(
            [*IN_PET, "weights"],
            {"type": "object", "additionalProperties": {"type": "array", "items": {}}},
            ["different schema Pet.weights: map of list of any -> map of number(double)"],
            id="a map of something else",
        ),
        pytest.param(
            [*IN_PET, "owner"],
            {"type": "string"},
            ["different schema Pet.owner: string -> string or null"],
            id="null",
        ),
        pytest.param(
            ["definitions", "Pet", "required"],
            [],
            ["different schema Pet.name: string -> string, required"],
            id="a property that has to be there",
        ),
    ],
)
def test_a_difference_is_told(
    documents: Documents,
    capsys: pytest.CaptureFixture[str],
    place: list[str],
    value: Any,
    expected: list[str],
) -> None:
    """What the server's document says differently is listed, and the exit code is 1."""
    upstream = copy.deepcopy(SWAGGER)
    _change(place, value)(upstream)
    code = documents.compare(upstream)

    assert (1, expected) == (code, _found(capsys.readouterr().out))


def test_a_path_parameter_of_another_name_is_the_same(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody sends the name of a path parameter; its type counts."""
    upstream = copy.deepcopy(SWAGGER)
    item = upstream["paths"].pop("/pets/{petId}")
    item["put"]["parameters"][0]["name"] = "id"
    upstream["paths"]["/pets/{id}"] = item
    assert (0, []) == (documents.compare(upstream), _found(capsys.readouterr().out))

    item["put"]["parameters"][0]["type"] = "string"
    expected = [f"different {PUT} path petId: string, required -> integer, required"]
    assert (1, expected) == (documents.compare(upstream), _found(capsys.readouterr().out))


@pytest.mark.parametrize("tag", ["Pets", "pets", "PETS"])
def test_a_tag_in_another_case_is_the_same(
    documents: Documents, capsys: pytest.CaptureFixture[str], tag: str
) -> None:
    """Frameworks make tags of the names of classes; ours are in snake case."""
    upstream = copy.deepcopy(SWAGGER)
    upstream["paths"]["/pets/{petId}"]["put"]["tags"] = [tag]
    assert (0, []) == (documents.compare(upstream), _found(capsys.readouterr().out))

    upstream["paths"]["/pets/{petId}"]["put"]["tags"] = [f"{tag}Shop"]
    assert 1 == documents.compare(upstream)


def test_what_only_older_servers_have_is_left_out(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deprecated operation that the server lacks is no finding, nor are its own schemas."""
    ours = copy.deepcopy(OURS)
    pet = {"application/json": {"schema": {"$ref": "#/components/schemas/OldPets"}}}
    old = {"operationId": "getPets", "responses": {"200": {"content": pet}}, "deprecated": True}
    items = {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
    ours["paths"]["/pets"] = {"get": old}
    ours["components"]["schemas"]["OldPets"] = {"type": "object", "properties": {"all": items}}
    ours["components"]["schemas"]["Unused"] = {"type": "object"}
    documents.ours.write_text(yaml.safe_dump(ours), encoding="utf-8")

    expected = ["extra schema Unused: object"]
    assert (1, expected) == (documents.compare(SWAGGER), _found(capsys.readouterr().out))


def test_a_compressed_document_is_read(
    documents: Documents, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document that was saved with gzip; one that is cut off is told."""
    content = gzip.compress(json.dumps(SWAGGER).encode())
    file = tmp_path / "server.json.gz"
    file.write_bytes(content)
    assert (0, []) == (documents.compare_with(str(file)), _found(capsys.readouterr().out))

    file.write_bytes(content[:-20])
    assert 1 == documents.compare_with(str(file))
    assert capsys.readouterr().err.startswith(f"{file}: cannot be read: ")


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"$ref": "#/components/schemas/Kind"}, {"type": "null"}]},
        {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Kind"}]},
        {"type": ["string", "null"], "enum": ["cat", "dog", None]},
    ],
    ids=["3.1", "3.0", "in place"],
)
def test_an_enumeration_with_null_is_the_same_in_every_version(
    documents: Documents, capsys: pytest.CaptureFixture[str], schema: dict[str, Any]
) -> None:
    """However null is written, it is one difference from the enumeration without it."""
    upstream = copy.deepcopy(OPENAPI)
    upstream["components"]["schemas"]["Pet"]["allOf"][0]["properties"]["kind"] = schema
    code = documents.compare(upstream)

    expected = ["different schema Pet.kind: enumeration or null -> enumeration"]
    assert (1, expected) == (code, _found(capsys.readouterr().out))


def test_form_data_is_a_body(documents: Documents, capsys: pytest.CaptureFixture[str]) -> None:
    """The form parameters of Swagger 2 are the body's properties in OpenAPI 3."""
    form = {
        "type": "object",
        "properties": {"note": {"type": "string"}, "photo": {"type": "string", "format": "binary"}},
        "required": ["photo"],
    }
    ours = copy.deepcopy(OURS)
    ours["paths"]["/pets/{petId}"]["put"]["requestBody"] = {
        "content": {"multipart/form-data": {"schema": form}}
    }
    documents.ours.write_text(yaml.safe_dump(ours), encoding="utf-8")
    upstream = copy.deepcopy(SWAGGER)
    operation = upstream["paths"]["/pets/{petId}"]["put"]
    operation["consumes"] = ["multipart/form-data"]
    operation["parameters"][2:] = [
        {"name": "note", "in": "formData", "type": "string"},
        {"name": "photo", "in": "formData", "type": "file", "required": True},
    ]
    code = documents.compare(upstream)

    assert (0, []) == (code, _found(capsys.readouterr().out))


def test_an_intended_difference_is_no_finding(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is printed with its reason, and the exit code is 0."""
    upstream = copy.deepcopy(SWAGGER)
    upstream["definitions"]["Mono"] = {"type": "object"}
    documents.differences.write_text(
        "intended: [{place: schema Mono, change: missing, reason: Never sent.}]\n", encoding="utf-8"
    )
    code = documents.compare(upstream)

    lines = capsys.readouterr().out.splitlines()
    assert (0, ["intended, 1: Never sent.", "  missing    schema Mono: object"]) == (
        code,
        lines[:2],
    )


def test_a_stale_entry_is_a_finding_unless_only_ours_is_compared(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    """An entry about what is left out may not be judged."""
    documents.differences.write_text(
        "intended: [{place: schema Mono, reason: Never sent.}]\n", encoding="utf-8"
    )

    assert [1, 0] == [documents.compare(SWAGGER), documents.compare(SWAGGER, "--only-ours")]
    assert 1 == capsys.readouterr().out.count("stale entries, 1")


def test_the_document_of_a_running_server_is_fetched(
    documents: Documents, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address is as good as a file, and redirections are followed."""
    httpserver.expect_request("/swagger.json").respond_with_json(SWAGGER)
    httpserver.expect_request("/docs").respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/swagger.json")}
    )
    code = documents.compare_with(httpserver.url_for("/docs"))

    assert (0, []) == (code, _found(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, "", ": the server responded with status 401"),
        (200, "<!doctype html><title>Shop</title>", ": is a page, not a document\n  hint: Give"),
        (200, "[]", ": holds no mapping"),
        (200, "{}", ": is not a Swagger 2 or OpenAPI 3 document\n  hint: It must begin"),
    ],
)
def test_what_a_server_may_return_instead(
    documents: Documents,
    httpserver: HTTPServer,
    capsys: pytest.CaptureFixture[str],
    status: int,
    body: str,
    expected: str,
) -> None:
    """A response that is no document is told with the address."""
    httpserver.expect_request("/docs").respond_with_data(body, status=status)
    address = httpserver.url_for("/docs")
    code = documents.compare_with(address)

    error = capsys.readouterr().err
    assert (1, address + expected) == (code, error[: len(address + expected)])


def test_a_server_that_does_not_respond_is_told() -> None:
    """An address at which nobody listens is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(PipelineError, match="cannot be reached: "):
        load(f"http://127.0.0.1:{port}/docs", timeout=1)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff", ": is not UTF-8 text (byte 0)"),
        (b"openapi: [", ": broken YAML at line 2"),
        (b'{"swagger": "2.0"', ": broken JSON at line 1"),
        (b"info: {}\n", ": is not a Swagger 2 or OpenAPI 3 document"),
        (b"swagger: '1.2'\n", ": is not a Swagger 2 or OpenAPI 3 document"),
        (b"swagger: '2.0'\n", "#/paths: expected a mapping"),
        (b"swagger: '2.0'\npaths: {/a: 1}\n", "#/paths/~1a: expected a mapping"),
        (b"swagger: '2.0'\npaths: {/a: {get: 1}}\n", "#/paths/~1a/get: expected a mapping"),
        (
            b"swagger: '2.0'\npaths: {/a: {$ref: '#/none'}}\n",
            "#/paths/~1a/$ref: '#/none' leads nowhere",
        ),
        (
            b"swagger: '2.0'\npaths: {/a: {$ref: 'a.yaml'}}\n",
            "#/paths/~1a/$ref: 'a.yaml' leads out of the document, which is not supported",
        ),
        (
            b"swagger: '2.0'\npaths: {}\ndefinitions: {A: {$ref: '#/definitions/A'}}\n",
            "#/definitions/A: the reference leads back to itself",
        ),
        (
            b"swagger: '2.0'\npaths: {}\ndefinitions: {A: {properties: {b: 1}}}\n",
            "#/definitions/A/properties/b: expected a mapping",
        ),
        (
            b"swagger: '2.0'\npaths: {}\ndefinitions: {A: {properties: []}}\n",
            "#/definitions/A/properties: expected a mapping",
        ),
        (
            b"swagger: '2.0'\npaths: {}\ndefinitions: {A: {enum: 1}}\n",
            "#/definitions/A/enum: expected an array",
        ),
        (
            b"swagger: '2.0'\npaths: {/a: {get: {parameters: 1}}}\n",
            "#/paths/~1a/get/parameters: expected an array",
        ),
        (
            b"openapi: 3.1.0\npaths: {}\ncomponents: []\n",
            "#/components: expected a mapping",
        ),
        (
            b"openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {content: 1}}}}}\n",
            "#/paths/~1a/get/responses/200: expected a mapping",
        ),
        (
            b"swagger: '2.0'\npaths: {}\ndefinitions: {A: {allOf: [{$ref: '#/definitions/A'}]}}\n",
            "#/definitions/A/allOf/0",
        ),
    ],
)
def test_a_document_that_cannot_be_read_is_told_with_the_place(
    documents: Documents, capsys: pytest.CaptureFixture[str], content: bytes, expected: str
) -> None:
    """Whatever is wrong with it, the message says where."""
    documents.upstream.write_bytes(content)
    code = documents.compare_with(str(documents.upstream))

    expected = str(documents.upstream) + expected
    assert (1, expected) == (code, capsys.readouterr().err[: len(expected)])


def test_a_file_that_is_not_there_is_told(
    documents: Documents, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of the file is in the message."""
    code = documents.compare_with("none.json")

    assert 1 == code
    assert "none.json: cannot be read: No such file or directory\n" == capsys.readouterr().err
