# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Turns what httpx raises into the SDK's own exceptions, which can be shown to anybody."""

from __future__ import annotations

import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import httpx

from ..errors import ClientError, InvalidRequest
from ..public import describe_status, mask_url, shorten_url
from ..settings.shown import credential_names
from .explanations import explain, wants_certificate
from .failures import (
    BodyLimitExceeded,
    BodyTooLarge,
    ConnectionFailure,
    DeadlineExceeded,
    ProtocolFailure,
    TimeoutFailure,
    TLSFailure,
    TransportFailure,
    finer_kind,
)
from .hooks import OWN_HEADERS
from .http_settings import library_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType
    from typing import Any

    from ..settings.config import Config

__all__ = ["hide_frames", "reraise", "translated"]

# Header fields that describe a request without telling who sends it.
_HARMLESS_HEADERS = ("Accept", "Accept-Encoding", "Content-Length", "Content-Type", "User-Agent")


@cache
def _of_library(http: ModuleType, *names: str) -> tuple[type[Exception], ...]:
    """List exceptions of a library, and of httpx, which some of our own are."""
    return tuple({getattr(each, name) for each in (http, httpx) for name in names})


def translated(
    httpx_client: httpx.Client | httpx.AsyncClient, *further: type[Exception]
) -> tuple[type[Exception], ...]:
    """List what the HTTP library raises, or an event loop, where a request gets no response.

    Args:
        httpx_client: The HTTP client.
        *further: More exceptions.

    Returns:
        The exceptions, for `except`. The UnicodeError is that of the host name in a redirection,
        and the SSLError one that anyio lets through while a response is read.
    """
    kinds = _of_library(library_of(httpx_client), "RequestError", "InvalidURL", "CookieConflict")
    return (*further, *kinds, RuntimeError, UnicodeError, ssl.SSLError)


def _is_a(error: object, *names: str) -> bool:
    """Tell whether an exception is one of a library's kinds."""
    return isinstance(error, _of_library(library_of(error), *names))


# With these, no connection was there yet that could have carried the request.
_UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")
# How a connection that the server closed shows, as when it crossed the end of an idle one.
_LOST = ("server disconnected", "peer closed connection")


def reraise(
    error: Exception,
    config: Config,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    *,
    operation: str,
    end: float | None = None,
) -> NoReturn:
    """Raise our exception in the place of httpx's.

    Args:
        error: What httpx raised; or a plain `TimeoutError` for the end of the time of a call.
        config: The settings of our client.
        httpx_client: The one of httpx that was used.
        kwargs: The arguments of the request, with the whole URL.
        operation: The operation's name, for messages.
        end: When the time of the call is over, by `time.monotonic`; None for never.

    Raises:
        TransportFailure: The error is that of a request without a response; any other one is raised
            as it is.
    """
    if isinstance(error, ClientError):
        raise error
    if isinstance(error, ssl.SSLError):
        broken = library_of(httpx_client).ReadError(str(error))
        broken.__cause__ = error
        error = broken
    cause = _shown(error)
    failure = _translate(cause or error, config, httpx_client, kwargs, operation, end)
    _forget_credentials(error, config)
    _forget_frames(error)
    if failure is None:
        raise error
    del error  # it may quote what was sent, and this is a frame of the failure
    try:
        raise failure from cause
    finally:
        failure.__context__ = cause  # and not what `_shown` made it of


