"""The simulated server on a socket."""

from __future__ import annotations

import ipaddress
import threading
from typing import TYPE_CHECKING, Any

from .http.listener import Listener
from .simulated import SimulatedDqops

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self, Unpack

    from .seeds.seed import Seed
    from .simulated import SimulatedOptions

__all__ = ["DqopsServer"]

# A connection's thread ends when its socket is cut; the limit is for the unforeseen.
_SECONDS_TO_END = 5.0


class DqopsServer(SimulatedDqops):
    """A DQOps server for tests: real HTTP on loopback, a state of its own, no database.

    Use it in a `with` block, or call `start` and `stop`. A server can be started again; it keeps
    its state, and gets a new port unless one was chosen. All else is as with `SimulatedDqops`,
    whose door `transport` it has, too.

    Args:
        seed: What it starts with, as with `SimulatedDqops`.
        host: The address to listen on.
        port: The port to listen on; 0 for a free one.
        allow_remote: Whether `host` may be an address that other machines can reach.
        **options: The keywords of `SimulatedDqops`: `api_key`, `clock`, `faults`, and every field
            of `Settings`.

    Raises:
        ValueError: `host` is no loopback address, and `allow_remote` is not set; or the seed, a
            setting or a fault is not possible.
        MissingSpecificationError: The specification is not where it should be.
    """

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_remote: bool = False,
        **options: Unpack[SimulatedOptions],
    ) -> None:
        if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
            raise ValueError(f"port must be an integer from 0 to 65535, got {port!r}")
        if not allow_remote and not _is_loopback(host):
            raise ValueError(
                f"{host!r} is not a loopback address: anyone who can reach it could use the "
                "server. Pass allow_remote=True if you mean it"
            )
        super().__init__(seed, **options)
        self._host = host
        self._port = port
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The URL to give to a client, such as `http://127.0.0.1:41235/`.

        Raises:
            RuntimeError: The server does not run.
        """
        listener = self._listener
        if listener is None:
            raise RuntimeError("the server is not running, so it has no URL yet; start it first")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{listener.port}/"

    @property
    def is_running(self) -> bool:
        """Whether the server listens."""
        return self._listener is not None

    def start(self) -> Self:
        """Start to listen; the server responds from now on.

        Returns:
            This server itself.

        Raises:
            OSError: The address cannot be used, for example because it is in use.
            RuntimeError: The server runs already.
        """
        with self._switching:
            if self.is_running:
                raise RuntimeError("the server is already running")
            listener = Listener(self._host, self._port, self._simulator)
            self._open()
            self._thread = threading.Thread(
                target=listener.serve_forever, name=f"dqops-server-{listener.port}", daemon=True
            )
            self._thread.start()
            self._listener = listener
        return self

    def stop(self) -> None:
        """Stop: close every connection, end every thread. Nothing happens if it does not run.

        Requests that wait for a job get no response; the client sees a closed connection.
        """
        with self._switching:
            listener, thread = self._listener, self._thread
            if listener is None or thread is None:
                return
            listener.shutdown()
            thread.join()  # nothing is accepted any more
            connections = listener.cut_connections()
            self._close()
            for connection in connections:
                connection.join(_SECONDS_TO_END)
            self._listener = self._thread = None

    def close(self) -> None:
        """Stop it, and close the door that has no socket, too."""
        self.stop()
        super().close()

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def __repr__(self) -> str:
        place = self.url if self.is_running else "not running"
        return f"<{type(self).__name__} {place}>"

    def _cut_connections(self) -> None:
        listener = self._listener
        if listener is not None:
            listener.cut_connections()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
