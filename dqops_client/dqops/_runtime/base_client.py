"""What `Client` and `AuthenticatedClient` share: settings, connections, copies, descriptions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from ..client.errors import InvalidRequest
from ..client.types import UNSET, Unset
from .settings.checks import (
    check_async_transport,
    check_cookies,
    check_deadline,
    check_headers,
    check_max_body_bytes,
    check_verify_ssl,
    data_domain_cookie,
    merge_headers,
)
from .settings.http import Timeout, as_timeout, check_address, check_httpx_args
from .settings.masking import credential_names, mask_url, show_names, show_url, without_values
from .settings.options import Options
from .settings.retries import Retries, check_retries
from .transport.pools import AsyncPool, SyncPool

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from .settings.checks import AsyncTransport
    from .settings.http import AsyncHttpxClient, HttpxClient

__all__ = [
    "DEFAULT_MAX_BODY_BYTES",
    "DEFAULT_RETRIES",
    "DEFAULT_TIMEOUT",
    "BaseClient",
]

DEFAULT_TIMEOUT = Timeout(120.0)
DEFAULT_RETRIES = Retries()
DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024

# What descriptions leave out.
_USUAL: Mapping[str, object] = {
    "_retries": DEFAULT_RETRIES,
    "_deadline": None,
    "_max_body_bytes": DEFAULT_MAX_BODY_BYTES,
}

_T = TypeVar("_T", bound="BaseClient")

# What a copy does not have from its original: it is a client of its own.
_OWN = frozenset({"_async_pool", "_options", "_sync_pool"})


@attrs.define(init=False, repr=False)
class BaseClient:
    """What both clients share."""

    # `alias` and `repr` are for subclasses that let attrs make their methods: type checkers do not
    # know that attrs drops the underscore, and a generated description must hide values, too.
    raise_on_unexpected_status: bool = attrs.field(default=False, kw_only=True)
    _base_url: str = attrs.field(alias="base_url", converter=check_address, repr=show_url)
    _cookies: Mapping[str, str] = attrs.field(
        alias="cookies", factory=dict, kw_only=True, converter=check_cookies, repr=show_names
    )
    _headers: Mapping[str, str] = attrs.field(
        alias="headers", factory=dict, kw_only=True, converter=check_headers, repr=show_names
    )
    _timeout: Timeout | float | None = attrs.field(
        alias="timeout", default=DEFAULT_TIMEOUT, kw_only=True, converter=as_timeout
    )
    _verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext = attrs.field(
        alias="verify_ssl", default=True, kw_only=True, converter=check_verify_ssl
    )
    _follow_redirects: bool = attrs.field(alias="follow_redirects", default=False, kw_only=True)
    _httpx_args: Mapping[str, Any] = attrs.field(
        alias="httpx_args", factory=dict, kw_only=True, converter=check_httpx_args, repr=show_names
    )
    _async_transport: AsyncTransport = attrs.field(
        alias="async_transport",
        default="auto",
        kw_only=True,
        converter=check_async_transport,
    )
    _retries: Retries | None = attrs.field(
        alias="retries",
        default=DEFAULT_RETRIES,
        kw_only=True,
        converter=check_retries,
        repr=False,
    )
    _deadline: float | None = attrs.field(
        alias="deadline", default=None, kw_only=True, converter=check_deadline, repr=False
    )
    _max_body_bytes: int | None = attrs.field(
        alias="max_body_bytes",
        default=DEFAULT_MAX_BODY_BYTES,
        kw_only=True,
        converter=check_max_body_bytes,
        repr=False,
    )
    #: Of what `with_options` returned: whose connections it uses, and what each request gets.
    _options: Options | None = attrs.field(init=False, repr=False, eq=False, default=None)
    _sync_pool: SyncPool = attrs.field(init=False, repr=False, eq=False, factory=SyncPool)
    _async_pool: AsyncPool = attrs.field(init=False, repr=False, eq=False, factory=AsyncPool)

    def __init__(
        self,
        base_url: str,
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
        try:
            self._options = None
            self._sync_pool = SyncPool()
            self._async_pool = AsyncPool()
            self.raise_on_unexpected_status = raise_on_unexpected_status
            self._base_url = base_url
            self._cookies = {} if cookies is None else cookies
            self._headers = {} if headers is None else headers
            self._timeout = timeout
            self._verify_ssl = verify_ssl
            self._follow_redirects = follow_redirects
            self._httpx_args = {} if httpx_args is None else httpx_args
            self._async_transport = async_transport
            self._retries = retries
            self._deadline = deadline
            self._max_body_bytes = max_body_bytes
        except InvalidRequest as error:
            # They may hold credentials, and tools show the local variables of a traceback.
            del base_url, cookies, headers, httpx_args
            raise error.with_traceback(None) from None

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Make a client with further headers.

        Args:
            headers: The header fields; they replace those of the same name, written in any case.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        try:
            changed = copy.copy(self)
            changed._headers = merge_headers(self._headers, check_headers(headers))
        except InvalidRequest as error:
            del headers  # see __init__
            raise error.with_traceback(None) from None
        return changed

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """Make a client with further cookies.

        Args:
            cookies: The values by name; they replace those of the same name.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        try:
            changed = copy.copy(self)
            changed._cookies = {**self._cookies, **check_cookies(cookies)}
        except InvalidRequest as error:
            del cookies  # see __init__
            raise error.with_traceback(None) from None
        return changed

    def keep_cookies(self, cookies: Mapping[str, str]) -> None:
        """Send these cookies with every request from now on.

        Unlike `with_cookies` this changes the client itself. Operations that choose what the server
        works on, such as `switch_to_data_domain`, use it.

        Args:
            cookies: The values by name; they replace those of the same name.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        try:
            self._cookies = {**self._cookies, **check_cookies(cookies)}
        except InvalidRequest as error:
            del cookies  # see __init__
            raise error.with_traceback(None) from None
        sent = self._cookies if self._options is None else self._options.keep_cookies(cookies)
        from .transport.cookies import set_cookies

        clients: list[HttpxClient | AsyncHttpxClient] = [
            *self._sync_pool.own_clients(),
            *self._async_pool.own_clients(),
        ]
        for client in clients:
            # A new jar, in one step, because other threads may be sending: the old one holds the
            # same names a second time, for the address that set them, and both would be sent.
            set_cookies(client, sent)

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
        try:
            view = self._view()
            if not isinstance(timeout, Unset):
                view._timeout = timeout
            if not isinstance(headers, Unset):
                view._headers = merge_headers(self._headers, check_headers(headers))
            if not isinstance(retries, Unset):
                view._retries = retries
            if not isinstance(deadline, Unset):
                view._deadline = deadline
            cookies: dict[str, str] = {}
            if not isinstance(data_domain, Unset):
                cookies = data_domain_cookie(data_domain)
                view._cookies = {**self._cookies, **cookies}
            view._options = Options.of(
                self._options,
                origin=self,
                timeout=timeout if isinstance(timeout, Unset) else view._timeout,
                headers={} if isinstance(headers, Unset) else headers,
                cookies=cookies,
            )
        except InvalidRequest as error:
            del headers  # see __init__
            raise error.with_traceback(None) from None
        return view

    def with_timeout(self, timeout: Timeout | float | None) -> Self:
        """Make a client with another timeout.

        Args:
            timeout: Seconds, an `httpx.Timeout`, or None for no limit.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: It is no number of seconds, or a negative one.
        """
        changed = copy.copy(self)
        changed._timeout = timeout
        return changed

    def get_httpx_client(self) -> HttpxClient:
        """Return the `httpx.Client` that the operations use.

        Returns:
            The one that was set, or else the client's own, made now if there is none. Closing it
            is allowed: the next call makes a new one.

        Raises:
            InvalidRequest: The certificates that `verify_ssl` names cannot be loaded.
        """
        return self._sync_pool.get(self._create_httpx_client)

    def set_httpx_client(self, client: HttpxClient) -> Self:
        """Use an `httpx.Client` of yours.

        It is used as it is: headers, cookies, timeout, token and every other setting of this
        client no longer matter to synchronous calls. Only where it has no base URL, this client's
        completes the addresses. Leaving the outermost `with` block closes it, as it does one of the
        client's own, unless it was opened before.

        It stays with this client; what `with_headers` and the like return has connections of its
        own.

        Args:
            client: The httpx client.

        Returns:
            This client itself.
        """
        self._sync_pool.give(client)
        return self

    def get_async_httpx_client(self) -> AsyncHttpxClient:
        """Return the `httpx.AsyncClient` that the operations use.

        Connections belong to an event loop. So each event loop gets an httpx client of its own;
        one that is made while no loop runs belongs to the first loop that asks.

        Returns:
            The one that was set, or else the client's own for the running event loop, made now if
            there is none. Closing it is allowed: the next call makes a new one.

        Raises:
            InvalidRequest: The certificates that `verify_ssl` names cannot be loaded.
        """
        return self._async_pool.get(self._create_async_httpx_client)

    def set_async_httpx_client(self, async_client: AsyncHttpxClient) -> Self:
        """Use an `httpx.AsyncClient` of yours, in one event loop only.

        It is used as it is: headers, cookies, timeout, token and every other setting of this
        client no longer matter to asynchronous calls. Only where it has no base URL, this client's
        completes the addresses. Leaving the outermost `async with` block closes it, as it does one
        of the client's own, unless it was opened before.

        It stays with this client; what `with_headers` and the like return has connections of its
        own.

        Args:
            async_client: The httpx client.

        Returns:
            This client itself.
        """
        self._async_pool.give(async_client)
        return self

    def close(self) -> None:
        """Close the connections of synchronous calls.

        The client can be used again afterwards; it opens new ones. An httpx client that was set is
        closed, too, and stays closed.
        """
        self._sync_pool.close()

    async def aclose(self) -> None:
        """Close the connections of asynchronous calls in the running event loop.

        The client can be used again afterwards; it opens new ones. An httpx client that was set is
        closed, too, and stays closed.
        """
        await self._async_pool.close()

    def __enter__(self) -> Self:
        """Keep the connections until the outermost `with` block ends."""
        self._sync_pool.enter(self._create_httpx_client)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close the connections where this is the outermost `with` block."""
        self._sync_pool.exit()

    async def __aenter__(self) -> Self:
        """Keep the event loop's connections until its outermost `async with` block ends."""
        await self._async_pool.enter(self._create_async_httpx_client)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Close the connections where this is the event loop's outermost `async with` block."""
        await self._async_pool.exit()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._description())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        # Without this, rich would print the fields that attrs knows, with all their values.
        return self._description()

    def _description(self) -> Iterator[tuple[str, Any]]:
        """List what may be shown; also of a client whose construction failed half-way."""
        missing = object()
        base_url = getattr(self, "_base_url", missing)
        if isinstance(base_url, str):
            yield "base_url", mask_url(base_url)
        yield from self._credential_description()
        for name in ("cookies", "headers", "httpx_args"):
            mapping = getattr(self, f"_{name}", None)
            if mapping:
                yield name, without_values(mapping)
        for name in (
            "_timeout",
            "_verify_ssl",
            "_follow_redirects",
            "_async_transport",
            *(name for name, usual in _USUAL.items() if getattr(self, name, usual) != usual),
            "raise_on_unexpected_status",
        ):
            value = getattr(self, name, missing)
            if value is not missing:
                yield name.lstrip("_"), value

    def _credential_description(self) -> Iterator[tuple[str, Any]]:
        return iter(())

    def __copy__(self) -> Self:
        return _restore(type(self), self._state())

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # Settings are copied by their converters. What httpx_args holds (transports, hooks) cannot
        # be copied, only shared.
        own = {field.name for field in attrs.fields(BaseClient)} | {"_token"}
        state = {
            name: value if name in own else copy.deepcopy(value, memo)
            for name, value in self._state().items()
        }
        return _restore(type(self), state)

    def __reduce__(self) -> tuple[Any, ...]:
        self._check_pickle()
        return (_restore, (type(self), self._state()))

    def _check_pickle(self) -> None:
        found = [f"the header {name!r}" for name in credential_names(self._headers)]
        found += [f"the cookie {name!r}" for name in self._cookies]
        if mask_url(self._base_url) != self._base_url:
            found.append("the user name in base_url")
        found += [
            f"httpx_args[{name!r}]"
            for name in ("auth", "cert", "mounts", "params", "proxy")
            if name in self._httpx_args
        ]
        if found:
            raise TypeError(
                f"this {type(self).__name__} cannot be pickled, because credentials would be in "
                f"the pickle: {', '.join(found)}. Create the client where it is used, for example "
                "in the worker process"
            )

    @property
    def _is_special(self) -> bool:
        """Whether a request needs more than what the httpx client has."""
        return self._options is not None or self._deadline is not None

    def _with_options(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add what `with_options` said to the arguments of a request."""
        return request if self._options is None else self._options.added_to(request)

    def _view(self) -> Self:
        """Make a copy that shares connections and token, whichever class it is of."""
        view = type(self).__new__(type(self))
        view._options = None
        own = {"_async_pool": self._async_pool, "_sync_pool": self._sync_pool}
        for name, value in (self._state() | own).items():
            object.__setattr__(view, name, value)  # without converters, which copy
        return view

    def _state(self) -> dict[str, Any]:
        """Return the attributes, those of subclasses included, without the connections."""
        names = [
            name
            for kind in type(self).__mro__
            for name in _slot_names(kind)
            if name not in _OWN and hasattr(self, name)
        ]
        return {name: getattr(self, name) for name in names} | getattr(self, "__dict__", {})

    def _create_httpx_client(self) -> HttpxClient:
        from .transport import clients  # which takes time to load

        return clients.create_client(self if self._options is None else self._options.origin)

    def _create_async_httpx_client(self) -> AsyncHttpxClient:
        from .transport import clients  # see above

        return clients.create_async_client(self if self._options is None else self._options.origin)


def _slot_names(kind: type) -> list[str]:
    slots: str | Mapping[str, Any] | tuple[str, ...] = kind.__dict__.get("__slots__", ())
    names = [slots] if isinstance(slots, str) else list(slots)
    return [name for name in names if name not in {"__dict__", "__weakref__"}]


def _restore(kind: type[_T], state: Mapping[str, Any]) -> _T:
    """Make a client with the given attributes and connections of its own."""
    client = kind.__new__(kind)
    client._sync_pool = SyncPool()
    client._async_pool = AsyncPool()
    client._options = None
    for name, value in state.items():
        setattr(client, name, value)  # runs the converters, which copy dictionaries
    return client
