"""A fake Healthchecks.io server, on a socket or without one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..clock import SystemClock
from ..http.delivery import Delivery, Ending
from ..http.listener import Listener
from ..http.messages import Response
from .core import Core, Interruption
from .project import Project
from .service import Service

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from ..clock import Clock
    from ..http.transport import SimulatedTransport
    from .core import ReceivedRequest

__all__ = ["HealthchecksServer"]

_SECONDS_TO_END = 5.0
_HOST = "127.0.0.1"


class HealthchecksServer:
    """A Healthchecks.io server for tests: real HTTP on loopback, a state of its own, no database.

    It has the Management API (versions 1 to 3), the Pinging API below `/ping/`, badges, status and
    metrics, and responds as the real server does, its errors included. Checks go down as time goes
    by; a `ManualClock` makes it go by.

        with HealthchecksServer() as server:
            print(server.api_url, server.project.api_key)

    Args:
        clock: Where the time comes from; the time of this machine by default.
        port: The port to listen on; 0 for a free one.
        ping_body_limit: How many bytes of a ping's body are kept; None for no limit.
        metrics_key: The key for metrics; empty for none.

    Attributes:
        service: What the server knows; it may be read and changed at any time, by other threads
            while they hold `service.lock`.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        port: int = 0,
        ping_body_limit: int | None = 10_000,
        metrics_key: str = "",
    ) -> None:
        self.service = Service(
            clock=SystemClock() if clock is None else clock,
            ping_body_limit=ping_body_limit,
            metrics_key=metrics_key,
        )
        self._core = Core(self.service)
        self._port = port
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def project(self) -> Project:
        """The first project."""
        return self.service.projects[0]

    def add_project(self, name: str) -> Project:
        """Add a project with keys of its own.

        Args:
            name: Its name.

        Returns:
            The project.
        """
        project = Project(name)
        self.service.projects.append(project)
        return project

    @property
    def url(self) -> str:
        """The URL of the server, with a slash at its end."""
        return self.service.site

    @property
    def api_url(self) -> str:
        """The URL of the Management API without its version, such as `http://.../api/`."""
        return f"{self.url}api/"

    @property
    def ping_url(self) -> str:
        """The URL of the Pinging API, such as `http://.../ping/`."""
        return f"{self.url}ping/"

    @property
    def requests(self) -> list[ReceivedRequest]:
        """What clients sent so far."""
        return list(self._core.requests)

    def interrupt(
        self,
        *,
        status: int | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        only: str = "",
        count: int = 1,
        delay: float = 0.0,
    ) -> None:
        """Respond to the next requests in place of the server, as a proxy or a rate limit does.

        Args:
            status: The HTTP status; None to close the connection without a response.
            body: The body.
            headers: The headers, such as `Retry-After`.
            only: `api` or `ping` for requests to one part of the server.
            count: How many requests are concerned.
            delay: Seconds until the response comes.
        """
        response = Response(502 if status is None else status, body, headers or {})
        ending = Ending.CLOSED if status is None else Ending.KEPT
        delivery = Delivery(response, delay=delay, is_silent=status is None, ending=ending)
        self._core.interruptions.append(Interruption(only, count, delivery))

    def transport(self) -> SimulatedTransport:
        """Make a door for httpx, with which requests stay in this process.

        Returns:
            A transport for `httpx.Client` and for `httpx.AsyncClient`; the host of the URL does
            not matter.
        """
        from ..http.transport import SimulatedTransport

        return SimulatedTransport(self._core)

    def start(self) -> Self:
        """Start to listen.

        Returns:
            This server itself.

        Raises:
            OSError: The port cannot be used, for example because it is in use.
            RuntimeError: The server runs already.
        """
        if self._listener is not None:
            raise RuntimeError("the server is already running")
        listener = Listener(_HOST, self._port, self._core)
        self.service.site = f"http://{_HOST}:{listener.port}/"
        self._core.is_closed = False
        self._thread = threading.Thread(
            target=listener.serve_forever, name=f"healthchecks-{listener.port}", daemon=True
        )
        self._thread.start()
        self._listener = listener
        return self

    def stop(self) -> None:
        """Stop: close every connection, end every thread. Nothing happens if it does not run."""
        listener, thread = self._listener, self._thread
        if listener is None or thread is None:
            return
        self._core.is_closed = True
        listener.shutdown()
        thread.join()
        for connection in listener.cut_connections():
            connection.join(_SECONDS_TO_END)
        self._listener = self._thread = None

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
        place = "not running" if self._listener is None else self.url
        return f"<{type(self).__name__} {place}>"
