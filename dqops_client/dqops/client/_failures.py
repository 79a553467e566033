"""The SDK's own exceptions for requests that got no answer, made of httpx's."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any, NoReturn

import httpx

from ._explanations import explain
from ._settings import credential_names, mask_url
from .errors import ClientError, shown_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._base_client import BaseClient

__all__ = [
    "TRANSLATED",
    "BodyLimitExceeded",
    "BodyTooLarge",
    "ConnectionFailure",
    "DeadlineExceeded",
    "ProtocolFailure",
    "TLSFailure",
    "TimeoutFailure",
    "TransportFailure",
    "hide_frames",
    "reraise",
]

# Header fields that describe a request without telling who sends it.
_HARMLESS_HEADERS = ("Accept", "Accept-Encoding", "Content-Length", "Content-Type", "User-Agent")

# What httpx raises, or an event loop, where a request gets no answer.
# The UnicodeError is that of the host name in a redirection.
TRANSLATED = (
    httpx.RequestError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    RuntimeError,
    UnicodeError,
)

# With these, no connection was there yet that could have carried the request.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# How a connection that the server closed shows, as when it crossed the end of an idle one.
_LOST = ("server disconnected", "peer closed connection")


class TransportFailure(ClientError, httpx.TransportError):  # noqa: N818 - a name of the API
    """No answer came, or none that could be read.

    An instance is also one of httpx's exceptions of the same kind: what a read timeout raises is
    both a `TimeoutFailure` and an `httpx.ReadTimeout`. It is chained to the one that httpx raised,
    without the frames of the libraries, whose local variables hold headers.

    Attributes:
        operation: The operation's name, such as `run_checks`.
        method: The HTTP method in capitals.
        url: The address that was asked, without query, user name, password and secret path
            parameters.
        request: The request as an `httpx.Request`, without credentials, query and body. The
            one at `__cause__.request` lacks credentials only.
        attempts: How many times the request was tried.
        elapsed: How many seconds all of it took, waiting included.
        is_unsent: Whether the request certainly never reached the server, so that it can be sent
            again whatever it does. Otherwise the server may have carried it out. After several
            attempts it speaks of all of them.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        method: str = "",
        url: str = "",
        attempts: int = 1,
        elapsed: float = 0.0,
        is_unsent: bool = False,
    ) -> None:
        # Not super(): what comes next in the order of classes differs between the finer kinds.
        Exception.__init__(self, message)
        self._request: httpx.Request | None = None
        self._is_passing = False
        self.operation = operation
        self.method = method
        self.url = url
        self.attempts = attempts
        self.elapsed = elapsed
        self.is_unsent = is_unsent

    def complete(
        self, *, url: str, attempts: int, elapsed: float, is_unsent: bool, reason: str
    ) -> None:
        """Tell what was tried; called when nothing more will be.

        Args:
            url: The address as it can be shown.
            attempts: How many times the request was tried.
            elapsed: How many seconds that took.
            is_unsent: Whether none of them reached the server.
            reason: Why it is not tried again; empty if that is plain.
        """
        self.attempts = attempts
        self.elapsed = elapsed
        self.is_unsent = is_unsent
        times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
        because = f": {reason}" if reason else ""
        message = str(self)
        if url != self.url:
            message = message.replace(self.url, url)
            self.url = url
            if self._request is not None:
                self._request.url = httpx.URL(url)
        self.args = (f"{message} Gave up after {times} and {elapsed:.2f} s{because}.",)

    @property
    def is_passing(self) -> bool:
        """Whether the same request may get an answer a moment later."""
        return self._is_passing

    def __reduce__(self) -> tuple[Any, ...]:
        family, kind = _parents(type(self))
        details = {
            "operation": self.operation,
            "method": self.method,
            "url": self.url,
            "attempts": self.attempts,
            "elapsed": self.elapsed,
            "is_unsent": self.is_unsent,
        }
        return (_restore_failure, (family, kind, str(self), details))


class ConnectionFailure(TransportFailure, httpx.ConnectError):
    """No connection to the server could be opened; nothing was sent."""


