"""What `Client` and `AuthenticatedClient` share: settings, connections, copies, descriptions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from .declare.unset import UNSET, Unset
from .settings.checks import (
    check_async_transport,
    check_cookies,
    check_deadline,
    check_headers,
    check_max_body_bytes,
    check_verify_ssl,
    merge_headers,
)
from .settings.config import Config, PerRequest
from .settings.forgetting import forgetting
from .settings.redaction import (
    credential_names,
    mask_url,
    show_names,
    show_url,
    without_values,
)
from .settings.retries import Retries, check_retries
from .transport.http_settings import Timeout, as_timeout, check_address, check_httpx_args
from .transport.pools import AsyncPool, SyncPool

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from types import TracebackType
    from typing import Self

    from .declare.messages import Arguments
    from .declare.operation import Operation
    from .declare.response import Response
    from .exchange.downloads import AsyncDownload, Download
    from .settings.checks import AsyncTransport
    from .settings.token import Secret
    from .transport.http_settings import AsyncHttpxClient, HttpxClient

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
_OWN = frozenset({"_async_pool", "_origin", "_per_request", "_sync_pool"})


@attrs.define(init=False, repr=False)
class BaseClient:
    """What both clients share."""

    # `alias` and `repr` are for subclasses that let attrs make their methods: type checkers do not
    # know that attrs drops the underscore, and a generated description must hide values, too.
    # mypy knows no converters with decorators.
    raise_on_unexpected_status: bool = attrs.field(default=False, kw_only=True)
    _base_url: str = attrs.field(
        alias="base_url",
        converter=check_address,  # type: ignore[misc]
        repr=show_url,
    )
    _cookies: Mapping[str, str] = attrs.field(
        alias="cookies",
        factory=dict,
        kw_only=True,
        converter=check_cookies,  # type: ignore[misc]
        repr=show_names,
    )
    _headers: Mapping[str, str] = attrs.field(
        alias="headers",
        factory=dict,
        kw_only=True,
        converter=check_headers,  # type: ignore[misc]
        repr=show_names,
    )
    _timeout: Timeout | float | None = attrs.field(
        alias="timeout", default=DEFAULT_TIMEOUT, kw_only=True, converter=as_timeout
    )
    _verify_ssl: bool | str | os.PathLike[str] | ssl.SSLContext = attrs.field(
        alias="verify_ssl", default=True, kw_only=True, converter=check_verify_ssl
    )
    _follow_redirects: bool = attrs.field(alias="follow_redirects", default=False, kw_only=True)
    _httpx_args: Mapping[str, Any] = attrs.field(
        alias="httpx_args",
        factory=dict,
        kw_only=True,
        converter=check_httpx_args,  # type: ignore[misc]
        repr=show_names,
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
    _origin: BaseClient | None = attrs.field(init=False, repr=False, eq=False, default=None)
    _per_request: PerRequest | None = attrs.field(init=False, repr=False, eq=False, default=None)
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
        self._origin = None
        self._per_request = None
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

    @forgetting
    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Make a client with further headers.

        Args:
            headers: The header fields; they replace those of the same name, written in any case.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        changed = copy.copy(self)
        changed._headers = merge_headers(self._headers, check_headers(headers))
        return changed

    @forgetting
    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """Make a client with further cookies.

        Args:
            cookies: The values by name; they replace those of the same name.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        changed = copy.copy(self)
        changed._cookies = {**self._cookies, **check_cookies(cookies)}
        return changed

    @forgetting
    def keep_cookies(self, cookies: Mapping[str, str]) -> None:
        """Send these cookies with every request from now on.

        Unlike `with_cookies` this changes the client itself. Operations that choose what the server
        works on, such as `switch_to_data_domain`, use it.

        Args:
            cookies: The values by name; they replace those of the same name.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        checked = check_cookies(cookies)
        self._cookies = {**self._cookies, **checked}
        origin, own = self._origin, self._per_request
        if origin is not None and own is not None:
            if own.cookies.keys() & checked.keys():
                # The view has a choice of its own for one of them, so all are the view's.
                self._per_request = own.merged(None, {}, checked)
            else:
                origin._cookies = {**origin._cookies, **checked}
        sent = self._cookies if origin is None else origin._cookies
        from .transport.cookies import set_cookies

        clients: list[HttpxClient | AsyncHttpxClient] = [
            *self._sync_pool.own_clients(),
            *self._async_pool.own_clients(),
        ]
        for client in clients:
            # A new jar, in one step, because other threads may be sending: the old one holds the
            # same names a second time, for the address that set them, and both would be sent.
            set_cookies(client, sent)

    @forgetting
    def with_options(
        self,
        *,
        timeout: Timeout | float | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        retries: Retries | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
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

        Returns:
            A client of the same class. This one stays as it is.

        Raises:
            InvalidRequest: An option cannot be used.
        """
        return self._view_with(
            timeout=timeout, headers=headers, retries=retries, deadline=deadline, cookies={}
        )

    def _view_with(
        self,
        *,
        timeout: Timeout | float | Unset | None,
        headers: Mapping[str, str] | Unset,
        retries: Retries | Unset | None,
        deadline: float | Unset | None,
        cookies: Mapping[str, str],
    ) -> Self:
        view = self._view()
        added: Mapping[str, str] = {}
        if not isinstance(timeout, Unset):
            view._timeout = timeout
        if not isinstance(headers, Unset):
            added = check_headers(headers)
            view._headers = merge_headers(self._headers, added)
        if not isinstance(retries, Unset):
            view._retries = retries
        if not isinstance(deadline, Unset):
            view._deadline = deadline
        if cookies:
            view._cookies = {**self._cookies, **cookies}
        view._origin = self if self._origin is None else self._origin
        view._per_request = (self._per_request or PerRequest()).merged(
            None if isinstance(timeout, Unset) else as_timeout(timeout), added, cookies
        )
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
    def _config(self) -> Config:
        """All settings as they are now."""
        return self._make_config()

    def _make_config(
        self, *, secret: Secret | None = None, prefix: str = "", header: str = "Authorization"
    ) -> Config:
        return Config(
            base_url=self._base_url,
            cookies=self._cookies,
            headers=self._headers,
            timeout=self._timeout,  # type: ignore[arg-type]  # the converter has made one of it
            verify_ssl=self._verify_ssl,  # type: ignore[arg-type]  # the same
            follow_redirects=self._follow_redirects,
            raise_on_unexpected_status=self.raise_on_unexpected_status,
            httpx_args=self._httpx_args,
            async_transport=self._async_transport,
            retries=self._retries,
            deadline=self._deadline,
            max_body_bytes=self._max_body_bytes,
            secret=secret,
            prefix=prefix,
            auth_header_name=header,
            per_request=self._per_request,
        )

    def _call(self, operation: Operation, arguments: Arguments) -> Response[Any]:
        from .call.calls import call  # which takes time to load

        return call(self, operation, arguments)

    async def _call_async(self, operation: Operation, arguments: Arguments) -> Response[Any]:
        from .call.calls import call_async

        return await call_async(self, operation, arguments)

    def _stream(
        self, operation: Operation, arguments: Arguments
    ) -> AbstractContextManager[Download]:
        from .call.calls import stream

        return stream(self, operation, arguments)

    def _stream_async(
        self, operation: Operation, arguments: Arguments
    ) -> AbstractAsyncContextManager[AsyncDownload]:
        from .call.calls import stream_async

        return stream_async(self, operation, arguments)

    def _view(self) -> Self:
        """Make a copy that shares connections and token, whichever class it is of."""
        view = type(self).__new__(type(self))
        view._origin = view._per_request = None
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
        from .transport.clients import create_client  # which takes time to load

        return create_client((self if self._origin is None else self._origin)._config)

    def _create_async_httpx_client(self) -> AsyncHttpxClient:
        from .transport.clients import create_async_client

        return create_async_client((self if self._origin is None else self._origin)._config)


# Not as a decorator, with which type checkers would know no attrs class any more.
BaseClient.__init__ = forgetting(BaseClient.__init__)  # type: ignore[method-assign]


def _slot_names(kind: type) -> list[str]:
    slots: str | Mapping[str, Any] | tuple[str, ...] = kind.__dict__.get("__slots__", ())
    names = [slots] if isinstance(slots, str) else list(slots)
    return [name for name in names if name not in {"__dict__", "__weakref__"}]


def _restore(kind: type[_T], state: Mapping[str, Any]) -> _T:
    """Make a client with the given attributes and connections of its own."""
    client = kind.__new__(kind)
    client._sync_pool = SyncPool()
    client._async_pool = AsyncPool()
    client._origin = client._per_request = None
    for name, value in state.items():
        setattr(client, name, value)  # runs the converters, which copy dictionaries
    return client
