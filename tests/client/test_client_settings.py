"""What clients are told: constructors, copies, descriptions."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import re
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest
from dqops.client import AuthenticatedClient, Client
from dqops.client.errors import InvalidRequest
from support.calls import get, send
from support.runtime import Config, environment

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer
    from support.raw_server import RawServer

TOKEN = "token-7Kq2"

AnyClient = AuthenticatedClient | Client


def make(kind: type[AnyClient], base_url: str = "http://localhost:8888", **further: Any) -> Any:
    """Make a client of either class."""
    if issubclass(kind, AuthenticatedClient):
        return kind(base_url, TOKEN, **further)
    return kind(base_url, **further)


BOTH = pytest.mark.parametrize("kind", [Client, AuthenticatedClient])


@BOTH
def test_defaults(kind: type[AnyClient]) -> None:
    """The defaults are the official client's, and TLS is verified."""
    client = make(kind)
    httpx_client = client.get_httpx_client()
    assert httpx_client.timeout == httpx.Timeout(120.0)
    assert httpx_client.follow_redirects is False
    assert client.raise_on_unexpected_status is False
    assert client._verify_ssl is True
    over_tls = make(kind, "https://localhost:8888").get_httpx_client()
    context = over_tls._transport._pool._ssl_context
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname is True
    assert (client._base_url, client._headers, client._cookies) == ("http://localhost:8888", {}, {})


def test_signatures() -> None:
    """`help` shows each argument by name; few may be given by position."""
    positional = {
        kind: [
            each.name
            for each in inspect.signature(kind).parameters.values()
            if each.kind is each.POSITIONAL_OR_KEYWORD
        ]
        for kind in (Client, AuthenticatedClient)
    }
    assert {
        Client: ["base_url"],
        AuthenticatedClient: ["base_url", "token", "prefix", "auth_header_name"],
    } == positional
    named = inspect.signature(Client).parameters
    assert {"cookies", "headers", "timeout", "retries", "deadline"} < set(named)
    assert httpx.Timeout(120.0) == named["timeout"].default


def test_positional_arguments() -> None:
    """Base URL, token, prefix and header name may be given by position."""
    client = AuthenticatedClient("http://h", TOKEN, "Key", "X-Api-Key")
    assert (client.token, client.prefix, client.auth_header_name) == (TOKEN, "Key", "X-Api-Key")
    assert client._base_url == "http://h"


@pytest.mark.parametrize(
    ("settings", "name", "expected"),
    [
        ({}, "Authorization", f"Bearer {TOKEN}"),
        ({"prefix": "Token"}, "Authorization", f"Token {TOKEN}"),
        ({"prefix": ""}, "Authorization", TOKEN),
        ({"prefix": None}, "Authorization", TOKEN),
        ({"auth_header_name": "X-Api-Key", "prefix": ""}, "X-Api-Key", TOKEN),
        ({"auth_header_name": "X-Api-Key"}, "Authorization", None),
        ({"headers": {"Authorization": "other"}}, "Authorization", f"Bearer {TOKEN}"),
        ({"headers": {"X-Tenant": "a"}}, "X-Tenant", "a"),
        ({"cookies": {"a": "1", "b": "2"}}, "Cookie", "a=1; b=2"),
        ({"httpx_args": {"params": {"p": "1"}}}, "Host", "{host}"),
    ],
)
def test_what_is_sent(
    raw_server: RawServer, mode: str, settings: dict[str, Any], name: str, expected: str | None
) -> None:
    """Token, headers and cookies arrive on the wire."""
    send(AuthenticatedClient(raw_server.url, TOKEN, **settings), mode, get())
    expected = expected and expected.format(host=raw_server.host)
    assert raw_server.header(name) == expected
    assert len(raw_server.requests) == 1


def test_changed_token(raw_server: RawServer, mode: str) -> None:
    """A token that is assigned is sent with the next request, over connections that exist."""
    client = AuthenticatedClient(raw_server.url, TOKEN)
    send(client, mode, get())
    client.token = "next"
    send(client, mode, get())
    assert client.token == "next"
    assert raw_server.header("Authorization") == "Bearer next"


