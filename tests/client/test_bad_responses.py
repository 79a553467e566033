"""What is said about each kind of bad response, over a real socket."""

from __future__ import annotations

import asyncio
import base64
import datetime
import gzip
import json
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.check_results import (
    get_table_data_quality_status,
    get_table_monitoring_checks_results,
)
from dqops.client.api.connections import get_all_connections
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import get_all_jobs, run_checks
from dqops.client.models import RunChecksParameters
from support.transports import in_two_modes, in_use

if TYPE_CHECKING:
    import socket

    from support.raw_server import RawServer

TOKEN = 'api+key/7Kq2"==secret'
HTML = b"\n\n <html>\n <head><title>Sign in</title></head>\n</html>"
LONG = b"<html>" + b"x" * 5000
CANNOT = "get_all_connections: cannot decode the response (status 200)"
FOR_JSON = f"{CANNOT} of type application/json"
BEGINS = "; the body begins: "
PROXY = ". A proxy or another server may have responded: check base_url"

# kind: response of the server (headers without Content-Length, body), message
DECODE_ERRORS: dict[str, tuple[str, bytes, str]] = {
    "HTML with 200": (
        "Content-Type: text/html",
        HTML,
        (
            f"{CANNOT} of type text/html: not valid JSON (Expecting value: line 3 column 2 "
            f"(char 3)){PROXY}{BEGINS}'<html> <head><title>Sign in</title></head> </html>'"
        ),
    ),
    "HTML as JSON": (
        "Content-Type: application/json",
        LONG,
        (
            f"{FOR_JSON}: not valid JSON (Expecting value: line 1 "
            f"column 1 (char 0)){PROXY}{BEGINS}'<html>{'x' * 194}...'"
        ),
    ),
    "truncated JSON": (
        "Content-Type: application/json",
        b'[{"connection_name":"a"},{"conn',
        (
            f"{FOR_JSON}: not valid JSON (Unterminated string starting "
            f"at: line 1 column 27 (char 26)){BEGINS}"
            '\'[{"connection_name":"a"},{"conn\''
        ),
    ),
    "object for a list": (
        "Content-Type: application/json",
        b'{"error":"x"}',
        (
            f"{FOR_JSON}: expected an array, got an object with 1 property"
            f'{BEGINS}\'{{"error":"x"}}\''
        ),
    ),
    "wrong item": (
        "Content-Type: application/json",
        b'[{}, "a"]',
        (
            f"{FOR_JSON} at [1]: expected an object (ConnectionModel), got "
            f"'a'{BEGINS}'[{{}}, \"a\"]'"
        ),
    ),
    "wrong scalar, nested": (
        "Content-Type: application/json",
        b'[{"run_checks_job_template":{"maxResults":"ten"}}]',
        (
            f"{FOR_JSON} at [0].run_checks_job_template.maxResults: expected an "
            f"integer, got 'ten'{BEGINS}"
            '\'[{"run_checks_job_template":{"maxResults":"ten"}}]\''
        ),
    ),
    "invalid UTF-8": (
        "Content-Type: application/json",
        b'["\xff\xfe"]',
        (f"{FOR_JSON}: not valid utf-8{BEGINS}'[\"\ufffd\ufffd\"]'"),
    ),
    "100000 brackets": (
        "Content-Type: application/json",
        b"[" * 100_000,
        f"{FOR_JSON}: the JSON is nested too deeply{BEGINS}'{'[' * 200}...'",
    ),
    "huge integer": (
        "Content-Type: application/json",
        b"9" * 5000,
        (f"{FOR_JSON}: a number in the JSON has too many digits{BEGINS}'{'9' * 200}...'"),
    ),
    "NaN": (
        "Content-Type: application/json",
        b'[{"parallel_jobs_limit": NaN}]',
        (
            f"{FOR_JSON} at [0].parallel_jobs_limit: expected an integer, "
            f"got nan{BEGINS}'[{{\"parallel_jobs_limit\": NaN}}]'"
        ),
    ),
    "plain text": (
        "Content-Type: text/plain",
        b"no healthy upstream",
        (
            f"{CANNOT} of type text/plain: not valid JSON (Expecting value: line 1 column "
            f"1 (char 0)){BEGINS}'no healthy upstream'"
        ),
    ),
    "control characters": (
        "X: y",
        b"\x1b[2J\x00\xe2\x80\xae",
        (
            f"{CANNOT}: not valid JSON (Expecting value: line 1 column 1 (char 0)){BEGINS}"
            "'\\x1b[2J\\x00\\u202e'"
        ),
    ),
    "number": (
        "Content-Type: application/json",
        b"42",
        f"{FOR_JSON}: expected an array, got 42{BEGINS}'42'",
    ),
}


