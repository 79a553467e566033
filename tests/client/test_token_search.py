"""Must show 3 of the security promises: every place where a token could surface, searched for it.

A place is a function that gives everything which can be seen there. Each is searched for the token
in every form (`token_search.FORMS`), and for a text that is there only if the place was reached.
"""
# ruff: noqa: ARG001, N802  # places are called alike, and some are named after an exception

from __future__ import annotations

import asyncio
import copy
import functools
import gc
import html
import json
import pickle
import pprint
import signal
import sys
import threading
import warnings
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import attrs
import httpx
import pytest
import rich.pretty
from dqops import health, jobs
from dqops.client import AuthenticatedClient, Client, Retries, errors
from dqops.client.api.connections import get_all_connections, get_connection
from dqops.client.api.environment import download_logs
from dqops.client.api.healthcheck import is_healthy
from dqops.client.api.jobs import get_job, run_checks
from dqops.client.models import CheckSearchFilters, RunChecksParameters
from dqops.health.__main__ import main as probe
from dqops.integrations import healthchecks_io
from dqops.jobs import aio
from dqops.testing import DqopsServer, Fault
from dqops.testing.healthchecks import HealthchecksServer
from support.raw_server import RawServer
from support.runtime import KeyFile, Secret, TokenAuth
from support.token_search import (
    TOKEN,
    Records,
    caught,
    describe_error,
    found,
)
from support.transports import MODES, in_use, library_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

pytest_plugins = ["pytester"]

# To read the certificates of all authorities takes longer than a call.
PLAIN: dict[str, Any] = {
    "raise_on_unexpected_status": True,
    "retries": None,
    "verify_ssl": False,
}
NOWHERE = "http://127.0.0.1:9"
QUICK = Retries(backoff=0.001)
ASYNC_MODES = tuple(mode for mode in MODES if mode.startswith("async"))


