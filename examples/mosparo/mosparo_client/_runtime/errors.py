# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Every exception that the SDK raises; the public module `errors` draws the tree.

`TransportFailure` and what is below it are in `transport.failures`, because they are exceptions of
the HTTP library as well.
"""
# ruff: noqa: N818  # the specification's and HTTP's own words read better without "Error"

from __future__ import annotations

from .public import publish

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = [
    "BadGateway",
    "BadRequest",
    "ClientError",
    "ClientRequestError",
    "Conflict",
    "DecodeError",
    "Forbidden",
    "GatewayTimeout",
    "InsecureTransportWarning",
    "InvalidRequest",
    "NotFound",
    "Redirection",
    "ServerError",
    "ServiceUnavailable",
    "TooManyRequests",
    "Unauthorized",
    "UnexpectedStatus",
]

# Long enough for the first lines of a proxy's error page, short enough for one line of a log.
EXCERPT_LENGTH = 200
# Longer than any that is asked for.
ADDRESS_LENGTH = 1000

_LOOKED_AT = 16_384  # bytes or characters of a body that an excerpt is taken from

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


class InsecureTransportWarning(UserWarning):
    """Credentials are sent over plain http to another machine."""


class UnexpectedStatus(ClientError):
    """The server answered with a status that is no success of the operation.

    Raised only by clients made with `raise_on_unexpected_status=True`. Catch one of the subclasses
    to tell the cases apart.

    Attributes:
        status_code: The HTTP status as a number; it need not be one that `http.HTTPStatus` knows.
        content: The body as it came.
        operation: The operation's name, such as `run_checks`.
        method: The HTTP method in capitals.
        url: The address that was asked, without query, user name and password.
        headers: The response headers.
        parsed: The error body in its model, or None where it has none or is something else.
        attempts: How many times the request was sent. If it was more than once, an earlier one may
            have been carried out.
        elapsed: How many seconds all of them took, waiting included; 0 where that is not known.
        unrepeated: Why it was not sent again, where it could have been; or an empty text.
    """

    #: What the reader of the message can do about it.
    advice = ""

    def __init__(
        self,
        status_code: int,
        content: bytes,
        *,
        operation: str = "",
        method: str = "",
        url: str = "",
        headers: Mapping[str, str] | None = None,
        parsed: Any = None,
        advice: str | None = None,
        attempts: int = 1,
        elapsed: float = 0.0,
        unrepeated: str = "",
    ) -> None:
        self.attempts = attempts
        self.elapsed = elapsed
        self.unrepeated = unrepeated
        self.status_code = status_code
        self.content = content
        self.operation = operation
        self.method = method
        self.url = url
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.parsed = parsed
        if advice is not None:
            self.advice = advice
        super().__init__(self._message())

    @property
    def server_message(self) -> str:
        """The server's own words on what went wrong, or an empty text.

        Only an error body that was understood has them; see `content` for anything else.
        """
        message = self.parsed if isinstance(self.parsed, str) else None
        message = getattr(self.parsed, "message", message)
        return message if isinstance(message, str) else ""

    def _message(self) -> str:
        subject = f"{self.operation}: " if self.operation else ""
        request = f"{self.method} {shown_address(self.url)} was " if self.url else ""
        detail = self.server_message
        if detail:
            body = f"the server says: {excerpt(detail)}"
        elif self.content:
            body = f"the body begins: {excerpt(self.content)}"
        else:
            body = "the body is empty"
        status = describe_status(self.status_code)
        text = f"{subject}{request}answered with {status}{self._leads_to()}; {body}"
        if self.advice:
            text = f"{text}. {self.advice}"
        if self.attempts == 1 and not self.unrepeated:
            return text
        times = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        because = f": {self.unrepeated}" if self.unrepeated else ""
        text = f"{text.rstrip('.')}. Gave up after {times} and {self.elapsed:.2f} s{because}."
        if (self.method, self.status_code) == ("DELETE", 404) and self.attempts > 1:
            return f"{text} An earlier attempt may have deleted it."
        return text

    def _leads_to(self) -> str:
        return ""


class Redirection(UnexpectedStatus):
    """Status 3xx: the resource is elsewhere.

    With `follow_redirects=True` it is raised, whatever the client says about raising, where
    following would make a GET of the request: after 302 and 303, and 301 of a POST.
    """

    advice = (
        "Correct the base URL, or create the client with follow_redirects=True if you trust "
        "the address in the Location header."
    )

    @property
    def location(self) -> str:
        """Where it leads, without user name, password, query and fragment; "" for nowhere."""
        location = self.headers.get("Location", "")
        if not location:
            return ""
        from urllib.parse import urljoin

        from .urls import mask_url

        with_host = "://" in location or not self.url
        try:
            shown = mask_url(location if with_host else urljoin(self.url, mask_url(location)))
        except ValueError:
            shown = mask_url(location)
        return "".join(each if each.isprintable() else "?" for each in shown)

    def _leads_to(self) -> str:
        if becomes_read(self.method, self.status_code):
            self.advice = (
                f"Following it would make a GET of this {self.method}, so it is never followed. "
                "Correct the base URL."
            )
        return f", a redirection to {shown_address(self.location)}" if self.location else ""


class ClientRequestError(UnexpectedStatus):
    """Status 4xx: the server refuses this request."""


class BadRequest(ClientRequestError):
    """Status 400: a parameter or the body is not acceptable."""

    advice = "Compare the arguments with the operation's documentation."


class Unauthorized(ClientRequestError):
    """Status 401: the server does not know the caller."""

    advice = "Check the API key: it may be missing, mistyped, revoked or of another server."


class Forbidden(ClientRequestError):
    """Status 403: the caller is known and may not do this."""

    advice = "The user of this API key lacks the permission that the operation needs."


class NotFound(ClientRequestError):
    """Status 404: something that the request names does not exist."""

    advice = "Check the names in the path; they are case-sensitive."


class Conflict(ClientRequestError):
    """Status 409: the request contradicts what the server already has."""


class TooManyRequests(ClientRequestError):
    """Status 429: the server asks for fewer requests."""

    advice = "Wait for the time in the Retry-After header, if there is one, and try again."


class ServerError(UnexpectedStatus):
    """Status 5xx: the server, or a proxy before it, failed."""

    advice = "The server's log holds the cause."


class BadGateway(ServerError):
    """Status 502: a proxy could not reach the server."""

    advice = "A proxy answered for the server; check that the server behind it is running."


class ServiceUnavailable(ServerError):
    """Status 503: the server is not ready to answer."""

    advice = "The server may be starting or overloaded; try again later."


class GatewayTimeout(ServerError):
    """Status 504: a proxy gave up waiting for the server."""

    advice = "The request may still be under way on the server."


def becomes_read(method: str, status_code: int) -> bool:
    """Tell whether following a redirection means to send a GET in place of another request.

    Args:
        method: The HTTP method of the request, in capitals.
        status_code: The status of the redirection.

    Returns:
        Whether it does, as HTTP clients do it since the first browsers.
    """
    if method in ("GET", "HEAD", ""):
        return False
    return status_code in (302, 303) or (status_code == 301 and method == "POST")


_KIND_BY_STATUS: dict[int, type[UnexpectedStatus]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: TooManyRequests,
    502: BadGateway,
    503: ServiceUnavailable,
    504: GatewayTimeout,
}
_KIND_BY_FAMILY: dict[int, type[UnexpectedStatus]] = {
    3: Redirection,
    4: ClientRequestError,
    5: ServerError,
}


def kind_of_status(status_code: int) -> type[UnexpectedStatus]:
    """Find the exception class of a status.

    Args:
        status_code: Any HTTP status, known to `http.HTTPStatus` or not.

    Returns:
        The most specific subclass of `UnexpectedStatus`.
    """
    family = _KIND_BY_FAMILY.get(status_code // 100, UnexpectedStatus)
    return _KIND_BY_STATUS.get(status_code, family)


class DecodeError(ClientError, ValueError):
    """A body, or a part of it, is not what the specification says.

    Attributes:
        operation: The operation whose answer was read, or an empty text where a model was built
            from a dictionary by hand.
        field_path: Where in the body, such as `[3].checkResultEntries[0].executedAt`; empty for
            the body as a whole. A key with other characters than those of a name is quoted, as in
            `customChecks['my check']`.
        problem: What was expected there and what was found.
        status_code: The HTTP status of the answer, or None without an answer.
        content_type: The answer's Content-Type, or None.
        content: The body as it came, or None without an answer.
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
            f"{where}cannot decode the answer{status}{kind}{place}: {self.problem}; "
            f"the body begins: {excerpt(self.content)}"
        )

    def within(self, step: str | int) -> DecodeError:
        """Prepend a step to the field path, on the way up from the place of the problem.

        Args:
            step: A property's name, or a position in a list.

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


def describe_status(status_code: int) -> str:
    """Name a status for a reader.

    Args:
        status_code: Any HTTP status.

    Returns:
        For example `404 Not Found`, or `520 (not a registered status)`.
    """
    from http import HTTPStatus

    try:
        return f"{status_code} {HTTPStatus(status_code).phrase}"
    except ValueError:
        return f"{status_code} (not a registered status)"


def shown_address(url: str) -> str:
    """Shorten an address for a message: a redirection may lead to one of any length.

    Args:
        url: The address.

    Returns:
        At most `ADDRESS_LENGTH` characters of it, with an ellipsis if that is not all.
    """
    return url if len(url) <= ADDRESS_LENGTH else f"{url[:ADDRESS_LENGTH]}..."


def excerpt(content: bytes | str) -> str:
    """Shorten a body for a message: one line, printable, at most `EXCERPT_LENGTH` characters.

    Args:
        content: The body, or a text out of it.

    Returns:
        The quoted beginning, with an ellipsis where something was left out.
    """
    # Pages begin with empty lines and are indented, so look at far more than is shown.
    beginning = content[:_LOOKED_AT]
    if isinstance(beginning, bytes):
        beginning = beginning.decode("utf-8", errors="replace")
    line = " ".join(beginning.split())
    if len(line) <= EXCERPT_LENGTH and len(content) <= _LOOKED_AT:
        return repr(line)
    return repr(line[:EXCERPT_LENGTH] + "...")


publish("errors", [globals()[name] for name in __all__])
