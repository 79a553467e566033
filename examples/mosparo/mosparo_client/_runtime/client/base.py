# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What `Client` and `AuthenticatedClient` share: changed copies, views, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..._identity import PUBLIC_PACKAGE
from ..declare.unset import UNSET, Unset
from ..settings.checks import check_deadline
from ..settings.config import PerRequest
from ..settings.headers import check_cookies, check_headers, merge_headers
from ..settings.retries import check_retries
from ..settings.shown import forgetting
from ..transport.http_settings import as_timeout
from .connections import ConnectedClient
from .fields import naming_keywords
from .settings import changing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from datetime import timedelta
    from typing import Self

    from ..declare.messages import Arguments
    from ..declare.operation import Operation
    from ..declare.response import Response
    from ..settings.retries import Retries
    from ..transport.http_settings import AsyncHttpxClient, HttpxClient, Timeout

__all__ = ["BaseClient"]


class BaseClient(ConnectedClient):
    """What both clients can do."""

    #: The package with the module of the errors that this client raises.
    _package: ClassVar[str] = PUBLIC_PACKAGE

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
        return self._independent(
            headers=merge_headers(self._config.headers, check_headers(headers))
        )

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
        return self._independent(cookies={**self._config.cookies, **check_cookies(cookies)})

    @forgetting
    def keep_cookies(self, cookies: Mapping[str, str]) -> None:
        """Send these cookies with every request from now on.

        Unlike `with_cookies` this changes the client itself. Operations whose responses set cookies
        for later calls use it. Of more than 100 cookies that were added so, or 32 KiB of them, the
        oldest are dropped.

        Args:
            cookies: The values by name; they replace those of the same name.

        Raises:
            InvalidRequest: A name or a value cannot be sent.
        """
        checked = check_cookies(cookies)
        with changing:
            origin, config = self._origin, self._config
            per_request = config.per_request
            self._config = config.keeping(checked)
            if origin is not None and per_request is not None:
                if per_request.cookies.keys() & checked.keys():
                    # The view has a choice of its own for one of them, so all are the view's.
                    per_request = per_request.keeping(checked, self._config.cookies)
                    self._config = self._config.changed(per_request=per_request)
                else:
                    origin._config = origin._config.keeping(checked)
            sent = (origin or self)._config.cookies
        from ..transport.hooks import set_cookies, tell_of_dropped_cookies

        if (checked.keys() | config.cookies.keys()) - self._config.cookies.keys():
            tell_of_dropped_cookies()
        clients: list[HttpxClient | AsyncHttpxClient] = [
            *self._sync_pool.own_clients(),
            *self._async_pool.own_clients(),
        ]
        for client in clients:
            # A new jar, in one step, because other threads may be sending: the old one holds the
            # same names a second time, for the host that set them, and both would be sent.
            set_cookies(client, sent)

    @forgetting
    @naming_keywords
    def with_options(
        self,
        *,
        timeout: Timeout | float | timedelta | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        retries: Retries | Unset | None = UNSET,
        deadline: float | timedelta | Unset | None = UNSET,
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
        timeout: Timeout | float | timedelta | Unset | None,
        headers: Mapping[str, str] | Unset,
        retries: Retries | Unset | None,
        deadline: float | timedelta | Unset | None,
        cookies: Mapping[str, str],
    ) -> Self:
        config = self._config
        changed: dict[str, Any] = {}
        added: Mapping[str, str] = {}
        if not isinstance(timeout, Unset):
            changed["timeout"] = as_timeout(timeout)
        if not isinstance(headers, Unset):
            added = check_headers(headers)
            changed["headers"] = merge_headers(config.headers, added)
        if not isinstance(retries, Unset):
            changed["retries"] = check_retries(retries)
        if not isinstance(deadline, Unset):
            changed["deadline"] = check_deadline(deadline)
        if cookies:
            changed["cookies"] = {**config.cookies, **cookies}
        per_request = config.per_request or PerRequest()
        changed["per_request"] = per_request.merged(changed.get("timeout"), added, cookies)
        view = self._copied(self._attributes(), config.changed(**changed))
        view._origin = self._origin or self
        view._sync_pool = self._sync_pool
        return view

    def _raising(
        self,
        *,
        timeout: Timeout | float | timedelta | Unset | None = UNSET,
        retries: Retries | Unset | None = UNSET,
        deadline: float | timedelta | Unset | None = UNSET,
    ) -> Self:
        """Make a view as `with_options` does, which raises on every response that is no success."""
        view = self.with_options(timeout=timeout, retries=retries, deadline=deadline)
        view.raise_on_unexpected_status = True
        return view

    def with_timeout(self, timeout: Timeout | float | timedelta | None) -> Self:
        """Make a client with another timeout.

        Args:
            timeout: Seconds, a timedelta, an `httpx.Timeout`, or None for no limit.

        Returns:
            A new client with connections of its own. This one stays as it is.

        Raises:
            InvalidRequest: It is not a number of seconds > 0.
        """
        return self._independent(timeout=as_timeout(timeout))

    def _call(self, operation: Operation, arguments: Arguments) -> Response[Any]:
        from ..call.calls import call  # which takes time to load

        return call(self, operation, arguments)

    async def _call_async(self, operation: Operation, arguments: Arguments) -> Response[Any]:
        from ..call.calls import call_async

        return await call_async(self, operation, arguments)

    def _stream(self, operation: Operation, arguments: Arguments) -> AbstractContextManager[Any]:
        from ..call.calls import stream

        return stream(self, operation, arguments)

    def _stream_async(
        self, operation: Operation, arguments: Arguments
    ) -> AbstractAsyncContextManager[Any]:
        from ..call.calls import stream_async

        return stream_async(self, operation, arguments)
