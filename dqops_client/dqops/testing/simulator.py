"""The simulated server behind every door: from a request to its answer."""

from __future__ import annotations

import itertools
import logging
import threading
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from weakref import WeakSet

from .clock import SkippingClock
from .delivery import Delivery, compressed
from .errors import RefusedRequestError, error_answer
from .examples import SIMULATED_HEADER, example_answer
from .faults import FaultPlan
from .faults.effects import Circumstances, changed, replacement, sent
from .handlers import HANDLERS
from .handlers.call import Call
from .login import NOT_LOGGED_IN, UnknownApiKeyError, caller_of, check_permission
from .messages import Answer, RecordedRequest, Request
from .roles import check_api_key
from .specification import load_specification
from .validation import BOOLEANS, Validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .faults.plan import DueFault
    from .roles import User
    from .specification import Operation, Specification
    from .state import State

__all__ = ["DEFAULT_API_KEY", "Simulator"]

#: The API key that a simulated server knows if it is given none. It opens nothing else.
DEFAULT_API_KEY = "simulated-api-key"

# Threads of requests end at once; unless they wait for an event loop, when that one closes.
_SECONDS_TO_END = 0.2

_logger = logging.getLogger("dqops.testing")


class InvalidAnswerError(Exception):
    """An answer of the simulator is not what the specification says: a defect, or a wrong seed."""


