"""What a server or a proxy says beside the status is shown nowhere: it may be what was sent."""

from __future__ import annotations

import asyncio
import base64
import logging
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.connections import get_all_connections

if TYPE_CHECKING:
    from support.raw_server import RawServer

TOKEN = "token-7Kq2xwPq9"
PASSWORD = "password-9Xw4Lm"
ACCOUNT = base64.b64encode(f"me:{PASSWORD}".encode()).decode()


def failure(client: AuthenticatedClient | Client, mode: str) -> errors.ClientError:
    """Return what a call raises."""

    async def main() -> None:
        async with client:
            await get_all_connections.asyncio(client=client)

    def call() -> None:
        if mode != "sync":
            asyncio.run(main())
            return
        with client:
            get_all_connections.sync(client=client)

    with pytest.raises(errors.ClientError) as caught:
        call()
    return caught.value


def everything(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """Write all that a person may see of an exception: its causes, its frames, the log."""
    shown = [repr(error), str(error), repr(vars(error)), caplog.text]
    shown += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    cause: BaseException | None = error
    while cause is not None:
        shown += [repr(cause), repr(vars(cause))]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(shown)


@pytest.mark.parametrize("status", [401, 500, 599])
def test_a_token_in_a_reason_phrase(
    raw_server: RawServer, mode: str, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """The registered phrase takes its place, in httpx's own records, too."""
    caplog.set_level(logging.INFO)
    raw_server.respond = lambda *_: (
        f"HTTP/1.1 {status} bad key {TOKEN}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    client = AuthenticatedClient(
        raw_server.url, TOKEN, raise_on_unexpected_status=True, retries=None
    )
    error = failure(client, mode)
    assert TOKEN not in everything(error, caplog)
    assert f"HTTP/1.1 {status}" in caplog.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_echoes_its_password(
    raw_server: RawServer, mode: str, caplog: pytest.LogCaptureFixture, scheme: str
) -> None:
    """Neither the account nor its password stands in what is shown of a refusal."""
    caplog.set_level(logging.INFO)
    echo = f"{ACCOUNT} {PASSWORD}"
    raw_server.respond = lambda *_: (
        f"HTTP/1.1 407 who is {echo}\r\nX-Echo: {echo}\r\nContent-Length: {len(echo)}\r\n\r\n{echo}"
    ).encode()
    client = Client(
        f"{scheme}://h.invalid",
        raise_on_unexpected_status=True,
        retries=None,
        httpx_args={"proxy": f"http://me:{PASSWORD}@{raw_server.host}"},
    )
    error = failure(client, mode)
    assert "407" in str(error)
    shown = everything(error, caplog)
    assert PASSWORD not in shown
    assert ACCOUNT not in shown


def test_a_proxy_of_the_environment_that_echoes_its_password(
    raw_server: RawServer, mode: str, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    """The same holds for the account of an environment variable."""
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{PASSWORD}@{raw_server.host}")
    raw_server.respond = lambda *_: (
        f"HTTP/1.1 407 No\r\nContent-Length: {len(ACCOUNT)}\r\n\r\n{ACCOUNT}"
    ).encode()
    client = Client("http://h.invalid", raise_on_unexpected_status=True, retries=None)
    assert ACCOUNT not in everything(failure(client, mode), caplog)


def test_a_token_in_the_address_of_a_redirection(
    raw_server: RawServer, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A failure at the place that a redirection leads to does not show a token that is in it."""
    caplog.set_level(logging.WARNING)
    raw_server.respond = lambda *_: (
        f"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:9/{TOKEN}?{TOKEN}\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()
    client = AuthenticatedClient(raw_server.url, TOKEN, follow_redirects=True, retries=None)
    error = failure(client, mode)
    assert isinstance(error, errors.ConnectionFailure)
    assert TOKEN not in everything(error, caplog)