class TLSFailure(ConnectionFailure):
    """Client and server do not agree on TLS, or the server's certificate is not trusted."""


class TimeoutFailure(TransportFailure, httpx.TimeoutException):
    """The server took longer than the client's timeout."""


class DeadlineExceeded(TimeoutFailure):
    """The whole call, with all its attempts, took longer than the deadline."""


class ProtocolFailure(TransportFailure, httpx.ProtocolError):
    """What came is no complete HTTP answer, or the request cannot be written as HTTP."""


class BodyTooLarge(TransportFailure, httpx.DecodingError):
    """The body of the answer is larger than the client's `max_body_bytes`."""


class BodyLimitExceeded(httpx.DecodingError):
    """What is raised where a body is read; the caller gets a `BodyTooLarge`."""


# The finest first.
_FAMILIES: tuple[type[TransportFailure], ...] = (
    BodyTooLarge,
    TLSFailure,
    ConnectionFailure,
    DeadlineExceeded,
    TimeoutFailure,
    ProtocolFailure,
    TransportFailure,
)

# Made once each, so that two failures of the same kind have the same class.
_finer_kinds: dict[tuple[type[TransportFailure], type[Exception]], type[TransportFailure]] = {}


def _finer(family: type[TransportFailure], kind: type[Exception]) -> type[TransportFailure]:
    """Make a family's class that is a subclass of httpx's finer kind, too.

    The name stays the family's: that is what there is to catch, and what a reader should see.
    """
    if issubclass(family, kind):
        return family
    finer = _finer_kinds.get((family, kind))
    if finer is None:
        names = {"__doc__": family.__doc__, "__module__": family.__module__}
        try:
            finer = type(family.__name__, (family, kind), names)
        except TypeError:  # a transport's own exception that cannot be a base beside ours
            finer = family
        _finer_kinds[family, kind] = finer
    return finer


def _parents(
    failure: type[TransportFailure],
) -> tuple[type[TransportFailure], type[Exception]]:
    for family in _FAMILIES:
        if failure is family:
            return family, family
        if family in failure.__bases__ and len(failure.__bases__) > 1:
            return family, failure.__bases__[1]
    return TransportFailure, TransportFailure


def _restore_failure(
    family: type[TransportFailure],
    kind: type[Exception],
    message: str,
    details: dict[str, Any],
) -> TransportFailure:
    return _finer(family, kind)(message, **details)


