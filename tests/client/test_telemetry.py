"""Spans of OpenTelemetry."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import AuthenticatedClient, Retries, errors
from dqops.client.api.connections import get_connection
from dqops.client.api.environment import download_logs
from dqops.client.api.healthcheck import is_healthy
from dqops.testing import DqopsServer, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.raw_server import RawServer

trace = pytest.importorskip("opentelemetry.trace")

TOKEN = "token-7Kq2"
QUICK = Retries(backoff=0.001)


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module; each sets its own faults."""
    with DqopsServer(api_key=TOKEN) as running:
        yield running


def call(client: AuthenticatedClient, mode: str, operation: Any, *arguments: Any) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync(*arguments, client=client)

    async def main() -> Any:
        async with client:
            return await operation.asyncio(*arguments, client=client)

    return asyncio.run(main())


def test_a_span_for_a_call(server: DqopsServer, mode: str, spans: Any) -> None:
    """A call is one span, named after the operation, whatever number of attempts it took."""
    server.reset()
    server.faults.add(Fault.status(503, nth=1))
    client = AuthenticatedClient(server.url, TOKEN, retries=QUICK)
    call(client, mode, get_connection, "warehouse")
    (span,) = spans.get_finished_spans()
    assert "dqops get_connection" == span.name
    assert {
        "dqops.operation": "get_connection",
        "dqops.attempts": 2,
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "url.path": "api/connections/warehouse",
        "url.template": "/api/connections/{connectionName}",
    } == dict(span.attributes)
    assert trace.StatusCode.UNSET is span.status.status_code


def test_a_span_for_a_refusal(server: DqopsServer, mode: str, spans: Any) -> None:
    """A status that is no response of the operation makes the span an error."""
    server.reset()
    client = AuthenticatedClient(server.url, TOKEN)
    call(client, mode, get_connection, "missing")
    (span,) = spans.get_finished_spans()
    assert trace.StatusCode.ERROR is span.status.status_code
    assert (404, "404") == (
        span.attributes["http.response.status_code"],
        span.attributes["error.type"],
    )


def test_a_span_for_a_failure(server: DqopsServer, mode: str, spans: Any) -> None:
    """A call without a response tells the kind of failure and the attempts, and nothing else."""
    server.reset()
    server.faults.add(Fault.reset())
    client = AuthenticatedClient(server.url, TOKEN, retries=QUICK)
    with pytest.raises(errors.TransportFailure):
        call(client, mode, is_healthy)
    (span,) = spans.get_finished_spans()
    assert trace.StatusCode.ERROR is span.status.status_code
    assert ("TransportFailure", 3) == (
        span.attributes["error.type"],
        span.attributes["dqops.attempts"],
    )
    assert () == span.events
    assert TOKEN not in span.to_json()


def test_an_unhealthy_server_is_no_error(mode: str, spans: Any) -> None:
    """The 503 of the health check is a response here, too."""
    with DqopsServer(healthy=False, api_key=TOKEN) as unhealthy:
        call(AuthenticatedClient(unhealthy.url, TOKEN), mode, is_healthy)
    (span,) = spans.get_finished_spans()
    assert trace.StatusCode.UNSET is span.status.status_code
    assert 503 == span.attributes["http.response.status_code"]


def test_a_span_for_a_download(server: DqopsServer, mode: str, spans: Any) -> None:
    """Of a stream, the span ends when reading can begin."""
    server.reset()
    client = AuthenticatedClient(server.url, TOKEN)

    async def main() -> None:
        async with client, download_logs.asyncio_stream(client=client):
            assert 1 == len(spans.get_finished_spans())

    if mode == "sync":
        with client, download_logs.stream(client=client):
            assert 1 == len(spans.get_finished_spans())
    else:
        asyncio.run(main())
    (span,) = spans.get_finished_spans()
    assert "dqops download_logs" == span.name


@pytest.mark.parametrize("mode", ["sync-httpx", "async-httpx", "async-aiohttp"], indirect=True)
def test_the_instrumentation_of_httpx(server: DqopsServer, mode: str, spans: Any) -> None:
    """The stock instrumentation works: its span of each request is below that of the call."""
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx")
    server.reset()
    server.faults.add(Fault.status(503, nth=1))
    client = AuthenticatedClient(server.url, TOKEN, auth_header_name="X-Api-Key", retries=QUICK)
    instrumentor = instrumentation.HTTPXClientInstrumentor()
    if mode == "sync":
        instrumentor.instrument_client(client.get_httpx_client())
        get_connection.sync("warehouse", client=client)
        client.close()
    else:

        async def main() -> None:
            async with client:
                instrumentor.instrument_client(client.get_async_httpx_client())
                await get_connection.asyncio("warehouse", client=client)

        asyncio.run(main())
    first, second, ours = spans.get_finished_spans()
    assert "dqops get_connection" == ours.name
    assert [503, 200] == [
        span.attributes.get("http.status_code") or span.attributes["http.response.status_code"]
        for span in (first, second)
    ]
    assert {ours.context.span_id} == {first.parent.span_id, second.parent.span_id}
    for span in (first, second, ours):
        assert TOKEN not in span.to_json()


def test_programs_without_it(raw_server: RawServer) -> None:
    """A program that does not use OpenTelemetry does not load it."""
    program = (
        "import sys; from dqops.client import Client; "
        "from dqops.client.api.healthcheck import is_healthy; "
        f"client = Client({raw_server.url!r}); is_healthy.sync(client=client); client.close(); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert ("[]\n", "") == (done.stdout, done.stderr)