def test_user_name_in_the_address(raw_server: RawServer, mode: str) -> None:
    """User name and password of the address are sent as basic authentication."""
    send(Client(raw_server.url.replace("://", "://someone:p%40ss@")), mode, get())
    assert raw_server.header("Authorization") == "Basic c29tZW9uZTpwQHNz"


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("", "/api/x"),
        ("/", "/api/x"),
        ("/dqops", "/dqops/api/x"),
        ("/dqops/", "/dqops/api/x"),
        ("/a%2Fb/c", "/a%2Fb/c/api/x"),
        ("  ", "/api/x"),
        ("\n", "/api/x"),
    ],
)
def test_base_url_with_prefix(raw_server: RawServer, mode: str, base: str, path: str) -> None:
    """The path is appended to the base URL, with or without a slash at its end."""
    send(Client(raw_server.url + base), mode, get())
    assert raw_server.requests[-1].split()[1].decode() == path


def test_against_a_stock_server(httpserver: HTTPServer) -> None:
    """A server that is not ours understands what is sent."""
    httpserver.expect_request(
        "/dqops/api/x",
        method="POST",
        headers={"Authorization": f"Bearer {TOKEN}", "X-Tenant": "a"},
        query_string={"p": "1"},
        data=b"body",
    ).respond_with_json({})
    client = AuthenticatedClient(httpserver.url_for("/dqops"), TOKEN, headers={"X-Tenant": "a"})
    request = {"method": "POST", "url": "/api/x", "params": [("p", "1")], "content": b"body"}
    assert send(client, "sync", request) == 200


@BOTH
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"base_url": ""}, "base_url is empty"),
        ({"base_url": None}, "base_url must be a string, got NoneType"),
        ({"base_url": "localhost:8888"}, "base_url 'localhost:8888' has no scheme"),
        ({"base_url": "/dqops"}, "base_url '/dqops' has no scheme"),
        ({"base_url": "ftp://h"}, "base_url 'ftp://h' must start with 'http://' or 'https://'"),
        ({"base_url": "http://"}, "base_url 'http://' has no host"),
        ({"base_url": "http:///x"}, "base_url 'http:///x' has no host"),
        ({"base_url": "http://h:port"}, "the port in base_url must be a number"),
        ({"base_url": "http://h:70000"}, "the port in base_url must be a number"),
        ({"base_url": "http://user:secret"}, "the port in base_url must be a number"),
        ({"base_url": "http://[::1"}, "base_url is not a valid URL"),
        ({"base_url": "http://\u2100.de"}, "base_url is not a valid URL"),
        ({"base_url": "http://xn--a.de:1"}, None),
        ({"base_url": "http://a_b"}, None),
        ({"base_url": "http://h/a b"}, "base_url 'http://h/a b' contains whitespace"),
        ({"base_url": "http://h\n.de"}, "contains whitespace or a control character"),
        (
            {"base_url": "http://h/?secret=1"},
            "base_url 'http://h/' must not have a query or fragment",
        ),
        ({"base_url": "http://h?"}, "base_url 'http://h' must not have a query or fragment"),
        (
            {"base_url": "http://h/#secret"},
            "base_url 'http://h/' must not have a query or fragment",
        ),
        ({"base_url": "someone:secret@h"}, "base_url '***@h' has no scheme"),
        ({"base_url": "ftp://someone:se/cret@h"}, "base_url 'ftp://***@h' must start"),
        ({"headers": {"X": "secret\n"}}, "the value of the header 'X' contains a line break"),
        ({"headers": {"X": "secret\r\nY: 1"}}, "the value of the header 'X' contains a line break"),
        (
            {"headers": {"X": "secret\0"}},
            "the value of the header 'X' contains a control character",
        ),
        ({"headers": {"X": "secr\u00e9t"}}, "the value of the header 'X' contains a character out"),
        ({"headers": {"X": " secret"}}, "the value of the header 'X' starts or ends with white"),
        ({"headers": {"X": 1}}, "the value of the header 'X' must be a string, got int"),
        ({"headers": {"X": None}}, "the value of the header 'X' must be a string, got NoneType"),
        ({"headers": {"X Y": "secret"}}, "'X Y' is not a valid header name"),
        ({"headers": {"X\n": "secret"}}, "'X\\n' is not a valid header name"),
        ({"headers": {"": "secret"}}, "'' is not a valid header name"),
        ({"headers": {1: "secret"}}, "1 is not a valid header name"),
        ({"headers": ["secret"]}, "headers must be a mapping of strings to strings, got list"),
        ({"cookies": {"a": "secret; b=1"}}, "the value of the cookie 'a' contains a ';'"),
        ({"cookies": {"a": "secret\n"}}, "the value of the cookie 'a' contains a line break"),
        ({"cookies": {"a=b": "secret"}}, "'a=b' is not a valid cookie name"),
        ({"cookies": {"a": 1}}, "the value of the cookie 'a' must be a string, got int"),
        ({"cookies": "secret"}, "cookies must be a mapping of strings to strings, got str"),
        ({"timeout": -1}, "timeout must be a number of seconds > 0"),
        ({"timeout": 0}, "timeout must be a number of seconds > 0"),
        ({"timeout": httpx.Timeout(5, read=0)}, "the read timeout must be a number of seconds > 0"),
        ({"timeout": float("nan")}, "timeout must be a number of seconds > 0"),
        ({"timeout": float("inf")}, "or None for no limit, got inf"),
        (
            {"timeout": httpx.Timeout(5, pool=-1)},
            "the pool timeout must be a number of seconds >= 0",
        ),
        ({"timeout": httpx.Timeout("5")}, "the connect timeout must be a number of seconds > 0"),  # type: ignore[arg-type]
        (
            {"timeout": "5"},
            "timeout must be a number of seconds, a timedelta, None or an httpx.Timeout, got str",
        ),
        (
            {"timeout": True},
            "timeout must be a number of seconds, a timedelta, None or an httpx.Timeout, got bool",
        ),
        ({"verify_ssl": "/no/such.pem"}, "verify_ssl: there is no file or folder '/no/such.pem'"),
        ({"verify_ssl": None}, "verify_ssl must be True, False, the path of"),
        ({"httpx_args": {"timeout": 1}}, "use the client's argument timeout= for it"),
        ({"httpx_args": {"verify": False}}, "use the client's argument verify_ssl= for it"),
        ({"httpx_args": {"base_url": "x"}}, "use the client's argument base_url= for it"),
        ({"httpx_args": {"headers": {}}}, "use the client's argument headers= for it"),
        ({"httpx_args": {"cookies": {}}}, "use the client's argument cookies= for it"),
        ({"httpx_args": {"follow_redirects": 1}}, "argument follow_redirects= for it"),
        ({"httpx_args": {"limit": 1}}, "httpx_args holds 'limit', which httpx.Client does not"),
    ],
)
def test_refused_arguments(
    kind: type[AnyClient], settings: dict[str, Any], message: str | None
) -> None:
    """What cannot be used is refused by the constructor, in words that show no secret."""
    if message is None:
        make(kind, **settings)
        return
    with pytest.raises(InvalidRequest) as caught:
        make(kind, **settings)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("kind", [Client, AuthenticatedClient])
