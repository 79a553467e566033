"""`allOf` of object schemas becomes one flat object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.checking.validation import validate_bundle
from clientsmith.errors import PipelineError
from clientsmith.reading.bundle import bundle_specification

if TYPE_CHECKING:
    from .support import Repository

FILE = "openapi/demo/schemas/pets.yaml"


def merged(repository: Repository, text: str) -> dict[str, Any]:
    """Bundle with other schemas (indentation is taken off) and give all of them."""
    repository.write(FILE, text)
    bundle = bundle_specification(repository.target)
    validate_bundle(bundle)
    schemas: dict[str, dict[str, Any]] = bundle.content["components"]["schemas"]
    return schemas


def test_properties_stand_in_the_order_of_the_file(repository: Repository) -> None:
    """Blocks come in their order, the schema's own where `properties` stands."""
    schemas = merged(
        repository,
        """\
        A: {type: object, properties: {a: {type: string}}, required: [a]}
        B: {type: object, allOf: [{$ref: "#/C"}], properties: {b: {type: string}}}
        C: {type: object, properties: {c: {type: string}}, required: [c]}
        Pet:
          properties: {z: {type: string}, y: {type: string}}
          required: [y, a]
          allOf: [{$ref: "#/B"}, {$ref: "#/A"}, {type: object, properties: {i: {type: string}}}]
        """,
    )

    assert (
        list(schemas["Pet"]["properties"]),
        schemas["Pet"]["required"],
    ) == (["z", "y", "c", "b", "a", "i"], ["y", "a", "c"])


def test_building_blocks_are_no_components(repository: Repository) -> None:
    """What is reached only through `allOf` is not in the bundle; what is also used is."""
    schemas = merged(
        repository,
        """\
        Block: {type: object, properties: {a: {type: string}}}
        Used: {type: object, properties: {b: {type: string}}}
        Pet:
          type: object
          allOf: [{$ref: "#/Block"}, {$ref: "#/Used"}]
          properties: {used: {$ref: "#/Used"}}
        """,
    )

    assert list(schemas) == ["Pet", "Used"]


def test_the_outer_description_wins(repository: Repository) -> None:
    """Annotations come from the schema itself, and from its blocks where it has none."""
    schemas = merged(
        repository,
        """\
        Block: {type: object, title: Block, description: Inner., x-note: inner, deprecated: true}
        Pet:
          description: Outer.
          x-note: outer
          allOf: [{$ref: "#/Block"}]
          properties: {a: {type: string}}
        """,
    )

    assert repr(
        {
            "description": "Outer.",
            "x-note": "outer",
            "title": "Block",
            "deprecated": True,
            "type": "object",
            "properties": {"a": {"type": "string"}},
        }
    ) == repr(schemas["Pet"])


def test_other_keywords_are_kept(repository: Repository) -> None:
    """A block can say what further properties are."""
    schemas = merged(
        repository,
        """\
        Block: {type: object, additionalProperties: {$ref: "#/Value"}, maxProperties: 3}
        Value: {type: integer}
        Pet: {allOf: [{$ref: "#/Block"}], minProperties: 1}
        """,
    )

    assert schemas["Pet"] == {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"$ref": "#/components/schemas/Value"},
        "maxProperties": 3,
    }


def test_the_same_property_can_come_twice(repository: Repository) -> None:
    """Two ways to one block, or two equal definitions, are no conflict."""
    schemas = merged(
        repository,
        """\
        Base: {type: object, properties: {a: {type: string}}}
        Left: {allOf: [{$ref: "#/Base"}], properties: {b: {type: string}}}
        Right: {allOf: [{$ref: "#/Base"}], properties: {b: {type: string}, c: {type: string}}}
        Pet: {allOf: [{$ref: "#/Left"}, {$ref: "#/Right"}]}
        """,
    )

    assert list(schemas["Pet"]["properties"]) == ["a", "b", "c"]


def test_blocks_of_other_files_keep_their_references(repository: Repository) -> None:
    """A reference in a block is relative to the block's file."""
    repository.write(
        "openapi/demo/blocks/block.yaml",
        "Block: {type: object, properties: {kind: {$ref: ../kinds.yaml#/Kind}}}\n",
    )
    repository.write("openapi/demo/kinds.yaml", "Kind: {type: string}\n")
    schemas = merged(repository, "Pet: {allOf: [{$ref: ../blocks/block.yaml#/Block}]}\n")

    assert schemas["Pet"]["properties"] == {"kind": {"$ref": "#/components/schemas/Kind"}}