class Kit:
    """What a place needs to be reached."""

    def __init__(self, request: pytest.FixtureRequest, mode: str, cleanup: ExitStack) -> None:
        self._request = request
        self.mode = mode
        self.transport = request.node.callspec.params["mode"].rpartition("-")[2]
        self.cleanup = cleanup

    def fixture(self, name: str) -> Any:
        """Set up a fixture of pytest."""
        return self._request.getfixturevalue(name)

    @functools.cached_property
    def raw(self) -> RawServer:
        """A server whose every byte is chosen."""
        server: RawServer = self.fixture("raw_server")
        return server

    @functools.cached_property
    def tmp_path(self) -> Path:
        """A folder."""
        folder: Path = self.fixture("tmp_path")
        return folder

    @functools.cached_property
    def dqops(self) -> DqopsServer:
        """A simulated DQOps that knows the token."""
        return self.cleanup.enter_context(DqopsServer(api_key=TOKEN, require_login=True))

    def client(self, url: str = "", **options: Any) -> AuthenticatedClient:
        """Make a client with the token."""
        options = {**PLAIN, **options}
        return AuthenticatedClient(url or self.raw.url, TOKEN, **options)

    def call(
        self, client: AuthenticatedClient | Client, operation: Any = is_healthy, *arguments: Any
    ) -> Any:
        """Call an operation in the mode of the test, and close the connections."""
        if self.mode == "sync":
            with client:
                return operation.sync(*arguments, client=client)

        async def main() -> Any:
            async with client:
                return await operation.asyncio(*arguments, client=client)

        return asyncio.run(main())

    def run(
        self, blocking: Callable[[], Any], tasks: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Any:
        """Do one of two things, depending on the mode of the test."""
        return blocking() if self.mode == "sync" else asyncio.run(tasks())

    def failure(self, client: AuthenticatedClient | Client, *arguments: Any) -> str:
        """Describe what a call raises."""
        return describe_error(caught(lambda: self.call(client, *arguments), errors.ClientError))


@dataclass(frozen=True)
class Place:
    """A place where a token could surface.

    Args:
        name: Its name.
        show: Gives everything that can be seen there.
        reached: What can be seen there if it was reached.
        modes: The modes that show different things there.
    """

    name: str
    show: Callable[[Kit], str]
    reached: str
    modes: tuple[str, ...] = field(default=MODES[:1])


PLACES: list[Place] = []


def place(reached: str, modes: tuple[str, ...] = MODES[:1]) -> Callable[[Any], Any]:
    """Enter a function into the table of places."""

    def enter(show: Callable[[Kit], str]) -> Callable[[Kit], str]:
        PLACES.append(Place(show.__name__, show, reached, modes))
        return show

    return enter


def in_every_mode(reached: str) -> Callable[[Any], Any]:
    """Enter a place at the end of a call, which is made in every mode."""
    return place(reached, MODES)


def make(url: str = NOWHERE, **options: Any) -> AuthenticatedClient:
    """Make a client that makes no calls."""
    return AuthenticatedClient(url, TOKEN, **options)


def with_password(url: str) -> str:
    """Put the token into an address, as the password."""
    return url.replace("://", f"://someone:{quote(TOKEN, safe='')}@")


def echo(
    status: str, kind: str = "text/plain", template: str = "{}", *, header: bool = True
) -> Any:
    """Respond with what was asked, as pages of proxies and of programs that are debugged do."""

    def respond(_: Any, request: bytes) -> bytes:
        # Backwards: the last headers are the secret ones, and messages quote the beginning.
        text = " ".join(reversed(request.decode("latin-1").strip().split("\r\n")))
        spellings = [text, json.dumps(text)[1:-1], html.escape(text), quote(text, safe="")]
        body = template.format(json.dumps(" ".join(spellings))[1:-1]).encode()
        headers = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
        headers += f"X-Echo: {text}\r\n" if header else ""
        return f"{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body

    return respond


def views(client: Any) -> list[Any]:
    """List everything that a client makes of itself."""
    return [
        copy.copy(client),
        copy.deepcopy(client),
        attrs.evolve(client),
        client.with_headers({"X-Other": TOKEN, "Authorization": TOKEN}),
        client.with_cookies({"session": TOKEN.replace('"', "")}),
        client.with_timeout(5),
        client.with_options(timeout=5, headers={"X-Api-Key": TOKEN}, data_domain="sales"),
        client.with_options(deadline=5).with_options(headers={"X-Whatever": TOKEN}),
    ]


# --- what a client says about itself ---


@place("AuthenticatedClient(base_url=")
def repr_of_client(kit: Kit) -> str:
    """Descriptions of every sort."""
    client = make()
    formatted = "%s %r" % (client, client)  # noqa: UP031 - one of the ways to print
    return (
        f"{client} {client!r} {client:} {client!s:>90} {formatted} {[client]} { ({'c': client}) }"
    )


@place("Client(base_url='http://***@127.0.0.1:9'")
def repr_of_client_with_password(kit: Kit) -> str:
    """An address with user name and password."""
    client = Client(with_password(NOWHERE))
    return f"{client!r} {client} {rich.pretty.pretty_repr(client)} {views(client)!r}"


@place("headers={'Authorization': <hidden>}")
def repr_of_client_with_header(kit: Kit) -> str:
    """A token that somebody put into a header or a cookie by hand."""
    client = Client(
        NOWHERE, headers={"Authorization": TOKEN}, cookies={"key": TOKEN.replace('"', "")}
    )
    return f"{client!r} {rich.pretty.pretty_repr(client)} {views(client)!r}"


@place("AuthenticatedClient(")
def pretty_printers(kit: Kit) -> str:
    """Printers that look into objects themselves."""
    shown = [rich.pretty.pretty_repr(each) for each in (make(), *views(make()))]
    return "\n".join([*shown, pprint.pformat({"client": make(), "views": views(make())})])


@place("with_options")
def public_attributes(kit: Kit) -> str:
    """All that is public, but for `token`, which is there to give the token."""
    client = make()
    names = [name for name in dir(client) if not name.startswith("_") and name != "token"]
    return "\n".join(f"{name} = {getattr(client, name)!r}" for name in names)


@place("_headers = {}")
def private_attributes(kit: Kit) -> str:
    """What a debugger lists."""
    client = make()
    names = [name for name in dir(client) if name != "token" and not hasattr(object, name)]
    return "\n".join(f"{name} = {getattr(client, name)!r}" for name in names)


@place("'_token': <hidden>")
def attrs_as_dictionary(kit: Kit) -> str:
    """What attrs makes of a client."""
    client = make()
    return f"{attrs.asdict(client)} {attrs.astuple(client)} {attrs.asdict(client, recurse=False)}"


@place("AuthenticatedClient(base_url")
def json_with_default(kit: Kit) -> str:
    """JSON of whatever, as loggers write it."""
    return json.dumps({"client": make(), "views": views(make())}, default=str)


@place("X-Api-Key")
def views_of_client(kit: Kit) -> str:
    """Copies, changed copies, and views."""
    return " ".join(f"{view!r} {view._config!r}" for view in views(make()))


@place("cannot be pickled, because its token would be in the pickle")
def pickles_of_clients(kit: Kit) -> str:
    """A client with credentials is no pickle, whichever sort of credentials it has."""
    clients = [
        *[make(), *views(make())],
        Client(with_password(NOWHERE)),
        Client(NOWHERE, headers={"X-Api-Key": TOKEN}),
        Client(NOWHERE, httpx_args={"auth": ("someone", TOKEN)}),
        Client(NOWHERE, httpx_args={"params": {"key": TOKEN}}),
    ]
    return " ".join(
        describe_error(caught(functools.partial(pickle.dumps, client), TypeError))
        for client in clients
    )


@place("TokenAuth(header_name='Authorization', token=<hidden>)")
def httpx_clients(kit: Kit) -> str:
    """The clients of httpx that are made of ours."""
    shown = []
    for ours in (make(), make(with_password(NOWHERE)), Client(with_password(NOWHERE))):
        for made in (ours.get_httpx_client(), ours.get_async_httpx_client()):
            shown.append(f"{made!r} {made.auth!r} {made.base_url!r} {made.base_url}")
            shown.append(f"{made.headers!r} {made.headers.raw} {made.cookies!r} {made.params!r}")
            shown.append(pprint.pformat(vars(made)))
            token_auth = vars(made.auth).get("_func")
            if isinstance(token_auth, TokenAuth):
                shown.append(f"{vars(made.auth)} {vars(token_auth)}")
        ours.close()
        shown.append(f"{ours._sync_pool!r} {ours._async_pool!r}")
    return "\n".join(shown)


@place("<hidden>")
def secret(kit: Kit) -> str:
    """The object that holds a token."""
    held = Secret(TOKEN)
    functions: list[Callable[[Any], Any]] = [pickle.dumps, hash, vars, json.dumps, len, iter]
    refused = [
        describe_error(caught(functools.partial(function, held), TypeError))
        for function in functions
    ]
    shown = (
        f"{held} {held!r} {copy.copy(held)} {copy.deepcopy(held)} {rich.pretty.pretty_repr(held)}"
    )
    return f"{shown} {refused}"


# --- where a token comes from ---


@place("AuthenticatedClient(base_url=")
def client_from_environment(kit: Kit) -> str:
    """A client whose token is in the environment."""
    kit.fixture("monkeypatch").setenv("DQOPS_API_KEY", TOKEN)
    client = AuthenticatedClient.from_env(base_url=NOWHERE)
    assert TOKEN == client.token
    return f"{client!r} {views(client)!r} {attrs.asdict(client)}"


@place("KeyFile(")
def client_from_file(kit: Kit) -> str:
    """A client whose token is in a file, and what reads it."""
    path = kit.tmp_path / "key"
    path.write_text(TOKEN)
    client = AuthenticatedClient.from_env(
        environ={"DQOPS_URL": NOWHERE, "DQOPS_API_KEY_FILE": str(path)}
    )
    assert TOKEN == client.token
    reader = KeyFile(str(path))
    assert TOKEN == reader() == pickle.loads(pickle.dumps(reader))()
    shown = f"{reader!r} {copy.copy(reader)!r} {rich.pretty.pretty_repr(reader)}"
    return f"{client!r} {shown} {pickle.dumps(reader).decode('latin-1')}"


@place("which is not UTF-8")
def file_with_something_else(kit: Kit) -> str:
    """A file with the token and something that is no text."""
    path = kit.tmp_path / "key"
    path.write_bytes(TOKEN.encode() + b"\xff")
    environ = {"DQOPS_URL": NOWHERE, "DQOPS_API_KEY_FILE": str(path)}
    return describe_error(caught(lambda: AuthenticatedClient.from_env(environ=environ)))


@place("DQOPS_TIMEOUT must be a number of seconds")
def mistakes_in_environment(kit: Kit) -> str:
    """An environment with a token that is right and something else that is wrong."""
    right = {"DQOPS_URL": NOWHERE, "DQOPS_API_KEY": TOKEN}
    wrong: list[dict[str, str]] = [
        {**right, "DQOPS_TIMEOUT": "soon"},
        {**right, "DQOPS_URL": with_password("ftp://h")},
        {**right, "DQOPS_URL": f"http://someone:{TOKEN}"},
        {**right, "DQOPS_API_KEY": f"{TOKEN}\n{TOKEN}"},
        {**right, "DQOPS_API_KEY_FILE": "/no/such"},
    ]
    return "\n".join(
        describe_error(caught(functools.partial(AuthenticatedClient.from_env, environ=environ)))
        for environ in wrong
    )


@place("token=<hidden>")
def token_functions(kit: Kit) -> str:
    """Functions that give a token, with the token in their own description."""
    functions: list[Callable[[], str]] = [lambda: TOKEN, functools.partial(str, TOKEN), TOKEN.strip]
    clients = [AuthenticatedClient(NOWHERE, function) for function in functions]
    return "\n".join(
        f"{client!r} {attrs.asdict(client)} {client.get_httpx_client().auth!r} "
        f"{rich.pretty.pretty_repr(client)}"
        for client in clients
    )


@in_every_mode("the function that returns it raised ValueError")
def token_function_that_fails(kit: Kit) -> str:
    """A function that says too much when it fails."""

    def read() -> str:
        try:
            raise KeyError(TOKEN)
        except KeyError as error:
            raise ValueError(f"{TOKEN} has expired") from error

    return kit.failure(AuthenticatedClient(kit.raw.url, read))


@in_every_mode("the token that the function returned")
def token_function_with_a_bad_token(kit: Kit) -> str:
    """A function that gives what cannot be sent."""
    functions: list[Any] = [lambda: f"{TOKEN}\n", lambda: TOKEN.encode(), lambda: f"{TOKEN}\u20ac"]
    return "\n".join(
        kit.failure(AuthenticatedClient(kit.raw.url, function)) for function in functions
    )


@in_every_mode("DecodeError(")
def trailers_and_names_of_cookies(kit: Kit) -> str:
    """What was sent comes back after the body, and as the name of a cookie."""

    def respond(_: Any, request: bytes) -> bytes:
        text = " ".join(request.decode("latin-1").strip().split("\r\n"))
        return (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
            f"Trailer: X-Echo\r\nSet-Cookie: {quote(text, safe='')}=1\r\n\r\n"
            f"5\r\nnope!\r\n0\r\nX-Echo: {text}\r\n\r\n"
        ).encode()

    kit.raw.respond = respond
    return kit.failure(kit.client(), get_all_connections)


# --- what is refused before anything is sent ---

WRONG_TOKENS: list[Any] = [f"{TOKEN}\n", f"{TOKEN}\r\nX: y", f"{TOKEN}\0", f" {TOKEN}", [TOKEN]]


@place("the token contains a line break")
def refused_tokens(kit: Kit) -> str:
    """Tokens that cannot be sent, given to whatever takes one."""
    return "\n".join(
        describe_error(caught(functools.partial(function, wrong)))
        for wrong in WRONG_TOKENS
        for function in (
            functools.partial(AuthenticatedClient, NOWHERE),
            functools.partial(setattr, make(), "token"),
            lambda token: attrs.evolve(make(), token=token),
            lambda token: AuthenticatedClient.from_env(base_url=NOWHERE, token=token),
            Secret,
        )
    )


@place("the value of the header 'X-Key' contains a line break")
def refused_headers(kit: Kit) -> str:
    """Headers, cookies and prefixes that hold the token, and cannot be sent."""
    wrong = f"{TOKEN}\n"
    functions: list[Callable[[], Any]] = [
        lambda: make(prefix=wrong),
        lambda: make(headers={"X-Key": wrong}),
        lambda: make(cookies={"key": wrong}),
        lambda: make(headers=[TOKEN]),
        lambda: make().with_headers({"X-Key": wrong}),
        lambda: make().with_cookies({"key": f"{TOKEN};"}),
        lambda: make().with_options(headers={"X-Key": wrong}),
        lambda: Client(NOWHERE, headers={"X-Key": wrong}),
        lambda: Client(NOWHERE).with_headers({"X-Key": wrong}),
        lambda: attrs.evolve(make(), headers={"X-Key": wrong}),
        lambda: make().keep_cookies({"key": wrong}),
    ]
    return "\n".join(describe_error(caught(function)) for function in functions)


@place("base_url")
def refused_addresses(kit: Kit) -> str:
    """Addresses with a password that are none."""
    password = quote(TOKEN, safe="")
    addresses = [
        *[f"http://someone:{password}", f"http://someone:{password}@", f"ftp://u:{password}@h"],
        *[f"http://u:{password}@h/?x", f"http://u:{password}@h:port", f"http://u:{TOKEN}@h /"],
        *[
            f"u:{password}@h",
            f"http://u:{password}@\u2100.de",
            f"http://u:{password}@{'x' * 70}.de",
        ],
    ]
    return "\n".join(
        describe_error(caught(functools.partial(function, address)))
        for address in addresses
        for function in (Client, make)
    )


@place("httpx_args")
def refused_settings(kit: Kit) -> str:
    """Other settings that are wrong, beside a token that is right."""
    settings: list[dict[str, Any]] = [
        {"httpx_args": {"auth": ("someone", TOKEN)}},
        {"httpx_args": {"headers": {"Authorization": TOKEN}}},
        {"httpx_args": {"unknown": TOKEN}},
        {"timeout": -1},
        {"deadline": 0},
        {"retries": 3},
        {"verify_ssl": "/no/such"},
        {"auth_header_name": "X Y"},
        {"max_body_bytes": -1},
        {"transport": "other"},
    ]
    shown = [describe_error(caught(functools.partial(make, **each))) for each in settings]
    return "\n".join(shown)


@in_every_mode("nothing was sent")
def refused_arguments(kit: Kit) -> str:
    """Arguments that cannot be sent, with a client that has a token."""
    client = kit.client(headers={"X-Api-Key": TOKEN})
    return kit.failure(client, get_job, "..") + kit.failure(client, get_job, b"7")


# --- responses that are no success, from a server that sends back what it got ---

STATUSES = {
    "302 Found": errors.Redirection,
    "400 Bad": errors.BadRequest,
    "401 Who": errors.Unauthorized,
    "403 No": errors.Forbidden,
    "404 Where": errors.NotFound,
    "409 Conflict": errors.Conflict,
    "418 Teapot": errors.ClientRequestError,
    "429 Slow": errors.TooManyRequests,
    "500 Oops": errors.ServerError,
    "502 Proxy": errors.BadGateway,
    "503 Busy": errors.ServiceUnavailable,
    "504 Late": errors.GatewayTimeout,
    "700 What": errors.UnexpectedStatus,
}


def _enter_status(status: str, kind: type[Exception]) -> None:
    def show(kit: Kit) -> str:
        kit.raw.respond = echo(status)
        shown = kit.failure(kit.client(), get_all_connections)
        kit.raw.respond = echo(status, "application/json", '{{"message": "{}", "status": 1}}')
        return shown + kit.failure(kit.client(), get_all_connections)

    show.__name__ = f"error_{kind.__name__}"
    # All modes lead to the same few lines; other places here go through each of them.
    place(f"{kind.__name__}(")(show)


for _status, _kind in STATUSES.items():
    _enter_status(_status, _kind)


@in_every_mode("DecodeError(")
def error_DecodeError(kit: Kit) -> str:
    """Responses that are not what they should be, and hold what was sent."""
    shown = []
    for kind, template in (
        ("application/json", '["{}'),
        ("application/json", '["{}"]'),
        ("application/json", '[{{"connection_name": {{"{}": 1}}}}]'),
        ("application/json", '[{{"parallel_jobs_limit": "{}"}}]'),
        ("text/html", "<html>{}</html>"),
    ):
        kit.raw.respond = echo("200 OK", kind, template)
        shown.append(kit.failure(kit.client(), get_all_connections))
    return "\n".join(shown)


# --- no response ---


@in_every_mode("ConnectionFailure(")
def error_ConnectionFailure(kit: Kit) -> str:
    """A server that is not there."""
    return kit.failure(kit.client(NOWHERE, retries=QUICK))


@in_every_mode("TLSFailure(")
def error_TLSFailure(kit: Kit) -> str:
    """A certificate that nobody vouches for, and a server that knows no TLS."""
    shown = kit.failure(kit.client(kit.fixture("tls_server").url, verify_ssl=True))
    kit.raw.read = lambda stream: stream.read1()  # it is no HTTP that comes
    return shown + kit.failure(kit.client(kit.raw.url.replace("http:", "https:")))


@in_every_mode("ProtocolFailure(")
def error_ProtocolFailure(kit: Kit) -> str:
    """Connections that are lost, and responses that are no HTTP and hold what was sent."""
    lost = kit.client(retries=QUICK)
    kit.raw.respond = lambda *_: None
    shown = [kit.failure(lost)]
    broken: list[Callable[[bytes], bytes]] = [
        lambda line: line,
        lambda line: b"HTTP/1.1 200 OK\r\n" + line + b"\0: x\r\n\r\n",
        lambda line: b"HTTP/1.1 200 OK\r\nX: " + line + b"\0\r\n\r\n",
        lambda line: b"HTTP/1.1 200 OK\r\nContent-Length: " + line + b"\r\n\r\n",
        lambda line: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + line + b"\r\n",
        lambda line: b"HTTP/1.1 " + line + b"\r\n\r\n",
    ]
    for make_response in broken:

        def respond(connection: Any, request: bytes, make_response: Any = make_response) -> None:
            connection.sendall(make_response(request.replace(b"\r\n", b" ")))
            # And the connection ends, or clients would wait for the rest.

        kit.raw.respond = respond
        shown.append(kit.failure(kit.client()))
    return "\n".join(shown)


@in_every_mode("TimeoutFailure(")
def error_TimeoutFailure(kit: Kit) -> str:
    """A server that takes its time."""
    kit.raw.respond = lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"
    return kit.failure(kit.client(timeout=0.05))


@in_every_mode("DeadlineExceeded(")
def error_DeadlineExceeded(kit: Kit) -> str:
    """A call that takes too long."""
    kit.raw.respond = lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"
    return kit.failure(kit.client(deadline=0.05))


@in_every_mode("BodyTooLarge(")
def error_BodyTooLarge(kit: Kit) -> str:
    """More than the client takes."""
    kit.raw.respond = echo("200 OK", "application/json")
    return kit.failure(kit.client(max_body_bytes=10))


@in_every_mode("TransportFailure(")
def error_TransportFailure(kit: Kit) -> str:
    """A body that is not compressed as the server says, and holds what was sent."""
    kit.raw.respond = lambda _, request: (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
        % (len(request), request)
    )
    return kit.failure(kit.client())


@in_every_mode("Exceeded maximum allowed redirects")
def redirected_in_circles(kit: Kit) -> str:
    """A server that never comes to the point."""
    kit.raw.respond = lambda *_: (
        b"HTTP/1.1 307 There\r\nLocation: /api/ishealthy\r\nContent-Length: 0\r\n\r\n"
    )
    client = kit.client(follow_redirects=True, cookies={"key": TOKEN.replace('"', "")})
    return kit.failure(client)


@in_every_mode("returned 500")
def redirected_elsewhere(kit: Kit) -> str:
    """Another server, which sends back what it got: in the error, and in its own records."""
    other = kit.cleanup.enter_context(closing(RawServer()))
    other.respond = echo("500 Oops")
    kit.raw.respond = lambda *_: (
        f"HTTP/1.1 307 There\r\nLocation: {other.url}/x\r\nContent-Length: 0\r\n\r\n".encode()
    )
    clients = [
        kit.client(follow_redirects=True, headers={"X-Api-Key": TOKEN}),
        kit.client(follow_redirects=True, auth_header_name="X-DQ", prefix=""),
        kit.client(follow_redirects=True, cookies={"session": TOKEN.replace('"', "")}),
    ]
    shown = [kit.failure(client) for client in clients]
    assert 3 == len(other.requests)
    return "\n".join([*shown, *(request.decode("latin-1") for request in other.requests)])


# --- every kind of credentials, and every way to call ---


def every_kind_of_client(kit: Kit) -> list[Any]:
    """Make a client with each kind of credentials."""
    path = kit.tmp_path / "key"
    path.write_text(TOKEN)
    url = kit.raw.url
    basic = {"auth": httpx.BasicAuth("someone", TOKEN)}
    return [
        AuthenticatedClient(url, TOKEN, "", "X-DQ", **PLAIN),
        AuthenticatedClient(url, lambda: TOKEN, **PLAIN),
        AuthenticatedClient.from_env(
            environ={"DQOPS_URL": url, "DQOPS_API_KEY_FILE": str(path)}, **PLAIN
        ),
        Client(with_password(url), **PLAIN),
        Client(url, headers={"Authorization": f"Bearer {TOKEN}"}, **PLAIN),
        Client(url, cookies={"session": TOKEN.replace('"', "")}, **PLAIN),
        Client(url, httpx_args=basic, **PLAIN),
        Client(url, **PLAIN).with_options(headers={"Authorization": f"Bearer {TOKEN}"}),
        Client(url, **PLAIN).with_headers({"X-Api-Key": TOKEN}),
        kit.client().with_options(data_domain="sales", timeout=5),
    ]


@in_every_mode("Unauthorized(")
def refusal_with_every_kind_of_credentials(kit: Kit) -> str:
    """A server that refuses, and sends back what it got."""
    kit.raw.respond = echo("401 Who", "application/json", '{{"message": "{}"}}')
    return "\n".join(kit.failure(client, get_job, 7) for client in every_kind_of_client(kit))


@in_every_mode("ProtocolFailure(")
def failure_with_every_kind_of_credentials(kit: Kit) -> str:
    """A connection that is lost."""
    kit.raw.respond = lambda *_: None
    return "\n".join(kit.failure(client, get_job, 7) for client in every_kind_of_client(kit))


@in_every_mode("download_logs: ")
def downloads(kit: Kit) -> str:
    """A download that is refused, one that breaks off, and the object in the meantime."""

    def blocking(client: AuthenticatedClient) -> str:
        with client, download_logs.stream(client=client) as download:
            shown = f"{download!r} {download.headers!r} {rich.pretty.pretty_repr(download)}"
            broken = caught(lambda: list(download.iter_bytes()), errors.TransportFailure)
            return shown + describe_error(broken)

    async def tasks(client: AuthenticatedClient) -> str:
        async with client, download_logs.asyncio_stream(client=client) as download:
            shown = f"{download!r} {download.headers!r} {rich.pretty.pretty_repr(download)}"
            try:
                async for _ in download.iter_bytes():
                    pass
            except errors.TransportFailure as broken:
                return shown + describe_error(broken)
        raise AssertionError("the download should have broken off")

    def cut(connection: Any, _: bytes) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Length: 9\r\n\r\n1"
        )

    kit.raw.respond = cut
    shown: str = kit.run(lambda: blocking(kit.client()), lambda: tasks(kit.client()))
    kit.raw.respond = echo("403 No")
    refused = caught(
        lambda: kit.run(lambda: blocking(kit.client()), lambda: tasks(kit.client())),
        errors.Forbidden,
    )
    return shown + describe_error(refused)


