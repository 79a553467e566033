"""What the four functions of an operation return for each kind of response, over a real socket."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import re
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import AuthenticatedClient, Client, errors, models
from dqops.client.api.check_results import get_table_profiling_checks_results
from dqops.client.api.connections import get_all_connections
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import cancel_job, run_checks
from dqops.client.models import DqoJobStatus, RunChecksParameters, SpringErrorPayload

if TYPE_CHECKING:
    from types import ModuleType

    from pytest_httpserver import HTTPServer

TOKEN = "token-7Kq2/+=x"
JSON = "application/json"
SPRING = (
    b'{"timestamp":"2024-01-31T10:20:30.123+00:00","path":"/api/jobs","status":500,'
    b'"error":"Internal Server Error","requestId":"ab-1","message":"No such table"}'
)


def call(client: Client | AuthenticatedClient, mode: str, module: ModuleType, *args: Any) -> Any:
    """Call all of an operation that there is in a mode, and return `[result, response]`."""
    keywords = {"json_body": RunChecksParameters()} if module is run_checks else {}
    name = "sync" if mode == "sync" else "asyncio"
    functions = [getattr(module, name), getattr(module, f"{name}_detailed")]
    if mode == "sync":
        with client:
            return [function(*args, client=client, **keywords) for function in functions]

    async def main() -> list[Any]:
        async with client:
            return [await function(*args, client=client, **keywords) for function in functions]

    return asyncio.run(main())


def respond(server: HTTPServer, status: int, body: bytes, kind: str = JSON, **headers: str) -> str:
    """Let the server respond to every request alike; return its URL."""
    server.expect_request(re.compile("")).respond_with_data(
        body, status, headers, content_type=kind
    )
    return server.url_for("").rstrip("/")


HEALTH = [
    (200, b"OK", JSON, "OK"),
    (200, b'"OK"', JSON, "OK"),
    (200, b' "OK"\n', JSON, "OK"),
    (200, b"OK", "text/plain;charset=UTF-8", "OK"),
    (200, b'"O', JSON, '"O'),
    (200, b"", JSON, None),
    (299, b"OK", JSON, "OK"),
    (503, b"UNAVAILABLE", JSON, "UNAVAILABLE"),
    (503, b'"UNAVAILABLE"', JSON, "UNAVAILABLE"),
]


@pytest.mark.parametrize(("status", "body", "kind", "expected"), HEALTH)
def test_health(  # noqa: PLR0913, PLR0917, RUF100  # one column of the table each
    httpserver: HTTPServer, mode: str, status: int, body: bytes, kind: str, expected: str | None
) -> None:
    """Bare text and JSON strings are the same, and 503 is a response, not an error."""
    url = respond(httpserver, status, body, kind)

    result, detailed = call(Client(url, raise_on_unexpected_status=True), mode, is_healthy)

    assert expected == result == detailed.parsed
    assert (status, body) == (detailed.status_code.value, detailed.content)


@pytest.mark.parametrize("body", [b"<html><h1>503</h1></html>", b"", b"<!DOCTYPE html>\n<p>"])
def test_503_of_a_proxy_is_no_health(httpserver: HTTPServer, body: bytes) -> None:
    """An empty response, or a page, under a status that could be a result is a failure."""
    url = respond(httpserver, 503, body, JSON)

    assert is_healthy.sync(client=Client(url)) is None
    with pytest.raises(errors.ServiceUnavailable):
        is_healthy.sync(client=Client(url, raise_on_unexpected_status=True))


JOBS = [
    (201, b'{"status":"queued","jobId":{"jobId":7}}', DqoJobStatus.QUEUED),
    (200, b'{"status":"paused"}', "paused"),
    (299, b'{"status":"running","unknown":[1]}', DqoJobStatus.RUNNING),
    (201, b"", None),
    (201, b"null", None),
    (202, b" \n", None),
    (204, b"", None),
]


@pytest.mark.parametrize(("status", "body", "expected"), JOBS)
def test_jobs(
    httpserver: HTTPServer, mode: str, status: int, body: bytes, expected: str | None
) -> None:
    """A job's response is its model, whatever the success; without a body it is None."""
    url = respond(httpserver, status, body)

    result, detailed = call(Client(url, raise_on_unexpected_status=True), mode, run_checks)

    assert expected == (None if result is None else result.status)
    assert (result, status) == (detailed.parsed, int(detailed.status_code))


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b""), (200, b"<html>")])
def test_no_result(httpserver: HTTPServer, mode: str, status: int, body: bytes) -> None:
    """An operation without a result passes over what comes all the same."""
    url = respond(httpserver, status, body)

    result, detailed = call(Client(url), mode, cancel_job, "7")

    assert (None, None, status) == (result, detailed.parsed, detailed.status_code)