def say(server: RawServer, head: str, body: bytes, status: str = "200 OK") -> AuthenticatedClient:
    """Let the server give this response; return a client of it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", head]
    content = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    server.respond = lambda _, __: content
    return AuthenticatedClient(server.url, TOKEN, raise_on_unexpected_status=True)


def ask(client: AuthenticatedClient | Client, mode: str) -> object:
    """Call an operation whose result is a list."""
    if mode == "sync":
        with client:
            return get_all_connections.sync(client=client)

    async def main() -> object:
        async with client:
            return await get_all_connections.asyncio(client=client)

    return asyncio.run(main())


@in_two_modes
@pytest.mark.parametrize(("head", "body", "message"), DECODE_ERRORS.values(), ids=DECODE_ERRORS)
def test_decode_error(
    raw_server: RawServer, mode: str, head: str, body: bytes, message: str
) -> None:
    """The one message names operation, place, problem and the beginning of the body."""
    client = say(raw_server, head, body)
    with pytest.raises(errors.DecodeError) as caught:
        ask(client, mode)

    assert message == str(caught.value)
    assert (body, 200, "get_all_connections") == (
        caught.value.content,
        caught.value.status_code,
        caught.value.operation,
    )
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


READ_ALL_THE_SAME: dict[str, tuple[str, bytes, list[str]]] = {
    "wrong content type": ("Content-Type: text/html", b'[{"connection_name":"a"}]', ["a"]),
    "no content type": ("X: y", b'[{"connection_name":"a"}]', ["a"]),
    "UTF-8 with a byte order mark": ("X: y", b'\xef\xbb\xbf[{"connection_name":"a"}]', ["a"]),
    "UTF-16": ("X: y", '[{"connection_name":"ä"}]'.encode("utf-16"), ["ä"]),
    "duplicate keys": ("X: y", b'[{"connection_name":"a","connection_name":"b"}]', ["b"]),
    "unknown encoding": ("Content-Type: application/json; charset=x", b"[]", []),
}


@pytest.mark.parametrize(
    ("head", "body", "names"), READ_ALL_THE_SAME.values(), ids=READ_ALL_THE_SAME
)
def test_read_all_the_same(raw_server: RawServer, head: str, body: bytes, names: list[str]) -> None:
    """What is odd and still clear is read."""
    found = get_all_connections.sync(client=say(raw_server, head, body))

    assert found is not None
    assert names == [item.connection_name for item in found]


def test_empty_where_a_list_is_expected(raw_server: RawServer) -> None:
    """No body is no list: the result is None."""
    assert get_all_connections.sync(client=say(raw_server, "X: y", b"")) is None


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"true"])
def test_wrong_value_for_an_object(raw_server: RawServer, body: bytes) -> None:
    """The message names the model that was expected."""
    client = say(raw_server, "X: y", body)
    with pytest.raises(errors.DecodeError, match=r"expected an object \(TableCurrentDataQuality"):
        get_table_data_quality_status.sync("c", "s", "t", client=client)


@pytest.mark.parametrize("charset", ["utf-8", "punycode", "hex", "idna", "undefined", "x-none"])
def test_bad_text(raw_server: RawServer, charset: str) -> None:
    """A text in an encoding that it is not in is a decode error, or replaced by none."""
    client = say(raw_server, f"Content-Type: text/plain; charset={charset}", b"\xff\xfe.\xff")
    with pytest.raises(errors.DecodeError, match=r"is_healthy: .* the string is not valid "):
        is_healthy.sync(client=client)


TRANSPORT_FAILURES: dict[str, tuple[bytes, str, type[Exception]]] = {
    "gzip garbage": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        "is not compressed as its Content-Encoding says",
        httpx.DecodingError,
    ),
    "gzip cut off": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n"
        + gzip.compress(b"[]" * 50)[:12],
        "",
        Exception,
    ),
    "shorter than Content-Length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]",
        "sent no complete HTTP response",
        httpx.RemoteProtocolError,
    ),
    "not HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n", "sent no complete HTTP response", Exception),
    "nothing": (b"", "sent no complete HTTP response", httpx.RemoteProtocolError),
}


@pytest.mark.parametrize(
    ("response", "message", "kind"), TRANSPORT_FAILURES.values(), ids=TRANSPORT_FAILURES
)
def test_no_whole_response(
    raw_server: RawServer, mode: str, response: bytes, message: str, kind: type[Exception]
) -> None:
    """What does not come whole is a failure of one family, told with the operation."""

    def respond(connection: socket.socket, _: bytes) -> None:
        connection.sendall(response)

    raw_server.respond = respond
    match = f"^get_all_connections: .*{message}"
    with pytest.raises(errors.ClientError, match=match) as caught:
        ask(Client(raw_server.url), mode)

    assert isinstance(caught.value, in_use(kind))


def test_html_with_502(raw_server: RawServer) -> None:
    """A proxy's page under an error status is an unexpected status with an excerpt."""
    client = say(raw_server, "Content-Type: text/html", HTML, "502 Bad Gateway")
    with pytest.raises(errors.BadGateway) as caught:
        get_all_connections.sync(client=client.with_options(retries=None))

    assert (
        f"get_all_connections: GET {raw_server.url}/api/connections returned 502 Bad "
        "Gateway; the body begins: '<html> <head><title>Sign in</title></head> </html>'. A proxy "
        "responded in place of the server; check that the server is running."
    ) == str(caught.value)
    assert caught.value.parsed is None