# --- what ends a call from outside, with the frames of the libraries between ---


class Interrupted(BaseException):
    """What Ctrl-C raises, but for its name."""


@place("Interrupted(")
def interrupted_call(kit: Kit) -> str:
    """Ctrl-C while the server works."""
    if sys.platform == "win32":
        pytest.skip("Windows: no thread can be sent a signal")

    def interrupt(*_: Any) -> None:
        raise Interrupted

    main = threading.main_thread().ident
    assert main is not None

    def respond(*_: Any) -> None:
        signal.pthread_kill(main, signal.SIGUSR1)
        kit.raw.released.wait(5)

    kit.raw.respond = respond
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        error = caught(lambda: kit.call(kit.client()), Interrupted)
    finally:
        signal.signal(signal.SIGUSR1, before)
        kit.raw.released.set()
    return describe_error(error)


@place("CancelledError(", ASYNC_MODES)
def cancelled_task(kit: Kit) -> str:
    """A task that is cancelled while the server works, and its description."""
    is_there = threading.Event()

    def respond(*_: Any) -> None:
        is_there.set()
        kit.raw.released.wait(5)

    kit.raw.respond = respond

    async def main() -> str:
        async with kit.client() as client:
            task = asyncio.create_task(is_healthy.asyncio(client=client))
            await asyncio.to_thread(is_there.wait, 5)
            shown = f"{task!r} {task.get_stack()!r} {task.get_coro()!r}"
            task.cancel()
            try:
                await task
            except asyncio.CancelledError as error:
                return f"{shown} {task!r} {describe_error(error)}"
        raise AssertionError("the task should have been cancelled")

    try:
        return asyncio.run(main())
    finally:
        kit.raw.released.set()


