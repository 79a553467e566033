"""The server behind every door: from a request to its response."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..http.delivery import Delivery, Ending
from ..http.responder import Responder
from .badges import badge_view
from .management import management_view
from .pinging import ping_view
from .prometheus import metrics_view
from .responses import FORBIDDEN, NOT_FOUND, READING, empty, json_response, page, redirect, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.messages import Request, Response
    from .responses import View
    from .service import Service

__all__ = ["Core", "Interruption", "ReceivedRequest"]

_API = re.compile(r"/api/v([123])(/.*)", re.DOTALL)
_CREDENTIALS = frozenset({"authorization", "cookie", "x-api-key", "x-metrics-key"})


@dataclass(frozen=True)
class ReceivedRequest:
    """What a client sent.

    Args:
        method: The HTTP method in capitals.
        path: The path as it was sent, percent-encoded.
        query: The query as it was sent, without the question mark.
        headers: The headers by their names in lower case; of those with credentials only the names,
            each with an empty string.
        body: The body.
        status: The status of the response; None if there was none.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    status: int | None


@dataclass
class Interruption:
    """Responses that do not come from the server, but from what is before it.

    Args:
        only: Which part of the server they are for: `api`, `ping`, or all of it if empty.
        count: How many requests they are for.
        delivery: What is sent in place of the response.
    """

    only: str
    count: int
    delivery: Delivery

    def takes(self, path: str) -> bool:
        """Tell whether a request gets this in place of a response, and count it."""
        if self.count <= 0 or not path.startswith(f"/{self.only}"):
            return False
        self.count -= 1
        return True


@dataclass
class Core(Responder):
    """Responds to requests from the state of the server.

    Args:
        service: The state.
        interruptions: What keeps it from responding.
        requests: What was asked for so far.
        is_closed: Whether nothing can be asked.
    """

    service: Service
    interruptions: list[Interruption] = field(default_factory=list)
    requests: list[ReceivedRequest] = field(default_factory=list)
    is_closed: bool = False

    def respond(self, request: Request) -> Delivery:
        """Respond to a request.

        Args:
            request: The request.

        Returns:
            The response, and how it goes out.
        """
        with self.service.lock:
            delivery = self._interruption(request.path) or Delivery(self._respond(request))
            headers = {
                name: "" if name in _CREDENTIALS else value
                for name, value in request.headers.items()
            }
            status = None if delivery.is_silent else delivery.response.status
            received = (request.method, request.path, request.query, headers, request.body, status)
            self.requests.append(ReceivedRequest(*received))
        return delivery

    def refuse(self, request: Request, message: str) -> Delivery:
        """Respond to what is not an HTTP request.

        Args:
            request: As much of it as could be read.
            message: What is wrong.

        Returns:
            The response.
        """
        del request, message
        return Delivery(page(400, "Bad Request"), ending=Ending.CLOSED)

    def _interruption(self, path: str) -> Delivery | None:
        for interruption in self.interruptions:
            if interruption.takes(path):
                return interruption.delivery
        return None

    def _respond(self, request: Request) -> Response:
        self.service.catch_up()
        # WSGI servers decode the path before it is looked at: `%2F` is a slash.
        path = unquote(request.path)
        view = self._view(path)
        if view is not None:
            return view(request)
        if not path.endswith("/") and self._view(f"{path}/") is not None:
            query = f"?{request.query}" if request.query else ""
            return redirect(f"{request.path}/{query}")
        return NOT_FOUND

    def _view(self, path: str) -> View | None:
        """Find what responds to requests to a path; None if the path belongs to nothing."""
        if path.startswith("/ping/"):
            return ping_view(self.service, path.removeprefix("/ping/"))
        if path.startswith(("/badge/", "/b/")):
            return badge_view(self.service, path)
        if path.startswith("/projects/"):
            return metrics_view(self.service, path)
        found = _API.fullmatch(path)
        if found is None:
            return None
        version, rest = int(found[1]), found[2]
        if rest == "/status/":
            return self._status
        if rest == "/metrics/":
            return self._metrics
        return management_view(self.service, version, rest)

    def _status(self, request: Request) -> Response:
        if request.method not in READING:
            return FORBIDDEN
        if not self.service.database_works:
            return page(500, "Server Error (500)")
        return text(200, "OK")

    def _metrics(self, request: Request) -> Response:
        if request.method not in READING:
            return FORBIDDEN
        key = self.service.metrics_key
        if not key or request.headers.get("x-metrics-key") != key:
            return empty(403)
        numbers = [check.n_pings for _, check in self.service.all_checks()]
        value: dict[str, Any] = {
            "ts": int(self.service.now().timestamp()),
            "max_ping_id": sum(numbers) or None,
            "max_notification_id": None,
            "num_unprocessed_flips": 0,
        }
        return json_response(200, value)
