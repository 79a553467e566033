"""What the server always sends: in every recorded response, and in every example of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recorded.exchanges import exchanges
from recorded.world import World
from simulator.support import SPECIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = "content/application~1json"


def missing(pointer: str, value: Any) -> Iterator[str]:
    """Find properties that are always sent and are not there."""
    pointer, schema = SPECIFICATION.resolve(pointer)
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from missing(f"{pointer}/items", item)
    if isinstance(value, dict):
        name = pointer.rpartition("/")[2]
        absent = [each for each in schema.get("x-always-sent", ()) if each not in value]
        yield from (f"{name}.{each}" for each in absent)
        properties = schema.get("properties", {})
        for key, item in value.items():
            if key in properties:
                place = key.replace("~", "~0").replace("/", "~1")
                yield from missing(f"{pointer}/properties/{place}", item)
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from missing(f"{pointer}/additionalProperties", item)


def test_every_recorded_response_has_it() -> None:
    """The marks are true of all that a DQOps 1.13.2 sent."""
    found: dict[str, set[str]] = {}
    for exchange in exchanges():
        operation = SPECIFICATION.operations[exchange.operation]
        if exchange.json is None or exchange.status not in operation.responses:
            continue
        pointer, response = operation.responses[exchange.status]
        if "application/json" in response.get("content", {}):
            absent = set(missing(f"{pointer}/{JSON}/schema", exchange.json))
            if absent:
                found[exchange.key] = absent
    assert found == {}


def test_every_example_of_a_response_has_it() -> None:
    """An example is what the server would send."""
    for name, operation in SPECIFICATION.operations.items():
        for pointer, response in operation.responses.values():
            media = response.get("content", {}).get("application/json", {})
            for key in media.get("examples", ()):
                _, example = SPECIFICATION.resolve(f"{pointer}/{JSON}/examples/{key}")
                absent = list(missing(f"{pointer}/{JSON}/schema", example["value"]))
                assert [] == absent, (name, key)


def test_missing_property_would_be_noticed() -> None:
    """The walk that the tests above rely on goes into lists, objects and maps."""
    schema = "/components/schemas/RunChecksQueueJobResult"
    assert ["RunChecksResult.execution_errors"] == list(
        missing(
            schema,
            {
                "jobId": {"jobId": 1, "createdAt": "2026-11-20T02:05:34.800Z"},
                "status": "finished",
                "result": {
                    "highest_severity": "valid",
                    "executed_checks": 0,
                    "valid_results": 0,
                    "warnings": 0,
                    "errors": 0,
                    "fatals": 0,
                },
            },
        )
    )


def test_simulator_sends_it_as_well() -> None:
    """Brought to the recorded state, it leaves out nothing that the server always sends."""
    found: dict[str, set[str]] = {}
    world = World()
    try:
        for exchange in exchanges():
            simulated = world.respond(exchange)
            operation = SPECIFICATION.operations[exchange.operation]
            if simulated.status not in operation.responses:
                continue
            pointer, response = operation.responses[simulated.status]
            if simulated.json is not None and "application/json" in response.get("content", {}):
                absent = set(missing(f"{pointer}/{JSON}/schema", simulated.json))
                if absent:
                    found[exchange.key] = absent
    finally:
        world.close()
    assert found == {}
