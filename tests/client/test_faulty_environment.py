"""Whatever the environment says, a call succeeds or raises an exception of ours that names it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.healthcheck import is_healthy
from support.platforms import not_on_windows
from support.raw_server import RawServer
from support.transports import in_two_modes, in_use, library_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "pass-9Xw4"
NOBODY = "http://127.0.0.1:9"


def ask(client: AuthenticatedClient | Client, mode: str) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return is_healthy.sync(client=client)

    async def main() -> Any:
        async with client:
            return await is_healthy.asyncio(client=client)

    return asyncio.run(main())


def failure(client: AuthenticatedClient | Client, mode: str) -> errors.ClientError:
    """Return what a call raises, without the server's address in its way."""
    with pytest.raises(errors.ClientError) as caught:
        ask(client, mode)
    return caught.value


@pytest.fixture
def proxy() -> Iterator[RawServer]:
    """A server that is asked as a proxy."""
    server = RawServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the machine says about proxies and TLS away."""
    for name in ("NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("no_proxy", "is_direct"),
    [
        ("127.0.0.1", True),
        ("127.0.0.0/8", True),
        ("127.0.0.1/32", True),
        ("10.0.0.0/8, 127.0.0.0/8", True),
        ("10.0.0.0/8 127.0.0.0/8", True),
        ("fe80::/10,127.0.0.1", True),
        ("127.0.0.1:{port}", True),
        ("*", True),
        ("example.com,*", True),
        ("http://127.0.0.1", True),
        ("10.0.0.0/8", False),
        ("128.0.0.0/8", False),
        ("fe80::/10", False),
        ("::1", False),
        ("[::1]", False),
        ("127.0.0.1:1", False),
        ("https://127.0.0.1", False),
        ("127.0.0", False),
        ("127.0.0.1/33", False),
        ("127.0.0.1:port", False),
        ("example.com", False),
        ("[", False),
        (":", False),
        ("/", False),
        ("a b:c:d/e?f#g", False),
        (",,", False),
        ("http://[", False),
        ("\u00fc\udcff", False),
    ],
)
def test_no_proxy(
    raw_server: RawServer,
    proxy: RawServer,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
    no_proxy: str,
    is_direct: bool,
) -> None:
    """Addresses, networks, ports and schemes are heeded; what cannot be understood is ignored."""
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", no_proxy.format(port=raw_server.port))
    assert ask(Client(raw_server.url), mode) == "OK"
    assert (len(raw_server.requests), len(proxy.requests)) == ((1, 0) if is_direct else (0, 1))


@pytest.mark.parametrize("trust_env", [True, False])
def test_proxies_of_the_environment(
    raw_server: RawServer,
    proxy: RawServer,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
    trust_env: bool,
) -> None:
    """They are used unless `trust_env` is False; an address without a scheme is one of http."""
    monkeypatch.setenv("ALL_PROXY", proxy.host)
    assert ask(Client(raw_server.url, httpx_args={"trust_env": trust_env}), mode) == "OK"
    assert len(proxy.requests) == trust_env
    monkeypatch.setenv("HTTP_PROXY", f"http://me:p%40ss@{proxy.host}")
    assert ask(Client(raw_server.url, httpx_args={"trust_env": trust_env}), mode) == "OK"
    assert len(proxy.requests) == 2 * trust_env
    if trust_env:
        assert proxy.header("Proxy-Authorization") == "Basic bWU6cEBzcw=="


BAD_PROXIES = {
    "no port": ("http://proxy:abc", "the environment variable {name}"),
    "a port that is none": ("http://proxy:99999", "the environment variable {name}"),
    "a hash in the password": (f"http://me-4Kq:{PASSWORD}#{PASSWORD}@127.0.0.1:9", "%23"),
    "a question mark in the password": (f"http://me-4Kq:{PASSWORD}?{PASSWORD}@127.0.0.1:9", "%3F"),
    "a slash in the password": (f"http://me-4Kq:{PASSWORD}/{PASSWORD}@127.0.0.1:9", "%2F"),
    "white space": (f"http://me-4Kq:{PASSWORD} x@127.0.0.1:9", "%20"),
    "ftp": (f"ftp://me-4Kq:{PASSWORD}@127.0.0.1:9", "'ftp'"),
    "socks": (f"socks://me-4Kq:{PASSWORD}@127.0.0.1:9", "'socks5'"),
    "socks4": ("socks4://127.0.0.1:1080", "'socks5'"),
    "no host": ("http://", "the environment variable {name}"),
    "half an address": ("http://[::1", "the environment variable {name}"),
    "no text": ("http://\udcff", "the environment variable {name}"),
}


@in_two_modes
@pytest.mark.parametrize("case", BAD_PROXIES)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxies_that_cannot_be_used(
    raw_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch, name: str, case: str
) -> None:
    """The variable is named and its value is not shown; nobody is asked."""
    value, expected = BAD_PROXIES[case]
    monkeypatch.setenv(name, value)
    error = failure(Client(raw_server.url), mode)
    assert isinstance(error, errors.InvalidRequest)
    message = str(error)
    assert f"the environment variable {name}" in message
    assert expected.format(name=name) in message
    for part in (PASSWORD, "me-4Kq", "127.0.0.1:9"):
        assert part not in message
    assert error.__cause__ is None
    assert not raw_server.requests


def test_a_bad_proxy_that_is_not_used(
    raw_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desktop sets a proxy that we cannot use, and says that this machine needs none."""
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:1080/")
    monkeypatch.setenv("HTTPS_PROXY", "ftp://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.0/8,::1")
    assert ask(Client(raw_server.url), mode) == "OK"


