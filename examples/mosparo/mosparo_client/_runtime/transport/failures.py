# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""The exceptions for requests without a response; `translation` makes them from HTTP errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from ..errors import ClientError
from ..public import publish
from ..settings.shown import shown_url

if TYPE_CHECKING:
    from ..declare.operation import Operation

__all__ = [
    "BodyLimitExceeded",
    "BodyTooLarge",
    "BrokenPool",
    "ConnectionFailure",
    "DeadlineExceeded",
    "ProtocolFailure",
    "TLSFailure",
    "TimeoutFailure",
    "TransportFailure",
    "finer_kind",
]


class TransportFailure(ClientError, httpx.TransportError):  # noqa: N818 - a name of the API
    """No response came, or none that could be read.

    An instance is also one of httpx's exceptions of the same kind: what a read timeout raises is
    both a `TimeoutFailure` and an `httpx.ReadTimeout`. It is chained to the one that httpx raised,
    without the frames of the libraries, whose local variables hold headers.

    Attributes:
        operation: The operation's name, such as `run_checks`.
        method: The HTTP method in capitals.
        url: The URL that was requested, without query, user name, password and secret path
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
        self._is_transient = False
        self.operation = operation
        self.method = method
        self.url = url
        self.attempts = attempts
        self.elapsed = elapsed
        self.is_unsent = is_unsent

    def complete(
        self,
        *,
        operation: Operation,
        attempts: int,
        elapsed: float,
        is_unsent: bool,
        reason: str,
    ) -> None:
        """Tell what was tried; called when nothing more will be.

        Args:
            operation: What was called.
            attempts: How many times the request was tried.
            elapsed: How many seconds that took.
            is_unsent: Whether none of them reached the server.
            reason: Why it is not tried again; empty if that is plain.
        """
        url = shown_url(operation, self.url)
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
                self._request.url = type(self._request.url)(url)
        if attempts > 1 or reason:
            message += f" Gave up after {times} and {elapsed:.2f} s{because}."
        self.args = (message,)

    @property
    def is_transient(self) -> bool:
        """Whether the same request may get a response a moment later."""
        return self._is_transient

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
    """What came is no complete HTTP response, or the request cannot be written as HTTP."""


class BodyTooLarge(TransportFailure, httpx.DecodingError):
    """The body of the response is larger than the client's `max_body_bytes`."""


class BrokenPool(httpx.PoolTimeout):
    """A thread that was interrupted has not given back a connection pool; it is not used again."""


class BodyLimitExceeded(httpx.DecodingError):
    """What is raised where a body is read; the caller gets a `BodyTooLarge`."""


publish(
    "errors",
    (
        *(BodyTooLarge, ConnectionFailure, DeadlineExceeded, ProtocolFailure),
        *(TLSFailure, TimeoutFailure, TransportFailure),
    ),
)

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


def finer_kind(family: type[TransportFailure], kind: type[Exception]) -> type[TransportFailure]:
    """Make a family's class that is a subclass of httpx's finer kind, too.

    The name stays the family's: that is what there is to catch, and what a reader should see.

    Args:
        family: The class.
        kind: The class of what httpx raised.

    Returns:
        The family itself where it is one of that kind already.
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
    return finer_kind(family, kind)(message, **details)
