# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The exceptions of the SDK; the public module `errors` draws the tree.

`UnexpectedStatus` and what is below it are in `statuses`. `TransportFailure` and what is below it
are in `transport.failures`, because they are exceptions of the HTTP library as well.
"""
# ruff: noqa: N818  # the specification's and HTTP's own words read better without "Error"

from __future__ import annotations

from .public import excerpt, publish

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ClientError",
    "ClientWarning",
    "DecodeError",
    "InsecureTransportWarning",
    "InvalidRequest",
    "NoResult",
]

# What stands in a field path without quotes.
_PLAIN_STEP = r"[A-Za-z_$][\w$-]{0,99}"


class ClientError(Exception):
    """Base of every exception of the SDK.

    All of them can be pickled and copied, so that worker processes can report them.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception would call the class with its message only, which loses everything else.
        return _restore_error, (type(self), self.args), self.__dict__


def _restore_error(kind: type[ClientError], arguments: tuple[Any, ...]) -> ClientError:
    error: ClientError = kind.__new__(kind, *arguments)
    return error


class InvalidRequest(ClientError, ValueError):
    """An argument cannot be sent safely; nothing was sent."""


class ClientWarning(UserWarning):
    """Something is probably not as it was meant, and the program goes on all the same."""


class InsecureTransportWarning(ClientWarning):
    """Credentials are sent over plain http to another machine."""


class NoResult(ClientError):
    """A response is a success without a body, where the operation has a result.

    Attributes:
        operation: The operation.
        status_code: The HTTP status of the response.
        has_waited: Whether the server waits for the result and has stopped waiting, so that what
            was asked for goes on.
    """

    def __init__(self, operation: str, status_code: int, *, has_waited: bool = False) -> None:
        self.operation = operation
        self.status_code = status_code
        self.has_waited = has_waited
        reason = (
            "the server stopped waiting for the result; what it was asked for goes on"
            if has_waited
            else "expected a result"
        )
        super().__init__(
            f"{operation}: the server returned {status_code} with an empty body: {reason}"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore_no_result, (type(self), self.operation, self.status_code, self.has_waited)


def _restore_no_result(
    kind: type[NoResult], operation: str, status_code: int, has_waited: bool
) -> NoResult:
    return kind(operation, status_code, has_waited=has_waited)


class DecodeError(ClientError, ValueError):
    """A response, or a part of it, is not what the specification says.

    Attributes:
        operation: The operation whose response was read; empty where a model was built from a
            dictionary.
        field_path: Where in the body, such as `[3].checkResultEntries[0].executedAt`; empty for
            the body as a whole. A key with other characters than those of a name is quoted, as in
            `customChecks['my check']`.
        problem: What was expected there, and what came.
        status_code: The HTTP status of the response, or None without a response.
        content_type: The Content-Type of the response, or None.
        content: The body as it came, or None without a response.
    """

    def __init__(
        self,
        problem: str,
        *,
        operation: str = "",
        field_path: str = "",
        status_code: int | None = None,
        content_type: str | None = None,
        content: bytes | None = None,
    ) -> None:
        self.problem = problem
        self.operation = operation
        self.field_path = field_path
        self.status_code = status_code
        self.content_type = content_type
        self.content = content
        super().__init__(problem)

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        place = f" at {self.field_path}" if self.field_path else ""
        if self.content is None:
            return f"{where}cannot decode the value{place}: {self.problem}"
        kind = f" of type {self.content_type[:100]}" if self.content_type else ""
        status = f" (status {self.status_code})" if self.status_code is not None else ""
        return (
            f"{where}cannot decode the response{status}{kind}{place}: {self.problem}; "
            f"the body begins: {excerpt(self.content)}"
        )

    def within(self, step: str | int) -> DecodeError:
        """Prepend a step to the field path, on the way up from the place of the problem.

        Args:
            step: A property's name, or a position in an array.

        Returns:
            This error itself, to be raised again.
        """
        import re

        if isinstance(step, int):
            prefix = f"[{step}]"
        elif isinstance(step, str) and re.fullmatch(_PLAIN_STEP, step, re.ASCII):
            prefix = step
        else:
            # A key that the server or a user chose: any length, any character.
            shown = str(step)
            prefix = f"[{shown if len(shown) <= 60 else shown[:60] + '...'!r}]"
        joint = "" if not self.field_path or self.field_path.startswith("[") else "."
        self.field_path = f"{prefix}{joint}{self.field_path}"
        return self


publish("errors", [globals()[name] for name in __all__])
