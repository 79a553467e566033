"""All use of httpx: the only module of the package that imports it.

A successor of httpx is a change of this module. The rest of the package takes the names that it
annotates with from here, makes its clients here, and sends here.
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ._explanations import explain
from ._settings import Secret, mask_url
from .errors import ClientError, InvalidRequest

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterator, Mapping
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from ._base_client import BaseClient

    Translated: TypeAlias = Callable[[], AbstractContextManager[None]]

__all__ = [
    "CLIENT_ARGUMENTS",
    "Address",
    "AsyncHttpxClient",
    "ConnectionFailure",
    "Headers",
    "HttpxClient",
    "HttpxResponse",
    "Timeout",
    "TimeoutFailure",
    "TokenAuth",
    "TransportFailure",
    "as_timeout",
    "check_address",
    "create_async_client",
    "create_client",
    "open_stream",
    "open_stream_async",
    "send",
    "send_async",
    "translated",
    "try_open",
    "try_open_async",
]

Address = httpx.URL
HttpxClient = httpx.Client
AsyncHttpxClient = httpx.AsyncClient
HttpxResponse = httpx.Response
Headers = httpx.Headers
Timeout = httpx.Timeout

#: What `httpx_args` may hold, as far as both httpx clients know it.
CLIENT_ARGUMENTS = frozenset(httpx.Client.__init__.__kwdefaults__ or ())

# Header fields that describe a request without telling who sends it.
_HARMLESS_HEADERS = ("Accept", "Accept-Encoding", "Content-Length", "Content-Type", "User-Agent")


class TokenAuth(httpx.Auth):
    """Sets the header that carries the token, on each request as it is sent.

    So the token is in no dictionary of headers that could be printed or copied.

    Args:
        read_token: Returns the token to use now.
        header_name: The header's name.
        prefix: The word before the token; an empty text for the bare token.
    """

    def __init__(self, read_token: Callable[[], str], *, header_name: str, prefix: str) -> None:
        self._read_token = read_token
        self._header_name = header_name
        self._prefix = f"{prefix} " if prefix else ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Set the header.

        Args:
            request: The request that is about to be sent.

        Yields:
            The same request.

        Raises:
            InvalidRequest: The token is empty or cannot be sent in a header.
        """
        try:
            request.headers[self._header_name] = self._prefix + Secret(self._read_token()).read()
        except InvalidRequest as error:
            del request  # its description shows the whole address
            raise error.with_traceback(None) from None
        yield request

    def __repr__(self) -> str:
        return f"{type(self).__name__}(header_name={self._header_name!r}, token=<hidden>)"


def as_timeout(value: object) -> httpx.Timeout:
    """Make an httpx timeout.

    Args:
        value: Seconds for each of connecting, reading, writing and waiting for a free connection;
            an `httpx.Timeout` or its tuple for different limits; None for no limit.

    Returns:
        The timeout.

    Raises:
        InvalidRequest: It is no number of seconds, or a negative one.
    """
    if isinstance(value, bool) or not (
        value is None
        or isinstance(value, (int, float, httpx.Timeout))
        or (isinstance(value, tuple) and 2 <= len(value) <= 4)
    ):
        raise InvalidRequest(
            f"timeout must be seconds, None or an httpx.Timeout, not {type(value).__name__}"
        )
    timeout = httpx.Timeout(value)
    for name, seconds in timeout.as_dict().items():
        if seconds is not None and not (
            isinstance(seconds, (int, float)) and 0 <= seconds < float("inf")
        ):
            raise InvalidRequest(
                f"the {name} timeout must be 0 or more seconds, or None for no limit, "
                f"not {seconds!r}"
            )
    return timeout


def check_address(base_url: str) -> str:
    """Make sure that httpx can read an address.

    Args:
        base_url: The address.

    Returns:
        The address.

    Raises:
        InvalidRequest: It cannot, for example because of an invalid international host name.
    """
    try:
        httpx.URL(base_url)
        return base_url
    except httpx.InvalidURL:
        shown = mask_url(base_url)
    del base_url
    raise InvalidRequest(f"base_url {shown!r} is no valid address")


def create_client(client: BaseClient) -> httpx.Client:
    """Make an httpx client with the settings of a client of ours.

    Args:
        client: The client.

    Returns:
        The httpx client, with no connection yet.
    """
    return httpx.Client(**_client_arguments(client))


def create_async_client(client: BaseClient) -> httpx.AsyncClient:
    """Make an asynchronous httpx client with the settings of a client of ours.

    Args:
        client: The client.

    Returns:
        The httpx client, with no connection yet.
    """
    return httpx.AsyncClient(**_client_arguments(client))