def test_400_that_names_no_argument(raw_server: RawServer) -> None:
    """The message shows what was sent: what path and query had, but for names and secrets."""
    body = b'{"status": 400, "error": "Bad Request", "message": "Type mismatch."}'
    client = say(raw_server, "Content-Type: application/json", body, "400 Bad Request")
    with pytest.raises(errors.BadRequest) as caught, pytest.warns(UserWarning, match="'dayly'"):
        get_table_monitoring_checks_results.sync(
            "warehouse",
            "public",
            "orders",
            "dayly",  # type: ignore[arg-type]  # pyright: ignore
            client=client,
            month_start=datetime.date(2026, 1, 1),
            check_name="row count",
            category=None,
            max_results_per_check=10,
        )

    assert str(caught.value).endswith(
        "the server says: 'Type mismatch.'. Compare the arguments with the operation's "
        "documentation. Sent: time_scale=dayly, month_start=2026-01-01, check_name='row count', "
        "max_results_per_check=10."
    )


ECHOES = {
    "as it is": TOKEN,
    "JSON": json.dumps(TOKEN)[1:-1],
    "JSON for browsers": TOKEN.replace("=", r"\u003d").replace('"', r"\u0022").replace("/", r"\/"),
    "HTML": TOKEN.replace('"', "&quot;").replace("+", "&#43;").replace("=", "&#x3D;"),
    "address": TOKEN.replace("+", "%2B").replace("/", "%2F").replace('"', "%22"),
}
TEMPLATES = {
    "page": "<pre>Authorization: Bearer {}</pre>",
    "list of texts": '["{} {}"]',
    "error": '{{"message":"bad header Bearer {}","status":500,"trace":"{}"}}',
    "key": '[{{"{}":1,"run_checks_job_template":{{"tags":{{"{}":1}}}}}}]',
    "cut off": '["' + "x" * 45 + '{}"]',
}


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "500 Whatever"])
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_echoed_token(raw_server: RawServer, echo: str, template: str, status: str) -> None:
    """A server that echoes the Authorization header does not bring the token into the error."""
    body = template.format(echo, echo).encode()
    client = say(raw_server, f"X-Echo: Bearer {TOKEN}\r\nContent-Type: {TOKEN}", body, status)
    with pytest.raises(errors.ClientError) as caught:
        get_all_connections.sync(client=client)

    error: Any = caught.value
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    headers = getattr(error, "headers", {})
    shown = f"{error} {error!r} {vars(error)} {dict(headers)} {error.content.decode()}"
    for secret in ("7Kq2", "secret"):
        assert secret not in shown
        # Our own frames; this test's has the token in its arguments.
        assert secret not in "".join(
            "".join(map(str, (frame.locals or {}).values()))
            for frame in frames.stack
            if "dqops_client" in frame.filename
        )
    assert "<hidden>" in error.content.decode()