def reraise(
    error: Exception,
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> NoReturn:
    """Raise our exception in the place of httpx's.

    Args:
        error: What httpx raised; or a plain `TimeoutError` for the end of the time of a call.
        client: Our client.
        httpx_client: The one of httpx that was used.
        kwargs: The arguments of the request, with the whole address.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Raises:
        TransportFailure: The error is that of a request without an answer; any other one is raised
            as it is.
    """
    if isinstance(error, ClientError):
        raise error
    cause = _shown(error)
    failure = _translate(cause or error, client, httpx_client, kwargs, operation, end)
    _forget_credentials(error, client)
    for each in _chain(error):
        each.__traceback__ = None  # local variables of libraries hold headers
    if failure is None:
        raise error
    try:
        raise failure from cause
    finally:
        failure.__context__ = cause  # and not what `_shown` made it of


def _translate(
    error: Exception,
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    operation: str,
    end: float | None,
) -> TransportFailure | None:
    method = kwargs["method"]
    request = _sent_request(error)
    if request is None:
        url = mask_url(kwargs["url"])
        limits: Mapping[str, float | None] = {}
    else:
        method = request.method
        url = str(request.url.copy_with(userinfo=b"", query=None, fragment=None))
        limits = request.extensions.get("timeout", {})
    family, kind = _family(error, end), type(error)
    if family is DeadlineExceeded:
        message = (
            f"no complete answer from {shown_address(url)} within the deadline of "
            f"{client._deadline:g} s. The server may still be working on the request"
        )
        kind = kind if isinstance(error, httpx.TimeoutException) else DeadlineExceeded
    else:
        explained = explain(
            error, url=shown_address(url), limits=limits, closed=httpx_client.is_closed
        )
        if explained is None:
            return None
        message = explained.rstrip(".")
    kind = BodyTooLarge if family is BodyTooLarge else kind
    failure = _finer(family, kind)(
        f"{operation}: {message if message.endswith('?') else message + '.'}",
        operation=operation,
        method=method,
        url=url,
        is_unsent=isinstance(error, _UNSENT) and not _is_redirected(httpx_client, kwargs, request),
    )
    failure._is_passing = _is_passing(error, family)
    if request is not None:
        harmless = [name for name in _HARMLESS_HEADERS if name in request.headers]
        failure.request = httpx.Request(
            method, url, headers={name: request.headers[name] for name in harmless}
        )
    return failure


def _shown(error: Exception) -> Exception | None:
    """Make an exception that can be shown as the cause of ours; None if nothing is left."""
    # h11 quotes a header that it refuses, and that header may be the one with the token.
    if isinstance(error, httpx.LocalProtocolError):
        return None
    if isinstance(error, httpx.RemoteProtocolError):
        # What the server sent is quoted here, and a server may send back what it was sent.
        shown = type(error)(str(error).partition("bytearray(")[0].partition("b'")[0].rstrip())
        shown._request = error._request
        return shown
    return error


def hide_frames(error: BaseException) -> None:
    """Forget the frames of the libraries, whose local variables hold headers.

    For what ends a call from outside, such as KeyboardInterrupt and the cancellation of a task. Of
    any other exception, as of a hook of the program, the frames tell where it comes from.

    Args:
        error: What is about to be raised again, by its name.
    """
    if not isinstance(error, Exception):
        for each in _chain(error):
            each.__traceback__ = None


def _forget_credentials(error: Exception, client: BaseClient) -> None:
    """Take the credentials out of the request that an exception carries; it is over."""
    request = _sent_request(error)
    if request is not None:
        names = credential_names(request.headers)
        for name in (*names, getattr(client, "auth_header_name", "Authorization")):
            request.headers.pop(name, None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and current not in found:
            found.append(current)
            waiting += [current.__cause__, current.__context__]
            waiting += getattr(current, "exceptions", ())
    return iter(found)


def _family(error: Exception, end: float | None) -> type[TransportFailure]:
    # A limit is measured by another clock than the one that says when the time is over.
    is_over = end is not None and time.monotonic() >= end - 0.02
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return DeadlineExceeded if is_over else TimeoutFailure
    if isinstance(error, BodyLimitExceeded):
        return BodyTooLarge
    if isinstance(error, httpx.ConnectError):
        is_tls = any(isinstance(cause, ssl.SSLError) for cause in _chain(error))
        return TLSFailure if is_tls else ConnectionFailure
    return ProtocolFailure if isinstance(error, httpx.ProtocolError) else TransportFailure


def _is_passing(error: Exception, family: type[TransportFailure]) -> bool:
    """Whether the same request may get an answer a moment later.

    A time limit that was reached while the server worked is not passing: who asks for the same
    once more would wait for longer than the limit.
    """
    if isinstance(error, httpx.RemoteProtocolError):
        return str(error).lower().startswith(_LOST)
    if family in (DeadlineExceeded, TLSFailure):
        return False
    return isinstance(error, (*_UNSENT, httpx.NetworkError))


def _is_redirected(
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    request: httpx.Request | None,
) -> bool:
    """Whether another address was asked before, which answered: it may have done its part."""
    if not kwargs.get("follow_redirects", httpx_client.follow_redirects):
        return False
    return (
        request is None
        or request.method != kwargs["method"]
        or (request.url.copy_with(query=None) != httpx.URL(kwargs["url"]))
    )


def _sent_request(error: Exception) -> httpx.Request | None:
    try:
        return error.request if isinstance(error, httpx.RequestError) else None
    except RuntimeError:  # httpx's way to say that there is none
        return None