@pytest.mark.parametrize("base_url", ["http://xn--a.de:1", "http://xn--/", "https://xn--a_b:1"])
def test_host_name_that_cannot_be_decoded(kind: type[AnyClient], base_url: str) -> None:
    """An address that the constructor takes is not found to be odd only by the first call."""
    with make(kind, base_url=base_url) as client:
        assert base_url.rstrip("/") == str(client.get_httpx_client().base_url).rstrip("/")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"token": ""}, "the token is empty"),
        ({"token": None}, "the token must be a string, got NoneType"),
        ({"token": "secret\n"}, "the token contains a line break (at index 6)"),
        ({"token": "secr\u00e9t"}, "the token contains a character outside ASCII (at index 4)"),
        ({"token": "secret "}, "the token starts or ends with whitespace; strip it first"),
        ({"prefix": "Be\narer"}, "prefix contains a line break"),
        (
            {"auth_header_name": "X Key"},
            "auth_header_name must be a valid header name, got 'X Key'",
        ),
        ({"auth_header_name": ""}, "auth_header_name must be a valid header name, got ''"),
        ({"httpx_args": {"auth": ("a", "secret")}}, "httpx_args must not hold 'auth'"),
    ],
)
def test_refused_credentials(settings: dict[str, Any], message: str) -> None:
    """A token that cannot be sent is refused by the constructor, and not shown."""
    with pytest.raises(InvalidRequest) as caught:
        AuthenticatedClient(**{"base_url": "http://h", "token": TOKEN, **settings})
    assert message in str(caught.value)
    assert "secr" not in str(caught.value)


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (5, httpx.Timeout(5)),
        (0.5, httpx.Timeout(0.5)),
        (None, httpx.Timeout(None)),
        (httpx.Timeout(5, connect=1), httpx.Timeout(5, connect=1)),
        ((1, 2, 3, 4), httpx.Timeout(connect=1, read=2, write=3, pool=4)),
    ],
)
def test_timeouts(timeout: Any, expected: httpx.Timeout) -> None:
    """Seconds, None and httpx's own form are all understood, by both ways to give them."""
    assert Client("http://h", timeout=timeout).get_httpx_client().timeout == expected
    assert Client("http://h").with_timeout(timeout).get_httpx_client().timeout == expected


