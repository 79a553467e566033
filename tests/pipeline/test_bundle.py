"""Many files become one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.checking.validation import validate_bundle
from clientsmith.reading.bundle import Bundle, bundle_specification

if TYPE_CHECKING:
    from .support import Repository

PETS = "openapi/demo/schemas/pets.yaml"
PATHS = "openapi/demo/paths/pets.yaml"


def bundle(repository: Repository) -> Bundle:
    """Bundle the specification and make sure that it is valid."""
    result = bundle_specification(repository.target)
    validate_bundle(result)
    return result


def schemas(repository: Repository) -> dict[str, Any]:
    """Give the schemas of the bundle."""
    components: dict[str, dict[str, Any]] = bundle(repository).content["components"]
    return components["schemas"]


def test_the_whole_document(repository: Repository) -> None:
    """Path items are put in, everything else that is referred to becomes a component."""
    expected = {
        "openapi": "3.1.0",
        "info": {"title": "Demo", "version": "1"},
        "security": [{"bearer": []}],
        "tags": [{"name": "pets"}],
        "paths": {
            "/pets/{pet_id}": {
                "get": {
                    "operationId": "get_pet",
                    "tags": ["pets"],
                    "parameters": [{"$ref": "#/components/parameters/pet_id"}],
                    "responses": {
                        "200": {
                            "description": "The pet.",
                            "content": {
                                "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                            },
                        },
                        "404": {"$ref": "#/components/responses/NotFound"},
                    },
                }
            },
            "/pets": {
                "get": {
                    "operationId": "list_pets",
                    "tags": ["pets"],
                    "responses": {
                        "200": {
                            "description": "All pets.",
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "array",
                                        "items": {"$ref": "#/components/schemas/Pet"},
                                    }
                                }
                            },
                        }
                    },
                }
            },
        },
        "components": {
            "schemas": {
                "Kind": {"type": "string", "enum": ["cat", "dog"]},
                "Pet": {
                    "description": "A pet.",
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "description": "What to call it."},
                        "kind": {
                            "$ref": "#/components/schemas/Kind",
                            "description": "Which animal it is.",
                        },
                    },
                },
            },
            "responses": {"NotFound": {"description": "There is no such pet."}},
            "parameters": {
                "pet_id": {
                    "name": "pet_id",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string"},
                }
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }

    # The text of both, because dictionaries are equal in any order.
    assert repr(expected) == repr(bundle(repository).content)


def test_counts(repository: Repository) -> None:
    """A bundle knows how many operations and schemas it has."""
    result = bundle(repository)

    assert (result.operations, result.schemas) == (2, 2)


@pytest.mark.parametrize(
    ("section", "use", "definition", "expected"),
    [
        (
            "requestBodies",
            "    requestBody:\n      $ref: ../shared.yaml#/Shared\n",
            "Shared:\n  content:\n    text/plain: {schema: {type: string}}\n",
            {"content": {"text/plain": {"schema": {"type": "string"}}}},
        ),
        (
            "parameters",
            "    parameters:\n      - $ref: ../shared.yaml#/Shared\n",
            "Shared:\n  name: q\n  in: query\n  schema: {type: string}\n",
            {"name": "q", "in": "query", "schema": {"type": "string"}},
        ),
        (
            "examples",
            """\
    requestBody:
      content:
        text/plain:
          schema: {type: string}
          examples:
            one:
              $ref: ../shared.yaml#/Shared
""",
            "Shared:\n  value: {$ref: a value is left alone}\n",
            {"value": {"$ref": "a value is left alone"}},
        ),
        (
            "schemas",
            """\
    parameters:
      - name: q
        in: query
        schema:
          $ref: ../shared.yaml#/Shared
