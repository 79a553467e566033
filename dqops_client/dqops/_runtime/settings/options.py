"""What a view of a client adds to each of its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...client.types import Unset
from .checks import check_cookies, merge_headers
from .masking import show_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..base_client import BaseClient

__all__ = ["Options"]


class _Hidden(dict[str, str]):
    """A dictionary whose values are shown nowhere, for headers and cookies."""

    def __repr__(self) -> str:
        return show_names(self)


class Options:
    """What is different from the client whose connections are used.

    Args:
        origin: That client.
        timeout: The limits of each step as an `httpx.Timeout`; UNSET for those of the client.
        headers: Header fields.
        cookies: Cookies.
    """

    __slots__ = ("cookies", "headers", "origin", "timeout")

    def __init__(
        self,
        origin: BaseClient,
        timeout: Any,
        headers: dict[str, str],
        cookies: dict[str, str],
    ) -> None:
        self.origin = origin
        self.timeout = timeout
        self.headers = headers
        self.cookies = cookies

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(timeout={self.timeout!r}, headers={self.headers!r}, "
            f"cookies={self.cookies!r})"
        )

    @classmethod
    def of(
        cls,
        earlier: Options | None,
        *,
        origin: BaseClient,
        timeout: Any,
        headers: Mapping[str, str],
        cookies: Mapping[str, str],
    ) -> Options:
        """Make options, on top of those that a view has already.

        Args:
            earlier: The options of the view that a view is made of; None for a client.
            origin: The client, or view, that a view is made of.
            timeout: As above.
            headers: As above.
            cookies: As above.

        Returns:
            The options.
        """
        if earlier is None:
            return cls(origin, timeout, _Hidden(headers), _Hidden(cookies))
        return cls(
            earlier.origin,
            earlier.timeout if isinstance(timeout, Unset) else timeout,
            _Hidden(merge_headers(earlier.headers, headers)),
            _Hidden({**earlier.cookies, **cookies}),
        )

    def added_to(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Add the options to a request.

        Args:
            request: The arguments of the request, whose own headers go before.

        Returns:
            New arguments.
        """
        added = dict(request)
        if not isinstance(self.timeout, Unset):
            added["timeout"] = self.timeout
        if self.headers:
            added["headers"] = _Hidden(merge_headers(self.headers, request.get("headers", {})))
        if self.cookies:
            added["cookies"] = self.cookies
        return added

    def keep_cookies(self, cookies: Mapping[str, str]) -> Mapping[str, str]:
        """Send these cookies from now on.

        Where the view has a choice of its own for one of them, they are the view's. Otherwise the
        client and all its views send them.

        Args:
            cookies: The values by name.

        Returns:
            All cookies of the client.
        """
        if self.cookies.keys() & cookies.keys():
            self.cookies = _Hidden({**self.cookies, **check_cookies(cookies)})
        else:
            self.origin._cookies = {**self.origin._cookies, **check_cookies(cookies)}
        return self.origin._cookies
