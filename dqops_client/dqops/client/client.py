"""Where the server is and how to talk to it: `Client` and `AuthenticatedClient`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from .._runtime.transport import http_settings  # noqa: F401  # first, as in `object`

# isort: split
from .._runtime.client import clients
from .._runtime.client.base import BaseClient
from .._runtime.client.fields import naming_keywords
from .._runtime.declare.unset import UNSET, Unset
from .._runtime.errors import InvalidRequest
from .._runtime.settings.headers import check_cookies
from .._runtime.settings.shown import forgetting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from typing import Self, TypeVar, Unpack

    from .._runtime.client.environment import ClientOptions, TokenOptions
    from .._runtime.settings.retries import Retries
    from .._runtime.transport.http_settings import Timeout

    _Options = TypeVar("_Options", bound=ClientOptions)

__all__ = ["AuthenticatedClient", "Client"]


def data_domain_cookie(name: str) -> dict[str, str]:
    """Make the cookie that selects a data domain of a DQOps server.

    Args:
        name: The technical name of the data domain.

    Returns:
        The cookie's value by its name.

    Raises:
        InvalidRequest: It is not a `str`.
    """
    if not isinstance(name, str):
        raise InvalidRequest(f"data_domain must be a string, got {type(name).__name__}")
    return check_cookies({"DQODataDomain": quote(name, safe="")})


def with_data_domain(options: _Options) -> _Options:
    """Add the data domain that the environment names to the arguments of a client.

    Args:
        options: The arguments, and `environ`.

    Returns:
        The arguments with the cookie; cookies among them override it.
    """
    given: Mapping[str, Any] = options
    name = given.get("environ", os.environ).get("DQOPS_DATA_DOMAIN")
    if not name:
        return options
    cookies = check_cookies(given.get("cookies") or {})
    return cast("_Options", {**options, "cookies": {**data_domain_cookie(name), **cookies}})


class _DqopsClient(BaseClient):
    """What both clients know of DQOps."""

    @forgetting
    @naming_keywords
    def with_options(
        self,
        *,
        timeout: Timeout | float | timedelta | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        retries: Retries | Unset | None = UNSET,
        deadline: float | timedelta | Unset | None = UNSET,
        data_domain: str | Unset = UNSET,
    ) -> Self:
        """Make a view of this client with other options, for one call or many.

        It uses the connections of this client and costs next to nothing, so it can be made for
        every call: `run_checks.sync(client=client.with_options(deadline=60), ...)`. Threads and
        tasks may share both. What is left out stays as it is.

        Closing a view, or leaving its `with` block, is the same as doing it with this client.

        Args:
            timeout: Seconds or a timedelta that each step of a request may take, an
                `httpx.Timeout`, or None for no limit.
            headers: Further header fields; they replace those of the same name, written in any
                case.
            retries: When a request is sent again; None for never.
            deadline: Seconds or a timedelta that a call may take in all: every attempt, the pauses
                between them, and reading the body. None for any time.
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


class Client(_DqopsClient, clients.Client):
    """A client for a server, or for operations, that need no token.

    Threads may share a client, and so may tasks. Connections are opened when they are needed and
    kept for later calls; leaving a `with` (or `async with`) block closes them. Blocks may be
    nested, and the client can be used after one: it opens new connections then. Synchronous and
    asynchronous calls have separate connections.

    Args:
        base_url: The URL of the server, such as `http://localhost:8888`; a path in it (of a proxy)
            is put before all paths. A user name and password in it are sent as basic
            authentication.
        cookies: Cookies to send with each request.
        headers: Headers to send with each request.
        timeout: Seconds that each step of a request may take (connecting, sending, waiting for
            data), 120 by default, or a timedelta; an `httpx.Timeout` for different limits; None for
            no limit.
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
            for what the environment variable `DQOPS_TRANSPORT` names, or else `httpx`, whatever is
            installed. Results, exceptions and settings are the same; what `get_httpx_client()`
            returns is of that library. A `transport` in `httpx_args` is used as it is, and aiohttp
            leaves proxies to httpx.
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
            once what that server would ignore, refuse or lack. `dqops.server_version` asks for it.

    Attributes:
        raise_on_unexpected_status: See above; it may be changed at any time.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[ClientOptions]) -> Self:
        """Make a client with settings from the environment.

        - `DQOPS_URL`: the URL of the server.
        - `DQOPS_TIMEOUT`: seconds that each step of a request may take.
        - `DQOPS_DATA_DOMAIN`: the technical name of the data domain to work on.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which override the environment; and `environ`, which
                is read instead of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing or invalid.
        """
        return super().from_env(**with_data_domain(options))


class AuthenticatedClient(_DqopsClient, clients.AuthenticatedClient):
    """A client that sends a token (in DQOps: a user's API key) with each request.

    Everything that `Client` says holds here, too. The token is shown nowhere: not in descriptions,
    logs, exceptions or pickles (which are refused).

    Args:
        base_url: The URL of the server, such as `http://localhost:8888`; a path in it (of a proxy)
            is put before all paths.
        token: The token; or a function that returns the one to use, which is called for each
            request, so that tokens can change while the program runs.
        prefix: The word before the token in its header; an empty string for the bare token.
        auth_header_name: The name of the header that carries the token.
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
            `transport`, `limits` or `event_hooks`; not `auth`, whose place the token takes.
        transport: Which library carries calls: `httpx`, `httpx2` (which continues httpx, and is
            faster with many calls at once), or `aiohttp` (the fastest for many asynchronous calls
            at once; synchronous calls use httpx). The latter two are extras of this package. None
            for what the environment variable `DQOPS_TRANSPORT` names, or else `httpx`, whatever is
            installed. Results, exceptions and settings are the same; what `get_httpx_client()`
            returns is of that library. A `transport` in `httpx_args` is used as it is, and aiohttp
            leaves proxies to httpx.
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
            once what that server would ignore, refuse or lack. `dqops.server_version` asks for it.

    Attributes:
        raise_on_unexpected_status: See above; it may be changed at any time.
        token: The token; the next request sends what is assigned to it.
        prefix: See above; connections that exist keep the old one.
        auth_header_name: See above; connections that exist keep the old one.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    @classmethod
    @forgetting
    def from_env(cls, **options: Unpack[TokenOptions]) -> Self:
        """Make a client with settings from the environment.

        - `DQOPS_URL`: the URL of the server.
        - `DQOPS_API_KEY`: the token; or `DQOPS_API_KEY_FILE`: the file that holds it, which is
          read for each request.
        - `DQOPS_TIMEOUT`: seconds that each step of a request may take.
        - `DQOPS_DATA_DOMAIN`: the technical name of the data domain to work on.

        An empty variable counts as none.

        Args:
            **options: Arguments of the class, which override the environment; and `environ`, which
                is read instead of `os.environ`.

        Returns:
            The client.

        Raises:
            InvalidRequest: A variable is missing or invalid.
        """
        return super().from_env(**with_data_domain(options))
