"""What every generated operation is made of.

Importing this is cheap, and so is importing an operation: what does the work is loaded when an
operation is first called.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import Any, Protocol

    from .bodies import Body
    from .conversion import Converter
    from .messages import Arguments, T
    from .response import Response

    class Caller(Protocol):
        """A client, which knows how to make calls."""

        def _call(self, operation: Operation, arguments: Arguments, /) -> Response[Any]: ...

        async def _call_async(
            self, operation: Operation, arguments: Arguments, /
        ) -> Response[Any]: ...

        def _stream(
            self, operation: Operation, arguments: Arguments, /
        ) -> AbstractContextManager[Any]: ...

        def _stream_async(
            self, operation: Operation, arguments: Arguments, /
        ) -> AbstractAsyncContextManager[Any]: ...


__all__ = ["Operation", "suggest_keywords", "warn_of_deprecation"]

# The flag of the code of a function that is to be awaited; `inspect` takes time to import.
_COROUTINE = 0x80
# RFC 9110, section 9.2.2.
_IDEMPOTENT = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})


class Operation:
    """One operation of an API: how it is called, and what its responses mean.

    Args:
        name: The operation's name in Python, for messages.
        method: The HTTP method in capitals.
        path: The path template.
        models: The import name of the package of models.
        results: By status (a number, `4XX` for a hundred of them, or `default` for all others), how
            the body of a response that is a result is read. These are the successes, and statuses
            such as the 503 of a health check, which say something rather than fail.
        errors: By status, how an error body is read.
        keeps_cookies: Whether the client sends the cookies of the response from then on, as after
            choosing what the server is to work on.
        body: The class name of the model that the JSON body is, or that its items are; None for
            another body.
        body_is_list: Whether the JSON body is a list.
        advice: By status, what the caller can do about an error, where this API knows better than
            the exception's class does.
        may_be_empty: Whether there may be no result, and no body then.
        is_repeatable: Whether the request does the same when it is sent twice; by default as the
            method says.
        secrets: The path parameters that are shown nowhere.
        names: The names in Python of parameters, by their names on the wire, where `argument`
            would not find them.
        plain: The path parameters that may have letters, digits, hyphens and underscores only,
            because the server decodes the path before it splits it: by their names on the wire
            their names in Python.
        wait: Where the server may take its time to respond: the query parameter with the seconds,
            how many they are without it, and the boolean query parameter that is false for a
            response at once (an empty string for none).
        times: The parameters that are dates or times: by their names on the wire their names in
            Python, for messages, and how they are written.
        enums: The parameters that are values of an enumeration: the class name by the name on the
            wire.
        bounds: The parameters whose numbers have bounds: by their names on the wire the lowest and
            the highest value, None for no such bound.
        content_type: What a request without a body names as the type of its body, where the server
            insists on it.
        refused: What a JSON body must not hold because the server could not live with it: by the
            place in the body, `*` for every item of an array or a map, the argument that allows it
            and the reason.
        needed: What a JSON body must hold because the server fails without it: the reason by the
            place.
        content_types: The media types of bodies that are not the usual ones, by the keyword of
            `Arguments`.
        styles: How parameters are written that are not sent as one value, or one pair for each item
            of a list: by their names on the wire one of the styles of `exchange.styles`.
        needs_body: Whether one of several bodies must be given.
        is_public: Whether the request is sent without the token.
        schemes: The security schemes that the request needs, where it is not the client's usual
            one alone: alternatives, the best first, each a list of names in `_identity.SCHEMES`.
        replaced_by: The group and name of what newer servers have in the place of the operation.
    """

    __slots__ = (
        "advice",
        "body",
        "body_is_list",
        "bounds",
        "content_type",
        "content_types",
        "enums",
        "errors",
        "is_public",
        "is_redirection",
        "is_repeatable",
        "keeps_cookies",
        "may_be_empty",
        "method",
        "models",
        "name",
        "names",
        "needed",
        "needs_body",
        "path",
        "plain",
        "refused",
        "replaced_by",
        "results",
        "schemes",
        "secrets",
        "styles",
        "times",
        "wait",
    )

    def __init__(
        self,
        *,
        name: str,
        method: str,
        path: str,
        models: str,
        results: Mapping[int | str, Body],
        errors: Mapping[int | str, Body],
        keeps_cookies: bool = False,
        body: str | None = None,
        body_is_list: bool = False,
        advice: Mapping[int | str, str] | None = None,
        may_be_empty: bool = False,
        is_repeatable: bool | None = None,
        names: Mapping[str, str] | None = None,
        secrets: Collection[str] = (),
        plain: Collection[str] = (),
        wait: tuple[str, float, str] | None = None,
        times: Mapping[str, tuple[str, Converter]] | None = None,
        enums: Mapping[str, str] | None = None,
        bounds: Mapping[str, tuple[float | None, float | None]] | None = None,
        content_type: str | None = None,
        refused: Mapping[str, tuple[str, str]] | None = None,
        needed: Mapping[str, str] | None = None,
        content_types: Mapping[str, str] | None = None,
        styles: Mapping[str, str] | None = None,
        needs_body: bool = False,
        is_public: bool = False,
        schemes: tuple[tuple[str, ...], ...] = (),
        replaced_by: str = "",
    ) -> None:
        self.name = name
        self.method = method
        self.path = path
        self.models = models
        self.results = results
        self.errors = errors
        self.keeps_cookies = keeps_cookies
        self.body = body
        self.body_is_list = body_is_list
        self.advice: Mapping[int | str, str] = advice or {}
        self.may_be_empty = may_be_empty
        self.is_repeatable = method in _IDEMPOTENT if is_repeatable is None else is_repeatable
        self.secrets = secrets
        self.names: Mapping[str, str] = names or {}
        self.plain = plain
        self.wait = wait
        self.times = times
        self.enums: Mapping[str, str] = enums or {}
        self.bounds = bounds
        self.content_type = content_type
        self.refused = refused
        self.needed = needed
        self.content_types: Mapping[str, str] = content_types or {}
        self.styles = styles
        self.needs_body = needs_body
        self.is_public = is_public
        self.schemes = schemes
        self.replaced_by = replaced_by
        self.is_redirection = any(str(status)[0] == "3" for status in results)

    def argument(self, name: str) -> str:
        """Find the Python name of a parameter, for messages.

        Args:
            name: The name on the wire.

        Returns:
            For example `connection_name` for `connectionName`.
        """
        import re

        snake_case = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()
        return self.names.get(name, snake_case)

    def call(self, client: Caller, arguments: Arguments) -> Response[Any]:
        """Send the request and read the response.

        Args:
            client: Where and how to send it.
            arguments: The arguments of the operation.

        Returns:
            The response; `parsed` holds the result.

        Raises:
            InvalidRequest: An argument cannot be sent; the message names operation and argument.
            UnexpectedStatus: The response is no success, and the client raises on that.
            DecodeError: The body is not what the specification says.
            TransportFailure: No response came.
        """
        check_client(self.name, client)
        return client._call(self, arguments)

    async def call_async(self, client: Caller, arguments: Arguments) -> Response[Any]:
        """Send the request and read the response without blocking the event loop; see `call`."""
        check_client(self.name, client)
        return await client._call_async(self, arguments)

    def result(self, client: Caller, arguments: Arguments[T]) -> T | None:
        """Do the same as `call`, and return the result only; a None for an error warns once."""
        arguments.wants_result = True
        check_client(self.name, client)
        response: Response[T] = client._call(self, arguments)
        return response.parsed

    async def result_async(self, client: Caller, arguments: Arguments[T]) -> T | None:
        """Do the same without blocking the event loop; see `result`."""
        arguments.wants_result = True
        check_client(self.name, client)
        response: Response[T] = await client._call_async(self, arguments)
        return response.parsed

    def stream(self, client: Caller, arguments: Arguments) -> AbstractContextManager[Any]:
        """Send the request and let the caller read the body piece by piece.

        Args:
            client: Where and how to send it.
            arguments: The arguments of the operation.

        Returns:
            The download, for a `with` block; at the end of the block it is closed, read or not.

        Raises:
            InvalidRequest: An argument cannot be sent; the message names operation and argument.
            UnexpectedStatus: The response is no success, whatever the client says about raising:
                there is nothing to read.
            TransportFailure: No response came.
        """
        check_client(self.name, client)
        return client._stream(self, arguments)

    def stream_async(
        self, client: Caller, arguments: Arguments
    ) -> AbstractAsyncContextManager[Any]:
        """Do the same without blocking the event loop; see `stream`."""
        check_client(self.name, client)
        return client._stream_async(self, arguments)


def check_client(
    function: str, client: object, order: str = "parameters of the path come first"
) -> None:
    """Refuse what is no client, such as the URL of a server.

    Args:
        function: What is called, for the message.
        client: What was given as the client.
        order: The order of the arguments, for the message.

    Raises:
        InvalidRequest: It is none.
    """
    if hasattr(type(client), "_call"):
        return
    from ..errors import InvalidRequest

    got = f"the class {client.__name__}" if isinstance(client, type) else type(client).__name__
    hint = "client=Client(base_url)" if isinstance(client, str | type) else "client=..."
    raise InvalidRequest(
        f"{function}: client must be a Client or AuthenticatedClient, got {got}: write {hint}; "
        f"{order}. Nothing was sent"
    )


def warn_of_deprecation(operation: Operation) -> None:
    """Warn, at the line of the program that calls it, of an operation that is deprecated.

    Args:
        operation: The operation.
    """
    import sys
    import warnings

    package = __name__.partition("._runtime.")[0]
    level, frame = 2, sys._getframe(1)
    while frame.f_back and f"{frame.f_globals.get('__name__')}.".startswith(f"{package}."):
        level, frame = level + 1, frame.f_back
    replaced = operation.replaced_by and f"newer servers have {operation.replaced_by}"
    instead = replaced or "its documentation says what to use in its place"
    told = f"{operation.name} is deprecated: {instead}"
    warnings.warn(told, DeprecationWarning, stacklevel=level)


def suggest_keywords(module: dict[str, Any]) -> None:
    """Let the functions of an operation's module tell what a misspelt keyword may mean.

    Args:
        module: The global names of the module.
    """
    for name in module["__all__"]:
        module[name] = _suggesting(module[name], f"{module['_OPERATION'].name}.{name}")


def _suggesting(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    code = function.__code__
    known = frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])

    def call(*args: Any, **named: Any) -> Any:
        if not named.keys() <= known:
            from ..suggestions import refuse_keywords

            refuse_keywords(name, [each for each in named if each not in known], known)
        if len(args) > code.co_argcount:
            from ..suggestions import refuse_positions

            refuse_positions(name, len(args), code)
        return function(*args, **named)

    async def call_async(*args: Any, **named: Any) -> Any:
        return await call(*args, **named)

    found: Any = call_async if code.co_flags & _COROUTINE else call
    for attribute in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(found, attribute, getattr(function, attribute))
    found.__wrapped__ = function
    return found  # type: ignore[no-any-return]