def _client_arguments(client: BaseClient) -> dict[str, Any]:
    # Built in one expression: a local variable would show the headers in tracebacks.
    return {
        "auth": _auth(client),
        # User name and password go to the authentication: httpx logs the address of each request.
        "base_url": httpx.URL(client._base_url).copy_with(userinfo=b""),
        "cookies": client._cookies,
        "headers": client._headers,
        "timeout": client._timeout,
        "verify": _verification(client._verify_ssl),
        "follow_redirects": client._follow_redirects,
        **client._httpx_args,
    }


def _auth(client: BaseClient) -> httpx.Auth | None:
    secret: Secret | None = getattr(client, "_token", None)
    if secret is not None:
        return TokenAuth(
            secret.read,
            header_name=getattr(client, "auth_header_name", "Authorization"),
            prefix=getattr(client, "prefix", ""),
        )
    if httpx.URL(client._base_url).userinfo:
        return httpx.BasicAuth(
            httpx.URL(client._base_url).username, httpx.URL(client._base_url).password
        )
    return None


def _verification(
    verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext,
) -> bool | ssl.SSLContext:
    """Load the certificate authorities that a path names; httpx deprecates paths."""
    if isinstance(verify_ssl, (bool, ssl.SSLContext)):
        return verify_ssl
    try:
        if Path(verify_ssl).is_dir():
            return ssl.create_default_context(capath=verify_ssl)
        return ssl.create_default_context(cafile=verify_ssl)
    except OSError as error:  # ssl.SSLError is one
        raise InvalidRequest(
            f"verify_ssl: cannot load certificates from {str(verify_ssl)!r}: {error}"
        ) from error


def try_open(client: httpx.Client) -> bool:
    """Enter an httpx client's context unless it was opened or closed before.

    Args:
        client: The httpx client.

    Returns:
        Whether it was entered, so that it is to be closed.
    """
    try:
        client.__enter__()
    except RuntimeError:  # httpx refuses to open a client twice
        return False
    return True


async def try_open_async(client: httpx.AsyncClient) -> bool:
    """Enter an asynchronous httpx client's context unless it was opened or closed before.

    Args:
        client: The httpx client.

    Returns:
        Whether it was entered, so that it is to be closed.
    """
    try:
        await client.__aenter__()
    except RuntimeError:  # httpx refuses to open a client twice
        return False
    return True


class TransportFailure(ClientError, httpx.TransportError):  # noqa: N818 - a name of the API
    """No answer came, or none that could be read.

    An instance is also one of httpx's exceptions of the same kind: what a read timeout raises is
    both a `TimeoutFailure` and an `httpx.ReadTimeout`. It is chained to the one that httpx raised.

    Attributes:
        operation: The operation's name, such as `run_checks`.
        method: The HTTP method in capitals.
        url: The address that was asked, without query, user name and password.
        request: The request as an `httpx.Request`, without credentials, query and body. The
            complete one is at `__cause__.request`.
    """

    def __init__(
        self, message: str, *, operation: str = "", method: str = "", url: str = ""
    ) -> None:
        # Not super(): what comes next in the order of classes differs between the finer kinds.
        Exception.__init__(self, message)
        self._request: httpx.Request | None = None
        self.operation = operation
        self.method = method
        self.url = url

    def __reduce__(self) -> tuple[Any, ...]:
        family, kind = _parents(type(self))
        details = {"operation": self.operation, "method": self.method, "url": self.url}
        return (_restore_failure, (family, kind, str(self), details))


class ConnectionFailure(TransportFailure, httpx.ConnectError):
    """No connection to the server could be opened; nothing was sent."""


class TimeoutFailure(TransportFailure, httpx.TimeoutException):
    """The server took longer than the client's timeout."""


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
    for family in (ConnectionFailure, TimeoutFailure, TransportFailure):
        if failure is family:
            return family, family
        if family in failure.__bases__:
            return family, failure.__bases__[1]
    return TransportFailure, TransportFailure


def _restore_failure(
    family: type[TransportFailure],
    kind: type[Exception],
    message: str,
    details: dict[str, str],
) -> TransportFailure:
    return _finer(family, kind)(message, **details)


_TRANSLATED = (httpx.RequestError, httpx.InvalidURL, httpx.CookieConflict, RuntimeError)


