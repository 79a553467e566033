"""Every exception of the clients of Healthchecks.io.

    HCAPIError
    +-- HCAPIAuthError                401, 403
    |   +-- CheckLimitReachedError    the key is right, and the account has no room for a check
    +-- BadAPIRequestError            400, or refused before anything was sent
    +-- CheckNotFoundError            404
    +-- HCAPIRateLimitError           429
    +-- NonUniqueSlugError            several checks have the slug of a ping
    +-- PingFailedError               a ping was not recorded (`CheckTrap`)
    +-- WrongClientError              a `Client` for `async with CheckTrap`, or the reverse

Where no response comes, what is raised are the exceptions of `dqops.client.errors`, which are those
of httpx, too.
"""

from __future__ import annotations

__all__ = [
    "BadAPIRequestError",
    "CheckLimitReachedError",
    "CheckNotFoundError",
    "HCAPIAuthError",
    "HCAPIError",
    "HCAPIRateLimitError",
    "NonUniqueSlugError",
    "PingFailedError",
    "WrongClientError",
]


class HCAPIError(Exception):
    """Something went wrong with Healthchecks.io.

    Attributes:
        status_code: The HTTP status of the response; None without one.
        content: The body of the response as it came.
        reason: The server's own words, or an empty string.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status_code: int | None = None,
        content: bytes = b"",
        reason: str = "",
    ) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.content = content
        self.reason = reason


class HCAPIAuthError(HCAPIError):
    """The API key is missing, wrong, or does not allow this."""


class CheckLimitReachedError(HCAPIAuthError):
    """The API key is right, but the account has as many checks as it may have."""


class BadAPIRequestError(HCAPIError):
    """The request cannot be carried out as it is."""


class CheckNotFoundError(HCAPIError):
    """There is no such check."""


class HCAPIRateLimitError(HCAPIError):
    """There were too many requests."""


class NonUniqueSlugError(HCAPIError):
    """Several checks have the slug that was pinged."""


class PingFailedError(HCAPIError):
    """A ping was not recorded."""


class WrongClientError(HCAPIError):
    """A `CheckTrap` got a `Client` for `async with`, or an `AsyncClient` for `with`."""