def _translate(
    error: Exception,
    config: Config,
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
    is_redirected = _is_redirected(httpx_client, kwargs, request)
    if is_redirected and request is not None:
        # The server has chosen this URL, and may have put into it what it was sent.
        url = _without_secrets(url, config)
        request.url = type(request.url)(url)
    family, kind = _family(error, end), type(error)
    if family is DeadlineExceeded:
        message = (
            f"no complete response from {shorten_url(url)} within the deadline of "
            f"{config.deadline:g} s. The server may still be working on the request"
        )
        kind = (
            kind if _is_a(error, "TimeoutException") else library_of(httpx_client).TimeoutException
        )
    else:
        explained = explain(
            error, url=shorten_url(url), limits=limits, closed=httpx_client.is_closed
        )
        if explained is None:
            return None
        message = explained.rstrip(".")
    if family is BodyTooLarge:
        kind = library_of(httpx_client).DecodingError
    failure = finer_kind(family, kind)(
        f"{operation}: {message if message.endswith('?') else message + '.'}",
        operation=operation,
        method=method,
        url=url,
        is_unsent=(_is_a(error, *_UNSENT) or wants_certificate(error)) and not is_redirected,
    )
    failure._is_transient = _is_transient(error, family)
    if request is not None:
        harmless = [name for name in _HARMLESS_HEADERS if name in request.headers]
        failure.request = type(request)(
            method, url, headers={name: request.headers[name] for name in harmless}
        )
    return failure


def _without_secrets(url: str, config: Config) -> str:
    try:
        return config.redactor().in_text(url)
    except InvalidRequest:  # what returns the token has none now
        return "http://hidden.invalid"


def _shown(error: Exception) -> Exception | None:
    """Make an exception that can be shown as the cause of ours; None if nothing is left."""
    # h11 quotes a header that it refuses, and that header may be the one with the token.
    if _is_a(error, "LocalProtocolError"):
        return None
    if _is_a(error, "RemoteProtocolError"):
        # What the server sent is quoted here, and a server may send back what it was sent.
        shown = type(error)(str(error).partition("bytearray(")[0].partition("b'")[0].rstrip())
        shown._request = error._request  # type: ignore[attr-defined]
        return shown
    if _is_a(error, "ProxyError"):
        # The same holds for a proxy, whose status comes first.
        refusal = type(error)(_refusal(str(error)))
        refusal._request = error._request  # type: ignore[attr-defined]
        return refusal
    return error


def _refusal(text: str) -> str:
    """Keep of what a proxy said the status, and the words where it is one of the library's own."""
    status = text.partition(" ")[0]
    return describe_status(int(status)) if status.isascii() and status.isdigit() else text


def hide_frames(error: BaseException) -> None:
    """Forget the frames of the libraries, whose local variables hold headers.

    For what ends a call from outside, such as KeyboardInterrupt and the cancellation of a task, and
    for exceptions of ours. Of any other exception, as of a hook of the program, the frames tell
    where it comes from.

    Args:
        error: What is about to be raised again, by its name.
    """
    if not isinstance(error, Exception) or isinstance(error, ClientError):
        _forget_frames(error)


def _forget_frames(error: BaseException) -> None:
    for each in _chain(error):
        each.__traceback__ = None  # local variables of libraries hold headers


def _forget_credentials(error: Exception, config: Config) -> None:
    """Take the credentials out of the request that an exception carries; it is over."""
    request = _sent_request(error)
    if request is not None:
        names = credential_names(request.headers)
        for name in (*names, config.auth_header_name, *request.extensions.get(OWN_HEADERS, ())):
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
    if isinstance(error, TimeoutError) or _is_a(error, "TimeoutException"):
        return DeadlineExceeded if is_over else TimeoutFailure
    if isinstance(error, BodyLimitExceeded):
        return BodyTooLarge
    if wants_certificate(error):
        return TLSFailure
    if _is_a(error, "ConnectError"):
        is_tls = any(isinstance(cause, ssl.SSLError) for cause in _chain(error))
        return TLSFailure if is_tls else ConnectionFailure
    return ProtocolFailure if _is_a(error, "ProtocolError") else TransportFailure


def _is_transient(error: Exception, family: type[TransportFailure]) -> bool:
    """Whether the same request may get a response a moment later.

    A time limit that was reached while the server worked is not transient: who asks for the same
    once more would wait for longer than the limit.
    """
    if _is_a(error, "RemoteProtocolError"):
        return str(error).lower().startswith(_LOST)
    if family in (DeadlineExceeded, TLSFailure):
        return False
    return _is_a(error, *_UNSENT, "NetworkError")


def _is_redirected(
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    request: httpx.Request | None,
) -> bool:
    """Whether another URL was requested before, which responded: it may have done its part."""
    if request is None:
        return httpx_client.follow_redirects
    if request.method != kwargs["method"]:
        return True
    return str(request.url.copy_with(query=None)) != str(httpx.URL(kwargs["url"]))


def _sent_request(error: Exception) -> httpx.Request | None:
    try:
        if _is_a(error, "RequestError"):
            request: httpx.Request | None = error.request  # type: ignore[attr-defined]
            return request
    except RuntimeError:  # the libraries' way to say that there is none
        pass
    return None
