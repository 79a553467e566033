"""The simulated server behind every door: from a request to its answer."""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING, Any

from .errors import RefusedRequestError, error_answer
from .examples import example_answer
from .handlers import HANDLERS
from .handlers.call import Call
from .messages import Answer, RecordedRequest, Request
from .specification import load_specification
from .validation import Validation

if TYPE_CHECKING:
    from .specification import Operation, Specification
    from .state import State

__all__ = ["DEFAULT_API_KEY", "Simulator"]

#: The API key that a simulated server knows if it is given none. It opens nothing else.
DEFAULT_API_KEY = "simulated-api-key"

_logger = logging.getLogger("dqops.testing")


class Simulator:
    """Answers requests from its state, as the contract says that the real server does.

    Args:
        state: What the server knows.
        api_key: The one API key that it accepts.
        specification: What requests are compared with; the one that ships with the package by
            default.

    Raises:
        MissingSpecificationError: The specification is not where it should be.
    """

    def __init__(
        self,
        state: State,
        *,
        api_key: str = DEFAULT_API_KEY,
        specification: Specification | None = None,
    ) -> None:
        self.state = state
        self.api_key = api_key
        self.specification = load_specification() if specification is None else specification
        self._validation = Validation(self.specification)
        self._requests: list[RecordedRequest] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """What was asked for so far, in the order of the answers."""
        return list(self._requests)

    def answer(self, request: Request) -> Answer:
        """Serve a request; may take as long as the request asks to wait.

        Args:
            request: The request.

        Returns:
            The answer; a failure of the simulator itself is an answer of status 500, too.
        """
        # What is known by the time of the answer, for the record.
        known: dict[str, Any] = {"operation": None, "parameters": {}, "body": None}
        try:
            answer = self._serve(request, known)
        except RefusedRequestError as refusal:
            answer = error_answer(refusal, request.path, self.state.clock.now())
        except Exception as error:
            _logger.exception("the simulator failed to serve %s %s", request.method, request.path)
            failure = RefusedRequestError(500, f"{type(error).__name__}: {error}")
            answer = error_answer(failure, request.path, self.state.clock.now())
        self._requests.append(
            RecordedRequest(method=request.method, path=request.path, status=answer.status, **known)
        )
        return answer

    def _serve(self, request: Request, known: dict[str, Any]) -> Answer:
        is_known = self._is_known(request)
        if is_known is False:
            return Answer(401)
        try:
            operation, path_values = self.specification.match(request.method, request.path)
        except RefusedRequestError:
            # Who is not logged in does not learn which paths there are.
            if is_known is None and self.state.settings.require_login:
                return Answer(401)
            raise
        known["operation"] = operation.name
        if is_known is None and self.state.settings.require_login and not operation.is_public:
            return Answer(401)
        _check_accept(request, operation)
        known["parameters"] = self._validation.parameters(operation, path_values, request)
        known["body"] = self._validation.body(operation, request)
        return self._handle(operation, known)

    def _handle(self, operation: Operation, known: dict[str, Any]) -> Answer:
        handler = HANDLERS.get(operation.name)
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
            return handler(Call(self.state, known["parameters"], known["body"]))

    def _is_known(self, request: Request) -> bool | None:
        """Tell whether the API key is right; None if there is none."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return hmac.compare_digest(token.strip().encode(), self.api_key.encode())


def _check_accept(request: Request, operation: Operation) -> None:
    """Refuse what only wants something other than there is."""
    accept = request.headers.get("accept", "")
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    offered = operation.result_media_types
    accepted = {"*/*", *offered, *(f"{kind.partition('/')[0]}/*" for kind in offered)}
    if accept and wanted.isdisjoint(accepted):
        shown = " or ".join(map(repr, offered))
        raise RefusedRequestError(406, f"Only {shown} can be had, not {accept!r}.")
