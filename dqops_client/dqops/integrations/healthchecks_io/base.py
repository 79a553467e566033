"""What `Client` and `AsyncClient` share: settings, arguments, and the clients below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dqops.client as sdk
from dqops._runtime.public import mask_url
from dqops._runtime.settings.headers import Secret
from dqops.client.errors import InvalidRequest
from dqops.client.types import UNSET

from .arguments import is_ping_key
from .exceptions import BadAPIRequestError, HCAPIAuthError
from .logs import LARGEST_BODY
from .pings import ping_call
from .specs import CheckCreate
from .statuses import kind_of_ping, kind_of_status

if TYPE_CHECKING:
    from uuid import UUID

    import httpx

    from dqops.client import Retries
    from dqops.client.errors import TransportFailure
    from dqops.health import Probe

    from .client.models import CheckSpec
    from .pings import PingCall
    from .statuses import PingResult

__all__ = ["API_URL", "DEFAULT_RETRIES", "DEFAULT_TIMEOUT", "PING_DEADLINE", "PING_URL", "Base"]

API_URL = "https://healthchecks.io/api/"
PING_URL = "https://hc-ping.com/"
DEFAULT_TIMEOUT = 5.0
#: Seconds that a ping may take in all, because a job waits for it.
PING_DEADLINE = 20.0
DEFAULT_RETRIES = sdk.Retries()

#: Bytes of a ping's body that the hosted service keeps, and a server of one's own by default, for
#: as long as the server has not told.
_HOSTED_LIMIT, _USUAL_LIMIT = 100_000, 10_000

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
            raise InvalidRequest(f"api_version must be 1, 2 or 3, got {api_version!r}")
        if ping_key and not is_ping_key(ping_key):
            raise InvalidRequest("ping_key must consist of letters, digits, '-' and '_'")
        self._ping_key = Secret(ping_key) if ping_key else None
        is_hosted = ping_url.rstrip("/") == PING_URL.rstrip("/")
        self._body_limit = _HOSTED_LIMIT if is_hosted else _USUAL_LIMIT
        self._has_api_key = bool(api_key)
        self._api_version = api_version
        url = f"{api_url.rstrip('/')}/v{api_version}"
        self._is_closed = False
        options: dict[str, Any] = {
            "timeout": timeout,
            "retries": retries,
            "raise_on_unexpected_status": True,
        }
        # Without a token: the key must not go with pings.
        self._pinger = sdk.Client(ping_url, **options)
        self._site = sdk.Client(url, **options)
        # Pages and badges are beside the Management API.
        self._pages = sdk.Client(_site_of(api_url), **options)
        self._management: sdk.AuthenticatedClient | sdk.Client = self._site
        if api_key and given is None:
            self._management = sdk.AuthenticatedClient(
                url, api_key, prefix="", auth_header_name="X-Api-Key", **options
            )
        elif api_key:
            # A given httpx client sends no token of ours, so the key is a header of each request.
            self._management = self._site.with_options(headers={"X-Api-Key": api_key})
        self._api_key = Secret(api_key) if api_key else None

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
            raise HCAPIAuthError("this method needs a client with api_key; nothing was sent")
        return self._management

    @property
    def _metrics_client(self) -> sdk.AuthenticatedClient | sdk.Client:
        """The client of a project's metrics, for which the API key is a Bearer token."""
        if self._api_key is None:
            raise HCAPIAuthError("this method needs a client with api_key; nothing was sent")
        return self._pages.with_options(headers={"Authorization": f"Bearer {self._api_key.read()}"})

    def _spec(self, check: CheckCreate, name: str) -> CheckSpec:
        if not isinstance(check, CheckCreate):
            kind = "CheckCreate" if name == "new_check" else "CheckUpdate"
            advice = f"; write {kind}(**{name})" if isinstance(check, dict) else ""
            raise InvalidRequest(f"{name} must be a {kind}, got {_article(check)}{advice}")
        spec = check.to_spec()
        if spec.slug is not UNSET and self._api_version < 3:
            raise BadAPIRequestError(
                f"version {self._api_version} of the API makes slugs from names; use "
                "api_version=3 to choose one. Nothing was sent"
            )
        return spec

    def _without_ping_key(self, failure: TransportFailure) -> TransportFailure:
        """Remove the ping key from a failure: its frames and its cause have the whole URL."""
        if self._ping_key is not None:
            failure.__cause__ = failure.__context__ = failure.__traceback__ = None
        return failure

    def _ping_call(
        self,
        kind: str,
        uuid: UUID | str,
        slug: str,
        data: object,
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
            limit=self._body_limit,
            run_id=run_id,
            create=create,
            exit_code=exit_code,
        )

    def _heard(self, result: PingResult) -> PingResult:
        """Remember how much of a body the server keeps."""
        if result.is_recorded:
            limit = LARGEST_BODY if result.body_limit is None else result.body_limit
            self._body_limit = min(limit, LARGEST_BODY)
        return result

    @staticmethod
    def check_response(response: httpx.Response) -> httpx.Response:
        """Raise on a response of the Management API that is not a success.

        Args:
            response: A response that httpx got.

        Returns:
            The same.

        Raises:
            HCAPIError: The status is not a success.
        """
        if response.is_success:
            return response
        raise kind_of_status(response.status_code)(
            f"the server responded with status {response.status_code}: {response.text[:200]!r}",
            status_code=response.status_code,
            content=response.content,
        )

    @staticmethod
    def check_ping_response(response: httpx.Response) -> tuple[bool, str]:
        """Read the response to a ping.

        Args:
            response: A response that httpx got.

        Returns:
            Whether the server recorded the ping, and what it says.

        Raises:
            HCAPIError: The ping was refused.
        """
        kind = kind_of_ping(response.status_code, response.text)
        if kind is None:
            return response.status_code in _RECORDED, response.text
        raise kind(
            f"the server responded to the ping with status {response.status_code}: "
            f"{response.text[:200]!r}",
            status_code=response.status_code,
            content=response.content,
            reason=response.text,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"


def refuse_base_url(client: httpx.Client | httpx.AsyncClient | None) -> None:
    """Make sure that an httpx client does not lead the requests elsewhere.

    Args:
        client: The client that was given.

    Raises:
        InvalidRequest: It has a URL of its own.
    """
    if client is not None and client.base_url.is_absolute_url:
        raise InvalidRequest(
            "the httpx client must have no base_url, which would take the place of api_url and "
            "ping_url"
        )


def _site_of(api_url: str) -> str:
    return f"{api_url.rstrip('/').removesuffix('/api')}/"


def _article(value: object) -> str:
    if value is None:
        return "None"
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"
