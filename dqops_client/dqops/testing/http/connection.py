"""HTTP/1.1 over a socket: a connection that is kept, and closed as the real server closes it."""

from __future__ import annotations

import logging
import select
import socket
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .delivery import NEVER, Ending
from .messages import Request, reason_phrase

if TYPE_CHECKING:
    from .delivery import Delivery
    from .responder import Responder

__all__ = ["REQUESTS_PER_CONNECTION", "Connection"]

REQUESTS_PER_CONNECTION = 5
# Far more than any request of this API; a limit only so that a wrong length does no harm.
_LONGEST_BODY = 64 * 1024 * 1024
_LONGEST_LINE = 64 * 1024

_logger = logging.getLogger("dqops.testing")


class Connection(BaseHTTPRequestHandler):
    """Serves the requests of one connection, all of them in its constructor.

    Args:
        connection: The connection's socket; whoever made it closes it.
        address: The other end.
        responder: What responds to the requests.

    Attributes:
        ends_with_reset: Whether the connection is to end with a reset, not in an orderly way.
    """

    protocol_version = "HTTP/1.1"
    # One packet for each response: headers and body are collected, and sent without delay.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __init__(self, connection: socket.socket, address: Any, responder: Responder) -> None:
        self._responder = responder
        self._served = 0
        self.ends_with_reset = False
        no_server: Any = None  # the inherited class only keeps it
        super().__init__(connection, address, no_server)

    def handle(self) -> None:
        """Serve requests until the connection ends."""
        # The other end may leave at any time, and a fault or the end of the server cuts the socket.
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        """Close both directions; what cannot be sent any more is thrown away."""
        try:
            super().finish()
        except ConnectionError:
            self.rfile.close()  # the writing end is closed by now, and had something left to send

    def __getattr__(self, name: str) -> Any:
        # The inherited class asks for a method for each HTTP method.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Let a client send the body that it has announced, at once."""
        is_handled = super().handle_expect_100()
        self.wfile.flush()
        return is_handled

    def _serve(self) -> None:
        if (
            self.request_version == "HTTP/0.9"
        ):  # which has no heads, and only the inherited class knows
            self.send_error(400, "The request line has no version")
            return
        headers = _joined(self.headers.items())
        try:
            path, query = _target(self.path)
            body = self._read_body(headers)
        except ValueError as error:
            self.close_connection = True
            request = Request(self.command, self.path)
            self._send(self._responder.refuse(request, f"{error}."))
            return
        self._send(self._responder.respond(Request(self.command, path, query, headers, body)))

    def _send(self, delivery: Delivery) -> None:
        if not self._wait(delivery.delay):
            self.close_connection = True
            return
        if delivery.garbage:
            self.wfile.write(delivery.garbage)
        elif not delivery.is_silent:
            self._send_response(delivery)
        self.wfile.flush()
        if delivery.ending is not Ending.KEPT:
            self.close_connection = True
        if delivery.ending is Ending.RESET:
            self.ends_with_reset = True

    def _send_response(self, delivery: Delivery) -> None:
        status = delivery.response.status
        self.send_response_only(status, reason_phrase(status))
        is_chunked = delivery.is_chunked and self.request_version != "HTTP/1.0"
        if delivery.is_chunked and not is_chunked:
            self.close_connection = True  # nothing else tells where the body ends
        for name, value in delivery.head():
            if is_chunked or name != "Transfer-Encoding":
                self.send_header(name, value)
        self._served += 1
        if self.close_connection or self._served >= REQUESTS_PER_CONNECTION:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        sent = 0
        for pause, data in delivery.body_pieces(self.command):
            if pause:
                self.wfile.flush()
                if not self._wait(pause):
                    raise ConnectionAbortedError("the client left")
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if is_chunked else data)
            sent += len(data)
        is_complete = not delivery.is_endless and sent == len(delivery.response.body)
        if is_chunked and is_complete and delivery.has_body(self.command):
            self.wfile.write(b"0\r\n\r\n")

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
        self._send(self._responder.refuse(request, f"{message or 'This is no HTTP'}."))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as inherited
        """Log a line for each request."""
        # Without the headers, and so without tokens.
        _logger.debug(f"%s {format}", self.client_address[0], *args)


def _joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined


def _target(raw: str) -> tuple[str, str]:
    """Split what was asked for into path and query, as they were sent.

    Raises:
        ValueError: It is neither a path nor a URL.
    """
    if not raw.startswith("/"):
        if not urlsplit(raw).netloc:
            raise ValueError(f"{raw[:200]!r} is no path")
        raw = f"/{raw.partition('://')[2].partition('/')[2]}"
    path, _, query = raw.partition("#")[0].partition("?")
    return path, query
