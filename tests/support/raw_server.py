"""A server whose every byte a test decides, for what an HTTP server library would not do."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

__all__ = ["OK", "RawServer"]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\nOK"


class RawServer:
    """Responds to each request on each connection with what `respond` returns.

    Connections are kept alive. `respond` gets the connection and the request's bytes, and returns
    the response's bytes; None closes the connection.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.respond: Callable[[socket.socket, bytes], bytes | None] = lambda _, __: OK
        self.read: Callable[[Any], bytes] = self._read
        self.requests: list[bytes] = []
        self.connections = 0
        self.open_connections = 0
        self.released = threading.Event()
        self._tls = tls
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'http' if tls is None else 'https'}://{self.host}"
        self._start(self._accept)

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self.open_connections += 1
                self._sockets.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
                if self._tls is not None:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                stack.enter_context(connection)
                stream = stack.enter_context(connection.makefile("rb"))
                while True:
                    request = self.read(stream)
                    if not request:
                        return
                    with self._lock:
                        self.requests.append(request)
                    response = self.respond(connection, request)
                    if response is None:
                        return
                    connection.sendall(response)
        finally:
            connection.close()
            with self._lock:
                self.open_connections -= 1

    @staticmethod
    def _read(stream: Any) -> bytes:
        head = b""
        length = 0
        while not head.endswith(b"\r\n\r\n"):
            line: bytes = stream.readline()
            if not line:
                return b""
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            head += line
        body: bytes = stream.read(length)
        return head + body

    def header(self, name: str, position: int = -1) -> str | None:
        """Return a header of a request as it was on the wire."""
        for line in self.requests[position].split(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode().lower() == name.lower():
                return value.decode().strip()
        return None

    def close(self) -> None:
        """Close every connection and wait for the threads."""
        self.released.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
