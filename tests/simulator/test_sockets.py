"""Connections: kept, closed after every fifth request, and gone when the server stops."""

from __future__ import annotations

import gc
import socket
import struct
import threading
import time
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
from dqops.testing import DqopsServer

from simulator.support import simulator_threads

if TYPE_CHECKING:
    from collections.abc import Iterator

GET = b"GET /api/ishealthy HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Connection:
    """A connection on which raw requests are sent."""

    def __init__(self, server: DqopsServer) -> None:
        url = httpx.URL(server.url)
        self.socket = socket.create_connection((url.host, url.port or 80), timeout=5)
        self._reader = self.socket.makefile("rb")

    def exchange(self, request: bytes = GET) -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its response."""
        self.socket.sendall(request)
        return self.read()

    def read(self) -> tuple[int, dict[str, str], bytes]:
        """Read a response: status, headers, body."""
        status = int(self._reader.readline().split()[1])
        headers: dict[str, str] = {}
        while line := self._reader.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        if headers.get("transfer-encoding") != "chunked":
            return status, headers, self._reader.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self._reader.readline(), 16):
            body += self._reader.read(size)
            self._reader.readline()
        self._reader.readline()
        return status, headers, body

    def is_closed(self) -> bool:
        """Tell whether the server has closed the connection; waits for it."""
        try:
            return self._reader.read(1) == b""
        except TimeoutError:
            return False
        except ConnectionResetError:
            return True

    def close(self) -> None:
        """Close this end."""
        self._reader.close()
        self.socket.close()


@pytest.fixture
def connection(server: DqopsServer) -> Iterator[Connection]:
    """A raw connection to `server`."""
    opened = Connection(server)
    yield opened
    opened.close()


def test_connection_is_closed_after_the_fifth_request(connection: Connection) -> None:
    """Four responses keep the connection, the fifth announces and does its end."""
    announced = [connection.exchange()[1].get("connection") for _ in range(5)]
    assert [None, None, None, None, "close"] == announced
    assert connection.is_closed()


def test_every_kind_of_response_counts_and_keeps_the_connection(connection: Connection) -> None:
    """Empty responses, errors and refused bodies leave nothing behind for the next request."""
    run = b"POST /api/jobs/runchecks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    requests = [
        b"GET /api/unknown HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/jobs/jobs/9 HTTP/1.1\r\nHost: x\r\n\r\n",
        run + b"Content-Length: 1\r\n\r\n{",
        GET.strip() + b"\r\nAuthorization: Bearer no\r\nContent-Length: 5\r\n\r\nhello",
        run + b"Content-Length: 2\r\n\r\n{}",
    ]
    assert [404, 404, 400, 401, 201] == [connection.exchange(each)[0] for each in requests]
    assert connection.is_closed()


def test_requests_sent_at_once_get_responses_in_order(connection: Connection) -> None:
    """Pipelined requests on one connection are not lost."""
    connection.socket.sendall(GET * 3)
    assert [b"OK"] * 3 == [connection.read()[2] for _ in range(3)]


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /api/ishealthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /api/ishealthy HTTP/1.0\r\n\r\n",
    ],
    ids=["asked to", "HTTP/1.0"],
)
def test_connection_is_closed_on_request(connection: Connection, request_head: bytes) -> None:
    """A client that wants the connection to end gets that."""
    assert "close" == connection.exchange(request_head)[1]["connection"]
    assert connection.is_closed()


def test_chunked_body_is_read_to_its_end(connection: Connection) -> None:
    """A body in chunks is served like any other, and the next request is not disturbed."""
    request = (
        b"POST /api/jobs/runchecks?wait=true HTTP/1.1\r\nHost: x\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    )
    assert [201, 200] == [connection.exchange(each)[0] for each in (request, GET)]


def test_expect_100_gets_its_response_before_the_body(connection: Connection) -> None:
    """A client that waits to be asked for its body is asked, once."""
    head = (
        b"POST /api/jobs/runchecks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    assert 100 == connection.exchange(head)[0]
    assert 201 == connection.exchange(b"{}")[0]


@pytest.mark.parametrize("length", [b"-1", b"x", b"99999999999"])
def test_impossible_length_is_refused_and_the_connection_ends(
    connection: Connection, length: bytes
) -> None:
    """Nobody can say where such a request ends."""
    head = b"POST /api/jobs/runchecks HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n" % length
    assert 400 == connection.exchange(head)[0]
    assert connection.is_closed()


def test_a_request_without_a_version_is_refused(connection: Connection) -> None:
    """It is not taken for HTTP/0.9, without a head."""
    assert 400 == connection.exchange(b"GET /api/ishealthy\r\nHost: x\r\n\r\n")[0]
    assert connection.is_closed()


def test_head_has_the_headers_of_get_and_no_body(connection: Connection) -> None:
    """The length is that of the body that GET would have sent."""
    connection.socket.sendall(GET.replace(b"GET", b"HEAD"))
    head = connection._reader.readline()
    lengths = [line for line in iter(connection._reader.readline, b"\r\n") if b"Length" in line]
    assert (b"HTTP/1.1 200 OK\r\n", [b"Content-Length: 2\r\n"]) == (head, lengths)
    assert b"OK" == connection.exchange()[2]


def test_client_that_leaves_in_the_middle_does_no_harm(server: DqopsServer) -> None:
    """Half a request, or nobody to read the response: the server goes on."""
    for part in (
        b"",
        b"GET /api",
        GET,
        b"POST /api/jobs/runchecks HTTP/1.1\r\nContent-Length: 9\r\n\r\nab",
    ):
        leaving = Connection(server)
        leaving.socket.sendall(part)
        leaving.close()
    assert "OK" == httpx.get(f"{server.url}api/ishealthy").text


def test_stop_closes_connections_that_clients_keep() -> None:
    """An idle keep-alive connection neither delays the stop nor survives it."""
    server = DqopsServer().start()
    kept = Connection(server)
    kept.exchange()
    start = time.monotonic()
    server.stop()
    assert time.monotonic() - start < 2
    assert kept.is_closed()
    assert [] == simulator_threads()
    kept.close()


@pytest.mark.parametrize("path", ["jobs/long/wait", f"jobchangessince/{10**18}"])
def test_stop_ends_requests_that_wait(path: str) -> None:
    """A client that waits for a long job sees its connection closed."""
    server = DqopsServer(job_duration=60, poll_seconds=60, wait_by_default=False).start()
    httpx.post(f"{server.url}api/jobs/runchecks?jobBusinessKey=long", json={})
    failures: list[Exception] = []

    def wait(url: str) -> None:
        try:
            httpx.get(url, timeout=30)
        except httpx.TransportError as error:
            failures.append(error)

    base = f"{server.url}api/jobs/"
    waiting = threading.Thread(target=wait, args=(base + path,))
    waiting.start()
    time.sleep(0.1)  # the request has arrived by then
    start = time.monotonic()
    server.stop()
    waiting.join(5)
    assert time.monotonic() - start < 2
    assert 1 == len(failures)
    assert [] == simulator_threads()


def test_stopped_server_leaves_no_thread_and_no_socket() -> None:
    """Many starts and stops leave nothing; an unclosed socket would be a ResourceWarning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        ports = set()
        for _ in range(5):
            with DqopsServer() as server:
                assert "OK" == httpx.get(f"{server.url}api/ishealthy").text
                ports.add(httpx.URL(server.url).port)
            assert [] == simulator_threads()
        gc.collect()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port or 0), timeout=1)