def test_socks_without_its_library(
    raw_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing is named."""
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    error = failure(Client(raw_server.url), mode)
    assert isinstance(error, errors.InvalidRequest)
    assert "ALL_PROXY" in str(error)
    assert "httpx[socks]" in str(error)


@in_two_modes
@pytest.mark.parametrize("case", BAD_PROXIES)
def test_a_bad_proxy_of_the_client(raw_server: RawServer, mode: str, case: str) -> None:
    """The same holds for `proxy` in `httpx_args`."""
    value, expected = BAD_PROXIES[case]
    error = failure(Client(raw_server.url, httpx_args={"proxy": value}), mode)
    assert isinstance(error, errors.InvalidRequest)
    message = str(error)
    assert "httpx_args['proxy']" in message
    assert expected.partition("{")[0].replace("the environment variable ", "") in message
    for part in (PASSWORD, "me-4Kq", "127.0.0.1:9"):
        assert part not in message


def test_a_dead_proxy(raw_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the proxy that cannot be reached, and the message says where it is set."""
    monkeypatch.setenv("http_proxy", f"http://me-4Kq:{PASSWORD}@127.0.0.1:9")
    error = failure(Client(raw_server.url, retries=None), mode)
    assert isinstance(error, errors.ConnectionFailure)
    assert error.is_unsent
    message = str(error)
    assert "could not connect to the proxy http://***@127.0.0.1:9" in message
    assert "http_proxy" in message
    assert "Check that the server is running" not in message
    assert PASSWORD not in message
    monkeypatch.delenv("http_proxy")
    client = Client(raw_server.url, retries=None, httpx_args={"proxy": NOBODY})
    assert f"the proxy {NOBODY}" in str(failure(client, mode))
    assert "httpx_args['proxy']" in str(failure(client, mode))


def test_a_dead_server_behind_no_proxy(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is asked directly is not called a proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    error = failure(Client(NOBODY, retries=None), mode)
    assert isinstance(error, errors.ConnectionFailure)
    assert "proxy" not in str(error)


def test_a_dead_proxy_for_tls(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel is not opened either."""
    monkeypatch.setenv("HTTPS_PROXY", NOBODY)
    error = failure(Client("https://h.invalid", retries=None), mode)
    assert isinstance(error, errors.ConnectionFailure)
    assert f"could not connect to the proxy {NOBODY}" in str(error)


TLS_VARIABLES = ("SSL_CERT_FILE", "SSLKEYLOGFILE")


@pytest.mark.parametrize("name", TLS_VARIABLES)
def test_files_that_cannot_be_opened(
    mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """The variable and the file are named."""
    path = tmp_path / "no" / "such.pem"
    monkeypatch.setenv(name, str(path))
    if name == "SSLKEYLOGFILE" and library_in_use() is not httpx:
        return  # httpx2 logs no keys
    error = failure(Client("https://127.0.0.1:9", retries=None), mode)
    assert isinstance(error, errors.InvalidRequest)
    assert f"the environment variable {name}" in str(error)
    assert str(path) in str(error)


@pytest.mark.parametrize("content", ["", "no certificate", "\x00\xff"])
def test_a_file_without_certificates(
    mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    """A file that holds something else is named, too."""
    path = tmp_path / "authorities.pem"
    path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    error = failure(Client("https://127.0.0.1:9", retries=None), mode)
    assert isinstance(error, errors.InvalidRequest)
    assert "SSL_CERT_FILE" in str(error)
    assert str(path) in str(error)


def test_no_file_left_for_what_finds_authorities(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module is loaded for the first server with TLS, when the limit may be reached."""
    module = "dqops._runtime.transport.trust"

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == module:
                raise OSError(errno.EMFILE, "Too many open files", name)

    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    error = failure(Client("https://127.0.0.1:9", retries=None), mode)
    assert "no certificate authorities can be loaded: Too many open files" == str(error)
    monkeypatch.undo()
    assert isinstance(failure(Client(NOBODY, retries=None), mode), errors.ConnectionFailure)


def test_a_folder_without_certificates(
    tls_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A server that is not trusted because of a variable: the variable is named."""
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    error = failure(Client(tls_server.url, retries=None), mode)
    assert isinstance(error, errors.TLSFailure)
    assert "SSL_CERT_DIR" in str(error)


@pytest.mark.parametrize("verify_ssl", [True, False, "certificate"])
def test_a_key_log_whatever_is_trusted(
    tls_server: RawServer,
    certificate: Path,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
    verify_ssl: Any,
) -> None:
    """A log of keys that cannot be written is named, not the certificates."""
    monkeypatch.setenv("SSLKEYLOGFILE", "/nonexistent/keys")
    verify_ssl = str(certificate) if verify_ssl == "certificate" else verify_ssl
    client = Client(tls_server.url, verify_ssl=verify_ssl, retries=None)
    if verify_ssl is False:
        assert ask(client, mode) == "OK"  # OpenSSL is not asked for a log then
        return
    if verify_ssl is True and library_in_use() is not httpx:
        return  # httpx2 logs no keys
    error = failure(client, mode)
    assert isinstance(error, errors.InvalidRequest)
    assert "SSLKEYLOGFILE" in str(error)
    assert "verify_ssl" not in str(error)


@not_on_windows("an interpreter needs more variables than a path")
def test_a_key_log_and_a_fresh_interpreter(tls_server: RawServer) -> None:
    """Not even the import of a transport fails otherwise."""
    code = (
        "import asyncio\n"
        "from dqops.client import Client, errors\n"
        "from dqops.client.api.healthcheck import is_healthy\n"
        f"client = Client({tls_server.url!r}, verify_ssl=False, retries=None)\n"
        "try:\n"
        "    print(asyncio.run(is_healthy.asyncio(client=client)))\n"
        "except errors.InvalidRequest as error:\n"
        "    print('InvalidRequest' if 'SSLKEYLOGFILE' in str(error) else error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"SSLKEYLOGFILE": "/nonexistent/keys", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() in ("OK", "InvalidRequest"), done.stderr


class DemandingServer(RawServer):
    """A server that speaks TLS 1.3, wants a certificate of the client, and says so if it gets none.

    It takes what the client has sent by then, so that no reset overtakes what it says.
    """

    def __init__(self, certificate: Path) -> None:
        self._demand = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._demand.minimum_version = ssl.TLSVersion.TLSv1_3
        self._demand.load_cert_chain(certificate)
        self._demand.verify_mode = ssl.CERT_REQUIRED
        self._demand.load_verify_locations(certificate)
        super().__init__()
        self.url = f"https://{self.host}"

    def _serve(self, connection: socket.socket) -> None:
        secured = self._demand.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        )
        try:
            secured.do_handshake()
        except ssl.SSLError:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(secured, socket.SHUT_WR)
                while socket.socket.recv(secured, 65536):
                    pass
        else:
            super()._serve(secured)
        secured.close()


def test_a_server_that_wants_a_certificate(certificate: Path, mode: str) -> None:
    """It says so after the handshake; that is a failure of TLS, and says what to do."""
    server = DemandingServer(certificate)
    try:
        client = Client(server.url, verify_ssl=certificate, retries=None)
        error = failure(client, mode)
        assert isinstance(error, errors.TLSFailure)
        assert "client certificate" in str(error)
        assert "httpx_args" in str(error)
        assert not server.requests
        client = Client(server.url, verify_ssl=certificate, httpx_args={"cert": str(certificate)})
        assert ask(client, mode) == "OK"
    finally:
        server.close()


@pytest.mark.parametrize("verify_ssl", [True, False])
def test_client_certificates_that_cannot_be_loaded(
    mode: str, tmp_path: Path, certificate: Path, verify_ssl: bool
) -> None:
    """The argument and the file are named; the password of the key is not."""
    missing = tmp_path / "missing.pem"
    empty = tmp_path / "empty.pem"
    empty.touch()
    for cert, name in (
        (str(missing), "missing.pem"),
        ((str(certificate), str(missing)), "missing.pem"),
        ((str(missing), str(certificate), PASSWORD), "missing.pem"),
        (str(empty), "empty.pem"),
        ((str(certificate), str(empty), PASSWORD), "empty.pem"),
    ):
        client = Client("https://127.0.0.1:9", verify_ssl=verify_ssl, httpx_args={"cert": cert})
        error = failure(client, mode)
        assert isinstance(error, errors.InvalidRequest)
        assert "httpx_args['cert']" in str(error)
        assert name in str(error)
        assert PASSWORD not in str(error)


class SyncOnly:
    """Carries synchronous calls."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Respond."""
        del request
        response: httpx.Response = in_use(httpx.Response)(200, text="OK")
        return response

    def close(self) -> None:
        """Close nothing."""


class AsyncOnly:
    """Carries asynchronous calls."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Respond."""
        del request
        response: httpx.Response = in_use(httpx.Response)(200, text="OK")
        return response

    async def aclose(self) -> None:
        """Close nothing."""


@pytest.mark.parametrize("way", ["transport", "mounts"])
def test_a_transport_of_the_other_kind(mode: str, way: str) -> None:
    """It carries its own kind of calls, and the others say why they cannot be made."""
    good, bad = (SyncOnly(), AsyncOnly()) if mode == "sync" else (AsyncOnly(), SyncOnly())

    def client(transport: Any) -> Client:
        given = transport if way == "transport" else {"all://": transport}
        return Client("http://h", httpx_args={way: given})

    assert ask(client(good), mode) == "OK"
    error = failure(client(bad), mode)
    assert isinstance(error, errors.InvalidRequest)
    assert f"httpx_args[{way!r}" in str(error)
    assert ("synchronous calls only" if mode != "sync" else "asynchronous calls only") in str(error)


def test_hooks_of_both_kinds(raw_server: RawServer, mode: str) -> None:
    """Plain functions serve both kinds of calls; a coroutine function, asynchronous ones."""
    seen: list[str] = []

    def plain(message: httpx.Request | httpx.Response) -> None:
        seen.append(type(message).__name__)

    async def coroutine(message: httpx.Request | httpx.Response) -> None:
        plain(message)

    hooks = {"request": [plain], "response": [plain]}
    assert ask(Client(raw_server.url, httpx_args={"event_hooks": hooks}), mode) == "OK"
    assert seen == ["Request", "BoundedResponse"] or seen == ["Request", "Response"]
    client = Client(raw_server.url, httpx_args={"event_hooks": {"request": [coroutine]}})
    if mode == "sync":
        error = failure(client, mode)
        assert isinstance(error, errors.InvalidRequest)
        assert "httpx_args['event_hooks']" in str(error)
    else:
        assert ask(client, mode) == "OK"


@pytest.mark.parametrize(
    "arguments",
    [
        {"limits": 5},
        {"mounts": {"example": SyncOnly()}},
        {"mounts": {"http://h:port": SyncOnly()}},
        {"mounts": 3},
        {"proxy": 3},
        {"event_hooks": 3},
        {"event_hooks": {"request": 3}},
        {"max_redirects": "many"},
        {"default_encoding": 3},
        {"params": 3},
        {"cert": 3},
        {"transport": 3},
        {"trust_env": "no"},
    ],
    ids=lambda arguments: next(iter(arguments)),
)
def test_arguments_that_httpx_cannot_use(
    raw_server: RawServer, mode: str, arguments: dict[str, Any]
) -> None:
    """They fail as `InvalidRequest`, or do no harm."""
    try:
        assert ask(Client(raw_server.url, httpx_args=arguments), mode) == "OK"
    except errors.InvalidRequest as error:
        assert "httpx_args" in str(error)  # noqa: PT017 - either is right


def test_http2_without_its_library(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named."""
    monkeypatch.setitem(sys.modules, "h2", None)
    client = Client(NOBODY, httpx_args={"http2": True}, retries=None)
    error = failure(client, mode)
    assert isinstance(error, errors.InvalidRequest)
    expected = "no HTTP/2" if os.environ["DQOPS_TRANSPORT"] == "aiohttp" else "[http2]"
    assert mode == "sync" or expected in str(error)
    assert mode != "sync" or "[http2]" in str(error)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_key_file_with_a_byte_order_mark(
    raw_server: RawServer, tmp_path: Path, mode: str, mark: str
) -> None:
    """Editors and shells of Windows write one; of UTF-8 it is no part of the key."""
    path = tmp_path / "key"
    path.write_bytes("key-5Rt9\r\n".encode(mark))
    environ = {"DQOPS_URL": raw_server.url, "DQOPS_API_KEY_FILE": str(path)}
    if mark == "utf-8-sig":
        client = AuthenticatedClient.from_env(environ=environ)
        assert ask(client, mode) == "OK"
        assert raw_server.header("Authorization") == "Bearer key-5Rt9"
        return
    with pytest.raises(errors.InvalidRequest, match="UTF-8") as caught:
        AuthenticatedClient.from_env(environ=environ)
    assert str(path) in str(caught.value)
    assert "key-5Rt9" not in str(caught.value)


@pytest.mark.parametrize(
    ("base_url", "variables", "httpx_args", "warns"),
    [
        ("http://127.0.0.1:9", {}, {}, False),
        ("http://127.0.0.1:9", {"HTTP_PROXY": "http://192.0.2.1:3128"}, {}, True),
        ("http://127.0.0.1:9", {}, {"proxy": "http://192.0.2.1:3128"}, True),
        ("http://127.0.0.1:9", {"HTTP_PROXY": "http://127.0.0.1:3128"}, {}, False),
        (
            "http://127.0.0.1:9",
            {"HTTP_PROXY": "http://192.0.2.1:3128", "NO_PROXY": "127.0.0.0/8"},
            {},
            False,
        ),
        (
            "http://127.0.0.1:9",
            {"HTTP_PROXY": "http://192.0.2.1:3128"},
            {"trust_env": False},
            False,
        ),
        ("https://127.0.0.1:9", {"HTTPS_PROXY": "http://192.0.2.1:3128"}, {}, False),
        ("http://192.0.2.7:9", {}, {}, True),
    ],
)
def test_credentials_through_a_proxy_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    base_url: str,
    variables: dict[str, str],
    httpx_args: dict[str, Any],
    warns: bool,
) -> None:
    """Without TLS, a proxy on another machine reads the token, even of a server on this one."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = AuthenticatedClient(
        base_url, "token-7Kq2", httpx_args=httpx_args, retries=None, timeout=0.01
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        failure(client, mode)
    assert warns == any(each.category is errors.InsecureTransportWarning for each in caught)
