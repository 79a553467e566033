"""What is logged about calls, on which level, and what is not."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import AuthenticatedClient, Retries, errors
from dqops.client.api.connections import get_connection
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import get_job, run_checks
from dqops.client.models import RunChecksParameters
from dqops.testing import DqopsServer, Fault
from support.runtime import Operation, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.raw_server import RawServer

TOKEN = "token-7Kq2"
PASSWORD = "password-9Xw4"
QUERY = "query-3Zr8"
QUICK = Retries(backoff=0.001)


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module; each sets its own faults."""
    with DqopsServer(api_key=TOKEN) as running:
        yield running


def call(
    client: AuthenticatedClient, mode: str, operation: Any, *arguments: Any, **more: Any
) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync(*arguments, client=client, **more)

    async def main() -> Any:
        async with client:
            return await operation.asyncio(*arguments, client=client, **more)

    return asyncio.run(main())


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Leave out what httpx and the simulator log."""
    return [record for record in caplog.records if record.name == "dqops.client"]


def test_one_record_for_a_call(
    server: DqopsServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A call is one record at DEBUG, with fields for handlers that write structured logs."""
    caplog.set_level(logging.DEBUG, "dqops.client")
    server.reset()
    call(AuthenticatedClient(server.url, TOKEN), mode, get_connection, "warehouse")
    (record,) = ours(caplog)
    assert logging.DEBUG == record.levelno
    seconds = record.__dict__["dqops_seconds"]
    assert (
        f"get_connection: GET api/connections/warehouse: status 200 after {seconds:.3f} s"
    ) == record.getMessage()
    assert 0 < seconds < 10
    assert {
        "dqops_operation": "get_connection",
        "dqops_method": "GET",
        "dqops_path": "api/connections/warehouse",
        "dqops_status": 200,
        "dqops_attempts": 1,
    } == {
        name: value
        for name, value in record.__dict__.items()
        if name.startswith("dqops_") and name != "dqops_seconds"
    }


def test_what_is_sent_again_is_told(
    server: DqopsServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Each repetition is a record at INFO; the call is still one at DEBUG."""
    caplog.set_level(logging.DEBUG, "dqops.client")
    server.reset()
    server.faults.add(Fault.status(503, nth=1), Fault.disconnect(nth=2))
    call(AuthenticatedClient(server.url, TOKEN, retries=QUICK), mode, get_connection, "warehouse")
    first, second, last = ours(caplog)
    assert [logging.INFO, logging.INFO, logging.DEBUG] == [
        record.levelno for record in (first, second, last)
    ]
    assert (
        "get_connection: GET api/connections/warehouse: status 503 at attempt 1; retrying in 0.00 s"
    ) == first.getMessage()
    assert "ProtocolFailure at attempt 2; retrying in " in second.getMessage()
    assert last.getMessage().endswith(" s and 3 attempts")
    assert 3 == last.__dict__["dqops_attempts"]


def test_calls_without_a_response(
    server: DqopsServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure is a record at DEBUG: the caller has the exception to log or not."""
    caplog.set_level(logging.DEBUG, "dqops.client")
    server.reset()
    server.faults.add(Fault.reset())
    client = AuthenticatedClient(server.url, TOKEN)
    with pytest.raises(errors.TransportFailure):
        call(client, mode, run_checks, json_body=RunChecksParameters())
    (record,) = ours(caplog)
    assert logging.DEBUG == record.levelno
    assert (
        "run_checks: POST api/jobs/runchecks failed with TransportFailure after "
        in record.getMessage()
    )
    assert record.__dict__["dqops_status"] is None


def test_nothing_is_logged_by_default(
    server: DqopsServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """At the usual level, a call that succeeds is no record."""
    server.reset()
    caplog.set_level(logging.INFO, "dqops.client")
    call(AuthenticatedClient(server.url, TOKEN), mode, is_healthy)
    assert [] == ours(caplog)


def test_no_secrets_at_debug(
    raw_server: RawServer, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    """Neither our records nor those of the HTTP libraries hold the token, a password or a body."""
    caplog.set_level(logging.DEBUG)
    body = QUERY.encode()
    raw_server.respond = lambda *_: (
        b"HTTP/1.1 503 Busy\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    client = AuthenticatedClient(
        raw_server.url.replace("://", f"://someone:{PASSWORD}@"),
        TOKEN,
        auth_header_name="X-Key",
        retries=QUICK,
        headers={"X-Tenant": QUERY},
    )
    call(client, mode, get_job, 7)
    shown = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for secret in (TOKEN, PASSWORD, QUERY):
        assert secret not in shown


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("key-1/nightly/start", "***/nightly/start"),
        (
            "http://user:pw@host/ping/key-1/nightly/start?rid=x#y",
            "http://***@host/ping/***/nightly/start",
        ),
        ("http://host/key-1/nightly/start/", "http://host/***/nightly/start"),
        ("/elsewhere", "/elsewhere"),
        ("", ""),
    ],
)
def test_secret_path_parameter(address: str, expected: str) -> None:
    """What the specification calls secret is shown in no address, whatever comes before it."""
    operation = Operation(
        name="x",
        method="POST",
        path="/{ping_key}/{slug}/start",
        models="dqops.client.models",
        results={},
        errors={},
        secrets=("ping_key",),
    )
    assert expected == shown_url(operation, address)