def test_httpx_args_are_passed_on(raw_server: RawServer) -> None:
    """Further arguments reach the httpx client."""
    seen: list[str] = []
    hooks = {"response": [lambda response: seen.append(str(response.status_code))]}
    client = Client(raw_server.url, httpx_args={"event_hooks": hooks, "max_redirects": 3})
    assert send(client, "sync", get()) == 200
    assert seen == ["200"]
    assert client.get_httpx_client().max_redirects == 3


def test_certificates_that_are_none(tmp_path: Path) -> None:
    """A file without certificates is named when the first connection is prepared."""
    path = tmp_path / "x.pem"
    path.write_text("no certificate")
    with pytest.raises(InvalidRequest, match=r"cannot load certificates from .*x\.pem"):
        Client("https://h", verify_ssl=str(path)).get_httpx_client()


def test_folder_of_certificates(tmp_path: Path) -> None:
    """A folder of certificates is accepted without the warning that httpx gives on paths."""
    assert Client("https://h", verify_ssl=tmp_path).get_httpx_client() is not None


@BOTH
@pytest.mark.parametrize("source", ["constructor", "with_headers", "with_cookies", "evolve"])
def test_the_caller_s_dictionaries_are_copied(kind: type[AnyClient], source: str) -> None:
    """What the caller does to a dictionary later changes no client, and no client changes it."""
    given = {"a": "1"}
    client = make(kind)
    if source == "constructor":
        client = make(kind, headers=given, cookies=given, httpx_args={})
    elif source == "evolve":
        client = attrs.evolve(client, headers=given, cookies=given)
    else:
        client = getattr(client, source)(given)
    client.get_httpx_client()
    assert given == {"a": "1"}
    given["b"] = "2"
    assert client._headers in ({"a": "1"}, {})
    assert client._cookies in ({"a": "1"}, {})


@BOTH
@pytest.mark.parametrize(
    ("method", "argument", "attribute", "expected"),
    [
        ("with_headers", {"X-B": "2"}, "_headers", {"X-A": "1", "X-B": "2"}),
        ("with_headers", {"x-a": "2"}, "_headers", {"x-a": "2"}),
        ("with_headers", MappingProxyType({"X-B": "2"}), "_headers", {"X-A": "1", "X-B": "2"}),
        ("with_headers", httpx.Headers({"X-B": "2"}), "_headers", {"X-A": "1", "x-b": "2"}),
        ("with_cookies", {"b": "2"}, "_cookies", {"a": "1", "b": "2"}),
        ("with_cookies", {"a": "2"}, "_cookies", {"a": "2"}),
        ("with_timeout", 3, "_timeout", httpx.Timeout(3)),
    ],
)
def test_with_methods(
    kind: type[AnyClient], method: str, argument: Any, attribute: str, expected: Any
) -> None:
    """A changed client is a new one; the original and its live httpx clients stay as they are."""
    original = make(kind, headers={"X-A": "1"}, cookies={"a": "1"}, timeout=9)
    live = original.get_httpx_client()
    live_async = original.get_async_httpx_client()
    before = (original, repr(live.headers), dict(live.cookies), live.timeout)
    changed = getattr(original, method)(argument)
    assert getattr(changed, attribute) == expected
    assert type(changed) is kind
    assert changed.get_httpx_client() is not live
    assert changed.get_async_httpx_client() is not live_async
    assert original.get_httpx_client() is live
    assert original.get_async_httpx_client() is live_async
    unchanged = make(kind, headers={"X-A": "1"}, cookies={"a": "1"}, timeout=9)
    assert original == unchanged
    assert before == (unchanged, repr(live.headers), dict(live.cookies), live.timeout)
    assert repr(live_async.headers) == repr(live.headers)
    assert live_async.timeout == live.timeout


def test_refused_changes_leave_the_client_alone() -> None:
    """A change that is refused changes nothing."""
    client = Client("http://h", headers={"X-A": "1"})
    with pytest.raises(InvalidRequest):
        client.with_headers({"X-B": "\n"})
    with pytest.raises(InvalidRequest):
        client.with_cookies({"a": "\n"})
    with pytest.raises(InvalidRequest):
        client.with_timeout(-1)
    assert client == Client("http://h", headers={"X-A": "1"})


class Plain(AuthenticatedClient):
    """A subclass with a constructor and an attribute of its own."""

    def __init__(self, tenant: str) -> None:
        super().__init__("http://h", TOKEN)
        self.tenant = [tenant]


