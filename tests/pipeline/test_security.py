"""A generated client proves who it is in the way that the document says."""

from __future__ import annotations

import asyncio
import logging
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.writing.regenerate import regenerate

from .test_adopted import write_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer
    from werkzeug import Request

TOKEN = "s3cr3t&token"
TARGET = """\
library:
  root: library/openapi.yaml
  bundle: library.bundle.yaml
  manifest: library.manifest.json
  package: guarded
  import_name: guarded
  runtime: vendored
  generator_config: generator-config.yml
  adopted: true
"""
DOCUMENT = """\
openapi: 3.1.0
info: {{title: Guarded, version: "1"}}
security: [{{it: []}}]
paths:
  /guarded: {{get: {{operationId: guarded, responses: {{"204": {{description: Fine.}}}}}}}}
  /open: {{get: {{operationId: open, security: [], responses: {{"204": {{description: Fine.}}}}}}}}
components: {{securitySchemes: {{it: {scheme}}}}}
"""
SCHEMES: dict[str, tuple[str, str, Callable[[Request], str | None], str]] = {
    "bearer": (
        "{type: http, scheme: bearer}",
        TOKEN,
        lambda request: request.headers.get("Authorization"),
        f"Bearer {TOKEN}",
    ),
    "basic": (
        "{type: http, scheme: basic}",
        "me:pass",
        lambda request: request.headers.get("Authorization"),
        "Basic bWU6cGFzcw==",
    ),
    "key in a header": (
        "{type: apiKey, in: header, name: X-Key}",
        TOKEN,
        lambda request: request.headers.get("X-Key"),
        TOKEN,
    ),
    "key in the query": (
        "{type: apiKey, in: query, name: api_key}",
        TOKEN,
        lambda request: request.args.get("api_key"),
        TOKEN,
    ),
    "key in a cookie": (
        "{type: apiKey, in: cookie, name: sid}",
        "abc",
        lambda request: request.cookies.get("sid"),
        "abc",
    ),
    "OAuth2": (
        "{type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {}}}}",
        TOKEN,
        lambda request: request.headers.get("Authorization"),
        f"Bearer {TOKEN}",
    ),
}


@pytest.fixture
def generated(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Generate a package for a security scheme and import it."""
    folder = tmp_path.resolve()
    target = write_target(folder, DOCUMENT.format(scheme=request.param), TARGET)
    regenerate([target], report=lambda _: None)
    sys.path.insert(0, str(folder))
    yield import_module("guarded")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "guarded"]:
        del sys.modules[name]


def operation(name: str) -> Any:
    """Import an operation of the generated package."""
    return import_module(f"guarded.api.default.{name}")


@pytest.mark.parametrize(
    ("generated", "token", "read", "expected"),
    SCHEMES.values(),
    ids=list(SCHEMES),
    indirect=["generated"],
)
def test_the_token_goes_where_the_document_says(
    generated: Any,
    httpserver: HTTPServer,
    token: str,
    read: Callable[[Request], str | None],
    expected: str,
) -> None:
    """Operations with `security: []` get no token."""
    httpserver.expect_request("/guarded").respond_with_data("", 204)
    httpserver.expect_request("/open").respond_with_data("", 204)
    with generated.AuthenticatedClient(httpserver.url_for("/"), token) as client:
        operation("guarded").sync(client=client)
        operation("open_").sync(client=client)

    assert [expected, None] == [read(request) for request, _ in httpserver.log]


@pytest.mark.parametrize(
    "generated", [SCHEMES["key in the query"][0]], indirect=True, ids=["query"]
)
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_a_token_in_the_query_is_shown_nowhere(
    generated: Any, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, transport: str
) -> None:
    """No log record, and no error, has it; a redirection to another path does not get it."""
    httpserver.expect_request("/guarded").respond_with_data(
        "", 302, {"Location": f"{httpserver.url_for('/other')}?x=1"}
    )
    httpserver.expect_request("/other").respond_with_data(f"No: {TOKEN}", 403)
    caplog.set_level(logging.DEBUG)
    client = generated.AuthenticatedClient(
        httpserver.url_for("/"),
        lambda: TOKEN,
        follow_redirects=True,
        raise_on_unexpected_status=True,
        transport=transport,
    )

    async def call() -> None:
        async with client:
            await operation("guarded").asyncio(client=client)

    with pytest.raises(import_module("guarded.errors").Forbidden) as caught:
        asyncio.run(call())
    queries = [request.query_string for request, _ in httpserver.log]
    shown = f"{caught.value!r} {caught.value} {client!r}"
    records = [each.getMessage() for each in caplog.records if each.name != "werkzeug"]

    assert [b"api_key=s3cr3t%26token", b"x=1"] == queries
    assert "s3cr3t" not in f"{shown} {records}"
