"""The simulated server behind every door: faults, records, and who waits."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from weakref import WeakSet

from .application import Application
from .clock import SkippingClock
from .faults import FaultPlan
from .faults.effects import Circumstances, changed, replacement, sent
from .handlers import HANDLERS
from .http.delivery import Delivery, compressed
from .http.errors import RefusedRequestError, error_response
from .http.responder import Responder
from .recorded_requests import RecordedRequest
from .response_headers import completed
from .roles import check_api_key
from .specification.shipped import load_specification
from .specification.validation import BOOLEANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .faults.plan import DueFault
    from .http.messages import Request
    from .specification import Specification
    from .state.state import State

__all__ = ["DEFAULT_API_KEY", "Simulator"]

#: The API key that a simulated server knows if it is given none. It opens nothing else.
DEFAULT_API_KEY = "simulated-api-key"

# Threads of requests end at once; unless they wait for an event loop, when that one closes.
_SECONDS_TO_END = 0.2


class Simulator(Responder):
    """Responds to requests from its state, with the faults that are due, and records them.

    Args:
        state: What the server knows.
        api_key: The one API key that it accepts.
        specification: What requests and responses are compared with; the one that ships with the
            package by default.
        faults: What goes wrong.
        on_restart: Called when the server restarts, to close connections.

    Raises:
        MissingSpecificationError: The specification is not where it should be.
        ValueError: A fault is for an operation that does not exist, or no client could send the API
            key.
    """

    def __init__(
        self,
        state: State,
        *,
        api_key: str = DEFAULT_API_KEY,
        specification: Specification | None = None,
        faults: FaultPlan | None = None,
        on_restart: Callable[[], None] | None = None,
    ) -> None:
        check_api_key(api_key)
        self.state = state
        self.api_key = api_key
        self.specification = load_specification() if specification is None else specification
        self.faults = FaultPlan() if faults is None else faults
        self.faults.expect(
            {name: each.method for name, each in self.specification.operations.items()}
        )
        self._application = Application(state, api_key, self.specification)
        self._on_restart = on_restart
        self._requests: list[RecordedRequest] = []
        self._numbers = itertools.count()
        self.is_closed = False
        self._under_way: WeakSet[threading.Event] = WeakSet()
        self._under_way_lock = threading.Lock()
        self._threads: WeakSet[threading.Thread] = WeakSet()

    @property
    def requests(self) -> list[RecordedRequest]:
        """What was asked for so far, in the order of the responses."""
        return list(self._requests)

    def forget_requests(self) -> None:
        """Forget what was asked for so far."""
        self._requests.clear()

    def cut_requests(self, spared: threading.Event | None = None) -> None:
        """Tell the doors of the requests under way that their connections are gone.

        Args:
            spared: The `cut` of the one request that gets its response nevertheless.
        """
        with self._under_way_lock:
            for cut in self._under_way:
                if cut is not spared:
                    cut.set()

    def open(self) -> None:
        """Let requests wait, also after an earlier `close`."""
        self.state.open()
        self.is_closed = False

    def close(self) -> None:
        """End the requests that wait; there is nobody left to respond to."""
        self.is_closed = True
        self.cut_requests()
        self.state.close()
        for thread in list(self._threads):
            thread.join(_SECONDS_TO_END)

    def start_thread(self, run: Callable[[], None]) -> threading.Thread:
        """Serve a request in a thread of its own, which `close` sees to the end of."""
        thread = super().start_thread(run)
        self._threads.add(thread)
        return thread

    def give_up(self, request: Request) -> None:
        """Let a request wait no longer, because its client has gone."""
        super().give_up(request)
        with self.state.condition:
            self.state.condition.notify_all()

    @property
    def skips_time(self) -> bool:
        """Whether whoever waits for a response need not really do so."""
        return isinstance(self.state.clock, SkippingClock)

    def may_wait(self, request: Request) -> bool:
        """Tell whether the response to a request may take time."""
        operation = self._application.operation_of(request)
        settings = self.state.settings
        if operation is None or operation.name not in HANDLERS:
            return False
        if settings.examples_only or settings.job_mode == "immediate":
            return False
        if self.skips_time:
            return False
        names = {parameter["name"] for _, parameter in operation.parameters}
        if "wait" in names:
            given = parse_qs(request.query).get("wait", [""])[0].lower()
            return BOOLEANS.get(given, settings.wait_by_default)
        return "waitTimeout" in names or operation.name == "get_job_changes_since"

    def respond(self, request: Request) -> Delivery:
        """Serve a request; may take as long as the request asks to wait.

        Args:
            request: The request.

        Returns:
            The response and how it goes out; a failure of the simulator itself is a response of
            status 500, too.
        """
        with self._under_way_lock:
            self._under_way.add(request.cut)
        number = next(self._numbers)
        operation = self._application.operation_of(request)
        moment = self.state.clock.now()
        circumstances = Circumstances(request, operation, self.specification, moment)
        due = self.faults.due(None if operation is None else operation.name, request.method)

        self._restart_if_due(due, request, when="before")
        delivery = _replaced(circumstances, due, handled=False)
        if delivery is None:
            response, reading = self._application.respond(request, number)
            status: int | None = response.status
            self._restart_if_due(due, request, when="after")
            delivery = _replaced(circumstances, due, handled=True)
            if delivery is None:
                for each in due:
                    response = changed(circumstances, each, response)
                delivery = Delivery(compressed(response, request.headers))
        else:
            reading, status = self._application.read(request), None
        if not (delivery.is_silent or delivery.garbage):
            status = delivery.response.status
        for each in due:
            delivery = sent(circumstances, each.fault, delivery)

        self._requests.append(
            RecordedRequest(
                method=request.method,
                path=request.path,
                status=status,
                faults=tuple(each.fault for each in due),
                **vars(reading),
            )
        )
        return delivery

    def refuse(self, request: Request, message: str) -> Delivery:
        """Respond with status 400 to something that is no proper HTTP request.

        Args:
            request: As much of it as could be read.
            message: What is wrong with it.

        Returns:
            The response and how it goes out.
        """
        refusal = RefusedRequestError(400, message)
        moment = self.state.clock.now()
        self._requests.append(
            RecordedRequest(None, request.method, request.path, status=400, message=message)
        )
        response = error_response(refusal, request, moment, next(self._numbers))
        return Delivery(completed(response, None, request.headers))

    def restart(self, spared: threading.Event | None = None) -> None:
        """Behave as if the server process had restarted.

        Args:
            spared: The `cut` of the one request that gets its response nevertheless.
        """
        # First the connections: nobody is told that a job that was forgotten has ended.
        self.cut_requests(spared)
        if self._on_restart is not None:
            self._on_restart()
        self.state.forget_jobs()

    def _restart_if_due(self, due: Iterable[DueFault], request: Request, *, when: str) -> None:
        for each in due:
            if each.fault.kind == "restart" and each.fault.options["when"] == when:
                self.restart(request.cut)


def _replaced(
    circumstances: Circumstances, due: Iterable[DueFault], *, handled: bool
) -> Delivery | None:
    """Find what goes out in place of the response; of several faults the first one counts."""
    for each in due:
        delivery = replacement(circumstances, each.fault, handled=handled)
        if delivery is not None:
            return delivery
    return None
