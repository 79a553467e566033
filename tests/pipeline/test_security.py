"""A generated client proves who it is in the way that the document says."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clientsmith.adopting.adopted import read_adopted
from clientsmith.targets import load_targets
from clientsmith.writing.regenerate import regenerate
from clientsmith.writing.scaffold import write_scaffold

from .test_adopted import write_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Generate a package for a document, once for all tests of it."""

    @cache
    def package(document: str) -> Path:
        folder = tmp_path_factory.mktemp("guarded").resolve()
        regenerate([write_target(folder, document, TARGET)], report=lambda _: None)
        return folder

    return package


@pytest.fixture
def generated(generate: Callable[[str], Path], request: pytest.FixtureRequest) -> Iterator[Any]:
    """Import the package for a security scheme or a document afresh."""
    scheme = "{" == request.param[0]
    folder = generate(DOCUMENT.format(scheme=request.param) if scheme else request.param)
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


# What each operation asks for.
ASKED = {
    "usual": None,
    "login": "[{password: []}]",
    "header": "[{museum: []}]",
    "query": "[{asked: []}]",
    "cookie": "[{sid: []}]",
    "either": "[{museum: []}, {word: []}]",
    "shorter": "[{museum: [], asked: []}, {password: []}]",
    "both": "[{museum: [], word: []}]",
    "asked": "[{word: [], asked: []}]",
    "every": "[{museum: [], asked: [], sid: [], word: []}]",
    "nothing": "[{}]",
}
SEVERAL = """\
openapi: 3.1.0
info: {title: Guarded, version: "1"}
security: [{word: []}]
components:
  securitySchemes:
    word: {type: http, scheme: bearer}
    password: {type: http, scheme: basic}
    museum: {type: apiKey, in: header, name: X-Museum}
    asked: {type: apiKey, in: query, name: asked}
    sid: {type: apiKey, in: cookie, name: sid}
paths:
""" + "\n".join(
    f"  /{name}: {{get: {{operationId: {name}, responses: {{'204': {{description: Fine.}}}}"
    f"{'' if asked is None else f', security: {asked}'}}}}}"
    for name, asked in ASKED.items()
)
# What each operation sends: Authorization, X-Museum, the query parameter and the cookie.
PLACES: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "usual": ("Bearer me:pass", None, None, None),
    "login": ("Basic bWU6cGFzcw==", None, None, None),
    "header": (None, "me:pass", None, None),
    "query": (None, None, "me:pass", None),
    "cookie": (None, None, None, "me:pass"),
    "either": ("Bearer me:pass", None, None, None),
    "shorter": ("Basic bWU6cGFzcw==", None, None, None),
    "both": ("Bearer me:pass", None, None, None),
    "asked": ("Bearer me:pass", None, None, None),
    "every": ("Bearer me:pass", None, None, None),
    "nothing": (None, None, None, None),
}


def _sent(request: Request) -> tuple[str | None, str | None, str | None, str | None]:
    headers = request.headers
    return (
        headers.get("Authorization"),
        headers.get("X-Museum"),
        request.args.get("asked"),
        request.cookies.get("sid"),
    )


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_an_operation_may_have_a_scheme_of_its_own(
    generated: Any, httpserver: HTTPServer, transport: str
) -> None:
    """The client's token goes where the operation says, unless the usual scheme will do."""

    async def call(client: Any) -> None:
        async with client:
            for name in PLACES:
                await operation(name).asyncio(client=client)

    for name in PLACES:
        httpserver.expect_request(f"/{name}").respond_with_data("", 204)
    asyncio.run(
        call(generated.AuthenticatedClient(httpserver.url_for("/"), "me:pass", transport=transport))
    )

    assert list(PLACES.values()) == [_sent(request) for request, _ in httpserver.log]


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
def test_a_client_may_choose_its_own_header(generated: Any, httpserver: HTTPServer) -> None:
    """`auth_header_name` counts for every operation that gets a token."""
    httpserver.expect_request("/query").respond_with_data("", 204)
    url = httpserver.url_for("/")
    with generated.AuthenticatedClient(url, "t", auth_header_name="X-Gate", prefix="") as client:
        operation("query").sync(client=client)
    request, _ = httpserver.log[0]

    assert ((None,) * 4, "t") == (_sent(request), request.headers.get("X-Gate"))


