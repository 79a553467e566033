"""What `Client` and `AsyncClient` share: settings, arguments, and the clients below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dqops.client as sdk
from dqops.client._masking import mask_url
from dqops.client._token import Secret
from dqops.client.errors import InvalidRequest
from dqops.client.types import UNSET

from .exceptions import BadAPIRequestError, HCAPIAuthError
from .pings import ping_call
from .statuses import kind_of_ping, kind_of_status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    import httpx

    from dqops.client import Retries
    from dqops.client.errors import TransportFailure
    from dqops.client.types import Unset
    from dqops.health import Probe

    from .client.models import CheckSpec
    from .pings import PingCall
    from .specs import CheckCreate

__all__ = ["API_URL", "DEFAULT_RETRIES", "DEFAULT_TIMEOUT", "PING_DEADLINE", "PING_URL", "Base"]

API_URL = "https://healthchecks.io/api/"
PING_URL = "https://hc-ping.com/"
DEFAULT_TIMEOUT = 5.0
#: Seconds that a ping may take in all, because a job waits for it.
PING_DEADLINE = 20.0
DEFAULT_RETRIES = sdk.Retries()

_API_VERSIONS = (1, 2, 3)
_RECORDED = (200, 201)


class Base:
    """What both clients share."""

    _shown = "not made yet"

    def __init__(
        self,
        api_key: str,
        ping_key: str,
        api_url: str,
        ping_url: str,
        api_version: int,
        timeout: float | None,
        retries: Retries | None,
        given: httpx.Client | httpx.AsyncClient | None,
    ) -> None:
        self._shown = f"{mask_url(api_url)!r}, ping_url={mask_url(ping_url)!r}"
        refuse_base_url(given)
        if api_version not in _API_VERSIONS:
            raise InvalidRequest(f"api_version must be 1, 2 or 3, not {api_version!r}")
        self._ping_key = Secret(ping_key) if ping_key else None
        self._has_api_key = bool(api_key)
        self._api_version = api_version
        address = f"{api_url.rstrip('/')}/v{api_version}"
        self._is_closed = False
        options: dict[str, Any] = {
            "timeout": timeout,
            "retries": retries,
            "raise_on_unexpected_status": True,
        }
        # Without a token: the key must not go with pings.
        self._pinger = sdk.Client(ping_url, **options)
        self._site = sdk.Client(address, **options)
        self._management: sdk.AuthenticatedClient | sdk.Client = self._site
        if api_key and given is None:
            self._management = sdk.AuthenticatedClient(
                address, api_key, prefix="", auth_header_name="X-Api-Key", **options
            )
        elif api_key:
            # A given httpx client sends no token of ours, so the key is a header of each request.
            self._management = self._site.with_options(headers={"X-Api-Key": api_key})

    def health_probe(self) -> Probe:
        """Tell how the server is asked for its health; see `dqops.health.check`.

        Returns:
            The question.
        """
        from dqops.health import HEALTHCHECKS

        from .client.api.service import get_status

        return HEALTHCHECKS.probe(self._site, get_status)

    @property
    def _api(self) -> sdk.AuthenticatedClient | sdk.Client:
        """The client of the Management API."""
        if not self._has_api_key:
            raise HCAPIAuthError("this needs a client with api_key; nothing was sent")
        return self._management

    def _spec(self, check: CheckCreate) -> CheckSpec:
        spec = check.to_spec()
        if spec.slug is not UNSET and self._api_version < 3:
            raise BadAPIRequestError(
                f"version {self._api_version} of the API makes the slug of the name; use "
                "api_version=3 to choose it. Nothing was sent"
            )
        return spec

    def _without_ping_key(self, failure: TransportFailure) -> TransportFailure:
        """Let a failure not show the ping key: its frames and its cause have the whole address."""
        if self._ping_key is not None:
            failure.__cause__ = failure.__context__ = failure.__traceback__ = None
        return failure

    def _ping_call(
        self,
        kind: str,
        uuid: str,
        slug: str,
        data: str,
        run_id: UUID | str | None,
        create: bool,
        exit_code: int | None = None,
    ) -> PingCall:
        return ping_call(
            kind,
            ping_key="" if self._ping_key is None else self._ping_key.read(),
            uuid=uuid,
            slug=slug,
            data=data,
            run_id=run_id,
            create=create,
            exit_code=exit_code,
        )

    @staticmethod
    def check_response(response: httpx.Response) -> httpx.Response:
        """Raise on an answer of the Management API that is no success.

        Args:
            response: An answer that httpx got.

        Returns:
            The same.

        Raises:
            HCAPIError: The status is no success.
        """
        if response.is_success:
            return response
        raise kind_of_status(response.status_code)(
            f"answered with status {response.status_code}: {response.text[:200]!r}",
            status_code=response.status_code,
            content=response.content,
        )

    @staticmethod
    def check_ping_response(response: httpx.Response) -> tuple[bool, str]:
        """Read the answer to a ping.

        Args:
            response: An answer that httpx got.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            HCAPIError: The ping was refused.
        """
        kind = kind_of_ping(response.status_code, response.text)
        if kind is None:
            return response.status_code in _RECORDED, response.text
        raise kind(
            f"the ping was answered with status {response.status_code}: {response.text[:200]!r}",
            status_code=response.status_code,
            content=response.content,
            reason=response.text,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"


def tags_to_send(tags: Iterable[str] | None) -> list[str] | Unset:
    """Write the tags to look for.

    Args:
        tags: The tags, all of which a check must have.

    Returns:
        The argument of the operation.
    """
    return UNSET if not tags else list(tags)


def limit_to_send(value: int | None) -> int | Unset:
    """Write a limit of a list of changes.

    Args:
        value: A number; a negative one is none, as it always was.

    Returns:
        The argument of the operation.
    """
    return UNSET if value is None or value < 0 else value


def refuse_base_url(client: httpx.Client | httpx.AsyncClient | None) -> None:
    """Make sure that an httpx client does not lead the requests elsewhere.

    Args:
        client: The client that was given.

    Raises:
        InvalidRequest: It has an address of its own.
    """
    if client is not None and client.base_url.is_absolute_url:
        raise InvalidRequest(
            "the httpx client must have no base_url, which would take the place of api_url and "
            "ping_url"
        )