def test_echoed_password(raw_server: RawServer) -> None:
    """Basic authentication from the base URL is hidden as well."""
    encoded = base64.b64encode(b"user:pa55word-long").decode()
    say(raw_server, "X: y", f'{{"message":"Basic {encoded}"}}'.encode(), "400 Bad Request")
    url = raw_server.url.replace("http://", "http://user:pa55word-long@")
    with pytest.raises(errors.BadRequest, match="the server says: '<hidden>'"):
        get_all_jobs.sync(client=Client(url, raise_on_unexpected_status=True))


def test_spring_error(raw_server: RawServer) -> None:
    """The server's own words are in the message."""
    body = b'{"timestamp":"2024-01-31T10:20:30.123+00:00","message":"Table not found\\n x"}'
    client = say(raw_server, "X: y", body, "404 Not Found")
    with pytest.raises(errors.NotFound) as caught:
        run_checks.sync(client=client, json_body=RunChecksParameters())

    assert (
        f"run_checks: POST {raw_server.url}/api/jobs/runchecks returned 404 Not Found; "
        "the server says: 'Table not found x'. Check the names in the path; they are "
        "case-sensitive."
    ) == str(caught.value)


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_redirection_to_no_port(raw_server: RawServer, mode: str, port: str) -> None:
    """A port that there cannot be is an error of the response, not of the operating system."""
    say(raw_server, f"Location: http://127.0.0.1:{port}/", b"", "301 Moved Permanently")
    with pytest.raises(errors.TransportFailure, match=r"is not a valid URL.*a redirect may"):
        ask(Client(raw_server.url, follow_redirects=True), mode)


UNSENDABLE = [b"a=\xff\xfe", b"\xc3\xbc=a", b"a=b; Version=1; Path=/\xc3\xbc", b"\xe2\x98\x83"]


@pytest.mark.parametrize("cookie", UNSENDABLE)
@pytest.mark.parametrize("keeps", [False, True])
def test_cookie_that_cannot_be_sent(
    raw_server: RawServer, mode: str, keeps: bool, cookie: bytes
) -> None:
    """What is no text for a header is not kept, or else every further request would fail."""
    lines = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: %s\r\nSet-Cookie: c=%s\r\n\r\n[]"
    raw_server.respond = lambda *_: lines % (cookie, b'"d, e"')
    client = Client(raw_server.url)

    async def main() -> None:
        async with client:
            await get_all_connections.asyncio(client=client)
            if keeps:
                client.keep_cookies({"f": "g"})
                await get_all_connections.asyncio(client=client)
            await get_all_connections.asyncio(client=client)

    if mode == "sync":
        with client:
            get_all_connections.sync(client=client)
            if keeps:
                client.keep_cookies({"f": "g"})
                get_all_connections.sync(client=client)
            get_all_connections.sync(client=client)
    else:
        asyncio.run(main())

    assert 'c="d, e"' in str(raw_server.header("Cookie"))
    assert 2 + keeps == len(raw_server.requests)