# The same with a credential for each scheme.
CREDENTIALS = {"password": "me:pass", "museum": "m/k", "asked": "a&k", "sid": "cookie"}
WITH_CREDENTIALS: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    "usual": ("Bearer t", None, None, None),
    "login": ("Basic bWU6cGFzcw==", None, None, None),
    "header": (None, "m/k", None, None),
    "query": (None, None, "a&k", None),
    "cookie": (None, None, None, "cookie"),
    "either": (None, "m/k", None, None),
    "shorter": ("Basic bWU6cGFzcw==", None, None, None),
    "both": ("Bearer t", "m/k", None, None),
    "asked": ("Bearer t", None, "a&k", None),
    "every": ("Bearer t", "m/k", "a&k", "cookie"),
    "nothing": (None, None, None, None),
}


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_each_scheme_has_a_credential_of_its_own(
    generated: Any, httpserver: HTTPServer, transport: str
) -> None:
    """Operations get what they ask for, all of it; alternatives with credentials are preferred."""

    async def call(client: Any) -> None:
        async with client:
            for name in WITH_CREDENTIALS:
                await operation(name).asyncio(client=client)

    for name in WITH_CREDENTIALS:
        httpserver.expect_request(f"/{name}").respond_with_data("", 204)
    url = httpserver.url_for("/")
    client = generated.AuthenticatedClient(
        url, "t", credentials={**CREDENTIALS, "museum": lambda: "m/k"}, transport=transport
    )
    asyncio.run(call(client))

    assert list(WITH_CREDENTIALS.values()) == [_sent(request) for request, _ in httpserver.log]


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("name", ["every", "both", "asked"])
def test_no_credential_is_shown_or_goes_to_another_server(
    generated: Any,
    httpserver: HTTPServer,
    caplog: pytest.LogCaptureFixture,
    transport: str,
    name: str,
) -> None:
    """Not by an error of a server that repeats them, in no form; nor by the client or its logs."""
    secrets = {"museum": "m-s3cr3t", "asked": "a&s3cr3t", "sid": "c-s3cr3t"}
    elsewhere = httpserver.url_for("/other").replace("localhost", "127.0.0.1")
    body = " ".join(["No: t-s3cr3t", *secrets.values(), "a%26s3cr3t"])
    httpserver.expect_request(f"/{name}").respond_with_data("", 302, {"Location": elsewhere})
    httpserver.expect_request("/other").respond_with_data(body, 403)
    caplog.set_level(logging.DEBUG)
    client = generated.AuthenticatedClient(
        httpserver.url_for("/"),
        "t-s3cr3t",
        credentials={key: lambda value=value: value for key, value in secrets.items()},
        follow_redirects=True,
        raise_on_unexpected_status=True,
        transport=transport,
    )

    async def call() -> None:
        async with client:
            await operation(name).asyncio(client=client)

    with pytest.raises(import_module("guarded.errors").Forbidden) as caught:
        asyncio.run(call())
    error = caught.value
    records = [each.getMessage() for each in caplog.records if each.name != "werkzeug"]
    shown = f"{error!r} {error} {error.content!r} {error.headers} {client!r} {records}"

    assert (None,) * 4 == _sent(httpserver.log[1][0])
    # What was not sent by this operation is no secret that a response could repeat.
    sent = [
        value
        for value in ("t-s3cr3t", *secrets.values())
        if value in str(_sent(httpserver.log[0][0]))
    ]
    assert len(sent) >= 2
    assert not [value for value in sent if value in shown]


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
def test_a_key_in_headers_is_redacted_whatever_its_name(
    generated: Any, httpserver: HTTPServer
) -> None:
    """The document says that the header has a credential, and its name does not."""
    httpserver.expect_request("/usual").respond_with_data("No: m-s3cr3t", 403)
    client = generated.Client(
        httpserver.url_for("/"), headers={"x-museum": "m-s3cr3t"}, raise_on_unexpected_status=True
    )
    with client, pytest.raises(import_module("guarded.errors").Forbidden) as caught:
        operation("usual").sync(client=client)

    assert b"No: <hidden>" == caught.value.content


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
def test_credentials_are_copied_and_compared_but_not_pickled(generated: Any) -> None:
    """A copy has them; a client with others is another one; no pickle holds them."""
    make = generated.AuthenticatedClient
    client = make("http://localhost", "t", credentials={"museum": "k"})

    assert client == copy.deepcopy(client) == client.with_timeout(120)
    assert client != make("http://localhost", "t", credentials={"museum": "other"})
    assert client != make("http://localhost", "t")
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client)


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
@pytest.mark.parametrize(
    ("credentials", "problem"),
    [
        (
            {"musem": "k"},
            "credentials: there is no security scheme 'musem'; did you mean 'museum'?",
        ),
        ({"word": "k"}, "credentials: pass the one for 'word' as token"),
        ({"museum": "k\n"}, "the token contains"),
        ({"museum": ""}, "the token is empty"),
    ],
)
def test_credentials_are_checked(generated: Any, credentials: dict[str, str], problem: str) -> None:
    """Misspelt names are told at once."""
    with pytest.raises(import_module("guarded.errors").InvalidRequest) as caught:
        generated.AuthenticatedClient("http://localhost", "t", credentials=credentials)

    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