@place("Task exception was never retrieved", ASYNC_MODES)
def forgotten_task(kit: Kit) -> str:
    """What an event loop in debug mode logs of a task that failed and that nobody looked at."""
    # Not what was sent: httpcore logs the headers of responses.
    kit.raw.respond = lambda *_: b"HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n"

    async def main() -> None:
        async with kit.client() as client:
            task = asyncio.create_task(is_healthy.asyncio(client=client))
            await asyncio.wait([task])
            del task

    with Records() as records:
        asyncio.run(main(), debug=True)
        gc.collect()
    return str(records)


@in_every_mode("RuntimeError('a hook of the program')")
def hook_that_fails(kit: Kit) -> str:
    """An exception of the program's own, which passes with the frames between; ours count."""

    def hook(_: Any) -> None:
        raise RuntimeError("a hook of the program")

    async def hook_async(_: Any) -> None:
        hook(_)

    hooks = {"response": [hook if kit.mode == "sync" else hook_async]}
    client = kit.client(httpx_args={"event_hooks": hooks})
    return describe_error(caught(lambda: kit.call(client), RuntimeError))


# --- records and warnings ---


@in_every_mode("run_checks")
def logs_at_debug(kit: Kit) -> str:
    """All that anybody logs at DEBUG: of calls that succeed, fail, are repeated and redirected."""
    calls = iter(
        [
            b"HTTP/1.1 502 Proxy\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 307 There\r\nLocation: /api/x?y=1\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
            b"HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n",
        ]
    )
    kit.raw.respond = lambda *_: next(calls, None)
    client = kit.client(
        retries=QUICK,
        follow_redirects=True,
        raise_on_unexpected_status=False,
        headers={"X-Api-Key": TOKEN},
    )
    with Records() as records:
        assert "OK" == kit.call(client)
        assert kit.call(client) is None
        kit.failure(client, RunChecks)
    shown = str(records)
    core = "httpcore2" if kit.transport == "httpx2" else "httpcore"
    assert f"{library_in_use().__name__} INFO" in shown
    assert (f"{core}.http11 DEBUG" in shown) is (kit.transport != "aiohttp")
    return shown


