"""Bodies of another model, and misspelt keys, which a server would ignore."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.incidents import get_incident
from dqops.client.api.jobs import run_checks
from dqops.client.errors import InvalidRequest
from dqops.client.models import CheckSearchFilters, RunChecksParameters, RunChecksResult
from dqops.testing import DqopsServer

if TYPE_CHECKING:
    from collections.abc import Iterator


class OwnParameters(RunChecksParameters):
    """A model as a program may derive it."""


@pytest.fixture(scope="module")
def server() -> Iterator[DqopsServer]:
    """A server for all tests of this module."""
    with DqopsServer(job_duration=0) as server:
        yield server


def call(server: DqopsServer, mode: str, body: Any) -> None:
    """Run checks, synchronously or asynchronously."""

    async def main() -> None:
        async with Client(server.url, raise_on_unexpected_status=True) as client:
            await run_checks.asyncio(client=client, json_body=body)

    if mode == "async":
        asyncio.run(main())
        return
    with Client(server.url, raise_on_unexpected_status=True) as client:
        run_checks.sync(client=client, json_body=body)


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (CheckSearchFilters(connection="a"), "must be RunChecksParameters, got CheckSearchFilters"),
        (RunChecksResult(), "must be RunChecksParameters, got RunChecksResult"),
        ({"checkSearchFilters": {}}, "'checkSearchFilters'; did you mean 'check_search_filters'"),
        ({"check_search_filter": {}}, "did you mean 'check_search_filters'"),
    ],
)
def test_refused(server: DqopsServer, mode: str, body: Any, said: str) -> None:
    """What would run every check there is, because the filters are ignored, is not sent."""
    before = len(server.requests)
    with pytest.raises(InvalidRequest, match=said):
        call(server, mode, body)
    assert before == len(server.requests)


@pytest.mark.parametrize(
    "body",
    [
        RunChecksParameters(),
        OwnParameters(),
        {},
        {"check_search_filters": {"connection": "a"}},
        {"check_search_filters": {}, "zzz": "what only a newer server knows"},
    ],
)
def test_sent(server: DqopsServer, body: Any) -> None:
    """The model, one that is derived from it, and plain JSON are sent."""
    before = len(server.requests)
    call(server, "sync", body)
    assert before + 1 == len(server.requests)


def test_client_by_place(server: DqopsServer) -> None:
    """The client may follow the parameters of the path without its name."""
    with Client(server.url, raise_on_unexpected_status=True) as client:
        assert "OK" == is_healthy.sync(client)
        assert 200 == is_healthy.sync_detailed(client).status_code
        assert is_healthy.sync(client=client) == "OK"


@pytest.mark.parametrize("wrong", ["http://localhost:8888/", Client, None, 1])
def test_no_client(wrong: Any) -> None:
    """What is no client is refused by its kind; a URL may hold a password and is not shown."""
    with pytest.raises(InvalidRequest, match="client must be a Client") as caught:
        is_healthy.sync(client=wrong)
    assert "localhost" not in str(caught.value)
    with pytest.raises(InvalidRequest, match="client must be a Client"):
        get_incident.sync("a", 2026, 1, "b", wrong)
    with pytest.raises(InvalidRequest, match="client must be a Client"):
        asyncio.run(is_healthy.asyncio(client=wrong))
