"""The specification is complete for its readers: texts and examples, and the examples are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing.specification import load_specification
from dqops.testing.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECIFICATION = load_specification()
VALIDATION = Validation(SPECIFICATION)
OPERATIONS = list(SPECIFICATION.operations.values())


def contents() -> Iterator[tuple[str, str]]:
    """List every media type of every request and response: a name, and its JSON pointer."""
    for operation in OPERATIONS:
        places = {
            f"{operation.name}-{status}": at for status, (at, _) in operation.responses.items()
        }
        if operation.body is not None:
            places[f"{operation.name}-body"], _ = SPECIFICATION.resolve(
                f"{operation.pointer}/requestBody"
            )
        for name, place in places.items():
            _, holder = SPECIFICATION.resolve(place)
            for media_type in holder.get("content", {}):
                yield name, f"{place}/content/{media_type.replace('/', '~1')}"


CONTENTS = dict(contents())


@pytest.mark.parametrize("name", CONTENTS)
def test_every_body_has_an_example_that_fits_its_schema(name: str) -> None:
    """Requests, results and errors are each shown by an example, and the example is valid."""
    place = CONTENTS[name]
    _, content = SPECIFICATION.resolve(place)
    assert content.get("examples")
    for key in content["examples"]:
        _, example = SPECIFICATION.resolve(f"{place}/examples/{key}")
        pointer, _ = SPECIFICATION.resolve(f"{place}/schema")
        assert [] == VALIDATION.problems(pointer, example["value"])


def test_wrong_example_would_be_noticed() -> None:
    """The validation that the test above relies on refuses what does not fit."""
    _, example = SPECIFICATION.resolve("/components/examples/RunChecksFinished")
    pointer = "/components/schemas/RunChecksQueueJobResult"
    assert VALIDATION.problems(pointer, {**example["value"], "status": "no-such-status"}) != []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_operation_is_described(operation: Any) -> None:
    """An operation has summary and description, and so has all that belongs to it."""
    _, content = SPECIFICATION.resolve(operation.pointer)
    assert content["summary"]
    assert content["description"].endswith(".")
    assert [] == [each["name"] for _, each in operation.parameters if not each.get("description")]
    responses = operation.responses.items()
    assert [] == [status for status, (_, each) in responses if not each.get("description")]
    assert operation.body is None or content["requestBody"]["description"]


def test_every_schema_is_described() -> None:
    """Each schema says what it is."""
    schemas = SPECIFICATION.document["components"]["schemas"]
    assert [] == [name for name, schema in schemas.items() if not schema.get("description")]


def test_no_text_is_left_unfinished() -> None:
    """Nothing in the specification is marked as still to be written."""
    assert "TODO" not in str(SPECIFICATION.document)