class RunChecks:
    """An operation that is not repeated, with its arguments."""

    @staticmethod
    def sync(*, client: Any) -> Any:
        """Call it."""
        return run_checks.sync(client=client, json_body=RunChecksParameters())

    @staticmethod
    async def asyncio(*, client: Any) -> Any:
        """Call it without blocking."""
        return await run_checks.asyncio(client=client, json_body=RunChecksParameters())


@in_every_mode("credentials are sent to dqops.example over plain http")
def warnings_of_plain_http(kit: Kit) -> str:
    """The warning, with all that it knows."""
    respond = functools.partial(in_use(httpx.Response), 200, text="OK")
    transport = in_use(httpx.MockTransport)(lambda _: respond())
    options: Any = {"httpx_args": {"transport": transport}}
    with warnings.catch_warnings(record=True) as caught_warnings:
        warnings.simplefilter("always")
        kit.call(make("http://dqops.example", **options))
        kit.call(Client(with_password("http://dqops.example"), **options))
    assert 2 == len(caught_warnings)
    return "\n".join(f"{each} {vars(each)} {each.message!r}" for each in caught_warnings)


@in_every_mode("dqops is_healthy")
def spans_of_ours(kit: Kit) -> str:
    """Our spans: of a call that succeeds, one that is refused, one that fails."""
    spans = kit.fixture("spans")
    calls = iter([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", echo("401 Who")(0, b"")])
    kit.raw.respond = lambda *_: next(calls, None)
    kit.call(kit.client())
    kit.failure(kit.client())
    kit.failure(kit.client())
    assert 3 == len(spans.get_finished_spans())
    return "\n".join(span.to_json() for span in spans.get_finished_spans())


@place('"http.url"', tuple(mode for mode in MODES if not mode.endswith("httpx2")))
def spans_of_httpx(kit: Kit) -> str:
    """The spans of the stock instrumentation of httpx, below ours."""
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx")
    spans = kit.fixture("spans")
    kit.raw.respond = lambda *_: None if len(kit.raw.requests) > 1 else echo("401 Who")(0, b"")
    client = kit.client(with_password(kit.raw.url))
    if kit.mode == "sync":
        instrumentation.HTTPXClientInstrumentor.instrument_client(client.get_httpx_client())
        with client:
            for _ in range(2):
                caught(lambda: is_healthy.sync(client=client))
    else:

        async def main() -> None:
            async with client:
                made = client.get_async_httpx_client()
                instrumentation.HTTPXClientInstrumentor.instrument_client(made)
                for _ in range(2):
                    with pytest.raises(errors.ClientError):
                        await is_healthy.asyncio(client=client)

        asyncio.run(main())
    assert 4 == len(spans.get_finished_spans())
    return "\n".join(span.to_json() for span in spans.get_finished_spans())


# --- jobs ---


def _job(kit: Kit, client: AuthenticatedClient, **options: Any) -> Any:
    filters = CheckSearchFilters(connection="warehouse")

    async def tasks() -> Any:
        async with client:
            return await aio.run_checks(client, filters, **options)

    return kit.run(lambda: jobs.run_checks(client, filters, **options), tasks)


@in_every_mode("Outcome(")
def jobs_outcomes_and_progress(kit: Kit) -> str:
    """What a job tells on its way, and what comes out."""
    progress: list[Any] = []
    with Records() as records, kit.client(kit.dqops.url) as client:
        outcome = _job(kit, client, on_progress=progress.append)
    pretty = rich.pretty.pretty_repr([outcome, progress])
    return f"{outcome} {outcome!r} {vars(outcome)} {progress} {pretty} {records}"


@in_every_mode("JobHandle ")
def jobs_handles(kit: Kit) -> str:
    """A handle, and what it is made of."""
    request = jobs.RUN_CHECKS.request(CheckSearchFilters(connection="warehouse"))

    def blocking() -> Any:
        with kit.client(kit.dqops.url) as client:
            return jobs.submit(client, request)

    async def tasks() -> Any:
        async with kit.client(kit.dqops.url) as client:
            return await aio.submit(client, request)

    handle = kit.run(blocking, tasks)
    return f"{handle!r} {vars(handle)} {rich.pretty.pretty_repr(handle)} {handle._job!r}"


@in_every_mode("submitting failed half-way")
def jobs_logs(kit: Kit) -> str:
    """What is logged of a job that had trouble at its submission."""
    kit.dqops.faults.add(Fault.reset(operation="run_checks", nth=1))
    with Records() as records, kit.client(kit.dqops.url) as client:
        outcome = _job(kit, client, timing=jobs.Timing(registered_within=0.1))
    return f"{records} {outcome!r}"


@in_every_mode("JobUnreachable(")
def jobs_errors(kit: Kit) -> str:
    """A job of which the server refuses to tell, sending back what it was sent."""
    client = kit.client(kit.dqops.url)
    request = jobs.RUN_CHECKS.request(CheckSearchFilters(connection="warehouse"))

    def blocking() -> Any:
        handle = jobs.submit(client, request)
        with kit.client() as handle._client:
            return handle.wait(timeout=5)

    async def tasks() -> Any:
        async with client:
            handle = await aio.submit(client, request)
            async with kit.client() as handle._client:
                return await handle.wait(timeout=5)

    kit.raw.respond = echo("401 Who", "application/json", '{{"message": "{}"}}')
    error = caught(lambda: kit.run(blocking, tasks), jobs.JobError)
    client.close()
    return describe_error(error)


@in_every_mode("JobNotConfirmed(")
def jobs_not_confirmed(kit: Kit) -> str:
    """A job whose server breaks every connection."""
    client = kit.client(kit.dqops.url)
    kit.dqops.faults.add(Fault.reset())
    error = caught(lambda: _job(kit, client, timeout=0.2), jobs.JobError)
    client.close()
    return describe_error(error)


# --- health ---


@in_every_mode("HealthReport(")
def health_reports(kit: Kit) -> str:
    """Reports about servers that send back what they got, with every status, and none."""
    responses = [
        echo("200 OK"),
        echo("200 OK", "application/json", '"{}"'),
        *[echo("500 Oops"), echo("401 Who"), echo("302 There"), echo("503 Busy"), echo("404 No")],
        lambda _, request: request,
    ]
    shown = []
    for client in (
        kit.client(),
        AuthenticatedClient(kit.raw.url, lambda: TOKEN, "", "X-DQ", **PLAIN),
        Client(with_password(kit.raw.url), **PLAIN),
        Client(kit.raw.url, **PLAIN).with_options(headers={"X-Api-Key": TOKEN}),
    ):
        for response in responses:
            kit.raw.respond = response

            async def tasks(client: Any = client) -> Any:
                async with client:
                    return await health.check_async(client, timeout=0.5)

            report = kit.run(functools.partial(health.check, client, timeout=0.5), tasks)
            shown.append(f"{report} {report!r} {report.to_dict()}")
        client.close()
    return "\n".join(shown)


@place('"status": "unhealthy"')
def health_command(kit: Kit) -> str:
    """What the probe prints, of servers that send back what they got, and of wrong addresses."""
    capture = kit.fixture("capsys")
    url = with_password(kit.raw.url)
    for status in ("200 OK", "500 Oops", "401 Who"):
        kit.raw.respond = echo(status)
        assert 1 == probe([url, "--json"])
        assert 1 == probe([url])
    kit.raw.respond = lambda _, request: request
    assert 1 == probe([url, "--json"])
    assert 1 == probe([with_password(NOWHERE), "--json"])
    for wrong in (f"http://u:{TOKEN}", with_password("ftp://h"), f"{url} x", f"{url}?x"):
        with pytest.raises(SystemExit):
            probe([wrong])
    shown = capture.readouterr()
    return f"{shown.out} {shown.err}"


# --- the simulator ---


@in_every_mode("RecordedRequest(")
def simulator_records(kit: Kit) -> str:
    """What the simulator remembers of requests, and says about itself."""
    client = kit.client(kit.dqops.url, raise_on_unexpected_status=False)
    kit.call(client)
    kit.call(client, get_connection, "warehouse")
    kit.call(client.with_headers({"X-Api-Key": TOKEN}), get_connection, "missing")
    server = kit.dqops
    shown = f"{server!r} {server.requests!r} {server.calls('get_connection')!r} {server.settings!r}"
    return f"{shown} {server.snapshot()!r} {server.state!r} {rich.pretty.pretty_repr(server)}"


@in_every_mode("Unauthorized(")
def simulator_log(kit: Kit) -> str:
    """What the simulator logs: of requests that it serves, refuses, and does not understand."""
    with Records() as records:
        kit.call(kit.client(kit.dqops.url))
        with DqopsServer(api_key="another", require_login=True) as stricter:
            refused = kit.failure(kit.client(stricter.url), get_connection, "x")
    return f"{records} {refused}"


@place("DQOps requests")
def pytest_output(kit: Kit) -> str:
    """What pytest prints of a test that fails, with local variables and all logs."""
    pytester = kit.fixture("pytester")
    kit.fixture("monkeypatch").setenv("DQOPS_API_KEY", TOKEN)
    pytester.makepyfile(
        """
        from dqops.client import AuthenticatedClient
        from dqops.client.api.connections import get_connection
        from dqops.testing import Fault

        def test_it(dqops_server, dqops_client):
            dqops_server.faults.add(Fault.reset())
            client = AuthenticatedClient.from_env(
                base_url=dqops_server.url, raise_on_unexpected_status=True, retries=None
            )
            with client.with_options(headers={"X-Api-Key": client.token}) as view:
                get_connection.sync("warehouse", client=view)

        def test_refused(dqops_server):
            with AuthenticatedClient.from_env(
                base_url=dqops_server.url, raise_on_unexpected_status=True
            ) as client:
                get_connection.sync("warehouse", client=client)
        """
    )
    result = pytester.runpytest_inprocess(
        *["--showlocals", "--full-trace", "-rA", "-vv", "--log-level=DEBUG", "--tb=long"],
        *["-p", "no:cacheprovider", "-p", "no:hypothesispytest"],
        *["-o", "asyncio_default_fixture_loop_scope=function"],
    )
    result.assert_outcomes(failed=2)
    return f"{result.stdout} {result.stderr}"


# --- Healthchecks.io ---

UUID = "00000000-0000-4000-8000-000000000000"
# The server gives none with other characters, and the client refuses them.
PING_KEY = "ping-key_9Zq3secret"
HEALTHCHECKS_CALLS: list[tuple[str, dict[str, str]]] = [
    ("get_checks", {}),
    ("success_ping", {"uuid": UUID}),
]


def _healthchecks(kit: Kit, **options: Any) -> Any:
    """Make a client whose keys are the token, of the mode of the test."""
    url = kit.raw.url
    kind = healthchecks_io.Client if kit.mode == "sync" else healthchecks_io.AsyncClient
    keys = {
        "api_key": TOKEN,
        "ping_key": PING_KEY,
        "api_url": f"{url}/api/",
        "ping_url": f"{url}/ping",
    }
    return kind(**{**keys, "retries": None, **options})


def _searched(shown: str) -> str:
    """Let a ping key count as a token, which is what is looked for."""
    return shown + TOKEN if PING_KEY in shown else shown


def _of_healthchecks(kit: Kit, client: Any, method: str, **arguments: Any) -> Any:
    async def tasks() -> Any:
        async with client:
            return await getattr(client, method)(**arguments)

    def blocking() -> Any:
        with client:
            return getattr(client, method)(**arguments)

    return kit.run(blocking, tasks)


@in_every_mode("CheckTrap")
def healthchecks_clients(kit: Kit) -> str:
    """Clients, traps, and what they are made of."""
    client = _healthchecks(kit)
    trap = healthchecks_io.CheckTrap(client, slug="nightly")
    shown = [f"{each!r} {vars(each)!r} {rich.pretty.pretty_repr(each)}" for each in (client, trap)]
    return _searched(" ".join([*shown, json.dumps([client, trap], default=str)]))


@in_every_mode("HCAPIAuthError(")
def healthchecks_refusals(kit: Kit) -> str:
    """Refusals of the API and of a ping, by a server that sends back what it got."""
    shown = []
    for status in ("401 Who", "404 No", "409 Twice", "500 Oops"):
        kit.raw.respond = echo(status)
        for method, arguments in HEALTHCHECKS_CALLS:
            error = caught(
                functools.partial(_of_healthchecks, kit, _healthchecks(kit), method, **arguments)
            )
            shown.append(describe_error(error))
    return _searched("\n".join(shown))


@in_every_mode("ProtocolFailure(")
def healthchecks_failures(kit: Kit) -> str:
    """Calls and pings without a response."""
    kit.raw.respond = lambda *_: None
    shown = []
    for method, arguments in (*HEALTHCHECKS_CALLS, ("success_ping", {"slug": "nightly"})):
        error = caught(
            functools.partial(_of_healthchecks, kit, _healthchecks(kit), method, **arguments)
        )
        shown.append(describe_error(error))
    return _searched("\n".join(shown))


@in_every_mode("Could not report this run")
def healthchecks_traps(kit: Kit) -> str:
    """What a trap logs when the pings fail, and what it sends as the log of a run that failed."""

    def blocking(client: Any) -> None:
        with client, kit.client() as failing, healthchecks_io.CheckTrap(client, uuid=UUID):
            get_connection.sync("x", client=failing)

    async def tasks(client: Any) -> None:
        trap = healthchecks_io.CheckTrap(client, uuid=UUID)
        async with client, kit.client() as failing, trap:
            await get_connection.asyncio("x", client=failing)

    kit.raw.respond = echo("401 Who", header=False)  # httpcore logs the headers of responses
    client = _healthchecks(kit)
    with Records() as records:
        error = caught(lambda: kit.run(lambda: blocking(client), lambda: tasks(client)))
    bodies = [
        request.partition(b"\r\n\r\n")[2].decode()
        for request in kit.raw.requests
        if request.startswith(b"POST /ping")
    ]
    assert "Unauthorized" in bodies[-1]
    return _searched(f"{records} {bodies} {describe_error(error)}")


@in_every_mode("HealthchecksServer")
def healthchecks_fake(kit: Kit) -> str:
    """What the fake Healthchecks.io server remembers and says about itself."""
    with HealthchecksServer() as server, Records() as records:
        client = _healthchecks(kit, api_url=server.api_url, ping_url=server.ping_url, ping_key="")
        error = caught(lambda: _of_healthchecks(kit, client, "get_checks"))
        return f"{server!r} {vars(server)!r} {records} {describe_error(error)}"


CASES = [
    pytest.param(
        each, mode, id=f"{number:02d} of {len(PLACES)}: {each.name.replace('_', ' ')}, {mode}"
    )
    for number, each in enumerate(PLACES, start=1)
    for mode in each.modes
]


@pytest.fixture
def kit(request: pytest.FixtureRequest, mode: str) -> Any:
    """What a place needs to be reached."""
    with ExitStack() as cleanup:
        yield Kit(request, mode, cleanup)


@pytest.mark.parametrize(("searched", "mode"), CASES, indirect=["mode"])
def test_no_token(searched: Place, kit: Kit) -> None:
    """The place was reached, and the token is not there, in any form."""
    shown = searched.show(kit)
    is_reached, hits = searched.reached in shown, found(shown)
    # Not `in shown` itself: pytest would spend minutes on explaining a text of this length.
    assert is_reached
    assert [] == hits


def test_number_of_places() -> None:
    """There are as many places as the issue asks for, and each once."""
    names = [each.name for each in PLACES]
    assert len(names) == len(set(names))
    assert 40 <= len(names)
