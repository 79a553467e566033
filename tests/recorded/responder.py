"""A server on a real socket that responds with what was recorded."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from dqops.testing.http.messages import reason_phrase

if TYPE_CHECKING:
    from recorded.exchanges import Exchange

__all__ = ["Received", "Responder"]


class Received(NamedTuple):
    """A request as it came over the socket."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Responder:
    """Responds to every request with one exchange, until it is given another one.

    Attributes:
        exchange: What it responds with.
        received: The requests so far.
    """

    def __init__(self) -> None:
        self.exchange: Exchange | None = None
        self.received: list[Received] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; connections end when their clients close them."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while (request := _read(stream)) is not None:
                self.received.append(request)
                assert self.exchange is not None
                connection.sendall(_written(self.exchange))


def _read(stream: BinaryIO) -> Received | None:
    line = stream.readline().decode("ascii").split(" ")
    if len(line) != 3:
        return None
    headers: dict[str, str] = {}
    while text := stream.readline().decode("latin-1").strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    return Received(line[0], line[1], headers, stream.read(length))


def _written(exchange: Exchange) -> bytes:
    lines = [f"HTTP/1.1 {exchange.status} {reason_phrase(exchange.status)}"]
    body = exchange.body
    for name, value in exchange.line["headers"].items():
        if name not in {"content-length", "transfer-encoding"}:
            lines.append(f"{name}: {value}")
    if exchange.is_chunked:
        lines.append("transfer-encoding: chunked")
        chunks = [body[: len(body) // 2], body[len(body) // 2 :]]
        body = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in chunks if each)
        body += b"0\r\n\r\n"
    elif exchange.status != 204:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
