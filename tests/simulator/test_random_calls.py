"""Random sequences of valid requests: no response is invalid, and the simulator never fails."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from dqops.testing.handlers import FAILURES

from simulator.stateful import KNOWN, request_for, simulator
from simulator.support import SPECIFICATION

if TYPE_CHECKING:
    from dqops.testing.specification import Operation

SEQUENCES = 40
CALLS = 50
TEXTS = (KNOWN, "orders", "shop", "*", "", "\u00fc/\u00df", "sales.orders")
FORMATTED = {
    "date-time": "2024-05-20T12:00:00Z",
    "date": "2024-05-20",
    "date-time-local": "2024-05-20T12:00:00",
    "duration": "PT1H",
}
DEEPEST = 5
# What the real server fails at, too: what it cannot do without, jobs that fail while somebody waits
# for them, and two waits that fail whatever becomes of the job.
INTENDED = {
    *FAILURES,
    "find_recent_incidents_on_connection",
    "import_tables",
    "synchronize_folders",
    "wait_for_collect_error_samples_job",
    "wait_for_job",
    "wait_for_run_checks_job",
}


def value_for(pointer: str, chance: random.Random, depth: int = 0) -> Any:
    """Make a value that a schema allows."""
    place, schema = SPECIFICATION.resolve(pointer)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = chance.choice(kind)
    if kind == "object":
        return object_for(place, schema, chance, depth)
    if kind == "array":
        count = 0 if depth >= DEEPEST else chance.randint(0, 2)
        return [value_for(f"{place}/items", chance, depth + 1) for _ in range(count)]
    choices: dict[str, tuple[Any, ...]] = {
        "string": (FORMATTED.get(schema.get("format", "")) or chance.choice(TEXTS),),
        "integer": (0, 1, -1, 5, 2**31 - 1, -(2**31)),
        "number": (0.0, 1.5, -3.0),
        "boolean": (True, False),
    }
    return chance.choice(choices.get(kind or "", (None,)))


def object_for(place: str, schema: Any, chance: random.Random, depth: int) -> dict[str, Any]:
    """Make an object with a few of its properties."""
    if depth >= DEEPEST:
        return {}
    # Of a table with `statistics` nothing can be read, as on the real server.
    names = [name for name in schema.get("properties", ()) if name != "statistics"]
    chosen = chance.sample(names, min(len(names), chance.randint(0, 4)))
    made = {name: value_for(f"{place}/properties/{name}", chance, depth + 1) for name in chosen}
    if isinstance(schema.get("additionalProperties"), dict):
        for name in chance.sample(TEXTS, chance.randint(0, 2)):
            made[name] = value_for(f"{place}/additionalProperties", chance, depth + 1)
    return made


def names_for(operation: Operation, chance: random.Random) -> dict[str, Any]:
    """Choose some of the parameters; the others have names of the seed, or are absent."""
    names: dict[str, Any] = {}
    for pointer, parameter in operation.parameters:
        _, schema = SPECIFICATION.resolve(f"{pointer}/schema")
        if chance.random() < 0.3:
            is_name = schema.get("type") == "string" and "enum" not in schema
            names[parameter["name"]] = (
                chance.choice(("fresh", "x y", KNOWN, "carts"))
                if is_name and "format" not in schema
                else value_for(f"{pointer}/schema", chance)
            )
    return names


@pytest.mark.parametrize("number", range(SEQUENCES))
def test_random_calls_never_fail(number: int) -> None:
    """Every response is valid (the simulator compares it), and snapshots work in between."""
    chance = random.Random(number)
    asked = simulator()
    operations = list(SPECIFICATION.operations.values())
    failed = []
    for _ in range(CALLS):
        operation = chance.choice(operations)
        body = None
        is_json = operation.body_media_type == "application/json"
        if is_json and operation.body is not None and chance.random() < 0.7:
            body = value_for(operation.body, chance)
        response = asked.respond(
            request_for(operation, names_for(operation, chance), body)
        ).response
        if response.status == 500 and operation.name not in INTENDED:
            failed.append((operation.name, response.body))
        if chance.random() < 0.1:
            snapshot = asked.state.snapshot()
            asked.state.restore(snapshot)
            assert snapshot == asked.state.snapshot()
    assert [] == failed