def test_server_can_be_started_again_and_keeps_its_state() -> None:
    """Jobs survive a stop; waiting works again after it."""
    server = DqopsServer(job_duration=0.01, wait_by_default=False)
    for count in (1, 2):
        with server:
            response = httpx.post(f"{server.url}api/jobs/runchecks?wait=true", json={}).json()
            assert "finished" == response["status"]
        assert count == len(server.state.jobs)


def test_start_of_a_running_server_is_refused(server: DqopsServer) -> None:
    """Starting twice would lose the first socket."""
    with pytest.raises(RuntimeError, match="is already running"):
        server.start()


def test_stop_of_a_stopped_server_does_nothing() -> None:
    """Stopping is safe in any clean-up."""
    server = DqopsServer()
    server.stop()
    assert not server.is_running
    with pytest.raises(RuntimeError, match="start it first"):
        _ = server.url


def test_port_in_use_is_an_error_and_leaves_nothing(server: DqopsServer) -> None:
    """The error is an OSError, not the end of the process."""
    second = DqopsServer(port=httpx.URL(server.url).port or 0)
    with pytest.raises(OSError, match="in use"):
        second.start()
    assert not second.is_running


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
def test_address_that_others_can_reach_needs_a_word(host: str) -> None:
    """A server without a password is for this machine, unless somebody says otherwise."""
    with pytest.raises(ValueError, match="allow_remote"):
        DqopsServer(host=host)
    assert not DqopsServer(host=host, allow_remote=True).is_running


def test_name_of_this_machine_can_be_used() -> None:
    """`localhost` is loopback, too."""
    with DqopsServer(host="localhost") as server:
        assert "OK" == httpx.get(f"{server.url}api/ishealthy").text


@pytest.mark.parametrize("end", ["restart", "stop", "client"])
def test_response_that_nobody_reads_leaves_nothing(
    end: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever cuts the connection of a waiting request, it is closed, and no failure is logged."""
    with warnings.catch_warnings(), DqopsServer(job_duration=0.2) as server:
        warnings.simplefilter("error", ResourceWarning)
        connection = Connection(server)
        connection.socket.sendall(
            b"POST /api/jobs/runchecks?wait=true HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )
        while not server.state.queue.jobs:
            time.sleep(0.001)
        threads = [each for each in simulator_threads() if "connection" in each.name]
        if end == "client":
            # Reset, so that the server cannot send.
            linger = struct.pack("ii", 1, 0)
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
        else:
            getattr(server, end)()
        for thread in threads:
            thread.join(5)
        connection.close()
        gc.collect()
    assert ([], "") == ([each for each in threads if each.is_alive()], caplog.text)
