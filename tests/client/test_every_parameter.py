"""Every query parameter of every operation arrives at the server as it was given."""

from __future__ import annotations

import datetime
import inspect
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client, models
from dqops.testing import DqopsServer
from operations_under_test import OPERATIONS, SPECIFICATION, body, module, path_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation

ODD_TEXT = "a b&c=d/e?f#g%h+ü"
WITH_PARAMETERS = [
    each for each in OPERATIONS if any(given["in"] == "query" for _, given in each.parameters)
]


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server that records what it was asked."""
    with DqopsServer(job_duration=0.0) as running:
        yield running


def value_for(schema: Any, pointer: str) -> tuple[Any, Any]:
    """Choose a value for a parameter: what the caller gives, and what the server should read."""
    if "enum" in schema:
        member = next(iter(getattr(models, pointer.rpartition("/")[2])))
        return member, member.value
    if schema["type"] == "array":
        return [ODD_TEXT, "second"], [ODD_TEXT, "second"]
    by_type: dict[str, tuple[Any, Any]] = {
        "integer": (3, 3),
        "boolean": (False, False),
        "date": (datetime.date(2026, 11, 1), "2026-11-01"),
        "date-time-local": (datetime.datetime(2026, 11, 1, 2, 3, 4), "2026-11-01T02:03:04"),
    }
    return by_type.get(schema.get("format", "")) or by_type.get(
        schema["type"], (ODD_TEXT, ODD_TEXT)
    )


@pytest.mark.parametrize("operation", WITH_PARAMETERS, ids=lambda each: each.name)
def test_query_parameters_arrive(operation: Operation, server: DqopsServer) -> None:
    """Names and values are those that the specification gives; nothing is added or lost."""
    function = module(operation).sync_detailed
    names = [
        name
        for name, given in inspect.signature(function).parameters.items()
        if given.kind is given.KEYWORD_ONLY and name not in {"client", *body(operation)}
    ]
    given: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    queries = [(place, each) for place, each in operation.parameters if each["in"] == "query"]
    for name, (place, parameter) in zip(names, queries, strict=True):
        pointer, schema = SPECIFICATION.resolve(f"{place}/schema")
        given[name], expected[parameter["name"]] = value_for(schema, pointer)
    with Client(server.url) as client:
        function(*path_arguments(operation), client=client, **given, **body(operation))
    received = server.requests[-1]
    path_names = {each["name"] for _, each in operation.parameters if each["in"] == "path"}
    assert operation.name == received.operation
    assert expected == {
        name: value for name, value in received.parameters.items() if name not in path_names
    }
