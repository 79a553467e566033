"""A redirection that is followed never turns a write into a read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dqops import jobs
from dqops.client import AuthenticatedClient, Client, errors
from dqops.client.api.connections import (
    create_connection_basic,
    delete_connection,
    get_connection_basic,
    update_connection,
)
from dqops.client.models import CheckSearchFilters, ConnectionModel, ConnectionSpec
from dqops.integrations.healthchecks_io.client.api.checks import pause_check
from support.transports import in_use

if TYPE_CHECKING:
    import socket

    from support.raw_server import RawServer

WRITES: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {
    "POST": (create_connection_basic, ("shop",), {"json_body": ConnectionModel()}),
    "PUT": (update_connection, ("shop",), {"json_body": ConnectionSpec(parallel_jobs_limit=99)}),
    "DELETE": (delete_connection, ("shop",), {}),
}


def redirecting(
    server: RawServer, status: int, location: str = "/elsewhere", *, times: int = 1
) -> list[str]:
    """Redirect the first requests, succeed afterwards; list each request as `METHOD path body`."""
    seen: list[str] = []

    def respond(_: socket.socket, request: bytes) -> bytes:
        head, __, body = request.partition(b"\r\n\r\n")
        method, path = head.split(b" ", 2)[:2]
        seen.append(f"{method.decode()} {path.decode()} {len(body)}")
        if len(seen) <= times:
            return (
                f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            ).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    server.respond = respond
    return seen


def call(client: Any, mode: str, operation: Any, *arguments: Any, **further: Any) -> Any:
    """Call an operation synchronously or asynchronously, and close the connections."""
    if mode == "sync":
        with client:
            return operation.sync_detailed(*arguments, client=client, **further)

    async def main() -> Any:
        async with client:
            return await operation.asyncio_detailed(*arguments, client=client, **further)

    return asyncio.run(main())


def changes_method(method: str, status: int) -> bool:
    """Whether HTTP clients make a GET of it; of 301 only for POST."""
    return status in (302, 303) or (status == 301 and method == "POST")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_write(raw_server: RawServer, mode: str, status: int) -> None:
    """The same request is sent to the new place, or none at all and `Redirection` is raised."""
    for method, (operation, arguments, further) in WRITES.items():
        for raises in (True, False):
            client = Client(
                raw_server.url, follow_redirects=True, raise_on_unexpected_status=raises
            )
            seen = redirecting(raw_server, status)
            if not changes_method(method, status):
                assert call(client, mode, operation, *arguments, **further).status_code == 200
                (first, path, length), second = (line.split() for line in seen)
                assert [method, method, "/elsewhere", length] == [first, *second]
                assert path != "/elsewhere"
                continue
            with pytest.raises(errors.Redirection) as caught:
                call(client, mode, operation, *arguments, **further)
            assert len(seen) == 1
            assert caught.value.status_code == status
            message = str(caught.value)
            assert f"to {raw_server.url}/elsewhere" in message
            assert f"would turn this {method} into a GET" in message
            assert "follow_redirects=True" not in message


def test_a_second_redirection_counts_as_the_first(raw_server: RawServer, mode: str) -> None:
    """A write that is kept by 307 is not made a read by the 302 that comes next."""
    seen: list[bytes] = []

    def respond(_: socket.socket, request: bytes) -> bytes:
        seen.append(request.split(b" ", 2)[1])
        status = 307 if len(seen) == 1 else 302
        return (
            f"HTTP/1.1 {status} X\r\nLocation: /{len(seen)}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    raw_server.respond = respond
    with pytest.raises(errors.Redirection, match=r"/2'?\b"):
        call(Client(raw_server.url, follow_redirects=True), mode, delete_connection, "shop")
    assert seen == [b"/api/connections/shop", b"/1"]


def test_endless_redirections_of_a_write(raw_server: RawServer, mode: str) -> None:
    """They end as those of a read do."""
    seen = redirecting(raw_server, 307, times=1000)
    client = Client(raw_server.url, follow_redirects=True, httpx_args={"max_redirects": 3})
    with pytest.raises(errors.TransportFailure, match="redirects again and again") as caught:
        call(client, mode, delete_connection, "shop")
    assert isinstance(caught.value, in_use(httpx.TooManyRedirects))
    assert len(seen) == 4


def test_redirections_end(raw_server: RawServer, mode: str) -> None:
    """Without a limit of the caller, 20 redirections are followed."""
    seen = redirecting(raw_server, 307, times=1000)
    with pytest.raises(errors.TransportFailure, match="redirects again and again"):
        call(Client(raw_server.url, follow_redirects=True), mode, delete_connection, "shop")
    assert len(seen) == 21


def test_a_read_is_followed(raw_server: RawServer, mode: str) -> None:
    """GET stays GET, whatever the status."""
    for status in (301, 302, 303, 307, 308):
        seen = redirecting(raw_server, status)
        client = Client(raw_server.url, follow_redirects=True)
        assert call(client, mode, get_connection_basic, "shop").status_code == 200
        assert [line.split()[0] for line in seen] == ["GET", "GET"]


def test_the_location_is_redacted(raw_server: RawServer, mode: str) -> None:
    """User name, password, query and fragment of the new place are in no message."""
    redirecting(raw_server, 302, "https://me:pass-8Zt1@sso.example/login?token=query-3Zr8#frag-2Qq")
    for follows in (True, False):
        client = Client(
            raw_server.url, follow_redirects=follows, raise_on_unexpected_status=not follows
        )
        redirecting(raw_server, 302, "https://me:pass-8Zt1@sso.example/in?token=query-3Zr8#frag-2Q")
        with pytest.raises(errors.Redirection) as caught:
            call(client, mode, delete_connection, "shop")
        assert "https://***@sso.example/in" in str(caught.value)
        for secret in ("pass-8Zt1", "query-3Zr8", "frag-2Q", "me:"):
            assert secret not in str(caught.value)


def test_a_token_in_the_location_is_redacted(raw_server: RawServer, mode: str) -> None:
    """A server may put what it was sent into the path."""
    redirecting(raw_server, 302, "/login/token-7Kq2xw")
    client = AuthenticatedClient(raw_server.url, "token-7Kq2xw", follow_redirects=True)
    with pytest.raises(errors.Redirection) as caught:
        call(client, mode, delete_connection, "shop")
    assert "/login/<hidden>" in str(caught.value)
    assert "token-7Kq2xw" not in f"{caught.value} {caught.value.headers}"


def test_the_token_follows_a_write_to_the_same_server_only(
    raw_server: RawServer, mode: str
) -> None:
    """As it does with a read."""
    client = AuthenticatedClient(raw_server.url, "token-7Kq2xw", follow_redirects=True)
    for host, expected in (
        (f"127.0.0.1:{raw_server.port}", "Bearer token-7Kq2xw"),
        (f"localhost:{raw_server.port}", None),
    ):
        redirecting(raw_server, 307, f"http://{host}/elsewhere")
        assert call(client, mode, delete_connection, "shop").status_code == 200
        assert raw_server.header("Authorization") == expected


def test_the_callers_own_httpx_client(raw_server: RawServer, mode: str) -> None:
    """It is used as it is, but not even it makes a read of a write."""
    seen = redirecting(raw_server, 302)
    client = Client(raw_server.url)
    if mode == "sync":
        client.set_httpx_client(httpx.Client(follow_redirects=True))
    else:
        client.set_async_httpx_client(httpx.AsyncClient(follow_redirects=True))
    with pytest.raises(errors.Redirection):
        call(client, mode, delete_connection, "shop")
    assert len(seen) == 1


def test_jobs(raw_server: RawServer, mode: str) -> None:
    """The start of a job is a write."""
    seen = redirecting(raw_server, 302, times=1000)
    client = Client(raw_server.url, follow_redirects=True)
    filters = CheckSearchFilters(connection="shop")

    def start() -> None:
        if mode == "sync":
            with client:
                jobs.run_checks(client, filters, timeout=30)
            return

        async def main() -> None:
            async with client:
                await jobs.aio.run_checks(client, filters, timeout=30)

        asyncio.run(main())

    with pytest.raises(errors.ClientError, match="/elsewhere"):
        start()
    assert {line.split()[0] for line in seen} == {"POST"}


def test_streams(raw_server: RawServer, mode: str) -> None:
    """What is read piece by piece was asked for by the same request, or not at all."""
    operation, arguments, further = WRITES["POST"]
    client = Client(raw_server.url, follow_redirects=True)

    def read() -> bytes:
        request = operation._arguments(*arguments, **further)
        if mode == "sync":
            with client, operation._OPERATION.stream(client, request) as download:
                return b"".join(download.iter_bytes())

        async def main() -> bytes:
            async with client, operation._OPERATION.stream_async(client, request) as download:
                return b"".join([piece async for piece in download.iter_bytes()])

        return asyncio.run(main())

    seen = redirecting(raw_server, 308)
    assert read() == b"{}"
    assert [line.split()[0] for line in seen] == ["POST", "POST"]
    assert seen[0].split()[2] == seen[1].split()[2]
    seen = redirecting(raw_server, 302)
    with pytest.raises(errors.Redirection, match="/elsewhere"):
        read()
    assert len(seen) == 1


def test_another_api(raw_server: RawServer, mode: str) -> None:
    """What holds for DQOps holds for every generated client."""
    seen = redirecting(raw_server, 302)
    client = AuthenticatedClient(raw_server.url, "key", follow_redirects=True)
    with pytest.raises(errors.Redirection):
        call(client, mode, pause_check, "803f680d-e89b-492b-82ef-2be7b774a92d")
    assert len(seen) == 1