STATUSES: list[tuple[int, type[errors.UnexpectedStatus]]] = [
    (300, errors.Redirection),
    (302, errors.Redirection),
    (304, errors.Redirection),
    (400, errors.BadRequest),
    (401, errors.Unauthorized),
    (403, errors.Forbidden),
    (404, errors.NotFound),
    (405, errors.ClientRequestError),
    (409, errors.Conflict),
    (415, errors.ClientRequestError),
    (418, errors.ClientRequestError),
    (422, errors.ClientRequestError),
    (429, errors.TooManyRequests),
    (499, errors.ClientRequestError),
    (500, errors.ServerError),
    (501, errors.ServerError),
    (502, errors.BadGateway),
    (503, errors.ServiceUnavailable),
    (504, errors.GatewayTimeout),
    (520, errors.ServerError),
    (599, errors.ServerError),
    (600, errors.UnexpectedStatus),
    (999, errors.UnexpectedStatus),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_statuses_raise(
    httpserver: HTTPServer, mode: str, status: int, kind: type[errors.UnexpectedStatus]
) -> None:
    """Each status has its class, and the exception everything that is known."""
    body = b"" if status == 304 else SPRING
    url = respond(httpserver, status, body, **{"Retry-After": "3"})
    client = AuthenticatedClient(url, TOKEN, raise_on_unexpected_status=True)

    with pytest.raises(errors.UnexpectedStatus) as caught:
        call(client, mode, run_checks)

    error = caught.value
    assert (kind, status, body) == (type(error), error.status_code, error.content)
    assert ("run_checks", "POST") == (error.operation, error.method)
    assert f"{url}/api/jobs/runchecks" == error.url
    assert "3" == error.headers["retry-after"]
    expected = SpringErrorPayload.from_dict(json.loads(SPRING)) if body else None
    assert expected == error.parsed
    assert ("No such table" if body else "") == error.server_message
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (kind, str(error), vars(error)) == (type(copied), str(copied), vars(copied))
        assert "3" == copied.headers["Retry-After"]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_statuses_are_logged(
    httpserver: HTTPServer,
    caplog: pytest.LogCaptureFixture,
    mode: str,
    status: int,
    kind: type[errors.UnexpectedStatus],
) -> None:
    """Without exceptions, the result is None and one record per call says so, without secrets."""
    url = respond(httpserver, status, SPRING).replace("http://", "http://user:pa55word@")
    client = AuthenticatedClient(url, TOKEN, retries=None)
    with caplog.at_level(logging.INFO, "dqops.client"):
        result, detailed = call(client, mode, get_table_profiling_checks_results, "c", "s", "t")

    records = [record for record in caplog.records if record.name == "dqops.client"]
    assert [logging.WARNING] * 2 == [record.levelno for record in records]
    host = url.partition("@")[2]
    assert (
        f"get_table_profiling_checks_results: GET http://{host}/api/connections/c/schemas/s/tables"
        f"/t/profiling/results: status {status}, so the result is None. Create the client"
        " with raise_on_unexpected_status=True to get an exception instead."
    ) == records[0].getMessage()
    assert (None, None, status) == (result, detailed.parsed, detailed.status_code.value)
    assert "pa55word" not in caplog.text
    assert TOKEN not in caplog.text
    assert kind is errors.kind_of_status(status)


def test_not_found_with_a_list(httpserver: HTTPServer, mode: str) -> None:
    """The empty list that DQOps sends with 404 is the parsed error."""
    url = respond(httpserver, 404, b"[]")
    with pytest.raises(errors.NotFound) as caught:
        call(
            Client(url, raise_on_unexpected_status=True),
            mode,
            get_table_profiling_checks_results,
            *"cst",
        )

    assert [] == caught.value.parsed


@pytest.mark.parametrize("status", [200, 299])
def test_responses_can_be_copied(httpserver: HTTPServer, status: int) -> None:
    """A detailed response survives pickling and copying, with an unregistered status as well."""
    url = respond(httpserver, status, b'[{"connection_name":"c","provider_type":"new"}]')
    detailed = get_all_connections.sync_detailed(client=Client(url))

    for copied in (pickle.loads(pickle.dumps(detailed)), copy.deepcopy(detailed)):
        assert detailed == copied
        assert repr(detailed.status_code) == repr(copied.status_code)
    assert isinstance(detailed.parsed[0], models.ConnectionModel)  # type: ignore[index]
