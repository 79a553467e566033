# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The exceptions of statuses that are no success, by status."""
# ruff: noqa: N818  # the specification's and HTTP's own words read better without "Error"

from __future__ import annotations

from .errors import ClientError
from .public import describe_status, excerpt, mask_url, publish, shorten_url

TYPE_CHECKING = False  # the one of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_CLASSES = [
    "BadGateway",
    "BadRequest",
    "ClientRequestError",
    "Conflict",
    "Forbidden",
    "GatewayTimeout",
    "NotFound",
    "OperationNotSupported",
    "Redirection",
    "ServerError",
    "ServiceUnavailable",
    "TooManyRequests",
    "Unauthorized",
    "UnexpectedStatus",
]
__all__ = [*_CLASSES, "becomes_read", "kind_of_status"]


class UnexpectedStatus(ClientError):
    """The server responded with a status that is not a success.

    Raised only by clients made with `raise_on_unexpected_status=True`. Catch one of the subclasses
    to tell the cases apart.

    Attributes:
        status_code: The HTTP status as a number; it need not be one that `http.HTTPStatus` knows.
        content: The body as it came.
        operation: The operation's name, such as `run_checks`.
        method: The HTTP method in capitals.
        url: The URL of the request, without query, user name and password.
        headers: The response headers.
        parsed: The error body in its model, or None where it has none or is something else.
        attempts: How many times the request was sent. If it was more than once, the server may have
            carried out an earlier one.
        elapsed: How many seconds all of them took, pauses included; 0 where that is not known.
        unrepeated: Why it was not retried, where it could have been; or an empty string.
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
        """The server's own message, or an empty string.

        Only an error body that was understood has them; see `content` for anything else.
        """
        message = self.parsed if isinstance(self.parsed, str) else None
        message = getattr(self.parsed, "message", message)
        return message if isinstance(message, str) else ""

    @property
    def request_id(self) -> str:
        """What the server's log calls the request, or an empty string."""
        found = getattr(self.parsed, "request_id", None)
        return found if isinstance(found, str) else ""

    def _advise(self, advice: str) -> None:
        """Give the message another end: what the caller can do."""
        self.advice = advice
        self.args = (self._message(),)

    def _message(self) -> str:
        subject = f"{self.operation}: " if self.operation else ""
        request = f"{self.method} {shorten_url(self.url)} " if self.url else ""
        detail = self.server_message
        if detail:
            body = f"the server says: {excerpt(detail)}"
        elif self.content:
            body = f"the body begins: {excerpt(self.content)}"
        else:
            body = "the body is empty"
        status = describe_status(self.status_code)
        if self.request_id:
            status = f"{status} (request {excerpt(self.request_id)})"
        text = f"{subject}{request}returned {status}{self._leads_to()}; {body}"
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

    With `follow_redirects=True` it is raised, whatever `raise_on_unexpected_status` says, where
    following would turn the request into a GET: after 302 and 303, and 301 of a POST.
    """

    advice = (
        "Correct base_url, or create the client with follow_redirects=True if you trust the URL in "
        "the Location header."
    )

    @property
    def location(self) -> str:
        """The URL it leads to, without user name, password, query and fragment; or ""."""
        location = self.headers.get("Location", "")
        if not location:
            return ""
        from urllib.parse import urljoin

        with_host = "://" in location or not self.url
        try:
            shown = mask_url(location if with_host else urljoin(self.url, mask_url(location)))
        except ValueError:
            shown = mask_url(location)
        return "".join(each if each.isprintable() else "?" for each in shown)

    def _leads_to(self) -> str:
        if becomes_read(self.method, self.status_code):
            self.advice = (
                f"Following it would turn this {self.method} into a GET, so it is never followed. "
                "Correct base_url."
            )
        return f", a redirect to {shorten_url(self.location)}" if self.location else ""


class ClientRequestError(UnexpectedStatus):
    """Status 4xx: the server refuses this request."""


class BadRequest(ClientRequestError):
    """Status 400: a parameter or the body is invalid."""

    advice = "Compare the arguments with the operation's documentation."


class Unauthorized(ClientRequestError):
    """Status 401: the server does not know the caller."""

    advice = "Check the API key: it may be missing, mistyped, revoked, or for another server."


class Forbidden(ClientRequestError):
    """Status 403: the caller is known, and lacks the permission."""

    advice = "The user of this API key lacks the permission that the operation needs."


class NotFound(ClientRequestError):
    """Status 404: something that the request names does not exist."""

    advice = "Check the names in the path; they are case-sensitive."


class OperationNotSupported(NotFound):
    """Status 404 of the server's router: it has nothing at this path, so it lacks the operation.

    Such a server is older, or newer, than those that have the operation; or `base_url` has a path
    too many.

    Attributes:
        since: The first version of the server that has the operation, such as `1.8.0`; an empty
            string where all versions that this package knows have it.
        until: The last one, or an empty string.
        replaced_by: The group and name of what newer servers have in its place, or an empty string.
    """

    def __init__(
        self,
        *args: Any,
        since: str = "",
        until: str = "",
        replaced_by: str = "",
        **options: Any,
    ) -> None:
        self.since = since
        self.until = until
        self.replaced_by = replaced_by
        span = f"it is there since {since}" if since else ""
        if until:
            span = f"{span} and " if span else "it is there "
            span += f"until {until}"
        newer = f" Newer servers have {replaced_by}." if replaced_by else ""
        options["advice"] = (
            f"This server lacks the operation; {span}.{newer} Compare the server's version."
            if span
            else "The server has nothing at this path: compare base_url and the server's version."
        )
        super().__init__(*args, **options)


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

    advice = "A proxy responded in place of the server; check that the server is running."


class ServiceUnavailable(ServerError):
    """Status 503: the server is not ready to respond."""

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


publish("errors", [globals()[name] for name in _CLASSES])
