"""Every specification is complete for its readers: texts, and examples that are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.reading.documents import load_document
from clientsmith.targets import load_targets
from dqops.testing.specification import Specification
from dqops.testing.specification.validation import Validation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

SPECIFICATIONS = {
    name: Specification(load_document(target.bundle, target.repository).content)
    for name, target in load_targets().items()
}
VALIDATIONS = {name: Validation(each) for name, each in SPECIFICATIONS.items()}


def contents(target: str, operation: Operation) -> Iterator[str]:
    """List every media type of the request and of the responses, as JSON pointers."""
    specification = SPECIFICATIONS[target]
    places = [place for place, _ in operation.responses.values()]
    if operation.body is not None:
        place, _ = specification.resolve(f"{operation.pointer}/requestBody")
        places.append(place)
    for place in places:
        _, holder = specification.resolve(place)
        for media_type in holder.get("content", {}):
            yield f"{place}/content/{media_type.replace('/', '~1')}"


@pytest.mark.parametrize("target", SPECIFICATIONS)
def test_every_body_has_an_example_that_fits_its_schema(target: str) -> None:
    """Requests, results and errors are each shown by an example, and the example is valid."""
    specification = SPECIFICATIONS[target]
    for operation in specification.operations.values():
        for place in contents(target, operation):
            _, content = specification.resolve(place)
            assert content.get("examples"), place
            for key in content["examples"]:
                _, example = specification.resolve(f"{place}/examples/{key}")
                pointer, _ = specification.resolve(f"{place}/schema")
                assert [] == VALIDATIONS[target].problems(pointer, example["value"]), (place, key)


@pytest.mark.parametrize(
    ("target", "schema", "value"),
    [
        ("dqops", "RunChecksQueueJobResult", {"status": "no-such-status"}),
        ("healthchecks_io", "Pings", {"pings": [{"type": "success"}]}),
        ("mosparo", "HealthReport", {"service": "mosparo", "healthy": 1, "databaseStatus": "x"}),
    ],
)
def test_wrong_example_would_be_noticed(target: str, schema: str, value: dict[str, Any]) -> None:
    """The validation that the test above relies on refuses what does not fit."""
    assert VALIDATIONS[target].problems(f"/components/schemas/{schema}", value) != []


@pytest.mark.parametrize("target", SPECIFICATIONS)
def test_every_operation_is_described(target: str) -> None:
    """An operation has summary and description, and so has all that belongs to it."""
    specification = SPECIFICATIONS[target]
    for name, operation in specification.operations.items():
        _, content = specification.resolve(operation.pointer)
        assert content["summary"], name
        assert content["description"].endswith("."), name
        parameters = [each for _, each in operation.parameters]
        assert [] == [each["name"] for each in parameters if not each.get("description")], name
        responses = operation.responses.items()
        bare = [status for status, (_, each) in responses if not each.get("description")]
        assert [] == bare, name
        if operation.body is not None:
            _, body = specification.resolve(f"{operation.pointer}/requestBody")
            assert body["description"], name


@pytest.mark.parametrize("target", SPECIFICATIONS)
def test_every_schema_is_described(target: str) -> None:
    """Each schema says what it is."""
    schemas = SPECIFICATIONS[target].document["components"]["schemas"]
    assert [] == [name for name, schema in schemas.items() if not schema.get("description")]


@pytest.mark.parametrize("target", SPECIFICATIONS)
def test_no_text_is_left_unfinished(target: str) -> None:
    """Nothing in the specification is marked as still to be written."""
    assert "TODO" not in str(SPECIFICATIONS[target].document)
