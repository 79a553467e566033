"""The simulated server on a socket."""

from __future__ import annotations

import ipaddress
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import werkzeug
from pytest_httpserver.httpserver import HTTPServerBase

from .listener import Listener
from .messages import Request
from .settings import Settings
from .simulator import DEFAULT_API_KEY, Simulator
from .state import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .clock import Clock
    from .messages import RecordedRequest
    from .seeds import Seed

__all__ = ["DqopsServer"]

# A connection's thread ends when its socket is cut; the limit is for the unforeseen.
_SECONDS_TO_END = 5.0


class DqopsServer:
    """A DQOps server for tests: real HTTP on loopback, a state of its own, no database.

    Use it in a `with` block, or call `start` and `stop`. A server can be started again; it keeps
    its state, and gets a new port unless one was chosen.

    Args:
        seed: What it starts with, as a `Seed` or a dictionary of its fields; by default a small
            web shop: the connection `warehouse` with the tables `public.orders` and
            `public.customers`.
        host: The address to listen on.
        port: The port to listen on; 0 for a free one.
        api_key: The API key that it accepts. Requests without any are served, too.
        require_login: Whether requests without the API key are refused.
        healthy: What the health check says.
        queue_delay: Seconds that a job stays queued.
        job_duration: Seconds that a job runs; 0 for jobs that end at once.
        wait_by_default: Whether operations that start a job wait for it if the caller does not
            say (`wait`).
        poll_seconds: Longest time, in seconds, that a request for job changes waits for one.
        strict: Whether operations without behaviour of their own fail with status 501. Otherwise
            they answer with the specification's example, and with the header
            `SIMULATED_HEADER`; `simulated_operations` tells which they are.
        clock: Where the time comes from; the time of this machine by default.
        allow_remote: Whether `host` may be an address that other machines can reach.

    Raises:
        ValueError: `host` is no loopback address, and `allow_remote` is not set.
        MissingSpecificationError: The specification is not where it should be.
    """

    def __init__(
        self,
        seed: Seed | Mapping[str, Any] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str = DEFAULT_API_KEY,
        require_login: bool = False,
        healthy: bool = True,
        queue_delay: float = 0.0,
        job_duration: float = 0.05,
        wait_by_default: bool = True,
        poll_seconds: float = 5.0,
        strict: bool = False,
        clock: Clock | None = None,
        allow_remote: bool = False,
    ) -> None:
        if not allow_remote and not _is_loopback(host):
            raise ValueError(
                f"{host!r} is no loopback address: anyone who can reach it could use the server. "
                "Pass allow_remote=True if you mean it"
            )
        self.settings = Settings(
            healthy=healthy,
            require_login=require_login,
            queue_delay=queue_delay,
            job_duration=job_duration,
            wait_by_default=wait_by_default,
            poll_seconds=poll_seconds,
            strict=strict,
        )
        self.state = State(seed, settings=self.settings, clock=clock)
        self._simulator = Simulator(self.state, api_key=api_key)
        self._switching = threading.Lock()
        self._door = _Door(host, port, self._simulator)

    @property
    def url(self) -> str:
        """The address to give to a client, such as `http://127.0.0.1:41235/`.

        Raises:
            RuntimeError: The server does not run.
        """
        if not self.is_running:
            raise RuntimeError("the server does not run, so it has no address yet; start it first")
        return self._door.url_for("/")

    @property
    def api_key(self) -> str:
        """The API key that the server accepts."""
        return self._simulator.api_key

    @property
    def healthy(self) -> bool:
        """What the health check says; it may be changed at any time."""
        return self.settings.healthy

    @healthy.setter
    def healthy(self, value: bool) -> None:
        self.settings.healthy = value

    @property
    def requests(self) -> list[RecordedRequest]:
        """What clients asked for so far, without headers, in the order of the answers."""
        return self._simulator.requests

    @property
    def is_running(self) -> bool:
        """Whether the server listens."""
        return self._door.is_running()

    def start(self) -> Self:
        """Start to listen; the server answers from now on.

        Returns:
            This server itself.

        Raises:
            OSError: The address cannot be used, for example because it is in use.
            RuntimeError: The server runs already.
        """
        with self._switching:
            if self.is_running:
                raise RuntimeError("the server runs already")
            self._door.start()
        return self

    def stop(self) -> None:
        """Stop: close every connection, end every thread. Nothing happens if it does not run.

        Requests that wait for a job are answered no more; the client sees a closed connection.
        """
        with self._switching:
            if self.is_running:
                self._door.stop()

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


class _Door(HTTPServerBase):
    """pytest-httpserver's server, with our connections and our answers."""

    def __init__(self, host: str, port: int, simulator: Simulator) -> None:
        super().__init__(host, port, threaded=True)
        self._wanted_port = port
        self._simulator = simulator

    def start(self) -> None:
        state = self._simulator.state
        with state.condition:
            state.queue.open()
        application = werkzeug.Request.application(self.application)
        self.server = Listener(self.host, self._wanted_port, application)
        self.port = self.server.port
        self.server_thread = threading.Thread(
            target=self.thread_target, name=f"dqops-server-{self.port}", daemon=True
        )
        self.server_thread.start()

    def stop(self) -> None:
        listener = self.server
        state = self._simulator.state
        super().stop()  # nothing is accepted any more
        assert isinstance(listener, Listener)
        threads = listener.cut_connections()
        with state.condition:
            state.queue.close()  # ends what waits; there is nobody left to be answered
        for thread in threads:
            thread.join(_SECONDS_TO_END)

    def application(self, request: werkzeug.Request) -> werkzeug.Response:
        # Not the inherited one: it keeps every request with its headers, and so with its token.
        return self.dispatch(request)

    def dispatch(self, request: werkzeug.Request) -> werkzeug.Response:
        path, _, query = _target(request).partition("?")
        answer = self._simulator.answer(
            Request(
                method=request.method,
                path=path,
                query=query,
                headers={name.lower(): value for name, value in request.headers.items()},
                body=request.get_data(),
            )
        )
        status = HTTPStatus(answer.status)
        # Werkzeug itself would write the phrase in capitals.
        response = werkzeug.Response(answer.body, f"{status.value} {status.phrase}")
        response.headers.clear()
        response.headers.extend(dict(answer.headers))
        return response


def _target(request: werkzeug.Request) -> str:
    """Give path and query as they were sent; WSGI itself decodes the path."""
    raw: str = request.environ["RAW_URI"]
    if not raw.startswith("/"):
        raw = raw.partition("://")[2]
        raw = f"/{raw.partition('/')[2]}"
    return raw.partition("#")[0]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