@attrs.define
class Generated(AuthenticatedClient):
    """A subclass whose methods attrs makes."""

    tenant: list[str] = attrs.field(factory=list, kw_only=True)


@pytest.mark.parametrize(
    "client", [Plain("a"), Generated("http://h", TOKEN, tenant=["a"])], ids=["plain", "generated"]
)
def test_subclasses(client: Plain | Generated) -> None:
    """A subclass stays a subclass, with its attributes."""
    changed = client.with_headers({"X": "1"}).with_cookies({"a": "1"}).with_timeout(1)
    for other in (changed, copy.copy(client), copy.deepcopy(client)):
        assert type(other) is type(client)
        assert other.tenant == ["a"]
        assert other.token == TOKEN
    assert copy.copy(client).tenant is client.tenant
    assert copy.deepcopy(client).tenant is not client.tenant


@BOTH
def test_evolve(kind: type[AnyClient]) -> None:
    """`attrs.evolve` works with the names of the constructor's arguments."""
    client = make(kind, headers={"X-A": "1"}, raise_on_unexpected_status=True)
    changed = attrs.evolve(client, headers={"X-B": "1"}, base_url="http://other", timeout=1)
    assert changed == make(
        kind, "http://other", headers={"X-B": "1"}, timeout=1, raise_on_unexpected_status=True
    )
    assert client._headers == {"X-A": "1"}
    names = {field.alias for field in attrs.fields(kind) if field.init}
    expected = {
        "base_url",
        "cookies",
        "headers",
        "timeout",
        "verify_ssl",
        "follow_redirects",
        "raise_on_unexpected_status",
        "httpx_args",
        "transport",
        "retries",
        "deadline",
        "max_body_bytes",
        "strict_enums",
        "server_version",
    }
    if kind is AuthenticatedClient:
        expected |= {"token", "prefix", "auth_header_name"}
        assert attrs.evolve(client, token="next").token == "next"
        assert client.token == TOKEN
    assert names == expected


def options_of(name: str) -> set[str]:
    """Name the fields of a TypedDict for `from_env`, which is there for type checkers only."""
    tree = ast.parse(inspect.getsource(environment))
    classes = {each.name: each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)}
    bases = [each.id for each in classes[name].bases if isinstance(each, ast.Name)]
    own = {
        each.target.id
        for each in classes[name].body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    return own.union(*(options_of(each) for each in bases if each in classes))


@pytest.mark.parametrize(
    ("kind", "options"), [(Client, "ClientOptions"), (AuthenticatedClient, "TokenOptions")]
)
def test_each_setting_is_in_every_list(kind: type[AnyClient], options: str) -> None:
    """Constructor, `Config`, `from_env`, both docstrings and the description have the same ones."""
    names = {field.alias for field in attrs.fields(kind)}
    assert names == options_of(options) - {"environ"}
    of_tokens = {"token", "prefix", "auth_header_name"} - names
    # Not settings: what views add, what the server has set, and what only vendored clients take.
    others = {"credentials", "how_to_authenticate", "per_request", "kept_cookies"}
    assert names == set(Config.__annotations__) - of_tokens - others
    for each in (Config, kind):
        documented = re.findall(r"^    (\w+): ", inspect.cleandoc(str(each.__doc__)), re.MULTILINE)
        assert names <= {*documented}, each
    unusual: dict[str, Any] = {
        "cookies": {"a": "1"},
        "headers": {"X-A": "1"},
        "httpx_args": {"http2": False},
        "retries": None,
        "deadline": 1.0,
        "max_body_bytes": 1,
        "strict_enums": True,
        "server_version": "1.7.0",
    }
    assert names == {name for name, _ in make(kind, **unusual).__rich_repr__()}


@BOTH
@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy])
def test_copies(kind: type[AnyClient], copying: Any) -> None:
    """A copy has the same settings and connections of its own."""
    transport = httpx.HTTPTransport()
    client = make(kind, headers={"X-A": "1"}, httpx_args={"transport": transport})
    live = client.get_httpx_client()
    copied = copying(client)
    assert copied == client
    assert copied is not client
    copied.keep_cookies({"a": "1"})
    assert client._cookies == {}
    assert copied.get_httpx_client() is not live
    if kind is AuthenticatedClient:
        copied.token = "next"
        assert client.token == TOKEN


