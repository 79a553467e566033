"""Clients with settings from the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops.client import AuthenticatedClient, Client
from dqops.client.api.healthcheck import is_healthy
from dqops.client.errors import InvalidRequest
from support.platforms import not_on_windows

if TYPE_CHECKING:
    from pathlib import Path

    from support.raw_server import RawServer

KEY = "key-5Rt9"
URL = {"DQOPS_URL": "http://localhost:8888"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of this machine away."""
    for name in list(os.environ):
        if name.startswith("DQOPS_"):
            monkeypatch.delenv(name)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file with an API key, as containers mount it."""
    path = tmp_path / "api-key"
    path.write_text(f"{KEY}\n")
    return path


def test_everything_from_the_environment(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Address, key, timeout and data domain are taken, and reach the server."""
    monkeypatch.setenv("DQOPS_URL", f" {raw_server.url} ")
    monkeypatch.setenv("DQOPS_API_KEY", f"{KEY}\n")
    monkeypatch.setenv("DQOPS_TIMEOUT", "7.5")
    monkeypatch.setenv("DQOPS_DATA_DOMAIN", "sales")
    with AuthenticatedClient.from_env(raise_on_unexpected_status=True) as client:
        is_healthy.sync(client=client)
    assert f"Bearer {KEY}" == raw_server.header("Authorization")
    assert "DQODataDomain=sales" == raw_server.header("Cookie")
    assert httpx.Timeout(7.5) == client._timeout
    assert client.raise_on_unexpected_status
    assert type(client) is AuthenticatedClient


def test_without_a_token() -> None:
    """A `Client` needs the address only, and takes no key."""
    client = Client.from_env(environ={**URL, "DQOPS_API_KEY": KEY})
    assert type(client) is Client
    assert Client("http://localhost:8888") == client


def test_subclasses() -> None:
    """The class that is asked is the class that is made."""

    class Mine(AuthenticatedClient):
        pass

    assert Mine is type(Mine.from_env(environ={**URL, "DQOPS_API_KEY": KEY}))


@pytest.mark.parametrize(
    ("environ", "options"),
    [
        ({}, {"base_url": "http://h", "token": KEY, "timeout": 3}),
        (
            {
                "DQOPS_URL": "ftp://wrong",
                "DQOPS_API_KEY": "other",
                "DQOPS_API_KEY_FILE": "missing",
                "DQOPS_TIMEOUT": "wrong",
            },
            {"base_url": "http://h", "token": KEY, "timeout": 3},
        ),
        (
            {"DQOPS_URL": "http://h", "DQOPS_API_KEY": KEY, "DQOPS_TIMEOUT": ""},
            {"timeout": 3},
        ),
    ],
)
def test_arguments_go_first(environ: dict[str, str], options: dict[str, Any]) -> None:
    """What is given as an argument is not even read from the environment."""
    client = AuthenticatedClient.from_env(environ=environ, **options)
    assert AuthenticatedClient("http://h", KEY, timeout=3) == client


def test_cookies_are_added() -> None:
    """The data domain is one more cookie; one that is given goes before it."""
    environ = {**URL, "DQOPS_DATA_DOMAIN": "sales"}
    added = Client.from_env(environ=environ, cookies={"a": "1"})
    assert {"DQODataDomain": "sales", "a": "1"} == added._cookies
    given = Client.from_env(environ=environ, cookies={"DQODataDomain": "hr"})
    assert {"DQODataDomain": "hr"} == given._cookies