@pytest.mark.parametrize(
    "block",
    [
        "{type: string, minLength: 1}",
        "{oneOf: [{type: object}, {type: array}]}",
        "{type: [object, 'null'], properties: {b: {type: string}}}",
        "true",
        "{enum: [a]}",
    ],
)
def test_what_is_more_than_an_object_is_left_as_it_is(repository: Repository, block: str) -> None:
    """An `allOf` with anything but objects stays, and what it refers to is a component."""
    repository.write(
        FILE,
        f"""\
        Block: {block}
        Pet: {{description: Outer., allOf: [{{$ref: "#/Block"}}, {{type: object}}]}}
        """,
    )
    schemas = bundle_specification(repository.target).content["components"]["schemas"]

    assert (schemas["Pet"], list(schemas)) == (
        {
            "description": "Outer.",
            "allOf": [{"$ref": "#/components/schemas/Block"}, {"type": "object"}],
        },
        ["Block", "Pet"],
    )


def test_an_allof_of_one_reference_in_a_property_stays_a_reference(repository: Repository) -> None:
    """The old way to describe a reference does not make an anonymous copy of the object."""
    schemas = merged(
        repository,
        """\
        Owner: {type: object, properties: {a: {type: string}}}
        Pet:
          type: object
          properties:
            owner: {description: Whose it is., allOf: [{$ref: "#/Owner"}]}
        """,
    )

    assert schemas["Pet"]["properties"] == {
        "owner": {"$ref": "#/components/schemas/Owner", "description": "Whose it is."}
    }


def test_an_allof_in_a_property_is_merged(repository: Repository) -> None:
    """An anonymous object can be composed too."""
    schemas = merged(
        repository,
        """\
        Owner: {type: object, properties: {a: {type: string}}}
        Pet:
          type: object
          properties:
            owner: {allOf: [{$ref: "#/Owner"}], properties: {b: {type: string}}}
        """,
    )

    assert (
        list(schemas),
        list(schemas["Pet"]["properties"]["owner"]["properties"]),
    ) == (["Pet"], ["a", "b"])


@pytest.mark.parametrize(
    ("text", "pointer", "message"),
    [
        (
            """\
            A: {type: object, properties: {a: {type: string}}}
            B: {type: object, properties: {a: {type: integer}}}
            Pet: {allOf: [{$ref: "#/A"}, {$ref: "#/B"}]}
            """,
            "/Pet",
            (
                "allOf defines the property 'a' twice, and differently: in "
                f"{FILE}#/A/properties/a and in {FILE}#/B/properties/a"
            ),
        ),
        (
            """\
            A: {type: object, properties: {a: {type: string}}}
            Pet: {allOf: [{$ref: "#/A"}], properties: {a: {type: string, description: Own.}}}
            """,
            "/Pet",
            (
                "allOf defines the property 'a' twice, and differently: in "
                f"{FILE}#/A/properties/a and in {FILE}#/Pet/properties/a"
            ),
        ),
        (
            """\
            A: {type: object, additionalProperties: true}
            Pet: {allOf: [{$ref: "#/A"}], additionalProperties: false}
            """,
            "/Pet",
            (
                "allOf sets 'additionalProperties' twice: in "
                f"{FILE}#/Pet/additionalProperties and in {FILE}#/A/additionalProperties"
            ),
        ),
        (
            """\
            A: {allOf: [{$ref: "#/B"}]}
            B: {allOf: [{$ref: "#/A"}]}
            Pet: {allOf: [{$ref: "#/A"}], type: object}
            """,
            "/B/allOf/0",
            f"allOf includes itself: {FILE}#/A -> {FILE}#/B -> {FILE}#/A",
        ),
        (
            """\
            Pet: {type: object, allOf: [{$ref: "#/Pet"}]}
            """,
            "/Pet/allOf/0",
            f"allOf includes itself: {FILE}#/Pet -> {FILE}#/Pet",
        ),
    ],
)
def test_what_cannot_be_merged_is_told(
    repository: Repository, text: str, pointer: str, message: str
) -> None:
    """A conflict names both sides, a circle all of its steps."""
    with pytest.raises(PipelineError) as caught:
        merged(repository, text)

    assert (FILE, pointer, message) == (
        caught.value.file,
        caught.value.pointer,
        caught.value.message,
    )
