"""`Client` and `AuthenticatedClient`, for whatever API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._identity import AUTH_NAME, AUTH_PREFIX
from ..errors import InvalidRequest
from ..settings.headers import Secret, as_secret, check_header_name, check_prefix
from ..settings.shown import forgetting
from .base import BaseClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, Unpack

    from attrs import define, field

    from .environment import ClientOptions, TokenOptions
else:
    from .fields import define, field

__all__ = ["AuthenticatedClient", "Client"]


class Client(BaseClient):
    """A client for a server, or for operations, that need no token.

    Threads may share a client, and so may tasks. Connections are opened when they are needed and
    kept for later calls; leaving a `with` (or `async with`) block closes them. Blocks may be
    nested, and the client can be used after one: it opens new connections then. Synchronous and
    asynchronous calls have separate connections.

    Args:
        base_url: The URL of the server; a path in it (of a proxy) is put before all paths. A user
            name and password in it are sent as basic authentication.
        cookies: Cookies to send with each request.
        headers: Headers to send with each request.
        timeout: Seconds that each step of a request may take (connecting, sending, waiting for
            data), 120 by default; an `httpx.Timeout` for different limits; None for no limit.
        verify_ssl: Whether the server's TLS certificate must be valid; the path of a file or
            folder with the certificate authorities to trust; or an `ssl.SSLContext`.
        follow_redirects: Whether to follow responses of status 3xx. A redirection that would make
            a GET of another request raises `errors.Redirection` instead.
        raise_on_unexpected_status: Whether a response that is no success raises an
            `errors.UnexpectedStatus`; otherwise the result is None.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as
            `transport`, `limits` or `event_hooks`.
        transport: Which library carries calls: `httpx`, `httpx2` (which continues httpx, and is
            faster with many calls at once), or `aiohttp` (the fastest for many asynchronous calls
            at once; synchronous calls use httpx). The latter two are extras of this package. None
            for what the environment variable with `_TRANSPORT` at its end names, or else `httpx`,
            whatever is installed.
        retries: When a request that failed is sent again: where that can do no harm, unless said
            otherwise. None for never.
        deadline: Seconds that a call may take in all: every attempt, the pauses between them, and
            reading the body. None for any time.
        max_body_bytes: How large the body of a response may be, decompressed; 256 MiB by default,
            None for any size. Reading one needs about twice as much memory, and decoding it
            further memory. Downloads that are streamed have no limit.
        strict_enums: Whether a string in the place of an enumeration's member is refused unless it
            is a known value. Otherwise it is sent, and a warning tells what may be meant.
        server_version: The version of the server, such as `1.7.0`, where it is known: warnings tell
            once what that server would ignore, refuse or lack. Nothing is asked for it.

    Attributes:
        raise_on_unexpected_status: See above; it may be changed at any time.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Make a client with settings from the environment.

        The names of the variables begin with this package's own, in capitals:

        - `..._URL`: the URL of the server.
        - `..._TIMEOUT`: seconds that each step of a request may take.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which override the environment; and `environ`, which
                is read instead of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing or invalid.
        """
        from .environment import read_environment

        return cls(**read_environment(options, with_token=False))


def _as_token(value: str | Callable[[], str]) -> Secret:
    return as_secret(value)


def _as_prefix(value: str) -> str:
    return check_prefix(value)


@define(slots=False, repr=False, eq=False)
class AuthenticatedClient(BaseClient):
    """A client that sends a token with each request.

    Everything that `Client` says holds here, too. The token is shown nowhere: not in descriptions,
    logs, exceptions or pickles (which are refused).

    Args:
        base_url: The URL of the server; a path in it (of a proxy) is put before all paths.
        token: The token; or a function that returns the one to use, which is called for each
            request, so that tokens can change while the program runs.
        prefix: The word before the token in its header; an empty string for the bare token. After
            `Basic` the token is `user:password`.
        auth_header_name: The name of the header that carries the token.
        cookies: As in `Client`, and so are the further arguments.
        httpx_args: As in `Client`, but without `auth`, whose place the token takes.

    Attributes:
        raise_on_unexpected_status: As in `Client`; it may be changed at any time.
        token: The token; the next request sends what is assigned to it.
        prefix: See above; connections that exist keep the old one.
        auth_header_name: See above; connections that exist keep the old one.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    _token: Secret = field(alias="token", converter=_as_token)
    prefix: str = field(default=AUTH_PREFIX, converter=_as_prefix)
    auth_header_name: str = field(default=AUTH_NAME, converter=check_header_name)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if "auth" in self._config.httpx_args:
            raise InvalidRequest(
                "httpx_args must not hold 'auth': the token of an AuthenticatedClient takes its "
                "place; use a Client for another kind of authentication"
            )

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[TokenOptions]) -> Self:
        """Make a client with settings from the environment.

        The names of the variables begin with this package's own, in capitals:

        - `..._URL`: the URL of the server.
        - `..._API_KEY`: the token; or `..._API_KEY_FILE`: the file that holds it, which is read
          for each request.
        - `..._TIMEOUT`: seconds that each step of a request may take.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which override the environment; and `environ`, which
                is read instead of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing or invalid.
        """
        from .environment import read_environment

        return cls(**read_environment(options, with_token=True))

    @property
    def token(self) -> str:
        """The token itself; of a function, what it returns now."""
        return self._token.read()

    @token.setter
    @forgetting
    def token(self, value: str | Callable[[], str]) -> None:
        self._token.replace(as_secret(value))

    def _check_pickle(self) -> None:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled, because its token would be in the pickle. "
            "Create the client where it is used, for example in the worker process"
        )
