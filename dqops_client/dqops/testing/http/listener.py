"""Accepts connections on a socket, and serves each in a thread of its own."""

from __future__ import annotations

import logging
import socket
import struct
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .connection import Connection

if TYPE_CHECKING:
    from .responder import Responder

__all__ = ["Listener"]

# How often to look whether to stop, in seconds, in case the wake-up call does not arrive.
_LOOK_EVERY = 0.5
_PAUSE_AFTER_FAILURE = 0.05
_WAITING_CONNECTIONS = 128

_logger = logging.getLogger("dqops.testing")


class Listener:
    """Accepts connections and serves each in a thread of its own, until it is told to stop.

    Args:
        host: The address to listen on.
        port: The port to listen on; 0 for a free one.
        responder: What responds to the requests.

    Raises:
        OSError: The address cannot be used, for example because it is in use.
    """

    def __init__(self, host: str, port: int, responder: Responder) -> None:
        self._responder = responder
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._is_stopping = False
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server(
            (host, port), family=family, backlog=_WAITING_CONNECTIONS
        )
        self._socket.settimeout(_LOOK_EVERY)
        self._address: tuple[str, int] = self._socket.getsockname()[:2]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._address[1]

    def serve_forever(self) -> None:
        """Accept connections until `shutdown` is called, then close the listening socket."""
        with self._socket:
            while not self._is_stopping:
                try:
                    connection, address = self._socket.accept()
                except TimeoutError:
                    continue
                except OSError as error:
                    # The client has left already, or there are too many open files.
                    _logger.debug("no connection was accepted: %s", error)
                    time.sleep(_PAUSE_AFTER_FAILURE)
                    continue
                if self._is_stopping:
                    connection.close()  # the wake-up call, most likely
                else:
                    self._start(connection, address)

    def shutdown(self) -> None:
        """Tell `serve_forever` to end; returns at once."""
        self._is_stopping = True
        host, port = self._address
        own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
        with suppress(OSError):  # then it ends when it looks the next time
            socket.create_connection((own, port), timeout=0.5).close()

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

    def _start(self, connection: socket.socket, address: Any) -> None:
        """Start the thread of a connection."""
        connection.settimeout(None)
        thread = threading.Thread(
            target=self._serve,
            args=(connection, address),
            name=f"dqops-connection-{address[1]}",
            daemon=True,
        )
        # Connections that have ended are forgotten here and not when they end: until its very last
        # step a thread must be known to whoever stops the server.
        known = {each: sock for each, sock in self._connections.items() if each.is_alive()}
        # Before it starts: a request of it could restart the server at once.
        self._connections = {**known, thread: connection}
        thread.start()

    def _serve(self, connection: socket.socket, address: Any) -> None:
        ends_with_reset = False
        try:
            ends_with_reset = Connection(connection, address, self._responder).ends_with_reset
        except Exception:
            _logger.exception("a connection of %s failed", address[0])
        finally:
            _close(connection, with_reset=ends_with_reset)


def _close(connection: socket.socket, *, with_reset: bool) -> None:
    if with_reset:
        # Without lingering, what is not sent is thrown away, and the other end is told so.
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    else:
        with suppress(OSError):  # the other end has left already
            connection.shutdown(socket.SHUT_WR)
    connection.close()
