"""Operations whose response comes when a job ends are not given up before the server responds."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import Client, errors
from dqops.client.api.jobs import get_job, run_checks, wait_for_job
from dqops.client.models import RunChecksParameters
from operations_under_test import OPERATIONS, body, module, path_arguments, required_arguments
from support.transports import in_two_modes, in_use

if TYPE_CHECKING:
    import socket

    from dqops.testing.specification import Operation
    from support.raw_server import RawServer

MARGIN = 30.0
"""How many seconds more than the wait the read timeout is."""


def call(client: Client, mode: str, operation: Any, *arguments: Any, **further: Any) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync(*arguments, client=client, **further)

    async def main() -> Any:
        async with client:
            return await operation.asyncio(*arguments, client=client, **further)

    return asyncio.run(main())


def limits_of(mode: str, operation: Any, *arguments: Any, **further: Any) -> dict[str, Any]:
    """Return the time limits that a request has when it is given to the transport."""
    seen: list[dict[str, Any]] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        response: httpx.Response = in_use(httpx.Response)(201, json={})
        return response

    view = further.pop("view", {})
    settings = further.pop("settings", {"timeout": 1})
    client = Client(
        "http://h", httpx_args={"transport": in_use(httpx.MockTransport)(respond)}, **settings
    )
    call(client.with_options(**view) if view else client, mode, operation, *arguments, **further)
    return {name: None if seconds is None else float(seconds) for name, seconds in seen[0].items()}


def test_the_response_that_comes_at_the_end(raw_server: RawServer, mode: str) -> None:
    """A client with a short timeout gets the response of a long wait, and of no other call."""

    def respond(_: socket.socket, __: bytes) -> bytes:
        time.sleep(0.6)
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    raw_server.respond = respond
    client = Client(raw_server.url, timeout=httpx.Timeout(20, read=0.1), retries=None)
    assert call(client, mode, wait_for_job, "7", wait_timeout=10) is not None
    filters = RunChecksParameters()
    assert call(client, mode, run_checks, json_body=filters, wait_timeout=10) is not None
    assert call(client, mode, run_checks, json_body=filters) is not None
    with pytest.raises(errors.TimeoutFailure):
        call(client, mode, get_job, "7")
    with pytest.raises(errors.TimeoutFailure):
        call(client, mode, run_checks, json_body=filters, wait=False)
    short = client.with_options(timeout=0.1)
    with pytest.raises(errors.TimeoutFailure):
        call(short, mode, run_checks, json_body=filters, wait_timeout=10)


CASES: dict[str, tuple[dict[str, Any], float | None]] = {
    "wait": ({"wait_timeout": 600}, 600 + MARGIN),
    "the server's own wait": ({}, 120 + MARGIN),
    "the server's own wait, None": ({"wait_timeout": None}, 120 + MARGIN),
    "no wait": ({"wait": False}, 1.0),
    "no wait, whatever its length": ({"wait": False, "wait_timeout": 600}, 1.0),
    "wait, said": ({"wait": True, "wait_timeout": 600}, 600 + MARGIN),
    "a wait of no time": ({"wait_timeout": 0}, MARGIN),
    "a longer timeout of the client": (
        {"wait_timeout": 600, "settings": {"timeout": 3600}},
        3600.0,
    ),
    "no timeout of the client": ({"wait_timeout": 600, "settings": {"timeout": None}}, None),
    "a timeout for this call": ({"wait_timeout": 600, "view": {"timeout": 5}}, 5.0),
    "no timeout for this call": ({"wait_timeout": 600, "view": {"timeout": None}}, None),
    "other options for this call": (
        {"wait_timeout": 600, "view": {"headers": {"X-A": "b"}}},
        600 + MARGIN,
    ),
    "the usual timeout": ({"settings": {}}, 120 + MARGIN),
}


@in_two_modes
@pytest.mark.parametrize("case", CASES)
def test_the_read_timeout(mode: str, case: str) -> None:
    """It is the wait and a margin, unless the caller set one for this call; other limits stay."""
    arguments, expected = CASES[case]
    limits = limits_of(mode, run_checks, json_body=RunChecksParameters(), **arguments)
    assert limits["read"] == expected
    client_timeout = arguments.get("settings", {"timeout": 1}).get("timeout", 120)
    others = arguments.get("view", {}).get("timeout", client_timeout)
    assert {limits[name] for name in ("connect", "write", "pool")} == {others}


def test_a_deadline_comes_first(mode: str) -> None:
    """The whole call takes no longer than the deadline, however long the wait is."""
    settings = {"timeout": 1, "deadline": 20}
    limits = limits_of(mode, wait_for_job, "7", wait_timeout=600, settings=settings)
    assert limits["read"] <= (20 if mode == "sync" else 630)


WAITING = [
    each for each in OPERATIONS if "wait_timeout" in inspect.signature(module(each).sync).parameters
]


def test_there_are_operations_with_a_wait() -> None:
    """The next test is about these."""
    assert {"run_checks", "wait_for_job", "wait_for_run_checks_job"} < {
        each.name for each in WAITING
    }


@pytest.mark.parametrize("operation", WAITING, ids=lambda operation: operation.name)
def test_every_operation_with_a_wait(operation: Operation) -> None:
    """Every one waits for its response as long as it asks the server to wait."""
    limits = limits_of(
        "sync",
        module(operation),
        *path_arguments(operation),
        **body(operation),
        **required_arguments(operation),
        wait_timeout=77,
    )
    assert limits["read"] == 77 + MARGIN
