"""Which version a server is, by its settings or by the operations of its own document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import dqops
import pytest
from dqops.client import Client, _versions
from dqops.client.errors import Unauthorized
from dqops.testing import DqopsServer
from support import runtime

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

SETTINGS = "/api/environment/settings"
DOCUMENT = "/v2/api-docs"
TABLES = runtime.server_versions.Tables(_versions)


def _ask(url: str) -> tuple[str | None, str | None]:
    """Ask with a client that does not raise, as functions do by default."""

    async def asynchronously() -> str | None:
        async with Client(url) as client:
            return await dqops.server_version_async(client)

    with Client(url) as client:
        return dqops.server_version(client), asyncio.run(asynchronously())


def _document(version: str) -> dict[str, Any]:
    """Give the document of a server, as far as it counts."""
    names = [name for name, span in TABLES.operations.items() if TABLES.has(span, version)]
    words = ["getAllConnections", *(_camel(name) for name in names)]
    definitions: dict[str, Any] = {"Other": {"type": "string"}, "Broken": None}
    for (schema, key), span in TABLES.properties.items():
        properties = definitions.setdefault(schema, {"properties": {"x": {}}})["properties"]
        if TABLES.has(span, version):
            properties[key] = {}
    return {
        "paths": {f"/{word}": {"get": {"operationId": word}} for word in words},
        "definitions": definitions,
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def test_a_server_tells_it_among_its_settings() -> None:
    """As the embedded server does, which stands for one of today."""
    with DqopsServer() as server:
        assert ("1.13.2",) * 2 == _ask(server.url)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1.2.0", "1.2.0"),
        ("1.3.0", "1.3.0"),
        ("1.4.1", "1.4.1"),
        ("1.7.0", "1.7.0"),
        ("1.8.0", "1.8.0"),
        ("1.9.0", "1.9.0"),
        ("1.10.0", "1.10.0"),
        ("1.10.1", "1.10.0"),
        ("1.11.0", "1.11.0"),
        ("1.11.6", "1.11.6"),
    ],
)
def test_older_servers_are_recognised_by_their_own_document(
    httpserver: HTTPServer, version: str, told: str
) -> None:
    """By its operations and properties; of versions with the same ones the oldest is told."""
    httpserver.expect_request(SETTINGS).respond_with_json({"properties": {"dqo.edition": "x"}})
    httpserver.expect_request(DOCUMENT).respond_with_json(_document(version))

    assert (told, told) == _ask(httpserver.url_for(""))


@pytest.mark.parametrize(
    "document",
    [
        {"paths": {}},
        {"paths": {"/a": {"get": {"operationId": "issueApiKeys"}, "parameters": []}}},
        {"paths": [1]},
        [],
        "<html>",
        None,
    ],
)
def test_a_server_that_does_not_tell(httpserver: HTTPServer, document: Any) -> None:
    """There is no guess: neither from another API's document nor from a page."""
    httpserver.expect_request(SETTINGS).respond_with_json({})
    if document is not None:
        httpserver.expect_request(DOCUMENT).respond_with_json(document)
    else:
        httpserver.expect_request(DOCUMENT).respond_with_data(b"", status=404)

    assert (None, None) == _ask(httpserver.url_for(""))


def test_errors_are_raised(httpserver: HTTPServer) -> None:
    """Also by clients that do not raise for the operations."""
    httpserver.expect_request(SETTINGS).respond_with_data(b"", status=401)

    with pytest.raises(Unauthorized):
        _ask(httpserver.url_for(""))
