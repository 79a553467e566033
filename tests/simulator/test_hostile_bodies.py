"""Whatever the body of a request is: the simulated server refuses it, and never fails itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import httpx
import pytest
from dqops.testing import DqopsServer, Fault, SimulatedDqops

from simulator.hostile_bodies import BODIES, sample
from simulator.stateful import RICH, request_for
from simulator.support import SPECIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dqops.testing.specification import Operation


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client of a server that has one of everything."""
    settings = {"job_mode": "immediate", "license": "ENTERPRISE"}
    with (
        DqopsServer(RICH, **settings) as server,  # type: ignore[arg-type]
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        yield client


def exchange(http: httpx.Client, operation: Operation, body: bytes) -> httpx.Response:
    """Send a body to an operation, which names things that there are."""
    request = request_for(operation)
    headers = {"Content-Type": operation.body_media_type or "application/json"}
    url = f"{request.path}?{request.query}"
    return http.request(request.method, url, headers=headers, content=body)


def failures(
    http: httpx.Client, operation: Operation, bodies: Iterable[tuple[str, bytes]]
) -> list[str]:
    """List the bodies at which a server fails; what it fails at on purpose it does not log."""
    logged: list[logging.LogRecord] = []
    failed: list[str] = []
    handler = logging.Handler()
    handler.emit = logged.append  # type: ignore[method-assign, assignment]
    logger = logging.getLogger("dqops.testing")
    logger.addHandler(handler)
    try:
        for what, body in bodies:
            exchange(http, operation, body)
            failed += [f"{operation.name}: {what}: {record.exc_info}" for record in logged]
            logged.clear()
    finally:
        logger.removeHandler(handler)
    return failed


def test_no_body_makes_the_server_fail(http: httpx.Client) -> None:
    """A sample for each operation; `make fuzz` sends all."""
    failed: list[str] = []
    for number, operation in enumerate(SPECIFICATION.operations.values()):
        failed += failures(http, operation, sample(operation, number))
    assert [] == failed


@pytest.mark.parametrize(
    "name", ["update_default_webhooks", "update_default_schedules", "create_connection"]
)
def test_an_empty_body_is_refused(http: httpx.Client, name: str) -> None:
    """As by the real server."""
    operation = SPECIFICATION.operations[name]
    assert 400 == exchange(http, operation, b"").status_code


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_fault_hides_no_failure(body: bytes) -> None:
    """What replaces the response does not depend on the body."""
    request = request_for(SPECIFICATION.operations["update_default_webhooks"])
    with SimulatedDqops(faults=[Fault.status(502)]) as simulated:
        transport = simulated.transport()
        with httpx.Client(base_url="http://dqops.test", transport=transport) as client:
            response = client.put(request.path, content=body, headers=request.headers)
    assert 502 == response.status_code


@pytest.mark.parametrize("what", [name for name in BODIES if "100,000" in name])
def test_a_body_that_is_nested_too_deeply_is_refused(http: httpx.Client, what: str) -> None:
    """It says so, and the server goes on."""
    operation = SPECIFICATION.operations["update_default_webhooks"]
    response = exchange(http, operation, BODIES[what])
    assert 400 == response.status_code
    assert "nested too deeply" in response.json()["message"]
    assert 200 == http.get("/api/connections").status_code


def test_the_sample_has_every_body() -> None:
    """Each that does not depend on the operation is sent to some."""
    operations = [each for each in SPECIFICATION.operations.values() if each.body is not None]
    sent = {
        what for number, operation in enumerate(operations) for what, _ in sample(operation, number)
    }
    assert BODIES.keys() <= sent
