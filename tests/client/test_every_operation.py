"""Every operation, through each of its four functions, with both kinds of client, over HTTP."""

from __future__ import annotations

import asyncio
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import AuthenticatedClient, Client
from dqops.client.types import File
from dqops.testing import DqopsServer
from operations_under_test import (
    GROUPS,
    OPERATIONS,
    SPECIFICATION,
    body,
    key_for,
    module,
    path_arguments,
    required_arguments,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dqops.testing.specification import Operation


@pytest.fixture(scope="module", params=["Client", "AuthenticatedClient"])
def client(request: pytest.FixtureRequest) -> Iterator[Client | AuthenticatedClient]:
    """A client of either kind, and a server that wants what it has."""
    is_authenticated = request.param == "AuthenticatedClient"
    with DqopsServer(examples_only=True, require_login=is_authenticated) as server:
        made: Client | AuthenticatedClient
        if is_authenticated:
            made = AuthenticatedClient(
                server.url, token=server.api_key, raise_on_unexpected_status=True
            )
        else:
            made = Client(server.url, raise_on_unexpected_status=True)
        with made as opened:
            yield opened


@pytest.fixture(autouse=True, scope="module")
def job(client: Client | AuthenticatedClient) -> None:
    """A job that the operations on jobs can find."""
    for name in ("run_checks", "collect_error_samples"):
        operation = next(each for each in OPERATIONS if each.name == name)
        module(operation).sync(client=client, **body(operation), job_business_key=key_for(name))


def call(operation: Operation, function: str, client: Client | AuthenticatedClient) -> Any:
    """Call one of the four functions; two of them return something to be awaited."""
    called = getattr(module(operation), function)
    arguments = {**body(operation), **required_arguments(operation)}
    return called(*path_arguments(operation), client=client, **arguments)


def call_all(
    operations: list[Operation], function: str, client: Client | AuthenticatedClient
) -> list[Any]:
    """Call one of the four functions of each operation."""
    if not function.startswith("asyncio"):
        return [call(operation, function, client) for operation in operations]

    async def main() -> list[Any]:
        async with client:
            return [await call(operation, function, client) for operation in operations]

    return asyncio.run(main())


def expected_result(operation: Operation, status: int, content: bytes) -> Any:
    """Read a body independently of the generated module: by the specification alone."""
    pointer, response = operation.responses[status]
    if "content" not in response or not content:
        return None
    ((media_type, media),) = response["content"].items()
    place = f"{pointer}/content/{media_type.replace('/', '~1')}"
    if "x-joined-text" in response:
        _, example = SPECIFICATION.resolve(f"{place}/examples/{next(iter(media['examples']))}")
        return example["value"]
    _, schema = SPECIFICATION.resolve(f"{place}/schema")
    if schema.get("format") == "binary":
        return content
    if schema.get("type") == "string":
        return content.decode()
    return typed(f"{place}/schema", json.loads(content))


def comparable(result: Any) -> Any:
    """Read a file, so that it can be compared."""
    if not isinstance(result, File):
        return result
    assert result.mime_type
    return result.payload.read()


def test_there_is_a_module_for_every_operation_and_none_besides() -> None:
    """The generated package has the operations of the specification."""
    package = importlib.import_module("dqops.client.api").__path__[0]
    found = {
        (path.parent.name, path.stem)
        for path in Path(package).glob("*/*.py")
        if path.stem != "__init__"
    }
    assert {(each.tag, each.name) for each in OPERATIONS} == found


@pytest.mark.parametrize("group", GROUPS)
def test_operations_return_their_typed_results(
    group: str, client: Client | AuthenticatedClient
) -> None:
    """Each function gives what the specification says the body means; the status is a success."""
    operations = GROUPS[group]
    expected: dict[str, Any] = {}
    for function in ("sync_detailed", "asyncio_detailed"):
        responses = call_all(operations, function, client)
        for operation, detailed in zip(operations, responses, strict=True):
            place = (operation.name, function)
            status = int(detailed.status_code)
            assert 200 <= status < 300 or operation.responses[status][1]["x-result"], place
            assert status in operation.responses, place
            value = expected_result(operation, status, detailed.content)
            result = comparable(detailed.parsed)
            assert value == result, place
            assert type(value) is type(result), place
            expected[operation.name] = value
    # The plain functions do not show the body, so theirs is taken to be like the one before.
    for function in ("sync", "asyncio"):
        results = call_all(operations, function, client)
        for operation, found in zip(operations, results, strict=True):
            place = (operation.name, function)
            value, result = expected[operation.name], comparable(found)
            assert type(value) is type(result), place
            if isinstance(value, list):
                assert {type(item) for item in value} == {type(item) for item in result}, place


@pytest.mark.parametrize("group", GROUPS)
def test_operations_are_the_same_over_aiohttp(
    group: str,
    client: Client | AuthenticatedClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tests above take httpx; aiohttp carries the same."""
    pytest.importorskip("aiohttp")
    monkeypatch.setenv("DQOPS_TRANSPORT", "aiohttp")
    responses = call_all(GROUPS[group], "asyncio_detailed", client)
    for operation, detailed in zip(GROUPS[group], responses, strict=True):
        status = int(detailed.status_code)
        assert status in operation.responses, operation.name
        expected = expected_result(operation, status, detailed.content)
        assert expected == comparable(detailed.parsed), operation.name