MISTAKES: list[tuple[dict[str, str], str]] = [
    ({}, "DQOPS_URL is not set: set it to 'http://localhost:8888'"),
    ({"DQOPS_URL": "  "}, "DQOPS_URL is not set"),
    ({"DQOPS_URL": "localhost:8888", "DQOPS_API_KEY": KEY}, "has no scheme"),
    (URL, "neither DQOPS_API_KEY nor DQOPS_API_KEY_FILE is set"),
    ({**URL, "DQOPS_API_KEY": ""}, "neither DQOPS_API_KEY nor DQOPS_API_KEY_FILE is set"),
    ({**URL, "DQOPS_API_KEY": f"{KEY}\n{KEY}"}, "the token contains a line break"),
    (
        {**URL, "DQOPS_API_KEY": KEY, "DQOPS_API_KEY_FILE": "x"},
        "both DQOPS_API_KEY and DQOPS_API_KEY_FILE are set",
    ),
    ({**URL, "DQOPS_API_KEY_FILE": "missing"}, "cannot be read: No such file or directory"),
    ({**URL, "DQOPS_API_KEY_FILE": "."}, "cannot be read: Is a directory"),
    ({**URL, "DQOPS_API_KEY": KEY, "DQOPS_TIMEOUT": "soon"}, "DQOPS_TIMEOUT must be a number"),
    ({**URL, "DQOPS_API_KEY": KEY, "DQOPS_TIMEOUT": "0"}, "DQOPS_TIMEOUT must be a number"),
    ({**URL, "DQOPS_API_KEY": KEY, "DQOPS_TIMEOUT": "inf"}, "DQOPS_TIMEOUT must be a number"),
    ({**URL, "DQOPS_API_KEY": KEY, "DQOPS_TIMEOUT": "nan"}, "DQOPS_TIMEOUT must be a number"),
]


@pytest.mark.parametrize(("environ", "message"), MISTAKES)
def test_mistakes_are_named(environ: dict[str, str], message: str) -> None:
    """A message names the variable; the key is neither there nor in a traceback's variables."""
    with pytest.raises(InvalidRequest) as caught:
        AuthenticatedClient.from_env(environ=environ)
    assert message in str(caught.value)
    shown = [str(caught.value)]
    trace = caught.value.__traceback__
    while trace is not None:
        if "/dqops/" in trace.tb_frame.f_code.co_filename:
            shown.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    assert KEY not in "".join(shown)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\n", "no API key"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a" * 65_537, "is larger than 65,536 bytes"),
        (b"a" * 65_535 + "\u00e9".encode(), "is larger than 65,536 bytes"),
    ],
    ids=["empty", "not text", "too large", "too large for its last character"],
)
def test_a_file_without_a_key(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that holds no key is named when the client is made."""
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest, match=message):
        AuthenticatedClient.from_env(environ={**URL, "DQOPS_API_KEY_FILE": str(path)})


def test_a_key_that_changes(raw_server: RawServer, key_file: Path) -> None:
    """The file is read again when it has changed; without it, nothing is sent."""
    environ = {"DQOPS_URL": raw_server.url, "DQOPS_API_KEY_FILE": str(key_file)}
    with AuthenticatedClient.from_env(environ=environ) as client:
        is_healthy.sync(client=client)
        key_file.write_text("the next key-6Yu1")
        is_healthy.sync(client=client)
        key_file.unlink()
        with pytest.raises(InvalidRequest, match="cannot be read"):
            is_healthy.sync(client=client)
        assert KEY not in repr(client)
    assert [f"Bearer {KEY}", "Bearer the next key-6Yu1"] == [
        raw_server.header("Authorization", position) for position in (0, 1)
    ]
    assert 2 == len(raw_server.requests)


def test_a_key_of_the_largest_size(tmp_path: Path) -> None:
    """It is not cut."""
    path = tmp_path / "key"
    path.write_text("a" * 65_535 + "z")
    client = AuthenticatedClient.from_env(environ={**URL, "DQOPS_API_KEY_FILE": str(path)})
    assert client.token == "a" * 65_535 + "z"


@not_on_windows("there are no named pipes among the files")
@pytest.mark.timeout(20)
def test_a_pipe_is_no_key_file(tmp_path: Path) -> None:
    """It is refused at once, and not waited for."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(InvalidRequest, match="cannot be read: Is not a regular file"):
        AuthenticatedClient.from_env(environ={**URL, "DQOPS_API_KEY_FILE": str(path)})


def test_a_key_of_the_same_size_and_time(key_file: Path) -> None:
    """Another key is noticed, whatever the file system says about when it was written."""
    environ = {**URL, "DQOPS_API_KEY_FILE": str(key_file)}
    client = AuthenticatedClient.from_env(environ=environ)
    before = key_file.stat()
    key_file.write_text(key_file.read_text()[::-1])
    os.utime(key_file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert client.token == KEY[::-1]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e400", "1e300", "five", "1" * 400])
def test_timeouts_that_are_none(seconds: str) -> None:
    """What no clock can count is named."""
    with pytest.raises(InvalidRequest, match="DQOPS_TIMEOUT must be"):
        Client.from_env(environ={**URL, "DQOPS_TIMEOUT": seconds})
