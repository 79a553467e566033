"""HTTP/1.1 over sockets: connections that are kept, and closed as the real server closes them."""

from __future__ import annotations

import logging
import select
import socket
import struct
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from .delivery import NEVER, Ending
from .messages import Request, reason_phrase

if TYPE_CHECKING:
    from .delivery import Delivery
    from .simulator import Simulator

__all__ = ["REQUESTS_PER_CONNECTION", "Listener"]

REQUESTS_PER_CONNECTION = 5
# Far more than any request of this API; a limit only so that a wrong length does no harm.
_LONGEST_BODY = 64 * 1024 * 1024
_LONGEST_LINE = 64 * 1024

_logger = logging.getLogger("dqops.testing")


class _ConnectionHandler(BaseHTTPRequestHandler):
    """Serves the requests of one connection."""

    protocol_version = "HTTP/1.1"
    # One packet for each answer: headers and body are collected, and sent without delay.
    wbufsize = -1
    disable_nagle_algorithm = True

    @property
    def _listener(self) -> Listener:
        return cast("Listener", self.server)

    def setup(self) -> None:
        super().setup()
        self._served = 0

    def handle(self) -> None:
        # The other end may leave at any time, and a fault or the end of the server cuts the socket.
        with suppress(ConnectionError):
            super().handle()

    def __getattr__(self, name: str) -> Any:
        # The inherited class asks for a method for each HTTP method.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        is_handled = super().handle_expect_100()
        self.wfile.flush()
        return is_handled

    def _serve(self) -> None:
        simulator = self._listener.simulator
        headers = _joined(self.headers.items())
        try:
            path, query = _target(self.path)
            body = self._read_body(headers)
        except ValueError as error:
            self.close_connection = True
            request = Request(self.command, self.path)
            self._send(simulator.refuse(request, f"{error}."))
            return
        self._send(simulator.answer(Request(self.command, path, query, headers, body)))

    def _send(self, delivery: Delivery) -> None:
        if not self._wait(delivery.delay):
            self.close_connection = True
            return
        if delivery.garbage:
            self.wfile.write(delivery.garbage)
        elif not delivery.is_silent:
            self._send_answer(delivery)
        self.wfile.flush()
        if delivery.ending is not Ending.KEPT:
            self.close_connection = True
        if delivery.ending is Ending.RESET:
            self._listener.reset_at_end(self.connection)

    def _send_answer(self, delivery: Delivery) -> None:
        status = delivery.answer.status
        self.send_response_only(status, reason_phrase(status))
        is_chunked = delivery.is_endless and self.request_version != "HTTP/1.0"
        for name, value in delivery.head():
            if is_chunked or name != "Transfer-Encoding":
                self.send_header(name, value)
        self._served += 1
        if self.close_connection or self._served >= REQUESTS_PER_CONNECTION:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for pause, data in delivery.body_pieces(self.command):
            if pause:
                self.wfile.flush()
                if not self._wait(pause):
                    raise ConnectionAbortedError("the client left")
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if is_chunked else data)

    def _wait(self, seconds: float) -> bool:
        """Let time pass; tell whether the client is still there."""
        if seconds <= 0:
            return True
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, 3600.0))
            if not readable:
                continue
            if not self.connection.recv(1, socket.MSG_PEEK):
                return False
            # The next request has come already, so the socket no longer tells when the client goes.
            time.sleep(min(left, 0.05))
        return seconds != NEVER

    def _read_body(self, headers: dict[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._read_chunks()
        text = headers.get("content-length", "0").strip()
        if not (text.isascii() and text.isdigit()) or len(text) > 20 or int(text) > _LONGEST_BODY:
            raise ValueError(f"Content-Length is {text[:40]!r}")
        return self._read(int(text))

    def _read_chunks(self) -> bytes:
        chunks: list[bytes] = []
        length = 0
        while True:
            line = self.rfile.readline(_LONGEST_LINE).partition(b";")[0].strip()
            if not line or not set(line) <= set(b"0123456789abcdefABCDEF") or len(line) > 16:
                raise ValueError(f"the body is not chunked as it should be: {line[:40]!r}")
            size = int(line, 16)
            length += size
            if length > _LONGEST_BODY:
                raise ValueError("the body is too long")
            if size == 0:
                break
            chunks.append(self._read(size))
            if self.rfile.readline(3).strip(b"\r\n"):
                raise ValueError("the body is not chunked as it should be: a chunk is too long")
        while self.rfile.readline(_LONGEST_LINE).strip():
            pass  # trailers
        return b"".join(chunks)

    def _read(self, size: int) -> bytes:
        content = self.rfile.read(size)
        if len(content) < size:
            raise ConnectionAbortedError("the client left in the middle of a body")
        return content

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no HTTP request, so that no method of this class is called.

        Args:
            code: The HTTP status that the inherited class thinks of; 400 is sent in any case.
            message: What is wrong.
            explain: What is wrong, at length.
        """
        del code, explain
        self.close_connection = True
        # Not known if the very first line is wrong.
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = "HTTP/1.1"
        request = Request(self.command, "/")
        self._send(self._listener.simulator.refuse(request, f"{message or 'This is no HTTP'}."))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as inherited
        # Without the headers, and so without tokens.
        _logger.debug(f"%s {format}", self.client_address[0], *args)


class Listener(TCPServer):
    """Accepts connections and serves each in a thread of its own, until it is told to stop.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 for a free one.
        simulator: What answers the requests.

    Raises:
        OSError: The address cannot be used, for example because it is in use.
    """

    request_queue_size = 128

    def __init__(self, host: str, port: int, simulator: Simulator) -> None:
        self.simulator = simulator
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._resets: set[int] = set()
        self._is_stopping = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=128)
        self.address_family = family
        super().__init__((host, port), _ConnectionHandler, bind_and_activate=False)
        self.socket.close()  # the inherited class has made one of its own
        self.socket = listening
        self.server_address = listening.getsockname()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        port: int = self.socket.getsockname()[1]
        return port

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Accept connections until `shutdown` is called, then close the listening socket.

        Args:
            poll_interval: How often to look, in seconds, in case the wake-up call of `shutdown`
                does not arrive.
        """
        self.timeout = poll_interval
        try:
            while not self._is_stopping:
                self.handle_request()
        finally:
            self.server_close()

    def shutdown(self) -> None:
        """Tell `serve_forever` to end; returns at once."""
        self._is_stopping = True
        with suppress(OSError):  # then it ends when it looks the next time
            host, port = self.socket.getsockname()[:2]
            own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
            socket.create_connection((own, port), timeout=0.5).close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start the thread of a connection.

        Args:
            request: The connection's socket.
            client_address: The other end.
        """
        thread = threading.Thread(
            target=self._serve_connection,
            args=(request, client_address),
            name=f"dqops-connection-{client_address[1]}",
            daemon=True,
        )
        # Connections that have ended are forgotten here and not when they end: until its very last
        # step a thread must be known to whoever stops the server.
        known = {each: sock for each, sock in self._connections.items() if each.is_alive()}
        # Before it starts: a request of it could restart the server at once.
        self._connections = {**known, thread: request}
        thread.start()

    def _serve_connection(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def reset_at_end(self, connection: socket.socket) -> None:
        """Let a connection end with a reset instead of in an orderly way.

        Args:
            connection: Its socket.
        """
        # Without lingering, what is not sent is thrown away, and the other end is told so.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._resets.add(connection.fileno())

    def shutdown_request(self, request: Any) -> None:
        """Close a connection.

        Args:
            request: The connection's socket.
        """
        if request.fileno() in self._resets:
            self._resets.discard(request.fileno())
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - inherited
        """Log a failure while a connection was served.

        Args:
            request: The connection's socket.
            client_address: The other end.
        """
        _logger.exception("a connection of %s failed", client_address[0])

    def cut_connections(self) -> list[threading.Thread]:
        """Close every connection but that of the current thread, also those that a client keeps.

        Returns:
            The threads of the connections; each ends as soon as what it does has ended.
        """
        current = threading.current_thread()
        cut = {thread: sock for thread, sock in self._connections.items() if thread is not current}
        for connection in cut.values():
            with suppress(OSError):  # it may be closed already
                connection.shutdown(socket.SHUT_RDWR)
        return list(cut)


def _joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined


def _target(raw: str) -> tuple[str, str]:
    """Split what was asked for into path and query, as they were sent.

    Raises:
        ValueError: It is neither a path nor an address.
    """
    if not raw.startswith("/"):
        if not urlsplit(raw).netloc:
            raise ValueError(f"{raw[:200]!r} is no path")
        raw = f"/{raw.partition('://')[2].partition('/')[2]}"
    path, _, query = raw.partition("#")[0].partition("?")
    return path, query