""",
            "Shared:\n  type: integer\n",
            {"type": "integer"},
        ),
    ],
)
def test_the_position_of_a_reference_tells_the_section(
    repository: Repository, section: str, use: str, definition: str, expected: Any
) -> None:
    """The same file can hold definitions of any kind; what uses them decides."""
    repository.replace(PATHS, "    operationId: list_pets\n", f"    operationId: list_pets\n{use}")
    repository.write("openapi/demo/shared.yaml", definition)

    assert expected == bundle(repository).content["components"][section]["Shared"]


def test_headers_of_responses_can_be_shared(repository: Repository) -> None:
    """A header that several responses have stands once."""
    repository.write(
        "openapi/demo/responses.yaml",
        """\
        NotFound:
          description: There is no such pet.
          headers:
            Retry-After:
              $ref: headers.yaml#/RetryAfter
        """,
    )
    repository.write("openapi/demo/headers.yaml", "RetryAfter:\n  schema: {type: integer}\n")

    components = bundle(repository).content["components"]
    assert (
        components["responses"]["NotFound"]["headers"]["Retry-After"],
        components["headers"]["RetryAfter"],
    ) == (
        {"$ref": "#/components/headers/RetryAfter"},
        {"schema": {"type": "integer"}},
    )


def test_components_of_the_root_document_can_be_referred_to(repository: Repository) -> None:
    """A small specification can be one file."""
    repository.replace(
        "openapi/demo/openapi.yaml",
        "components:\n",
        "components:\n  schemas:\n    Kind:\n      type: string\n",
    )
    repository.replace(PETS, "#/Kind", "../openapi.yaml#/components/schemas/Kind")
    repository.replace(PETS, "Kind:\n  type: string\n  enum: [cat, dog]\n", "")

    assert schemas(repository)["Kind"] == {"type": "string"}


def test_a_definition_can_be_an_alias(repository: Repository) -> None:
    """A definition that is only a `$ref` stays a component of its own."""
    repository.replace(PETS, "#/Kind", "#/Alias")
    repository.append(PETS, "Alias:\n  $ref: '#/Kind'\n")

    assert schemas(repository)["Alias"] == {"$ref": "#/components/schemas/Kind"}


def test_schemas_can_refer_to_each_other_in_a_circle(repository: Repository) -> None:
    """Through properties a circle is fine, and it ends."""
    repository.append(
        PETS,
        """\
        Owner:
          type: object
          properties:
            pets: {type: array, items: {$ref: "#/Pet"}}
            friend: {$ref: "#/Owner"}
        """,
    )
    repository.replace(
        PETS, "  properties:\n    kind:", "  properties:\n    owner: {$ref: '#/Owner'}\n    kind:"
    )

    assert list(schemas(repository)) == ["Kind", "Owner", "Pet"]


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("../odd%20name.yaml#/Odd", "Odd"),
        ("./../odd name.yaml#/Odd", "Odd"),
        ("../odd%20name.yaml#/Odd.Name-2_x", "Odd.Name-2_x"),
        ("../odd%20name.yaml#/Odd%2EName%2D2_x", "Odd.Name-2_x"),
    ],
)
def test_references_are_decoded(repository: Repository, reference: str, name: str) -> None:
    """Percent escapes in file names and pointers are understood."""
    repository.replace(PETS, '"#/Kind"', f'"{reference}"')
    repository.replace(PETS, "Kind:\n  type: string\n  enum: [cat, dog]\n", "")
    repository.write("openapi/demo/odd name.yaml", f"{name}:\n  type: string\n")

    assert name in schemas(repository)


def test_fields_beside_a_schema_reference_are_bundled(repository: Repository) -> None:
    """What stands beside a `$ref` is kept, references in it included."""
    repository.replace(
        PETS,
        "description: Which animal it is.",
        "description: Which.\n      anyOf:\n        - $ref: '#/Kind'",
    )

    kind = {
        "$ref": "#/components/schemas/Kind",
        "description": "Which.",
        "anyOf": [{"$ref": "#/components/schemas/Kind"}],
    }
    assert repr(kind) == repr(schemas(repository)["Pet"]["properties"]["kind"])


def test_discriminators_lead_to_components(repository: Repository) -> None:
    """References in the mapping of a discriminator are resolved, plain names are kept."""
    repository.append(
        PETS,
        """\
        Any:
          oneOf:
            - $ref: "#/Pet"
          discriminator:
            propertyName: kind
            mapping:
              cat: "#/Pet"
              dog: Pet
        """,
    )
    repository.replace(PETS, '$ref: "#/Kind"\n', "$ref: \"#/Kind\"\n      not: {$ref: '#/Any'}\n")

    assert schemas(repository)["Any"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/Pet",
        "dog": "Pet",
    }


def test_names_that_look_like_keywords_are_names(repository: Repository) -> None:
    """A property called `$ref`-like names, `items` or `schema` is a property."""
    repository.replace(
        PETS,
        "  properties:\n    kind:",
        "  properties:\n    schema: {type: string}\n    items: {type: integer}\n    kind:",
    )

    assert list(schemas(repository)["Pet"]["properties"]) == ["name", "schema", "items", "kind"]


def test_reading_changes_nothing(repository: Repository) -> None:
    """Two bundles share no values: who changes one does not change the other."""
    first, second = bundle(repository), bundle(repository)
    first.content["components"]["schemas"]["Kind"]["enum"].append("fish")

    assert second.content["components"]["schemas"]["Kind"]["enum"] == ["cat", "dog"]


@pytest.mark.parametrize(
    ("place", "origin"),
    [
        ((), "openapi.yaml#"),
        (("info", "title"), "openapi.yaml#/info/title"),
        (("paths", "/pets"), "paths/pets.yaml#/~1pets"),
        (
            ("paths", "/pets", "get", "responses", "200", "content"),
            "paths/pets.yaml#/~1pets/get/responses/200/content",
        ),
        (("components", "schemas", "Pet"), "schemas/pets.yaml#/Pet"),
        (
            ("components", "schemas", "Pet", "properties", "name", "type"),
            "schemas/pets.yaml#/Named/properties/name/type",
        ),
        (
            ("components", "schemas", "Pet", "properties", "kind"),
            "schemas/pets.yaml#/Pet/properties/kind",
        ),
        (("components", "responses", "NotFound"), "responses.yaml#/NotFound"),
        (("components", "securitySchemes"), "openapi.yaml#/components/securitySchemes"),
    ],
)
def test_every_part_is_traced_to_its_source(
    repository: Repository, place: tuple[str, ...], origin: str
) -> None:
    """A place in the bundle leads to the file and pointer that a person edits."""
    assert f"openapi/demo/{origin}" == str(bundle(repository).locate(*place))