class Simulator:
    """Answers requests from its state, as the contract says that the real server does.

    Args:
        state: What the server knows.
        api_key: The one API key that it accepts.
        specification: What requests and answers are compared with; the one that ships with the
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
        self.faults.expect(self.specification.operations)
        self._validation = _validation(self.specification)
        self._match = lru_cache(maxsize=1024)(self.specification.match)
        self._on_restart = on_restart
        self._requests: list[RecordedRequest] = []
        self._numbers = itertools.count()
        self._is_closed = False
        self._under_way: WeakSet[threading.Event] = WeakSet()
        self._under_way_lock = threading.Lock()
        self._threads: WeakSet[threading.Thread] = WeakSet()
        self._checked_examples: set[tuple[str, bytes]] = set()

    @property
    def requests(self) -> list[RecordedRequest]:
        """What was asked for so far, in the order of the answers."""
        return list(self._requests)

    def forget_requests(self) -> None:
        """Forget what was asked for so far."""
        self._requests.clear()

    def cut_requests(self, spared: threading.Event | None = None) -> None:
        """Tell the doors of the requests under way that their connections are gone.

        Args:
            spared: The `cut` of the one request that is answered nevertheless.
        """
        with self._under_way_lock:
            for cut in self._under_way:
                if cut is not spared:
                    cut.set()

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be asked."""
        return self._is_closed

    def open(self) -> None:
        """Let requests wait, also after an earlier `close`."""
        with self.state.condition:
            self.state.queue.open()
        self._is_closed = False

    def close(self) -> None:
        """End the requests that wait; there is nobody left to be answered."""
        self._is_closed = True
        self.cut_requests()
        with self.state.condition:
            self.state.queue.close()
        for thread in list(self._threads):
            thread.join(_SECONDS_TO_END)

    def start_thread(self, run: Callable[[], None]) -> None:
        """Serve a request in a thread of its own, which `close` sees to the end of.

        A thread for each request, as a socket has it, and no pool: requests that wait would fill
        it, and keep the one from coming through that ends their waiting.

        Args:
            run: What serves it.
        """
        thread = threading.Thread(target=run, name="dqops-request", daemon=True)
        self._threads.add(thread)
        thread.start()

    def give_up(self, request: Request) -> None:
        """Let a request wait no longer, because its client has gone.

        Args:
            request: The request.
        """
        request.cut.set()
        with self.state.condition:
            self.state.condition.notify_all()

    def may_wait(self, request: Request) -> bool:
        """Tell whether the answer to a request may take time.

        Args:
            request: The request.

        Returns:
            False if `answer` surely returns at once.
        """
        operation = self._operation_of(request)
        settings = self.state.settings
        if operation is None or operation.name not in HANDLERS:
            return False
        if settings.examples_only or settings.job_mode == "immediate":
            return False
        if isinstance(self.state.clock, SkippingClock):
            return False
        names = {parameter["name"] for _, parameter in operation.parameters}
        if "wait" in names:
            given = parse_qs(request.query).get("wait", [""])[0].lower()
            return BOOLEANS.get(given, settings.wait_by_default)
        return "waitTimeout" in names or operation.name == "get_job_changes_since"

    def answer(self, request: Request) -> Delivery:
        """Serve a request; may take as long as the request asks to wait.

        Args:
            request: The request.

        Returns:
            The answer and how it goes out; a failure of the simulator itself is an answer of status
            500, too.
        """
        with self._under_way_lock:
            self._under_way.add(request.cut)
        number = next(self._numbers)
        operation = self._operation_of(request)
        moment = self.state.clock.now()
        circumstances = Circumstances(request, operation, self.specification, moment)
        due = self.faults.due(None if operation is None else operation.name, request.method)
        # What is known by the time of the answer, for the record.
        known: dict[str, Any] = {"operation": None, "parameters": {}, "body": None}

        self._restart_if_due(due, request, when="before")
        delivery = _replaced(circumstances, due, handled=False)
        if delivery is None:
            answer = self._answer(request, known, number)
            status: int | None = answer.status
            self._restart_if_due(due, request, when="after")
            delivery = _replaced(circumstances, due, handled=True)
            if delivery is None:
                for each in due:
                    answer = changed(circumstances, each, answer)
                delivery = Delivery(compressed(answer, request.headers))
        else:
            self._read_for_record(operation, request, known)
            status = None
        if not (delivery.is_silent or delivery.garbage):
            status = delivery.answer.status
        for each in due:
            delivery = sent(circumstances, each.fault, delivery)

        faults = tuple(each.fault for each in due)
        self._requests.append(
            RecordedRequest(
                method=request.method, path=request.path, status=status, faults=faults, **known
            )
        )
        return delivery

    def refuse(self, request: Request, message: str) -> Delivery:
        """Answer something that is no proper HTTP request with status 400.

        Args:
            request: As much of it as could be read.
            message: What is wrong with it.

        Returns:
            The answer and how it goes out.
        """
        refusal = RefusedRequestError(400, message)
        moment = self.state.clock.now()
        self._requests.append(RecordedRequest(None, request.method, request.path, status=400))
        return Delivery(error_answer(refusal, request.path, moment, next(self._numbers)))

    def restart(self, spared: threading.Event | None = None) -> None:
        """Behave as if the server process had restarted.

        Args:
            spared: The `cut` of the one request that is answered nevertheless.
        """
        # First the connections: nobody is told that a job that was forgotten has ended.
        self.cut_requests(spared)
        if self._on_restart is not None:
            self._on_restart()
        self.state.forget_jobs()

    def _answer(self, request: Request, known: dict[str, Any], number: int) -> Answer:
        now = self.state.clock.now
        try:
            answer = self._serve(request, known)
            self._check(known["operation"], answer)
        except RefusedRequestError as refusal:
            return error_answer(refusal, request.path, now(), number)
        except Exception as error:
            _logger.exception("the simulator failed to serve %s %s", request.method, request.path)
            failure = RefusedRequestError(500, f"{type(error).__name__}: {error}")
            return error_answer(failure, request.path, now(), number)
        return answer

    def _check(self, operation_name: str | None, answer: Answer) -> None:
        """Make sure that the answer is what the specification says."""
        if operation_name is None or not self.state.settings.validate_answers:
            return
        if answer.status in {401, 403} and not answer.body:
            return  # who is logged in, and what they may do, is the same for all operations
        example = (operation_name, answer.body) if SIMULATED_HEADER in answer.headers else None
        if example in self._checked_examples:
            return
        operation = self.specification.operations[operation_name]
        problems = self._validation.answer_problems(operation, answer)
        if problems:
            raise InvalidAnswerError(
                f"the simulator's answer {answer.status} of {operation_name!r} is not what the "
                f"specification says: {'; '.join(problems[:3])}"
            )
        if example is not None:
            self._checked_examples.add(example)

    def _operation_of(self, request: Request) -> Operation | None:
        try:
            return self._match(request.method, request.path)[0]
        except RefusedRequestError:
            return None

    def _read_for_record(
        self, operation: Operation | None, request: Request, known: dict[str, Any]
    ) -> None:
        """Read what a request asked for that is not handled."""
        if operation is None:
            return
        known["operation"] = operation.name
        with suppress(RefusedRequestError):
            _, path_values = self._match(request.method, request.path)
            known["parameters"] = self._validation.parameters(operation, path_values, request)
            known["body"] = self._validation.body(operation, request)

    def _restart_if_due(self, due: Iterable[DueFault], request: Request, *, when: str) -> None:
        for each in due:
            if each.fault.kind == "restart" and each.fault.options["when"] == when:
                self.restart(request.cut)

    def _serve(self, request: Request, known: dict[str, Any]) -> Answer:
        try:
            caller = caller_of(request, self.api_key, self.state.users.values())
        except UnknownApiKeyError:
            return Answer(401)
        try:
            operation, path_values = self._match(request.method, request.path)
        except RefusedRequestError:
            # Who is not logged in does not learn which paths there are.
            if caller is None and self.state.settings.require_login:
                return Answer(401)
            raise
        known["operation"] = operation.name
        if caller is None and self.state.settings.require_login and not operation.is_public:
            return Answer(401)
        caller = NOT_LOGGED_IN if caller is None else caller
        check_permission(caller, operation)
        _check_accept(request, operation)
        known["parameters"] = self._validation.parameters(operation, path_values, request)
        known["body"] = self._validation.body(operation, request)
        return self._handle(operation, known, caller, request.cut)

    def _handle(
        self, operation: Operation, known: dict[str, Any], caller: User, cut: threading.Event
    ) -> Answer:
        examples_only = self.state.settings.examples_only
        handler = None if examples_only else HANDLERS.get(operation.name)
        if handler is None:
            if self.state.settings.strict:
                raise RefusedRequestError(
                    501,
                    f"The simulator has no behaviour for {operation.name!r}, only the "
                    "specification's example, which its strict mode does not give.",
                )
            return example_answer(self.specification, operation, known["parameters"])
        with self.state.condition:
            self.state.queue.advance()
            parameters, body = known["parameters"], known["body"]
            call = Call(self.state, parameters, body, caller, self.specification, cut)
            return handler(call)


def _check_accept(request: Request, operation: Operation) -> None:
    """Refuse what only wants something other than there is."""
    accept = request.headers.get("accept", "")
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    offered = operation.result_media_types
    accepted = {"*/*", *offered, *(f"{kind.partition('/')[0]}/*" for kind in offered)}
    if accept and wanted.isdisjoint(accepted):
        shown = " or ".join(map(repr, offered))
        raise RefusedRequestError(406, f"Only {shown} can be had, not {accept!r}.")


def _replaced(
    circumstances: Circumstances, due: Iterable[DueFault], *, handled: bool
) -> Delivery | None:
    """Find what goes out in place of the answer; of several faults the first one counts."""
    for each in due:
        delivery = replacement(circumstances, each.fault, handled=handled)
        if delivery is not None:
            return delivery
    return None


@lru_cache(maxsize=8)
def _validation(specification: Specification) -> Validation:
    # Its validators are made once for all servers of a process.
    return Validation(specification)