def test_settings_that_change_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that change different settings of one client lose none of the changes."""
    client = AuthenticatedClient("http://h", TOKEN)
    names = [f"c{number}" for number in range(20)]
    changed = Config.changed

    def change_slowly(config: Config, **settings: Any) -> Config:
        made = changed(config, **settings)
        time.sleep(0.001)
        return made

    def keep() -> None:
        for name in names:
            client.keep_cookies({name: "1"})

    def switch() -> None:
        for name in names:
            client.prefix = name
            assert client.prefix == name

    monkeypatch.setattr(Config, "changed", change_slowly)
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(keep), threads.submit(switch)]:
            done.result()
    assert set(client._cookies) == set(names)


def test_comparison() -> None:
    """Clients are equal when their settings are, connections aside."""
    client = AuthenticatedClient("http://h", TOKEN)
    client.get_httpx_client()
    assert client == AuthenticatedClient("http://h", TOKEN)
    assert client != AuthenticatedClient("http://h", "other")
    assert client != AuthenticatedClient("http://h", TOKEN, timeout=1)


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (
            AuthenticatedClient(
                "http://localhost:8888/",
                TOKEN,
                headers={"X-A": "secret"},
                cookies={"a": "secret"},
                httpx_args={"params": {"p": "secret"}},
                timeout=5,
            ),
            (
                "AuthenticatedClient(base_url='http://localhost:8888/', token=<hidden>, "
                "prefix='Bearer', auth_header_name='Authorization', cookies={'a': <hidden>}, "
                "headers={'X-A': <hidden>}, httpx_args={'params': <hidden>}, "
                "timeout=Timeout(timeout=5), verify_ssl=True, follow_redirects=False, "
                "transport='httpx', raise_on_unexpected_status=False)"
            ),
        ),
        (
            Client("http://someone:secret@h/dqops", raise_on_unexpected_status=True),
            (
                "Client(base_url='http://***@h/dqops', timeout=Timeout(timeout=120.0), "
                "verify_ssl=True, follow_redirects=False, transport='httpx', "
                "raise_on_unexpected_status=True)"
            ),
        ),
        (
            Generated("http://someone:secret@h", TOKEN, headers={"a": "secret"}),
            (
                "Generated(_base_url='http://***@h', _cookies={}, _headers={'a': <hidden>}, "
                "_timeout=Timeout(timeout=120.0), _verify_ssl=True, _follow_redirects=False, "
                "raise_on_unexpected_status=False, _httpx_args={}, _transport='httpx', "
                "_token=<hidden>, prefix='Bearer', auth_header_name='Authorization', tenant=[])"
            ),
        ),
    ],
    ids=["authenticated", "plain", "generated"],
)
def test_description(client: AnyClient, expected: str) -> None:
    """Descriptions show names, never values that may be secret."""
    assert (repr(client), str(client), f"{client}") == (expected, expected, expected)


@pytest.mark.parametrize(
    ("client", "message"),
    [
        (AuthenticatedClient("http://h", TOKEN), "AuthenticatedClient cannot be pickled"),
        (Plain("a"), "Plain cannot be pickled"),
        (Generated("http://h", TOKEN), "Generated cannot be pickled"),
        (Client("http://h", headers={"authorization": "x"}), "the header 'authorization'"),
        (Client("http://h", headers={"X-Api-Key": "x"}), "the header 'X-Api-Key'"),
        (Client("http://h", headers={"X-Auth-Token": "x"}), "the header 'X-Auth-Token'"),
        (Client("http://h", headers={"Cookie": "x"}), "the header 'Cookie'"),
        (Client("http://h", cookies={"a": "x"}), "the cookie 'a'"),
        (Client("http://someone:x@h"), "the user name in base_url"),
        (Client("http://h", httpx_args={"auth": ("a", "x")}), "httpx_args['auth']"),
        (Client("http://h", httpx_args={"proxy": "http://a:x@p"}), "httpx_args['proxy']"),
    ],
)
def test_refused_pickles(client: AnyClient, message: str) -> None:
    """A client with credentials is not pickled, and says why."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError) as caught:
            pickle.dumps(client, protocol)
        assert message in str(caught.value)
        assert "worker process" in str(caught.value)
        assert TOKEN not in str(caught.value)


def test_pickle() -> None:
    """A client without credentials is pickled without its connections."""
    client = Client("http://h", headers={"X-Tenant": "a"}, timeout=3, follow_redirects=True)
    client.get_httpx_client()
    restored = pickle.loads(pickle.dumps(client))
    assert restored == client
    assert restored.get_httpx_client() is not client.get_httpx_client()
