"""Servers in every state that a probe meets."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CERTIFICATE = Path(__file__).with_name("self_signed.pem")
LOGIN_PAGE = b"<!DOCTYPE html><html><title>Log in</title></html>"


@dataclass
class Scripted:
    """A server that responds as it is told, with the last response again and again."""

    responses: list[tuple[int, bytes, str]]
    delay: float = 0.0
    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def next(self) -> tuple[int, bytes, str]:
        """Give the next response."""
        return self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]


def _handler(script: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append((self.path, headers))
            script.stopping.wait(script.delay)
            status, body, content_type = script.next()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any, **options: Any) -> None:
            del args, options

    return Handler


class QuietServer(ThreadingHTTPServer):
    """A server that clients may leave before its response."""

    daemon_threads = True

    def handle_error(self, *args: Any, **options: Any) -> None:
        """Say nothing."""
        del args, options


@contextmanager
def serving(
    *responses: tuple[int, bytes, str], delay: float = 0.0, secure: bool = False
) -> Iterator[Scripted]:
    """Run a server that gives these responses."""
    script = Scripted(list(responses), delay)
    server = QuietServer(("127.0.0.1", 0), _handler(script))
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    script.url = f"{'https' if secure else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        script.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def dead() -> Iterator[Scripted]:
    """Give an address where nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # not listening: connections are refused, and nobody takes it
        yield Scripted([(0, b"", "")], url=f"http://127.0.0.1:{held.getsockname()[1]}")


@contextmanager
def sending(response: bytes) -> Iterator[Scripted]:
    """Run a server that sends these bytes to each caller, and hangs up."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(response)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        host, port = server.server_address[:2]
        try:
            yield Scripted([(0, response, "")], url=f"http://{host!s}:{port}")
        finally:
            server.shutdown()
            thread.join()


OK = (200, b"OK", "text/plain")
STARTING = (503, b"UNAVAILABLE", "text/plain")
PAGE = (200, LOGIN_PAGE, "text/html")

#: By state: the server, the status in the report, the exit code, words in the detail.
STATES: dict[str, tuple[Callable[[], Any], str, int, str]] = {
    "healthy": (lambda: serving(OK), "healthy", 0, "OK"),
    "starting": (lambda: serving(STARTING), "starting", 1, "503 Service Unavailable"),
    "proxy without a server": (
        lambda: serving((503, b"<html>no upstream</html>", "text/html")),
        "starting",
        1,
        "no upstream",
    ),
    "failing": (lambda: serving((500, b"{}", "application/json")), "unhealthy", 1, "500 Internal"),
    "not allowed": (lambda: serving((403, b"", "text/plain")), "refused", 1, "403 Forbidden"),
    "moved": (lambda: serving((302, b"", "text/plain")), "unexpected", 1, "another URL"),
    "dead": (dead, "unreachable", 1, "refused"),
    "slow": (lambda: serving(OK, delay=30), "timeout", 1, ""),
    "TLS not trusted": (lambda: serving(OK, secure=True), "untrusted", 1, "certificate"),
    "HTML": (lambda: serving(PAGE), "unexpected", 1, "Log in"),
    "another protocol": (lambda: sending(b"220 mail ESMTP\r\n\r\n"), "unexpected", 1, "HTTP"),
    "hangs up": (lambda: sending(b""), "unreachable", 1, ""),
    "cut off": (
        lambda: sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOK"),
        "unreachable",
        1,
        "complete",
    ),
}
