"""From a request to its response, as long as nothing goes wrong on purpose."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .handlers import FAILURES, HANDLERS
from .handlers.broken_tables import check_tables
from .handlers.call import Call
from .handlers.examples import SIMULATED_HEADER, example_response
from .handlers.incomplete import refusal
from .http.data_domain_cookie import data_domain_of
from .http.errors import RefusedRequestError, error_response
from .http.messages import JSON, Response
from .login import NOT_LOGGED_IN, UnknownApiKeyError, caller_of, check_permission
from .response_headers import UNAUTHORIZED, completed
from .specification.editions import DOCUMENT_PATH, edition_of, known_version
from .specification.validation import NESTED_TOO_DEEPLY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .http.messages import Request
    from .roles import User
    from .specification import Operation, Specification
    from .specification.editions import Edition
    from .state.data_domain import DataDomain
    from .state.state import State

__all__ = ["Application", "Reading"]

# Operations that work in every data domain, so that one can leave a domain that is gone.
_ABOUT_DATA_DOMAINS = "data_domains"

_logger = logging.getLogger("dqops.testing")


class InvalidResponseError(Exception):
    """A response of the simulator is not what the specification says: a defect, or a wrong seed."""


@dataclass
class Reading:
    """What is known of a request by the time of its response; for its record.

    Attributes:
        operation: The operation's name; None where there is none.
        parameters: The parameters by their names in the specification.
        body: The JSON body, or the string of a body that is not JSON; or None.
        data_domain: The data domain that its cookie names; empty for the default one.
        message: Why it is refused; None if it is not.
        is_example: Whether the response is the specification's example.
    """

    operation: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    data_domain: str = ""
    message: str | None = None
    is_example: bool = False


class Application:
    """Responds to requests from a state, as the contract says that the real server does.

    Args:
        state: What the server knows.
        api_key: The API key of its administrator.
        specification: What requests and responses are compared with.
    """

    def __init__(self, state: State, api_key: str, specification: Specification) -> None:
        self._state = state
        self._api_key = api_key
        self._specification = specification

    @property
    def _edition(self) -> Edition:
        """What the version of the server has, which may change at any time."""
        version = self._state.settings.server_version
        return edition_of(self._specification, None if version is None else known_version(version))

    def operation_of(self, request: Request) -> Operation | None:
        """Find the operation that a request is for.

        Args:
            request: The request.

        Returns:
            The operation; None if there is none.
        """
        try:
            return self._edition.match(request.method, request.path)[0]
        except RefusedRequestError:
            return None

    def read(self, request: Request) -> Reading:
        """Read what a request asks for, which is not handled.

        Args:
            request: The request.

        Returns:
            What can be read of it.
        """
        reading, edition = Reading(), self._edition
        with suppress(RefusedRequestError, RecursionError):
            operation, path_values = edition.match(request.method, request.path)
            reading.operation = operation.name
            reading.data_domain = data_domain_of(request.headers)
            _read(edition, operation, path_values, request, reading)
        return reading

    def respond(self, request: Request, number: int) -> tuple[Response, Reading]:
        """Serve a request; may take as long as the request asks to wait.

        Args:
            request: The request.
            number: How many requests the server had before this one.

        Returns:
            The response, and what was read of the request. A failure of the simulator itself is an
            response of status 500.
        """
        reading, edition = Reading(), self._edition
        response = self._respond(edition, request, number, reading)
        operation = None
        if reading.operation is not None:
            operation = edition.specification.operations[reading.operation]
        return completed(response, operation, request.headers), reading

    def _respond(
        self, edition: Edition, request: Request, number: int, reading: Reading
    ) -> Response:
        try:
            response = self._serve(edition, request, reading)
            if reading.operation is not None:
                operation = edition.specification.operations[reading.operation]
                response = edition.response(operation, response)
            reading.is_example = SIMULATED_HEADER in response.headers
            self._check(edition, response, reading)
        except RefusedRequestError as error:
            refused = error
        except RecursionError:
            refused = RefusedRequestError(400, NESTED_TOO_DEEPLY)
        except Exception as error:
            _logger.exception("the simulator failed to serve %s %s", request.method, request.path)
            refused = RefusedRequestError(500, f"{type(error).__name__}: {error}")
        else:
            return response
        reading.message = refused.message
        return error_response(refused, request, self._state.clock.now(), number)

    def _serve(self, edition: Edition, request: Request, reading: Reading) -> Response:
        requires_login = self._state.settings.require_login
        try:
            caller = caller_of(request, self._api_key, self._state.users.values())
        except UnknownApiKeyError:
            return UNAUTHORIZED
        if request.method == "OPTIONS" and (caller is not None or not requires_login):
            methods = edition.specification.methods(request.path)
            if methods:
                return _options(methods, request.headers)
        try:
            operation, path_values = edition.match(request.method, request.path)
        except RefusedRequestError:
            # Who is not logged in does not learn which paths there are.
            if caller is None and requires_login:
                return UNAUTHORIZED
            if self._describes_itself(request):
                return Response.of_json(200, edition.described())
            raise
        reading.operation = operation.name
        reading.data_domain = data_domain_of(request.headers)
        if caller is None and requires_login and not operation.is_public:
            return UNAUTHORIZED
        domain = self._domain(operation, reading.data_domain)
        caller = (NOT_LOGGED_IN if caller is None else caller).within(reading.data_domain)
        check_permission(caller, operation)
        _check_accept(request, operation)
        _check_content_type(request, operation)
        _read(edition, operation, path_values, request, reading)
        if not self._state.settings.examples_only:
            check_tables(operation, reading.parameters, domain)
        return self._handle(edition, operation, reading, domain, caller, request)

    def _describes_itself(self, request: Request) -> bool:
        """Whether a request is for the document by which older versions are recognised."""
        is_older = self._state.settings.server_version is not None
        return is_older and (request.method, request.path) == ("GET", DOCUMENT_PATH)

    def _domain(self, operation: Operation, name: str) -> DataDomain:
        """Find the data domain that a request works on."""
        try:
            return self._state.domain(name)
        except LookupError as error:
            is_for_any = operation.tag == _ABOUT_DATA_DOMAINS or operation.is_public
            if is_for_any or self._state.settings.examples_only:
                return self._state
            # The real server says no more than the first sentence.
            message = f"Locking for DQOps Root sources is not supported. (In a cookie: {error}.)"
            raise RefusedRequestError(500, message) from None

    def _handle(
        self,
        edition: Edition,
        operation: Operation,
        reading: Reading,
        domain: DataDomain,
        caller: User,
        request: Request,
    ) -> Response:
        settings = self._state.settings
        handler = None if settings.examples_only else HANDLERS.get(operation.name)
        if handler is None and settings.strict:
            raise RefusedRequestError(
                501,
                f"The simulator has no behaviour for {operation.name!r}, only the "
                "specification's example, which its strict mode does not give.",
            )
        call = Call(
            state=domain,
            account=self._state,
            parameters=reading.parameters,
            body=edition.body(operation, reading.body),
            caller=caller,
            specification=edition.specification,
            cut=request.cut,
        )
        if operation.name in FAILURES and not settings.examples_only:
            FAILURES[operation.name](call)
        if handler is None:
            is_known = settings.examples_only or _is_there(operation, reading.parameters, domain)
            if not is_known and 404 in operation.responses:
                return Response.of_json(404, []) if operation.is_list else Response(404)
            return example_response(edition.specification, operation, reading.parameters)
        incomplete = refusal(operation.name, call)
        if incomplete is not None:
            status, reading.message = incomplete
            return Response(status)
        with domain.condition:
            domain.queue.advance()
            return handler(call)

    def _check(self, edition: Edition, response: Response, reading: Reading) -> None:
        """Make sure that a response is what the specification says."""
        name = reading.operation
        if name is None or not self._state.settings.validate_answers:
            return
        if response.status in {401, 403} and not response.body:
            return  # who is logged in, and what they may do, is the same for all operations
        operation = edition.specification.operations[name]
        problems = edition.validation.response_problems(operation, response)
        if problems:
            raise InvalidResponseError(
                f"the simulator's response {response.status} of {name!r} is not what the "
                f"specification says: {'; '.join(problems[:3])}"
            )


def _read(
    edition: Edition,
    operation: Operation,
    path_values: Mapping[str, str],
    request: Request,
    reading: Reading,
) -> None:
    reading.parameters = edition.validation.parameters(operation, path_values, request)
    reading.body = edition.validation.body(operation, request)


def _is_there(operation: Operation, parameters: Mapping[str, Any], state: DataDomain) -> bool:
    """Tell whether the connection, table, column or incident that a path names is known."""
    in_path = {each["name"] for _, each in operation.parameters if each["in"] == "path"}
    if "incidentId" in in_path and parameters["incidentId"] not in state.incidents:
        return False
    names = {"connectionName", "schemaName", "tableName", "columnName"} & in_path
    connection = parameters.get("connectionName")
    if "connectionName" in names and connection not in state.catalog.connections:
        return False
    if "tableName" not in names:
        return True
    key = (str(connection), parameters["schemaName"], parameters["tableName"])
    table = state.catalog.tables.get(key)
    if table is None:
        return False
    return "columnName" not in names or parameters["columnName"] in (table.get("columns") or {})


def _options(methods: set[str], request_headers: Mapping[str, str]) -> Response:
    """Say which methods a path has, or what a page of another origin may send."""
    wanted = request_headers.get("access-control-request-method")
    if "origin" in request_headers and wanted is not None:
        headers = {"Access-Control-Allow-Methods": wanted, "Access-Control-Max-Age": "3600"}
        return Response(200, headers=headers)
    read = ("HEAD",) if "GET" in methods else ()
    allowed = ",".join((*sorted(methods), *read, "OPTIONS"))
    return Response(200, headers={"Allow": allowed, "Accept-Patch": ""})


def _check_content_type(request: Request, operation: Operation) -> None:
    """Refuse a request that is declared as something else than what is read, or as nothing."""
    expected = operation.body_media_type
    content_type = request.headers.get("content-type", "")
    if expected is None or content_type.partition(";")[0].strip().lower() == expected:
        return
    message = f"Content-Type {content_type!r} is not supported; send {expected!r}."
    raise RefusedRequestError(415, message)


def _check_accept(request: Request, operation: Operation) -> None:
    """Refuse what only wants something other than there is."""
    accept = request.headers.get("accept", "")
    wanted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    offered = operation.result_media_types
    if operation.name.endswith("_error_samples_download"):
        offered = (JSON,)  # what it is declared as, although it sends something else
    accepted = {"*/*", *offered, *(f"{kind.partition('/')[0]}/*" for kind in offered)}
    if accept and wanted.isdisjoint(accepted):
        shown = " or ".join(map(repr, offered))
        raise RefusedRequestError(406, f"Only {shown} can be had, not {accept!r}.")
