"""HTTP/1.1 over sockets: connections that are kept, and closed as the real server closes them."""

from __future__ import annotations

import io
import logging
import socket
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, cast

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Listener"]

REQUESTS_PER_CONNECTION = 5
# Far more than any request of this API; a limit only so that a wrong length does no harm.
_LONGEST_BODY = 64 * 1024 * 1024

_logger = logging.getLogger("dqops.testing")


class _ConnectionHandler(WSGIRequestHandler):
    """Serves the requests of one connection.

    Werkzeug's own handler closes every connection after one request, because it does not know
    where the request ends. This one reads each request to its end before it is served.
    """

    protocol_version = "HTTP/1.1"
    # One packet for each answer: headers and body are collected, and sent without delay.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._served = 0

    def handle_expect_100(self) -> bool:
        is_handled = super().handle_expect_100()
        self.wfile.flush()
        return is_handled

    def run_wsgi(self) -> None:
        self.environ = environ = self.make_environ()
        try:
            body = self._read_body(environ)
        except ValueError as error:
            self.close_connection = True
            self.send_error(400, explain=str(error))
            return
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exception: object = None
        ) -> Any:
            started.append((status, headers))

        parts: Iterable[bytes] = self.server.app(environ, start_response)
        try:
            content = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        self._send(*started[-1], content)

    def _send(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response_only(int(code), phrase)
        has_body = int(code) >= 200 and int(code) not in {204, 304}
        for name, value in headers:
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, value)
        if has_body:
            # The answer to HEAD has the length of a body that is not sent.
            given = dict(headers).get("Content-Length", "0")
            self.send_header("Content-Length", str(len(content) or given))
        self._served += 1
        if self.close_connection or self._served >= REQUESTS_PER_CONNECTION:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(content)

    def _read_body(self, environ: dict[str, Any]) -> bytes:
        if environ.get("wsgi.input_terminated"):
            chunked: Any = DechunkedInput(cast("IO[bytes]", self.rfile))
            try:
                content: bytes = io.BufferedReader(chunked).read(_LONGEST_BODY + 1)
            except OSError as error:
                raise ValueError(f"the body is not chunked as it should be: {error}") from error
            if len(content) > _LONGEST_BODY:
                raise ValueError("the body is too long")
            return content
        text = self.headers.get("Content-Length", "0").strip()
        if not (text.isascii() and text.isdigit()) or int(text) > _LONGEST_BODY:
            raise ValueError(f"Content-Length is {text!r}")
        content = self.rfile.read(int(text))
        if len(content) < int(text):
            raise ConnectionAbortedError("the client left in the middle of a body")
        return content

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ARG002 - as werkzeug's
        # Without the headers, and so without tokens.
        _logger.debug(f"%s {message}", self.client_address[0], *args)


class Listener(ThreadedWSGIServer):
    """Accepts connections and serves each in a thread of its own, until it is told to stop.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 for a free one.
        application: A WSGI application.

    Raises:
        OSError: The address cannot be used, for example because it is in use.
    """

    def __init__(self, host: str, port: int, application: Any) -> None:
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._is_stopping = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Werkzeug would print a port's being in use, and exit.
        with socket.create_server((host, port), family=family, backlog=128) as listening:
            super().__init__(host, port, application, _ConnectionHandler, fd=listening.fileno())

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
            target=self.process_request_thread,
            args=(request, client_address),
            name=f"dqops-connection-{client_address[1]}",
            daemon=True,
        )
        # Connections that have ended are forgotten here and not when they end: until its very last
        # step a thread must be known to whoever stops the server.
        known = {each: sock for each, sock in self._connections.items() if each.is_alive()}
        thread.start()
        self._connections = {**known, thread: request}

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - inherited
        """Log a failure while a connection was served.

        Args:
            request: The connection's socket.
            client_address: The other end.
        """
        _logger.exception("a connection of %s failed", client_address[0])

    def cut_connections(self) -> list[threading.Thread]:
        """Close every connection, also those that a client keeps; `serve_forever` must have ended.

        Returns:
            The threads of the connections; each ends as soon as what it does has ended.
        """
        for connection in self._connections.values():
            with suppress(OSError):  # it may be closed already
                connection.shutdown(socket.SHUT_RDWR)
        return list(self._connections)