def test_the_readme_names_the_schemes(generated: Any) -> None:
    """Whoever reads it knows what to give."""
    folder = Path(generated.__file__).parents[1]
    target = load_targets(folder)["library"]
    write_scaffold(target, read_adopted(target).document.content)
    text = (folder / "README.md").read_text()

    assert "The token is sent in the header `Authorization`." in text
    assert "- `asked`: query parameter `asked`\n- `museum`: header `X-Museum`\n" in text


@pytest.mark.parametrize("generated", [SEVERAL], indirect=True, ids=["several"])
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("name", ["login", "header", "query", "cookie"])
def test_the_token_of_an_own_scheme_goes_to_no_other_server(
    generated: Any,
    httpserver: HTTPServer,
    caplog: pytest.LogCaptureFixture,
    transport: str,
    name: str,
) -> None:
    """A redirection elsewhere does not get it, and no error or log record shows it."""
    elsewhere = httpserver.url_for("/other").replace("localhost", "127.0.0.1")
    httpserver.expect_request(f"/{name}").respond_with_data("", 302, {"Location": elsewhere})
    httpserver.expect_request("/other").respond_with_data("No: s3cr3t:token", 403)
    caplog.set_level(logging.DEBUG)
    client = generated.AuthenticatedClient(
        httpserver.url_for("/"),
        lambda: "s3cr3t:token",
        follow_redirects=True,
        raise_on_unexpected_status=True,
        transport=transport,
    )

    async def call() -> None:
        async with client:
            await operation(name).asyncio(client=client)

    with pytest.raises(import_module("guarded.errors").Forbidden) as caught:
        asyncio.run(call())
    records = [each.getMessage() for each in caplog.records if each.name != "werkzeug"]

    assert (None,) * 4 != _sent(httpserver.log[0][0])
    assert (None,) * 4 == _sent(httpserver.log[1][0])
    assert "s3cr3t" not in f"{caught.value!r} {caught.value} {caught.value.content!r} {records}"


def test_a_shared_runtime_has_one_token(tmp_path: Path) -> None:
    """What that does not serve is told."""
    shared = TARGET.replace("runtime: vendored", "runtime: dqops._runtime\n  client: dqops.client")
    notes = read_adopted(write_target(tmp_path, SEVERAL, shared)).notes.by_text

    assert ["/security"] == notes["clients of a shared runtime send one token, in its usual place"]
