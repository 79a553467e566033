"""Where the server is and how to talk to it: `Client` and `AuthenticatedClient`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from .._runtime.base_client import (
    DEFAULT_MAX_BODY_BYTES,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    BaseClient,
)
from .._runtime.settings.checks import check_header_name, check_prefix
from .._runtime.settings.forgetting import forgetting
from .._runtime.settings.redaction import HIDDEN, show_names
from .._runtime.settings.token import Secret, as_secret
from .._runtime.transport.http_settings import check_httpx_args
from ._data_domain import data_domain_cookie
from .errors import InvalidRequest
from .types import UNSET, Unset

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self, Unpack

    from .._runtime.settings.checks import AsyncTransport
    from .._runtime.settings.config import Config
    from .._runtime.settings.retries import Retries
    from .._runtime.transport.http_settings import Timeout
    from ._environment import ClientOptions, TokenOptions

__all__ = ["AuthenticatedClient", "Client"]


@forgetting
def _check_httpx_args(httpx_args: Mapping[str, Any]) -> dict[str, Any]:
    if "auth" in httpx_args:
        raise InvalidRequest(
            "httpx_args must not hold 'auth': the token of an AuthenticatedClient takes its place; "
            "use a Client for another kind of authentication"
        )
    return check_httpx_args(httpx_args)


class _DqopsClient(BaseClient):
    """What both clients know of DQOps."""

    __slots__ = ()

    @forgetting
    def with_options(
        self,
        *,
        timeout: Timeout | float | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        retries: Retries | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        data_domain: str | Unset = UNSET,
    ) -> Self:
        """Make a view of this client with other options, for one call or many.

        It uses the connections of this client and costs next to nothing, so it can be made for
        every call: `run_checks.sync(client=client.with_options(deadline=60), ...)`. Threads and
        tasks may share both. What is left out stays as it is.

        Closing a view, or leaving its `with` block, is the same as doing it with this client.

        Args:
            timeout: Seconds that each step of a request may take, an `httpx.Timeout`, or None for
                no limit.
            headers: Further header fields; they replace those of the same name, written in any
                case.
            retries: When a request is sent again; None for never.
            deadline: Seconds that a call may take in all: every attempt, the pauses between them,
                and reading the body. None for any time.
            data_domain: The technical name of the data domain to work on.

        Returns:
            A client of the same class. This one stays as it is.

        Raises:
            InvalidRequest: An option cannot be used.
        """
        return self._view_with(
            timeout=timeout,
            headers=headers,
            retries=retries,
            deadline=deadline,
            cookies={} if isinstance(data_domain, Unset) else data_domain_cookie(data_domain),
        )


class Client(_DqopsClient):
    """A client for a server, or for operations, that need no token.

    Threads may share a client, and so may tasks. Connections are opened when they are needed and
    kept for later calls; leaving a `with` (or `async with`) block closes them. Blocks may be
    nested, and the client can be used after one: it opens new connections then. Synchronous and
    asynchronous calls have separate connections.

    Args:
        base_url: The server's address, such as `http://localhost:8888`; a path in it (of a proxy)
            is put before all paths. A user name and password in it are sent as basic
            authentication.
        cookies: Cookies to send with each request.
        headers: Headers to send with each request.
        timeout: Seconds that each step of a request may take (connecting, sending, waiting for
            data), 120 by default; an `httpx.Timeout` for different limits; None for no limit.
        verify_ssl: Whether the server's TLS certificate must be valid; the path of a file or
            folder with the certificate authorities to trust; or an `ssl.SSLContext`.
        follow_redirects: Whether to go where an answer of status 3xx leads. A redirection that
            would make a GET of another request raises `errors.Redirection` instead.
        raise_on_unexpected_status: Whether an answer that is no success raises an
            `errors.UnexpectedStatus`; otherwise the result is None.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as
            `transport`, `limits` or `event_hooks`.
        async_transport: What carries asynchronous calls: `httpx`, or `aiohttp` (of the extra of
            that name), which is many times as fast with many calls at once. `auto` is what the
            environment variable `DQOPS_TRANSPORT` names, else `httpx`, whatever is installed.
            Results, exceptions and settings are the same. A `transport` in `httpx_args` is used as
            it is, and proxies are spoken to by httpx's own.
        retries: When a request that failed is sent again: where that can do no harm, unless said
            otherwise. None for never.
        deadline: Seconds that a call may take in all: every attempt, the pauses between them, and
            reading the body. None for any time.
        max_body_bytes: How large the body of an answer may be, decompressed; 256 MiB by default,
            None for any size. Reading one needs about twice as much memory, and decoding it
            further memory. Downloads that are streamed have no limit.

    Attributes:
        raise_on_unexpected_status: See above; it may be changed at any time.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    __slots__ = ()  # no field of its own, so that the class that attrs made is enough

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Make a client with settings from the environment.

        - `DQOPS_URL`: the server's address.
        - `DQOPS_TIMEOUT`: seconds that each step of a request may take.
        - `DQOPS_DATA_DOMAIN`: the technical name of the data domain to work on.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which go before the environment; and `environ`, to
                be read in the place of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing, or holds what cannot be used.
        """
        from ._environment import read_environment

        return cls(**read_environment(options, with_token=False))


# mypy compares the __attrs_init__ that attrs adds to both classes; nothing calls it.
@attrs.define(init=False, repr=False)
class AuthenticatedClient(_DqopsClient):  # type: ignore[override]
    """A client that sends a token (in DQOps: a user's API key) with each request.

    Everything that `Client` says holds here, too. The token is shown nowhere: not in descriptions,
    logs, exceptions or pickles (which are refused).

    Args:
        base_url: The server's address, such as `http://localhost:8888`; a path in it (of a proxy)
            is put before all paths.
        token: The token; or a function that returns the one to use, which is called for each
            request, so that tokens can change while the program runs.
        prefix: The word before the token in its header; an empty text for the bare token.
        auth_header_name: The name of the header that carries the token.
        cookies: Cookies to send with each request.
        headers: Headers to send with each request.
        timeout: Seconds that each step of a request may take (connecting, sending, waiting for
            data), 120 by default; an `httpx.Timeout` for different limits; None for no limit.
        verify_ssl: Whether the server's TLS certificate must be valid; the path of a file or
            folder with the certificate authorities to trust; or an `ssl.SSLContext`.
        follow_redirects: Whether to go where an answer of status 3xx leads. A redirection that
            would make a GET of another request raises `errors.Redirection` instead.
        raise_on_unexpected_status: Whether an answer that is no success raises an
            `errors.UnexpectedStatus`; otherwise the result is None.
        httpx_args: Further arguments of `httpx.Client` and `httpx.AsyncClient`, such as
            `transport`, `limits` or `event_hooks`; not `auth`, whose place the token takes.
        async_transport: What carries asynchronous calls: `httpx`, or `aiohttp` (of the extra of
            that name), which is many times as fast with many calls at once. `auto` is what the
            environment variable `DQOPS_TRANSPORT` names, else `httpx`, whatever is installed.
            Results, exceptions and settings are the same. A `transport` in `httpx_args` is used as
            it is, and proxies are spoken to by httpx's own.
        retries: When a request that failed is sent again: where that can do no harm, unless said
            otherwise. None for never.
        deadline: Seconds that a call may take in all: every attempt, the pauses between them, and
            reading the body. None for any time.
        max_body_bytes: How large the body of an answer may be, decompressed; 256 MiB by default,
            None for any size. Reading one needs about twice as much memory, and decoding it
            further memory. Downloads that are streamed have no limit.

    Attributes:
        raise_on_unexpected_status: See above; it may be changed at any time.
        token: The token; the next request sends what is assigned to it.
        prefix: See above; connections that exist keep the old one.
        auth_header_name: See above; connections that exist keep the old one.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    # mypy knows no converters with decorators.
    _token: Secret = attrs.field(alias="token", converter=as_secret)  # type: ignore[misc]
    prefix: str = attrs.field(default="Bearer", converter=check_prefix)  # type: ignore[misc]
    auth_header_name: str = attrs.field(default="Authorization", converter=check_header_name)
    _httpx_args: Mapping[str, Any] = attrs.field(
        alias="httpx_args",
        factory=dict,
        kw_only=True,
        converter=_check_httpx_args,  # type: ignore[misc]
        repr=show_names,
    )

    def __init__(
        self,
        base_url: str,
        token: str | Callable[[], str],
        prefix: str = "Bearer",
        auth_header_name: str = "Authorization",
        *,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeout | float | None = DEFAULT_TIMEOUT,
        verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext = True,
        follow_redirects: bool = False,
        raise_on_unexpected_status: bool = False,
        httpx_args: Mapping[str, Any] | None = None,
        async_transport: AsyncTransport = "auto",
        retries: Retries | None = DEFAULT_RETRIES,
        deadline: float | None = None,
        max_body_bytes: int | None = DEFAULT_MAX_BODY_BYTES,
    ) -> None:
        self._token = as_secret(token)
        self.prefix = prefix
        self.auth_header_name = auth_header_name
        super().__init__(
            base_url,
            cookies=cookies,
            headers=headers,
            timeout=timeout,
            verify_ssl=verify_ssl,
            follow_redirects=follow_redirects,
            raise_on_unexpected_status=raise_on_unexpected_status,
            httpx_args=httpx_args,
            async_transport=async_transport,
            retries=retries,
            deadline=deadline,
            max_body_bytes=max_body_bytes,
        )

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[TokenOptions]) -> Self:
        """Make a client with settings from the environment.

        - `DQOPS_URL`: the server's address.
        - `DQOPS_API_KEY`: the token; or `DQOPS_API_KEY_FILE`: the file that holds it, which is
          read again whenever it has changed.
        - `DQOPS_TIMEOUT`: seconds that each step of a request may take.
        - `DQOPS_DATA_DOMAIN`: the technical name of the data domain to work on.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which go before the environment; and `environ`, to
                be read in the place of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing, or holds what cannot be used.
        """
        from ._environment import read_environment

        return cls(**read_environment(options, with_token=True))

    @property
    def token(self) -> str:
        """The token itself; of a function, what it returns now."""
        return self._token.read()

    @token.setter
    @forgetting
    def token(self, value: str | Callable[[], str]) -> None:
        self._token.replace(as_secret(value))

    @property
    def _config(self) -> Config:
        return self._make_config(
            secret=self._token, prefix=self.prefix, header=self.auth_header_name
        )

    def _credential_description(self) -> Iterator[tuple[str, Any]]:
        yield "token", HIDDEN
        for name in ("prefix", "auth_header_name"):
            value = getattr(self, name, None)
            if value is not None:
                yield name, value

    def _check_pickle(self) -> None:
        raise TypeError(
            f"{type(self).__name__} cannot be pickled, because its token would be in the pickle. "
            "Create the client where it is used, for example in the worker process"
        )


# Not as a decorator, with which type checkers would know no attrs class any more.
AuthenticatedClient.__init__ = forgetting(AuthenticatedClient.__init__)  # type: ignore[method-assign]
