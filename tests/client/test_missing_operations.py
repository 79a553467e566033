"""A server that lacks an operation says so by its router's 404, unlike for things it lacks."""

from __future__ import annotations

import asyncio
import json
import pickle
import re
from typing import TYPE_CHECKING

import pytest
from dqops import AsyncDQOps, DQOps
from dqops.client.errors import ClientRequestError, NotFound, OperationNotSupported
from dqops.client.models import TablePartitioningModel

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

# As a real server sends it, without the stack trace.
ROUTER = {
    "timestamp": "2026-11-30T10:24:07.321+00:00",
    "path": "/api/domains/",
    "status": 404,
    "error": "Not Found",
    "message": None,
    "requestId": "979eb5f2-492",
}
THING = "Check the names in the path; they are case-sensitive."
NOTHING_THERE = "The server has nothing at this path: compare base_url and the server's version."


@pytest.mark.parametrize(
    ("body", "kind", "advice"),
    [
        (b"", NotFound, THING),
        (json.dumps(ROUTER).encode(), OperationNotSupported, NOTHING_THERE),
        (json.dumps({**ROUTER, "message": "no such table"}).encode(), NotFound, THING),
        (b'{"error": "Not Found"}', NotFound, THING),
        (b"<html>Not Found</html>", NotFound, THING),
    ],
    ids=["empty", "router", "message", "no_path", "page"],
)
def test_what_the_router_does_not_know_is_told_apart(
    httpserver: HTTPServer, body: bytes, kind: type[NotFound], advice: str
) -> None:
    """The body tells whether the operation is missing or something that its path names."""
    httpserver.expect_request(re.compile("")).respond_with_data(
        body, status=404, content_type="application/json"
    )
    with DQOps(httpserver.url_for("")) as client, pytest.raises(NotFound) as caught:
        client.connections.get_all_connections()

    assert kind is type(caught.value)
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("group", "operation", "since", "until", "told"),
    [
        (
            "data_domains",
            "get_local_data_domains",
            "1.8.0",
            "",
            "This server lacks the operation; it is there since 1.8.0. ",
        ),
        (
            "default_table_check_patterns",
            "get_all_default_table_checks_patterns",
            "",
            "1.7.0",
            "1.7.0. Newer servers have table_quality_policies.get_table_quality_policies. ",
        ),
    ],
)
def test_the_versions_that_have_it_are_named(
    httpserver: HTTPServer, group: str, operation: str, since: str, until: str, told: str
) -> None:
    """The exception has the versions as attributes and in its message; it can be pickled."""
    httpserver.expect_request(re.compile("")).respond_with_json(ROUTER, status=404)

    async def ask() -> None:
        async with AsyncDQOps(httpserver.url_for("")) as client:
            await getattr(getattr(client, group), operation)()

    with DQOps(httpserver.url_for("")) as client, pytest.raises(OperationNotSupported) as caught:
        getattr(getattr(client, group), operation)()
    with pytest.raises(OperationNotSupported) as asynchronous:
        asyncio.run(ask())

    assert str(caught.value) == str(asynchronous.value)
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        assert (since, until) == (error.since, error.until)
        assert told in str(error)
        assert ROUTER["requestId"] == error.request_id


def test_what_a_body_needs(httpserver: HTTPServer) -> None:
    """A 406 of the partitioning, whose body is empty, says what the body must name."""
    httpserver.expect_request(re.compile("")).respond_with_data(b"", status=406)
    with (
        DQOps(httpserver.url_for("")) as dq,
        pytest.raises(ClientRequestError, match=r"Set target in the body to the schema and the"),
    ):
        dq.tables.update_table_partitioning(
            "shop", "public", "orders", json_body=TablePartitioningModel()
        )