def send(client: BaseClient, kwargs: Mapping[str, Any], *, operation: str) -> httpx.Response:
    """Send a request and read the whole answer.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.Client.request`.
        operation: The operation's name, for messages.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    httpx_client = client.get_httpx_client()
    with translated(client, httpx_client, kwargs, operation):
        return httpx_client.request(**_addressed(client, httpx_client, kwargs))


async def send_async(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str
) -> httpx.Response:
    """Send a request and read the whole answer, without blocking the event loop.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.AsyncClient.request`.
        operation: The operation's name, for messages.

    Returns:
        The answer, whatever its status.

    Raises:
        TransportFailure: No answer came, or none that could be read.
    """
    httpx_client = client.get_async_httpx_client()
    with translated(client, httpx_client, kwargs, operation):
        return await httpx_client.request(**_addressed(client, httpx_client, kwargs))


def open_stream(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str
) -> tuple[httpx.Response, Translated]:
    """Send a request and read the head of the answer.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.Client.request`.
        operation: The operation's name, for messages.

    Returns:
        The answer, whose body is yet to be read and which has to be closed; and what to read it
        within, so that failures become the SDK's own.

    Raises:
        TransportFailure: No answer came.
    """
    httpx_client = client.get_httpx_client()
    within = partial(translated, client, httpx_client, kwargs, operation)
    with within():
        request, options = _built(client, httpx_client, kwargs)
        return httpx_client.send(request, stream=True, **options), within


async def open_stream_async(
    client: BaseClient, kwargs: Mapping[str, Any], *, operation: str
) -> tuple[httpx.Response, Translated]:
    """Send a request and read the head of the answer, without blocking the event loop.

    Args:
        client: Where and how to send it.
        kwargs: The arguments of `httpx.AsyncClient.request`.
        operation: The operation's name, for messages.

    Returns:
        The answer, whose body is yet to be read and which has to be closed; and what to read it
        within, so that failures become the SDK's own.

    Raises:
        TransportFailure: No answer came.
    """
    httpx_client = client.get_async_httpx_client()
    within = partial(translated, client, httpx_client, kwargs, operation)
    with within():
        request, options = _built(client, httpx_client, kwargs)
        return await httpx_client.send(request, stream=True, **options), within


def _built(
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
) -> tuple[httpx.Request, dict[str, Any]]:
    """Split the arguments of `request` into a request and the options of `send`."""
    arguments = dict(_addressed(client, httpx_client, kwargs))
    options = {name: arguments.pop(name) for name in ("follow_redirects",) if name in arguments}
    return httpx_client.build_request(**arguments), options


@contextmanager
def translated(
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    operation: str,
) -> Iterator[None]:
    """Turn the exceptions of httpx into the SDK's own.

    Args:
        client: Our client.
        httpx_client: The one of httpx that is used.
        kwargs: The arguments of `httpx.Client.request`.
        operation: The operation's name, for messages.

    Raises:
        TransportFailure: The block raised an exception of httpx.
    """
    try:
        yield
    except _TRANSLATED as error:
        failure = _translate(error, client, httpx_client, kwargs, operation)
        if failure is None:
            raise
        raise failure from _shown_cause(error)


def _addressed(
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Complete the address for an httpx client that was set without a base URL."""
    if httpx_client.base_url.is_absolute_url:
        return kwargs
    base = str(httpx.URL(client._base_url).copy_with(userinfo=b""))
    return {**kwargs, "url": f"{base.rstrip('/')}/{kwargs['url'].lstrip('/')}"}


def _shown_cause(error: Exception) -> Exception | None:
    # h11 quotes a header that it refuses, and that header may be the one with the token.
    return None if isinstance(error, httpx.LocalProtocolError) else error


def _translate(
    error: Exception,
    client: BaseClient,
    httpx_client: httpx.Client | httpx.AsyncClient,
    kwargs: Mapping[str, Any],
    operation: str,
) -> TransportFailure | None:
    """Make our exception of httpx's; None for one that is no business of ours."""
    if isinstance(error, ClientError):
        return None
    method = kwargs["method"]
    request = _sent_request(error)
    if request is None:
        url = f"{mask_url(client._base_url).rstrip('/')}{mask_url(kwargs['url'])}"
        limits: dict[str, float | None] = {}
    else:
        method = request.method
        url = str(request.url.copy_with(userinfo=b"", query=None, fragment=None))
        limits = request.extensions.get("timeout", {})
    message = explain(error, url=url, limits=limits, closed=httpx_client.is_closed)
    if message is None:
        return None
    family = TransportFailure
    if isinstance(error, httpx.ConnectError):
        family = ConnectionFailure
    elif isinstance(error, httpx.TimeoutException):
        family = TimeoutFailure
    failure = _finer(family, type(error))(
        f"{operation}: {message}", operation=operation, method=method, url=url
    )
    if request is not None:
        harmless = [name for name in _HARMLESS_HEADERS if name in request.headers]
        failure.request = httpx.Request(
            method, url, headers={name: request.headers[name] for name in harmless}
        )
    return failure


def _sent_request(error: Exception) -> httpx.Request | None:
    try:
        return error.request if isinstance(error, httpx.RequestError) else None
    except RuntimeError:  # httpx's way to say that there is none
        return None
