"""`AuthenticatedClient` for an API with several security schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._identity import AUTH_NAME, AUTH_PLACE, AUTH_PREFIX, SCHEMES
from ..errors import InvalidRequest
from ..settings.headers import Secret, as_secret
from ..suggestions import did_you_mean
from . import clients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self, Unpack

    from attrs import define, field

    from .environment import CredentialOptions
else:
    from .fields import define, field

__all__ = ["AuthenticatedClient"]


def _as_credentials(
    value: Mapping[str, str | Callable[[], str]] | None,
) -> Mapping[str, Secret]:
    given = {} if value is None else dict(value)
    for name in given:
        if name not in SCHEMES:
            raise InvalidRequest(
                f"credentials: there is no security scheme {name!r}{did_you_mean(name, SCHEMES)}"
            )
        if SCHEMES[name] == (AUTH_PLACE, AUTH_NAME, AUTH_PREFIX):
            raise InvalidRequest(f"credentials: pass the one for {name!r} as token")
    return {name: as_secret(each) for name, each in given.items()}


@define(slots=False, repr=False, eq=False)
class AuthenticatedClient(clients.AuthenticatedClient):
    """A client that sends with each request the credentials that its operation asks for.

    Everything that `Client` says holds here, too. The credentials are shown nowhere: not in
    descriptions, logs, exceptions or pickles (which are refused).

    Args:
        base_url: The URL of the server; a path in it (of a proxy) is put before all paths.
        token: The token; or a function that returns the one to use, which is called for each
            request. It serves the usual security scheme, and operations that ask for another one
            that has no credential of its own.
        prefix: The word before the token in its header; an empty string for the bare token. After
            `Basic` the token is `user:password`.
        auth_header_name: The name of the header that carries the token.
        credentials: By the names of further security schemes, a credential of each, which may be a
            function as well. Of the alternatives that an operation has, one is chosen for which all
            credentials are there.
        cookies: As in `Client`, and so are the further arguments.
        httpx_args: As in `Client`, but without `auth`, whose place the token takes.

    Raises:
        InvalidRequest: An argument cannot be used.
    """

    _credentials: Mapping[str, Secret] = field(
        alias="credentials", default=None, kw_only=True, converter=_as_credentials, repr=False
    )

    if TYPE_CHECKING:  # it is inherited; the options differ

        @classmethod
        def from_env(  # pyright: ignore[reportIncompatibleMethodOverride]  # it takes more
            cls, **options: Unpack[CredentialOptions]
        ) -> Self: ...
